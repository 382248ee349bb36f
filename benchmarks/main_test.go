package benchmarks_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// TestMain gives a contender 150 ms where the command line says nothing: many
// short runs, of which the median is taken, tell more than one long one.
func TestMain(m *testing.M) {
	flag.Parse()
	explicit := false
	flag.Visit(func(f *flag.Flag) { explicit = explicit || f.Name == "test.benchtime" })
	if !explicit {
		if err := flag.Set("test.benchtime", "150ms"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	os.Exit(m.Run())
}

// million is how many values most workloads handle per operation.
const million = 1_000_000

// measure runs work, which handles n values and returns their sum, as the
// contender called name.
func measure(b *testing.B, name string, n, want int, work func() int) {
	b.Helper()
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if got := work(); got != want {
				b.Fatalf("the sum of the values is %d, want %d", got, want)
			}
		}
		perValue(b, n)
	})
}

// perValue reports the time of one of the n values of an operation.
func perValue(b *testing.B, n int) {
	b.Helper()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/el")
}

// The callbacks of the pipelines. All but the plain loop get them as values,
// through functions that are not inlined, and cannot see through them.
func even(v int) bool     { return v&1 == 0 }
func positive(v int) bool { return v > 0 }
func triple(v int) int    { return v * 3 }
func inc(v int) int       { return v + 1 }
func add(sum, v int) int  { return sum + v }

// samber/ro counts in int64.
func even64(v int64) bool      { return v&1 == 0 }
func positive64(v int64) bool  { return v > 0 }
func triple64(v int64) int64   { return v * 3 }
func inc64(v int64) int64      { return v + 1 }
func add64(sum, v int64) int64 { return sum + v }
