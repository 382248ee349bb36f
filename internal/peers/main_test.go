package peers_test

import (
	"errors"
	"reflect"
	"testing"

	"go.uber.org/goleak"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errBoom = errors.New("boom")

// same fails the test unless got is want.
func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// ended fails the test unless the stream of sub has ended, with the error want;
// nil stands for completion.
func ended[T any](t *testing.T, sub *marbles.TestSubscriber[T], want error) {
	t.Helper()
	if done, err := sub.Ended(); !done || !errors.Is(err, want) {
		t.Errorf("ended %t with %v, want an end with %v", done, err, want)
	}
}

// everything returns a subscriber that has requested all there is.
func everything[T any](t *testing.T) *marbles.TestSubscriber[T] {
	t.Helper()
	return marbles.NewTestSubscriber[T](t, observable.Unbounded)
}

// panicValue returns what the panic was called with that err reports.
func panicValue(t *testing.T, err error) any {
	t.Helper()
	p, ok := errors.AsType[*observable.PanicError](err)
	if !ok {
		t.Fatalf("the error is %v, want a *PanicError", err)
	}
	return p.Value
}

// holdsWhatItAskedFor emits all that was asked of src and fails the test if that
// is much, or if more is asked for while nothing can be passed on.
func holdsWhatItAskedFor(t *testing.T, src *marbles.TestSource[int]) {
	t.Helper()
	asked := int(src.Requested())
	if asked < 1 || asked > 1024 {
		t.Fatalf("asked for %d values", asked)
	}
	for i := range asked {
		src.Next(i)
	}
	same(t, "asked for when all are held", int(src.Requested()), asked)
}

func double(v int) int { return 2 * v }

func sum(a, b int) int { return a + b }

func itself[T any](o observable.Observable[T]) observable.Observable[T] { return o }
