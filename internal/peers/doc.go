// Package peers has no code, only tests: each shows that a fault which another
// library for streams in Go has is not in this one. A test is named for the
// number that the fault has in the survey of these libraries: R for RxGo v2, S
// for samber/ro, B for b97tsk/rx, G for reactivego/rx, T for go-streams. Its
// comment says what the fault is; the test fails if we had it.
//
// The tests are written as users write, with the public packages only. So are
// the programs that docs/from-rxgo.md shows, which run here.
//
// No test is needed for what cannot be here, or is not about a library:
//
//   - R13, in part: ContinueOnError. No stream goes on after an error.
//   - R18: leaks of its own tests. Here every package looks for leaks, which
//     internal/archtest sees to.
//   - S15, T7: a test of its own that needs the internet, one that is flaky.
package peers
