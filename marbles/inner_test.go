package marbles_test

import (
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// Blanks take no time, so the lanes of inner streams can be put below the
// values they belong to.
func TestInner(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Hot[string](m, "             -a-b-c-d-|")
		out := operators.Window[string](2)(src.Observable)

		marbles.Expect(m, out).ToBe("              x--y---z-|", marbles.Values{
			"x": marbles.Inner[string](m, "-a-(b|)"),
			"y": marbles.Inner[string](m, "   --c-(d|)"),
			"z": marbles.Inner[string](m, "       --|"),
		})
	})
}

func TestInnerOfAGroup(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Hot[int](m, "                            -1-2-3-4-#")
		out := operators.GroupBy(func(n int) bool { return n%2 == 0 })(src.Observable)

		marbles.Expect(m, out).ToBe("                             -o-e-----#", marbles.Values{
			"o": marbles.Inner[int](m, "               1---3---#"),
			"e": marbles.Inner[int](m, "                 2---4-#", marbles.Err(marbles.ErrMarble)),
		})
	})
}

// windowsOfWindows is a stream of streams of streams.
func windowsOfWindows(src observable.Observable[string]) observable.Observable[observable.Observable[observable.Observable[string]]] {
	return operators.Window[observable.Observable[string]](2)(operators.Window[string](2)(src))
}

func TestInnerToAnyDepth(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Hot[string](m, "abcdef--|")
		out := windowsOfWindows(src.Observable)

		marbles.Expect(m, out).ToBe("xy---z--|", marbles.Values{
			"x": marbles.Inner[observable.Observable[string]](m, "1(2|)", marbles.Values{
				"1": marbles.Inner[string](m, "a(b|)"),
				"2": marbles.Inner[string](m, "-c(d|)"),
			}),
			"y": marbles.Inner[observable.Observable[string]](m, "--1-(2|)", marbles.Values{
				"1": marbles.Inner[string](m, "-e(f|)"),
				"2": marbles.Inner[string](m, "---|"),
			}),
			"z": marbles.Inner[observable.Observable[string]](m, "---|"),
		})
	})
	reports(t, func(m *marbles.Test) {
		src := marbles.Hot[string](m, "abcdef--|")
		marbles.Expect(m, windowsOfWindows(src.Observable)).ToBe("x", marbles.Values{
			"x": marbles.Inner[observable.Observable[string]](m, "1(2|)", marbles.Values{
				"1": marbles.Inner[string](m, "a(b|)"),
				"2": marbles.Inner[string](m, "-c(e|)"),
			}),
		})
	},
		"out1: in the stream x of 0s: in the stream 2 of 1ms: value at 2ms is d, want e",
		"\n    want x    1(2|)\n",
		"\n    want x.2   -c(e|)\n",
	)
}

func TestInnerIsSubscribedToAsItsDemandLaneSays(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		one := marbles.Cold[string](m, "          ab-c-d|")
		two := marbles.Cold[string](m, "            ab-c-d|")
		src := marbles.Hot[observable.Observable[string]](m, "x-y-|",
			marbles.Values{"x": one.Observable, "y": two.Observable})

		marbles.Expect(m, src.Observable).ToBe("      x-y-|", marbles.Values{
			"x": marbles.Inner[string](m, "               ab-c").Demand("^---!"),
			"y": marbles.Inner[string](m, "                 ---ab-c-d|").Demand("---^"),
		})
		one.ExpectSubscriptions("                 ^---!")
		two.ExpectSubscriptions("                 -----^-----!")
	})
	passes(t, func(m *marbles.Test) {
		src := marbles.Pull[string](m, "abc|")
		marbles.Expect(m, observable.Of(src.Observable)).ToBe("(x|)", marbles.Values{
			"x": marbles.Inner[string](m, "--(ab)--(c|)").Demand("^-2-----1"),
		})
	})
}

// The subscription to a value outlives the one to the stream it came in.
func TestInnerOutlivesTheOuterSubscription(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Hot[string](m, "              -a-b-c-|")
		out := operators.Window[string](9)(src.Observable)

		marbles.Expect(m, out).Demand("^-!").ToBe("   x", marbles.Values{
			"x": marbles.Inner[string](m, "             -a-b-c-|"),
		})
		src.ExpectSubscriptions("                    ^------!")
	})
}

