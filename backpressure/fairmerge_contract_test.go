package backpressure_test

import (
	"testing"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/internal/contract"
	"github.com/sluicego/sluice/observable"
)

// FairMerge keeps the laws of docs/protocol.md.
func TestContractOfFairMerge(t *testing.T) {
	type ints = observable.Observable[int]
	negative := observable.Range(-10, 10)
	for _, c := range []contract.Case[int]{
		{Name: "FairMerge", Op: func(src ints) ints {
			return backpressure.FairMerge(backpressure.Bulkhead(src, 4), backpressure.Bulkhead(negative, 4))
		}},
		{Name: "FairMerge of weights", Op: func(src ints) ints {
			return backpressure.FairMerge(backpressure.Bulkhead(negative, 3), backpressure.Bulkhead(src, 4, backpressure.Weight(2)))
		}},
		{Name: "FairMerge of one", Op: func(src ints) ints {
			return backpressure.FairMerge(backpressure.Bulkhead(src, 4))
		}},
		{Name: "FairMerge with Isolate", Op: func(src ints) ints {
			return backpressure.FairMerge(backpressure.Bulkhead(negative, 1), backpressure.Bulkhead(src, 4, backpressure.Isolate(func(error) {})))
		}},
	} {
		c.Backpressure, c.Ahead = contract.Window, 4
		c.Check(t)
	}
}
