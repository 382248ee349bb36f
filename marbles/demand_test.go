package marbles_test

import (
	"testing"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
)

// Demand is a diagram: as the script of the test's own subscriber, and as what
// the operator makes of it.
func TestDemand(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Pull[string](m, "                         abcdef|")
		out := backpressure.LimitRate[string](4, 3)(src.Observable)

		marbles.Expect(m, out).Demand("(^1)-2---*").ToBe("       a----(bc)(def|)")
		src.ExpectDemand("                             (^4)-(3!)")
		src.ExpectOutstanding(4)
	})
}

func TestExpectRequestsKeepsApartWhatExpectDemandSums(t *testing.T) {
	body := func(m *marbles.Test) *marbles.Source[string] {
		src := marbles.Pull[string](m, "abcdef|").Named("src")
		marbles.Expect(m, src.Observable).Demand("(^12)--!").ToBe("(abc)")
		return src
	}
	marbles.Run(t, func(m *marbles.Test) {
		src := body(m)
		src.ExpectDemand("(^3)---!")
		src.ExpectRequests("(^12)--!")
	})
	reports(t, func(m *marbles.Test) { body(m).ExpectRequests("(^3)---!") },
		"demand 1 of src: request at 0s is of 1, want 3",
		`src   (abc)---        pull "abcdef|"`,
		"\n    got   (^12)--!\n    owed  0\n",
	)
}

func TestExpectOutstanding(t *testing.T) {
	passes(t, func(m *marbles.Test) {
		src := marbles.Cold[string](m, "-a-b-c-|")
		marbles.Expect(m, src.Observable).Demand("(^2)-1").ToBe("-a-b-c-|")
		src.ExpectOutstanding(2) // the third is requested when one has come
	})
	passes(t, func(m *marbles.Test) { marbles.Cold[string](m, "-a-|").ExpectOutstanding(0) })
	reports(t, func(m *marbles.Test) {
		src := marbles.Cold[string](m, "-a-b-c-|").Named("src")
		marbles.Expect(m, src.Observable).Demand("^--!").ToBe("-a")
		marbles.Expect(m, src.Observable).Demand("(^3)-{20}--!").ToBe("-a-b-c-|")
		src.ExpectOutstanding(5)
	},
		"demand 1 of src: unbounded demand outstanding, at most 5 allowed",
		"demand 2 of src: 21 requested values outstanding, at most 5 allowed",
		"\n    demand  ( ^3)-{20}-!\n    owed    3 2 1 20\n",
		"^ here at 5ms\n",
	)
	reports(t, func(m *marbles.Test) { marbles.Cold[string](m, "|").ExpectOutstanding(-1) },
		"ExpectOutstanding(-1): want a bound, from 0")
	reports(t, func(m *marbles.Test) {
		src := marbles.Cold[string](m, "|")
		m.At(0, func() { src.ExpectOutstanding(1) })
	}, "ExpectOutstanding after the test has begun to play; say it in the body")
}

// What is requested of a pull source is drawn with what it gave for it, and
// when.
func TestPullSourceIsDrawnAsItWasTaken(t *testing.T) {
	reports(t, func(m *marbles.Test) {
		src := marbles.Pull[string](m, "abc|").Named("src")
		marbles.Expect(m, src.Observable).Demand("(^1)-2").ToBe("a-----(bd|)")
	}, "\n    src     a----(bc|)         pull \"abc|\"\n")
}

// A demand lane means the same as an assertion and as a script: without "^" the
// subscription is at the start.
func TestLanesWithoutASubscriptionBeginAtTheStart(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Pull[string](m, "abc|")
		marbles.Expect(m, src.Observable).Demand("1-1-!").ToBe("a-b")
		src.ExpectDemand("                        1-1-!")
		src.ExpectRequests("                      1-1-!")
		src.ExpectSubscriptions("                 ----!")
	})
}
