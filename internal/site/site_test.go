package site_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/sluicego/sluice/internal/site"
)

//go:noinline
func constructor() site.Site { return site.Caller() }

func TestCaller(t *testing.T) {
	s := constructor()
	if got := filepath.Base(s.String()); !strings.HasPrefix(got, "site_test.go:") {
		t.Errorf("String() = %q, want this file", s)
	}
	if got := (site.Site{}).String(); got != "" {
		t.Errorf("the zero Site is %q", got)
	}
	if n := testing.AllocsPerRun(100, func() { s = constructor() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
