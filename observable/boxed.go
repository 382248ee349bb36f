package observable

import (
	"context"
	"reflect"

	"github.com/sluicego/sluice/internal/link"
)

// boxed is o for those who do not know its type (link.Streams).
func (o Observable[T]) boxed() (Observable[any], reflect.Type) {
	return Observable[any]{subscribe: func(ctx context.Context, s Subscriber[any]) {
		o.Subscribe(ctx, &boxer[T]{down: s})
	}}, reflect.TypeFor[T]()
}

// A boxer hands values on as they are, in an interface.
type boxer[T any] struct {
	link.Inside
	down Subscriber[any]
}

func (b *boxer[T]) OnSubscribe(sub Subscription) { b.down.OnSubscribe(sub) }
func (b *boxer[T]) OnNext(v T)                   { b.down.OnNext(v) }
func (b *boxer[T]) OnError(err error)            { b.down.OnError(err) }
func (b *boxer[T]) OnComplete()                  { b.down.OnComplete() }
