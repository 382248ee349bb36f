package marbles_test

import (
	"context"
	"strings"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

// asks returns an operator that does the one to its upstream at the start, the
// other with the first value, after which it completes.
func asks(atStart, atValue func(up observable.Subscription)) observable.Operator[string, string] {
	return observable.Lift(func(_ context.Context, down observable.Subscriber[string]) observable.Subscriber[string] {
		return &asker{Subscriber: down, atStart: atStart, atValue: atValue}
	})
}

type asker struct {
	observable.Subscriber[string]
	up               observable.Subscription
	atStart, atValue func(up observable.Subscription)
}

func (a *asker) OnSubscribe(up observable.Subscription) {
	a.up = up
	a.atStart(up)
	a.Subscriber.OnSubscribe(up)
}

func (a *asker) OnNext(v string) {
	a.atValue(a.up)
	a.Subscriber.OnNext(v)
	a.Subscriber.OnComplete()
}

// A source notices unasked what an operator may not do to it.
func TestSourcesReportWhatOperatorsBreak(t *testing.T) {
	nothing := func(observable.Subscription) {}
	for name, tt := range map[string]struct {
		op   observable.Operator[string, string]
		want []string
	}{
		"a cancel": {asks(nothing, observable.Subscription.Cancel), nil},
		"a second cancel": {
			asks(nothing, func(up observable.Subscription) {
				up.Cancel()
				up.Cancel()
			}),
			[]string{"src1: at 1ms, L7: the source was cancelled a second time"},
		},
		"a request after a cancel, which may be a race": {
			asks(nothing, func(up observable.Subscription) {
				up.Cancel()
				up.Request(1)
			}),
			nil,
		},
		"requests that are not positive": {
			asks(func(up observable.Subscription) {
				up.Request(0)
				up.Request(-5)
			}, observable.Subscription.Cancel),
			[]string{"src1: at 0s, L6: Request(0) reached the source", "L6: Request(-5)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(marbles.Outcome(func(m *marbles.Test) {
				src := marbles.Cold[string](m, "-a-b-|")
				marbles.Expect(m, tt.op(src.Observable)).ToBe("-(a|)")
			}), "\n")
			if len(tt.want) == 0 && got != "" {
				t.Errorf("reported %q", got)
			}
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("the report lacks %q:\n%s", want, got)
				}
			}
		})
	}
}

// It is an operator that must cancel once; a subscriber may do so at will (L5).
func TestSubscribersCancelSourcesFreely(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		sub := marbles.NewTestSubscriber[string](m.T(), 1)
		marbles.Cold[string](m, "-a-b-|").Subscribe(m.Context(), sub)
		m.At(2, func() {
			sub.Cancel()
			sub.Cancel()
		})
	})
}
