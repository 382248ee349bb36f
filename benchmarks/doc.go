// Package benchmarks compares this module with the best that plain Go does for
// the same work, the floor, and with samber/ro, in one run on one machine.
//
// Each workload is one file: w1_test.go has the floors and samber/ro, and
// ours_w1_test.go has this module. A contender is a sub-benchmark whose last
// name says what it is: floor-…, ro… or ours…; the contenders of a group do the
// same work and check its result.
//
//	go test -run '^$' -bench . -count 6 | go run ./cmd/ratios > ../docs/benchmarks/results.md
//
// The unit is ns/el, nanoseconds per value: the floors differ from machine to
// machine, and the ratios to them much less.
package benchmarks
