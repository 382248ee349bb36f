package conformance_test

import (
	"testing"

	"github.com/sluicego/sluice/marbles/conformance"
	"github.com/sluicego/sluice/observable"
)

// subjects are all of package observable, by the name of the type.
var subjects = map[string]conformance.SubjectConfig[int]{
	"Subject": {New: func() conformance.Pusher[int] { return observable.NewSubject[int]() }},
	"Behavior": {
		New:      func() conformance.Pusher[int] { return observable.NewBehavior(-1) },
		Delivers: func(before, after []int) []int { return append(newest(1, append([]int{-1}, before...)), after...) },
	},
	"Replay": {
		New:      func() conformance.Pusher[int] { return observable.NewReplay[int](3, 0) },
		Delivers: func(before, after []int) []int { return append(newest(3, before), after...) },
	},
	"Async": {
		New:      func() conformance.Pusher[int] { return observable.NewAsync[int]() },
		Delivers: func(before, after []int) []int { return newest(1, append(before, after...)) },
	},
	"Unicast": {
		New:            func() conformance.Pusher[int] { return observable.NewUnicast[int](observable.Unlimited) },
		Delivers:       func(before, after []int) []int { return append(before, after...) },
		MaxSubscribers: 1,
	},
}

func TestSubjects(t *testing.T) {
	for name, c := range subjects {
		c.Element = func(i int) int { return i }
		t.Run(name, func(t *testing.T) { conformance.Subject(t, c) })
	}
}

func newest(n int, s []int) []int { return s[max(len(s)-n, 0):] }
