package observable_test

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

var errLate = errors.New("the source failed")

// L16: the error of a source that is cancelled in the same moment is delivered,
// or reported, whoever was first.
func TestAnErrorMeetsACancel(t *testing.T) {
	for name, failing := range map[string]func(fail func() error) observable.Observable[string]{
		"FromFunc": func(fail func() error) observable.Observable[string] {
			return observable.FromFunc(func(context.Context) (string, error) { return "", fail() })
		},
		"FromSeq2": func(fail func() error) observable.Observable[string] {
			return observable.FromSeq2(iter.Seq2[string, error](func(yield func(string, error) bool) { yield("", fail()) }))
		},
		"Lines": func(fail func() error) observable.Observable[string] {
			return observable.Lines(failingReader(fail))
		},
	} {
		t.Run(name, func(t *testing.T) {
			rounds := 3000
			if testing.Short() {
				rounds = 300
			}
			marbles.Race(rounds, func(int) ([]func(), func()) {
				var failed, reported atomic.Int32
				ctx := observable.WithDroppedError(t.Context(), func(error) { reported.Add(1) })
				sub := marbles.NewTestSubscriber[string](t, 0)
				failing(func() error { failed.Add(1); return errLate }).Subscribe(ctx, sub.Outside())
				return []func(){func() { sub.Request(1) }, sub.Cancel}, func() {
					if _, err := sub.Ended(); errors.Is(err, errLate) {
						reported.Add(1)
					}
					if failed.Load() != reported.Load() {
						t.Errorf("the source failed %d times, and %d were heard of", failed.Load(), reported.Load())
					}
				}
			})
		})
	}
}

type failingReader func() error

func (f failingReader) Read([]byte) (int, error) { return 0, f() }
