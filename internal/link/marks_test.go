package link_test

import (
	"errors"
	"testing"

	"github.com/sluicego/sluice/internal/link"
)

type bare struct{ requested int64 }

func (b *bare) Request(n int64) { b.requested += n }
func (*bare) Cancel()           {}

type fails struct {
	link.Failing
	bare
	err error
}

func (f *fails) Fail(err error) { f.err = err }

type (
	patient struct {
		link.Patient
		bare
	}
	patientFails struct {
		link.Patient
		fails
	}
	instant      struct{ bare }
	instantFails struct{ fails }
)

func (*instant) EmitsInRequest(link.Seal)      {}
func (*instantFails) EmitsInRequest(link.Seal) {}

var errMarked = errors.New("a failure from below")

func TestMarked(t *testing.T) {
	for _, up := range []link.Handle{&bare{}, &fails{}, &patient{}, &patientFails{}, &instant{}, &instantFails{}} {
		own := &bare{}
		got := link.Marked(own, up)
		_, wantFailer := up.(link.Failer)
		_, isFailer := got.(link.Failer)
		if isFailer != wantFailer || link.IsSynchronous(got) != link.IsSynchronous(up) || link.MayInterrupt(got) != link.MayInterrupt(up) {
			t.Errorf("%T: the marks are not those of %T", got, up)
		}
		got.Request(3)
		if own.requested != 3 || link.Own(got) != any(own) || link.Own(own) != any(own) {
			t.Errorf("%T does not lead to what it stands for", got)
		}
	}
	up := &fails{}
	link.Marked(&bare{}, up).(link.Failer).Fail(errMarked)
	if !errors.Is(up.err, errMarked) {
		t.Error("Fail does not reach the subscription that offers it")
	}
}
