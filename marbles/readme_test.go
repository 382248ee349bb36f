package marbles_test

import (
	"os"
	"strings"
	"testing"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
)

func TestLatest(t *testing.T) {
	marbles.Run(t, func(m *marbles.Test) {
		src := marbles.Hot[string](m, "            a-b-c---d-|")
		out := backpressure.OnBackpressureLatest[string]()(src.Observable)

		marbles.Expect(m, out).Demand("  1----2").ToBe("a----c--d-|")
		src.ExpectDemand("               ^---------!")
	})
}

// The README shows TestLatest, word for word.
func TestReadmeShowsTestLatest(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("readme_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(code), "func TestLatest")
	body, _, _ = strings.Cut(body, "\n}\n")
	if !strings.Contains(string(readme), "```go\nfunc TestLatest"+body+"\n}\n```") {
		t.Error("README.md does not show TestLatest as it is; copy it over")
	}
}
