package main

import "fmt"

// A target says what a group of contenders is about and what this module has
// to reach in it.
type target struct {
	group  string
	work   string
	floor  string // the contender that the ratio is to
	limits []limit
}

// A limit bounds the median of a unit.
type limit struct {
	unit string
	most float64
	// of, if set, makes it a multiple of the median of this contender.
	of *reference
	// then is what the floor took on the machine on which an absolute time was
	// set as the target. Where the floor takes longer, so may we.
	then float64
}

// A reference is a contender that a limit is relative to.
type reference struct{ group, name string }

var (
	opaque  = "floor-iterseq-opaque"
	targets = []target{
		{"W1", "W1 range → filter → map → reduce", opaque, relative(1.3, "W1", opaque)},
		{"W2", "W2 one subscription, pipeline built before", "floor-4-allocations", []limit{
			{unit: "ns/el", most: 250, then: 160}, {unit: "allocs/op", most: 5},
		}},
		{"W3/mergeMap-1000x1000", "W3 mergeMap 1000 × 1000", opaque, absolute(7, 4.25)},
		{"W3/mergeMap-100000x10", "W3 mergeMap 100 000 × 10", opaque, absolute(15, 13.2)},
		{"W3/mergeMap-serialized-1000x1000", "W3 mergeMap 1000 × 1000, serialized", opaque, absolute(20, 4.25)},
		{"W3/mergeMap-serialized-100000x10", "W3 mergeMap 100 000 × 10, serialized", opaque, absolute(40, 13.2)},
		{"W3/concatMap-1000x1000", "W3 concatMap 1000 × 1000", opaque, absolute(6, 4.25)},
		{"W3/concatMap-100000x10", "W3 concatMap 100 000 × 10", opaque, absolute(15, 13.2)},
		{"W4/128", "W4 one goroutine hop, 128 in flight", "floor-ring", hop(22.8)},
		{"W4/1024", "W4 one goroutine hop, 1024 in flight", "floor-ring", hop(21.1)},
		{"W5/1", "W5 subject to 1 subscriber", "floor-mutex-slice", absolute(25, 21)},
		{"W5/10", "W5 subject to 10 subscribers", "floor-mutex-slice", absolute(50, 28)},
		{"W5/1000", "W5 subject to 1000 subscribers", "floor-mutex-slice", absolute(3000, 2466)},
		{"W6/2", "W6 2 producers merged", "floor-drain", absolute(45, 45)},
		{"W6/8", "W6 8 producers merged", "floor-drain", absolute(95, 121)},
		{"W9/in-order", "W9 virtual time, in order", "floor-heap4", absolute(150, 313)},
		{"W9/random", "W9 virtual time, random", "floor-heap4", absolute(510, 510)},
		{"W9/periodic", "W9 virtual time, periodic", "floor-heap4", absolute(30, 8)},
		{"W10/1", "W10 per stage, 1 map", opaque, relative(1.3, "W10/1", opaque)},
		{"W10/10", "W10 per stage, 10 maps", opaque, relative(1.3, "W10/10", opaque)},
		{"W10/50", "W10 per stage, 50 maps", opaque, relative(1.3, "W10/50", opaque)},
		{"W11", "W11 idle live subscription behind map → filter", "floor-closures", []limit{
			{unit: "B/sub", most: 400}, {unit: "goroutines/sub", most: 0},
		}},
	}
)

func absolute(most, then float64) []limit {
	return []limit{{unit: "ns/el", most: most, then: then}}
}

func relative(most float64, group, name string) []limit {
	return []limit{{unit: "ns/el", most: most, of: &reference{group, name}}}
}

// hop bounds a hop by a time and by half of what a channel takes.
func hop(then float64) []limit {
	return append(absolute(30, then), relative(0.5, "W4/128", "floor-channel")...)
}

func (l limit) String() string {
	switch {
	case l.of != nil:
		return fmt.Sprintf("≤ %g × %s", l.most, l.of.name)
	case l.most == 0:
		return "0 " + noun(l.unit)
	}
	return fmt.Sprintf("≤ %g %s", l.most, noun(l.unit))
}

func noun(unit string) string {
	switch unit {
	case "ns/el":
		return "ns"
	case "allocs/op":
		return "allocations"
	case "B/sub":
		return "B"
	case "goroutines/sub":
		return "goroutines"
	}
	return unit
}
