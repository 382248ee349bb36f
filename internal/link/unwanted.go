package link

import "reflect"

// Unwanted has f called when the Observable that o points to is discarded, as a
// value of another stream: nobody will subscribe to it, and what it holds is to be
// discarded for the same reason (an observable.DiscardReason). It is called by
// those who report discarded values only; what nobody asks for is not counted.
//
// Package observable sets it. An Observable is made outside of it where the values
// of a stream are streams themselves: windows and groups.
var Unwanted func(o any, f func(why int))

// Streams returns a value that is an Observable, or embeds one, as an
// Observable[any], with the type of its values. It is for those who look into
// streams of streams without knowing their types: package marbles.
//
// Package observable sets it.
var Streams func(v any) (boxed any, elem reflect.Type, ok bool)
