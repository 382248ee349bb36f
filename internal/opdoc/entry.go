package opdoc

import (
	"fmt"
	"go/doc/comment"
	"os"
	"path/filepath"
	"strings"

	"github.com/sluicego/sluice/internal/apidoc"
)

// index lists all entries, with one line each.
func (p *page) index() {
	p.heading(2, "Index")
	for _, s := range p.lib.sections {
		if len(s.entries) == 0 {
			continue
		}
		p.add("**[%s](#%s)** · package %s\n\n", s.title, slug(s.heading()), s.pkg.Name)
		for _, e := range s.entries {
			p.add("- [`%s`](#%s)", e.title(), slug(e.title()))
			if e.upTo != "" {
				p.add(" to %s", e.upTo[len(e.Call)-1:])
			}
			p.add(" %s\n", p.oneLine(e))
		}
		p.add("\n")
	}
}

// heading is unlike the title of any entry; there is a Share of both.
func (s section) heading() string { return s.title + " (" + s.pkg.Name + ")" }

// oneLine is the first sentence of the comment, without the name.
func (p *page) oneLine(e *entry) string {
	words := strings.Fields(e.pkg.Synopsis(e.Doc))
	if words[0] != e.Name { // "A Subject …"
		words = words[1:]
	}
	return p.markdown(e, &comment.Paragraph{Text: []comment.Text{comment.Plain(strings.Join(words[1:], " "))}})
}

// reference has an item for each entry.
func (p *page) reference() {
	p.heading(2, "Reference")
	for _, s := range p.lib.sections {
		if len(s.entries) == 0 {
			continue
		}
		p.heading(3, s.heading())
		for _, e := range s.entries {
			p.entry(e)
		}
	}
}

func (p *page) entry(e *entry) {
	p.heading(4, e.title())
	p.add("```go\n%s\n```\n\n", strings.Join(e.Decls, "\n"))
	if e.upTo != "" {
		p.add("There are more of the kind, up to `%s`.\n\n", e.upTo)
	}
	afterDiagram, listed, diagrams := false, false, 0
	for i, block := range e.pkg.Parser().Parse(e.Doc).Content {
		switch block := block.(type) {
		case *comment.Code:
			diagrams++
			p.picture(e, diagrams)
			p.add("```\n%s```\n\n", block.Text)
			afterDiagram = true
			continue
		case *comment.Paragraph:
			text := p.markdown(e, block)
			if part := partOf(text); part != "" {
				p.add("- **%s:** %s\n", part, strings.TrimPrefix(text, part+": "))
				listed = true
			} else if i == 0 || afterDiagram && strings.HasPrefix(text, "where ") {
				p.add("%s\n\n", text)
			}
		}
		afterDiagram = false
	}
	if listed {
		p.add("\n")
	}
	p.add("[%s.%s on pkg.go.dev](%s)\n\n", e.pkg.Name, e.Call, e.url())
}

// picture shows the n-th diagram of e as the picture that its test has drawn. The
// code blocks that are no diagrams have none.
func (p *page) picture(e *entry, n int) {
	name := e.Call
	if n > 1 {
		name = fmt.Sprintf("%s-%d", name, n)
	}
	path := "pictures/" + e.pkg.Name + "/" + name + ".svg"
	if _, err := os.Stat(filepath.Join(p.root, "docs", filepath.FromSlash(path))); err != nil {
		return
	}
	p.add("![%s, as it ran](%s)\n\n", e.title(), path)
}

// partOf returns which part of the template a paragraph is: Demand, Errors, ….
func partOf(text string) string {
	for _, part := range apidoc.Parts {
		if strings.HasPrefix(text, part) {
			return strings.TrimSuffix(part, ": ")
		}
	}
	return ""
}

// markdown is a paragraph of the comment of e, with links.
func (p *page) markdown(e *entry, block *comment.Paragraph) string {
	printer := comment.Printer{DocLinkURL: func(link *comment.DocLink) string {
		if target := p.lib.linkedEntry(e.pkg, link); target != nil {
			return "#" + slug(target.title())
		}
		name, from := link.Name, link.ImportPath
		if link.Recv != "" {
			name = link.Recv + "." + name
		}
		if from == "" {
			from = e.pkg.ImportPath
		}
		return symbolURL(from, name)
	}}
	return strings.TrimSpace(string(printer.Markdown(&comment.Doc{Content: []comment.Block{block}})))
}
