package marbles_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

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
		"marbles_test.leave.func1, chan receive at leftover_test.go:14; started by marbles_test.leave at leftover_test.go:14",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
}

func TestLiveLeavesGoroutinesToTheCleanupsOfTheTest(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		c := make(chan int)
		leave(c)
		m.T().Cleanup(func() { close(c) })
		go func() { <-m.T().Context().Done() }()
	}, marbles.Live)
}
