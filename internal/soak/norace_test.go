//go:build !race

package soak_test

// unseen is for the race detector.
func unseen(f func()) { f() }
