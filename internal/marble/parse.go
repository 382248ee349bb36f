package marble

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"
)

// Parse reads a diagram. A frame of zero is [DefaultFrame]. The error, if any,
// is a [*SyntaxError].
func Parse(text string, g Grammar, frame time.Duration) (Lane, error) {
	p, err := newParser(text, g, frame)
	if err != nil {
		return Lane{}, err
	}
	for p.pos < len(p.text) {
		if err := p.token(); err != nil {
			return Lane{}, err
		}
	}
	if err := p.finish(); err != nil {
		return Lane{}, err
	}
	return p.lane, nil
}

func newParser(text string, g Grammar, frame time.Duration) (*parser, error) {
	if frame < 0 {
		panic(fmt.Sprintf("marbles: a negative frame (%v)", frame))
	}
	if frame == 0 {
		frame = DefaultFrame
	}
	p := &parser{text: []rune(text), frame: frame, open: -1, end: -1, subscribe: -1, cancel: -1}
	p.lane = Lane{Text: text, Grammar: g, Frame: frame}
	if !utf8.ValidString(text) {
		return nil, p.failf(slices.Index(p.text, utf8.RuneError), "the diagram is not valid UTF-8: write it in UTF-8")
	}
	return p, nil
}

// ParseTime reads a duration that is drawn as a diagram: the instant of its
// "|", as in "---|" or "10ms |".
func ParseTime(text string, frame time.Duration) (time.Duration, error) {
	lane, err := Parse(text, timing, frame)
	if err != nil {
		return 0, err
	}
	return lane.Events[0].At, nil
}

type parser struct {
	lane  Lane
	text  []rune
	frame time.Duration

	pos int           // the rune to be read next
	now time.Duration // its instant

	open   int   // where the group being read was opened; -1 outside
	count  int   // marbles in it
	frames int64 // what they take

	end, subscribe, cancel int // where | or #, ^ and ! stand; -1 until then
}

func (p *parser) failf(pos int, format string, args ...any) error {
	return &SyntaxError{Diagram: p.lane.Text, Offset: pos, Msg: fmt.Sprintf(format, args...)}
}

func (p *parser) token() error {
	if n, err := p.duration(); n > 0 || err != nil {
		p.pos += n
		return err
	}
	r := p.text[p.pos]
	switch r {
	case '-':
		return p.idle()
	case '(', '[':
		return p.openGroup()
	case ')', ']':
		return p.closeGroup()
	case '{':
		return p.named()
	}
	if unicode.IsSpace(r) {
		p.pos++
		return nil
	}
	return p.marble(string(r), 1)
}

func (p *parser) idle() error {
	if err := p.timePasses(`"-"`); err != nil {
		return err
	}
	err := p.advance(1, p.frame)
	p.pos++
	return err
}

// timePasses refuses what, an amount of time, where there is none.
func (p *parser) timePasses(what string) error {
	switch {
	case p.open >= 0:
		return p.failf(p.pos, "time does not pass inside a group: move %s out of it", what)
	case p.lane.Grammar == Pull:
		return p.failf(p.pos, "a pull source has no time, it emits when it is asked: remove %s", what)
	case p.lane.Grammar == timing && p.end >= 0:
		return p.failf(p.pos, `a time diagram ends with its "|": remove %s and what follows`, what)
	}
	return nil
}

func (p *parser) advance(n int64, d time.Duration) error {
	if d != 0 && n > int64((math.MaxInt64-p.now)/d) {
		return p.failf(p.pos, "the diagram is longer than a time.Duration can hold: shorten it")
	}
	p.now += time.Duration(n) * d
	return nil
}

func (p *parser) openGroup() error {
	r := p.text[p.pos]
	switch {
	case p.open >= 0:
		return p.failf(p.pos, "group %q opens inside a group: close the first one before it", string(r))
	case p.lane.Grammar == Pull:
		return p.failf(p.pos, "a pull source has no time, hence no groups: remove %q", string(r))
	case p.lane.Grammar == timing:
		return p.failf(p.pos, "a time diagram shows one instant, hence no groups: remove %q", string(r))
	}
	p.open, p.count, p.frames = p.pos, 0, 0
	p.pos++
	return nil
}

// closer is the bracket that closes the group being read.
func (p *parser) closer() rune {
	if p.text[p.open] == '[' {
		return ']'
	}
	return ')'
}

func (p *parser) closeGroup() error {
	r := p.text[p.pos]
	switch {
	case p.open < 0:
		return p.failf(p.pos, "%q closes no group: remove it, or open a group before it", string(r))
	case r != p.closer():
		return p.failf(p.pos, "%q cannot close %q: close it with %q", string(r), string(p.text[p.open]), string(p.closer()))
	case p.count == 0:
		return p.failf(p.open, "the group is empty: put marbles in it, or remove it")
	}
	frames := int64(1)
	if r == ')' {
		frames = p.frames + 2
	}
	err := p.advance(frames, p.frame)
	p.open = -1
	p.pos++
	return err
}

func (p *parser) named() error {
	n := slices.IndexFunc(p.text[p.pos+1:], func(r rune) bool { return r == '}' || r == '{' })
	if n < 0 || p.text[p.pos+1+n] == '{' {
		return p.failf(p.pos, `name "{" is never closed: close it with "}"`)
	}
	name := string(p.text[p.pos+1 : p.pos+1+n])
	if name == "" {
		return p.failf(p.pos, "the name is empty: write one between { and }")
	}
	if !validName(name) {
		return p.failf(p.pos, "the name %q holds a blank or a control character: write it without", name)
	}
	return p.marble("{"+name+"}", n+2)
}

