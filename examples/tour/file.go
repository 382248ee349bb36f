package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
)

// lineSize is the length of a line in bytes, with its end.
const lineSize = 128

// A file is the large one that two of the strategies read.
type file struct {
	file *os.File
	size int64
}

// writeFile writes a file of so many lines to the folder for temporary files.
func writeFile(ctx context.Context, lines int) (f *file, err error) {
	temp, err := os.CreateTemp("", "sluice-tour-*.log")
	if err != nil {
		return nil, err
	}
	// Where an open file can be removed, nothing is left behind however the
	// program ends; elsewhere close does it.
	_ = os.Remove(temp.Name())
	f = &file{temp, int64(lines) * lineSize}
	defer func() {
		if err != nil {
			f.close()
		}
	}()
	w := bufio.NewWriterSize(temp, 1<<20)
	text := strings.Repeat(" what a line in a log says", 5)[:lineSize-9]
	for i := range lines {
		if i%4096 == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if _, err := fmt.Fprintf(w, "%08d%s\n", i, text); err != nil {
			return nil, err
		}
	}
	return f, w.Flush()
}

// reader returns a new reader of the file, from its beginning. It needs no
// closing.
func (f *file) reader() io.Reader { return io.NewSectionReader(f.file, 0, f.size) }

func (f *file) close() {
	_ = f.file.Close()
	_ = os.Remove(f.file.Name()) // an error if it has been removed already
}
