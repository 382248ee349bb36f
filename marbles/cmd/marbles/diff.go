package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/internal/sketch"
)

func (c *command) diff(args []string) (int, error) {
	frame := c.flags.Duration("frame", marble.DefaultFrame, "the time one character takes")
	file := c.flags.String("f", "", "read the two lanes from a `file`, one in a line, with labels or without")
	demand := c.flags.Bool("demand", false, "the lanes are demand or subscription lanes, \"^2--1-!\"")
	svg := c.flags.String("svg", "", "draw the difference into `file`")
	args, err := c.parse(c.lanesLast(args), "[flags] WANT GOT   or   [flags] -f file")
	if err != nil {
		return failed, err
	}
	if *frame <= 0 {
		return failed, fmt.Errorf("the frame %v is not above zero: give one like 10ms", *frame)
	}
	if *file != "" {
		if len(args) > 0 {
			return failed, fmt.Errorf("-f and lanes as arguments do not go together: leave one out")
		}
		if args, err = c.twoLanes(*file); err != nil {
			return failed, err
		}
	}
	if len(args) != 2 {
		return failed, fmt.Errorf("the number of lanes is %d: give two, what is wanted and what came, each quoted", len(args))
	}
	grammar := marble.Hot
	if *demand {
		grammar = marble.Demand
	}
	r := &marble.Report{Frame: *frame}
	if r.Want, err = lane("WANT", args[0], grammar, *frame); err != nil {
		return failed, err
	}
	if r.Got, err = lane("GOT", args[1], grammar, *frame); err != nil {
		return failed, err
	}
	if *svg != "" {
		if err := os.WriteFile(*svg, sketch.Report(r).SVG(), 0o666); err != nil {
			return failed, err
		}
	}
	if !r.Failed() {
		return fine, nil
	}
	_, err = fmt.Fprint(c.out, r.String())
	return different, err
}

// lanesLast puts what is no flag behind a "--", as lanes begin like flags do.
func (c *command) lanesLast(args []string) []string {
	flags, lanes := []string{}, []string{"--"}
	for i := 0; i < len(args); i++ {
		name, _, assigned := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(args[i], "-"), "-"), "=")
		known := name == "h" || name == "help" || c.flags.Lookup(name) != nil
		switch {
		case args[i] == "--":
			return append(append(flags, lanes...), args[i+1:]...)
		case args[i] == "" || args[i][0] != '-' || !known:
			lanes = append(lanes, args[i])
		case assigned || name == "h" || name == "help" || name == "demand" || i+1 == len(args):
			flags = append(flags, args[i])
		default:
			flags = append(flags, args[i], args[i+1])
			i++
		}
	}
	return append(flags, lanes...)
}

func lane(name, text string, g marble.Grammar, frame time.Duration) ([]marble.Event, error) {
	l, err := marble.Parse(text, g, frame)
	switch {
	case err != nil && g == marble.Hot && strings.Contains(text, "!"):
		return nil, fmt.Errorf("%s: %w\nis it a demand lane? Then say diff -demand", name, err)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return l.Events, nil
}

// twoLanes are the lines of a file without their labels.
func (c *command) twoLanes(file string) ([]string, error) {
	text, err := c.read(file)
	if err != nil {
		return nil, err
	}
	var lanes []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if _, lane, ok := strings.Cut(line, "  "); ok {
			line = strings.TrimSpace(lane)
		}
		lanes = append(lanes, line)
	}
	if len(lanes) != 2 {
		return nil, fmt.Errorf("%s: the number of lanes is %d: put two there, what is wanted above what came", shown(file), len(lanes))
	}
	return lanes, nil
}
