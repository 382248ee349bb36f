package soak_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/scheduler"
)

// An outcome is what became of one pipeline.
type outcome struct {
	seed     uint64
	pipeline string
	script   string
	problems []string
	chain    string // what it looked like, if it was inspected

	values  int
	cancels int
	faults  int
}

// A wish is what is not left to chance.
type wish struct {
	inspected bool
	extra     *entry
}

// horizon is how much time a pipeline is given to come to its end, and patience
// how long that may take on the clock of the wall.
const (
	horizon  = 10 * time.Minute
	patience = time.Minute
)

// play lets the pipeline of a seed live in a bubble of its own.
func play(t *testing.T, seed uint64, want wish) *outcome {
	t.Helper()
	l := &life{outcome: outcome{seed: seed}, wish: want}
	stuck := time.AfterFunc(patience, l.stuck)
	defer stuck.Stop()
	returned := make(chan struct{})
	passed := false
	// Not on this goroutine, which a bubble that fails takes with it.
	go func() {
		defer close(returned)
		defer func() {
			// A bubble whose goroutines do not end panics when its test has returned.
			if v := recover(); v != nil {
				passed = true
				l.fail("L12: %v", v)
			}
		}()
		synctest.Test(t, func(*testing.T) { l.live() })
		passed = true
	}()
	<-returned
	if !passed {
		l.fail("L3: a data race; the race detector has written what it is")
	}
	return &l.outcome
}

// A life is one run of one pipeline.
type life struct {
	outcome
	wish
	w    *world
	sink *sink
	in   *observable.Inspection // nil if it is not inspected
}

// stuck says what was running when a bubble does not come to rest: a deadlock on
// a mutex, or a loop without end, which synctest cannot tell from work.
func (l *life) stuck() {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	fmt.Fprintf(os.Stderr, "soak: seed %d does not come to rest\n%s\n%s\n%s\n", l.seed, l.pipeline, l.script, stacks)
	os.Exit(1)
}

