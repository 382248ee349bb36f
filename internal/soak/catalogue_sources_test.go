package soak_test

import (
	"context"
	"errors"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// hand draws a source made by hand, of up to most values.
func (b *builder) hand(most int) stream {
	b.begin()
	h := &hand{w: b.w, n: b.between(0, most)}
	h.fails = b.rarely(5, "fails")
	h.spawns = b.rarely(2, "on a goroutine")
	h.yields = b.r.IntN(3)
	h.slow = h.spawns && b.rarely(3, "slow")
	h.gated = b.rarely(3, "gated")
	b.note("%s", called("source", b.end()))
	return h.observable()
}

// source draws what a pipeline begins with. It ends when all has been requested,
// and some time has passed.
func (b *builder) source() stream {
	if b.r.IntN(5) < 3 {
		most := 40
		if b.r.IntN(12) == 0 {
			most = 300
		}
		return b.hand(most)
	}
	e := sources[b.r.IntN(len(sources))]
	b.begin()
	o := e.make(b)
	b.note("%s", called(e.name, b.end()))
	return o
}

// sources are those of the library.
var sources = []struct {
	name string
	make func(b *builder) stream
}{
	{"Range", func(b *builder) stream { return fresh[int](b.w)(observable.Range(0, b.between(0, 30))) }},
	{"FromSlice", func(b *builder) stream { return observable.FromSlice(b.spare(b.between(0, 30))) }},
	{"Of", func(b *builder) stream { return observable.Of(b.spare(b.between(0, 3))...) }},
	{"FromSeq", func(b *builder) stream {
		n := b.between(0, 30)
		return observable.FromSeq(func(yield func(*value) bool) {
			for range n {
				if v := b.w.produce(); !yield(v) {
					v.licence.Or(mayMultiply) // whether it was delivered, only Range knows
					return
				}
			}
		})
	}},
	{"Generate", func(b *builder) stream {
		n := b.between(0, 30)
		return fresh[int](b.w)(observable.Generate(0, func(i int) (int, int, bool) { return i, i + 1, i < n }))
	}},
	{"Interval", func(b *builder) stream {
		return fresh[int](b.w)(operators.Take[int](b.between(1, 20))(observable.Interval(b.span())))
	}},
	{"Timer", func(b *builder) stream { return fresh[int](b.w)(observable.Timer(b.span(), b.on()...)) }},
	{"Empty", func(*builder) stream { return observable.Empty[*value]() }},
	{"Throw", func(b *builder) stream {
		return observable.Defer(func(context.Context) stream { return observable.Throw[*value](b.w.raise("Throw")) })
	}},
	{"Defer", func(b *builder) stream {
		o := b.hand(30)
		return observable.Defer(func(context.Context) stream { return o })
	}},
	{"Using", func(b *builder) stream {
		o := b.hand(30)
		return observable.Using(
			func(context.Context) (int, error) { return 0, nil },
			func(int) stream { return o },
			func(int) error { return nil })
	}},
	{"Create", func(b *builder) stream {
		n, pause, fails := b.between(0, 30), b.rarely(2, "slow"), b.rarely(5, "fails")
		return observable.Create(func(_ context.Context, emit observable.Emitter[*value]) error {
			for i := range n {
				if pause && i%4 == 0 {
					b.w.pause(ms)
				}
				if !emit.Next(b.w.produce()) {
					return nil
				}
			}
			if fails {
				return b.w.raise("the producer of Create failed")
			}
			return nil
		})
	}},
	{"FromFunc", func(b *builder) stream {
		pause, fails := b.rarely(2, "slow"), b.rarely(4, "fails")
		return observable.FromFunc(func(context.Context) (*value, error) {
			if pause {
				b.w.pause(ms)
			}
			if fails {
				return nil, b.w.raise("the function of FromFunc failed")
			}
			return b.w.produce(), nil
		})
	}},
	{"FromChan", func(b *builder) stream {
		ch := make(chan int, b.between(0, 3))
		n := b.between(0, 30)
		b.w.drivers = append(b.w.drivers, func() {
			defer close(ch)
			for i := range n {
				select {
				case ch <- i:
				case <-b.w.quit:
					return
				}
			}
		})
		return fresh[int](b.w)(observable.FromChan(ch))
	}},
	{"FromCallback", func(b *builder) stream {
		n, pause := b.between(0, 30), b.rarely(2, "slow")
		src := observable.FromCallback(func(listener func(int)) func() {
			gone := make(chan struct{})
			go func() {
				for i := 0; i < n && (!pause || b.w.pause(ms)); i++ {
					select {
					case <-gone:
						return
					default:
						listener(i)
					}
				}
			}()
			return func() { close(gone) }
		})
		// Events do not end by themselves.
		return fresh[int](b.w)(operators.TakeUntil[int](observable.Timer(50 * ms))(src))
	}},
	{"Subject", func(b *builder) stream {
		s := observable.NewSubject[int]()
		return driven(b, s, s.Observable)
	}},
	{"Behavior", func(b *builder) stream {
		s := observable.NewBehavior(0)
		return driven(b, s, s.Observable)
	}},
	{"Async", func(b *builder) stream {
		s := observable.NewAsync[int]()
		return driven(b, s, s.Observable)
	}},
	{"Replay", func(b *builder) stream {
		s := observable.NewReplay[int](b.between(1, 40), time.Duration(b.between(0, 3))*ms)
		return driven(b, s, s.Observable)
	}},
	{"Unicast", func(b *builder) stream {
		s := observable.NewUnicast[int](b.between(1, 40))
		return driven(b, s, s.Observable)
	}},
	{"Iif", func(b *builder) stream {
		var turn turns
		return operators.Iif(func() bool { return turn.next()%2 == 0 }, b.hand(20), b.hand(20))
	}},
	{"Case", func(b *builder) stream {
		var turn turns
		return operators.Case(func() int64 { return turn.next() % 3 }, map[int64]stream{0: b.hand(20), 1: b.hand(20)}, b.hand(20))
	}},
	{"Merge", func(b *builder) stream { return operators.Merge(b.hand(20), b.hand(20), b.hand(20)) }},
	{"Concat", func(b *builder) stream { return operators.Concat(b.hand(20), b.hand(20)) }},
	{"Race", func(b *builder) stream { return operators.Race(b.hand(20), b.hand(20)) }},
	{"OnErrorResumeNext", func(b *builder) stream {
		b.w.recovers = true
		return operators.OnErrorResumeNext(b.hand(20), b.hand(20))
	}},
	{"Zip", func(b *builder) stream { return joined(b, operators.Zip[*value]) }},
	{"CombineLatest", func(b *builder) stream { return joined(b, operators.CombineLatest[*value]) }},
	{"ForkJoin", func(b *builder) stream { return joined(b, operators.ForkJoin[*value]) }},
	{"Meter", func(b *builder) stream { return b.metered() }},
}

// joined draws what an operator is given that makes slices of one value of each.
func joined(b *builder, join func(os ...stream) observable.Observable[[]*value]) stream {
	os := make([]stream, 1+b.r.IntN(3))
	for i := range os {
		os[i] = operators.Tap(func(v *value) { v.licence.Or(mayMultiply) })(b.hand(20))
	}
	return fresh[[]*value](b.w)(join(os...))
}

// A pushed subject is one to drive.
type pushed interface {
	Next(v int)
	Emit(ctx context.Context, v int) error
	Error(err error)
	Complete()
}

// driven draws how a subject is driven: by one goroutine or by two, which wait
// for the subscribers or do not. What there is no demand for may fail these.
func driven(b *builder, hub pushed, o observable.Observable[int]) stream {
	n, by, waits := b.between(0, 30), b.between(1, 2), b.choose("Next", "Emit") == "Emit"
	slow, fails := b.rarely(2, "slow"), b.rarely(5, "fails")
	b.w.drivers = append(b.w.drivers, func() {
		over := make(chan struct{}, by)
		for range by {
			go func() {
				defer func() { over <- struct{}{} }()
				for i := 0; i < n && (!slow || b.w.pause(ms)); i++ {
					if !waits {
						hub.Next(i)
					} else if err := hub.Emit(b.w.life, i); err != nil && !errors.Is(err, observable.ErrEnded) {
						return
					}
				}
			}()
		}
		for range by {
			<-over
		}
		if fails {
			e := b.w.raise("the subject failed")
			e.seen.Store(true) // nobody need be there
			hub.Error(e)
		} else {
			hub.Complete()
		}
	})
	return fresh[int](b.w)(o)
}

// A metered source counts what goes into the operator in front of a Meter, to
// compare.
type metered struct {
	name   string
	before backpressure.MeterReading
	source *hand
}

// metered draws a source behind a buffer, behind which a Meter counts.
func (b *builder) metered() stream {
	m := &metered{name: "soak"}
	m.source = &hand{w: b.w, n: b.between(0, 40), spawns: b.rarely(2, "on a goroutine"), yields: b.r.IntN(3)}
	if len(b.w.meters) > 0 {
		return m.source.observable() // one is enough: they all count together
	}
	m.before = backpressure.Meters()[m.name]
	b.w.meters = append(b.w.meters, m)
	var buffer operator
	switch b.choose("Buffer", "Buffer", "Drop", "Latest", "Block") {
	case "Buffer":
		buffer = backpressure.OnBackpressureBuffer[*value](b.between(1, 5), b.overflow())
	case "Drop":
		buffer = backpressure.OnBackpressureDrop[*value]()
	case "Latest":
		buffer = backpressure.OnBackpressureLatest[*value]()
	default:
		m.source.spawns = true // it may have to wait
		buffer = backpressure.OnBackpressureBlock[*value](b.between(1, 5))
	}
	return backpressure.Meter[*value](m.name)(buffer(m.source.observable()))
}

// problem returns what the Meter has counted wrongly, "" if nothing. All must
// have come to rest.
func (m *metered) problem(subs []*handSub) string {
	sent := int64(0)
	for _, s := range subs {
		if s.hand == m.source {
			sent += s.sent.Load()
		}
	}
	after := backpressure.Meters()[m.name]
	if got := after.Received - m.before.Received; got != sent {
		return "Meter: it has counted " + amount(got) + " values, the source has emitted " + amount(sent)
	}
	return ""
}
