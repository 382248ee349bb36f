package observable_test

import (
	"context"
	"fmt"

	"github.com/sluicego/sluice/observable"
)

// A printer takes whatever comes and prints it under its name.
type printer[T any] struct{ name string }

func (p printer[T]) OnSubscribe(s observable.Subscription) { s.Request(observable.Unbounded) }
func (p printer[T]) OnNext(v T)                            { fmt.Printf("%s: %v\n", p.name, v) }
func (p printer[T]) OnError(err error)                     { fmt.Printf("%s: %v\n", p.name, err) }
func (p printer[T]) OnComplete()                           { fmt.Printf("%s: done\n", p.name) }

// show prints all that o emits, and how it ends.
func show[T any](o observable.Observable[T]) {
	values, err := o.Collect(context.Background())
	fmt.Println(values, err)
}
