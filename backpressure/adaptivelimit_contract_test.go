package backpressure_test

import (
	"testing"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/internal/contract"
)

// AdaptiveLimit keeps the laws of docs/protocol.md.
func TestContractOfAdaptiveLimit(t *testing.T) {
	for _, c := range []contract.Case[int]{
		{Name: "AdaptiveLimit from 1 to 6", Op: backpressure.AdaptiveLimit[int](ms, backpressure.Window(1, 6)), Ahead: 6},
		{Name: "AdaptiveLimit of 3", Op: backpressure.AdaptiveLimit[int](ms, backpressure.Window(3, 3)), Ahead: 3},
		{Name: "AdaptiveLimit by half", Op: backpressure.AdaptiveLimit[int](ms, backpressure.Decrease(0.5)), Ahead: 13},
	} {
		c.Backpressure = contract.Window
		c.Check(t)
	}
}
