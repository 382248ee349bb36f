package picture

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sluicego/sluice/internal/marble"
)

// SVG draws the picture as an SVG document, which can also stand inline in
// HTML. The text form is its description, for those who cannot see it.
func (p *Picture) SVG() []byte {
	d := newDrawing(p)
	d.everything()
	var b strings.Builder
	w, h := number(ceil(d.width)), number(ceil(d.y))
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img" class="%s" aria-labelledby="%st %sd">`,
		w, h, w, h, prefix, prefix, prefix)
	fmt.Fprintf(&b, "\n<title id=\"%st\">%s</title>\n<desc id=\"%sd\">%s</desc>\n", prefix, escape(p.name()), prefix, escape(p.Text()))
	ground := fmt.Sprintf(`<rect class="%s" width="%s" height="%s" rx="6"/>`+"\n", d.classes("b"), w, h)
	b.WriteString("<style>" + p.Theme.css() + d.css() + "</style>\n" + ground)
	b.WriteString(d.back.String() + d.front.String() + "</svg>\n")
	return []byte(strings.ReplaceAll(b.String(), prefix, contentHash(b.String())))
}

// prefix stands before names until the hash is known that goes there. It is in
// no XML, hence in no text either.
const prefix = "\x00"

// contentHash makes names of different pictures differ.
func contentHash(s string) string {
	h := fnv.New64a()
	h.Write([]byte(s))
	const letters = 5
	text := strconv.FormatUint(h.Sum64(), 36)
	return "m" + text[len(text)-letters:] + "-"
}

// name is what the picture is called.
func (p *Picture) name() string {
	if p.Title != "" {
		return oneLine(p.Title)
	}
	if i := p.operator(); i >= 0 {
		return "Marble diagram of " + oneLine(p.Rows[i].Label)
	}
	return "Marble diagram"
}

// A drawing is an SVG on its way.
type drawing struct {
	p     *Picture
	l     *legend
	x     *scale
	order []int

	left  float64 // where the time begins
	width float64
	y     float64 // what is below is free

	rows  []placed        // by index
	named map[string]bool // errors whose text stands beside their cross
	used  map[string]bool // classes
	back  strings.Builder // what lies below the lanes
	front strings.Builder
}

// A placed row is one that has its place: the height of its lane as a line.
type placed struct {
	ok     bool
	x0, y0 float64
	slope  float64
}

func (r placed) at(x float64) float64 { return r.y0 + (x-r.x0)*r.slope }

func newDrawing(p *Picture) *drawing {
	p = p.replayed()
	d := &drawing{
		p: p, l: p.letters(3), x: newScale(p), order: p.order(),
		rows: make([]placed, len(p.Rows)), used: make(map[string]bool), named: make(map[string]bool),
	}
	label := 2.0
	for i := range p.Rows {
		if name := d.label(i); len(name) <= longLabel {
			label = max(label, float64(marble.Width(name)), float64(marble.Width(p.Rows[i].Note))*0.85)
		}
	}
	d.left = margin + label*charWide + 9 + radius
	d.width = max(leastWide, d.left+d.x.end()+tail+margin)
	if p.Title != "" {
		d.width = max(d.width, min(phone, float64(marble.Width(p.Title))*titleWide+2*margin))
	}
	for i, r := range p.Rows {
		if name := d.label(i); len(name) > longLabel {
			d.width = max(d.width, float64(marble.Width(name))*charWide+2*margin)
		}
		if r.Kind == Operator {
			d.width = max(d.width, min(640, float64(marble.Width(r.Label))*boxWide+4*margin))
		}
		d.nameErrors(i)
	}
	for _, e := range d.l.entries { // room to explain, within reason
		if e.mark != "#" || !d.named[e.text] {
			d.width = max(d.width, min(phone, float64(marble.Width(e.text))*charWide+24+2*margin))
		}
	}
	d.width = max(d.width, min(phone, float64(marble.Width(d.p.Caption))*captionWide+2*margin))
	return d
}

// The widths of characters, which cannot be measured; a monospaced one is 0.6
// of its height in every font.
const (
	charWide  = 7.2 // labels
	smallWide = 6.0 // notes, ticks
	boxWide   = 7.8 // operators
	titleWide = 9.0
	proseWide = 6.4
	longLabel = 12 // a longer one stands above its lane

	captionWide = 7.4 // bold
)

