package observable_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"weak"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

var errTest = errors.New("test error")

func ExampleSubject() {
	clicks := observable.NewSubject[string]()
	clicks.Subscribe(context.Background(), printer[string]{"first"})
	clicks.Next("a")
	clicks.Subscribe(context.Background(), printer[string]{"second"})
	clicks.Next("b")
	clicks.Complete()
	// Output:
	// first: a
	// first: b
	// second: b
	// first: done
	// second: done
}

func TestSubject(t *testing.T) {
	s := observable.NewSubject[int]()
	s.Next(0) // nobody is there
	a := subscribe(t.Context(), s.Observable, observable.Unbounded)
	s.Next(1)
	b := subscribe(t.Context(), s.Observable, 2)
	s.Next(2)
	a.up.Cancel()
	s.Next(3)
	s.Complete()
	s.Complete()
	s.Next(4)
	late := subscribe(t.Context(), s.Observable, 0)
	a.expectLive(t, 1, 2)
	b.expectComplete(t, 2, 3)
	late.expectComplete(t)
}

func TestSubjectError(t *testing.T) {
	s := observable.NewSubject[int]()
	a := subscribe(t.Context(), s.Observable, 0)
	s.Error(errTest)
	s.Complete()
	late := subscribe(t.Context(), s.Observable, 0)
	for _, p := range []*probe[int]{a, late} {
		p.expect(t)
		if !errors.Is(p.err(), errTest) {
			t.Errorf("error %v", p.err())
		}
	}
	mustPanicWith(t, "observable: Error of a nil error; call Complete", func() { s.Error(nil) })
}

func TestSubjectOverflow(t *testing.T) {
	s := observable.NewSubject[int]()
	var l ledger
	slow := subscribe(l.context(t.Context()), s.Observable, 1)
	fast := subscribe(t.Context(), s.Observable, observable.Unbounded)
	for i := range 3 {
		s.Next(i)
	}
	fast.expectLive(t, 0, 1, 2)
	l.expect(t, entry{1, observable.DiscardOverflow})
	err := failure[*observable.OverflowError](t, slow, 0)
	if err.Op != "NewSubject" || !strings.Contains(err.Site, "subject_test.go:") || !strings.Contains(err.Error(), "OnBackpressureBuffer") {
		t.Errorf("error: %v", err)
	}
}

// Behaviour 2 and L6, for the subjects that do not keep values; the others are
// among the sources.
func TestBehaviour2_Subjects(t *testing.T) {
	subject, behavior := observable.NewSubject[int](), observable.NewBehavior(1)
	async := observable.NewAsync[int]()
	async.Next(1)
	async.Complete()
	for name, s := range map[string]struct {
		observable.Observable[int]
		emit func()
	}{
		"Subject":  {subject.Observable, func() { subject.Next(1) }},
		"Behavior": {behavior.Observable, func() { behavior.Next(1) }},
		"Async":    {async.Observable, func() {}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProbe[int](0)
			p.onSubscribe = func(up observable.Subscription) { up.Request(0) }
			s.Subscribe(t.Context(), p)
			s.emit()
			expectError[*observable.BadRequestError](t, p)

			p = newProbe[int](9)
			p.onNext = func(int) { p.up.Request(-1) }
			s.Subscribe(t.Context(), p)
			s.emit()
			expectError[*observable.BadRequestError](t, p, 1)

			p = newProbe[int](9)
			p.onNext = func(int) {
				requested := make(chan struct{})
				go func() {
					p.up.Request(0)
					close(requested)
				}()
				<-requested
			}
			s.Subscribe(t.Context(), p)
			s.emit()
			s.emit()
			expectError[*observable.BadRequestError](t, p, 1)
		})
	}
}

// A value given to Next inside a subscriber comes after the one that is being
// delivered, for everybody.
func TestSubjectReentrantNext(t *testing.T) {
	s := observable.NewSubject[int]()
	a := newProbe[int](observable.Unbounded)
	a.onNext = func(v int) {
		if v < 3 {
			s.Next(v + 1)
		}
		if v == 3 {
			s.Complete()
			s.Next(99)
		}
	}
	s.Subscribe(t.Context(), a)
	b := subscribe(t.Context(), s.Observable, observable.Unbounded)
	s.Next(1)
	a.expectComplete(t, 1, 2, 3)
	b.expectComplete(t, 1, 2, 3)
}

func TestSubjectReentrantSubscribe(t *testing.T) {
	s := observable.NewSubject[int]()
	a := newProbe[int](observable.Unbounded)
	var b *probe[int]
	a.onNext = func(v int) {
		if v == 1 {
			b = subscribe(t.Context(), s.Observable, observable.Unbounded)
		}
	}
	s.Subscribe(t.Context(), a)
	s.Next(1)
	s.Next(2)
	b.expectLive(t, 2)
}

