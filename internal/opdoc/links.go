package opdoc

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A name in square brackets, as in a Go comment, or one of a composition in
// braces.
var reference = regexp.MustCompile(`\[([A-Za-z][\w.]*)\]|\{([a-z]\w*)\}`)

// link makes the references in a text into links. Those that have a target
// already, as [text](target), stay as they are.
func (p *page) link(where, text string) string {
	var b strings.Builder
	end := 0
	for _, at := range reference.FindAllStringSubmatchIndex(text, -1) {
		if strings.HasPrefix(text[at[1]:], "(") {
			continue
		}
		b.WriteString(text[end:at[0]])
		end = at[1]
		if at[2] >= 0 {
			b.WriteString(p.linkTo(where, text[at[2]:at[3]]))
		} else {
			b.WriteString(p.linkToComposition(where, text[at[4]:at[5]]))
		}
	}
	b.WriteString(text[end:])
	return b.String()
}

// linkTo is a link to the entry or symbol of that name.
func (p *page) linkTo(where, name string) string {
	if e := p.lib.entry(name); e != nil {
		p.linked[e.title()] = true
		return fmt.Sprintf("[`%s`](#%s)", name, slug(e.title()))
	}
	url, err := p.lib.symbol(name)
	if err != nil {
		p.complain("%s: %w", where, err)
	}
	return fmt.Sprintf("[`%s`](%s)", name, url)
}

func (p *page) linkToComposition(where, name string) string {
	for _, c := range p.compositions {
		if c.name == name {
			p.linked[c.title()] = true
			return fmt.Sprintf("[%s](#%s)", lowerFirst(c.title()), slug(c.title()))
		}
	}
	p.complain("%s: there is no Example_%s", where, name)
	return name
}

// entry finds an entry by its call, with or without its package, or returns nil.
func (lib *library) entry(name string) *entry {
	if e := lib.byName[name]; e != nil {
		return e
	}
	for _, e := range lib.entries {
		if e.Call == name {
			return e
		}
	}
	for _, pkg := range lib.packages {
		if e := lib.byName[pkg.Name+"."+name]; e != nil && e.upTo != "" {
			return e
		}
	}
	return nil
}

// symbol returns the address of an exported name that is no entry.
func (lib *library) symbol(name string) (string, error) {
	var urls []string
	for _, pkg := range lib.packages {
		if own := strings.TrimPrefix(name, pkg.Name+"."); slices.Contains(pkg.Symbols(), own) {
			urls = append(urls, symbolURL(pkg.ImportPath, own))
		}
	}
	switch len(urls) {
	case 0:
		return "", errors.New(name + " does not exist")
	case 1:
		return urls[0], nil
	default:
		return "", errors.New(name + " could be one of several: " + strings.Join(urls, ", "))
	}
}

// slug is what GitHub makes of a heading, to link to.
func slug(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		default:
			return -1
		}
	}, title)
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
