package operators

import (
	"fmt"
	"time"

	"github.com/sluicego/sluice/internal/option"
	"github.com/sluicego/sluice/scheduler"
)

// A TimeoutOption is an option of [Timeout] and [TimeoutWith]: [FirstWithin],
// [FirstOnly] or [scheduler.On].
type TimeoutOption interface{ option.Timeout }

// FirstWithin is the time within which [Timeout] and [TimeoutWith] expect the
// first value. Without it that is the time they allow for any other.
type FirstWithin time.Duration

// OptionTimeout makes it an option of [Timeout] and [TimeoutWith].
func (FirstWithin) OptionTimeout(option.Seal) {}

// A Deadline says which values [Timeout] and [TimeoutWith] expect within a
// certain time. [FirstOnly] is the only one that is not the default.
type Deadline int

// FirstOnly makes [Timeout] and [TimeoutWith] wait for the first value only:
// those after it may take as long as they like.
const FirstOnly Deadline = 1

// OptionTimeout makes it an option of [Timeout] and [TimeoutWith].
func (Deadline) OptionTimeout(option.Seal) {}

// limits is how long values may take; 0 is as long as they like.
type limits struct {
	first, each time.Duration
	on          []scheduler.TimeOption
}

func newLimits(op string, d time.Duration, opts []TimeoutOption) limits {
	if d <= 0 {
		panic(fmt.Sprintf("operators: %s of a non-positive duration (%v)", op, d))
	}
	l := limits{each: d}
	firstOnly := false
	for _, opt := range opts {
		switch opt := opt.(type) {
		case FirstWithin:
			if opt <= 0 {
				panic(fmt.Sprintf("operators: %s with a non-positive FirstWithin (%v)", op, time.Duration(opt)))
			}
			l.first = time.Duration(opt)
		case Deadline:
			if opt != 0 && opt != FirstOnly {
				panic(fmt.Sprintf("operators: %s with the unknown Deadline(%d); there is FirstOnly", op, opt))
			}
			firstOnly = opt == FirstOnly
		case scheduler.OnOption:
			l.on = append(l.on, opt)
		case nil:
			panic(fmt.Sprintf("operators: %s with a nil option; leave it out", op))
		}
	}
	switch {
	case firstOnly && l.first != 0:
		panic(fmt.Sprintf("operators: %s with FirstOnly and FirstWithin; give it the time for the first value and FirstOnly", op))
	case firstOnly:
		l.first, l.each = d, 0
	case l.first == 0:
		l.first = d
	}
	return l
}
