package main

import (
	"context"
	"fmt"
	"time"
)

// introduce shows the parties, each measured on its own.
func introduce(ctx context.Context, out *screen, in *file, o options) error {
	out.printf("One fast producer, one slow consumer, and what can be done about it.\n\n")

	began, lines := time.Now(), 0
	err := pulledLines.open(in).ForEach(ctx, func(string) error { lines++; return nil })
	if err != nil {
		return err
	}
	out.printf("  file      %s lines, %s; read alone, %s lines a second\n",
		group(int64(lines)), megabytes(in.size), perSecond(lines, time.Since(began)))

	out.printf("  ticker    %s events a second, whether anybody is ready for them or not\n", group(eventsPerSecond))

	const values = 20
	began = time.Now()
	for range values {
		work()
	}
	out.printf("  consumer  1 ms of work on each value, %s a second; on a goroutine of its own\n", perSecond(values, time.Since(began)))
	out.printf("\nEach strategy runs for %v, unless it fails before.\n%s", o.duration, legend)
	return nil
}

// perSecond is a rate with two digits that count.
func perSecond(n int, d time.Duration) string {
	rate, unit := int64(float64(n)/d.Seconds()), int64(1)
	for rate/unit >= 100 {
		unit *= 10
	}
	return fmt.Sprint("about ", group(rate/unit*unit))
}
