//go:build race

package soak_test

import "runtime"

// unseen runs f, which may only touch atomics, without the race detector taking
// their order for one that the library has made: the books must not hide races.
func unseen(f func()) {
	runtime.RaceDisable()
	defer runtime.RaceEnable()
	f()
}
