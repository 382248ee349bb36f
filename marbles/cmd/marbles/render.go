package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/internal/sketch"
	"github.com/sluicego/sluice/marbles/picture"
)

// themes are the values of -theme.
var themes = map[string]picture.Theme{"auto": picture.Auto, "light": picture.Light, "dark": picture.Dark}

// A drawing is a picture under the name its file gets.
type drawing struct {
	name    string
	picture *picture.Picture
}

func (c *command) render(args []string) (int, error) {
	to := c.flags.String("o", "", "write to `file`; if that is a directory, or there are several pictures, into it")
	text := c.flags.Bool("text", false, "draw as text")
	theme := c.flags.String("theme", "auto", "the colours of an SVG: auto, which follows the reader's preference, light or dark")
	title := c.flags.String("title", "", "the `text` above the picture")
	args, err := c.parse(args, "[flags] [file ...]   or   [flags] file.go [Func ...]")
	if err != nil {
		return failed, err
	}
	colours, ok := themes[*theme]
	if !ok {
		return failed, fmt.Errorf("there is no theme %q: use auto, light or dark", *theme)
	}
	drawings, err := c.drawings(orStdin(args))
	if err != nil {
		return failed, err
	}
	render := func(p *picture.Picture) []byte {
		p.Theme = colours
		if *title != "" {
			p.Title = *title
		}
		if *text {
			return []byte(p.Text())
		}
		return p.SVG()
	}
	switch {
	case *to != "" && (len(drawings) > 1 || isDirectory(*to)):
		return fine, writeAll(*to, drawings, render, *text)
	case len(drawings) > 1 && !*text:
		return failed, fmt.Errorf("%d pictures do not go into one file: name a directory with -o, or draw with -text", len(drawings))
	case *to != "":
		return fine, os.WriteFile(*to, render(drawings[0].picture), 0o666)
	}
	for i, d := range drawings {
		if i > 0 {
			say(c.out, "\n")
		}
		if _, err := c.out.Write(render(d.picture)); err != nil {
			return failed, err
		}
	}
	return fine, nil
}

// isDirectory reports whether path is a directory, or is written like one.
func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir() || err != nil && os.IsPathSeparator(path[len(path)-1])
}

func writeAll(dir string, drawings []drawing, render func(*picture.Picture) []byte, text bool) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	suffix := ".svg"
	if text {
		suffix = ".txt"
	}
	written := make(map[string]bool)
	for _, d := range drawings {
		path := filepath.Join(dir, d.name+suffix)
		if written[path] {
			return fmt.Errorf("two of the pictures would be %s: draw them into different directories", path)
		}
		written[path] = true
		if err := os.WriteFile(path, render(d.picture), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// drawings reads what the arguments name: files, and functions behind the Go
// file they are in.
func (c *command) drawings(args []string) (found []drawing, err error) {
	for len(args) > 0 {
		file := args[0]
		args = args[1:]
		if strings.HasSuffix(file, ".go") {
			n := slices.IndexFunc(args, isFile)
			if n < 0 {
				n = len(args)
			}
			docs, err := docDrawings(file, args[:n])
			if err != nil {
				return nil, err
			}
			found, args = append(found, docs...), args[n:]
			continue
		}
		text, err := c.read(file)
		if err != nil {
			return nil, err
		}
		p, err := picture.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", shown(file), err)
		}
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		if file == "-" {
			name = "stdin"
		}
		found = append(found, drawing{name, p})
	}
	return found, nil
}

// isFile tells files from functions.
func isFile(arg string) bool {
	return arg == "-" || strings.ContainsAny(arg, `/\`) || strings.HasSuffix(arg, ".go") || exists(arg)
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// shown is how messages name a file.
func shown(file string) string {
	if file == "-" {
		return "standard input"
	}
	return file
}

// docDrawings draws the diagrams in the doc comments of the functions, or all
// that the file has.
func docDrawings(file string, funcs []string) (found []drawing, err error) {
	for _, name := range funcs {
		if strings.HasPrefix(name, "-") {
			return nil, fmt.Errorf("%s is behind the file: put flags before it", name)
		}
	}
	diagrams, err := marble.Diagrams(file, nil)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, d := range diagrams {
		names = append(names, d.Func)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no doc comment has a diagram", file)
	}
	for _, name := range funcs {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("%s: no diagram of %s; there are those of %s", file, name, strings.Join(names, ", "))
		}
	}
	times := make(map[string]int)
	for _, d := range diagrams {
		if len(funcs) > 0 && !slices.Contains(funcs, d.Func) {
			continue
		}
		p, err := sketch.Doc(d, sketch.Run{})
		if err != nil {
			return nil, err
		}
		name := d.Func
		if times[d.Func]++; times[d.Func] > 1 {
			name = fmt.Sprintf("%s-%d", d.Func, times[d.Func])
		}
		found = append(found, drawing{name, p})
	}
	return found, nil
}
