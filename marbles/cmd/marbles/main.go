// Marbles draws, formats and compares marble diagrams.
//
//	marbles render [-o file] [-text] [-theme auto|light|dark] [-title text] [file ...]
//	marbles render [flags] file.go [Func ...]
//	marbles fmt [-w] [-d] [file ...]
//	marbles diff [-demand] [-frame 1ms] [-svg file] WANT GOT
//	marbles diff [flags] -f file
//
// Render draws diagrams as SVG, or with -text as text. A diagram file has the
// form that package picture describes; of a Go file it draws the diagrams in
// the doc comments of the given functions, or all of them. With -o that
// is a directory each picture becomes a file in it; several pictures need one.
//
// Fmt lines up the rows of diagrams: in diagram files, in the blocks of Markdown
// files that start with ```marbles, and in the doc comments of Go files. It
// prints the result; -w writes it back to the file, and -d shows what would
// change and exits with 1 if anything would.
//
// Diff says how two lanes differ, as a failed test would, and exits with 1 if
// they do. With -f, they are the two rows of a file; -svg draws them as well.
//
// Without a file, or for "-", the commands read standard input. What cannot be
// done exits with 2.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// The exit codes.
const (
	fine      = 0
	different = 1
	failed    = 2
)

const usage = `usage: marbles render [-o file] [-text] [-theme auto|light|dark] [-title text] [file ...]
       marbles render [flags] file.go [Func ...]
       marbles fmt [-w] [-d] [file ...]
       marbles diff [-demand] [-frame 1ms] [-svg file] WANT GOT
       marbles diff [flags] -f file
Run "marbles render -h" and so on for the flags.
`

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// A command reads its arguments with its flags, and returns the exit code.
type command struct {
	flags *flag.FlagSet
	in    io.Reader
	out   io.Writer
	err   io.Writer
}

func run(args []string, in io.Reader, out, errs io.Writer) int {
	if len(args) == 0 {
		say(errs, usage)
		return failed
	}
	c := &command{flags: flag.NewFlagSet("marbles "+args[0], flag.ContinueOnError), in: in, out: out, err: errs}
	c.flags.SetOutput(errs)
	var do func([]string) (int, error)
	switch args[0] {
	case "render":
		do = c.render
	case "fmt":
		do = c.format
	case "diff":
		do = c.diff
	case "-h", "-help", "--help", "help":
		say(out, usage)
		return fine
	default:
		say(errs, "marbles: there is no command %q: use render, fmt or diff\n", args[0])
		return failed
	}
	code, err := do(args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		return fine
	case errors.Is(err, errReported):
		return failed
	case err != nil:
		text := strings.ReplaceAll(": "+err.Error(), ": marbles: ", ": ") // once is enough
		say(errs, "marbles %s%s\n", args[0], text)
		return failed
	}
	return code
}

// say prints. If that fails there is nobody left to tell.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }

// errReported is an error that package flag has printed.
var errReported = errors.New("the flags were wrong")

func (c *command) parse(args []string, usage string) ([]string, error) {
	c.flags.Usage = func() {
		say(c.err, "usage: %s %s\n", c.flags.Name(), usage)
		c.flags.PrintDefaults()
	}
	if err := c.flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil, err
	} else if err != nil {
		return nil, errReported
	}
	return c.flags.Args(), nil
}

// read returns the text of a file, "-" being standard input.
func (c *command) read(file string) (string, error) {
	if file == "-" {
		text, err := io.ReadAll(c.in)
		return string(text), err
	}
	text, err := os.ReadFile(file)
	return string(text), err
}

// orStdin are the files, or standard input if there are none.
func orStdin(files []string) []string {
	if len(files) == 0 {
		return []string{"-"}
	}
	return files
}
