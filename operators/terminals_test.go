package operators_test

import (
	"errors"
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

// Behaviour 19, L4: the error of a source is the end of the stream. Somebody
// else who comes by while it is being recorded, with a request or the last
// completion, must not take the ended source for a completed one.
func TestBehaviour19_AnErrorIsNotOvertaken(t *testing.T) {
	type racing struct {
		o       observable.Observable[int]
		prepare func() // before the race, with everything subscribed
		fail    func()
		rivals  []func()
	}
	flatten := func(op func(func(int) observable.Observable[int]) intOp) map[string]func() racing {
		return map[string]func() racing{
			"the source fails": func() racing {
				outer, inner := marbles.NewTestSource[int](), marbles.NewTestSource[int]()
				return racing{
					o:       op(func(int) observable.Observable[int] { return inner.Observable })(outer.Observable),
					prepare: func() { outer.Next(0) },
					fail:    func() { outer.Error(errInner) },
					rivals:  []func(){inner.Complete},
				}
			},
			"the inner fails": func() racing {
				outer, inner := marbles.NewTestSource[int](), marbles.NewTestSource[int]()
				return racing{
					o:       op(func(int) observable.Observable[int] { return inner.Observable })(outer.Observable),
					prepare: func() { outer.Next(0) },
					fail:    func() { inner.Error(errInner) },
					rivals:  []func(){outer.Complete},
				}
			},
		}
	}
	join := func(join func(a, b observable.Observable[int]) observable.Observable[int]) map[string]func() racing {
		return map[string]func() racing{"one of two fails": func() racing {
			a, b := marbles.NewTestSource[int](), marbles.NewTestSource[int]()
			return racing{
				o:       join(a.Observable, b.Observable),
				prepare: func() { b.Next(1) },
				fail:    func() { a.Error(errInner) },
				rivals:  []func(){func() { b.Next(2); b.Next(3) }},
			}
		}}
	}
	sum := func(a, b int) int { return a + b }
	for name, cases := range map[string]map[string]func() racing{
		"MergeMap":  flatten(func(f func(int) observable.Observable[int]) intOp { return operators.MergeMap(f) }),
		"ConcatMap": flatten(operators.ConcatMap[int, int]),
		"SwitchMap": flatten(operators.SwitchMap[int, int]),
		"Zip2": join(func(a, b observable.Observable[int]) observable.Observable[int] {
			return operators.Zip2(a, b, sum)
		}),
		"CombineLatest2": join(func(a, b observable.Observable[int]) observable.Observable[int] {
			return operators.CombineLatest2(a, b, sum)
		}),
	} {
		for how, setup := range cases {
			t.Run(name+"/"+how, func(t *testing.T) {
				rounds := many(4000)
				if testing.Short() {
					rounds /= 10
				}
				marbles.Race(rounds, func(int) ([]func(), func()) {
					r, sub := setup(), marbles.NewTestSubscriber[int](t, 1)
					ctx := observable.WithDroppedError(t.Context(), func(error) {})
					r.o.Subscribe(ctx, sub.Outside())
					r.prepare()
					ask := func() {
						for range 10 {
							sub.Request(1)
						}
					}
					return append([]func(){r.fail, ask}, r.rivals...), func() {
						if is, err := sub.Ended(); !is || !errors.Is(err, errInner) {
							t.Errorf("ended %t with %v, want the error", is, err)
						}
					}
				})
			})
		}
	}
}

// Behaviour 15, L7, L16: an error that another source brings while a value is
// being delivered does not follow a cancel inside that value. It goes to the
// hook.
func TestBehaviour15_CancelBeforeAnUndeliveredError(t *testing.T) {
	type source = *marbles.TestSource[int]
	sum := func(a, b int) int { return a + b }
	inner := func(a source) func(int) observable.Observable[int] {
		return func(int) observable.Observable[int] { return a.Observable }
	}
	for name, build := range map[string]func(a, b source) observable.Observable[int]{
		"MergeMap":  func(a, b source) observable.Observable[int] { return operators.MergeMap(inner(a))(b.Observable) },
		"ConcatMap": func(a, b source) observable.Observable[int] { return operators.ConcatMap(inner(a))(b.Observable) },
		"SwitchMap": func(a, b source) observable.Observable[int] { return operators.SwitchMap(inner(a))(b.Observable) },
		"Zip2":      func(a, b source) observable.Observable[int] { return operators.Zip2(a.Observable, b.Observable, sum) },
		"CombineLatest2": func(a, b source) observable.Observable[int] {
			return operators.CombineLatest2(a.Observable, b.Observable, sum)
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := marbles.NewTestSource[int](), marbles.NewTestSource[int]()
			var dropped []error
			ctx := observable.WithDroppedError(t.Context(), func(err error) { dropped = append(dropped, err) })
			sub := marbles.NewTestSubscriber[int](t, 5)
			sub.Each = func(int) {
				elsewhere(func() { b.Error(errInner) })
				sub.CancelInside()
			}
			build(a, b).Subscribe(ctx, sub) // without a gate, which would hide it
			b.Next(1)
			a.Next(1)
			running(t, sub)
			if len(dropped) != 1 || !errors.Is(dropped[0], errInner) {
				t.Errorf("dropped %v, want the error", dropped)
			}
		})
	}
	// The error of these comes from below.
	for name, op := range map[string]intOp{
		"Timeout":   operators.Timeout[int](time.Hour),
		"ObserveOn": operators.ObserveOn[int](scheduler.Default),
	} {
		t.Run(name, func(t *testing.T) {
			src, dropped := observable.NewSubject[int](), make(chan error, 1)
			ctx := observable.WithDroppedError(t.Context(), func(err error) { dropped <- err })
			sub, done := marbles.NewTestSubscriber[int](t, 5), make(chan struct{})
			f := &failer{TestSubscriber: sub}
			sub.Each = func(int) {
				elsewhere(func() { f.up.(link.Failer).Fail(errInner) })
				sub.CancelInside()
				close(done)
			}
			op(src.Observable).Subscribe(ctx, f)
			src.Next(1)
			<-done
			if err := <-dropped; !errors.Is(err, errInner) {
				t.Errorf("dropped %v, want the error", err)
			}
			running(t, sub)
		})
	}
}

