package doclint

import (
	"flag"
	"testing"

	"github.com/sluicego/sluice/internal/link"
	"github.com/sluicego/sluice/marbles"
)

// Package marbles obeys it (decision 0028).
var _ = flag.Bool("update", false, "rewrite the marble diagrams of tests and doc comments, and their pictures, as what came")

// Play plays every diagram in a doc comment of the current directory, linked
// and unlinked (L15), and in other orders of what happens at one instant. It
// holds the folder of pictures to them.
func Play(t *testing.T, table map[string]marbles.Played, pictures string) {
	t.Helper()
	t.Run("linked", func(t *testing.T) { marbles.PlayDocs(t, "*.go", table, marbles.Pictures(pictures)) })
	t.Run("unlinked", func(t *testing.T) {
		defer link.Disable()()
		marbles.PlayDocs(t, "*.go", table)
	})
	t.Run("shuffled", func(t *testing.T) { marbles.PlayDocs(t, "*.go", table, marbles.Shuffle(20)) })
}
