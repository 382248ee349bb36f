//go:build !race

package rxjs_test

// stride is how many cases make one that is played: all are.
const stride = 1
