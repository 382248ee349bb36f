// Tour feeds a fast producer into a slow consumer, once for each way there is
// to deal with that, and shows what became of the values.
//
//	go run ./examples/tour
//
// It needs no network and no terminal, and takes about 12 seconds.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
)

// The exit codes besides 0.
const (
	exitFailure     = 1   // something went wrong, or the books do not balance
	exitUsage       = 2   // the flags make no sense
	exitInterrupted = 130 // Ctrl-C: what a shell reports for it
)

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	complain := log.New(os.Stderr, "tour: ", 0)
	o, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		complain.Println(err)
		return exitUsage
	}

	// The first signal ends the run that is going on, the second the program.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)

	err = tour(ctx, o, newScreen(os.Stdout))
	switch {
	case ctx.Err() != nil:
		complain.Println("interrupted")
		return exitInterrupted
	case err != nil:
		complain.Println(err)
		return exitFailure
	}
	return 0
}

// tour runs the strategies one after the other.
func tour(ctx context.Context, o options, out *screen) error {
	in, err := writeFile(ctx, o.lines)
	if err != nil {
		return err
	}
	defer in.close()
	if err := introduce(ctx, out, in, o); err != nil {
		return err
	}
	var results []result
	for i, s := range o.strategies {
		out.printf("\n%d of %d  %s: %s\n", i+1, len(o.strategies), s.name, s.why)
		out.printf("        %-10s%s\n        %-10s%s\n", "source", s.source.name, "strategy", s.code)
		r, err := try(ctx, s, in, o.duration, out)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		results = append(results, r)
		out.printf("%s%s", r.ending(), r.tape.draw())
	}
	out.printf("\n%s", table(results))
	return out.err()
}
