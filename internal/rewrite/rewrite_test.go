package rewrite_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/sluicego/sluice/internal/rewrite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const source = `package p

func f() {
	expect(out).ToBe("-a|")
	expect(out).Demand("^").ToBe("-b|"); expect(out).ToBe("-c|")
	expect(out).
		Demand("^--!").
		ToBe(
			"-d|",
			values,
		)
	src.Subscriptions("^!", "-^!", opts)
	src.Subscriptions()
	src.Subscriptions(` + "`^`" + `)
	m.Inner[string](m, "-e|")
	for _, tt := range []test{{"-g|", "-h|"}, {"-h|", "-i|"}} {
		expect(out).ToBe(tt.want)
	}
}

// Doc does.
//
//	source  -a|
//	Doc     -b|  
`

func TestArguments(t *testing.T) {
	for name, tt := range map[string]struct {
		call      rewrite.Call
		now       []string
		old, want string // a part of the file
	}{
		"one of a line":       {call(4, "ToBe", "-a|"), []string{"  --a|"}, `ToBe("-a|")`, `ToBe("  --a|")`},
		"the first of two":    {call(5, "ToBe", "-b|"), []string{"x"}, `ToBe("-b|")`, `ToBe("x")`},
		"the second of two":   {call(5, "ToBe", "-c|"), []string{"x"}, `ToBe("-c|")`, `ToBe("x")`},
		"over lines":          {call(8, "ToBe", "-d|"), []string{"x"}, `"-d|"`, `"x"`},
		"over lines, seen as": {call(6, "ToBe", "-d|"), []string{"x"}, `"-d|"`, `"x"`},
		"one of several":      {call(12, "Subscriptions", "^!", "-^!"), []string{"^!", "x"}, `("^!", "-^!", opts)`, `("^!", "x", opts)`},
		"more":                {call(12, "Subscriptions", "^!", "-^!"), []string{"1", "2", "3"}, `("^!", "-^!", opts)`, `("1", "2", "3", opts)`},
		"fewer":               {call(12, "Subscriptions", "^!", "-^!"), []string{"1"}, `("^!", "-^!", opts)`, `("1", opts)`},
		"some for none":       {call(13, "Subscriptions"), []string{"1", "2"}, `Subscriptions()`, `Subscriptions("1", "2")`},
		"none for some":       {call(14, "Subscriptions", "^"), nil, "Subscriptions(`^`)", `Subscriptions()`},
		"a raw literal":       {call(14, "Subscriptions", "^"), []string{"^!"}, "(`^`)", "(`^!`)"},
		"what no raw holds":   {call(14, "Subscriptions", "^"), []string{"`"}, "(`^`)", "(\"`\")"},
		"after another":       {rewrite.Call{Line: 15, Function: "Inner", Skip: 1, Texts: []string{"-e|"}}, []string{"x"}, `(m, "-e|")`, `(m, "x")`},
		"that of a table":     {call(17, "ToBe", "-i|"), []string{"x"}, `"-i|"`, `"x"`},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, source)
			tt.call.Path = path
			var files rewrite.Files
			for range 2 { // as by a test that runs twice
				if err := files.Arguments(tt.call, tt.now); err != nil {
					t.Fatal(err)
				}
			}
			if n := strings.Count(source, tt.old); n != 1 {
				t.Fatalf("the source has %q %d times", tt.old, n)
			}
			if diff := cmp.Diff(strings.Replace(source, tt.old, tt.want, 1), read(t, path)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A helper may be in another file than the diagrams that it is called with.
func TestOriginInAnotherFile(t *testing.T) {
	helper := write(t, "package p\n\nfunc check(want string) { ToBe(want) }\n")
	other := func(name, text string) string {
		path := filepath.Join(filepath.Dir(helper), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const text = "package p\n\nfunc f() { Hot[int](m, \"-a|\"); check(\"-a|\"); check(\"-b|\"); check(\"-b|\") }\n"
	origin := other("q_test.go", text)
	other("q.go", "package p\n\nconst s = \"-a|\"\n")
	var files rewrite.Files
	for range 2 {
		if err := files.Arguments(callOf(helper, 3, "ToBe", "-a|"), []string{"--a|"}); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(strings.Replace(text, `check("-a|")`, `check("--a|")`, 1), read(t, origin)); diff != "" {
		t.Error(diff)
	}
	refused(t, files.Arguments(callOf(helper, 3, "ToBe", "-b|"), []string{"x"}), `2 literals in the other tests of the folder are "-b|"`)
}

// Lines are counted as in the program that runs, however much has been changed.
func TestSeveralChanges(t *testing.T) {
	path := write(t, source)
	var files rewrite.Files
	for _, err := range []error{
		files.Line(path, 24, "-b|", "---b|"),
		files.Arguments(callOf(path, 17, "ToBe", "-i|"), []string{"a\nb"}),
		files.Arguments(callOf(path, 4, "ToBe", "-a|"), []string{"-----a|"}),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	want := strings.NewReplacer(`ToBe("-a|")`, `ToBe("-----a|")`, `"-i|"`, `"a\nb"`, "Doc     -b|", "Doc     ---b|").Replace(source)
	if diff := cmp.Diff(want, read(t, path)); diff != "" {
		t.Error(diff)
	}
}

func TestRefusals(t *testing.T) {
	path := write(t, source)
	for name, tt := range map[string]struct {
		call rewrite.Call
		now  []string
		want string
	}{
		"no such call":          {callOf(path, 4, "ToBe", "-b|"), []string{"x"}, `no call of ToBe is found there with "-b|"`},
		"no such line":          {callOf(path, 2, "ToBe", "-a|"), []string{"x"}, `no call of ToBe is found there`},
		"two origins":           {callOf(path, 17, "ToBe", "-h|"), []string{"x"}, `the argument is no string literal, and 2 literals in the file are "-h|"`},
		"no origin":             {callOf(path, 17, "ToBe", "-z|"), []string{"x"}, `the argument is no string literal, and no literal in the tests of the folder is "-z|"`},
		"more than one, not so": {callOf(path, 17, "ToBe", "-z|"), []string{"x", "y"}, `the call needs 2 diagrams and has 1, some of which are no string literals`},
		"no file":               {callOf("p_test.go", 1, "ToBe", "-"), []string{"x"}, `the source p_test.go is not found; was the test built with -trimpath?`},
		"a file out of reach":   {callOf(path+"/x", 1, "ToBe", "-"), []string{"x"}, `the source cannot be read`},
	} {
		t.Run(name, func(t *testing.T) {
			var files rewrite.Files
			refused(t, files.Arguments(tt.call, tt.now), tt.want)
		})
	}
	var files rewrite.Files
	refused(t, files.Line(path, 99, "-b|", "x"), "there is no line 99")
	refused(t, files.Line(path, 24, "-c|", "x"), `line 24 does not end with "-c|"`)
	refused(t, files.Arguments(callOf(write(t, "package"), 1, "ToBe", "-"), []string{"x"}), "the source cannot be parsed")
	if got := read(t, path); got != source {
		t.Errorf("the file was changed:\n%s", got)
	}
}

func TestRunsThatDoNotAgree(t *testing.T) {
	path := write(t, source)
	var files rewrite.Files
	if err := files.Arguments(callOf(path, 4, "ToBe", "-a|"), []string{"x"}); err != nil {
		t.Fatal(err)
	}
	refused(t, files.Arguments(callOf(path, 4, "ToBe", "-a|"), []string{"y"}), `this run would write "y" where another has just written "x"; they do not agree`)
}

func TestWhatSomebodyElseHasWrittenIsKept(t *testing.T) {
	path := write(t, source)
	var files rewrite.Files
	if err := files.Line(path, 24, "-b|", "-x|"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("package q\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, files.Arguments(callOf(path, 4, "ToBe", "-a|"), []string{"x"}), "was changed while the test ran; run it again")
	if got := read(t, path); got != "package q\n" {
		t.Errorf("it was overwritten:\n%s", got)
	}
}

func call(line int, function string, texts ...string) rewrite.Call {
	return callOf("", line, function, texts...)
}

func callOf(path string, line int, function string, texts ...string) rewrite.Call {
	return rewrite.Call{Path: path, Line: line, Function: function, Texts: texts}
}

func write(t *testing.T, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "p_test.go")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func refused(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}
