package opdoc_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/sluicego/sluice/internal/opdoc"
)

const (
	root = "../.."
	file = root + "/docs/operators.md"
)

// The page is what would be made today.
func TestPageIsCurrent(t *testing.T) {
	want, err := opdoc.Render(root, opdoc.Hand)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("docs/operators.md is not current; run make gen (-want +got):\n%s", diff)
	}
}

var (
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	code    = regexp.MustCompile("(?ms)^```.*?^```$|`[^`\n]*`")
	target  = regexp.MustCompile(`\]\(([^)]+)\)`)
	dropped = regexp.MustCompile(`[^\p{L}\p{N} _-]`) // by GitHub, from a heading, for its anchor
)

// Every link within the page, or to a file beside it, leads somewhere.
func TestLinksLeadSomewhere(t *testing.T) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	page := code.ReplaceAllString(string(text), "")
	var anchors []string
	for _, h := range heading.FindAllStringSubmatch(page, -1) {
		anchors = append(anchors, strings.ReplaceAll(strings.ToLower(dropped.ReplaceAllString(h[1], "")), " ", "-"))
	}
	for _, link := range target.FindAllStringSubmatch(page, -1) {
		switch to := link[1]; {
		case strings.HasPrefix(to, "https://"):
		case strings.HasPrefix(to, "#"):
			if !slices.Contains(anchors, to[1:]) {
				t.Errorf("no heading for %s", to)
			}
		default:
			if _, err := os.Stat(filepath.Join(root, "docs", to)); err != nil {
				t.Error(err)
			}
		}
	}
}

// What is written by hand cannot name what does not exist, nor forget an
// operator or a composition.
func TestComplaints(t *testing.T) {
	hand := fstest.MapFS{}
	for _, name := range []string{"page.md", "tree.md", "elsewhere.txt"} {
		text, err := fs.ReadFile(opdoc.Hand, name)
		if err != nil {
			t.Fatal(err)
		}
		hand[name] = &fstest.MapFile{Data: text}
	}
	cases := []struct{ file, old, replacement, want string }{
		{"tree.md", "[OnErrorComplete]", "nothing", "tree.md does not mention operators.OnErrorComplete"},
		{"tree.md", "[NewAsync]", "nothing", "tree.md does not mention observable.NewAsync"},
		{"tree.md", "[Observable.All]", "nothing", "tree.md does not mention observable.Observable.All"},
		{"tree.md", "[WithDiscard]", "[WithTriple]", "tree.md: WithTriple does not exist"},
		{"tree.md", "{evenPace}", "{hurry}", "tree.md: there is no Example_hurry"},
		{"elsewhere.txt", "[Requester]", "[Unlimited]", "elsewhere.txt: Unlimited could be one of several"},
		{"elsewhere.txt", "[Interval] with", "[backpressure.Interval] with", "elsewhere.txt: backpressure.Interval does not exist"},
		{"elsewhere.txt", "{stepWithChannels}", "[Create]", "serve_test.go: nothing refers to Example_stepWithChannels"},
		{"elsewhere.txt", "(RxGo) | [Sum]", "(RXGO) | [Sum]", "elsewhere.txt: no library is called RXGO"},
		{"elsewhere.txt", "(RxGo) | [Average]", "| [Average]", "elsewhere.txt: no library has AverageInt8"},
		{"elsewhere.txt", "(Reactor) | [ForkJoin]", "(Reactor) [ForkJoin]", "elsewhere.txt: nothing said of when"},
	}
	for _, c := range cases {
		f := hand[c.file]
		if !strings.Contains(string(f.Data), c.old) {
			t.Fatalf("%s has no %s", c.file, c.old)
		}
		f.Data = []byte(strings.ReplaceAll(string(f.Data), c.old, c.replacement))
	}
	_, err := opdoc.Render(root, hand)
	if err == nil {
		t.Fatal("no complaint")
	}
	for _, c := range cases {
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s for %s: no complaint %q in\n%v", c.replacement, c.old, c.want, err)
		}
	}
}
