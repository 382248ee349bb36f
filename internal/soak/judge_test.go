package soak_test

// judge closes the books, when all has come to rest.
func (l *life) judge() {
	l.problems = append(l.problems, l.w.complaints()...)
	l.problems = append(l.problems, l.sink.problems()...)
	if l.w.hostile || len(l.problems) > 0 {
		return // a broken law, or one that hangs, breaks others
	}
	l.judgeSources()
	if l.w.keeps {
		return // what waits in there is not lost
	}
	l.judgeValues()
	l.judgeFaults()
	if len(l.problems) > 0 {
		return
	}
	for _, m := range l.w.meters {
		if p := m.problem(l.w.subs.all()); p != "" {
			l.fail("%s", p)
		}
	}
}

// most is how many values of one pipeline are worth a line.
const most = 5

func (l *life) judgeValues() {
	lost := 0
	for _, v := range l.w.values.all() {
		p := v.problem(l.w.twofold)
		if p == "" {
			continue
		}
		if lost++; lost <= most {
			l.fail("%s", p)
		}
	}
	if lost > most {
		l.fail("L9: and %d more", lost-most)
	}
}

func (l *life) judgeSources() {
	for _, s := range l.w.subs.all() {
		if !l.w.keeps && !s.ended.Load() && s.cancels.Load() == 0 {
			l.fail("L7: source %d, which has emitted %d of %d, was neither cancelled nor has it ended", s.number, s.sent.Load(), s.n)
		}
	}
}

// judgeFaults looks for faults that nobody has heard of. Where an operator takes
// errors in, that cannot be told.
func (l *life) judgeFaults() {
	if l.w.recovers {
		return
	}
	for _, e := range l.w.raised.all() {
		if !e.seen.Load() {
			l.fail("L16: nobody has heard that %s", e.what)
		}
	}
}
