package marble

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Values says which value a marble stands for. The keys are strings, so that
// they can be single characters and the longer names of {name} marbles alike;
// the values are any, so that one map can serve sources of several types. A
// value must have the element type of the lane it is used in. Constants need
// no conversion: an int, rune, float64, string or bool is taken as an untyped
// constant of that value would be.
type Values map[string]any

// Resolve returns lane with the value of every Next event set.
//
// Without a map (nil), a marble stands for itself where T allows it: as a
// string; as a rune (which is Go's int32); for every other integer type 0 to 9
// and a to z are 0 to 35, and {42} is 42. With a map, every marble has to be
// in it. A [*Stream] in it is left as it is.
func Resolve[T any](lane Lane, values Values) (Lane, error) {
	lane.Events = slices.Clone(lane.Events)
	for i := range lane.Events {
		e := &lane.Events[i]
		if e.Kind != Next {
			continue
		}
		v, err := lookup[T](values, e.Key)
		if err != nil {
			return Lane{}, &SyntaxError{Diagram: lane.Text, Offset: e.Pos, Msg: err.Error()}
		}
		e.Value = v
	}
	return lane, nil
}

// Unused returns an error that names the keys of values which occur in none of
// the lanes, or nil.
func (values Values) Unused(lanes ...Lane) error {
	used := make(map[string]bool)
	for _, lane := range lanes {
		for _, e := range lane.Events {
			used[e.Key] = used[e.Key] || e.Kind == Next
		}
	}
	var unused []string
	for key := range values {
		if !used[key] {
			unused = append(unused, strconv.Quote(key))
		}
	}
	if len(unused) == 0 {
		return nil
	}
	slices.Sort(unused)
	return fmt.Errorf("marbles: Values[%s] is in none of the diagrams: remove it, or use its marble", strings.Join(unused, "], Values["))
}

// lookup returns a T, or a *Stream.
func lookup[T any](values Values, key string) (any, error) {
	var zero T
	if values == nil {
		if v, ok := identity[T](key); ok {
			return v, nil
		}
		return zero, fmt.Errorf("%q is no %v by itself: pass marbles.Values{%q: …}", key, reflect.TypeFor[T](), key)
	}
	raw, ok := values[key]
	if !ok {
		return zero, fmt.Errorf("%q is missing in Values: add %q: …", key, key)
	}
	if s, ok := raw.(*Stream); ok {
		return s, nil
	}
	v, ok := convert[T](raw)
	if !ok {
		return zero, fmt.Errorf("the key %q stands for %s, but the lane holds values of type %v: convert it", key, describeValue(raw), reflect.TypeFor[T]())
	}
	return v, nil
}

func describeValue(v any) string {
	if v == nil {
		return "nil"
	}
	return fmt.Sprintf("the %T %#v", v, v)
}

// identity is the value a marble stands for by itself.
func identity[T any](key string) (v T, ok bool) {
	if v, ok := any(key).(T); ok { // string and any
		return v, true
	}
	typ := reflect.TypeFor[T]()
	out := reflect.ValueOf(&v).Elem()
	switch {
	case typ == reflect.TypeFor[rune]():
		r, n := utf8.DecodeRuneInString(key)
		out.SetInt(int64(r))
		return v, n == len(key)
	case typ.Kind() == reflect.String:
		out.SetString(key)
		return v, true
	case out.CanInt() || out.CanUint():
		n, err := strconv.ParseInt(key, 10, 64)
		if len(key) == 1 && 'a' <= key[0] && key[0] <= 'z' {
			n, err = int64(key[0]-'a')+10, nil
		}
		if err != nil {
			return v, false
		}
		return convert[T](int(n))
	}
	return v, false
}

// nilKinds are the kinds of types that have nil among their values.
var nilKinds = []reflect.Kind{reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Pointer, reflect.Slice}

// convert makes a T of v: by assignment, or as if v were an untyped constant.
func convert[T any](v any) (out T, ok bool) {
	if out, ok = v.(T); ok {
		return out, true
	}
	to := reflect.TypeFor[T]()
	if v == nil {
		return out, slices.Contains(nilKinds, to.Kind())
	}
	from := reflect.ValueOf(v)
	switch v.(type) {
	case string, bool:
		if to.Kind() != from.Kind() {
			return out, false
		}
	case int, rune, float64:
		if !represents(from, to) {
			return out, false
		}
	default:
		return out, false
	}
	reflect.ValueOf(&out).Elem().Set(from.Convert(to))
	return out, true
}

// represents reports whether the number n can be a value of type to.
func represents(n reflect.Value, to reflect.Type) bool {
	target := reflect.New(to).Elem()
	switch {
	case target.CanUint():
		if n.CanInt() && n.Int() < 0 || n.CanFloat() && n.Float() < 0 {
			return false
		}
	case target.CanFloat():
		return !n.CanFloat() || !target.OverflowFloat(n.Float()) // rounding is allowed
	case !target.CanInt():
		return false
	}
	return n.Convert(to).Convert(n.Type()).Equal(n)
}
