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
		"MergeWith":         func(d doc) stream { return operators.MergeWith(d.Hot("o"))(d.Hot("source")) },
		"ConcatWith":        func(d doc) stream { return operators.ConcatWith(d.Cold("o"))(d.Cold("source")) },
		"EndWith":           on(operators.EndWith("x", "y")),
		"Race":              func(d doc) stream { return operators.Race(d.Hot("a"), d.Hot("b")) },
		"RaceWith":          func(d doc) stream { return operators.RaceWith(d.Hot("o"))(d.Hot("source")) },
		"WithLatestFrom": tied(func(d doc) stream {
			return operators.WithLatestFrom(d.Hot("o"), plus)(d.Hot("source"))
		}, 9), // o comes first
		"Partition":   func(d doc) stream { yes, _ := operators.Partition(d.Hot("source"), isLower); return yes },
		"Partitionno": func(d doc) stream { _, no := operators.Partition(d.Hot("source"), isLower); return no },
		"Iif": func(d doc) stream {
			return operators.Iif(func() bool { return true }, d.Cold("a"), d.Cold("b"))
		},
		"Case": func(d doc) stream {
			return operators.Case(func() int { return 1 }, map[int]stream{1: d.Cold("a")}, d.Cold("otherwise"))
		},
		"ForkJoin": func(d doc) stream { return marbles.Text(operators.ForkJoin(d.Hot("a"), d.Hot("b"))) },
	})
}
