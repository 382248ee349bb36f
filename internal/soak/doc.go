// Package soak has no code, only a test: TestSoak runs random pipelines, of
// random operators, with random demand, cancels and faults, each in a bubble of
// testing/synctest with real goroutines, and holds them to docs/protocol.md.
//
//	make soak                     for a minute, from a fresh seed
//	make soak TIME=10m SEED=7     for ten, from a seed
//	make soak SEED=7 COUNT=1      the one pipeline of a seed
//
// Without a time it is a smoke test: a list of seeds that is always the same.
//
// How a pipeline is judged:
//
//   - world_test.go keeps the books: what was produced, and what became of it.
//   - source_test.go is the source that most pipelines have, and what it sees of
//     requests and cancels; the catalogues have the other sources and the
//     operators, by family.
//   - script_test.go draws what the subscriber does, sink_test.go does it and
//     audits what it is given.
//   - bubble_test.go lets one pipeline live and judges it when it is over.
//   - report_test.go says what was broken, and how to see it again.
//
// All of a pipeline is drawn from its seed; in which order its goroutines run is
// not.
package soak
