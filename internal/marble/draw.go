package marble

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// longGap is the number of idle frames from which on a duration is written.
const longGap = 12

// Print draws events as a diagram that [Parse] reads back. Several events of
// one instant become ( ) where there is room for it, otherwise [ ]; long gaps
// become durations. The diagram's frame is [Fit] of frame and events.
func Print(events []Event, frame time.Duration) string {
	if len(events) == 0 {
		return "-"
	}
	p := printer{frame: Fit(frame, events)}
	groups := instants(withOrigin(events))
	p.now = min(0, groups[0][0].At)
	for i, group := range groups {
		p.idle(group[0].At - p.now)
		room := time.Duration(-1) // as much as we like
		if i+1 < len(groups) {
			room = groups[i+1][0].At - group[0].At
		}
		p.instant(group, room)
	}
	p.flush()
	return p.text.String()
}

// Fit is the longest frame that divides both frame and the time of every
// event. A frame of zero is [DefaultFrame].
func Fit(frame time.Duration, events []Event) time.Duration {
	if frame == 0 {
		frame = DefaultFrame
	}
	for _, e := range events {
		a, b := frame, max(e.At, -e.At)
		for b > 0 {
			a, b = b, a%b
		}
		frame = a
	}
	return frame
}

// withOrigin sorts events and adds the "^" that negative times need.
func withOrigin(events []Event) []Event {
	events = sorted(events)
	isOrigin := func(e Event) bool { return e.Kind == Subscribe }
	if events[0].At < 0 && !slices.ContainsFunc(events, isOrigin) {
		i := slices.IndexFunc(events, func(e Event) bool { return e.At >= 0 })
		if i < 0 {
			i = len(events)
		}
		events = slices.Insert(events, i, Event{Kind: Subscribe})
	}
	return events
}

// sorted is a copy of events in the order of time.
func sorted(events []Event) []Event {
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b Event) int { return cmp.Compare(a.At, b.At) })
	return events
}

// instants cuts sorted events into runs of one instant each.
func instants(events []Event) (groups [][]Event) {
	for i, e := range events {
		if i == 0 || events[i-1].At != e.At {
			groups = append(groups, nil)
		}
		last := len(groups) - 1
		groups[last] = append(groups[last], e)
	}
	return groups
}

type printer struct {
	text  strings.Builder
	frame time.Duration
	now   time.Duration // the instant of the next token

	word    []rune // what was written since the last separator; not yet in text
	inWord  bool   // something other than a separator came before word
	inGroup bool
}

func (p *printer) idle(d time.Duration) {
	if n := int(d / p.frame); n <= longGap {
		p.word = append(p.word, []rune(strings.Repeat("-", n))...)
	} else {
		p.flush()
		if p.text.Len() > 0 {
			p.text.WriteByte(' ')
		}
		p.text.WriteString(formatDuration(d) + " ")
		p.inWord = false
	}
	p.now += d
}

// instant writes the events of one instant, the next one being room away.
func (p *printer) instant(group []Event, room time.Duration) {
	if len(group) == 1 {
		p.marble(group[0].token())
		p.now += time.Duration(group[0].frames()) * p.frame
		return
	}
	width := 2 * p.frame
	for _, e := range group {
		width += time.Duration(e.frames()) * p.frame
	}
	open, closing := "(", ")"
	if room >= 0 && room < width {
		open, closing, width = "[", "]", p.frame
	}
	p.bracket(open)
	for _, e := range group {
		p.marble(e.token())
	}
	p.bracket(closing)
	p.now += width
}

func (p *printer) bracket(b string) {
	p.flush()
	p.text.WriteString(b)
	p.inGroup = !p.inGroup
	p.inWord = p.inGroup
}

func (p *printer) marble(token string) {
	if !strings.HasPrefix(token, "{") {
		p.word = append(p.word, []rune(token)...)
		return
	}
	p.flush()
	p.text.WriteString(token)
	p.inWord = true
}

// flush writes the word. Where the parser would find a duration in it, which
// is values here, a blank goes between the number and the letter.
func (p *printer) flush() {
	for i, r := range p.word {
		if i > 0 && p.likeDuration(p.word[:i], p.word[i:]) {
			p.text.WriteByte(' ')
		}
		p.text.WriteRune(r)
	}
	p.inWord = p.inWord || len(p.word) > 0
	p.word = p.word[:0]
}

// likeDuration reports whether the parser would take the start of rest for the
// unit of a number that ends before; compare parser.duration.
func (p *printer) likeDuration(before, rest []rune) bool {
	unit, _ := unitAt(rest)
	if p.inGroup || p.inWord || !all(before, numeral) {
		return isDigit(before[len(before)-1]) && len(unit) == 2
	}
	return slices.ContainsFunc(before, isDigit) && (len(unit) > 0 || all(rest, unitLetter))
}

func all(s []rune, f func(rune) bool) bool {
	return !slices.ContainsFunc(s, func(r rune) bool { return !f(r) })
}
