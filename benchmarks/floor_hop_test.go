package benchmarks_test

import (
	"sync"
	"sync/atomic"
)

// The floors of a hop: a producing goroutine sends 0 to n-1, the caller adds
// them up.

func hopChannel(n, capacity int) int {
	ch := make(chan int, capacity)
	go func() {
		defer close(ch)
		for v := range n {
			ch <- v
		}
	}()
	sum := 0
	for v := range ch {
		sum += v
	}
	return sum
}

func hopRing(n, capacity int) int {
	r := newRing(capacity)
	go func() {
		for v := range n {
			r.push(v)
		}
	}()
	sum := 0
	for range n {
		sum += r.pop()
	}
	return sum
}

// A ring is the classic queue of one producer and one consumer: each side
// writes its own index and keeps a copy of the other's, which it reads again
// only when the ring looks full or empty. A side that cannot go on parks.
type ring struct {
	buf  []int // length is a power of two
	_    [40]byte
	tail atomic.Uint64 // where the producer writes next
	free uint64        // the producer's copy of head
	_    [48]byte
	head atomic.Uint64 // where the consumer reads next
	full uint64        // the consumer's copy of tail
	_    [48]byte

	notFull, notEmpty parking
}

func newRing(capacity int) *ring {
	return &ring{
		buf:      make([]int, capacity),
		notFull:  parking{wake: make(chan struct{}, 1)},
		notEmpty: parking{wake: make(chan struct{}, 1)},
	}
}

func (r *ring) push(v int) {
	at, size := r.tail.Load(), uint64(len(r.buf))
	if at-r.free == size {
		// Waiting for half the ring, not for one slot, makes parking rare.
		r.notFull.await(func() bool { r.free = r.head.Load(); return at-r.free < size }, func() bool {
			r.free = r.head.Load()
			return at-r.free <= size/2
		})
	}
	r.buf[at&(size-1)] = v
	r.tail.Store(at + 1)
	r.notEmpty.signal()
}

func (r *ring) pop() int {
	at, size := r.head.Load(), uint64(len(r.buf))
	if at == r.full {
		ready := func() bool { r.full = r.tail.Load(); return at != r.full }
		r.notEmpty.await(ready, ready)
	}
	v := r.buf[at&(size-1)]
	r.head.Store(at + 1)
	if r.notFull.parked.Load() && r.tail.Load()-at <= size/2 {
		r.notFull.signal()
	}
	return v
}

// A parking is where one goroutine waits for another.
type parking struct {
	parked atomic.Bool
	wake   chan struct{}
}

// await returns when now or, after parking, later reports true.
func (p *parking) await(now, later func() bool) {
	if now() {
		return
	}
	for {
		p.parked.Store(true)
		if later() {
			if p.parked.Swap(false) {
				return
			}
			<-p.wake // the other side has seen parked and will send
			return
		}
		<-p.wake
		if later() {
			return
		}
	}
}

func (p *parking) signal() {
	if p.parked.Load() && p.parked.Swap(false) {
		p.wake <- struct{}{}
	}
}

// hopSwap lets the producer append to a slice under a mutex; the consumer
// exchanges it for an empty one and works through it without the mutex.
func hopSwap(n, capacity int) int {
	var (
		mu       sync.Mutex
		notEmpty = sync.NewCond(&mu)
		notFull  = sync.NewCond(&mu)
		waiting  = make([]int, 0, capacity)
		spare    = make([]int, 0, capacity)
	)
	go func() {
		for v := range n {
			mu.Lock()
			for len(waiting) == capacity {
				notFull.Wait()
			}
			waiting = append(waiting, v)
			if len(waiting) == 1 {
				notEmpty.Signal()
			}
			mu.Unlock()
		}
	}()
	sum := 0
	for seen := 0; seen < n; seen += len(spare) {
		mu.Lock()
		for len(waiting) == 0 {
			notEmpty.Wait()
		}
		waiting, spare = spare[:0], waiting
		notFull.Signal()
		mu.Unlock()
		for _, v := range spare {
			sum += v
		}
	}
	return sum
}
