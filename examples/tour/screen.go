package main

import (
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"
)

// A screen is where the tour shows itself. On a terminal the line of progress
// is drawn again and again; elsewhere, now and then, on a line of its own.
type screen struct {
	w        io.Writer
	terminal bool
	failure  atomic.Pointer[error] // the first one of w; any goroutine
}

func newScreen(f *os.File) *screen {
	info, err := f.Stat()
	return &screen{w: f, terminal: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

// printf writes to the screen. If nobody can see it, the runs go on, and the
// program says so at the end.
func (s *screen) printf(format string, args ...any) {
	if _, err := fmt.Fprintf(s.w, format, args...); err != nil {
		s.failure.CompareAndSwap(nil, &err)
	}
}

// err returns the first error of writing.
func (s *screen) err() error {
	if err := s.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// How often the memory is measured and the line redrawn, and how often it is
// printed where it cannot be redrawn.
const (
	redraw  = 100 * time.Millisecond
	reprint = time.Second
)

// A watcher shows the progress of one run and measures the memory it takes.
type watcher struct {
	out  *screen
	base int64 // the memory in use before
	quit chan struct{}
	most chan int64 // the memory in use at most, above base
}

func watch(out *screen) *watcher {
	return &watcher{out: out, base: liveHeap(), quit: make(chan struct{}), most: make(chan int64)}
}

func (w *watcher) start(b *books) { go w.run(b) }

// stop shows the last state, and returns the memory that was in use at most.
func (w *watcher) stop() int64 {
	close(w.quit)
	return <-w.most
}

func (w *watcher) run(b *books) {
	tick := time.NewTicker(redraw)
	defer tick.Stop()
	var most int64
	printed := time.Duration(0)
	for {
		select {
		case <-tick.C:
			most = max(most, liveHeap()-w.base)
			if now := b.now(); w.out.terminal {
				w.out.printf("\r%s", progress(b, now))
			} else if now-printed >= reprint {
				printed = now
				w.out.printf("%s\n", progress(b, now))
			}
		case <-w.quit:
			if w.out.terminal {
				w.out.printf("\r")
			}
			w.out.printf("%s\n", progress(b, b.now()))
			w.most <- most
			return
		}
	}
}

// progress is a run at one instant.
func progress(b *books, now time.Duration) string {
	t := b.totals()
	return fmt.Sprintf("        %-10s%.2f s %8s produced %8s delivered %8s dropped %8s held",
		"run", now.Seconds(), group(t.produced), group(t.delivered), group(t.dropped), group(t.held()+t.unread))
}
