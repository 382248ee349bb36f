package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/marbles/picture"
)

func (c *command) format(args []string) (int, error) {
	write := c.flags.Bool("w", false, "write the result to the file")
	show := c.flags.Bool("d", false, "show the lines that would change, and exit with 1 if there are any")
	files, err := c.parse(args, "[-w] [-d] [file ...]")
	if err != nil {
		return failed, err
	}
	code := fine
	for _, file := range orStdin(files) {
		before, err := c.read(file)
		if err != nil {
			return failed, err
		}
		after, err := formatted(file, before)
		if err != nil {
			return failed, fmt.Errorf("%s: %w", shown(file), err)
		}
		if *show && after != before {
			code = different
			if err := c.showChanges(shown(file), before, after); err != nil {
				return failed, err
			}
		}
		switch {
		case *write && file == "-":
			return failed, fmt.Errorf("standard input cannot be written: name a file, or leave -w out")
		case *write && after != before:
			err = rewrite(file, after)
		case !*write && !*show:
			_, err = c.out.Write([]byte(after))
		}
		if err != nil {
			return failed, err
		}
	}
	return code, nil
}

// rewrite keeps the mode of the file.
func rewrite(file, text string) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), info.Mode().Perm())
}

// showChanges prints the lines that differ. Formatting changes lines, but adds
// and removes none.
func (c *command) showChanges(file, before, after string) error {
	var b bytes.Buffer
	is := strings.Split(after, "\n")
	for i, was := range strings.Split(before, "\n") {
		if was != is[i] {
			fmt.Fprintf(&b, "%s:%d\n-%s\n+%s\n", file, i+1, was, is[i])
		}
	}
	_, err := c.out.Write(b.Bytes())
	return err
}

// formatted is the text of a file with its diagrams lined up. Line ends stay.
func formatted(file, text string) (string, error) {
	if strings.Contains(text, "\r\n") {
		after, err := formatted(file, strings.ReplaceAll(text, "\r\n", "\n"))
		if err != nil {
			return "", err
		}
		return endLike(text, after), nil
	}
	switch filepath.Ext(file) {
	case ".go":
		return formatGo(file, text)
	case ".md", ".markdown":
		return formatMarkdown(text)
	}
	return picture.Format(text)
}

// endLike gives each line of text the end that the line has in the original.
func endLike(original, text string) string {
	lines := strings.Split(text, "\n")
	for i, was := range strings.Split(original, "\n") {
		if strings.HasSuffix(was, "\r") && !strings.HasSuffix(lines[i], "\r") {
			lines[i] += "\r"
		}
	}
	return strings.Join(lines, "\n")
}

// formatMarkdown lines up the blocks that start with ```marbles.
func formatMarkdown(text string) (string, error) {
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		fence, info := fenceOf(lines[i])
		if fence == "" {
			continue
		}
		end := i + 1
		for end < len(lines) && !closes(lines[end], fence) {
			end++
		}
		if info == "marbles" {
			block, err := picture.Format(strings.Join(lines[i+1:end], "\n"))
			if err != nil {
				return "", fmt.Errorf("in the block that starts at line %d, %w", i+1, err)
			}
			copy(lines[i+1:end], strings.Split(block, "\n"))
		}
		i = end
	}
	return strings.Join(lines, "\n"), nil
}

// fenceOf returns the fence that a line opens, and the word behind it.
func fenceOf(line string) (fence, info string) {
	line = strings.TrimLeft(line, " \t>")
	rest := strings.TrimLeft(line, "`")
	if fence = line[:len(line)-len(rest)]; len(fence) < len("```") {
		rest = strings.TrimLeft(line, "~")
		fence = line[:len(line)-len(rest)]
	}
	if len(fence) < len("```") || strings.Contains(rest, "`") {
		return "", ""
	}
	info, _, _ = strings.Cut(strings.TrimSpace(rest), " ")
	return fence, info
}

func closes(line, fence string) bool {
	line = strings.TrimLeft(line, " \t>")
	return strings.HasPrefix(line, fence) && strings.Trim(line, fence[:1]+" \t") == ""
}

// formatGo lines up the diagrams in doc comments of the // kind.
func formatGo(file, text string) (string, error) {
	diagrams, err := marble.Diagrams(file, text)
	if err != nil {
		return "", err
	}
	lines := strings.Split(text, "\n")
	for _, d := range diagrams {
		var block strings.Builder
		for _, row := range d.Rows {
			fmt.Fprintf(&block, "%s  %s\n", row.Label, row.Text)
		}
		after, err := picture.Format(strings.TrimSuffix(block.String(), "\n"))
		if err != nil {
			return "", fmt.Errorf("%s: diagram of %s: %w", d.Pos, d.Func, err)
		}
		for i, row := range strings.Split(after, "\n") {
			line := &lines[d.Rows[i].Pos.Line-1]
			before, _, found := strings.Cut(*line, "//\t")
			if found && strings.TrimSpace(before) == "" {
				*line = before + "//\t" + row
			}
		}
	}
	return strings.Join(lines, "\n"), nil
}
