package site

import (
	"reflect"
	"regexp"
	"runtime"
	"strings"
)

// closure is what the compiler puts behind the name of a function for those
// that are written inside it.
var closure = regexp.MustCompile(`(\.(func\d+|\d+|gowrap\d+))+$|\[\.\.\.\]|-fm$`)

// Name returns the name of the function that made f, which is a closure of it:
// "Map", if f was written inside operators.Map. It costs a microsecond, and is
// for those who ask what an operator is called.
func Name(f any) string {
	fn := runtime.FuncForPC(reflect.ValueOf(f).Pointer())
	if fn == nil {
		return "?"
	}
	name := fn.Name()
	for before := ""; before != name; {
		before, name = name, closure.ReplaceAllString(name, "")
	}
	return name[strings.LastIndexByte(name, '.')+1:]
}
