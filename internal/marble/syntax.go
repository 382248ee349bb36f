package marble

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A SyntaxError is a diagram that cannot be read.
type SyntaxError struct {
	Diagram string
	Offset  int    // of the offending marble, in runes
	Msg     string // what is wrong and what to do about it
}

// Error is the message, the diagram, and a caret under the offending marble.
func (e *SyntaxError) Error() string {
	var shown strings.Builder
	column, at := 0, 0
	for _, r := range e.Diagram {
		r = visible(r)
		shown.WriteRune(r)
		if at < e.Offset {
			column += runeWidth(r)
		}
		at++
	}
	return fmt.Sprintf("marbles: %s\n    %s\n    %s^", e.Msg, shown.String(), strings.Repeat(" ", column))
}

// visible replaces what would move or hide the caret.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r):
		return utf8.RuneError
	}
	return r
}

// plain reports whether r, standing alone, is a value.
func plain(r rune) bool {
	const reserved = "-()[]{}|#^!"
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !joins(r) && !strings.ContainsRune(reserved, r)
}

// joins reports whether r is drawn onto the character before it, so that a
// reader would take the two for one marble.
func joins(r rune) bool {
	return unicode.Is(unicode.M, r) || 0x1F3FB <= r && r <= 0x1F3FF // accents; skin tones
}

// keyToken is how a value with the given key is written.
func keyToken(key string) string {
	if r, n := utf8.DecodeRuneInString(key); n > 0 && n == len(key) && plain(r) {
		return key
	}
	return "{" + key + "}"
}

// validName reports whether {name} can be read back.
func validName(name string) bool {
	return name != "" && utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool {
		return r == '{' || r == '}' || unicode.IsSpace(r) || unicode.IsControl(r)
	})
}

// textWidth is the number of terminal columns s takes.
func textWidth(s string) (n int) {
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// wide holds the characters that terminals draw two columns wide.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x1100, 0x115F, 1},
		{0x231A, 0x231B, 1},
		{0x23E9, 0x23EC, 1},
		{0x25FD, 0x25FE, 1},
		{0x2614, 0x2615, 1},
		{0x26AA, 0x26AB, 1},
		{0x2705, 0x2705, 1},
		{0x274C, 0x274C, 1},
		{0x2B1B, 0x2B1C, 1},
		{0x2B50, 0x2B50, 1},
		{0x2E80, 0x303E, 1},
		{0x3041, 0x33FF, 1},
		{0x3400, 0x4DBF, 1},
		{0x4E00, 0xA4CF, 1},
		{0xA960, 0xA97F, 1},
		{0xAC00, 0xD7A3, 1},
		{0xF900, 0xFAFF, 1},
		{0xFE30, 0xFE6F, 1},
		{0xFF00, 0xFF60, 1},
		{0xFFE0, 0xFFE6, 1},
	},
	R32: []unicode.Range32{
		{0x1F300, 0x1F64F, 1},
		{0x1F680, 0x1F6FF, 1},
		{0x1F7E0, 0x1F7EB, 1},
		{0x1F900, 0x1F9FF, 1},
		{0x1FA70, 0x1FAFF, 1},
		{0x20000, 0x3FFFD, 1},
	},
}
