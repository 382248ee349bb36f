package conformance_test

import (
	"log/slog"
	"testing"

	"go.uber.org/goleak"
)

// What a subject is told after its end is logged, since nobody can receive it.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	goleak.VerifyTestMain(m)
}
