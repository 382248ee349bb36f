package operators_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

func TestSkipUntil(t *testing.T) {
	for _, tt := range []struct{ o, source, want, subs, subsO string }{
		{"----x-y ", "-a-b-c-d-|", "-----c-d-|", "^--------!", "^---!     "},
		{"-----x  ", "-a-b-c-d-|", "-----c-d-|", "^--------!", "^----!    "},
		{"--|     ", "-a-b-c-d-|", "---------|", "^--------!", "^-!       "},
		{"--#     ", "-a-b-c-d-|", "--#       ", "^-!       ", "^-!       "},
		{"------- ", "-a-b-c-d-|", "---------|", "^--------!", "^--------!"},
		{"--x---- ", "-a-b-#    ", "---b-#    ", "^----!    ", "^-!       "},
		{"------x ", "-a-b-|    ", "-----|    ", "^----!    ", "^----!    "},
		{"x       ", "(ab)----| ", "(ab)----| ", "^-------! ", "(^!)      "},
	} {
		marbles.Run(t, func(m *marbles.Test) {
			o, src := marbles.Hot[string](m, tt.o), marbles.Hot[string](m, tt.source)
			marbles.Expect(m, operators.SkipUntil[string](o.Observable)(src.Observable)).Named(tt.o).ToBe(tt.want)
			src.ExpectSubscriptions(tt.subs)
			o.ExpectSubscriptions(tt.subsO)
		})
	}
}

// Behaviour 7: a value that is skipped is replaced.
func TestBehaviour7_SkipUntilReplenishes(t *testing.T) {
	linkedAndNot(t, func(t *testing.T) {
		o := observable.NewSubject[int]()
		sub := marbles.NewTestSubscriber[int](t, 2)
		numbers := operators.Tap(func(v int) {
			if v == 5 {
				o.Next(0)
			}
		})(observable.Range(1, 20))
		operators.SkipUntil[int](o.Observable)(numbers).Subscribe(t.Context(), sub)
		diff(t, "values", sub.Values(), []int{5, 6})
		sub.Cancel()
	})
}

func ExampleSkipUntil() {
	ready := observable.NewSubject[struct{}]()
	numbers := operators.Tap(func(n int) {
		if n == 3 {
			ready.Next(struct{}{})
		}
	})(observable.Range(1, 5))
	fmt.Println(operators.SkipUntil[int](ready.Observable)(numbers).Collect(context.Background()))
	// Output: [3 4 5] <nil>
}
