package observable_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/doclint"
	"github.com/sluicego/sluice/internal/rxgo"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// Operators, Pipe and New are no sources of their own, and Subscribe is what the
// terminals stand on.
func TestDocs(t *testing.T) {
	exempt := []string{"New", "Lift", "Subscribe"}
	for _, n := range "123456789" {
		exempt = append(exempt, "Pipe"+string(n), "Compose"+string(n))
	}
	doclint.Check(t, "github.com/sluicego/sluice/observable", exempt...)
}

// Every diagram in a doc comment of the package runs (L15: also unlinked).
func TestDiagrams(t *testing.T) { doclint.Play(t, diagrams, "../docs/pictures/observable") }

type stream = observable.Observable[string]

// source plays a source that needs no row.
func source[T any](make func() observable.Observable[T]) marbles.Played {
	return func(*marbles.Doc) stream { return marbles.Text(make()) }
}

// A subject is what the subjects have in common.
type subject interface {
	Next(v string)
	Error(err error)
	Complete()
}

// fed plays a subject that is given the row "source".
func fed(make func() (subject, stream)) marbles.Played {
	return func(d *marbles.Doc) stream {
		s, out := make()
		src := d.Hot("source")
		d.Test().At(0, func() { src.Subscribe(d.Test().Context(), feeder{s}) })
		return out
	}
}

type feeder struct{ to subject }

func (f feeder) OnSubscribe(s observable.Subscription) { s.Request(observable.Unbounded) }
func (f feeder) OnNext(v string)                       { f.to.Next(v) }
func (f feeder) OnError(err error)                     { f.to.Error(err) }
func (f feeder) OnComplete()                           { f.to.Complete() }

var (
	errDoc = errors.New("doc")
	abc    = []string{"a", "b", "c"}
)

func ofABC() stream { return observable.FromSlice(abc) }

var diagrams = map[string]marbles.Played{
	"Of":        source(func() stream { return observable.Of("a", "b", "c") }),
	"FromSlice": source(ofABC),
	"Empty":     source(observable.Empty[string]),
	"Never":     source(observable.Never[string]),
	"Throw":     source(func() stream { return observable.Throw[string](errDoc) }),
	"Range":     source(func() observable.Observable[int] { return observable.Range(1, 3) }),
	"FromSeq":   source(func() stream { return observable.FromSeq(slices.Values(abc)) }),
	"FromSeq2": source(func() stream {
		return observable.FromSeq2(func(yield func(string, error) bool) {
			for _, v := range abc {
				if !yield(v, nil) {
					return
				}
			}
			yield("", errDoc)
		})
	}),
	"FromChan": func(d *marbles.Doc) stream {
		d.LiveOnly()
		ch := make(chan string, len(abc))
		for _, v := range abc {
			ch <- v
		}
		close(ch)
		return observable.FromChan(ch)
	},
	"FromItems": func(d *marbles.Doc) stream {
		d.LiveOnly()
		return observable.FromItems[string](rxgo.Just("a", "b", "c")().Observe())
	},
	"FromItemsFunc": func(d *marbles.Doc) stream {
		d.LiveOnly()
		return observable.FromItemsFunc[string](func(ctx context.Context) <-chan rxgo.Item {
			return rxgo.Just("a", "b", "c")().Observe(rxgo.WithContext(ctx))
		})
	},
	"FromFunc": source(func() stream {
		return observable.FromFunc(func(context.Context) (string, error) { return "a", nil })
	}),
	"FromReader": source(func() stream {
		toString := operators.Map(func(b []byte) string { return string(b) })
		return toString(observable.FromReader(strings.NewReader("abc"), 1))
	}),
	"Lines": source(func() stream { return observable.Lines(strings.NewReader("a\nb\nc\n")) }),
	"Generate": source(func() observable.Observable[int] {
		return observable.Generate(1, func(n int) (int, int, bool) { return n, 2 * n, n <= 8 })
	}),
	"Create": func(d *marbles.Doc) stream {
		d.LiveOnly()
		return observable.Create(func(_ context.Context, emit observable.Emitter[string]) error {
			for _, v := range abc {
				emit.Next(v)
			}
			return nil
		})
	},
	"Defer": source(func() stream { return observable.Defer(func(context.Context) stream { return ofABC() }) }),
	"Using": source(func() stream {
		return observable.Using(
			func(context.Context) (io.Reader, error) { return strings.NewReader("a\nb\nc"), nil },
			observable.Lines,
			func(io.Reader) error { return nil })
	}),
	"Timer":    source(func() observable.Observable[int] { return observable.Timer(3 * time.Millisecond) }),
	"Interval": source(func() observable.Observable[int] { return observable.Interval(2 * time.Millisecond) }),
	"Interval…InitialDelay(3ms)": source(func() observable.Observable[int] {
		return observable.Interval(2*time.Millisecond, observable.InitialDelay(3*time.Millisecond))
	}),
	"FromCallback": func(d *marbles.Doc) stream {
		var listen func(string)
		for i, v := range abc {
			d.Test().At(2*i+1, func() { listen(v) })
		}
		return observable.FromCallback(func(listener func(string)) (unregister func()) {
			listen = listener
			return func() {}
		})
	},

	"NewSubject":  fed(func() (subject, stream) { s := observable.NewSubject[string](); return s, s.Observable }),
	"NewBehavior": fed(func() (subject, stream) { s := observable.NewBehavior("v"); return s, s.Observable }),
	"NewReplay":   fed(func() (subject, stream) { s := observable.NewReplay[string](2, 0); return s, s.Observable }),
	"NewAsync":    fed(func() (subject, stream) { s := observable.NewAsync[string](); return s, s.Observable }),
	"NewUnicast":  fed(func() (subject, stream) { s := observable.NewUnicast[string](3); return s, s.Observable }),
}
