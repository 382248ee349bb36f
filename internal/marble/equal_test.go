package marble_test

import (
	"errors"
	"io"
	"io/fs"
	"math"
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/marble"
)

type (
	box    struct{ f float64 }
	holder struct{ do func() }
	hidden struct{ do any }
	node   struct {
		value int
		next  *node
	}
)

// closure returns a function that shares its code, and nothing else, with the
// others it returns.
func closure(n int) func() { return func() { n++ } }

// ring returns a node that leads to itself.
func ring(value int) *node {
	first, second := &node{}, &node{value: value}
	first.next, second.next = second, first
	return first
}

// nested returns a slice that holds itself.
func nested(n int) []any {
	s := make([]any, n)
	s[0] = s
	return s
}

func TestEqual(t *testing.T) {
	missing := &fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}
	utc := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	nan := float32(math.NaN())
	work, rest := closure(1), closure(2)
	long, other := []int{1, 2}, []int{1, 3}
	for i, test := range []struct {
		want, got any
		equal     bool
	}{
		{1, 1, true},
		{1, 2, false},
		{1, int64(1), false},
		{nil, nil, true},
		{nil, 1, false},
		{[]int{1}, []int{1}, true},
		{math.NaN(), math.NaN(), true},
		{math.NaN(), 1.0, false},
		{fs.ErrNotExist, missing, true},
		{missing, fs.ErrNotExist, false},
		{io.EOF, errors.New("EOF"), false},
		{utc, utc.In(time.FixedZone("", 3600)), true},
		{utc, utc.Add(1), false},
		{&utc, (*time.Time)(nil), false},

		{box{math.NaN()}, box{math.NaN()}, true},
		{box{math.NaN()}, box{1}, false},
		{[]any{math.NaN(), 1}, []any{math.NaN(), 1}, true},
		{map[string]*box{"a": {math.NaN()}}, map[string]*box{"a": {math.NaN()}}, true},
		{map[string]int{"a": 1}, map[string]int{"b": 1}, false},
		{[2]complex64{complex(0, nan)}, [2]complex64{complex(0, nan)}, true},
		{[]int(nil), []int{}, false},
		{[]int{1}, []int{1, 2}, false},
		{any(struct{ v any }{nil}), any(struct{ v any }{1}), false},

		{work, work, true},
		{work, rest, false},
		{holder{work}, holder{work}, true},
		{holder{work}, holder{rest}, false},
		{holder{work}, holder{nil}, false},
		{[]any{work}, []any{work}, true},
		{map[int]func(){1: work}, map[int]func(){1: work}, true},
		{hidden{work}, hidden{work}, false}, // out of reach

		{ring(1), ring(1), true},
		{ring(1), ring(2), false},
		{nested(2), nested(2), true},
		{nested(2), nested(3), false},
		{[][]int{long[:1], long}, [][]int{other[:1], other}, false},
	} {
		if got := marble.Equal(test.want, test.got); got != test.equal {
			t.Errorf("case %d: Equal(%T, %T) = %v", i, test.want, test.got, got)
		}
	}
}
