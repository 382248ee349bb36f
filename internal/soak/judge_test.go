package soak_test

import (
	"testing/synctest"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
)

// judge closes the books, when all has come to rest.
func (l *life) judge() {
	l.problems = append(l.problems, l.w.complaints()...)
	l.problems = append(l.problems, l.sink.problems()...)
	if l.w.hostile || len(l.problems) > 0 {
		return // a broken law, or one that hangs, breaks others
	}
	begun := l.w.subs.len.Load()
	l.w.openWindows() // and what else was discarded that can be subscribed to
	l.judgeSources(begun)
	if l.w.keeps {
		return // what waits in there is not lost
	}
	l.judgeValues()
	l.judgeFaults()
	if len(l.problems) > 0 {
		return
	}
	for _, m := range l.w.meters {
		if p := m.problem(l.w.subs.all()); p != "" {
			l.fail("%s", p)
		}
	}
}

// most is how many values of one pipeline are worth a line.
const most = 5

func (l *life) judgeValues() {
	lost := 0
	for _, v := range l.w.values.all() {
		p := v.problem(l.w.twofold)
		if p == "" {
			continue
		}
		if lost++; lost <= most {
			l.fail("%s", p)
		}
	}
	if lost > most {
		l.fail("L9: and %d more", lost-most)
	}
}

// judgeSources looks at those that the pipeline has subscribed to, the first ones.
func (l *life) judgeSources(begun int64) {
	for _, s := range l.w.subs.all() {
		if s.number <= begun && !l.w.keeps && !s.ended.Load() && s.cancels.Load() == 0 {
			l.fail("L7: source %d, which has emitted %d of %d, was neither cancelled nor has it ended", s.number, s.sent.Load(), s.n)
		}
	}
}

// judgeFaults looks for faults that nobody has heard of. Where an operator takes
// errors in, that cannot be told.
func (l *life) judgeFaults() {
	if l.w.recovers {
		return
	}
	for _, e := range l.w.raised.all() {
		if !e.seen.Load() {
			l.fail("L16: nobody has heard that %s", e.what)
		}
	}
}

// openWindows discards what is in windows that were discarded, as whoever gets
// one may.
func (w *world) openWindows() {
	for {
		windows := w.windows.all()
		w.windows.top.Store(nil)
		if len(windows) == 0 {
			return
		}
		for _, o := range windows {
			o.Subscribe(observable.WithDiscard(w.life, w.discard), &opener{w: w})
		}
		synctest.Wait()
	}
}

// An opener takes everything out of a window.
type opener struct {
	link.Inside
	w *world
}

func (o *opener) OnSubscribe(up observable.Subscription) { up.Request(observable.Unbounded) }
func (o *opener) OnNext(v *value)                        { o.w.discard(v, observable.DiscardCancel) }
func (*opener) OnError(err error)                        { saw(err) }
func (*opener) OnComplete()                              {}
