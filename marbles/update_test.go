package marbles_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A test of a module of its own is run with -marbles.update, or with the -update
// it has itself: its source is rewritten, and it passes when built anew.
func TestUpdate(t *testing.T) {
	if raceEnabled {
		t.Skip("the scene is built without the race detector in any case; go test without -race runs this")
	}
	t.Parallel()
	const testdata = "testdata/update/"
	dir := scratch(t)
	scene := filepath.Join(dir, "scene_test.go")
	write(t, scene, read(t, testdata+"scene_test.go.txt"))

	run(t, dir, "go", "test", "-c", "-o", "scene", ".")
	before, failed := run(t, dir, "./scene")
	if !failed || strings.Contains(before, "rewritten") {
		t.Errorf("the scene, as it is, should fail and say nothing of rewriting:\n%s", before)
	}
	if got := read(t, scene); got != read(t, testdata+"scene_test.go.txt") {
		t.Errorf("the source was rewritten, and nobody asked for it:\n%s", got)
	}

	report, _ := run(t, dir, "./scene", "-marbles.update", "-test.v")
	if diff := cmp.Diff(golden(t, testdata+"rewritten_test.go.txt", read(t, scene)), read(t, scene)); diff != "" {
		t.Errorf("what is rewritten (-want +got; golden files: go test -marbles.golden):\n%s", diff)
	}
	for _, part := range []string{
		"scene_test.go:21: marbles: the diagram was rewritten",
		`scene_test.go:60: marbles: the diagram cannot be rewritten: what came needs other Values: marbles: "Y" is missing in Values: add "Y": …`,
		`scene_test.go:64: marbles: the diagram cannot be rewritten: it ended with a panic, for which "#" does not stand`,
	} {
		if !strings.Contains(report, part) {
			t.Errorf("the report lacks %q:\n%s", part, report)
		}
	}

	// The test binary's own flag does the same.
	write(t, scene, read(t, testdata+"scene_test.go.txt"))
	run(t, dir, "./scene", "-update")
	if diff := cmp.Diff(read(t, testdata+"rewritten_test.go.txt"), read(t, scene)); diff != "" {
		t.Errorf("with -update (-want +got):\n%s", diff)
	}

	run(t, dir, "go", "test", "-c", "-o", "scene", ".")
	if report, failed := run(t, dir, "./scene", "-test.skip=TestWhatCannotBeWritten"); failed {
		t.Errorf("the rewritten test fails:\n%s", report)
	}
}

var rewriteGolden = flag.Bool("marbles.golden", false, "rewrite the golden files of package marbles")

// golden returns the text of a golden file, after writing got there if asked to.
func golden(t *testing.T, path, got string) string {
	t.Helper()
	if *rewriteGolden {
		write(t, path, got)
	}
	return read(t, path)
}

// scratch returns the folder of a module that uses this one.
func scratch(t *testing.T) (dir string) {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	gomod := read(t, filepath.Join(root, "go.mod"))
	gomod = strings.Replace(gomod, "module github.com/sluicego/sluice\n", "module scene\n", 1)
	write(t, filepath.Join(dir, "go.mod"), gomod+fmt.Sprintf(
		"\nrequire github.com/sluicego/sluice v0.0.0\n\nreplace github.com/sluicego/sluice => %s\n", root))
	write(t, filepath.Join(dir, "go.sum"), read(t, filepath.Join(root, "go.sum")))
	return dir
}

// run runs a command and reports whether it failed. That of go must not.
func run(t *testing.T, dir, name string, args ...string) (out string, failed bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	text, err := cmd.CombinedOutput()
	if err != nil && name == "go" {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, text)
	}
	return string(text), err != nil
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
