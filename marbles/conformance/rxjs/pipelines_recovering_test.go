package rxjs_test

import (
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

var recovering = map[string]pipeline{
	"retry": on(func(b *bench) intOp {
		if b.ResetOnSuccess {
			return operators.Retry[int](b.N, operators.ResetOnValue)
		}
		return operators.Retry[int](b.N)
	}),
	"retryDelay": on(func(b *bench) intOp {
		return operators.RetryAfter[int](func(err error, attempt int) numbers {
			if attempt > b.N {
				return observable.Throw[int](err)
			}
			return observable.Timer(ms(b.args.Delay))
		})
	}),
	"retryWhen": on(func(b *bench) intOp {
		return operators.RetryAfter[int](func(error, int) numbers { return b.other() })
	}),
	"repeat": on(func(b *bench) intOp { return operators.Repeat[int](b.N) }),
	"repeatDelay": on(func(b *bench) intOp {
		return operators.RepeatAfter[int](func(times int) numbers {
			if times >= b.N {
				return observable.Empty[int]()
			}
			return observable.Timer(ms(b.args.Delay))
		})
	}),
	"catchError": on(func(b *bench) intOp { return operators.Catch(func(error) numbers { return b.other() }) }),
	"catchErrorRetry": ints(func(b *bench) numbers {
		k := 0
		var caught numbers
		caught = operators.Catch(func(error) numbers {
			if k++; k <= b.N {
				return caught
			}
			return observable.Throw[int](failure("gave up"))
		})(b.source())
		return caught
	}),
	"catchErrorRethrow": on(func(*bench) intOp {
		return operators.Catch(func(error) numbers { panic(thrown("rethrown")) })
	}),
	"onErrorResumeNextWith": on(func(b *bench) intOp { return operators.OnErrorResumeNextWith(b.other()) }),
}

// kept are the resets of share that a case switches off.
func (b *bench) kept() (opts []operators.MulticastOption) {
	for _, r := range []struct {
		reset *bool
		keep  operators.MulticastOption
	}{
		{b.ResetOnComplete, operators.KeepOnComplete},
		{b.ResetOnError, operators.KeepOnError},
		{b.ResetOnRefCountZero, operators.KeepWhenIdle},
	} {
		if r.reset != nil && !*r.reset {
			opts = append(opts, r.keep)
		}
	}
	return opts
}

var sharing = map[string]pipeline{
	"share": on(func(b *bench) intOp {
		return operators.Multicast(func() operators.Hub[int] { return observable.NewSubject[int]() }, b.kept()...)
	}),
	"shareReplay": on(func(b *bench) intOp {
		var opts []operators.ShareReplayOption
		if b.Window != nil {
			opts = append(opts, operators.MaxAge(ms(*b.Window)))
		}
		if b.RefCount {
			opts = append(opts, operators.RefCounted)
		}
		return operators.ShareReplay[int](or(b.Size, operators.Unlimited), opts...)
	}),
	"connect": on(func(b *bench) intOp {
		return operators.Connect(func(shared numbers) numbers {
			return operators.Merge(take(shared, b.args.Take), operators.Map(b.Fn.unary())(shared))
		})
	}),
	"subject": ints(func(b *bench) numbers {
		o, subject := b.subject()
		b.after(b.ConnectAt, func() { b.source().Subscribe(b.ctx, feeder{subject}) })
		return o
	}),
}

// A subject is the half of one that takes values.
type subject interface {
	Next(int)
	Error(error)
	Complete()
}

// A feeder subscribes a subject to a source.
type feeder struct{ subject }

func (feeder) OnSubscribe(up observable.Subscription) { up.Request(observable.Unbounded) }
func (f feeder) OnNext(v int)                         { f.Next(v) }
func (f feeder) OnError(err error)                    { f.Error(err) }
func (f feeder) OnComplete()                          { f.Complete() }

// subject makes the subject that the case is about.
func (b *bench) subject() (numbers, subject) {
	switch b.Kind {
	case "behavior":
		s := observable.NewBehavior(b.Initial)
		return s.Observable, s
	case "replay":
		s := observable.NewReplay[int](or(b.Size, observable.Unlimited), ms(or(b.Window, 0)), scheduler.On(b.clock))
		return s.Observable, s
	case "async":
		s := observable.NewAsync[int]()
		return s.Observable, s
	}
	s := observable.NewSubject[int]()
	return s.Observable, s
}
