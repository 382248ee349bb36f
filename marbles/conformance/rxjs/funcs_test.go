package rxjs_test

import (
	"encoding/json"
	"fmt"
)

// A funcSpec names a function of node/fns.mjs.
type funcSpec struct {
	Fn      string
	N       int
	ThrowOn *int
}

func (s *funcSpec) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		return json.Unmarshal(text, &s.Fn)
	}
	type plain funcSpec
	return json.Unmarshal(text, (*plain)(s))
}

// thrown is what a function panics with where RxJS's throws.
type thrown string

// throws panics if the function was told to throw on v.
func (s *funcSpec) throws(v int) {
	if s.ThrowOn != nil && *s.ThrowOn == v {
		panic(thrown("fn"))
	}
}

// mod is the remainder that is not negative.
func mod(a, b int) int { return (a%b + b) % b }

// floorDiv rounds down, also below zero.
func floorDiv(a, b int) int { return (a - mod(a, b)) / b }

// unary is a function of one value; that of nil is the identity.
func (s *funcSpec) unary() func(int) int {
	if s == nil {
		return func(v int) int { return v }
	}
	fs := map[string]func(int) int{
		"id":   func(v int) int { return v },
		"inc":  func(v int) int { return v + 1 },
		"dbl":  func(v int) int { return 2 * v },
		"neg":  func(v int) int { return -v },
		"addN": func(v int) int { return v + s.N },
		"mulN": func(v int) int { return v * s.N },
		"modN": func(v int) int { return mod(v, s.N) },
		"divN": func(v int) int { return floorDiv(v, s.N) },
	}
	f := lookup(fs, s.Fn)
	return func(v int) int { s.throws(v); return f(v) }
}

// pred is a predicate; that of nil is always true.
func (s *funcSpec) pred() func(int) bool {
	if s == nil {
		return func(int) bool { return true }
	}
	fs := map[string]func(int) bool{
		"even":   func(v int) bool { return mod(v, 2) == 0 },
		"odd":    func(v int) bool { return mod(v, 2) == 1 },
		"gt":     func(v int) bool { return v > s.N },
		"lt":     func(v int) bool { return v < s.N },
		"eq":     func(v int) bool { return v == s.N },
		"ne":     func(v int) bool { return v != s.N },
		"always": func(int) bool { return true },
		"never":  func(int) bool { return false },
	}
	f := lookup(fs, s.Fn)
	return func(v int) bool { s.throws(v); return f(v) }
}

// binary is a function of an accumulator and a value.
func (s *funcSpec) binary() func(a, v int) int {
	fs := map[string]func(a, v int) int{
		"add":    func(a, v int) int { return a + v },
		"sub":    func(a, v int) int { return a - v },
		"max2":   func(a, v int) int { return max(a, v) },
		"last":   func(_, v int) int { return v },
		"cat10":  func(a, v int) int { return mod(a*10+v, 100000) },
		"cmp":    func(a, v int) int { return a - v },
		"cmpMod": func(a, v int) int { return mod(a, s.N) - mod(v, s.N) },
	}
	f := lookup(fs, s.Fn)
	return func(a, v int) int { s.throws(v); return f(a, v) }
}

// cmp is a comparison; that of nil is the natural order.
func (s *funcSpec) cmp() func(a, b int) int {
	if s == nil {
		return func(a, b int) int { return a - b }
	}
	return s.binary()
}

// eq is an equality; that of nil is ==.
func (s *funcSpec) eq() func(a, b int) bool {
	if s == nil {
		return func(a, b int) bool { return a == b }
	}
	fs := map[string]func(a, b int) bool{
		"same":    func(a, b int) bool { return a == b },
		"sameMod": func(a, b int) bool { return mod(a, s.N) == mod(b, s.N) },
		"closer":  func(a, b int) bool { return max(a-b, b-a) < s.N },
	}
	return lookup(fs, s.Fn)
}

func lookup[F any](fs map[string]F, name string) F {
	f, ok := fs[name]
	if !ok {
		panic(fmt.Sprintf("no function %q", name))
	}
	return f
}
