// Gen writes the files of this module that hold the same function once per
// arity: Pipe1 to Pipe9, and their kin.
//
//	//go:generate go run ../internal/gen -out .
//
// The name of the folder given by -out decides which files are written. A new
// family is one more template here and one more line in the table in main.go.
// For docs it writes operators.md, the page that internal/opdoc makes.
package main
