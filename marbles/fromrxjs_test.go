package marbles_test

import (
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// The code of docs/marbles-from-rxjs.md.

func TestFromRxJS(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		source := marbles.Hot[string](m, "    -a--b--c|")
		inner := marbles.Cold[string](m, "     x-x|")

		toInner := func(string) observable.Observable[string] { return inner.Observable }
		out := operators.SwitchMap(toInner)(source.Observable)

		marbles.Expect(m, out).ToBe("         -x-xx-xx-x|")
		source.ExpectSubscriptions("         ^-------!")
		inner.ExpectSubscriptions("          -^--!", "----^--!", "-------^--!")
	})
}
