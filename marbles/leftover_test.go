package marbles_test

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles"
)

// leave starts a goroutine that waits for c.
func leave(c chan int) {
	go func() { <-c }()
}

// A goroutine that nothing can end makes the bubble panic, so this test runs
// another process.
func TestLiveNamesGoroutinesThatAreLeft(t *testing.T) {
	if os.Getenv("MARBLES_LEAVE") != "" {
		marbles.Live(t, func(*marbles.Test) { leave(make(chan int)) })
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "MARBLES_LEAVE=1")
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Error("the test did not fail")
	}
	for _, want := range []string{
		"goroutines that it started would wait for ever, 1 in number",
		"marbles_test.leave.func1, chan receive at leftover_test.go:16; started by marbles_test.leave at leftover_test.go:16",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
}

// Time would never pass in a bubble whose goroutines wait for a mutex, so this
// test runs another process, too.
func TestLiveTellsThatAMutexStopsTime(t *testing.T) {
	if os.Getenv("MARBLES_STALL") != "" {
		marbles.LookOften()
		marbles.Live(t, func(m *marbles.Test) {
			var mu sync.Mutex
			marbles.Call(m, "-a-b", func(string) {
				for range 2 {
					go hold(m, &mu)
				}
			})
		})
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "MARBLES_STALL=1")
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Error("the test did not fail")
	}
	for _, want := range []string{
		"marbles: TestLiveTellsThatAMutexStopsTime stands still",
		"marbles_test.hold, sync.Mutex.Lock at leftover_test.go:",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
}

// hold has mu while a millisecond passes.
func hold(m *marbles.Test, mu *sync.Mutex) {
	passed := make(chan struct{})
	mu.Lock()
	defer mu.Unlock()
	m.Scheduler().After(time.Millisecond, func() { close(passed) })
	<-passed
}

func TestLiveLeavesGoroutinesToTheCleanupsOfTheTest(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		c := make(chan int)
		leave(c)
		m.T().Cleanup(func() { close(c) })
		go func() { <-m.T().Context().Done() }()
	}, marbles.Live)
}

// Goroutines that wait for the test's own channels are let go, so that the
// failure is one of its test only.
func TestLiveLetsGoOfGoroutinesThatAreLeft(t *testing.T) {
	for name, body := range map[string]func(m *marbles.Test){
		"which receive": func(m *marbles.Test) {
			in := marbles.Chan[string](m, "-a")
			go func() {
				for range in {
					continue
				}
			}()
		},
		"which send": func(m *marbles.Test) {
			out := make(chan string)
			go func() {
				for range 3 {
					out <- "a"
				}
			}()
			marbles.ExpectChan(m, out).Demand("^1!").ToBe("-a")
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := strings.Join(marbles.LiveOutcome(t, body), "\n")
			if !strings.Contains(got, "would wait for ever, 1 in number") || !strings.Contains(got, "leftover_test.go:") {
				t.Errorf("reported %q", got)
			}
		})
	}
}
