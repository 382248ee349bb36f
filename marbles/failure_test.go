package marbles_test

import (
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestFailureTellsTheOtherChecks(t *testing.T) {
	reports(t, func(m *marbles.Test) {
		src := marbles.Cold[string](m, "-a--b-|").Named("src")
		marbles.Expect(m, src.Observable).Named("out").ToBe("-a--b|")
		src.ExpectSubscriptions("^-----!")
		src.ExpectDemand("[^2]--!")
	},
		"out: complete is 1ms late",
		"\n    subs src    want ^-----!   got ^-----!   ok\n",
		"\n    demand src  want [^2]--!   got (^*)--!   request at 0s is of unbounded, want 2\n",
	)
}

func TestSubscriptionFailureDrawsTheSource(t *testing.T) {
	src := func(m *marbles.Test) *marbles.Source[string] {
		src := marbles.Cold[string](m, "-a--b-|").Named("src")
		marbles.Expect(m, src.Observable).ToBe("-a--b-|")
		return src
	}
	t.Run("when one is wrong", func(t *testing.T) {
		reports(t, func(m *marbles.Test) { src(m).ExpectSubscriptions("^----!") },
			"subscription 1 of src: cancel is 1ms late", "\n    src   -a--b-|        cold\n    want  ^----!\n    got   ^-----!\n")
	})
	t.Run("when the demand is wrong", func(t *testing.T) {
		reports(t, func(m *marbles.Test) { src(m).ExpectDemand("[^1]-----!") },
			"demand 1 of src: request at 0s is of unbounded, want 1", "\n    src   -a--b-|        cold\n")
	})
	t.Run("when there are too many", func(t *testing.T) {
		reports(t, func(m *marbles.Test) { src(m).ExpectSubscriptions() },
			"src: 1 subscription, want 0", "\n    src       -a--b-|        cold\n", "^ ", " here at 0s",
			"\n    subs src  want -   got ^-----!   subscription at 0s was not expected\n",
			"\n    actual as marbles: \"^-----!\"\n")
	})
	t.Run("when there are too few", func(t *testing.T) {
		reports(t, func(m *marbles.Test) { src(m).ExpectSubscriptions("^-----!", "--^") },
			"src: 1 subscription, want 2", "\n    src         -a--b-|        cold\n", " here at 2ms",
			"\n    subs src 2  want --^   got -   is never subscribed to (want it at 2ms)\n")
	})
	t.Run("and all of them can be pasted", func(t *testing.T) {
		reports(t, func(m *marbles.Test) {
			s := src(m)
			marbles.Expect(m, s.Observable).Demand("-^--!").ToBe("--a")
			s.ExpectDemand("^-----!")
		}, "src: 2 subscriptions, want 1", "\n    actual as marbles: \"^-----!\", \"-^--!\"\n")
		reports(t, func(m *marbles.Test) { marbles.Cold[string](m, "a|").ExpectDemand("^!") },
			"\n    actual as marbles: no lanes at all\n")
	})
	t.Run("when the missing one is not drawn", func(t *testing.T) {
		reports(t, func(m *marbles.Test) { src(m).ExpectSubscriptions("^-----!", "---") }, "1 subscription, want 2")
	})
}

func TestColdSourceIsDrawnFromItsSubscription(t *testing.T) {
	for name, tt := range map[string]struct {
		demands []string
		rows    string
	}{
		"one":             {[]string{"----^"}, "\n    src     -----a--b-|        cold\n    demand"},
		"two":             {[]string{"^", "--^"}, "\n    src 1  -a--b-|          cold\n    src 2  ---a--b-|        cold\n    want"},
		"two at a time":   {[]string{"^", "--^", "--^"}, "\n    src 1  -a--b-|          cold\n    src 2  ---a--b-|        cold\n    want"},
		"more than a few": {[]string{"^", "-^", "--^", "---^", "----^", "-----^"}, "\n    src 4  ----a--b-|        cold, and 2 more\n    want"},
		"none":            {nil, "\n    src   -a--b-|        cold, never subscribed to\n    want"},
	} {
		t.Run(name, func(t *testing.T) {
			reports(t, func(m *marbles.Test) {
				src := marbles.Cold[string](m, "-a--b-|").Named("src")
				for _, lane := range tt.demands {
					marbles.Expect(m, src.Observable).Demand(lane).ToBe("-")
				}
				marbles.Expect(m, operators.Take[string](0)(src.Observable)).ToBe("-")
			}, tt.rows)
		})
	}
}

func TestActualAsMarblesCanBePasted(t *testing.T) {
	for name, tt := range map[string]struct {
		body func(m *marbles.Test)
		want string
	}{
		"runes": {
			func(m *marbles.Test) { marbles.Expect(m, observable.Of('-', 'a')).ToBe("-") },
			`actual as marbles: "({-}a|)"`,
		},
		"integers with a text": {
			func(m *marbles.Test) { marbles.Expect(m, observable.Of(time.Monday, time.Weekday(77))).ToBe("-") },
			`actual as marbles: "(1{77}|)"`,
		},
		"durations": {
			func(m *marbles.Test) { marbles.Expect(m, observable.Of(5*time.Millisecond)).ToBe("-") },
			`actual as marbles: "({5000000}|)"`,
		},
	} {
		t.Run(name, func(t *testing.T) { reports(t, tt.body, tt.want) })
	}
	passes(t, func(m *marbles.Test) {
		marbles.Expect(m, observable.Of('-', 'a')).ToBe("({-}a|)")
		marbles.Expect(m, observable.Of(time.Monday, time.Weekday(77))).ToBe("(1{77}|)")
		marbles.Expect(m, observable.Of(5*time.Millisecond)).ToBe("({5000000}|)")
	})
}

func TestUnexpectedValueBesideAMapIsExplained(t *testing.T) {
	reports(t, func(m *marbles.Test) {
		marbles.Expect(m, observable.Of("hundred", "x")).ToBe("(xy|)", marbles.Values{"x": "hundred", "y": "one"})
	}, "value at 0s is Z, want y", `where Z="x"`, `actual as marbles: "(xZ|)"`)
}
