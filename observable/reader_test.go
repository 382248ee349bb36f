package observable_test

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/sluicego/sluice/observable"
)

func ExampleFromReader() {
	show(observable.FromReader(strings.NewReader("hello"), 2))
	// Output: [[104 101] [108 108] [111]] <nil>
}

func ExampleLines() {
	show(observable.Lines(strings.NewReader("one\ntwo\r\n\nlast")))
	// Output: [one two  last] <nil>
}

func TestFromReader(t *testing.T) {
	for name, r := range map[string]io.Reader{
		"plain":           strings.NewReader("abcde"),
		"data with error": iotest.DataErrReader(strings.NewReader("abcde")),
		"byte by byte":    iotest.OneByteReader(strings.NewReader("abcde")),
		"half":            iotest.HalfReader(strings.NewReader("abcde")),
	} {
		got, err := observable.FromReader(r, 2).Collect(t.Context())
		if s := string(slices.Concat(got...)); s != "abcde" || err != nil {
			t.Errorf("%s: %q, %v", name, s, err)
		}
	}
	mustPanicWith(t, "observable: FromReader with a size of 0; it is at least 1", func() { observable.FromReader(strings.NewReader(""), 0) })
}

func TestFromReaderErrors(t *testing.T) {
	for name, r := range map[string]io.Reader{
		"at once": iotest.ErrReader(errTest),
		"later":   io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(errTest)),
	} {
		if _, err := observable.FromReader(r, 4).Collect(t.Context()); !errors.Is(err, errTest) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := observable.FromReader(silent{}, 1).Collect(t.Context()); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("silent: %v", err)
	}
	got, err := observable.Lines(io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(errTest))).Collect(t.Context())
	if diff := cmp.Diff([]string{"a", "b"}, got); diff != "" || !errors.Is(err, errTest) {
		t.Errorf("error %v, lines (-want +got):\n%s", err, diff)
	}
	_, err = observable.Lines(strings.NewReader(strings.Repeat("x", 1<<20))).Collect(t.Context())
	if !errors.Is(err, bufio.ErrTooLong) {
		t.Errorf("a long line: %v", err)
	}
}

// silent reads nothing, without an error.
type silent struct{}

func (silent) Read([]byte) (int, error) { return 0, nil }

// It reads as requested, and a second subscription goes on.
func TestReaderDemand(t *testing.T) {
	r := strings.NewReader("abcdef")
	o := observable.FromReader(r, 2)
	p := subscribe(t.Context(), o, 1)
	if r.Len() != 4 || string(p.got()[0]) != "ab" {
		t.Errorf("%d bytes left, read %q", r.Len(), p.got())
	}
	p.up.Cancel()
	if got, err := o.Collect(t.Context()); string(slices.Concat(got...)) != "cdef" || err != nil {
		t.Errorf("then %q, %v", got, err)
	}
	lines := observable.Lines(strings.NewReader("a\nb\nc\n"))
	q := subscribe(t.Context(), lines, 1)
	q.up.Cancel()
	q.expectLive(t, "a")
	if got, err := lines.Collect(t.Context()); !slices.Equal(got, []string{"b", "c"}) || err != nil {
		t.Errorf("then %q, %v", got, err)
	}
}

// The slices are the subscriber's.
func TestFromReaderSlices(t *testing.T) {
	got, _ := observable.FromReader(strings.NewReader("abcd"), 2).Collect(t.Context())
	_ = append(got[0], 'x')
	got[0][0] = 'y'
	if string(got[1]) != "cd" {
		t.Errorf("the second slice is %q", got[1])
	}
}
