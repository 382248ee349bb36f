package operators

import (
	"context"
	"fmt"
	"time"

	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// OptionTimeWindow marks Prefetch as an option of [WindowTime].
func (Prefetch) OptionTimeWindow(option.Seal) {}

// WindowTime emits windows, which are observables of the values that the source
// emits within d. The first one opens at once, the next when the one before
// closes. The diagram shows what each window had, when it ends.
//
//	source           -a-b-----c-|
//	WindowTime(4ms)  ----x---y--(z|)
//	where            x=[a b], y=[], z=[c]
//
// With [AtMost], a window closes when it has so many values. With [Period], one
// opens every so often, whatever becomes of the others: more often than d, and
// they overlap; less often, and values between them are left out.
//
// Demand: a window is emitted when it is requested; its time begins then. One
// that is not requested yet takes the values that come, as many as AtMost, and
// stands for those that were to open meanwhile. Else as [Window]: the source is
// asked for 128 values ahead ([Prefetch]); one that cannot wait overflows if the
// windows hold more.
//
// Errors: the source's, at once, and in each open window behind the values it
// holds. That of a scheduler which is closed, likewise.
//
// Discards: as Window.
//
// Scheduler: [scheduler.On], else the ctx's. It has a timer for each window that
// is open, and one for Period. Values are passed on by the goroutines that bring
// them or request them, one at a time.
//
// WindowTime panics if d or an option is not positive, or an option nil.
func WindowTime[T any](d time.Duration, opts ...SpanOption) observable.Operator[T, observable.Observable[T]] {
	if d <= 0 {
		panic(fmt.Sprintf("operators: WindowTime of a non-positive duration (%v)", d))
	}
	var period time.Duration
	atMost, prefetch := Unlimited, int64(defaultPrefetch)
	var on []scheduler.TimeOption
	for _, opt := range opts {
		switch o := opt.(type) {
		case Period:
			if period = time.Duration(o); period <= 0 {
				panic(fmt.Sprintf("operators: WindowTime with a non-positive Period (%v)", period))
			}
		case AtMost:
			bound("WindowTime", "AtMost", int(o))
			atMost = int(o)
		case Prefetch:
			prefetch = bound("WindowTime", "Prefetch", int(o))
		case scheduler.OnOption:
			on = append(on, o)
		case nil:
			panic("operators: WindowTime with a nil option")
		}
	}
	return windows(func(ctx context.Context, src observable.Observable[T], down observable.Subscriber[observable.Observable[T]]) {
		t := &timing[T]{
			windower: newWindower(ctx, "WindowTime", down, prefetch),
			clock:    scheduler.Pick(ctx, on...),
			span:     d, period: period, atMost: atMost,
		}
		t.rule, t.endures = t, true
		t.run(func() { src.Subscribe(ctx, t) })
	})
}

// timing is the rule of WindowTime.
type timing[T any] struct {
	windower[T]
	clock        scheduler.Scheduler
	span, period time.Duration // period is 0 if a window opens when the one before closes
	atMost       int
	tick         time.Time   // when the next window opens, with period
	stopTicking  func() bool // with period
	forget       func() bool // unhooks the end of the scheduler
}

func (t *timing[T]) begin() {
	t.forget = onClose(t.clock, t.Fail)
	if t.period > 0 {
		t.tick = t.clock.Now()
		t.wind() // before the first window sets its timer: of two that ring at once, this one rings first
	}
	t.openNext()
}

func (t *timing[T]) value(v T) { t.spread(v, t.counted) }

// counted closes a window that is full.
func (t *timing[T]) counted(p *pane[T]) {
	if p.seen++; p.seen == t.atMost {
		t.expire(p)
	}
}

func (t *timing[T]) stop() {
	t.forget()
	if t.stopTicking != nil {
		t.stopTicking()
	}
}

// wind sets the timer for the next window.
func (t *timing[T]) wind() {
	t.tick = t.tick.Add(t.period)
	t.stopTicking = t.clock.After(t.tick.Sub(t.clock.Now()), func() { t.signal(t.ticked) })
}

func (t *timing[T]) ticked() {
	if t.admits() {
		t.openNext()
		t.wind()
	}
}

// expire closes a window whose time is up, or that is full.
func (t *timing[T]) expire(p *pane[T]) {
	if p.open {
		t.close(p, nil)
		if t.period == 0 {
			t.openNext()
		}
	}
}

// openNext opens a window. Its time begins once it is emitted.
func (t *timing[T]) openNext() {
	if t.postpones() {
		return
	}
	p := t.window()
	if p == nil {
		return
	}
	p.born = func() {
		timer := t.clock.After(t.span, func() { t.signal(func() { t.expire(p) }) })
		p.retire = func() { timer() }
	}
	t.announce()
}
