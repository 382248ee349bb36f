// Package opdoc makes docs/operators.md, the page that lists every source,
// subject, operator and terminal, helps to choose among them, and says what
// they are called in other libraries.
//
// The list is made of the comments in the code. Written by hand are the head of
// the page (page.md), the way to an operator by questions (tree.md), and the
// names in other libraries (elsewhere.txt); a name in square brackets becomes a
// link there, and one that does not exist is an error. What is a composition
// with us is an Example in the tests of this package, and the page shows that.
package opdoc

//go:generate go run ../gen -out ../../docs

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// Hand holds what is written by hand.
//
//go:embed page.md tree.md elsewhere.txt
var Hand embed.FS

// Render returns the page for the module in the folder root. It fails if an
// entry is in no section of its package's comment or nowhere in the tree, if a
// name does not exist, or if a composition is not referred to.
func Render(root string, hand fs.FS) ([]byte, error) {
	lib, err := readLibrary(root)
	if err != nil {
		return nil, err
	}
	compositions, err := readCompositions(root)
	if err != nil {
		return nil, err
	}
	p := &page{root: root, lib: lib, compositions: compositions, slugs: map[string]bool{}, linked: map[string]bool{}}
	p.add("<!-- Made by internal/opdoc; run make gen. -->\n\n")
	p.hand(hand, "page.md")
	p.heading(2, "Which one do I need?")
	p.hand(hand, "tree.md")
	for _, e := range lib.entries {
		if !p.linked[e.title()] {
			p.complain("tree.md does not mention %s.%s", e.pkg.Name, e.Call)
		}
	}
	p.index()
	p.reference()
	p.elsewhere(hand)
	if err := errors.Join(p.complaints...); err != nil {
		return nil, err
	}
	return []byte(p.text.String()), nil
}

// A page is the page so far.
type page struct {
	root         string
	lib          *library
	compositions []composition
	text         strings.Builder
	slugs        map[string]bool // of the headings
	linked       map[string]bool // titles of entries and compositions, by links in what is written by hand
	complaints   []error
}

func (p *page) add(format string, args ...any) { fmt.Fprintf(&p.text, format, args...) }

func (p *page) complain(format string, args ...any) {
	p.complaints = append(p.complaints, fmt.Errorf(format, args...))
}

func (p *page) heading(level int, title string) {
	if p.slugs[slug(title)] {
		p.complain("two headings are linked to as #%s", slug(title))
	}
	p.slugs[slug(title)] = true
	p.add("%s %s\n\n", strings.Repeat("#", level), title)
}

// hand adds a file that is written by hand, with links.
func (p *page) hand(files fs.FS, name string) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		p.complain("%w", err)
	}
	p.add("%s\n", p.link(name, string(text)))
}
