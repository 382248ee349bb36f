//go:build race

package rxjs_test

// stride is how many cases make one that is played. Under the race detector
// everything takes ten times as long, and a case runs on one goroutine.
const stride = 20
