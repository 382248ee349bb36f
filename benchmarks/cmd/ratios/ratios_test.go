package main

import (
	"slices"
	"strings"
	"testing"
)

const output = `goos: linux
goarch: amd64
pkg: github.com/sluicego/sluice/benchmarks
cpu: AMD EPYC
BenchmarkW1/floor-iterseq-opaque-2 	 28 	 5000000 ns/op	 5.000 ns/el	 184 B/op	 7 allocs/op
BenchmarkW1/floor-iterseq-opaque-2 	 28 	 7000000 ns/op	 7.000 ns/el	 184 B/op	 7 allocs/op
BenchmarkW1/ours-2                 	 28 	 9000000 ns/op	 9.000 ns/el	 200 B/op	 8 allocs/op
BenchmarkW1/ours-2                 	 28 	 6000000 ns/op	 6.000 ns/el	 200 B/op	 8 allocs/op
BenchmarkW1/ours-2                 	 28 	 7000000 ns/op	 7.000 ns/el	 200 B/op	 8 allocs/op
BenchmarkW1/ours-subscriber-2      	 28 	 8000000 ns/op	 8.000 ns/el	 200 B/op	 8 allocs/op
BenchmarkW1/ro-2                   	 28 	 44000000 ns/op	 44.00 ns/el	 200 B/op	 8 allocs/op
BenchmarkW2/floor-4-allocations 	 28 	 320 ns/op	 320 ns/el	 192 B/op	 4 allocs/op
BenchmarkW2/ours                   	 28 	 400 ns/op	 400 ns/el	 192 B/op	 5 allocs/op
BenchmarkW3/concatMap-1000x1000/ours-16 	 28 	 1 ns/op	 6 ns/el	 192 B/op	 5 allocs/op
BenchmarkW4/128/floor-channel-2 	 28 	 1 ns/op	 50 ns/el	 192 B/op	 5 allocs/op
BenchmarkW4/128/ours-2 	 28 	 1 ns/op	 26 ns/el	 192 B/op	 5 allocs/op
PASS
ok  	github.com/sluicego/sluice/benchmarks	5.536s
`

func mustParse(t *testing.T) *run {
	t.Helper()
	r, err := parse(strings.NewReader(output))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestParse(t *testing.T) {
	r := mustParse(t)
	if want := []string{"goos: linux", "goarch: amd64", "cpu: AMD EPYC"}; !slices.Equal(r.machine, want) {
		t.Errorf("machine = %q, want %q", r.machine, want)
	}
	for _, c := range []struct {
		group, name, unit string
		median            float64
	}{
		{"W1", "floor-iterseq-opaque", "ns/el", 6}, // even: the mean of the two in the middle
		{"W1", "ours", "ns/el", 7},
		{"W1", "ours", "allocs/op", 8},
		{"W2", "floor-4-allocations", "ns/el", 320}, // GOMAXPROCS=1: no suffix
		{"W3/concatMap-1000x1000", "ours", "ns/el", 6},
	} {
		got, ok := r.at(c.group, c.name).median(c.unit)
		if !ok || got != c.median {
			t.Errorf("%s/%s: median %v, %t, want %v", c.group, c.name, got, ok, c.median)
		}
	}
	if got, want := r.at("W1", "ours").spread("ns/el"), 1.5/7; got != want {
		t.Errorf("spread = %v, want %v", got, want)
	}
	if ours := r.ours("W1"); len(ours) != 2 || ours[0].name != "ours" || ours[1].name != "ours-subscriber" {
		t.Errorf("ours = %v", ours)
	}
}

// The output of several runs, one after the other, is one of more samples.
func TestParseSeveralRuns(t *testing.T) {
	r, err := parse(strings.NewReader(output + output))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.machine) != 3 {
		t.Errorf("machine = %q", r.machine)
	}
	if got := len(r.at("W1", "ours").samples["ns/el"]); got != 6 {
		t.Errorf("%d samples, want 6", got)
	}
}

func TestParseRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"":                                 "no benchmark",
		"PASS":                             "no benchmark",
		"BenchmarkW1/ours-2 1 2 ns/el 3\n": "a value without a unit",
		"BenchmarkW1/ours-2 1 x ns/el\n":   "invalid syntax",
		"BenchmarkW1-2 1 2 ns/op\n":        "without contenders",
		output + "--- FAIL: BenchmarkW4/128/ro\n": "failed",
		output + "FAIL\n":                         "failed",
	} {
		if _, err := parse(strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("parse of %.40q: %v, want an error with %q", in, err, want)
		}
	}
}

func TestWrite(t *testing.T) {
	var b strings.Builder
	write(&b, mustParse(t))
	for _, want := range []string{
		"| W1 range → filter → map → reduce | 7.00 | 6.00 | 44.0 | 1.17 | ≤ 1.3 × floor-iterseq-opaque | yes |",
		"| W1 range → filter → map → reduce (subscriber) | 8.00 | 6.00 | 44.0 | 1.33 | ≤ 1.3 × floor-iterseq-opaque | no |",
		// 400 ns are too many, but this machine takes 320 for what took 160.
		"| W2 one subscription, pipeline built before | 400, 5 allocations | 320, 4 allocations | – | 1.25 | ≤ 250 ns, ≤ 5 allocations | to scale |",
		"| W3 concatMap 1000 × 1000 | 6.00 | – | – | – | ≤ 6 ns | yes |",
		// Within 30 ns, but not within half a channel.
		"| W4 one goroutine hop, 128 in flight | 26.0 | – | – | – | ≤ 30 ns, ≤ 0.5 × floor-channel | no |",
		// What was not measured is not met.
		"| W5 subject to 1 subscriber | – | – | – | – | ≤ 25 ns | – |",
		"| W1 | ours | 7.00 | 21 % | 8 |",
	} {
		if !strings.Contains(b.String(), want+"\n") {
			t.Errorf("no line\n%s\nin\n%s", want, b.String())
		}
	}
}
