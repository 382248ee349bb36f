// Package site remembers where in the user's program something was assembled,
// for errors that say which of many operators they come from.
package site

import (
	"path"
	"runtime"
	"strconv"
	"strings"
)

// A Site is a place in the user's program. The zero Site is unknown.
type Site struct{ pcs [4]uintptr }

// Caller returns the place that called the function that calls Caller: the
// user's line, if that function is an operator's constructor. It costs some
// hundred nanoseconds and no allocation; names are looked up by String only.
//
// An operator without parameters is called by a Pipe or a Compose function, not
// by the user. Therefore a few frames are kept, and String passes over those.
func Caller() (s Site) {
	runtime.Callers(3, s.pcs[:]) // passes over Callers, Caller and the constructor
	return s
}

// String returns "folder/file.go:line", or "" for an unknown place.
func (s Site) String() string {
	n := 0
	for n < len(s.pcs) && s.pcs[n] != 0 {
		n++
	}
	if n == 0 {
		return ""
	}
	frames := runtime.CallersFrames(s.pcs[:n])
	for {
		frame, more := frames.Next()
		if !more || !plumbing(frame.File) {
			dir, file := path.Split(frame.File)
			return path.Join(path.Base(dir), file) + ":" + strconv.Itoa(frame.Line)
		}
	}
}

// plumbing goes by the file: the name of a function that was inlined may be
// that of its caller.
func plumbing(file string) bool {
	return strings.HasSuffix(file, "/observable/zpipe.go") || strings.HasSuffix(file, "/observable/zcompose.go")
}
