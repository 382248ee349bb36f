// Package conformance checks that sources, operators, subjects and subscribers
// keep the rules of Reactive Streams, which are the laws of this module.
package conformance
