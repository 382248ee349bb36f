package rxjs_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
)

// deliberate reports whether a result differs from RxJS's only where it is meant
// to. docs/decisions/0021 says why.
func deliberate(c *testCase, a *answer, r result) bool {
	switch c.Op {
	case "onErrorResumeNext", "onErrorResumeNextWith":
		return subscribesWhenUnsubscribed(c, a, r)
	case "sequenceEqual":
		return learnsLate(a, r)
	case "groupByDuration":
		return staysSubscribed(c, a, r)
	}
	return false
}

// staysSubscribed reports whether all that RxJS does besides is to stay
// subscribed to the source when it is unsubscribed while a group with a duration
// is open: for ever, or until the source or the duration ends.
func staysSubscribed(c *testCase, a *answer, r result) bool {
	if !slices.EqualFunc(a.observers(), r.observers, a.sameButOrder) {
		return false
	}
	unsub := or(c.Unsub, until)
	var theirs [][2]*int
	if json.Unmarshal(a.Subscriptions["s0"], &theirs) != nil || len(theirs) != 1 {
		return false
	}
	return r.subscriptions["s0"] == fmt.Sprintf("[[0,%d]]", unsub) && or(theirs[0][1], math.MaxInt) > unsub
}

// subscribesWhenUnsubscribed reports whether all that RxJS does besides is to
// subscribe to the sources that are left, for no time at all, when it is
// unsubscribed.
func subscribesWhenUnsubscribed(c *testCase, a *answer, r result) bool {
	if !slices.EqualFunc(a.observers(), r.observers, a.sameButOrder) {
		return false
	}
	extra := fmt.Sprintf("[%d,%[1]d]", or(c.Unsub, until))
	for name, log := range a.subscriptions() {
		ours, ok := r.subscriptions[name]
		if !ok {
			ours = "[]"
		}
		if log != ours && strings.Trim(log, "[]") != strings.Trim(strings.TrimSuffix(ours, "]")+","+extra, "[],") && log != "["+extra+"]" {
			return false
		}
	}
	return true
}

// learnsLate reports whether RxJS finds, later, that two sequences differ in
// length: it waits for a value that the shorter one lacks. It may also call
// them equal when the longer one ends with values that it has stored.
func learnsLate(a *answer, r result) bool {
	ours, theirs := r.observers[0], a.observers()[0]
	if len(ours) != 2 || !strings.HasSuffix(ours[0], `"N",false]`) {
		return false
	}
	return len(theirs) == 0 || frameOf(theirs[0]) >= frameOf(ours[0])
}

func frameOf(line string) int {
	var n []json.RawMessage
	frame := -1
	if json.Unmarshal([]byte(line), &n) == nil && len(n) > 0 {
		_ = json.Unmarshal(n[0], &frame)
	}
	return frame
}
