package marbles_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// recordedTB collects what a helper would report when its test ends.
type recordedTB struct {
	testing.TB
	cleanups []func()
	reports  []string
}

func (r *recordedTB) Helper()          {}
func (r *recordedTB) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recordedTB) Errorf(f string, a ...any) {
	r.reports = append(r.reports, fmt.Sprintf(f, a...))
}

func (r *recordedTB) finish() string {
	for _, f := range r.cleanups {
		f()
	}
	return strings.Join(r.reports, "\n")
}

// Each misbehaviour of a TestSource is one that a TestSubscriber names.
func TestSubscriberAuditsSource(t *testing.T) {
	for name, tt := range map[string]struct {
		how  []marbles.Misbehaviour
		act  func(src *marbles.TestSource[int], sub *marbles.TestSubscriber[int])
		want string
	}{
		"nothing wrong": {nil, func(src *marbles.TestSource[int], _ *marbles.TestSubscriber[int]) {
			src.Next(1)
			src.Complete()
			src.Complete()
			src.Next(2)
		}, ""},
		"overrun": {[]marbles.Misbehaviour{marbles.Overruns}, func(src *marbles.TestSource[int], _ *marbles.TestSubscriber[int]) {
			src.Next(1)
			src.Next(2)
		}, "L2: OnNext(2) is value 2 of 1 requested"},
		"values after a cancel": {[]marbles.Misbehaviour{marbles.IgnoresCancel}, func(src *marbles.TestSource[int], sub *marbles.TestSubscriber[int]) {
			sub.CancelInside()
			src.Next(1)
		}, "L7: OnNext(1) after a Cancel"},
		"two ends": {[]marbles.Misbehaviour{marbles.EndsTwice}, func(src *marbles.TestSource[int], _ *marbles.TestSubscriber[int]) {
			src.Complete()
			src.Error(marbles.ErrMarble)
		}, "L4: OnError(marbles: #) after the end"},
		"two subscriptions": {[]marbles.Misbehaviour{marbles.SubscribesTwice}, nil, "L1: OnSubscribe was called twice"},
		"no subscription":   {[]marbles.Misbehaviour{marbles.EmitsBeforeStart}, nil, "L1: OnComplete before OnSubscribe"},
	} {
		t.Run(name, func(t *testing.T) {
			tb := &recordedTB{}
			src := marbles.NewTestSource[int](tt.how...)
			sub := marbles.NewTestSubscriber[int](tb, 1)
			src.Subscribe(context.Background(), sub)
			if tt.act != nil {
				tt.act(src, sub)
			}
			if got := len(sub.Violations()); (got > 0) != (tt.want != "") {
				t.Errorf("%d violations: %v", got, sub.Violations())
			}
			if got := tb.finish(); !strings.Contains(got, tt.want) {
				t.Errorf("reported %q, want %q", got, tt.want)
			}
		})
	}
}

// A source that keeps the protocol refuses to overrun, and says so.
func TestSourceRefusesToOverrun(t *testing.T) {
	src := marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 0)
	src.Subscribe(context.Background(), sub)
	src.Next(1)
	if ended, err := sub.Ended(); !ended || !strings.Contains(err.Error(), "without demand") {
		t.Errorf("ended %t with %v", ended, err)
	}
}

// Where Cancel is called decides whether a later signal is one too many (L7).
func TestSubscriberCancelInsideEach(t *testing.T) {
	for name, tt := range map[string]struct {
		cancel func(sub *marbles.TestSubscriber[int])
		want   string
	}{
		"on the emitting goroutine": {(*marbles.TestSubscriber[int]).Cancel, "L7: OnNext(2) after a Cancel"},
		"on another one at that moment": {func(sub *marbles.TestSubscriber[int]) {
			done := make(chan struct{})
			go func() {
				defer close(done)
				sub.Cancel()
			}()
			<-done
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			tb := &recordedTB{}
			src := marbles.NewTestSource[int](marbles.IgnoresCancel)
			sub := marbles.NewTestSubscriber[int](tb, 2)
			sub.Each = func(v int) {
				if v == 1 {
					tt.cancel(sub)
				}
			}
			src.Subscribe(context.Background(), sub)
			src.Next(1)
			src.Next(2)
			if got := tb.finish(); !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("reported %q, want %q", got, tt.want)
			}
			if late := sub.Late(); len(late) != 1 {
				t.Errorf("late: %v", late)
			}
		})
	}
}

