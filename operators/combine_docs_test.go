package operators_test

import (
	"maps"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// inners turns the source's letters into the cold rows that they name.
func inners(d doc) observable.Observable[stream] { return operators.Map(byName(d))(d.Hot("source")) }

func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"Zip":               func(d doc) stream { return marbles.Text(operators.Zip(d.Hot("a"), d.Hot("b"))) },
		"ZipWith":           func(d doc) stream { return operators.ZipWith(d.Hot("o"), plus)(d.Hot("source")) },
		"ZipAll":            func(d doc) stream { return marbles.Text(operators.ZipAll(inners(d))) },
		"CombineLatest":     func(d doc) stream { return marbles.Text(operators.CombineLatest(d.Hot("a"), d.Hot("b"))) },
		"CombineLatestWith": func(d doc) stream { return operators.CombineLatestWith(d.Hot("o"), plus)(d.Hot("source")) },
		"CombineLatestAll":  func(d doc) stream { return marbles.Text(operators.CombineLatestAll(inners(d))) },
		"ForkJoin":          func(d doc) stream { return marbles.Text(operators.ForkJoin(d.Hot("a"), d.Hot("b"))) },
	})
}
