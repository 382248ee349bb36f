package runaway_test

import (
	"strings"
	"testing"

	"github.com/sluicego/sluice/internal/runaway"
)

func rare()     {}
func frequent() {}
func unseen()   {}
func fourth()   {}

func TestSuspectsAreTheMostFrequentTasks(t *testing.T) {
	var w runaway.Watch
	if got := w.Suspects(); len(got) != 0 {
		t.Errorf("nothing has run, but the suspects are %q", got)
	}
	w.Scheduled(frequent)
	for i, f := range []func(){rare, frequent, unseen, fourth} {
		for range []int{2, 9, 3, 1}[i] {
			w.Ran(f)
		}
	}
	got := w.Suspects()
	if len(got) != 3 {
		t.Fatalf("%d suspects, want 3: %q", len(got), got)
	}
	for i, want := range [][]string{
		{"runaway_test.frequent (", "9 times, scheduled at ", "runaway_test.go:"},
		{"runaway_test.unseen (", "3 times"},
		{"runaway_test.rare (", "2 times"},
	} {
		for _, part := range want {
			if !strings.Contains(got[i], part) {
				t.Errorf("suspect %d is %q, want %q in it", i, got[i], part)
			}
		}
	}
	if strings.Contains(got[1], "scheduled at") {
		t.Errorf("%q: nobody has seen where", got[1])
	}
}

type poller struct{}

func (*poller) poll() {}

func TestName(t *testing.T) {
	if got, want := runaway.Name(new(poller).poll), "internal/runaway_test.(*poller).poll"; got != want {
		t.Errorf("the name is %q, want %q", got, want)
	}
	if got := runaway.Name(rare); !strings.Contains(got, "runaway_test.rare (") || !strings.Contains(got, "runaway_test.go:") {
		t.Errorf("the name is %q", got)
	}
}
