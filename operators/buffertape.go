package operators

// A stretch is a part of a tape, from one place to before another.
type stretch struct{ from, to int }

// A tape holds the values of the open buffers, each value once, however many
// buffers it is in. Places on it are counted from the start of the
// subscription; what no buffer needs any more is cut off in front.
type tape[T any] struct {
	values []T
	first  int       // the place of values[0]
	copied []stretch // what was copied out; in order, and none touches the next
}

// end returns the place that the next value will have.
func (t *tape[T]) end() int { return t.first + len(t.values) }

func (t *tape[T]) put(v T) { t.values = append(t.values, v) }

// copyOut returns the values of s in a new slice. The stretches come in the
// order of their ends.
func (t *tape[T]) copyOut(s stretch) []T {
	out := make([]T, s.to-s.from)
	copy(out, t.values[s.from-t.first:])
	for n := len(t.copied); n > 0 && t.copied[n-1].to >= s.from; n-- {
		s.from = min(s.from, t.copied[n-1].from)
		t.copied = t.copied[:n-1]
	}
	t.copied = append(t.copied, s)
	return out
}

// trim forgets what is before place.
func (t *tape[T]) trim(place int) {
	kept := copy(t.values, t.values[place-t.first:])
	clear(t.values[kept:])
	t.values, t.first = t.values[:kept], place
	gone := 0
	for gone < len(t.copied) && t.copied[gone].to <= place {
		gone++
	}
	t.copied = t.copied[:copy(t.copied, t.copied[gone:])]
}

// uncopied calls f with each value that was never copied out.
func (t *tape[T]) uncopied(f func(T)) {
	rest := t.copied
	for i, v := range t.values {
		place := t.first + i
		for len(rest) > 0 && rest[0].to <= place {
			rest = rest[1:]
		}
		if len(rest) == 0 || place < rest[0].from {
			f(v)
		}
	}
}
