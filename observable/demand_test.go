package observable_test

import (
	"fmt"
	"math"
	"runtime"
	"sync"
	"testing"

	"github.com/sluicego/sluice/observable"
)

// Behaviour 1: requests one by one, from inside OnNext, to the depth of 1.
func TestBehaviour1_RequestInside(t *testing.T) {
	eachSource(t, func(t *testing.T, m maker) {
		const n = 2000
		p := newProbe[int](1)
		p.onNext = func(int) { p.up.Request(1) }
		m(n).Subscribe(t.Context(), p)
		<-p.done
		p.expectComplete(t, numbers(n)...)
	})
}

func TestBehaviour1_Million(t *testing.T) {
	const n = 1_000_000
	c := &counter{batch: 1}
	observable.Range(0, n).Subscribe(t.Context(), c)
	if c.n != n || c.deepest != 1 {
		t.Errorf("%d values, depth %d", c.n, c.deepest)
	}
}

// A counter requests batch values at a time, and measures how deep it recurses.
type counter struct {
	batch             int64
	up                observable.Subscription
	n, depth, deepest int
}

func (c *counter) OnSubscribe(up observable.Subscription) { c.up = up; up.Request(c.batch) }

func (c *counter) OnNext(int) {
	c.n++
	c.depth++
	c.deepest = max(c.deepest, c.depth)
	if int64(c.n)%c.batch == 0 {
		c.up.Request(c.batch)
	}
	c.depth--
}

func (c *counter) OnError(error) {}
func (c *counter) OnComplete()   {}

// Behaviour 2 and L6: a bad request ends the stream with one error, wherever it
// comes from.
func TestBehaviour2_BadRequest(t *testing.T) {
	for _, n := range []int64{0, -1, math.MinInt64} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			eachSource(t, func(t *testing.T, m maker) {
				t.Run("in OnSubscribe", func(t *testing.T) {
					p := newProbe[int](0)
					p.onSubscribe = func(up observable.Subscription) {
						up.Request(n)
						up.Request(5)
					}
					m(3).Subscribe(t.Context(), p)
					<-p.done
					if err := failure[*observable.BadRequestError](t, p); err.N != n {
						t.Errorf("error %v", err)
					}
				})
				t.Run("in OnNext", func(t *testing.T) {
					p := newProbe[int](observable.Unbounded)
					p.onNext = func(int) { p.up.Request(n) }
					m(3).Subscribe(t.Context(), p)
					<-p.done
					expectError[*observable.BadRequestError](t, p, 0)
				})
				t.Run("elsewhere, while it emits", func(t *testing.T) {
					p := newProbe[int](observable.Unbounded)
					p.onNext = func(int) {
						requested := make(chan struct{})
						go func() {
							p.up.Request(n)
							close(requested)
						}()
						<-requested
					}
					m(3).Subscribe(t.Context(), p)
					<-p.done
					expectError[*observable.BadRequestError](t, p, 0)
				})
				t.Run("later", func(t *testing.T) {
					p := newProbe[int](0)
					second := make(chan struct{})
					p.onNext = func(v int) {
						if v == 1 {
							close(second)
						}
					}
					m(3).Subscribe(t.Context(), p)
					p.up.Request(2)
					<-second
					p.up.Request(n)
					<-p.done
					expectError[*observable.BadRequestError](t, p, 0, 1)
				})
			})
		})
	}
}

// Behaviours 3 and 4: demand saturates and stays unbounded.
func TestBehaviour3_DemandSaturates(t *testing.T) {
	eachSource(t, func(t *testing.T, m maker) {
		for _, requests := range [][]int64{
			{math.MaxInt64 / 2, math.MaxInt64 / 2, 1, 1},
			{math.MaxInt64 - 1, math.MaxInt64 - 1, math.MaxInt64 - 1},
			{1, math.MaxInt64, 1, math.MaxInt64},
		} {
			p := newProbe[int](0)
			p.onNext = func(v int) {
				if v < 3 {
					p.up.Request(requests[0])
				}
			}
			p.onSubscribe = func(up observable.Subscription) {
				for _, n := range requests {
					up.Request(n)
				}
			}
			m(100).Subscribe(t.Context(), p)
			<-p.done
			p.expectComplete(t, numbers(100)...)
		}
	})
}

// Behaviour 5: the sum of concurrent requests is exact, and there is one loop.
func TestBehaviour5_ConcurrentRequests(t *testing.T) {
	eachSource(t, func(t *testing.T, m maker) {
		const goroutines, each = 8, 200
		p := newProbe[int](0)
		all := make(chan struct{})
		p.onNext = func(v int) {
			if v == goroutines*each-1 {
				close(all)
			}
		}
		m(2*goroutines*each).Subscribe(t.Context(), p)
		var wg sync.WaitGroup
		for range goroutines {
			wg.Go(func() {
				for range each {
					p.up.Request(1)
				}
			})
		}
		wg.Wait()
		<-all
		runtime.Gosched()
		p.expectLive(t, numbers(goroutines*each)...)
		p.up.Cancel()
	})
}
