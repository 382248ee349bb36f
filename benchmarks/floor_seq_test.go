package benchmarks_test

import "iter"

// The iter.Seq floor: the operators as any library could write them, in
// functions that are not inlined into their caller. Written in one function
// the compiler turns the chain into a plain loop, which a library cannot have.

//go:noinline
func seqRange(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

//go:noinline
func seqOf(v int) iter.Seq[int] {
	return func(yield func(int) bool) { yield(v) }
}

//go:noinline
func seqMap[A, B any](src iter.Seq[A], f func(A) B) iter.Seq[B] {
	return func(yield func(B) bool) {
		src(func(v A) bool { return yield(f(v)) })
	}
}

//go:noinline
func seqFilter[T any](src iter.Seq[T], keep func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		src(func(v T) bool { return !keep(v) || yield(v) })
	}
}

//go:noinline
func seqFlatMap[A, B any](src iter.Seq[A], f func(A) iter.Seq[B]) iter.Seq[B] {
	return func(yield func(B) bool) {
		src(func(v A) bool {
			more := true
			f(v)(func(w B) bool {
				more = yield(w)
				return more
			})
			return more
		})
	}
}

//go:noinline
func seqReduce[A, B any](src iter.Seq[A], acc B, f func(B, A) B) B {
	src(func(v A) bool {
		acc = f(acc, v)
		return true
	})
	return acc
}