func TestToEqualLooksIntoStreams(t *testing.T) {
	twice := func(m *marbles.Test, n int) (a, b observable.Observable[observable.Observable[string]]) {
		src := marbles.Hot[string](m, "-a-b-c-d-|")
		return operators.Window[string](2)(src.Observable), operators.Window[string](n)(src.Observable)
	}
	marbles.Run(t, func(m *marbles.Test) {
		a, b := twice(m, 2)
		marbles.Expect(m, a).ToEqual(b)
	})
	reports(t, func(m *marbles.Test) {
		a, b := twice(m, 3)
		marbles.Expect(m, a).ToEqual(b)
	}, "out1: in the stream X of 0s: complete is 2ms early (want 5ms, got 3ms)")
}

func TestInnerMisused(t *testing.T) {
	nested := func(m *marbles.Test) observable.Observable[observable.Observable[int]] {
		return observable.Of(observable.Of(1, 2))
	}
	for name, tt := range map[string]struct {
		body func(m *marbles.Test)
		want string
	}{
		"in no expectation": {
			func(m *marbles.Test) { marbles.Inner[int](m, "(12|)") },
			"inner_test.go:134: marbles: this Inner is in no expectation; put it into the Values of one, or remove it",
		},
		"in a source": {
			func(m *marbles.Test) {
				marbles.Hot[observable.Observable[int]](m, "x", marbles.Values{"x": marbles.Inner[int](m, "(12|)")})
			},
			`the key "x" is an Inner, which says what is expected; what a source emits is a source, Cold[…](m, "(12|)").Observable`,
		},
		"for a value that is no stream": {
			func(m *marbles.Test) {
				marbles.Expect(m, observable.Of(1)).ToBe("(x|)", marbles.Values{"x": marbles.Inner[int](m, "(12|)")})
			},
			`Inner(m, "(12|)"), but the lane holds values of type int, which are no observables`,
		},
		"for a stream of another type": {
			func(m *marbles.Test) {
				marbles.Expect(m, nested(m)).ToBe("(x|)", marbles.Values{"x": marbles.Inner[string](m, "(12|)")})
			},
			"in the stream of 0s: it is a stream of int, but the test says Inner[string]",
		},
		"a source in its place": {
			func(m *marbles.Test) {
				marbles.Expect(m, nested(m)).ToBe("(x|)", marbles.Values{"x": marbles.Cold[int](m, "(12|)")})
			},
			`the key "x" is a source; a source emits its Observable, and what is expected of one is an Inner[…](m, …)`,
		},
		"never ended": {
			func(m *marbles.Test) {
				marbles.Expect(m, observable.Of(observable.Never[int]())).ToBe("(x|)", marbles.Values{"x": marbles.Inner[int](m, "-")})
			},
			`out1: the stream of 0s is still open when the test ended; end the source, or cancel with a demand lane: Inner(…).Demand("^---!")`,
		},
		"for a value that does not come": {
			func(m *marbles.Test) {
				marbles.Expect(m, nested(m)).ToBe("(xy|)", marbles.Values{
					"x": marbles.Inner[int](m, "(12|)"), "y": marbles.Inner[int](m, "(12|)"),
				})
			},
			`y is missing (want it at 0s)`,
		},
		"for one that comes without": {
			func(m *marbles.Test) {
				marbles.Expect(m, observable.Of(observable.Of(1, 2), observable.Of(3))).ToBe("(x|)", marbles.Values{"x": marbles.Inner[int](m, "(12|)")})
			},
			`where Y=stream "(3|)"`,
		},
		"missing, and so is a value": {
			func(m *marbles.Test) {
				marbles.Expect(m, nested(m)).ToBe("|")
			},
			`where X=(an observable of int)`,
		},
		"for one that breaks a law": {
			func(m *marbles.Test) {
				src := marbles.NewTestSource[int](marbles.Overruns)
				marbles.Expect(m, observable.Of(src.Observable)).ToBe("(x|)", marbles.Values{"x": marbles.Inner[int](m, "--1|").Demand("^-----1")})
				m.At(2, func() { src.Next(1) })
				m.At(3, src.Complete)
			},
			"out1: in the stream of 0s: L2: the value 1 is number 1, but only 0 were requested",
		},
		"after the test has begun": {
			func(m *marbles.Test) { m.At(0, func() { marbles.Inner[int](m, "|") }) },
			"Inner after the test has begun to play; make it in the body",
		},
	} {
		t.Run(name, func(t *testing.T) { reports(t, tt.body, tt.want) })
	}
}
