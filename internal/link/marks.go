package link

// A Handle is a Subscription, whose package this one does not know.
type Handle interface {
	Request(n int64)
	Cancel()
}

// Marked returns own with the marks of up, which own passes everything on to:
// what the library's sources and operators agree on goes through it.
func Marked(own, up Handle) Handle {
	m := marked{own, up}
	_, fails := up.(Failer)
	_, instant := up.(Synchronous)
	patient := !MayInterrupt(up)
	switch {
	case fails && instant:
		return &instantFailing{failing{marked: m}}
	case fails && patient:
		return &patientFailing{failing: failing{marked: m}}
	case fails:
		return &failing{marked: m}
	case instant:
		return &instantOnly{m}
	case patient:
		return &patientOnly{marked: m}
	default:
		return &m
	}
}

// Own returns what was given to Marked, or else sub itself.
func Own(sub any) any {
	if m, ok := sub.(interface{ own() Handle }); ok {
		return m.own()
	}
	return sub
}

type marked struct {
	Handle
	up Handle
}

func (m *marked) own() Handle { return m.Handle }

// Inside is for HolderOf.
func (m *marked) Inside(Seal) any { return m.Handle }

type (
	failing struct {
		Failing
		marked
	}
	patientOnly struct {
		Patient
		marked
	}
	instantOnly    struct{ marked }
	patientFailing struct {
		Patient
		failing
	}
	instantFailing struct{ failing }
)

func (f *failing) Fail(err error)           { f.up.(Failer).Fail(err) }
func (*instantOnly) EmitsInRequest(Seal)    {}
func (*instantFailing) EmitsInRequest(Seal) {}
