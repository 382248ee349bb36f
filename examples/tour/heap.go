package main

import (
	"runtime"
	"runtime/metrics"
)

// liveHeap returns how much memory is in use, without garbage: it collects
// that first.
func liveHeap() int64 {
	runtime.GC()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}
