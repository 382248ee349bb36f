package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each generated file is what the generator would write today.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	for _, pkg := range []string{"observable", "operators"} {
		dir := filepath.Join(t.TempDir(), pkg)
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if out, err := generate(t, dir); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		written, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range written {
			want, err := os.ReadFile(filepath.Join(dir, file.Name()))
			if err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(filepath.Join("../..", pkg, file.Name()))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s/%s is not current; run make gen (-want +got):\n%s", pkg, file.Name(), diff)
			}
		}
	}
}

func TestUnknownPackage(t *testing.T) {
	out, err := generate(t, t.TempDir())
	if err == nil || !strings.Contains(string(out), "not in the table") {
		t.Errorf("generating for a package that is not in the table: %v\n%s", err, out)
	}
}

func generate(t *testing.T, dir string) ([]byte, error) {
	t.Helper()
	return exec.CommandContext(t.Context(), "go", "run", ".", "-out", dir).CombinedOutput()
}
