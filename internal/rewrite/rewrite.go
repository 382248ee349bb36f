// Package rewrite changes string literals and comment lines in Go files, while
// the program that was built of them is running: a test that brings its own
// source up to date. What it is asked for is always counted from the source as
// that was when the first change was asked for, so that line numbers stay true.
package rewrite

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// Files are the files that have been changed. The zero Files has changed none.
// Its methods are safe for concurrent use.
type Files struct {
	mu    sync.Mutex
	files map[string]*file // guarded by mu; by path
}

// A file is one as it was found, and what has been changed since.
type file struct {
	path   string
	before []byte
	now    []byte // what was written last
	edits  []edit // in the order of the file; they do not overlap
}

// An edit puts text in place of before[from:to].
type edit struct {
	from, to int
	text     string
}

// A Call is one of a function, with texts for arguments.
type Call struct {
	Path     string
	Line     int
	Function string   // its name, without a package or a receiver
	Skip     int      // the arguments before the texts
	Texts    []string // what they are
}

// Arguments changes the texts of c to now; there may be more of them, or fewer.
// An argument that is not a string literal is looked for where the file has its
// text, or else where the other test files of the folder have it, if there is one
// such literal only.
func (s *Files) Arguments(c Call, now []string) error {
	err := s.change(c.Path, func(f *file) ([]edit, error) { return f.arguments(c, now) })
	if errors.Is(err, errElsewhere) && len(c.Texts) == 1 && len(now) == 1 {
		return s.elsewhere(c.Path, c.Texts[0], now[0])
	}
	return err
}

// Line changes text, with which a line of path ends, to now.
func (s *Files) Line(path string, line int, text, now string) error {
	return s.change(path, func(f *file) ([]edit, error) { return f.line(line, text, now) })
}

// change makes the edits that find asks for, and writes the file.
func (s *Files) change(path string, find func(f *file) ([]edit, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.open(path)
	if err != nil {
		return err
	}
	edits, err := find(f)
	if err != nil {
		return err
	}
	for _, e := range edits {
		if err := f.add(e); err != nil {
			return err
		}
	}
	return f.write()
}

// open reads a file, if that has not been done; mu is held.
func (s *Files) open(path string) (*file, error) {
	if f, ok := s.files[path]; ok {
		return f, nil
	}
	before, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !filepath.IsAbs(path) {
		return nil, fmt.Errorf("the source %s is not found; was the test built with -trimpath?", path)
	}
	if err != nil {
		return nil, fmt.Errorf("the source cannot be read: %w", err)
	}
	f := &file{path: path, before: before, now: before}
	if s.files == nil {
		s.files = make(map[string]*file)
	}
	s.files[path] = f
	return f, nil
}

// add books an edit. One that was made before, by a test that runs twice, is
// not made again.
func (f *file) add(e edit) error {
	for _, was := range f.edits {
		if was == e {
			return nil
		}
		if e.from < was.to && was.from < e.to {
			return fmt.Errorf("this run would write %s where another has just written %s; they do not agree", e.text, was.text)
		}
	}
	f.edits = append(f.edits, e)
	slices.SortFunc(f.edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	return nil
}

// write writes the file with all edits made. It refuses to undo what somebody
// else has written in between.
func (f *file) write() error {
	disk, err := os.ReadFile(f.path)
	if err != nil {
		return fmt.Errorf("the source cannot be read: %w", err)
	}
	if !bytes.Equal(disk, f.now) {
		return fmt.Errorf("%s was changed while the test ran; run it again", f.path)
	}
	var b bytes.Buffer
	at := 0
	for _, e := range f.edits {
		b.Write(f.before[at:e.from])
		b.WriteString(e.text)
		at = e.to
	}
	b.Write(f.before[at:])
	if bytes.Equal(b.Bytes(), f.now) {
		return nil
	}
	info, err := os.Stat(f.path)
	if err != nil {
		return err
	}
	f.now = b.Bytes()
	return os.WriteFile(f.path, f.now, info.Mode().Perm())
}
