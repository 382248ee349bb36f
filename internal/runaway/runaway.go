// Package runaway finds out which tasks of a scheduler keep rescheduling
// themselves, for errors that name them.
package runaway

import (
	"cmp"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
)

// Before is how many tasks before its cap a scheduler begins to watch.
const Before = 1000

// named is how many tasks Suspects names.
const named = 3

// A Watch counts tasks by their function. The zero Watch is ready for use; the
// scheduler's mutex guards it.
type Watch struct {
	counts map[uintptr]int     // tasks run, by entry point
	sites  map[uintptr]uintptr // where such a task was last scheduled
}

// Ran counts a task that has come to its turn.
func (w *Watch) Ran(f func()) {
	if w.counts == nil {
		w.counts = make(map[uintptr]int)
	}
	w.counts[entryOf(f)]++
}

// Scheduled remembers who schedules f: the first caller that is not plumbing.
func (w *Watch) Scheduled(f func()) {
	if w.sites == nil {
		w.sites = make(map[uintptr]uintptr)
	}
	var pcs [32]uintptr
	n := runtime.Callers(2, pcs[:])
	for _, pc := range pcs[:n] {
		frame, _ := runtime.CallersFrames([]uintptr{pc}).Next()
		if !plumbing(frame.Function) {
			w.sites[entryOf(f)] = pc
			return
		}
	}
}

// Suspects describes the tasks that ran most often, the most frequent first and
// at most three, as
// "main.poll (poll.go:17), 998 times, scheduled at poll.go:23".
func (w *Watch) Suspects() []string {
	var entries []uintptr
	for entry := range w.counts {
		entries = append(entries, entry)
	}
	slices.SortFunc(entries, func(a, b uintptr) int {
		return cmp.Or(cmp.Compare(w.counts[b], w.counts[a]), cmp.Compare(a, b))
	})
	var list []string
	for _, entry := range entries[:min(len(entries), named)] {
		s := fmt.Sprintf("%s, %d times", describe(entry), w.counts[entry])
		if pc := w.sites[entry]; pc != 0 {
			frame, _ := runtime.CallersFrames([]uintptr{pc}).Next()
			s += fmt.Sprintf(", scheduled at %s:%d", frame.File, frame.Line)
		}
		list = append(list, s)
	}
	return list
}

// Name describes a function: "main.poll (poll.go:17)", or "main.(*poller).poll".
func Name(f func()) string { return describe(entryOf(f)) }

func describe(entry uintptr) string {
	f := runtime.FuncForPC(entry)
	if name, isMethod := strings.CutSuffix(f.Name(), "-fm"); isMethod {
		return strings.TrimPrefix(name, module) // a method value is generated; it has no line
	}
	file, line := f.FileLine(entry)
	return fmt.Sprintf("%s (%s:%d)", strings.TrimPrefix(f.Name(), module), file, line)
}

// entryOf identifies a function by its code; closures of one literal are one.
func entryOf(f func()) uintptr { return reflect.ValueOf(f).Pointer() }

// plumbing reports whether a function, by its full name, only passes on what
// others schedule.
func plumbing(function string) bool {
	rest, ours := strings.CutPrefix(function, module)
	return ours && slices.ContainsFunc(passOn, func(prefix string) bool { return strings.HasPrefix(rest, prefix) })
}

// passOn begins the names of what is plumbing. A source of a test is scheduled by
// whoever subscribes to it.
var passOn = []string{
	"scheduler.", "marbles.", "internal/runaway.", "internal/ungated.", "internal/link.",
	"observable.Lift[", "observable.Observable[", "observable.inspected[",
}

// module begins the name of every function of this module.
var module = strings.TrimSuffix(reflect.TypeFor[Watch]().PkgPath(), "internal/runaway")