// A failer can end the stream as a gate does.
type failer struct {
	*marbles.TestSubscriber[int]
	up observable.Subscription
}

func (f *failer) OnSubscribe(up observable.Subscription) {
	f.up = up
	f.TestSubscriber.OnSubscribe(up)
}

// elsewhere runs f on another goroutine and waits for it.
func elsewhere(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

// L16: an error that comes once the stream is cancelled goes to the hook.
func TestErrorsAfterACancelAreReported(t *testing.T) {
	for name, build := range map[string]func(sub *marbles.TestSubscriber[int]) observable.Observable[int]{
		"MapErr": func(sub *marbles.TestSubscriber[int]) observable.Observable[int] {
			return operators.MapErr(func(int) (int, error) {
				sub.CancelInside()
				return 0, errInner
			})(observable.Of(1))
		},
		"Retry": func(sub *marbles.TestSubscriber[int]) observable.Observable[int] {
			return observable.Pipe2(observable.Throw[int](errInner),
				operators.TapError[int](func(error) { sub.CancelInside() }),
				operators.Retry[int](3))
		},
	} {
		t.Run(name, func(t *testing.T) {
			var dropped []error
			ctx := observable.WithDroppedError(t.Context(), func(err error) { dropped = append(dropped, err) })
			sub := marbles.NewTestSubscriber[int](t, 5)
			build(sub).Subscribe(ctx, sub.Outside())
			running(t, sub)
			if len(dropped) != 1 || !errors.Is(dropped[0], errInner) {
				t.Errorf("dropped %v, want the error", dropped)
			}
		})
	}
}
