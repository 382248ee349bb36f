package operators_test

import (
	"errors"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
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
				rounds := 4000
				if raceEnabled {
					rounds = 1000
				}
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
