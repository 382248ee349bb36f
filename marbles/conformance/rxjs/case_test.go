package rxjs_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// A testCase is a pipeline of one operator and what happens to it.
type testCase struct {
	ID      string
	Op      string
	Args    args
	Sources []struct{ Kind, Marbles string }
	Unsub   *int
	text    string // the case as it was written

	// Observers are several subscribers of one result; else there is one.
	Observers []struct{ Sub, Unsub *int }
}

// args are the arguments of all operators; each uses its own.
type args struct {
	Values                                              []int
	Start, Count, Take, N, I, Value, Due, Period2, Init int
	Period, Concurrent, Default, Seed, Size, Every, Max *int
	First, Each, Window                                 *int
	Cond                                                json.RawMessage
	Iter, Eq, Pred, Key, Fn, Cmp                        *funcSpec
	Inner                                               []string
	Inclusive, Leading, Trailing, Tag, ResetOnSuccess   bool
	Span, Limit, Step, CompleteOn, ErrorOn, Delay       int
	ResetOnComplete, ResetOnError, ResetOnRefCountZero  *bool
	RefCount                                            bool
	Kind                                                string
	ConnectAt, Initial                                  int
}

// An answer is what came of a case: for each observer the notifications, as
// RxJS writes them, and for each source the frames of its subscriptions.
type answer struct {
	ID            string
	Notifications []json.RawMessage
	More          [][]json.RawMessage
	Subscriptions map[string]json.RawMessage
	Ties          []int
	Fifo          *answer
	Error         string
}

// observers returns the notifications of all observers as lines of text.
func (a *answer) observers() [][]string {
	var all [][]string
	for _, ns := range append([][]json.RawMessage{a.Notifications}, a.More...) {
		lines := make([]string, len(ns))
		for i, n := range ns {
			lines[i] = string(n)
		}
		all = append(all, lines)
	}
	return all
}

// subscriptions returns the subscription logs as text.
func (a *answer) subscriptions() map[string]string {
	logs := make(map[string]string, len(a.Subscriptions))
	for name, log := range a.Subscriptions {
		logs[name] = string(log)
	}
	return logs
}

// eachLine calls f with every line of a file, compressed or not.
func eachLine(name string, f func(n int, line []byte) error) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	var r io.Reader = file
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(file); err != nil {
			return err
		}
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<24)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		if err := f(n, lines.Bytes()); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	return lines.Err()
}
