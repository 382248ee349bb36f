// Package benchmarks compares this module with the best that plain Go does for
// the same work, the floor, and with samber/ro, in the same run.
//
// Each workload is one file: w01_test.go has the floors and samber/ro, and
// ours_w01_test.go has this module. A contender is a sub-benchmark whose last
// name says what it is: floor-…, ro… or ours…; the contenders of a group do the
// same work and check its result.
//
//	for i in 1 2 3 4 5 6; do go test -run '^$' -bench .; done | go run ./cmd/ratios > ../docs/benchmarks/results.md
//
// The unit is ns/el, nanoseconds per value: the floors differ from machine to
// machine, and the ratios to them much less.
package benchmarks
