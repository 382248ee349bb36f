package site_test

import (
	"testing"

	"github.com/sluicego/sluice/internal/site"
)

func generic[T any](v T) func() T { return func() T { return v } }

func nested() func() int {
	outer := func() func() int {
		n := len("nested")
		return func() int { return n }
	}
	return outer()
}

type kind struct{ n int }

func (k *kind) Make() func() int { return func() int { return k.n } }

func TestName(t *testing.T) {
	for want, f := range map[string]any{
		"generic": generic("a"),
		"nested":  nested(),
		"Make":    (&kind{}).Make(),
	} {
		if got := site.Name(f); got != want {
			t.Errorf("Name is %q, want %q", got, want)
		}
	}
	if got := site.Name((&kind{}).Make); got != "Make" {
		t.Errorf("the Name of a method value is %q, want Make", got)
	}
}
