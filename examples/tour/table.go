package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// table puts the runs side by side. It is less than 100 columns wide.
func table(results []result) string {
	var b strings.Builder
	const format = "%-9s%10s%11s%9s%9s%14s%16s%10s%9s\n"
	fmt.Fprintf(&b, format, "", "produced", "delivered", "dropped", "unread",
		"held at most", "memory at most", "mean age", "time")
	for _, r := range results {
		fmt.Fprintf(&b, format, r.strategy.name,
			group(r.produced), group(r.delivered), group(r.dropped), group(r.unread), group(r.mostHeld),
			megabytes(r.memory), milliseconds(r.age), fmt.Sprintf("%.2f s", r.took.Seconds()))
	}
	b.WriteString(footer)
	return b.String()
}

const footer = `
Unread is what was held when the run was stopped, and what still came just then.
In every run produced = delivered + dropped + unread; the program has checked
it. The age of a value is the time from its production to its delivery.
`

// group writes n with commas between the thousands.
func group(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

func milliseconds(d time.Duration) string {
	return group(d.Round(time.Millisecond).Milliseconds()) + " ms"
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(max(n, 0))/(1<<20)) }