// marble reads one event, written as token with n runes.
func (p *parser) marble(token string, n int) error {
	e, err := p.event(token)
	if err != nil {
		return err
	}
	if err := p.inOrder(e, token); err != nil {
		return err
	}
	e.At, e.Pos = p.now, p.pos
	p.lane.Events = append(p.lane.Events, e)
	switch {
	case p.open >= 0:
		p.count++
		p.frames += e.frames()
	case p.lane.Grammar != Pull:
		err = p.advance(e.frames(), p.frame)
	}
	p.pos += n
	return err
}

func (p *parser) event(token string) (Event, error) {
	switch g := p.lane.Grammar; {
	case g == timing:
		if token == "|" {
			return Event{Kind: Complete}, nil
		}
		return Event{}, p.failf(p.pos, `%s holds only "-", durations and one "|": remove %q`, g, token)
	case g == Subs || g == Demand:
		return p.control(token)
	}
	return p.signal(token)
}

// signal is a marble of a value lane.
func (p *parser) signal(token string) (Event, error) {
	g := p.lane.Grammar
	switch token {
	case "|":
		return Event{Kind: Complete}, nil
	case "#":
		return Event{Kind: Error}, nil
	case "^":
		switch {
		case g == Hot:
			return Event{Kind: Subscribe}, nil
		case g == Expect:
			return Event{}, p.failf(p.pos, `an expectation has no "^", its time starts at the subscription: remove it`)
		}
		return Event{}, p.failf(p.pos, `%s has no "^", it starts when it is subscribed to: remove it, or use a hot source`, g)
	case "!":
		return Event{}, p.failf(p.pos, `%s has no "!": cancel in a subscription or demand lane`, g)
	case "}":
		return Event{}, p.failf(p.pos, `"}" closes no name: remove it, or open the name with "{"`)
	}
	if r := p.text[p.pos]; r != '{' && !plain(r) {
		return Event{}, p.failf(p.pos, "%U cannot be seen as a marble of its own: give the value a {name}", r)
	}
	return Event{Kind: Next, Key: bare(token)}, nil
}

// control is a marble of a subscription or demand lane.
func (p *parser) control(token string) (Event, error) {
	switch token {
	case "^":
		return Event{Kind: Subscribe}, nil
	case "!":
		return Event{Kind: Cancel}, nil
	}
	if p.lane.Grammar == Subs {
		return Event{}, p.failf(p.pos, `a subscription lane holds only "^" and "!": remove %q`, token)
	}
	if token == "*" {
		return Event{Kind: Request, N: Unbounded}, nil
	}
	n, err := strconv.ParseInt(bare(token), 10, 64)
	if err != nil {
		return Event{}, p.failf(p.pos, `a demand lane holds "^", "!", 0 to 9, {64} and "*": remove %q`, token)
	}
	return Event{Kind: Request, N: n}, nil
}

// inOrder refuses an event that cannot come after the ones before it.
func (p *parser) inOrder(e Event, token string) error {
	switch e.Kind {
	case Next, Complete, Error:
		if p.end >= 0 && e.Kind == Next {
			return p.failf(p.pos, "%q comes after the end %q: remove one of them", token, string(p.text[p.end]))
		}
		if p.end >= 0 {
			return p.failf(p.pos, "%q is a second end after %q: remove one of them", token, string(p.text[p.end]))
		}
		if e.Kind != Next {
			p.end = p.pos
		}
	case Subscribe:
		switch {
		case p.subscribe >= 0:
			return p.failf(p.pos, `a second "^": a lane has one subscription, remove one of them`)
		case p.cancel >= 0:
			return p.failf(p.pos, `"!" comes before "^": nothing is subscribed yet, put "^" first`)
		case p.lane.Grammar == Demand && len(p.lane.Events) > 0:
			return p.failf(p.pos, `a request comes before "^": nothing is subscribed yet, put "^" first`)
		}
		p.subscribe = p.pos
	case Cancel:
		if p.cancel >= 0 {
			return p.failf(p.pos, `a second "!": a subscription is cancelled once, remove one of them`)
		}
		p.cancel = p.pos
	case Request:
	}
	return nil
}

func (p *parser) finish() error {
	if p.open >= 0 {
		return p.failf(p.open, "group %q is never closed: close it with %q", string(p.text[p.open]), string(p.closer()))
	}
	if p.lane.Grammar == timing && p.end < 0 {
		return p.failf(len(p.text), `a time diagram ends with "|": add it where the time is up`)
	}
	p.lane.End = p.now
	if p.lane.Grammar != Hot || p.subscribe < 0 {
		return nil
	}
	var origin time.Duration
	for _, e := range p.lane.Events {
		if e.Kind == Subscribe {
			origin = e.At
		}
	}
	for i := range p.lane.Events {
		p.lane.Events[i].At -= origin
	}
	p.lane.End -= origin
	return nil
}

// bare is a token without its braces.
func bare(token string) string {
	if len(token) > 2 && token[0] == '{' {
		return token[1 : len(token)-1]
	}
	return token
}

// requestToken is how Request(n) is written.
func requestToken(n int64) string {
	switch {
	case n == Unbounded:
		return "*"
	case 0 <= n && n <= 9:
		return strconv.FormatInt(n, 10)
	}
	return "{" + strconv.FormatInt(n, 10) + "}"
}
