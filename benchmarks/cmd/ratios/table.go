package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
)

// write writes the whole page. Errors are left to the writer's Flush.
func write(w io.Writer, r *run) {
	fmt.Fprintf(w, `# Benchmark results

Generated on one machine; do not edit:

    cd benchmarks && for i in 1 2 3 4 5 6; do go test -run '^$' -bench .; done | go run ./cmd/ratios > ../docs/benchmarks/results.md

Machine: %s, %s.

The numbers are medians over runs that have every contender in them, so that a
machine that slows down slows all of them. Nanoseconds are per value, or per
event, subscription or stage where the workload counts those. The floor is the
best that plain Go does for the same work; ro is samber/ro. What each contender
does is in the comments of benchmarks/w01_test.go and its kin.

A target in nanoseconds was set on one machine, together with its floor. Where it
is missed here but held in proportion to the floor, the table says "to scale".

| workload | ours | floor | ro | ours / floor | target | met |
|---|--:|--:|--:|--:|---|---|
`, runtime.Version(), strings.Join(r.machine, ", "))
	for _, t := range targets {
		ours := r.ours(t.group)
		if len(ours) == 0 {
			t.row(w, r, nil)
		}
		for _, c := range ours {
			t.row(w, r, c)
		}
	}
	fmt.Fprintf(w, `
## Every contender

± is half the distance between the fastest and the slowest sample.

| workload | contender | ns | ± | allocations per operation |
|---|---|--:|--:|--:|
`)
	for _, c := range r.contenders {
		allocs, _ := c.median("allocs/op")
		fmt.Fprintf(w, "| %s | %s | %s | %.0f %% | %.0f |\n",
			c.group, c.name, cell(c, "ns/el"), 100*c.spread("ns/el"), allocs)
	}
}

// row writes the line of one contender of ours, or the line that says that
// there is none.
func (t target) row(w io.Writer, r *run, ours *contender) {
	work := t.work
	if ours != nil && ours.name != "ours" {
		work += " (" + strings.ReplaceAll(strings.TrimPrefix(ours.name, "ours-"), "-", " ") + ")"
	}
	var cells [3][]string
	var limits []string
	seen := map[string]bool{}
	for _, l := range t.limits {
		limits = append(limits, l.String())
		if seen[l.unit] {
			continue
		}
		seen[l.unit] = true
		for i, c := range []*contender{ours, r.at(t.group, t.floor), r.at(t.group, "ro")} {
			cells[i] = append(cells[i], cell(c, l.unit))
		}
	}
	fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %s | %s |\n", work,
		join(cells[0]), join(cells[1]), join(cells[2]),
		t.ratio(r, ours), strings.Join(limits, ", "), t.met(r, ours))
}

// join leaves out what was not measured, unless that is all.
func join(cells []string) string {
	known := slices.DeleteFunc(cells, func(s string) bool { return s == missing })
	if len(known) == 0 {
		return missing
	}
	return strings.Join(known, ", ")
}

// missing stands for what was not measured.
const missing = "–"

// cell writes a median with its unit.
func cell(c *contender, unit string) string {
	v, ok := c.median(unit)
	if !ok {
		return missing
	}
	if unit == "ns/el" {
		return number(v)
	}
	return fmt.Sprintf("%.4g %s", v, noun(unit))
}

// number writes three significant digits.
func number(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

// ratio compares the first unit that has a limit.
func (t target) ratio(r *run, ours *contender) string {
	unit := t.limits[0].unit
	v, ok := ours.median(unit)
	floor, known := r.at(t.group, t.floor).median(unit)
	if !ok || !known || floor == 0 {
		return missing
	}
	return fmt.Sprintf("%.2f", v/floor)
}

// met says whether ours keeps all limits: yes, no, or to scale if only the
// speed of the machine is in the way.
func (t target) met(r *run, ours *contender) string {
	verdict := "yes"
	for _, l := range t.limits {
		v, ok := ours.median(l.unit)
		if !ok {
			return missing
		}
		most := l.most
		if l.of != nil {
			base, known := r.at(l.of.group, l.of.name).median(l.unit)
			if !known {
				return missing
			}
			most *= base
		}
		if v <= most {
			continue
		}
		floor, known := r.at(t.group, t.floor).median(l.unit)
		if l.then == 0 || !known || v > most*floor/l.then {
			return "no"
		}
		verdict = "to scale"
	}
	return verdict
}
