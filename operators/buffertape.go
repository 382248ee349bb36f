package operators

// A stretch is a part of a tape, from one place to before another.
type stretch struct{ from, to int }

// A tape holds the values of the open buffers, each value once, however many
// buffers it is in. Places on it are counted from the start of the
// subscription; what no buffer needs any more is cut off in front.
type tape[T any] struct {
	values []T
	head   int       // values before this one are cut off already
	first  int       // the place of values[head]
	copied []stretch // what was copied out; in order, and none touches the next
}

// end returns the place that the next value will have.
func (t *tape[T]) end() int { return t.first + len(t.values) - t.head }

func (t *tape[T]) put(v T) { t.values = append(t.values, v) }

// copyOut returns the values of s in a new slice. The stretches come in the
// order of their ends.
func (t *tape[T]) copyOut(s stretch) []T {
	out := make([]T, s.to-s.from)
	copy(out, t.values[t.head+s.from-t.first:])
	for n := len(t.copied); n > 0 && t.copied[n-1].to >= s.from; n-- {
		s.from = min(s.from, t.copied[n-1].from)
		t.copied = t.copied[:n-1]
	}
	t.copied = append(t.copied, s)
	return out
}

// trim forgets what is before place. What is left moves to the front only when
// it is no more than what has gone.
func (t *tape[T]) trim(place int) {
	head := t.head + place - t.first
	clear(t.values[t.head:head])
	t.head, t.first = head, place
	if head >= len(t.values)-head {
		kept := copy(t.values, t.values[head:])
		clear(t.values[kept:])
		t.values, t.head = t.values[:kept], 0
	}
	gone := 0
	for gone < len(t.copied) && t.copied[gone].to <= place {
		gone++
	}
	t.copied = t.copied[:copy(t.copied, t.copied[gone:])]
}

// uncopied calls f with each value that was never copied out.
func (t *tape[T]) uncopied(f func(T)) {
	rest := t.copied
	for i, v := range t.values[t.head:] {
		place := t.first + i
		for len(rest) > 0 && rest[0].to <= place {
			rest = rest[1:]
		}
		if len(rest) == 0 || place < rest[0].from {
			f(v)
		}
	}
}
