package observable_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The types that a value passes through on its way down a pipe of nine. Each
// operator takes the one before, so a pipe in the wrong order does not compile.
type (
	t0 int
	t1 int
	t2 int
	t3 int
	t4 int
	t5 int
	t6 int
	t7 int
	t8 int
	t9 int
)

// digit writes one more decimal digit behind the value.
func digit[A, B ~int](d int) observable.Operator[A, B] {
	return observable.Lift(func(_ context.Context, down observable.Subscriber[B]) observable.Subscriber[A] {
		return digiter[A, B]{down, d}
	})
}

type digiter[A, B ~int] struct {
	observable.Subscriber[B]
	d int
}

func (w digiter[A, B]) OnNext(v A) { w.Subscriber.OnNext(B(int(v)*10 + w.d)) }

var (
	add1 = digit[t0, t1](1)
	add2 = digit[t1, t2](2)
	add3 = digit[t2, t3](3)
	add4 = digit[t3, t4](4)
	add5 = digit[t4, t5](5)
	add6 = digit[t5, t6](6)
	add7 = digit[t6, t7](7)
	add8 = digit[t7, t8](8)
	add9 = digit[t8, t9](9)
)

func TestPipe(t *testing.T) {
	src := observable.Of[t0](0, 7)
	checkPipe(t, "Pipe1", observable.Pipe1(src, add1), 1, 71)
	checkPipe(t, "Pipe2", observable.Pipe2(src, add1, add2), 12, 712)
	checkPipe(t, "Pipe3", observable.Pipe3(src, add1, add2, add3), 123, 7123)
	checkPipe(t, "Pipe4", observable.Pipe4(src, add1, add2, add3, add4), 1234, 71234)
	checkPipe(t, "Pipe5", observable.Pipe5(src, add1, add2, add3, add4, add5), 12345, 712345)
	checkPipe(t, "Pipe6", observable.Pipe6(src, add1, add2, add3, add4, add5, add6), 123456, 7123456)
	checkPipe(t, "Pipe7", observable.Pipe7(src, add1, add2, add3, add4, add5, add6, add7), 1234567, 71234567)
	checkPipe(t, "Pipe8", observable.Pipe8(src, add1, add2, add3, add4, add5, add6, add7, add8), 12345678, 712345678)
	checkPipe(t, "Pipe9", observable.Pipe9(src, add1, add2, add3, add4, add5, add6, add7, add8, add9),
		123456789, 7123456789)
}

func TestCompose(t *testing.T) {
	src := observable.Of[t0](0, 7)
	checkPipe(t, "Compose2", observable.Compose2(add1, add2)(src), 12, 712)
	checkPipe(t, "Compose3", observable.Compose3(add1, add2, add3)(src), 123, 7123)
	checkPipe(t, "Compose4", observable.Compose4(add1, add2, add3, add4)(src), 1234, 71234)
	checkPipe(t, "Compose5", observable.Compose5(add1, add2, add3, add4, add5)(src), 12345, 712345)
	checkPipe(t, "Compose6", observable.Compose6(add1, add2, add3, add4, add5, add6)(src), 123456, 7123456)
	checkPipe(t, "Compose7", observable.Compose7(add1, add2, add3, add4, add5, add6, add7)(src), 1234567, 71234567)
	checkPipe(t, "Compose8", observable.Compose8(add1, add2, add3, add4, add5, add6, add7, add8)(src), 12345678, 712345678)
	checkPipe(t, "Compose9", observable.Compose9(add1, add2, add3, add4, add5, add6, add7, add8, add9)(src),
		123456789, 7123456789)
}

func checkPipe[T any](t *testing.T, name string, o observable.Observable[T], want ...T) {
	t.Helper()
	var got pipeEnd[T]
	o.Subscribe(t.Context(), &got)
	if got.err != nil || !got.complete {
		t.Fatalf("%s: complete %t, error %v", name, got.complete, got.err)
	}
	if diff := cmp.Diff(want, got.values); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// A pipeEnd asks for everything and keeps it.
type pipeEnd[T any] struct {
	values   []T
	err      error
	complete bool
}

func (r *pipeEnd[T]) OnSubscribe(s observable.Subscription) { s.Request(observable.Unbounded) }
func (r *pipeEnd[T]) OnNext(v T)                            { r.values = append(r.values, v) }
func (r *pipeEnd[T]) OnError(err error)                     { r.err = err }
func (r *pipeEnd[T]) OnComplete()                           { r.complete = true }

func TestNilOperators(t *testing.T) {
	src, op := observable.Of(1), operators.Map(func(n int) int { return n })
	for want, f := range map[string]func(){
		"observable: Pipe1 with a nil operator":    func() { observable.Pipe1[int, int](src, nil) },
		"observable: Pipe3 with a nil operator":    func() { observable.Pipe3[int, int, int, int](src, op, nil, op) },
		"observable: Compose2 with a nil operator": func() { observable.Compose2[int, int, int](op, nil) },
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("panicked with %v, want %q", got, want)
				}
			}()
			f()
		}()
	}
}