func TestSubjectConcurrentNext(t *testing.T) {
	const goroutines, each = 8, 2000
	s := observable.NewSubject[int]()
	a := subscribe(t.Context(), s.Observable, observable.Unbounded)
	b := subscribe(t.Context(), s.Observable, goroutines*each)
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range each {
				s.Next(g*each + i)
			}
		})
	}
	wg.Wait()
	s.Complete()
	got := a.got()
	if len(got) != goroutines*each {
		t.Fatalf("%d values", len(got))
	}
	b.expectComplete(t, got...) // the same order for everybody
	last := make([]int, goroutines)
	for _, v := range got {
		if g := v / each; v%each+1 <= last[g] {
			t.Fatalf("%d came after %d of the same goroutine", v%each, last[g]-1)
		} else {
			last[g] = v%each + 1
		}
	}
}

// Subscribers come and go while values are emitted: each sees a gapless run.
func TestSubjectConcurrentSubscribe(t *testing.T) {
	s := observable.NewSubject[int]()
	var producer, consumers sync.WaitGroup
	stop := make(chan struct{})
	producer.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				s.Next(i)
			}
		}
	})
	for range 8 {
		consumers.Go(func() {
			for range 200 {
				p := newProbe[int](observable.Unbounded)
				enough := make(chan struct{})
				p.onNext = func(int) {
					if len(p.values) == 3 {
						p.up.Cancel()
						close(enough)
					}
				}
				s.Subscribe(t.Context(), p)
				<-enough
				got := p.got()
				p.expectLive(t, got[0], got[0]+1, got[0]+2)
			}
		})
	}
	consumers.Wait()
	close(stop)
	producer.Wait()
}

// Behaviour 19.
func TestBehaviour19_ConcurrentTerminals(t *testing.T) {
	marbles.Race(500, func(int) ([]func(), func()) {
		s := observable.NewSubject[int]()
		p := subscribe(t.Context(), s.Observable, 1)
		return []func(){s.Complete, s.Complete, func() { s.Next(1) }, p.up.Cancel}, func() {
			if b := p.broken.Load(); b != nil {
				t.Fatal(*b)
			}
		}
	})
	// An error against a completion: whoever comes later has an end, too.
	marbles.Race(500, func(int) ([]func(), func()) {
		s := observable.NewSubject[int]()
		p := subscribe(t.Context(), s.Observable, 0)
		return []func(){s.Complete, func() { s.Error(errTest) }}, func() {
			if n := p.completed + len(p.errs); n != 1 {
				t.Errorf("%d ends, want 1", n)
			}
			late := subscribe(t.Context(), s.Observable, 0)
			if late.completed != p.completed || len(late.errs) != len(p.errs) {
				t.Errorf("a late subscriber got another end")
			}
		}
	})
}

// Behaviour 16, and bug class 21: a subscriber that has left is not kept.
func TestSubjectForgetsSubscribers(t *testing.T) {
	s := observable.NewSubject[*int]()
	var refs []weak.Pointer[probe[*int]]
	func() {
		ctx := t.Context()
		for i := range 10 {
			p := newProbe[*int](observable.Unbounded)
			if i%2 == 0 {
				p.onSubscribe = observable.Subscription.Cancel
			}
			s.Subscribe(ctx, p)
			v := i
			s.Next(&v)
			p.up.Cancel()
			refs = append(refs, weak.Make(p))
		}
	}()
	runtime.GC()
	for i, ref := range refs {
		if ref.Value() != nil {
			t.Errorf("subscriber %d is still there", i)
		}
	}
	s.Next(nil)
}

// Behaviour 30: a value that waited in line is not kept.
func TestBehaviour30_SubjectForgetsValues(t *testing.T) {
	s := observable.NewSubject[*[64]int]()
	var ref weak.Pointer[[64]int]
	p := newProbe[*[64]int](observable.Unbounded)
	p.onNext = func(v *[64]int) {
		p.values = nil
		if v == nil {
			w := new([64]int)
			ref = weak.Make(w)
			s.Next(w)
		}
	}
	s.Subscribe(t.Context(), p)
	s.Next(nil)
	runtime.GC()
	if ref.Value() != nil {
		t.Error("the value is still there")
	}
	s.Complete()
}

func TestSubjectManyLeave(t *testing.T) {
	s := observable.NewSubject[int]()
	var ps []*probe[int]
	for range 100 {
		ps = append(ps, subscribe(t.Context(), s.Observable, observable.Unbounded))
	}
	s.Next(0)
	for i, p := range ps {
		if i%10 != 0 {
			p.up.Cancel()
		}
		s.Next(i + 1)
	}
	for i, p := range ps {
		if want := 1 + i; i%10 != 0 && len(p.got()) != want || i%10 == 0 && len(p.got()) != 101 {
			t.Errorf("subscriber %d got %d values", i, len(p.got()))
		}
	}
}

func TestSubjectNextDoesNotAllocate(t *testing.T) {
	s := observable.NewSubject[int]()
	for range 3 {
		s.Subscribe(t.Context(), &sum{})
	}
	if n := testing.AllocsPerRun(100, func() { s.Next(1) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
