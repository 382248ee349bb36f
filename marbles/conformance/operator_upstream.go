package conformance

import (
	"context"
	"errors"
	"sync"

	"github.com/sluicego/sluice/internal/fates"
	"github.com/sluicego/sluice/observable"
)

// upstreamChecks are those of an operator as the subscriber of its source.
var upstreamChecks = []check[*operator]{
	{rule{
		"2.01_AsksItsSource", "L2",
		"when values are requested of it, the operator requests values of its source",
		"the way of a Request from the subscriber to the source",
	}, both(opAsksItsSource)},
	{rule{
		"2.03_CallsNothingInsideTerminals", "L7",
		"inside OnError and OnComplete the operator neither requests nor cancels what has just ended",
		"cleanup that OnComplete and OnError share with Cancel",
	}, both(opCallsNothingInsideTerminals)},
	{rule{
		"2.04_TerminalEndsTheSubscription", "L7",
		"after its source has ended, the operator does not cancel it",
		"a Cancel of the subscriber that is passed up although the source has ended",
	}, both(opTerminalEndsTheSubscription)},
	{rule{
		"2.06_CancelReachesTheSourceOnce", "L7",
		"when the subscriber cancels, the source is cancelled, once, however often and from wherever",
		"a Cancel that is passed up twice: by two callers, or by the operator and its subscriber",
	}, both(opCancelReachesTheSourceOnce)},
	{rule{
		"2.07_RequestAndCancelAtOnce", "L5",
		"requests, a cancel, the end of the ctx and the signals of the source may come at the same time",
		"fields that Request and Cancel share with OnNext without a lock or an atomic",
	}, both(opRequestAndCancelAtOnce)},
	{rule{
		"2.09_CompletionWithoutRequests", "L4",
		"the source may complete without having been asked for anything",
		"an OnComplete that finds nothing prepared",
	}, both(opCompletionWithoutRequests)},
	{rule{
		"4.02_ErrorPassesAtOnce", "L4",
		"an error of the source, before which there were no values, is passed on without any demand",
		"errors that wait in a queue for a request",
	}, both(opErrorPassesAtOnce)},
	{rule{
		"3.15_CleanupPanicIsContained", "L11",
		"a source that panics when it is cancelled does not make Cancel panic",
		"what the operator calls when it is cancelled, and what it holds meanwhile",
	}, both(opCleanupPanicIsContained)},
	{rule{
		"L9_EachValueHasOneFate", "L9",
		"each value of the source is delivered, or consumed, or discarded once and reported",
		"values that are held when the stream ends or is cancelled, and who reports them",
	}, both(opEachValueHasOneFate)},
}

func opAsksItsSource(b *bench) {
	w := b.subscribe(b.open(5).st, 0)
	w.request(observable.Unbounded)
	b.quiet()
	subs, _, requests, cancels := b.feed.state()
	if ended, _ := w.sub.Ended(); !ended && requests == 0 && cancels == 0 {
		b.stop("everything was requested, but the source was not asked for anything, with %d subscriptions", subs)
	}
	w.cancel()
}

func opCallsNothingInsideTerminals(b *bench) {
	for _, err := range []error{nil, errDeliberate} {
		for _, n := range []int64{0, 3} {
			w := b.subscribe(b.of(n, err).st, observable.Unbounded)
			b.quiet()
			w.cancel()
			b.feed.audit(false)
		}
	}
}

func opTerminalEndsTheSubscription(b *bench) {
	for _, err := range []error{nil, errDeliberate} {
		w := b.subscribe(b.of(3, err).st, observable.Unbounded)
		b.quiet()
		subs, live, _, before := b.feed.state()
		w.cancel()
		b.quiet()
		_, _, _, after := b.feed.state()
		if extra := after - before - live; extra > 0 {
			b.stop("%d of %d subscriptions to the source were cancelled after they had ended", extra, subs)
		}
	}
}

