package operators_test

import (
	"maps"
	"strings"
	"time"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// shared plays an operator of letters on the hot row "source", and the same
// shared observable for a subscriber that comes later.
func shared(op observable.Operator[string, string], later time.Duration) (first, second marbles.Played) {
	all := map[doc]stream{}
	first = func(d doc) stream {
		if _, ok := all[d]; !ok {
			all[d] = op(d.Hot("source"))
		}
		return all[d]
	}
	second = func(d doc) stream {
		o := first(d)
		return operators.ConcatMap(func(int) stream { return o })(observable.Timer(later))
	}
	return first, second
}

func connected(c *operators.Connectable[string]) stream { return c.AutoConnect(1) }

func init() {
	plays := map[string]marbles.Played{
		"Publish": func(d doc) stream { return connected(operators.Publish(d.Hot("source"))) },
		"Connect": on(operators.Connect(func(shared stream) stream {
			return operators.Merge(shared, observable.Pipe2(shared, operators.Map(strings.ToUpper), operators.Skip[string](1)))
		})),
	}
	plays["ShareReplay"], plays["ShareReplay…after 6ms"] = shared(operators.ShareReplay[string](2), 6*time.Millisecond)
	plays["Replay"], plays["Replay…after 6ms"] = shared(func(src stream) stream { return connected(operators.Replay(src, 2)) }, 6*time.Millisecond)
	plays["Multicast"], plays["Multicast…after 4ms"] = shared(operators.Multicast(func() operators.Hub[string] {
		return observable.NewReplay[string](1, 0)
	}), 4*time.Millisecond)
	maps.Copy(diagrams, plays)
}
