package opdoc

import (
	"fmt"
	"go/doc/comment"
	"path/filepath"
	"strings"

	"github.com/sluicego/sluice/internal/apidoc"
)

const module = "github.com/sluicego/sluice"

// A library is what the page is about.
type library struct {
	packages []*apidoc.Package
	sections []section
	entries  []*entry
	byName   map[string]*entry // by package and name, and by package and call
}

// A section is a heading of a package comment, with what is linked to below it.
type section struct {
	title   string
	pkg     *apidoc.Package
	entries []*entry
}

// An entry is a source, a subject, an operator or a terminal.
type entry struct {
	apidoc.Item
	pkg  *apidoc.Package
	upTo string // the last of a family by arity, of which this is the first
}

// title is the heading of the entry.
func (e *entry) title() string { return e.Call }

// url is where the whole comment is.
func (e *entry) url() string {
	if strings.Contains(e.Call, ".") { // a terminal
		return symbolURL(e.pkg.ImportPath, e.Call)
	}
	return symbolURL(e.pkg.ImportPath, e.Name)
}

func symbolURL(importPath, name string) string {
	return "https://pkg.go.dev/" + importPath + "#" + name
}

// readLibrary reads the packages, those with entries first.
func readLibrary(root string) (*library, error) {
	lib := &library{byName: map[string]*entry{}}
	for _, name := range []string{"observable", "operators", "backpressure", "scheduler", "marbles"} {
		pkg, err := apidoc.Read(filepath.Join(root, name), module+"/"+name)
		if err != nil {
			return nil, err
		}
		lib.packages = append(lib.packages, pkg)
		if name == "scheduler" || name == "marbles" {
			continue // to link to
		}
		lib.addEntries(pkg)
		if err := lib.addSections(pkg); err != nil {
			return nil, err
		}
	}
	return lib, nil
}

// addEntries adds what is documented by the template; Pipe and Lift, say, are
// not. Zip2 stands for Zip3 to Zip9.
func (lib *library) addEntries(pkg *apidoc.Package) {
	var more []apidoc.Item
	for _, it := range pkg.Items {
		switch {
		case apidoc.Part(it.Doc, apidoc.Parts[0]) < 0:
		case strings.ContainsAny(it.Name, "3456789"):
			more = append(more, it)
		default:
			e := &entry{Item: it, pkg: pkg}
			lib.entries = append(lib.entries, e)
			lib.byName[pkg.Name+"."+it.Name] = e
			lib.byName[pkg.Name+"."+it.Call] = e
		}
	}
	for _, it := range more {
		e := lib.byName[pkg.Name+"."+strings.TrimRight(it.Name, "3456789")+"2"]
		e.upTo = max(e.upTo, it.Name)
		lib.byName[pkg.Name+"."+it.Name] = e
	}
}

// addSections reads the comment of a package. Every entry is in one section:
// where it is first linked to.
func (lib *library) addSections(pkg *apidoc.Package) error {
	placed := map[*entry]bool{}
	var now *section
	for _, block := range pkg.Parser().Parse(pkg.Doc).Content {
		if h, ok := block.(*comment.Heading); ok {
			lib.sections = append(lib.sections, section{title: plain(h.Text), pkg: pkg})
			now = &lib.sections[len(lib.sections)-1]
		}
		for _, link := range docLinks(block) {
			if e := lib.linkedEntry(pkg, link); e != nil && now != nil && !placed[e] {
				placed[e] = true
				now.entries = append(now.entries, e)
			}
		}
	}
	for _, e := range lib.entries {
		if e.pkg == pkg && !placed[e] {
			return fmt.Errorf("%s: %s is in no section of the comment of package %s", e.Pos, e.Call, pkg.Name)
		}
	}
	return nil
}

// linkedEntry returns what a link in a comment of pkg leads to, or nil if that
// is no entry.
func (lib *library) linkedEntry(pkg *apidoc.Package, link *comment.DocLink) *entry {
	in := pkg.Name
	if link.ImportPath != "" {
		in = strings.TrimPrefix(link.ImportPath, module+"/")
	}
	if link.Recv != "" {
		return lib.byName[in+"."+link.Recv+"."+link.Name]
	}
	return lib.byName[in+"."+link.Name]
}

// docLinks returns the links in a block of a comment.
func docLinks(block comment.Block) (links []*comment.DocLink) {
	switch block := block.(type) {
	case *comment.List:
		for _, item := range block.Items {
			for _, b := range item.Content {
				links = append(links, docLinks(b)...)
			}
		}
	case *comment.Paragraph:
		for _, text := range block.Text {
			if link, ok := text.(*comment.DocLink); ok {
				links = append(links, link)
			}
		}
	}
	return links
}

// plain is a text without what makes it look different.
func plain(text []comment.Text) string {
	var b strings.Builder
	for _, t := range text {
		switch t := t.(type) {
		case comment.Plain:
			b.WriteString(string(t))
		case comment.Italic:
			b.WriteString(string(t))
		case *comment.DocLink:
			b.WriteString(plain(t.Text))
		case *comment.Link:
			b.WriteString(plain(t.Text))
		}
	}
	return b.String()
}