// nameErrors writes the text of errors beside them, if it is short, and makes
// room for it.
func (d *drawing) nameErrors(i int) {
	const short = 18
	for _, e := range d.p.Rows[i].Events {
		if n := marble.Width(e.Text); e.Kind == Error && n > 0 && n <= short {
			d.named[e.Text] = true
			d.width = max(d.width, d.left+d.x.of(e.At)+radius+2+float64(n)*smallWide+margin)
		}
	}
}

func (d *drawing) everything() {
	d.y = margin
	if d.p.Title != "" {
		d.prose("h", d.p.Title, titleWide, 19)
		d.y += 8
	}
	d.y += 12
	d.axis(d.y)
	d.y += 10
	top := d.y
	for _, i := range d.order {
		d.row(i)
	}
	d.marks(top, d.y)
	d.guides()
	d.y += 2
	d.legend()
	for _, r := range d.p.Rows {
		if r.Kind == Note {
			d.prose("p", r.Label, proseWide, 16)
		}
	}
	if d.p.Caption != "" {
		d.prose("c", d.p.Caption, captionWide, 16)
	}
	d.y += margin - 2
}

// prose writes lines of text.
func (d *drawing) prose(class, text string, wide, high float64) {
	for _, line := range wrap(oneLine(text), columns(d.width-2*margin, wide)) {
		d.y += high
		d.text(margin, d.y-4, class, line)
	}
}

// wrap cuts text at blanks, or where it must.
func wrap(text string, most int) (lines []string) {
	most = max(most, 10)
	line := ""
	for word := range strings.FieldsSeq(text) {
		for marble.Width(line)+1+marble.Width(word) > most {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			if marble.Width(word) <= most {
				break
			}
			r := []rune(word)
			cut := len(r)
			for marble.Width(string(r[:cut])) > most {
				cut--
			}
			lines, word = append(lines, string(r[:cut])), string(r[cut:])
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}

// classes marks classes, separated by blanks, as used and prefixes them.
func (d *drawing) classes(names string) string {
	list := strings.Fields(names)
	for i, name := range list {
		d.used[name] = true
		list[i] = prefix + name
	}
	return strings.Join(list, " ")
}

func (d *drawing) text(x, y float64, class, text string) {
	if text != "" {
		fmt.Fprintf(&d.front, `<text class="%s" x="%s" y="%s">%s</text>`+"\n", d.classes(class), number(x), number(y), escape(text))
	}
}

func (d *drawing) path(class string, p *path) { d.pathIn(&d.front, class, p) }

func (d *drawing) pathIn(b *strings.Builder, class string, p *path) {
	if p.b.Len() > 0 {
		fmt.Fprintf(b, `<path class="%s" d="%s"/>`+"\n", d.classes(class), p.b.String())
	}
}

// A path is the d of a path element.
type path struct{ b *strings.Builder }

func newPath() *path { return &path{new(strings.Builder)} }

func (p *path) to(command string, x, y float64) *path {
	p.b.WriteString(command + number(x))
	if n := number(y); n[0] == '-' {
		p.b.WriteString(n)
	} else {
		p.b.WriteString(" " + n)
	}
	return p
}

func (p *path) move(x, y float64) *path { return p.to("M", x, y) }
func (p *path) line(x, y float64) *path { return p.to("L", x, y) }
func (p *path) close() *path            { p.b.WriteString("Z"); return p }

// number writes f with one decimal at most. Machines differ in the last bit of
// what they compute, as some multiply and add in one step; so the limit between
// two decimals is a little below where round numbers lie.
func number(f float64) string {
	tenths := math.Floor(f*10 + 0.5 + tiny)
	return strconv.FormatFloat(tenths/10, 'f', -1, 64)
}

// ceil is the least whole number that is not below f, as far as machines agree.
func ceil(f float64) float64 { return math.Ceil(f - tiny) }

// columns is how many characters of the given width fit.
func columns(wide, char float64) int { return int(wide/char + tiny) }

// escape makes text safe in XML; what XML cannot hold becomes U+FFFD.
func escape(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a Buffer does not fail
	return strings.ReplaceAll(b.String(), "&#xA;", "\n")
}

// css is the rules of the classes that are used.
func (d *drawing) css() string {
	var b strings.Builder
	for _, r := range rules {
		names := strings.Fields(r.names)
		names = slices.DeleteFunc(names, func(n string) bool { return !d.used[n] })
		for i, n := range names {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString("." + prefix + n)
		}
		if len(names) > 0 {
			b.WriteString("{" + r.css + "}")
		}
	}
	return b.String()
}
