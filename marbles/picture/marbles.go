package picture

import (
	"fmt"
	"hash/fnv"
	"math"
	"unicode/utf8"

	"github.com/sluicego/sluice/internal/marble"
)

// A look is what the same value has everywhere: one of the colours and one of
// the shapes. The colours are those of Paul Tol's light scheme, which keep apart
// for all kinds of colour vision and carry dark text.
type look struct{ colour, shape int }

const (
	colours = 8
	shapes  = 4
)

// lookOf is by order for single letters and digits, so that neighbours in the
// alphabet differ in both, and by hash for the rest. A letter has the same
// colour in upper and in lower case.
func lookOf(identity string) look {
	r, n := utf8.DecodeRuneInString(identity)
	if n == len(identity) {
		switch {
		case 'a' <= r && r <= 'z':
			return look{int(r-'a') % colours, int(r-'a'+(r-'a')/colours) % shapes}
		case 'A' <= r && r <= 'Z':
			return look{int(r-'A') % colours, int(r-'A'+(r-'A')/colours+2) % shapes}
		case '0' <= r && r <= '9':
			return look{int(r-'0'+3) % colours, int(r-'0'+3) % shapes}
		}
	}
	h := fnv.New32a()
	h.Write([]byte(identity))
	sum := h.Sum32()
	return look{int(sum>>8) % colours, int(sum>>16) % shapes}
}

// struck is the class of values that were dropped.
const struck = "st"

// ghost is the class of what did not come to pass.
const ghost = "gh"

// marble draws a value, with r for its radius.
func (d *drawing) marble(e Event, x, y, r float64, class string) {
	mark, look := d.l.mark(e), lookOf(e.identity())
	d.shape(look.shape, x, y, r, fmt.Sprintf("v c%d %s", look.colour, class), e)
	text := "t"
	if class == ghost {
		text = "t tg"
	}
	d.markText(mark, x, y, text)
}

// dropped draws a value that nobody got: hollow and struck.
func (d *drawing) dropped(e Event, x, y float64) {
	d.shape(lookOf(e.identity()).shape, x, y, radius-1, "v v0", e)
	d.path("st", newPath().move(x-radius, y+radius).line(x+radius, y-radius))
	d.markText(d.l.mark(e), x, y, "t t0")
}

func (d *drawing) markText(mark string, x, y float64, class string) {
	dy := 4.0
	switch n := marble.Width(mark); {
	case n == 2:
		class, dy = class+" t2", 3.6
	case n > 2:
		class, dy = class+" t3", 3
	}
	d.text(x, y+dy, class, mark)
}

func (d *drawing) shape(shape int, x, y, r float64, class string, e Event) {
	tag := "path"
	var attrs string
	switch shape {
	case 0:
		tag, attrs = "circle", fmt.Sprintf(`cx="%s" cy="%s" r="%s"`, number(x), number(y), number(r))
	case 1:
		tag, attrs = "rect", fmt.Sprintf(`x="%s" y="%s" width="%s" height="%s" rx="3"`, number(x-r*.9), number(y-r*.9), number(r*1.8), number(r*1.8))
	case 2:
		attrs = fmt.Sprintf(`d="%s"`, polygon(6, x, y, r*1.08, 0))
	default:
		attrs = fmt.Sprintf(`d="%s"`, polygon(4, x, y, r*1.22, math.Pi/2))
	}
	title := "/>"
	if e.Text != "" && e.Text != e.Label {
		title = fmt.Sprintf("><title>%s</title></%s>", escape(oneLine(e.Text)), tag)
	}
	fmt.Fprintf(&d.front, "<%s class=\"%s\" %s%s\n", tag, d.classes(class), attrs, title)
}

// polygon has n corners, the first at the given angle.
func polygon(n int, x, y, r, angle float64) string {
	p := newPath()
	for i := range n {
		a := angle + 2*math.Pi*float64(i)/float64(n)
		if i == 0 {
			p.move(x+r*math.Cos(a), y+r*math.Sin(a))
			continue
		}
		p.line(x+r*math.Cos(a), y+r*math.Sin(a))
	}
	return p.close().b.String()
}

// cross is an error.
func (d *drawing) cross(e Event, x, y float64, class string) {
	const s = 6.5
	d.path("f "+class, newPath().move(x-s, y-s).line(x+s, y+s).move(x-s, y+s).line(x+s, y-s))
	if d.named[e.Text] {
		d.text(x+radius+2, y+3.5, "y "+class, oneLine(e.Text))
	}
}

// cut is a cancellation: two strokes through the line.
func (d *drawing) cut(x, y float64) {
	d.path("k", newPath().move(x-4, y+6).line(x, y-6).move(x, y+6).line(x+4, y-6))
}

// instant draws what happens at one instant of a lane: from the line down, in
// the order in which it happened.
func (d *drawing) instant(events []Event, x, y float64, class string) {
	n := 0
	for _, e := range events {
		if e.Kind == Value || e.Kind == Error {
			n++
		}
	}
	bottom := y + stacked*float64(max(0, n-1))
	for _, e := range events {
		if e.Kind == Complete {
			out := 12.0
			if n > 0 {
				out = radius + 6
			}
			d.path("z "+class, newPath().move(x, y-out).line(x, bottom+out))
		}
	}
	if n > 1 {
		d.bracket(x, y, bottom, class)
	}
	for _, e := range events {
		switch e.Kind {
		case Value:
			if class == struck {
				d.dropped(e, x, y)
			} else {
				d.marble(e, x, y, radius, class)
			}
			y += stacked
		case Error:
			d.cross(e, x, y, class)
			y += stacked
		case Subscribe:
			d.pathIn(&d.front, "r", newPath().move(x-5, y-13).line(x+5, y-13).line(x, y-5).close())
		case Cancel:
			d.cut(x, y)
		case Complete, Request:
		}
	}
}

// bracket holds together what happened at one instant. It has an arrow at its
// end, as what stands lower came later.
func (d *drawing) bracket(x, top, bottom float64, class string) {
	l := x - radius - 3.5
	d.path("q "+class, newPath().move(l+3, top-radius+2).line(l, top-radius+2).line(l, bottom+radius-1).
		move(l-2.5, bottom+radius-5).line(l, bottom+radius-1).line(l+2.5, bottom+radius-5))
}
