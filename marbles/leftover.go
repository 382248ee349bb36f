package marbles

import (
	"fmt"
	"path"
	"runtime"
	"strings"
	"testing/synctest"
)

// A goroutine that is left when a live test is over makes its bubble panic, and
// with it the test binary. What it was, and who started it, is said before that.

// leftBehind reports the goroutines of this bubble that are left. It is for the
// bubble's first goroutine, when everything else of the test is over. Where a
// source of the test keeps them waiting it lets them go, which spares the others
// of the binary the panic.
func (m *Test) leftBehind() {
	m.t.Helper()
	synctest.Wait()
	left := goroutinesLeft()
	if len(left) == 0 {
		return
	}
	m.t.Errorf("marbles: the test is over, but goroutines that it started would wait for ever, %d in number:\n    %s\nlet a ctx, or the close of a channel, end them",
		len(left), strings.Join(left[:min(len(left), maxListed)], "\n    "))
	for tries := 0; tries < patience && len(goroutinesLeft()) > 0; tries++ {
		for _, release := range m.releases {
			release()
		}
		synctest.Wait()
	}
}

// goroutinesLeft describes the goroutines of this bubble, except the caller.
func goroutinesLeft() (list []string) {
	stacks := allStacks()
	bubble := bubbleOf(stacks[0])
	for _, stack := range stacks[1:] {
		if inBubble(stack, bubble) {
			list = append(list, describeStack(stack))
		}
	}
	return list
}

// allStacks returns the stacks of all goroutines, that of the caller first.
func allStacks() []string {
	text := make([]byte, 64<<10)
	for {
		if n := runtime.Stack(text, true); n < len(text) {
			return strings.Split(string(text[:n]), "\n\n")
		}
		text = make([]byte, 2*len(text))
	}
}

// ownStack returns the beginning of the stack of the caller.
func ownStack() string {
	text := make([]byte, 1<<10)
	return string(text[:runtime.Stack(text, false)])
}

// inBubble reports whether a stack is of a bubble, and not of the goroutine that
// plays the test in it.
func inBubble(stack, bubble string) bool {
	return bubble != "" && bubbleOf(stack) == bubble && !strings.Contains(stack, "testing/synctest.")
}

// bubbleOf returns "synctest bubble 7" from the head of a stack,
// "goroutine 35 [chan receive (durable), synctest bubble 7]:".
func bubbleOf(stack string) string {
	head, _, _ := strings.Cut(stack, "\n")
	_, bubble, _ := strings.Cut(head, "synctest bubble ")
	bubble, _, _ = strings.Cut(strings.TrimSuffix(bubble, "]:"), ",")
	return bubble
}

// describeStack says which function a goroutine runs, what it waits for, and
// who started it:
// "x.leaky.func1, chan receive at x.go:12; started by x.leaky at x.go:11".
func describeStack(stack string) string {
	lines := strings.Split(strings.TrimSpace(stack), "\n")
	_, state, _ := strings.Cut(lines[0], "[")
	state, _, _ = strings.Cut(state, ",")
	state = strings.TrimSuffix(strings.TrimSuffix(state, "]:"), " (durable)")
	var name, waits, starter string
	for i := 1; i+1 < len(lines); i += 2 {
		function, at := lines[i], place(lines[i+1])
		if by, ok := strings.CutPrefix(function, "created by "); ok {
			by, _, _ = strings.Cut(by, " in goroutine ")
			starter = fmt.Sprintf("; started by %s at %s", path.Base(by), at)
			break
		}
		if name = path.Base(function[:max(strings.LastIndex(function, "("), 0)]); waits == "" && !waitsForOthers(name) {
			waits = " at " + at
		}
	}
	return name + ", " + state + waits + starter
}

// place returns "x.go:12" from "\t/home/me/x.go:12 +0x1d".
func place(line string) string {
	at, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	return path.Base(at)
}

// waitsForOthers reports whether a function of the standard library is where a
// goroutine waits because another function called it.
func waitsForOthers(name string) bool {
	pkg, _, _ := strings.Cut(name, ".")
	return pkg == "runtime" || pkg == "sync" || pkg == "time" || pkg == "synctest"
}
