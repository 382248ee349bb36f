package marble

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/sluicego/sluice/internal/link"
)

// A Legend finds keys for values that were recorded, so that they can be
// drawn: the key of an equal known value, else the value itself if it is one
// marble long, else a letter that it makes up and explains. Where a [Values]
// map says what letters stand for, no other letter stands for itself. Use one
// Legend for all lanes of a test, so that a letter means the same in each.
type Legend struct {
	known  []entry
	mapped bool // there is a Values map: a known value is not what its key says
	madeUp []entry
	taken  map[string]bool
	equal  func(want, got any) bool
	inner  *Legend // for the values of streams that are values; nil if there are none
}

type entry struct {
	key   string
	value any
}

// NewLegend returns a Legend that knows the values of the given events, which
// [Resolve] has set. equal compares a known value with a recorded one; nil is
// [Equal].
func NewLegend(equal func(want, got any) bool, known ...[]Event) *Legend {
	if equal == nil {
		equal = Equal
	}
	l := &Legend{taken: make(map[string]bool), equal: equal}
	var inner []Event
	for _, events := range known {
		for _, e := range events {
			if e.Kind == Next {
				_, isStream := e.Value.(*Stream)
				l.taken[e.Key] = true
				l.known = append(l.known, entry{e.Key, e.Value})
				l.mapped = l.mapped || !isStream && nameOf(e.Value) != e.Key
			}
		}
		inner = append(inner, valuesOfStreams(events)...)
	}
	if len(inner) > 0 {
		l.inner = NewLegend(equal, inner)
	}
	return l
}

// Name returns events with the keys set that recorded ones lack.
func (l *Legend) Name(events []Event) []Event {
	named := make([]Event, len(events))
	for i, e := range events { // first those whose key is given
		e.Value = l.nameStream(e.Value)
		if e.Kind == Next && e.Key == "" {
			e.Key = l.given(e)
		}
		named[i] = e
	}
	for i, e := range named {
		if e.Kind == Next && e.Key == "" {
			named[i].Key = l.makeUp(e.Value)
		}
	}
	return named
}

// nameStream names the values of v, if that is a stream.
func (l *Legend) nameStream(v any) any {
	s, ok := v.(*Stream)
	if !ok {
		return v
	}
	if l.inner == nil {
		l.inner = NewLegend(l.equal)
	}
	return &Stream{Events: l.inner.Name(s.Events), Value: s.Value}
}

// given is the key that e has without making one up, or "".
func (l *Legend) given(e Event) string {
	key := ""
	for _, k := range l.known {
		if l.equal(k.value, e.Value) {
			key = k.key
			break
		}
	}
	if key != "" {
		return key
	}
	key = marbleOf(e.Value)
	if key == "" || l.taken[key] || l.mapped {
		return ""
	}
	l.taken[key] = true
	l.known = append(l.known, entry{key, e.Value})
	return key
}

// marbleOf is the one character that v is by itself, or "".
func marbleOf(v any) string {
	if v == nil {
		return ""
	}
	text := ""
	switch r := reflect.ValueOf(v); {
	case r.Type() == reflect.TypeFor[rune]():
		text = runeText(v)
	case r.Kind() == reflect.String:
		text = r.String()
	case r.CanInt() && 0 <= r.Int() && r.Int() < 36:
		text = strconv.FormatInt(r.Int(), 36)
	case r.CanUint() && r.Uint() < 36:
		text = strconv.FormatUint(r.Uint(), 36)
	}
	if r, n := utf8.DecodeRuneInString(text); n == 0 || n != len(text) || !plain(r) {
		return ""
	}
	return text
}

// letters are made up in this order: capitals, because in lanes of integers
// small letters are numbers.
const letters = "XYZABCDEFGHIJKLMNOPQRSTUVW"

// madeUp is the i-th name to try.
func madeUp(i int) string {
	if i < len(letters) {
		return letters[i : i+1]
	}
	return "v" + strconv.Itoa(i)
}

func (l *Legend) makeUp(v any) string {
	for _, m := range l.madeUp {
		if l.equal(m.value, v) {
			return m.key
		}
	}
	key := ""
	for i := 0; key == "" || l.taken[key] || l.taken[strings.ToLower(key)]; i++ {
		key = madeUp(i)
	}
	l.taken[key] = true
	l.madeUp = append(l.madeUp, entry{key, v})
	return key
}

// Literal returns named events as one would write them in a test: where values
// stand for themselves, those with a made-up letter get their {name} instead.
func (l *Legend) Literal(events []Event) []Event {
	if l.mapped {
		return events
	}
	literal := make([]Event, len(events))
	for i, e := range events {
		if name := nameOf(e.Value); e.Kind == Next && validName(name) && !l.taken[name] {
			e.Key = name
		}
		literal[i] = e
	}
	return literal
}

// nameOf is the key under which v stands for itself, or ""; compare identity.
func nameOf(v any) string {
	if key := marbleOf(v); key != "" || v == nil {
		return key
	}
	switch r := reflect.ValueOf(v); {
	case r.Type() == reflect.TypeFor[rune]():
		return runeText(v)
	case r.Kind() == reflect.String:
		return r.String()
	case r.CanInt():
		return strconv.FormatInt(r.Int(), 10)
	case r.CanUint():
		return strconv.FormatUint(r.Uint(), 10)
	}
	return ""
}

// String explains the letters that were made up, "where X={a b}, Y={b c}"; it
// is empty if there are none.
func (l *Legend) String() string {
	return l.explained("where ")
}

// explained is String with another beginning.
func (l *Legend) explained(head string) string {
	if l == nil {
		return ""
	}
	inner := l.inner.explained("in streams ")
	if len(l.madeUp) == 0 {
		return inner
	}
	parts := make([]string, len(l.madeUp))
	for i, m := range l.madeUp {
		parts[i] = keyToken(m.key) + "=" + short(l.explain(m.value))
	}
	text := head + strings.Join(parts, ", ")
	if inner != "" {
		text += "; " + inner
	}
	return text
}

// explain shows v: in Go syntax where it takes a map to stand for it, else as
// the text one would put between { and }.
func (l *Legend) explain(v any) string {
	if _, isRune := v.(rune); isRune || l.mapped {
		return literal(v)
	}
	if text := unwatched(v); text != "" {
		return text
	}
	return fmt.Sprint(v)
}

// unwatched is what there is to say of an observable that is no [Stream], since
// nobody has subscribed to it; "" for other values.
func unwatched(v any) string {
	if link.Streams == nil { // there are no observables
		return ""
	}
	_, elem, ok := link.Streams(v)
	if !ok {
		return ""
	}
	return fmt.Sprintf("(an observable of %v)", elem)
}

// literal shows v in Go syntax.
func literal(v any) string {
	switch v := v.(type) {
	case rune:
		return strconv.QuoteRune(v)
	case *Stream:
		return v.String()
	}
	if text := unwatched(v); text != "" {
		return text
	}
	return fmt.Sprintf("%#v", v)
}

// runeText is the rune v as text, or "" if there is no such character.
func runeText(v any) string {
	if r, ok := v.(rune); ok && utf8.ValidRune(r) {
		return string(r)
	}
	return ""
}

// short cuts text that would hide the rest of a line.
func short(text string) string {
	const most = 60
	return cut(text, most)
}

// cut shows at most so many characters of a text.
func cut(text string, most int) string {
	text = strings.Map(visible, text)
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}
