package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// The size of the file, and how long each strategy runs.
const (
	fullLines     = 1 << 19 // 64 MiB
	fullDuration  = 1500 * time.Millisecond
	quickLines    = 1 << 14 // 2 MiB
	quickDuration = 200 * time.Millisecond

	shortest = 100 * time.Millisecond
	longest  = time.Minute
)

type options struct {
	lines      int           // of the file
	duration   time.Duration // of each run
	strategies []strategy    // to be run
}

// parse reads the flags. It refuses what makes no sense.
func parse(args []string) (options, error) {
	o := options{lines: fullLines, strategies: strategies()}
	names := make([]string, len(o.strategies))
	for i, s := range o.strategies {
		names[i] = s.name
	}

	flags := flag.NewFlagSet("tour", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // errors are returned, and printed once
	only := flags.String("strategy", "", "run this one only: "+strings.Join(names, ", "))
	flags.DurationVar(&o.duration, "duration", fullDuration, "how long each strategy runs")
	quick := flags.Bool("quick", false, fmt.Sprintf("a small file, and %v for each strategy unless -duration is given", quickDuration))
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			flags.SetOutput(os.Stderr)
			flags.Usage()
		}
		return o, err
	}

	given := make(map[string]bool)
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if *quick {
		o.lines = quickLines
		if !given["duration"] {
			o.duration = quickDuration
		}
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q; there are only flags, see -help", flags.Arg(0))
	case o.duration < shortest || o.duration > longest:
		return o, fmt.Errorf("-duration is %v; choose from %v to %v", o.duration, shortest, longest)
	case given["strategy"]:
		i := slices.Index(names, *only)
		if i < 0 {
			return o, fmt.Errorf("there is no -strategy %q; choose one of %s", *only, strings.Join(names, ", "))
		}
		o.strategies = o.strategies[i : i+1]
	}
	return o, nil
}
