package marbles_test

import (
	"strings"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
)

// Shout makes letters big.
//
//	source  -a-b-|
//	Shout   -A-B-|
//
// It is an operator of this test, to show that users' diagrams run too.
func Shout(src observable.Observable[string]) observable.Observable[string] {
	return operators.Map(strings.ToUpper)(src)
}

// PairUp emits consecutive pairs on request.
//
//	source   -ab-c-|
//	PairUp   --x---(y|)
//	request  (^1)--1--1
//	where    x={a b}, y={b c}
func PairUp(src observable.Observable[string]) observable.Observable[operators.Pair[string]] {
	return operators.Pairwise(src)
}

func TestPlayDocs(t *testing.T) {
	marbles.PlayDocs(t, "playdocs_test.go", map[string]marbles.Played{
		"Shout":  func(d *marbles.Doc) observable.Observable[string] { return Shout(d.Hot("source")) },
		"PairUp": func(d *marbles.Doc) observable.Observable[string] { return marbles.Text(PairUp(d.Cold("source"))) },
	})
}
