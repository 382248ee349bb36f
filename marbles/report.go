package marbles

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/internal/sketch"
)

// report fails the test with the text of r and, if the run keeps artifacts, leaves
// the picture of it among them.
func (m *Test) report(r *marble.Report) {
	m.t.Helper()
	text := r.String()
	switch path, err := m.keepPicture(r); {
	case err != nil:
		text += fmt.Sprintf("    the picture could not be kept: %v\n", err)
	case path != "":
		text += fmt.Sprintf("    as a picture: %s\n", path)
	}
	m.t.Errorf("%s", text)
}

// keepPicture draws r into the folder of artifacts and returns the file. Without
// the flag -artifacts that folder is removed after the test, so nothing is drawn.
func (m *Test) keepPicture(r *marble.Report) (path string, err error) {
	kept := flag.Lookup("test.artifacts")
	if m.T() == nil || kept == nil || kept.Value.String() != "true" {
		return "", nil
	}
	m.pictures++
	name := strings.NewReplacer(":", "-", "/", "-", " ", "-").Replace(fmt.Sprintf("%s-%s", r.Where, r.Name))
	path = filepath.Join(m.T().ArtifactDir(), fmt.Sprintf("%d-%s.svg", m.pictures, name))
	return path, os.WriteFile(path, sketch.Report(r).SVG(), 0o600)
}
