package marbles

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/internal/sketch"
)

// Pictures makes [PlayDocs] hold a folder of SVG files to what it plays: one for
// each diagram, under the name of its function, drawn from what was recorded. It
// shows more than the diagram does: when sources were subscribed to, and what was
// dropped. A file that is missing, differs or belongs to no diagram fails the
// test; with -marbles.update the files are written, or removed, instead.
func Pictures(dir string) DocOption { return pictures(dir) }

type pictures string

func (p pictures) applyDoc(o *docOptions) { o.dir = string(p) }

// A gallery is the folder of the pictures of one call of PlayDocs.
type gallery struct {
	dir    string   // "": there is none
	frames []string // the names of the pictures there should be
	hung   int      // how many of them have been drawn
}

// frame returns the name of the next picture, that of a function. A comment may
// have several diagrams.
func (g *gallery) frame(function string) string {
	name := function
	for n := 2; slices.Contains(g.frames, name); n++ {
		name = fmt.Sprintf("%s-%d", function, n)
	}
	g.frames = append(g.frames, name)
	return name
}

// hang compares the picture of what d has recorded with its file, or writes it.
func (g *gallery) hang(t *testing.T, name string, d *Doc) {
	t.Helper()
	if g.dir == "" {
		return
	}
	p, err := sketch.Doc(d.diagram, d.recorded())
	if err != nil {
		t.Errorf("marbles: the picture of %s: %v", d.diagram.Func, err)
		return
	}
	g.hung++
	path := filepath.Join(g.dir, name+".svg")
	svg := p.SVG()
	current, err := os.ReadFile(path)
	if err == nil && bytes.Equal(current, svg) {
		return
	}
	if !updating() {
		t.Errorf("marbles: %s is not what the diagram of %s gives; run the test with -%s", path, d.diagram.Func, updateFlag)
		return
	}
	if err := os.MkdirAll(g.dir, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, svg, 0o644); err != nil { //nolint:gosec // a page for everybody
		t.Fatal(err)
	}
}

// close looks for files that belong to no diagram.
func (g *gallery) close(t *testing.T) {
	t.Helper()
	if g.dir == "" || g.hung < len(g.frames) { // some were not played: -run
		return
	}
	files, err := filepath.Glob(filepath.Join(g.dir, "*.svg"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := filepath.Base(file[:len(file)-len(".svg")])
		switch {
		case slices.Contains(g.frames, name):
		case !updating():
			t.Errorf("marbles: %s belongs to no diagram; run the test with -%s, which removes it", file, updateFlag)
		default:
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// recorded is what the run of d has come to.
func (d *Doc) recorded() sketch.Run {
	run := sketch.Run{
		Subs: map[string][][]marble.Event{}, Sent: map[string][][]marble.Event{}, Cold: map[string]bool{},
		Dropped: d.outs[0].rec.discards(), // the other outputs are other subscriptions
	}
	for label, s := range d.sources {
		run.Cold[label] = s.lane.Grammar == marble.Cold
		for _, l := range s.ledgers() {
			run.Subs[label] = append(run.Subs[label], l.events)
			run.Sent[label] = append(run.Sent[label], l.sent)
		}
	}
	for _, e := range d.outs {
		run.Outs = append(run.Outs, e.rec.events())
	}
	return run
}