func opCancelReachesTheSourceOnce(b *bench) {
	b.raceFor(rounds()/opRounds, func() (racers []func(), check func()) {
		b.open(10)
		b.feed.racing = true
		ctx, end := context.WithCancel(b.ctx)
		w := b.witness(1)
		w.on(ctx, b.st)
		return []func(){w.sub.Cancel, w.sub.Cancel, end}, func() {
			b.quiet()
			b.feed.audit(true)
			end()
		}
	})
}

func opRequestAndCancelAtOnce(b *bench) {
	for _, how := range []error{nil, errDeliberate} {
		b.raceFor(rounds()/opRounds, func() (racers []func(), check func()) {
			b.of(8, how)
			b.feed.racing = true
			books := b.keepBooks()
			sub := b.plain(1)
			sub.Each = books.delivered
			ctx, end := context.WithCancel(books.ctx)
			st := b.st
			b.do("Subscribe", func() { st(ctx, sub.Outside()) })
			ask := func() {
				for range 3 {
					sub.Request(2)
				}
			}
			return []func(){ask, ask, later(sub.Cancel), later(end)}, func() {
				b.quiet()
				end()
				b.feed.audit(true)
				books.audit()
			}
		})
	}
}

func opCompletionWithoutRequests(b *bench) {
	b.ends()
	w := b.subscribe(b.of(0, nil).st, 0)
	b.quiet()
	w.untilTheEnd()
}

func opErrorPassesAtOnce(b *bench) {
	if b.o.recovers {
		b.skip("the operator does not pass errors on (Recovers)")
	}
	w := b.subscribe(b.of(0, errDeliberate).st, 0)
	if err := w.failure(); !errors.Is(err, errDeliberate) {
		b.stop("OnError(%v), want the error of the source", err)
	}
}

func opCleanupPanicIsContained(b *bench) {
	panics := func(_ context.Context, down observable.Subscriber[any]) { down.OnSubscribe(impolite{}) }
	w := b.subscribe(b.o.apply(panics, true), 1)
	b.quiet()
	if ended, _ := w.sub.Ended(); !ended {
		w.quietly("for a Cancel of a source whose Cancel panics", w.cancel)
	}
}

// impolite is a subscription whose Cancel panics.
type impolite struct{}

func (impolite) Request(int64) {}
func (impolite) Cancel()       { panic(errDeliberate) }

// Every value has one fate, whatever becomes of the stream.
func opEachValueHasOneFate(b *bench) {
	for _, end := range []error{nil, errDeliberate} {
		for _, requests := range [][]int64{{}, {1}, {2, 3}, {observable.Unbounded}} {
			b.of(9, end)
			books := b.keepBooks()
			w := b.witness(0)
			w.onNext = books.delivered
			w.on(books.ctx, b.st)
			for _, n := range requests {
				w.request(n)
				b.quiet()
			}
			w.cancel()
			b.quiet()
			books.audit()
		}
	}
}

// books are kept of what becomes of the elements of a feed.
type books struct {
	b   *bench
	ctx context.Context //nolint:containedctx // for one subscription, of a check

	mu    sync.Mutex
	book  *fates.Book // guarded by mu
	known map[any]int // guarded by mu; the number of each element
}

// keepBooks keeps books of the bench's feed.
func (b *bench) keepBooks() *books {
	k := &books{b: b, book: fates.New(), known: map[any]int{}}
	element, total := b.feed.element, 0
	b.feed.element = func(i int) any {
		k.mu.Lock()
		defer k.mu.Unlock()
		// Each subscription to the source has elements of its own.
		v := element(total)
		total++
		k.known[v] = total
		k.book.Produced = append(k.book.Produced, total)
		return v
	}
	k.ctx = observable.WithDiscard(b.ctx, func(v any, why observable.DiscardReason) {
		b.log("discarded %v: %v", v, why)
		k.mu.Lock()
		defer k.mu.Unlock()
		for _, id := range b.o.index(v, k.known) {
			k.book.Discarded[id] = append(k.book.Discarded[id], why)
		}
	})
	return k
}

func (k *books) delivered(v any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, id := range k.b.o.index(v, k.known) {
		k.book.Delivered[id]++
	}
}

func (k *books) audit() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, p := range k.book.Problems(k.b.o.consumes) {
		k.b.fail("%s", p)
	}
}
