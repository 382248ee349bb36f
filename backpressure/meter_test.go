package backpressure_test

import (
	"context"
	"encoding/json"
	"expvar"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

func init() { diagrams["Meter"] = on(backpressure.Meter[string]("docs")) }

func ExampleMeter() {
	clicks := observable.NewSubject[int]()
	page := backpressure.NewRequester[int]()
	observable.Pipe2(
		clicks.Observable,
		backpressure.OnBackpressureBuffer[int](3, backpressure.DropOldest),
		backpressure.Meter[int]("clicks"),
	).Subscribe(context.Background(), page)

	page.Request(2)
	for click := range 10 {
		clicks.Next(click)
	}
	m := backpressure.Meters()["clicks"]
	fmt.Println("received", m.Received, "delivered", m.Delivered, "discarded", m.Discarded, "buffered", m.Buffered)
	page.Cancel()
	fmt.Println(backpressure.Meters()["clicks"].Reasons)
	// Output:
	// received 10 delivered 2 discarded 5 buffered 3
	// map[cancel:3 overflow:5]
}

// In a program, http.ListenAndServe shows it at /debug/vars.
func ExampleMeters() {
	expvar.Publish("sluice", expvar.Func(func() any { return backpressure.Meters() }))

	queue := observable.NewUnicast[string](10)
	observable.Pipe2(
		queue.Observable,
		backpressure.OnBackpressureLatest[string](),
		backpressure.Meter[string]("alerts"),
	).Subscribe(context.Background(), backpressure.NewRequester[string]())
	queue.Next("one")
	queue.Next("two")

	page := httptest.NewRecorder()
	expvar.Handler().ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/debug/vars", nil))
	var vars struct {
		Sluice map[string]backpressure.MeterReading
	}
	if err := json.Unmarshal(page.Body.Bytes(), &vars); err != nil {
		fmt.Println(err)
	}
	fmt.Printf("%+v\n", vars.Sluice["alerts"])
	// Output:
	// {Received:2 Delivered:0 Discarded:1 Reasons:map[overflow:1] Buffered:1 MaxBuffered:1 Demand:0 Subscriptions:1}
}

func TestMeterReadings(t *testing.T) {
	op := observable.Compose2(backpressure.OnBackpressureBuffer[int](4, backpressure.DropNewest), backpressure.Meter[int](t.Name()))
	read := func(want backpressure.MeterReading) {
		t.Helper()
		if d := cmp.Diff(want, backpressure.Meters()[t.Name()]); d != "" {
			t.Errorf("the reading (-want +got):\n%s", d)
		}
	}
	read(backpressure.MeterReading{Reasons: map[string]int64{}})

	a := newBench(t, 2, op)
	for v := range 5 {
		a.src.Next(v)
	}
	read(backpressure.MeterReading{Received: 5, Delivered: 2, Buffered: 3, MaxBuffered: 3, Reasons: map[string]int64{}, Subscriptions: 1})
	a.Request(10)
	read(backpressure.MeterReading{Received: 5, Delivered: 5, MaxBuffered: 3, Demand: 7, Reasons: map[string]int64{}, Subscriptions: 1})

	// A second subscription counts into the same name.
	b := newBench(t, 0, op)
	for v := range 6 {
		b.src.Next(v)
	}
	read(backpressure.MeterReading{
		Received: 11, Delivered: 5, Discarded: 2, Buffered: 4, MaxBuffered: 4, Demand: 7,
		Reasons: map[string]int64{"overflow": 2}, Subscriptions: 2,
	})
	b.Cancel()
	a.src.Complete()
	read(backpressure.MeterReading{
		Received: 11, Delivered: 5, Discarded: 6, MaxBuffered: 4,
		Reasons: map[string]int64{"overflow": 2, "cancel": 4},
	})
	// The hook of the ctx has been told as well.
	if got := len(b.discarded); got != 6 {
		t.Errorf("%d values were discarded, and reported to the hook, want 6", got)
	}

	c := newBench(t, observable.Unbounded, op)
	c.src.Next(1)
	if m := backpressure.Meters()[t.Name()]; m.Demand != observable.Unbounded || m.Delivered != 6 {
		t.Errorf("demand %d, delivered %d", m.Demand, m.Delivered)
	}
	c.src.Error(marbles.ErrMarble)
	if m := backpressure.Meters()[t.Name()]; m.Demand != 0 || m.Delivered != 6 || m.Subscriptions != 0 {
		t.Errorf("after an error: %+v", m)
	}
}

// The values that meet a cancel are counted, too, and a reading may come at any
// time.
func TestMeterRace(t *testing.T) {
	for _, buffer := range []observable.Operator[int, int]{
		backpressure.OnBackpressureBuffer[int](2, backpressure.DropOldest),
		backpressure.OnBackpressureLatest[int](),
	} {
		produced, name := int64(0), t.Name()
		before := backpressure.Meters()[name].Received
		op := observable.Compose2(buffer, backpressure.Meter[int](name))
		marbles.Race(200, func(int) ([]func(), func()) {
			src := observable.NewSubject[int]()
			sub := marbles.NewTestSubscriber[int](t, 1)
			n := int64(0)
			op(src.Observable).Subscribe(context.Background(), sub.Outside())
			return []func(){
				func() {
					for v := range 20 {
						if v == 10 {
							sub.Request(3)
						}
						src.Next(v)
						n++
					}
				},
				func() { sub.Request(5) },
				func() { _ = backpressure.Meters()[name] },
			}, func() { sub.Cancel(); produced += n }
		})
		if m := backpressure.Meters()[name]; m.Received-before != produced || m.Buffered != 0 || m.Subscriptions != 0 {
			t.Errorf("%d were produced; the Meter has %+v", produced, m)
		}
	}
}

func TestMeterWithoutName(t *testing.T) {
	defer func() {
		if got, want := fmt.Sprint(recover()), "backpressure: Meter without a name; by its name the counts are found"; got != want {
			t.Errorf("panicked with %q, want %q", got, want)
		}
	}()
	backpressure.Meter[int]("")
}
