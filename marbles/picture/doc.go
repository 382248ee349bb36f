// Package picture draws marble diagrams, as text and as SVG.
//
// A [Picture] is made from a diagram as it stands in doc comments, with
// [Parse], or from what was recorded in a run, by filling in its fields:
//
//	title         Only the newest request counts
//	source        -a--b-----|
//	inner a       x-x-x|
//	inner b       y-y|
//	subs a        -^--!
//	SwitchMap(f)  -x-xy-y---|
//
// Every row is a label, at least two blanks, and a lane. The lanes are those
// of package marbles. Blanks in them take no time. What a row shows is decided
// by its label:
//
//	title        the title; text instead of a lane
//	frame        the time one character takes, 10ms; the default is 1ms
//	hot x        a source; the first word is drawn as a note and may also be
//	             cold or pull. A pull source has no time: "abc|"
//	Take(2)      what the operator emits: the first row whose label begins
//	             with a capital letter, else the first with a parenthesis,
//	             else the last lane; rows below it are further outputs. A single
//	             lane is no operator's unless its label says so
//	inner x      the stream that the value x of another row stands for. Its
//	             time counts from the emission of x
//	request      what the subscriber requests: ^2--1-!
//	demand x     what is requested of the row x
//	subs x       when the row x is subscribed to: ^---!, a row for each time.
//	             Without "^" it says that nobody subscribed to it
//	dropped x    values of the row x that were dropped, at the instant they were
//	where        what letters stand for: x={a b}, y={b c}, #=overflow
//	note         a line of text below
//
// A lane is faint where nobody was subscribed to it, and has two strokes where
// the subscription was cancelled. A cold row begins with its first subscription,
// and again with each that comes after that one; a hot row goes on regardless,
// and has its subscriptions as bars below.
//
// An SVG needs nothing but itself: no script, no font, no style sheet. Its
// bytes depend on the picture only. It follows the reader's preference for
// light or dark unless [Picture.Theme] says otherwise. Several can stand inline
// in one page, as their names are prefixed by a hash of what they draw.
package picture
