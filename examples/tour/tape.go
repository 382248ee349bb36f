package main

import (
	"cmp"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/sluicego/sluice/observable"
)

// A tape records the beginning of a run, the way it is drawn afterwards: a row
// for each kind of event, a column for each millisecond, a letter for each
// millisecond in which a value may have been produced.
const (
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	columns = len(letters)
	frame   = time.Millisecond
)

const (
	rowRequest = iota
	rowProduced
	rowDelivered
	rowDropped
	rows
)

var labels = [rows]string{"request", "produced", "delivered", "dropped"}

// legend says how to read what draw returns.
const legend = `The diagrams show its first 52 ms, a column for each millisecond. A letter is a value
and names the millisecond in which that was produced, so that an old value is seen to
be old; of several in one column the first is drawn. Requests go the other way: a digit
is that many, + is more than nine, * is without end, ! is a cancel. # is an error.
`

type tape struct {
	mu    sync.Mutex
	cells [rows][columns]byte // 0: nothing happened
	ended int                 // how many columns there are; 0: all
}

// value records that it passed through a row.
func (t *tape) value(row int, now time.Duration, it item) {
	if column(now) < columns {
		t.write(row, now, letters[column(it.at)])
	}
}

// request records a request for n values.
func (t *tape) request(now time.Duration, n int64) {
	switch {
	case n == observable.Unbounded:
		t.write(rowRequest, now, '*')
	case n < 10:
		t.write(rowRequest, now, byte('0'+n))
	default:
		t.write(rowRequest, now, '+')
	}
}

// cancel records that the producer was told to stop.
func (t *tape) cancel(now time.Duration) { t.write(rowRequest, now, '!') }

// fail records that the stream ended with an error.
func (t *tape) fail(now time.Duration) {
	at := t.write(rowDelivered, now, '#')
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = min(at+1, columns)
}

// write puts a mark into a column, unless there is one; what ends a row then
// takes the next. It returns the column.
func (t *tape) write(row int, now time.Duration, mark byte) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := column(now)
	if at < columns && t.cells[row][at] != 0 && ends(mark) {
		at++
	}
	if at < columns && t.cells[row][at] == 0 {
		t.cells[row][at] = mark
	}
	return at
}

func column(at time.Duration) int { return int(at / frame) }

// ends reports whether nothing follows a mark in its row.
func ends(mark byte) bool { return mark == '!' || mark == '#' }

// draw returns the recording as lines of text.
func (t *tape) draw() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b strings.Builder
	for row, cells := range t.cells {
		fmt.Fprintf(&b, "        %-10s", labels[row])
		for _, mark := range cells[:cmp.Or(t.ended, columns)] {
			b.WriteByte(cmp.Or(mark, '-'))
			if ends(mark) {
				break
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
