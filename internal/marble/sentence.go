package marble

import (
	"fmt"
	"path"
	"strings"
	"time"
)

// sentence says what the first edit of d is.
func (c *comparison) sentence(d Difference) string {
	w, g := d.Edits[0].Want, d.Edits[0].Got
	switch d.Class {
	case Late, Early:
		return moved(w, g)
	case Shifted:
		return fmt.Sprintf("%s; from here on everything is shifted by %v", moved(w, g), signed(g.At-w.At))
	case Missing:
		return fmt.Sprintf("%s is missing (want it at %v)", noun(w), w.At)
	case Extra:
		return fmt.Sprintf("%s at %v was not expected", noun(g), g.At)
	case WrongValue:
		if w.Kind == Request {
			return fmt.Sprintf("request at %v is of %s, want %s", g.At, amount(g.N), amount(w.N))
		}
		if want, got, ok := streamsOf(d); ok {
			return sentenceOfStreams(w, g, want, got)
		}
		return fmt.Sprintf("value at %v is %s, want %s", g.At, g.token(), w.token())
	case WrongOrder:
		return fmt.Sprintf("order within %v is %s, want %s", g.At, instantText(c.got, g.At), instantText(c.want, w.At))
	case WrongEnd:
		return wrongEnd(w, g)
	case NeverEnded:
		return fmt.Sprintf("never ends (want %s at %v)", noun(w), w.At)
	case AfterEnd:
		end := c.ended(g)
		return fmt.Sprintf("%s at %v comes after %s at %v", noun(g), g.At, noun(end), end.At)
	case NeverSubscribed:
		return fmt.Sprintf("is never subscribed to (want it at %v)", w.At)
	case NeverCancelled:
		return fmt.Sprintf("subscription is never closed (want it at %v)", w.At)
	case Same, Exceeded:
	}
	return ""
}

// noun is the subject of a sentence about e.
func noun(e *Event) string {
	switch e.Kind {
	case Next:
		return e.token()
	case Complete:
		return "complete"
	case Error:
		return "error"
	case Subscribe:
		return "subscription"
	case Cancel:
		return "cancel"
	case Request:
		return "request of " + amount(e.N)
	}
	return "event"
}

func amount(n int64) string {
	if n == Unbounded {
		return "unbounded"
	}
	return fmt.Sprint(n)
}

func moved(w, g *Event) string {
	by, way := g.At-w.At, "late"
	if by < 0 {
		by, way = -by, "early"
	}
	return fmt.Sprintf("%s is %v %s (want %v, got %v)", noun(w), by, way, w.At, g.At)
}

func signed(d time.Duration) string {
	if d < 0 {
		return d.String()
	}
	return "+" + d.String()
}

func instantText(events []Event, at time.Duration) string {
	var b strings.Builder
	for _, e := range events {
		if e.At == at {
			b.WriteString(e.token())
		}
	}
	return "(" + b.String() + ")"
}

func wrongEnd(w, g *Event) string {
	if w.Kind == Error && g.Kind == Error && w.At == g.At {
		return fmt.Sprintf("error at %v is %s, want %s", g.At, errorText(g.Err), errorText(w.Err))
	}
	if w.At == g.At {
		return fmt.Sprintf("ends at %v with %s, want %s", g.At, ending(g), ending(w))
	}
	return fmt.Sprintf("ends with %s at %v, want %s at %v", ending(g), g.At, ending(w), w.At)
}

func ending(e *Event) string {
	if e.Kind == Error && e.Err != nil {
		return "error " + errorText(e.Err)
	}
	return noun(e)
}

// errorText shows an error with its type. What to do about it is often at the
// end; of the stack of a panic, after a blank line, its
// place is left.
func errorText(err error) string {
	if err == nil {
		return "any error"
	}
	const most = 240
	text, stack, _ := strings.Cut(err.Error(), "\n\n")
	text = fmt.Sprintf("%T(%q)", err, cut(text, most))
	if place := PanicPlace(stack); place != "" {
		text += " at " + place
	}
	return text
}

// PanicPlace returns where a panic was, "x.go:12", of the stack that was taken when
// it was recovered; it is empty if that tells no panic.
func PanicPlace(stack string) string {
	lines := strings.Split(stack, "\n")
	panicked := false
	for i := 0; i+1 < len(lines); i++ {
		switch function := lines[i]; {
		case strings.HasPrefix(function, "\t"):
		case strings.HasPrefix(function, "panic("):
			panicked = true
		case panicked && !strings.HasPrefix(function, "runtime."):
			place, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " ")
			return path.Base(place)
		}
	}
	return ""
}