// live runs in the bubble.
func (l *life) live() {
	before := runtime.NumGoroutine()
	r := rand.New(rand.NewPCG(l.seed, 0))
	clocks := []string{"Default", "Default", "Default", "Default", "Pool(1)", "Pool(3)", "EventLoop"}
	clock := newClock(clocks[r.IntN(len(clocks))])
	if r.IntN(4) == 0 {
		defer link.Disable()()
		l.pipeline = "unlinked, "
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	l.w = &world{clock: clock, quit: make(chan struct{}), subscribed: make(chan struct{}), judged: make(chan struct{}), life: ctx}
	defer close(l.w.judged)
	b := &builder{w: l.w, r: r, ops: catalogue, extra: l.extra}
	src, text := b.begun()
	script := b.script()
	l.pipeline += fmt.Sprintf("on %s: %s", clock.name, text)
	l.script = script.String()
	l.sink = newSink(l.w, script)

	inspected := r.IntN(3) == 0 || l.inspected
	ctx, cancel := context.WithCancel(l.ctx(inspected))
	defer cancel()
	for _, drive := range l.w.drivers {
		go drive()
	}
	go l.ask(ctx, src)
	go l.leave(cancel)
	if script.closeAfter >= 0 {
		go func() {
			if l.w.pause(script.closeAfter) {
				clock.Close()
			}
		}()
	}
	l.await()
	cancel()
	l.settle()
	close(l.w.quit)
	stop()
	l.w.pauseAnyway(ms)
	l.judge()
	clock.Close()
	synctest.Wait()
	if n := runtime.NumGoroutine(); n > before {
		if left := bubbled(); left != "" {
			l.fail("L12: goroutines are left:\n%s", left)
		}
	}
	l.count()
}

// begun draws the pipeline.
func (b *builder) begun() (stream, string) {
	if b.r.IntN(12) == 0 && b.extra == nil {
		return b.besieged()
	}
	return b.pipeline(6)
}

// ctx returns that of the subscription.
func (l *life) ctx(inspected bool) context.Context {
	ctx := scheduler.With(context.Background(), l.w.clock)
	ctx = observable.WithDiscard(ctx, l.w.discard)
	ctx = observable.WithDroppedError(ctx, l.w.drop)
	if inspected {
		ctx, l.in = observable.WithInspection(ctx)
	}
	return ctx
}

// ask subscribes, and requests what the script says.
func (l *life) ask(ctx context.Context, src stream) {
	func() {
		defer close(l.w.subscribed)
		src.Subscribe(ctx, l.sink.subscriber())
	}()
	select {
	case <-l.sink.ready:
	case <-l.w.quit:
		return
	}
	for _, r := range l.sink.script.requests {
		if !l.w.pause(r.after) {
			return
		}
		l.sink.request(r.n)
	}
	l.sink.request(observable.Unbounded)
}

// leave cancels when the script says so.
func (l *life) leave(cancel context.CancelFunc) {
	s := l.sink.script
	if s.cancelAfter < 0 || !l.w.pause(s.cancelAfter) {
		return
	}
	select {
	case <-l.sink.ready:
	case <-l.w.quit:
		return
	}
	if s.byContext {
		l.sink.leaving.Store(true)
		cancel()
		close(l.sink.left)
	} else {
		l.sink.cancel()
	}
}

// await waits for the end of the stream.
func (l *life) await() {
	late := make(chan struct{})
	stop := scheduler.Default.After(horizon, func() { close(late) })
	defer stop()
	select {
	case <-l.sink.done:
	case <-l.sink.left:
	case <-late:
		l.hung()
	}
}

// hung books that no end has come.
func (l *life) hung() {
	synctest.Wait()
	if l.w.hostile {
		return // it need not end
	}
	who := "(not inspected)"
	if l.in != nil {
		chain := l.in.Inspect()
		l.chain, who = chain.String(), "(no operator is to blame)"
		if e := chain.Stall(); e != nil {
			who = fmt.Sprintf("(%s: %s)", e.Stage.Operator, strings.SplitN(e.Error(), "\n", 2)[0])
		}
	}
	l.fail("hang: everything is requested, and no end comes %s; delivered %d", who, l.sink.got)
}

// patientMs is how long a slow callback may hold up the goroutine that subscribes.
const patientMs = 100

// settle waits until what was on its way has arrived. Nothing that has to do
// with the subscription may be left then.
func (l *life) settle() {
	synctest.Wait()
	for range patientMs {
		select {
		case <-l.w.subscribed:
		default: // a slow callback holds it up
			l.w.pauseAnyway(ms)
		}
	}
	l.sink.settled.Store(l.sink.leaving.Load())
	if l.in != nil && l.chain == "" {
		l.chain = l.in.Inspect().String()
	}
	if l.w.keeps {
		l.w.pauseAnyway(horizon) // the sources end by themselves
	}
	if by := l.w.clock.armed(); len(by) > 0 {
		l.fail("L12: %d timers are armed after the end: %s", len(by), by[0])
	}
	l.w.pauseAnyway(ms)
}

// pauseAnyway waits also when the run is over.
func (w *world) pauseAnyway(d time.Duration) {
	due := make(chan struct{})
	scheduler.Default.After(d, func() { close(due) })
	<-due
	synctest.Wait()
}

func (l *life) fail(format string, args ...any) {
	l.problems = append(l.problems, fmt.Sprintf(format, args...))
}

func (l *life) count() {
	l.values = int(l.w.values.len.Load())
	l.faults = int(l.w.raised.len.Load())
	if l.sink.leaving.Load() {
		l.cancels++
	}
	if l.sink.bad.Load() != 0 {
		l.faults++
	}
	if l.w.clock.ended.Load() && l.sink.script.closeAfter >= 0 {
		l.faults++
	}
	if l.w.hostile {
		l.faults++
	}
}

// bubbled returns the stacks of the goroutines of this bubble, but of those that
// make it, one of which asks.
func bubbled() string {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	var left []string
	for i, stack := range strings.Split(string(stacks), "\n\n") {
		head, _, _ := strings.Cut(stack, "\n")
		if i > 0 && strings.Contains(head, "synctest bubble") && !strings.Contains(stack, "\ntesting/synctest.") {
			left = append(left, stack)
		}
	}
	return strings.Join(left, "\n\n")
}

// What nobody can receive is in the books.
func init() { slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil))) }
