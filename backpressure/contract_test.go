package backpressure_test

import (
	"strings"
	"testing"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/internal/contract"
	"github.com/sluicego/sluice/observable"
)

// Every operator of the package keeps the laws of docs/protocol.md.
func TestContract(t *testing.T) {
	for _, n := range all() {
		contract.Case[int]{
			Name: n.name, Op: n.op, Backpressure: contract.Everything,
			Consumes: strings.HasPrefix(n.name, "Reduce"),
		}.Check(t)
	}
	contract.Case[int]{Name: "LimitRate(4, 3)", Op: backpressure.LimitRate[int](4, 3), Backpressure: contract.Window, Ahead: 4}.Check(t)
	contract.Case[int]{Name: "LimitRate(3, 0)", Op: backpressure.LimitRate[int](3, 0), Backpressure: contract.Window, Ahead: 3}.Check(t)
}

func TestContractOfMeter(t *testing.T) {
	contract.Case[int]{Name: "Meter", Op: backpressure.Meter[int]("contract"), Backpressure: contract.OneForOne}.Check(t)
	contract.Case[int]{
		Name:         "Meter behind OnBackpressureBuffer",
		Op:           observable.Compose2(backpressure.OnBackpressureBuffer[int](3), backpressure.Meter[int]("contract")),
		Backpressure: contract.Everything,
	}.Check(t)
}
