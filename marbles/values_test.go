package marbles_test

import (
	"math"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestValuesHoldNaN(t *testing.T) {
	type point struct{ x, y float64 }
	v := marbles.Values{"a": point{1, math.NaN()}, "b": point{math.NaN(), 1}}
	marbles.Run(t, func(m *marbles.Test) {
		marbles.Expect(m, marbles.Cold[point](m, "a-b|", v).Observable).ToBe("a-b|", v)
	})
}

func TestValuesHoldNilTwice(t *testing.T) {
	v := marbles.Values{"a": nil, "b": nil}
	marbles.Run(t, func(m *marbles.Test) {
		marbles.Expect(m, marbles.Cold[error](m, "ab|", v).Observable).ToBe("ab|", v)
	})
}

func TestValuesHoldObservables(t *testing.T) {
	inner := func(m *marbles.Test) marbles.Values {
		return marbles.Values{"a": marbles.Cold[string](m, "x|").Observable, "b": marbles.Cold[string](m, "yz|").Observable}
	}
	t.Run("an observable is itself", func(t *testing.T) {
		marbles.Run(t, func(m *marbles.Test) {
			v := inner(m)
			src := marbles.Cold[observable.Observable[string]](m, "-a--b-|", v)
			marbles.Expect(m, src.Observable).ToBe("-a--b-|", v)
			marbles.Expect(m, operators.ConcatMap(self[observable.Observable[string]])(src.Observable)).ToBe("-x--yz|")
		})
	})
	t.Run("and no other", func(t *testing.T) {
		reports(t, func(m *marbles.Test) {
			v := inner(m)
			src := marbles.Cold[observable.Observable[string]](m, "-a--b-|", v)
			marbles.Expect(m, src.Observable).ToBe("-a--a-|", marbles.Values{"a": v["a"]})
		}, "value at 4ms is X, want a")
	})
}

func self[T any](v T) T { return v }
