package marbles

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/sluicego/sluice/internal/marble"
)

// ErrMarble is the error that "#" stands for in a source, unless [Err] says
// otherwise.
var ErrMarble = errors.New("marbles: #")

// An Option tunes a source or an expectation: [Values], [Err], and for sources
// an [Overflow].
type Option interface{ apply(o *options) }

// A SourceOption is an [Option] that only sources take, or any other.
type SourceOption interface{ applySource(o *options) }

// Values says which value a marble stands for. The keys are strings, so that
// they can be one character or the longer name of a {name} marble; the values
// have the element type of the lane. Without it, a marble stands for itself:
// the string or rune, and for integers 0 to 9, then a to z for 10 to 35. A key
// that no lane uses fails the test, as does a marble without a key, or a second
// map for one lane.
//
// Values are compared deeply, or with their Equal method, errors with
// errors.Is. NaN equals NaN, and an observable or a function equals itself.
type Values map[string]any

func (v Values) apply(o *options)       { o.setValues(v) }
func (v Values) applySource(o *options) { o.setValues(v) }

// Err makes "#" stand for err: a source fails with it, an expectation asks for
// an error that errors.Is it. Without it, an expectation takes every error but a
// *observable.PanicError: a nil pointer in a callback is not what a test of
// errors is about. To expect a panic, let the callback panic with an error, and
// name it here. A nil err fails the test, as does an Err for a lane without "#".
func Err(err error) ErrOption { return ErrOption{err} }

// ErrOption is the result of [Err].
type ErrOption struct{ err error }

func (e ErrOption) apply(o *options)       { o.setErr(e.err) }
func (e ErrOption) applySource(o *options) { o.setErr(e.err) }

// An Overflow says what a [Hot] or [Cold] source does with a value for which
// there is no demand.
type Overflow int

// The ways of a source with a value that nobody requested.
const (
	Fail   Overflow = iota // end the subscription with *observable.OverflowError; the default
	Buffer                 // keep it, and what follows, until it is requested
	Drop                   // give it up
	Latest                 // keep the newest only
)

func (f Overflow) applySource(o *options) { o.overflow = f }

type options struct {
	values   Values
	err      error
	named    bool // err is that of Err
	overflow Overflow
	misuse   string // what is wrong with them, if anything; see check
}

func (o *options) setValues(v Values) {
	if o.values != nil && !same(o.values, v) {
		o.misuse = "a second Values would replace the first, whose keys nobody would miss; put all keys into one map"
	}
	o.values = v
}

func (o *options) setErr(err error) {
	switch {
	case err == nil:
		o.misuse = `Err(nil) names no error; name one, or leave Err out`
	case o.named:
		o.misuse = fmt.Sprintf("Err(%q) would replace Err(%q); remove one of them", err, o.err)
	}
	o.err, o.named = err, true
}

// check ends the test if there is something wrong with the options of a lane:
// an option has no test to fail.
func (o options) check(m *Test, lane marble.Lane) {
	m.t.Helper()
	if o.misuse == "" && o.named && !slices.ContainsFunc(lane.Events, isError) {
		o.misuse = fmt.Sprintf(`Err(%q) is what "#" stands for, but %q has none; remove Err, or use "#"`, o.err, lane.Text)
	}
	if o.misuse != "" {
		m.t.Fatalf("%s: marbles: %s", site(), o.misuse)
	}
}

func isError(e marble.Event) bool { return e.Kind == marble.Error }

func sourceOptions(opts []SourceOption) options {
	o := options{err: ErrMarble}
	for _, opt := range opts {
		opt.applySource(&o)
	}
	return o
}

func expectOptions(o options, opts []Option) options {
	for _, opt := range opts {
		opt.apply(&o)
	}
	return o
}

// same reports whether two Values are one map.
func same(a, b Values) bool { return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer() }

// inPackage reports whether a function, by its full name, is this package's own.
func inPackage(function string) bool {
	return strings.Contains(function, "/sluice/marbles.")
}
