package operators_test

import (
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

// A played row is a hot source, and what an operator makes of it.
type played struct {
	source, want string
	subs         string // when the source is subscribed to; "" is any time
	cancel       string // the lane of a subscriber that cancels; "" is one that does not
	err          error  // nil: any but a panic
}

// plays runs op over the rows, under both drivers.
func plays(t *testing.T, op observable.Operator[string, string], rows []played) {
	t.Helper()
	for _, tt := range rows {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Hot[string](m, tt.source)
			expect := marbles.Expect(m, op(src.Observable)).Named(tt.source)
			if tt.cancel != "" {
				expect.Demand(tt.cancel)
			}
			if tt.err != nil {
				expect.ToBe(tt.want, marbles.Err(tt.err))
			} else {
				expect.ToBe(tt.want)
			}
			if tt.subs != "" {
				src.ExpectSubscriptions(tt.subs)
			}
		})
	}
}
