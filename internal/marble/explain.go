package marble

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// explain shows what the keys of an edit stand for: values in Go syntax with
// the parts that differ, errors with their type. It is empty where the marble
// says it all.
func explain(e Edit) (lines []string) {
	if e.Want != nil && e.Got != nil {
		if want, got, ok := streamsOf(Difference{Class: WrongValue, Edits: []Edit{e}}); ok {
			if inner := Compare(want.Events, got.Events, Equal).Edits; len(inner) > 0 {
				return explain(inner[0])
			}
			return nil
		}
	}
	if e.Want != nil {
		if text := meaning(e.Want); text != "" {
			lines = append(lines, "want "+text)
		}
	}
	if e.Got != nil {
		if text := meaning(e.Got); text != "" {
			lines = append(lines, "got  "+text)
		}
	}
	if e.Want != nil && e.Got != nil && e.Want.Kind == Next && e.Got.Kind == Next {
		for _, part := range partsThatDiffer(e.Want.Value, e.Got.Value) {
			lines = append(lines, "     "+part)
		}
	}
	return lines
}

func meaning(e *Event) string {
	switch {
	case e.Kind == Next && e.Value != nil && nameOf(e.Value) != e.Key:
		return e.token() + " = " + literal(e.Value)
	case e.Kind == Error && e.Err != nil:
		return "# = " + errorText(e.Err)
	}
	return ""
}

// partsThatDiffer lists the fields, elements and entries in which two values
// of one type differ. It is empty for values without parts.
func partsThatDiffer(want, got any) []string {
	w, g := reflect.ValueOf(want), reflect.ValueOf(got)
	if !w.IsValid() || !g.IsValid() || w.Type() != g.Type() {
		return nil
	}
	p := new(parts)
	p.compare("", w, g, 0)
	return p.lines
}

type parts struct{ lines []string }

func (p *parts) compare(path string, w, g reflect.Value, depth int) {
	const most, deepest = 8, 8
	if len(p.lines) >= most || depth > deepest {
		return
	}
	switch k := w.Kind(); {
	case k == reflect.Struct:
		for i := range w.NumField() {
			p.compare(path+"."+w.Type().Field(i).Name, w.Field(i), g.Field(i), depth+1)
		}
		return
	case k == reflect.Pointer || k == reflect.Interface:
		if !w.IsNil() && !g.IsNil() && w.Elem().Type() == g.Elem().Type() {
			p.compare(path, w.Elem(), g.Elem(), depth+1)
			return
		}
	case k == reflect.Slice || k == reflect.Array:
		p.elements(path, w, g, depth)
		return
	case k == reflect.Map:
		p.entries(path, w, g, depth)
		return
	}
	wantText, gotText := goSyntax(w), goSyntax(g)
	if path != "" && wantText != gotText {
		p.lines = append(p.lines, fmt.Sprintf("%s: want %s, got %s", path, wantText, gotText))
	}
}

func (p *parts) elements(path string, w, g reflect.Value, depth int) {
	for i := range min(w.Len(), g.Len()) {
		p.compare(fmt.Sprintf("%s[%d]", path, i), w.Index(i), g.Index(i), depth+1)
	}
	if w.Len() != g.Len() {
		p.lines = append(p.lines, strings.TrimSpace(fmt.Sprintf("%s length: want %d, got %d", path, w.Len(), g.Len())))
	}
}

func (p *parts) entries(path string, w, g reflect.Value, depth int) {
	// A reflected map prints its keys sorted; so does this, by their text.
	keys := append(w.MapKeys(), g.MapKeys()...)
	seen := make(map[string]bool)
	sortByText(keys)
	for _, key := range keys {
		at := fmt.Sprintf("%s[%s]", path, goSyntax(key))
		if seen[at] {
			continue
		}
		seen[at] = true
		switch wv, gv := w.MapIndex(key), g.MapIndex(key); {
		case !wv.IsValid():
			p.lines = append(p.lines, fmt.Sprintf("%s: want none, got %s", at, goSyntax(gv)))
		case !gv.IsValid():
			p.lines = append(p.lines, fmt.Sprintf("%s: want %s, got none", at, goSyntax(wv)))
		default:
			p.compare(at, wv, gv, depth+1)
		}
	}
}

// goSyntax prints v, also where it comes from an unexported field.
func goSyntax(v reflect.Value) string { return short(fmt.Sprintf("%#v", v)) }

func sortByText(values []reflect.Value) {
	slices.SortFunc(values, func(a, b reflect.Value) int { return strings.Compare(goSyntax(a), goSyntax(b)) })
}
