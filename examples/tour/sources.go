package main

import (
	"bufio"
	"strings"
	"time"

	"github.com/sluicego/sluice/observable"
)

// A source is a fast producer.
type source struct {
	name string
	open func(in *file) observable.Observable[string]
}

// pulledLines reads a line of the file when one is requested.
var pulledLines = source{"observable.Lines(file)", func(in *file) observable.Observable[string] {
	return observable.Lines(in.reader())
}}

// pushedLines reads the file on a goroutine of its own, as fast as it is let;
// it knows nothing of requests.
var pushedLines = source{"observable.FromCallback(readLines)", func(in *file) observable.Observable[string] {
	return pushed(func(emit func(string), quit <-chan struct{}) {
		for lines := bufio.NewScanner(in.reader()); lines.Scan(); {
			select {
			case <-quit:
				return
			default:
				emit(lines.Text())
			}
		}
	})
}}

// The ticker. An event is large enough that many of them show in the memory.
const (
	eventsPerSecond = 20_000
	eventSize       = 512
)

// ticks emits 20,000 events a second, whether anybody is ready for them or not.
// Every millisecond it emits those that are due by the clock.
var ticks = source{"observable.FromCallback(tick)", func(*file) observable.Observable[string] {
	return pushed(func(emit func(string), quit <-chan struct{}) {
		start, emitted := time.Now(), 0
		clock := time.NewTicker(time.Millisecond)
		defer clock.Stop()
		for {
			select {
			case <-quit:
				return
			case <-clock.C:
			}
			for due := int(time.Since(start) * eventsPerSecond / time.Second); emitted < due; emitted++ {
				emit(strings.Repeat("e", eventSize))
			}
		}
	})
}}

// pushed is a source that starts a goroutine for each subscriber and stops it
// when that has gone.
func pushed(produce func(emit func(string), quit <-chan struct{})) observable.Observable[string] {
	return observable.FromCallback(func(emit func(string)) (stop func()) {
		quit := make(chan struct{})
		go produce(emit, quit)
		return func() { close(quit) }
	})
}
