package marble

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"time"
	"unicode"
)

// units holds the units of time, those of two letters first: "ms" is not "m".
var units = []struct {
	name   string
	amount time.Duration
}{
	{"ns", time.Nanosecond},
	{"us", time.Microsecond},
	{"µs", time.Microsecond}, // micro sign
	{"μs", time.Microsecond}, // Greek mu
	{"ms", time.Millisecond},
	{"s", time.Second},
	{"m", time.Minute},
	{"h", time.Hour},
}

// duration reads a duration at p.pos and returns its length in runes, or zero
// if there is none. Digits and letters are values too, so the rule is strict:
// what reads like a duration is one or is refused, never silently values.
func (p *parser) duration() (int, error) {
	if p.pos > 0 && isDigit(p.text[p.pos-1]) {
		return 0, nil // the first digit was looked at, and with it the rest
	}
	rest := p.text[p.pos:]
	if !p.startsWord() || p.open >= 0 {
		return 0, p.amongValues(rest)
	}
	number := runLen(rest, numeral)
	if !slices.ContainsFunc(rest[:number], isDigit) {
		return 0, nil
	}
	unit, amount := unitAt(rest[number:])
	length := number + len(unit)
	letters := number + runLen(rest[number:], unitLetter)
	ended := letters > number && endsWord(rest, letters)
	word := rest[:length]
	if ended {
		word = rest[:letters]
	}
	switch {
	case len(unit) == 0 && !ended:
		return 0, nil // values: 12, or 1a-
	case p.lane.Grammar == Pull:
		return 0, p.failf(p.pos, "%q reads like a duration, but a pull source has no time, it emits when it is asked: remove it%s",
			string(word), p.asValues(word, number))
	case number != numberLen(rest):
		return 0, p.failf(p.pos, `%q reads like a duration, but %q is no number: write one like 15 or 1.5%s`,
			string(word), string(rest[:number]), p.asValues(word, number))
	case ended && letters > length:
		return 0, p.failf(p.pos, "%q reads like a duration, but %q is no unit: use ns, us, ms, s, m or h%s",
			string(word), string(rest[number:letters]), p.asValues(word, number))
	case !endsWord(rest, length):
		return 0, p.failf(p.pos, "duration %s runs into %q: put a blank after it%s",
			string(word), string(rest[length]), p.asValues(word, number))
	}
	if err := p.timePasses(string(word)); err != nil {
		return 0, err
	}
	return length, p.pass(string(rest[:number]), string(word), amount)
}

// amongValues looks at digits where no duration can start. They are values;
// only a unit of two letters looks too much like a duration for that.
func (p *parser) amongValues(rest []rune) error {
	number := numberLen(rest)
	unit, _ := unitAt(rest[number:])
	if number == 0 || len(unit) < 2 {
		return nil
	}
	word := rest[:number+len(unit)]
	if err := p.timePasses(string(word)); err != nil {
		return err
	}
	return p.failf(p.pos, "duration %s needs a blank before it%s", string(word), p.asValues(word, number))
}

// asValues says how to write word, whose first runes are a number, as values.
func (p *parser) asValues(word []rune, number int) string {
	if g := p.lane.Grammar; g == Subs || g == Demand || g == timing {
		return ""
	}
	return fmt.Sprintf(" (for values, write %q)", string(word[:number])+" "+string(word[number:]))
}

// pass lets the time of a duration pass, checking that it ends on a frame.
func (p *parser) pass(number, text string, unit time.Duration) error {
	const digits = 30 // more than any time.Duration has
	d, ok := new(big.Rat), false
	if len(number) <= digits {
		d, ok = d.SetString(number)
	}
	if !ok {
		return p.failf(p.pos, "duration %s is longer than a time.Duration can hold: shorten it", text)
	}
	d.Mul(d, new(big.Rat).SetInt64(int64(unit)))
	d.Quo(d, new(big.Rat).SetInt64(int64(p.frame)))
	if !d.IsInt() {
		return p.failf(p.pos, "duration %s is not a multiple of the frame (%v): change it, or use a shorter frame", text, p.frame)
	}
	if !d.Num().IsInt64() {
		return p.failf(p.pos, "duration %s is longer than a time.Duration can hold: shorten it", text)
	}
	return p.advance(d.Num().Int64(), p.frame)
}

// startsWord reports whether a duration could start at p.pos.
func (p *parser) startsWord() bool { return p.pos == 0 || separates(p.text[p.pos-1]) }

// endsWord reports whether a duration could end before s[i].
func endsWord(s []rune, i int) bool { return i == len(s) || separates(s[i]) }

// unitLetter reports whether r could be meant as part of a unit.
func unitLetter(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == 'µ' || r == 'μ'
}

// separates reports whether r can stand next to a duration.
func separates(r rune) bool {
	switch r {
	case '(', ')', '[', ']':
		return true
	}
	return unicode.IsSpace(r)
}

// numberLen is the length of the number, perhaps with a fraction, s starts with.
func numberLen(s []rune) int {
	n := runLen(s, isDigit)
	if n > 0 && n < len(s) && s[n] == '.' {
		if f := runLen(s[n+1:], isDigit); f > 0 {
			return n + 1 + f
		}
	}
	return n
}

// runLen is how many runes at the start of s are of a kind.
func runLen(s []rune, kind func(rune) bool) (n int) {
	for n < len(s) && kind(s[n]) {
		n++
	}
	return n
}

// numeral reports whether r could be meant as part of a number.
func numeral(r rune) bool { return isDigit(r) || r == '.' }

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// unitAt is the unit s starts with; it is empty if there is none.
func unitAt(s []rune) ([]rune, time.Duration) {
	for _, u := range units {
		name := []rune(u.name)
		if len(s) >= len(name) && string(s[:len(name)]) == u.name {
			return name, u.amount
		}
	}
	return nil, 0
}

// formatDuration writes d in the largest unit that divides it, as the grammar
// has no compound durations.
func formatDuration(d time.Duration) string {
	for i := len(units) - 1; i > 0; i-- {
		if u := units[i]; d%u.amount == 0 && u.name != "µs" && u.name != "μs" {
			return strconv.FormatInt(int64(d/u.amount), 10) + u.name
		}
	}
	return strconv.FormatInt(int64(d), 10) + "ns"
}
