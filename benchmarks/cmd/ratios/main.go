// Command ratios reads the output of one run of the benchmarks and writes the
// Markdown of docs/benchmarks/results.md: for each workload the medians of this
// module, of the floor and of samber/ro, the ratio, the target, and whether it
// was met.
//
//	for i in 1 2 3 4 5 6; do go test -run '^$' -bench .; done | go run ./cmd/ratios > ../docs/benchmarks/results.md
//
// -count takes the samples of one contender right after each other. On a machine
// that has other work to do, run go test six times over and pipe in all of the
// output: then what slows the machine for a while slows all contenders.
package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	r, err := parse(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "ratios:", err)
		os.Exit(1)
	}
	out := bufio.NewWriter(os.Stdout)
	write(out, r)
	if err := out.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, "ratios:", err)
		os.Exit(1)
	}
}
