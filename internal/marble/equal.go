package marble

import (
	"errors"
	"math"
	"reflect"
	"unsafe"
)

// Equal is how values are compared: errors with [errors.Is], values that have
// one with their Equal method, everything else deeply. It is [reflect.DeepEqual]
// but for two things: NaN equals NaN, and a function equals itself, so that a
// struct around one, such as an observable, does too. A [Stream] equals one that
// does the same.
func Equal(want, got any) bool {
	if w, ok := want.(*Stream); ok {
		return equalStreams(w, got)
	}
	if g, ok := got.(*Stream); ok {
		got = g.Value // what is expected says nothing of what the stream does
	}
	wantErr, isErr := want.(error)
	gotErr, bothErr := got.(error)
	if isErr && bothErr {
		return errors.Is(gotErr, wantErr)
	}
	w, g := reflect.ValueOf(want), reflect.ValueOf(got)
	if !w.IsValid() || !g.IsValid() {
		return w.IsValid() == g.IsValid()
	}
	if w.Type() != g.Type() {
		return false
	}
	if new(equality).deeply(addressable(w), addressable(g)) {
		return true
	}
	if w.Kind() == reflect.Pointer && (w.IsNil() || g.IsNil()) {
		return false
	}
	m := w.MethodByName("Equal")
	if !m.IsValid() {
		return false
	}
	if t := m.Type(); t.NumIn() != 1 || t.In(0) != g.Type() || t.NumOut() != 1 || t.Out(0).Kind() != reflect.Bool {
		return false
	}
	return m.Call([]reflect.Value{g})[0].Bool()
}

// An equality remembers the pairs that are being compared, so that it comes to
// an end where values hold themselves.
type equality struct{ seen map[pairOf]bool }

type pairOf struct {
	w, g uintptr
	n    int // the length of slices and maps
	typ  reflect.Type
}

// deeply compares two values of one type.
func (e *equality) deeply(w, g reflect.Value) bool {
	switch w.Kind() {
	case reflect.Float32, reflect.Float64:
		return sameFloat(w.Float(), g.Float())
	case reflect.Complex64, reflect.Complex128:
		a, b := w.Complex(), g.Complex()
		return sameFloat(real(a), real(b)) && sameFloat(imag(a), imag(b))
	case reflect.Func:
		return sameFunc(w, g)
	case reflect.Struct:
		for i := range w.NumField() {
			if !e.deeply(w.Field(i), g.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Array:
		return e.elements(w, g)
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return e.referents(w, g)
	case reflect.Interface:
		if w.IsNil() || g.IsNil() {
			return w.IsNil() == g.IsNil()
		}
		w, g = w.Elem(), g.Elem()
		return w.Type() == g.Type() && e.deeply(addressable(w), addressable(g))
	default:
		return w.Equal(g)
	}
}

// referents compares what pointers, slices and maps refer to.
func (e *equality) referents(w, g reflect.Value) bool {
	if w.IsNil() || g.IsNil() {
		return w.IsNil() == g.IsNil()
	}
	pair := pairOf{w: w.Pointer(), g: g.Pointer(), typ: w.Type()}
	if w.Kind() != reflect.Pointer {
		if pair.n = w.Len(); pair.n != g.Len() {
			return false
		}
	}
	if pair.w == pair.g || e.seen[pair] {
		return true // if the seen ones differ, whoever compares them will say so
	}
	if e.seen == nil {
		e.seen = make(map[pairOf]bool)
	}
	e.seen[pair] = true
	switch w.Kind() {
	case reflect.Pointer:
		return e.deeply(w.Elem(), g.Elem())
	case reflect.Map:
		return e.entries(w, g)
	default:
		return e.elements(w, g)
	}
}

// elements compares slices or arrays of one length.
func (e *equality) elements(w, g reflect.Value) bool {
	for i := range w.Len() {
		if !e.deeply(w.Index(i), g.Index(i)) {
			return false
		}
	}
	return true
}

// entries compares maps of one length.
func (e *equality) entries(w, g reflect.Value) bool {
	for _, key := range w.MapKeys() {
		a, b := w.MapIndex(key), g.MapIndex(key)
		if !a.IsValid() || !b.IsValid() || !e.deeply(addressable(a), addressable(b)) {
			return false
		}
	}
	return true
}

func sameFloat(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

// sameFunc reports whether two functions are one. What identifies a function is
// its closure; reflect's Pointer is that of the code, which all closures made at
// one place share. A function out of reach, in an interface or a map that a
// struct hides, is equal to none but nil.
func sameFunc(w, g reflect.Value) bool {
	if w.IsNil() || g.IsNil() {
		return w.IsNil() == g.IsNil()
	}
	return w.CanAddr() && g.CanAddr() && closure(w) == closure(g)
}

// closure is what a variable that holds a function holds: a pointer.
func closure(f reflect.Value) unsafe.Pointer {
	return *(*unsafe.Pointer)(f.Addr().UnsafePointer())
}

// addressable copies v into a variable, where that is allowed.
func addressable(v reflect.Value) reflect.Value {
	if v.CanAddr() || !v.CanInterface() {
		return v
	}
	variable := reflect.New(v.Type()).Elem()
	variable.Set(v)
	return variable
}
