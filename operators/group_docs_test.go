package operators_test

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// numbered emits each value with the number of its group.
func numbered(groups observable.Observable[operators.Group[string, string]]) stream {
	return observable.Defer(func(context.Context) stream {
		n := 0
		return operators.MergeMap(func(g operators.Group[string, string]) stream {
			n++
			number := n
			return operators.Map(func(v string) string { return fmt.Sprint(number, v) })(g.Observable)
		})(groups)
	})
}

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"GroupBy": func(d doc) stream { return numbered(operators.GroupBy(strings.ToLower)(d.Hot("source"))) },
	})
}
