package picture_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sluicego/sluice/internal/golden"
	"github.com/sluicego/sluice/marbles/picture"
)

// anyEvent is what a lane may hold, and what it may not: pictures are drawn of
// programs that are wrong.
func anyEvent(t *rapid.T) picture.Event {
	at := rapid.OneOf(rapid.IntRange(-5, 30), rapid.IntRange(-2000, 100000)).Draw(t, "at")
	return picture.Event{
		At:    time.Duration(at) * rapid.SampledFrom([]time.Duration{time.Millisecond, time.Microsecond}).Draw(t, "unit"),
		Kind:  picture.EventKind(rapid.IntRange(0, int(picture.Request)).Draw(t, "kind")),
		Label: rapid.OneOf(rapid.StringMatching(`[a-e]`), rapid.String()).Draw(t, "label"),
		Text:  rapid.OneOf(rapid.Just(""), rapid.String()).Draw(t, "text"),
		N:     rapid.Int64().Draw(t, "n"),
	}
}

func anyPicture(t *rapid.T) *picture.Picture {
	p := &picture.Picture{
		Title:   rapid.String().Draw(t, "title"),
		Caption: rapid.String().Draw(t, "caption"),
		Frame:   time.Duration(rapid.SampledFrom([]int{0, 1, 10}).Draw(t, "frame")) * time.Millisecond,
		Theme:   picture.Theme(rapid.IntRange(0, int(picture.Dark)).Draw(t, "theme")),
	}
	for range rapid.IntRange(0, 7).Draw(t, "rows") {
		p.Rows = append(p.Rows, picture.Row{
			Kind:   picture.RowKind(rapid.IntRange(0, int(picture.Note)).Draw(t, "row")),
			Label:  rapid.OneOf(rapid.Just(""), rapid.StringMatching(`[a-e]`), rapid.String()).Draw(t, "label"),
			Of:     rapid.OneOf(rapid.StringMatching(`[a-e]?`), rapid.String()).Draw(t, "of"),
			Note:   rapid.OneOf(rapid.SampledFrom([]string{"", "hot", "cold"}), rapid.String()).Draw(t, "note"),
			Until:  time.Duration(rapid.IntRange(0, 20).Draw(t, "until")) * time.Millisecond,
			Events: rapid.SliceOfN(rapid.Custom(anyEvent), 0, 8).Draw(t, "events"),
		})
	}
	if rapid.Bool().Draw(t, "marked") {
		p.Marks = []time.Duration{3 * time.Millisecond, 3 * time.Millisecond, 8 * time.Millisecond}
	}
	return p
}

func TestAnyPictureIsWellFormed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPicture(t)
		svg := p.SVG()
		if again := p.SVG(); !bytes.Equal(svg, again) {
			t.Fatalf("two drawings differ:\n%s\n%s", svg, again)
		}
		if text := p.Text(); text != p.Text() || strings.Contains(text, "\t") {
			t.Fatalf("two texts differ, or hold tabs: %q", text)
		}
		if found := elements(t, svg); found["svg"] != 1 || found["title"] == 0 || found["desc"] != 1 || found["style"] != 1 {
			t.Fatalf("elements %v in\n%s", found, svg)
		}
	})
}

// elements decodes svg to its end and counts its elements.
func elements(t interface{ Fatalf(string, ...any) }, svg []byte) map[string]int {
	found := make(map[string]int)
	for dec := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
		if start, ok := token.(xml.StartElement); ok {
			found[start.Name.Local]++
		}
	}
}

// Nothing that a picture says becomes markup or style.
func TestNothingIsInjected(t *testing.T) {
	const evil = `"></text></style><script>alert(1)</script><a onload='x'>]]>` + "\x00\x01&lt;"
	p := &picture.Picture{
		Title:   evil,
		Caption: evil,
		Rows: []picture.Row{
			{Kind: picture.Input, Label: evil, Note: evil, Events: []picture.Event{
				{Label: "<", Text: evil},
				{At: 1, Label: evil},
				{At: 2, Label: "&"},
				{At: 3, Kind: picture.Error, Text: evil},
			}},
			{Kind: picture.Operator, Label: evil},
			{Kind: picture.Output, Events: []picture.Event{{Kind: picture.Error, Text: `<b onclick="x">`}}},
			{Kind: picture.Inner, Of: evil, Events: []picture.Event{{Label: evil}}},
			{Kind: picture.Demand, Of: evil},
			{Kind: picture.Note, Label: evil},
		},
	}
	svg := p.SVG()
	found := elements(t, svg)
	for _, name := range []string{"script", "a", "b", "foreignObject", "image", "use"} {
		if found[name] > 0 {
			t.Errorf("<%s> in\n%s", name, svg)
		}
	}
	if bytes.Contains(svg, []byte(`onclick="`)) || bytes.IndexByte(svg, 0) >= 0 {
		t.Errorf("not escaped:\n%s", svg)
	}
}

// Two pictures in one page share no name.
func TestNamesAreNotShared(t *testing.T) {
	one, err := picture.Parse("a  -a-b|")
	if err != nil {
		t.Fatal(err)
	}
	two, err := picture.Parse("a  -a-c|")
	if err != nil {
		t.Fatal(err)
	}
	names := func(svg []byte) map[string]bool {
		set := make(map[string]bool)
		for dec := xml.NewDecoder(bytes.NewReader(svg)); ; {
			token, err := dec.Token()
			if err != nil {
				return set
			}
			start, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			for _, a := range start.Attr {
				if a.Name.Local == "class" || a.Name.Local == "id" {
					for name := range strings.FieldsSeq(a.Value) {
						set[name] = true
					}
				}
			}
		}
	}
	first := names(one.SVG())
	for name := range names(two.SVG()) {
		if first[name] {
			t.Errorf("both pictures have the name %q", name)
		}
	}
}

func TestParseErrors(t *testing.T) {
	texts := []string{
		"",
		"source -a-b",
		"source  -a-(b",
		"source  -a-b\n\nframe  10\nout  a",
		"frame  10ms\nsource  -a 5ms b",
		"source  -a\nwhere  b=x",
		"source  -a\nwhere  b",
		"inner q  -a\nsource  -a",
		"source  -a\ndemand sauce  ^1\nout  -a",
		"cold a  -^a\nout  -",
		"pull a  -a\nout  -",
		"source  -a\nsubs source  ^1\nout  -",
		"inner a  -b\ninner b  -a\nout  -c",
		"a  \xff",
	}
	var b strings.Builder
	for _, text := range texts {
		_, err := picture.Parse(text)
		if err == nil {
			t.Errorf("no error for %q", text)
			continue
		}
		b.WriteString(err.Error() + "\n\n")
	}
	golden.Check(t, "errors.txt", b.String())
}
