package marbles_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

// A failure leaves its picture where the run keeps artifacts, under both drivers,
// and says where.
func TestFailuresLeavePictures(t *testing.T) {
	if os.Getenv("MARBLES_FAIL") != "" {
		marbles.Run(t, func(m *marbles.Test) {
			src := marbles.Pull[string](m, "a|")
			marbles.Expect(m, src.Observable).ToBe("(b|)")
			src.ExpectDemand("[^1]-!")
		})
		return
	}
	out, dir := failing(t, "-test.artifacts")
	pictures, err := filepath.Glob(filepath.Join(dir, "_artifacts", "*", "*", "*.svg"))
	if err != nil || len(pictures) == 0 {
		pictures, err = filepath.Glob(filepath.Join(dir, "_artifacts", "*", "*.svg"))
	}
	if err != nil || len(pictures) != 4 {
		t.Fatalf("%d pictures, want one for each failure of each driver (%v):\n%s", len(pictures), err, out)
	}
	for _, picture := range pictures {
		if !strings.Contains(out, "as a picture: "+picture+"\n") {
			t.Errorf("the report does not tell of %s:\n%s", picture, out)
		}
		if svg := read(t, picture); !strings.HasPrefix(svg, "<svg") || !strings.Contains(svg, "want") {
			t.Errorf("%s is no picture of it:\n%.200s", picture, svg)
		}
	}

	if out, _ := failing(t); strings.Contains(out, "picture") {
		t.Errorf("a picture was drawn that nobody keeps:\n%s", out)
	}
}

// failing runs the test again, in a process in which it fails, with a folder for
// artifacts.
func failing(t *testing.T, flags ...string) (out, dir string) {
	t.Helper()
	dir = t.TempDir()
	args := append([]string{"-test.run=^" + t.Name() + "$", "-test.outputdir=" + dir}, flags...)
	self := exec.CommandContext(t.Context(), os.Args[0], args...)
	self.Env = append(os.Environ(), "MARBLES_FAIL="+dir)
	text, err := self.CombinedOutput()
	if err == nil {
		t.Fatalf("the test did not fail:\n%s", text)
	}
	return string(text), dir
}

// PlayDocs holds a folder of pictures to the diagrams, and writes it on demand.
func TestPictures(t *testing.T) {
	const env = "MARBLES_PICTURES"
	if dir := os.Getenv(env); dir != "" {
		marbles.PlayDocs(t, "playdocs_test.go", map[string]marbles.Played{
			"Shout":  func(d *marbles.Doc) observable.Observable[string] { return Shout(d.Hot("source")) },
			"PairUp": func(d *marbles.Doc) observable.Observable[string] { return marbles.Text(PairUp(d.Cold("source"))) },
		}, marbles.Pictures(dir))
		return
	}
	dir := filepath.Join(t.TempDir(), "new", "pictures")
	play := func(flags ...string) (out string, failed bool) {
		self := exec.CommandContext(t.Context(), os.Args[0], append(flags, "-test.run=^TestPictures$")...)
		self.Env = append(os.Environ(), env+"="+dir)
		text, err := self.CombinedOutput()
		return string(text), err != nil
	}
	fails := func(wants ...string) {
		t.Helper()
		out, failed := play()
		for _, want := range wants {
			if !failed || !strings.Contains(out, want) {
				t.Errorf("failed: %v, want %q in\n%s", failed, want, out)
			}
		}
	}
	const how = "run the test with -marbles.update"

	fails("Shout.svg is not what the diagram of Shout gives; "+how, "PairUp.svg is not what")
	if out, failed := play("-marbles.update"); failed {
		t.Fatalf("the pictures cannot be written:\n%s", out)
	}
	if out, failed := play(); failed {
		t.Errorf("the pictures that were written are not right:\n%s", out)
	}
	if svg := read(t, filepath.Join(dir, "PairUp.svg")); !strings.Contains(svg, "[a b]") && !strings.Contains(svg, "{a b}") {
		t.Errorf("the picture does not say what x stands for:\n%s", svg)
	}

	write(t, filepath.Join(dir, "Shout.svg"), "<svg/>")
	write(t, filepath.Join(dir, "Whisper.svg"), "<svg/>")
	fails("Shout.svg is not what the diagram of Shout gives; "+how, "Whisper.svg belongs to no diagram; "+how)
	play("-marbles.update")
	if out, failed := play(); failed {
		t.Errorf("the pictures were not brought up to date:\n%s", out)
	}
}
