package main_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	command "github.com/sluicego/sluice/marbles/cmd/marbles"
)

// play makes the test binary the command itself, so that tests run the real
// thing as a process, without a build of their own.
const play = "PLAY_MARBLES_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(play) != "" {
		command.Main()
		return
	}
	goleak.VerifyTestMain(m)
}

// A result is what a process left behind.
type result struct {
	out, err string
	code     int
}

// run runs the command in dir, with in on its standard input.
func run(t *testing.T, dir, in string, args ...string) result {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(in)
	cmd.Env = append(os.Environ(), play+"=1")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// files makes a directory with the given files, name after text.
func files(t *testing.T, pairs ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(pairs); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, pairs[i]), []byte(pairs[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func content(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func wantCode(t *testing.T, r result, code int) {
	t.Helper()
	if r.code != code {
		t.Fatalf("exit code %d, want %d\n%s%s", r.code, code, r.out, r.err)
	}
}

func equal(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

const debounce = `source         -a--bc---d--|
Debounce(2ms)  ---a---c---d|
`

const goFile = `package x

// Debounce emits a value once d has passed without a newer one.
//
//	source     -a--bc---d--|
//	Debounce(2ms)  ---a---[cC]---d|
//
// More.
func Debounce() {}

/*
Map stays as it is.

	source -
	source    -a-b|
	Map     -A-B|
*/
func Map() {}
`
