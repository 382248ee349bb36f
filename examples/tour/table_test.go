package main_test

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// promises is what the strategies promise: how many values are held at most,
// the one at the consumer's door included, and whether any are dropped.
var promises = []struct {
	name  string
	held  int64
	drops bool
}{
	{"request", 8 + 1, false},
	{"block", 16 + 2, false}, // one in the hands of the producer, one in those of the consumer
	{"buffer", 256 + 1, true},
	{"fail", 24 + 1, true},
	{"drop", 0 + 1, true},
	{"latest", 1 + 1, true},
	{"sample", 2 + 1, true},
	{"ignore", math.MaxInt64, false},
}

// A row of the table at the end.
type row struct {
	name                                       string
	produced, delivered, dropped, unread, held int64
	seconds                                    float64
}

func readTable(t *testing.T, out string) (rows []row) {
	t.Helper()
	_, table, ok := strings.Cut(out, "held at most")
	if !ok {
		t.Fatalf("no table:\n%s", out)
	}
	_, table, _ = strings.Cut(table, "\n")   // the rest of the headings
	table, _, _ = strings.Cut(table, "\n\n") // what is said below it
	for line := range strings.Lines(table) {
		f := strings.Fields(strings.ReplaceAll(line, ",", ""))
		if len(f) != 12 {
			t.Fatalf("a row of the table has not 12 fields: %q", line)
		}
		rows = append(rows, row{
			name: f[0], produced: number(t, f[1]), delivered: number(t, f[2]), dropped: number(t, f[3]),
			unread: number(t, f[4]), held: number(t, f[5]), seconds: float64(number(t, strings.ReplaceAll(f[10], ".", ""))) / 100,
		})
	}
	return rows
}

func number(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// check holds the rows to the promises, and to the books.
func check(t *testing.T, rows []row) {
	t.Helper()
	if len(rows) != len(promises) {
		t.Fatalf("the table has %d rows, want %d", len(rows), len(promises))
	}
	for i, r := range rows {
		want := promises[i]
		if r.name != want.name {
			t.Errorf("row %d is that of %s, want %s", i, r.name, want.name)
		}
		if r.produced != r.delivered+r.dropped+r.unread {
			t.Errorf("%s: %d produced, %d delivered + %d dropped + %d unread", r.name, r.produced, r.delivered, r.dropped, r.unread)
		}
		if r.delivered == 0 {
			t.Errorf("%s: nothing was delivered", r.name)
		}
		if r.held > want.held {
			t.Errorf("%s: %d values were held, want at most %d", r.name, r.held, want.held)
		}
		if want.drops != (r.dropped > 0) {
			t.Errorf("%s: %d values were dropped", r.name, r.dropped)
		}
	}
}
