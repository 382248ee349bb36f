package observable_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/sluicego/sluice/observable"
)

func ExampleObservable_FirstValue() {
	fmt.Println(observable.Of("a", "b").FirstValue(context.Background()))
	fmt.Println(observable.Empty[int]().FirstValue(context.Background()))
	// Output:
	// a <nil>
	// 0 observable: the stream completed without a value
}

func ExampleObservable_LastValue() {
	fmt.Println(observable.Of("a", "b").LastValue(context.Background()))
	// Output: b <nil>
}

func TestFirstValue(t *testing.T) {
	made := 0
	src, cancels := watched(observable.Generate(0, func(i int) (int, int, bool) {
		made++
		return i, i + 1, true
	}))
	if v, err := src.FirstValue(t.Context()); v != 0 || err != nil || made != 1 || cancels() != 1 {
		t.Errorf("%d, %v; %d values were made, cancelled %d times", v, err, made, cancels())
	}
	if _, err := observable.Throw[int](errTest).FirstValue(t.Context()); !errors.Is(err, errTest) {
		t.Errorf("error %v", err)
	}
	if v, err := observable.Range(7, 3).FirstValue(context.Background()); v != 7 || err != nil {
		t.Errorf("with a ctx that cannot end: %d, %v", v, err)
	}
}

func TestLastValue(t *testing.T) {
	if v, err := failing().LastValue(t.Context()); v != 3 || !errors.Is(err, errTest) {
		t.Errorf("%d, %v", v, err)
	}
	if _, err := observable.Empty[int]().LastValue(t.Context()); !errors.Is(err, observable.ErrEmpty) {
		t.Errorf("error %v", err)
	}
}
