package archtest_test

import (
	"path"
	"strings"
	"testing"
)

// maxLines is the most a hand-written file may have. A family of operators
// that outgrows it is split by operator.
const maxLines = 400

func TestFilesAreShort(t *testing.T) {
	for _, file := range sources(t) {
		if file.nested || strings.HasPrefix(path.Base(file.path), "z") {
			continue
		}
		if file.lines > maxLines {
			t.Errorf("%s has %d lines; split it, the limit is %d", file.path, file.lines, maxLines)
		}
	}
}
