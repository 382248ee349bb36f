package link_test

import (
	"testing"

	"github.com/sluicego/sluice/internal/link"
)

type foreign struct{ got []int }

func (f *foreign) OnNext(v int) { f.got = append(f.got, v) }

type ours struct {
	link.Inside
	foreign
	linked int
}

func (o *ours) NextFunc() func(int) bool {
	return func(int) bool { o.linked++; return false }
}

func TestNext(t *testing.T) {
	f, o := new(foreign), new(ours)
	if !link.Next[int](f)(1) || len(f.got) != 1 {
		t.Error("a foreign receiver is fed through OnNext and uses up its demand")
	}
	if link.Next[int](o)(1) || o.linked != 1 || len(o.got) != 0 {
		t.Error("a linker is fed through its own function, whose answer is passed on")
	}
	restore := link.Disable()
	if !link.Next[int](o)(2) || len(o.got) != 1 {
		t.Error("with linking off, a linker is fed through OnNext")
	}
	restore()
	if !link.IsInside(o) || link.IsInside(f) {
		t.Error("Inside marks the library's subscribers alone")
	}
}
