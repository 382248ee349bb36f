package backpressure_test

import (
	"maps"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/marbles"
	"github.com/sluicego/sluice/observable"
)

// The diagrams of docs/backpressure.md: a producer of a letter per millisecond,
// and a consumer that asks for one every three.
func init() {
	maps.Copy(diagrams, map[string]marbles.Played{
		"control": control, "buffer": buffer, "tooSmall": tooSmall, "dropOldest": dropOldest,
		"latest": latest, "drop": drop, "unlimited": unlimited, "refuse": refuse,
	})
}

// control reads a letter when one is asked for.
//
//	request  1--1--1--1--1
//	control  a--b--c--d--(e|)
func control(*marbles.Doc) observable.Observable[string] {
	return observable.Of("a", "b", "c", "d", "e")
}

// buffer keeps a burst until there is time for it.
//
//	source   abcd--------e--|
//	buffer   a--b--c--d--e--|
//	request  1--1--1--1--1--1
func buffer(d *marbles.Doc) observable.Observable[string] {
	return backpressure.OnBackpressureBuffer[string](3)(d.Hot("source"))
}

// tooSmall meets a burst that does not end.
//
//	source    abcdefghijkl---|
//	tooSmall  a--b--c--d--(e#)
//	request   1--1--1--1--1--1
func tooSmall(d *marbles.Doc) observable.Observable[string] {
	return backpressure.OnBackpressureBuffer[string](3)(d.Hot("source"))
}

// dropOldest makes room for the newest.
//
//	source      abcdefghijkl---|
//	dropOldest  a--b--e--h--k--(l|)
//	request     1--1--1--1--1--1
func dropOldest(d *marbles.Doc) observable.Observable[string] {
	return backpressure.OnBackpressureBuffer[string](2, backpressure.DropOldest)(d.Hot("source"))
}

// latest keeps the newest alone.
//
//	source   abcdefghijkl---|
//	latest   a--c--f--i--l--|
//	request  1--1--1--1--1--1
func latest(d *marbles.Doc) observable.Observable[string] {
	return backpressure.OnBackpressureLatest[string]()(d.Hot("source"))
}

// drop keeps nothing.
//
//	source   abcdefghijkl---|
//	drop     a--d--g--j-----|
//	request  1--1--1--1--1--1
func drop(d *marbles.Doc) observable.Observable[string] {
	return backpressure.OnBackpressureDrop[string]()(d.Hot("source"))
}

// unlimited keeps everything, and is later and later.
//
//	source     abcdefghijkl---|
//	unlimited  a--b--c--d--e--f--g--h--i--j--k--(l|)
//	request    1--1--1--1--1--1--1--1--1--1--1--1
func unlimited(d *marbles.Doc) observable.Observable[string] {
	return backpressure.OnBackpressureBuffer[string](0, backpressure.Unlimited)(d.Hot("source"))
}

// refuse holds the consumer to its word.
//
//	source   abcdefghijkl---|
//	refuse   a#
//	request  1--1--1--1--1--1
func refuse(d *marbles.Doc) observable.Observable[string] {
	return backpressure.OnBackpressureError(d.Hot("source"))
}
