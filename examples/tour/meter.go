package main

import (
	"context"

	"github.com/sluicego/sluice/observable"
)

// meter is an operator of our own, made like those of the library. It stands
// directly behind the source, and keeps the books of what passes: values on
// their way down, requests on their way up.
func meter(b *books) observable.Operator[string, item] {
	return observable.Lift(func(_ context.Context, down observable.Subscriber[item]) observable.Subscriber[string] {
		return &metered{down: down, books: b}
	})
}

type metered struct {
	down  observable.Subscriber[item]
	up    observable.Subscription
	books *books
}

func (m *metered) OnSubscribe(up observable.Subscription) {
	m.up = up
	m.down.OnSubscribe(m)
}

func (m *metered) OnNext(text string) { m.down.OnNext(m.books.produce(text)) }
func (m *metered) OnError(err error)  { m.down.OnError(err) }
func (m *metered) OnComplete()        { m.down.OnComplete() }

func (m *metered) Request(n int64) {
	m.books.tape.request(m.books.now(), n)
	m.up.Request(n)
}

func (m *metered) Cancel() {
	m.books.tape.cancel(m.books.now())
	m.up.Cancel()
}
