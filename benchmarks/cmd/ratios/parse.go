package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A run is the output of go test -bench, once or several times over.
type run struct {
	machine    []string // the lines goos, goarch and cpu, as "cpu: AMD EPYC"
	contenders []*contender
}

// A contender is one sub-benchmark; -count gives it several samples.
type contender struct {
	group   string               // as "W3/concatMap-1000x1000"
	name    string               // as "floor-iterseq-opaque"
	samples map[string][]float64 // by unit, as "ns/el"
}

// processors is what go test appends to the names of benchmarks.
var processors = regexp.MustCompile(`-\d+$`)

// parse reads the output of go test -bench. A failure in it is an error: half
// a table would look like a whole one.
func parse(in io.Reader) (*run, error) {
	r := &run{}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		line := lines.Text()
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0:
		case fields[0] == "FAIL" || strings.HasPrefix(strings.TrimSpace(line), "--- FAIL"):
			return nil, fmt.Errorf("the benchmarks failed: %s", line)
		case slices.Contains([]string{"goos:", "goarch:", "cpu:"}, fields[0]):
			if !slices.Contains(r.machine, line) {
				r.machine = append(r.machine, line)
			}
		case strings.HasPrefix(fields[0], "Benchmark") && len(fields) >= 4:
			if err := r.add(fields); err != nil {
				return nil, fmt.Errorf("%w in %q", err, line)
			}
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(r.contenders) == 0 {
		return nil, errors.New("no benchmark in the input; pipe the output of go test -bench into it")
	}
	return r, nil
}

// add takes in the fields of a line: the name, the number of operations, then
// pairs of value and unit.
func (r *run) add(fields []string) error {
	path := processors.ReplaceAllString(strings.TrimPrefix(fields[0], "Benchmark"), "")
	slash := strings.LastIndexByte(path, '/')
	if slash < 0 {
		return errors.New("a benchmark without contenders")
	}
	c := r.at(path[:slash], path[slash+1:])
	if c == nil {
		c = &contender{group: path[:slash], name: path[slash+1:], samples: map[string][]float64{}}
		r.contenders = append(r.contenders, c)
	}
	for pair := range slices.Chunk(fields[2:], 2) {
		if len(pair) < 2 {
			return errors.New("a value without a unit")
		}
		v, err := strconv.ParseFloat(pair[0], 64)
		if err != nil {
			return err
		}
		c.samples[pair[1]] = append(c.samples[pair[1]], v)
	}
	return nil
}

// at returns the contender of that name, or nil.
func (r *run) at(group, name string) *contender {
	for _, c := range r.contenders {
		if c.group == group && c.name == name {
			return c
		}
	}
	return nil
}

// ours returns the contenders of a group that are this module, in the order in
// which they ran.
func (r *run) ours(group string) []*contender {
	var found []*contender
	for _, c := range r.contenders {
		if c.group == group && (c.name == "ours" || strings.HasPrefix(c.name, "ours-")) {
			found = append(found, c)
		}
	}
	return found
}

// median returns the median of the samples of a unit; false if there are none.
func (c *contender) median(unit string) (float64, bool) {
	if c == nil || len(c.samples[unit]) == 0 {
		return 0, false
	}
	s := slices.Sorted(slices.Values(c.samples[unit]))
	return (s[len(s)/2] + s[(len(s)-1)/2]) / 2, true
}

// spread returns half the distance between the extremes, relative to the median.
func (c *contender) spread(unit string) float64 {
	m, ok := c.median(unit)
	if !ok || m == 0 {
		return 0
	}
	return (slices.Max(c.samples[unit]) - slices.Min(c.samples[unit])) / 2 / m
}