func TestSubscriberRemembersWhatItIsToldTooEarly(t *testing.T) {
	src := marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 1)
	sub.Request(2)
	sub.Request(3)
	sub.Cancel()
	src.Subscribe(context.Background(), sub)
	if got := src.Requests(); !slices.Equal(got, []int64{1, 2, 3}) || src.Cancels() != 1 {
		t.Errorf("requested %v, %d cancels", got, src.Cancels())
	}
}

func TestSourceRemembersWhatItIsAsked(t *testing.T) {
	src := marbles.NewTestSource[int]()
	sub := marbles.NewTestSubscriber[int](t, 2)
	src.Subscribe(context.Background(), sub)
	sub.Request(3)
	src.Next(7)
	sub.Cancel()
	if src.Requested() != 5 || len(src.Requests()) != 2 || src.Cancels() != 1 || src.Subscriptions() != 1 || src.Active() != 0 {
		t.Errorf("requested %d in %v, %d cancels, %d subscriptions, %d active",
			src.Requested(), src.Requests(), src.Cancels(), src.Subscriptions(), src.Active())
	}
	if v := sub.Values(); len(v) != 1 || v[0] != 7 || len(sub.Late()) != 0 {
		t.Errorf("values %v, late %v", v, sub.Late())
	}
}

// The second subscription is the one that has to be cancelled (L1).
func TestSourceRecordsItsSecondSubscription(t *testing.T) {
	src := marbles.NewTestSource[int](marbles.SubscribesTwice)
	sub := marbles.NewTestSubscriber[int](t, 2)
	ctx := observable.WithDroppedError(context.Background(), func(error) {})
	src.Subscribe(ctx, sub.Outside())
	if src.Subscriptions() != 2 || src.Cancels() != 1 || src.Active() != 1 || src.Requested() != 2 {
		t.Errorf("%d subscriptions, %d cancels, %d active, %d requested",
			src.Subscriptions(), src.Cancels(), src.Active(), src.Requested())
	}
	src.Next(7)
	if got := sub.Values(); !slices.Equal(got, []int{7}) {
		t.Errorf("one value is delivered as %v", got)
	}
}

func TestLedger(t *testing.T) {
	t.Run("balances", func(t *testing.T) {
		ledger := marbles.NewLedger(t)
		hook := observable.DiscardFrom(ledger.Context(context.Background()))
		ledger.Deliver(ledger.Produce())
		hook(ledger.Produce(), observable.DiscardOverflow)
		if n := ledger.Discarded(observable.DiscardOverflow); n != 1 {
			t.Errorf("%d discarded, want 1", n)
		}
	})
	t.Run("does not balance", func(t *testing.T) {
		tb := &recordedTB{}
		ledger := marbles.NewLedger(tb)
		twice := ledger.Produce()
		ledger.Deliver(twice)
		ledger.Deliver(twice)
		ledger.Produce()
		if n := len(ledger.Problems()); n != 2 {
			t.Errorf("%d problems, want 2", n)
		}
		if got := tb.finish(); !strings.Contains(got, "L9: #1") || !strings.Contains(got, "L9: #2") {
			t.Errorf("reported %q", got)
		}
	})
}

func TestRace(t *testing.T) {
	var ran, checked atomic.Int64
	marbles.Race(50, func(int) ([]func(), func()) {
		racer := func() { ran.Add(1) }
		return []func(){racer, racer, racer}, func() { checked.Add(1) }
	})
	if ran.Load() != 150 || checked.Load() != 50 {
		t.Errorf("%d racers and %d checks, want 150 and 50", ran.Load(), checked.Load())
	}
}

// Behaviour 20 in small: a request, a value and a cancel at the same moment.
func ExampleRace() {
	broken := errors.New("a value is lost")
	var failure atomic.Pointer[error]
	marbles.Race(200, func(int) ([]func(), func()) {
		var fates atomic.Int64
		ctx := observable.WithDiscard(context.Background(), func(any, observable.DiscardReason) { fates.Add(1) })
		subject := observable.NewSubject[int]()
		taken := operators.Take[int](1)(subject.Observable)
		running := taken.Run(ctx, observable.Observer[int]{Next: func(int) { fates.Add(1) }, Error: func(error) {}})
		racers := []func(){
			func() { subject.Next(1) },
			running.Cancel,
		}
		return racers, func() {
			subject.Complete()
			<-running.Done()
			if fates.Load() > 1 {
				failure.Store(&broken)
			}
		}
	})
	fmt.Println(failure.Load() == nil)
	// Output: true
}
