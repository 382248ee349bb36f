package site

import (
	"reflect"
	"runtime"
	"strings"
)

// Name returns the name of the function that made f, which is a closure of it:
// "Map", if f was written inside operators.Map. It is for those who ask what an
// operator is called.
func Name(f any) string {
	fn := runtime.FuncForPC(reflect.ValueOf(f).Pointer())
	if fn == nil {
		return "?"
	}
	rest := fn.Name()
	for {
		rest = strings.TrimSuffix(rest, "[...]")
		at := strings.LastIndexByte(rest, '.')
		name, _, _ := strings.Cut(rest[at+1:], "-") // Method-fm, func1-range2
		if at < 0 || !isClosure(name) {
			return strings.TrimPrefix(name, "(*") // the compiler may leave the method out
		}
		rest = rest[:at]
	}
}

// isClosure reports whether name is what the compiler calls a function that is
// written inside of another: func1, gowrap2, or a number.
func isClosure(name string) bool {
	for _, prefix := range []string{"func", "gowrap", ""} {
		if n, ok := strings.CutPrefix(name, prefix); ok {
			return n != "" && strings.Trim(n, "0123456789") == ""
		}
	}
	return false
}
