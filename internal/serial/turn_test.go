package serial_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sluicego/sluice/internal/serial"
)

func TestTurn(t *testing.T) {
	var turn serial.Turn
	if turn.Closed() || turn.Over() {
		t.Error("a new turn is not open")
	}
	for range 2 {
		if !turn.Enter() {
			t.Fatal("an open turn does not let everybody in")
		}
	}
	turn.Close()
	turn.Close()
	if turn.Enter() {
		t.Error("somebody entered a closed turn")
	}
	if turn.Exit() || turn.Over() {
		t.Error("the turn is over with one still inside")
	}
	if !turn.Exit() || !turn.Over() {
		t.Error("the turn is not over with nobody inside")
	}
}

// Whatever the order, exactly one learns that the turn is over: the last to
// exit, or whoever closed it when it was empty.
func TestTurnIsOverOnce(t *testing.T) {
	for range 2000 {
		var (
			turn serial.Turn
			over atomic.Int32
			wg   sync.WaitGroup
		)
		for range 3 {
			wg.Go(func() {
				if turn.Enter() && turn.Exit() {
					over.Add(1)
				}
			})
		}
		wg.Go(turn.Close)
		wg.Wait()
		if n := over.Load(); n > 1 || !turn.Over() {
			t.Fatalf("%d learned that it is over; over: %t", n, turn.Over())
		}
	}
}

func TestDrainEnter(t *testing.T) {
	var d serial.Drain
	steps := 0
	step := func() { steps++ }
	if !d.Enter() || d.Enter() {
		t.Fatal("a drain is entered by one at a time")
	}
	if d.Leave(step) || steps != 0 {
		t.Error("leaving ran a step that nobody asked for")
	}
	d.Enter()
	d.Wake(step)
	d.Wake(step)
	if steps != 0 {
		t.Error("a step ran while the drain was taken")
	}
	if !d.Leave(step) || steps != 1 {
		t.Errorf("leaving ran %d steps for two that woke the drain meanwhile, want 1", steps)
	}
}

func TestDrainEnterExcludes(t *testing.T) {
	const each = 10_000
	var (
		d     serial.Drain
		wg    sync.WaitGroup
		n     int // the drain only
		asked atomic.Int64
		done  int64 // the drain only
	)
	step := func() { done = asked.Load() }
	for range 4 {
		wg.Go(func() {
			for range each {
				if d.Enter() {
					n++
					d.Leave(step)
				} else {
					asked.Add(1)
					d.Wake(step)
				}
			}
		})
	}
	wg.Wait()
	if int64(n)+done != 4*each {
		t.Errorf("%d entered and %d of %d wakes were seen", n, done, asked.Load())
	}
}

// A drain whose step ends the goroutine is not lost.
func TestDrainResume(t *testing.T) {
	var d serial.Drain
	steps := 0
	plain := func() { steps++ }
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.Wake(func() {
			defer d.Resume(plain)
			d.Wake(plain)
			runtime.Goexit()
		})
	}()
	<-done
	if steps != 1 {
		t.Errorf("%d steps after the one that ended the goroutine, want 1", steps)
	}
	if !d.Enter() {
		t.Error("the drain is still taken")
	}
}
