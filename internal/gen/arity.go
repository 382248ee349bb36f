package main

import (
	"fmt"
	"strings"
)

// An arity is how many operators or sources a function takes. Its methods
// spell the parts of that function.
type arity int

// Word returns the number in English.
func (n arity) Word() string {
	return [...]string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}[n]
}

// Types returns the type parameters of a chain of n operators, one more than
// there are operators: "A, B, C".
func (n arity) Types() string { return strings.Join(letters(int(n)+1), ", ") }

// Last returns the type that comes out of a chain of n operators.
func (n arity) Last() string { return letters(int(n) + 1)[n] }

// Operators returns the n links of the chain.
func (n arity) Operators() []link {
	types := letters(int(n) + 1)
	chain := make([]link, n)
	for i := range chain {
		chain[i] = link{From: types[i], To: types[i+1]}
	}
	return chain
}

// Applied returns the whole chain applied to arg: "bc(ab(src))".
func (n arity) Applied(arg string) string {
	for _, l := range n.Operators() {
		arg = l.Name() + "(" + arg + ")"
	}
	return arg
}

// AnyNil returns the condition that an operator is nil: "ab == nil || bc == nil".
func (n arity) AnyNil() string {
	var nils []string
	for _, l := range n.Operators() {
		nils = append(nils, l.Name()+" == nil")
	}
	return strings.Join(nils, " || ")
}

// A link is one operator of a chain.
type link struct{ From, To string }

// Name returns the name of the operator: "ab" for an Operator[A, B].
func (l link) Name() string { return strings.ToLower(l.From + l.To) }

// Sources returns the names of n sources. None is f, which is the function that
// joins their values.
func (n arity) Sources() []string { return strings.Split("abcdeghij"[:n], "") }

// Each returns the names of n sources, each in its place in format:
// "a.take(), b.take()".
func (n arity) Each(format string) string {
	var all []string
	for _, name := range n.Sources() {
		all = append(all, fmt.Sprintf(format, name))
	}
	return strings.Join(all, ", ")
}

// Names returns the names of n sources: "a, b, c".
func (n arity) Names() string { return n.Each("%s") }

// Kinds returns the types of their values: "A, B, C".
func (n arity) Kinds() string { return strings.ToUpper(n.Names()) }

// Sum returns the names of n sources, added up: "a + b + c".
func (n arity) Sum() string { return strings.Join(n.Sources(), " + ") }

// First returns what n sources give if each one's first value is its name:
// "abc".
func (n arity) First() string { return strings.Join(n.Sources(), "") }

// Second returns the same for their second values, in capitals: "ABC".
func (n arity) Second() string { return strings.ToUpper(n.First()) }

// Mixed returns the same if only the first source has a second value: "Abc".
func (n arity) Mixed() string { return n.Second()[:1] + n.First()[1:] }

// Diagram draws n sources, which emit their names one after the other, and what
// op makes of that. Then all of them emit once more, or only the first.
func (n arity) Diagram(op, result, where string, all bool) []string {
	title := fmt.Sprintf("%s%d(%s, f)", op, n, n.Names())
	row := func(label, marbles string) string { return fmt.Sprintf("%-*s  %s", len(title), label, marbles) }
	wait := strings.Repeat("-", int(n))
	var rows []string
	for i, name := range n.Sources() {
		second := "-"
		if all || i == 0 {
			second = strings.ToUpper(name)
		}
		rows = append(rows, row(name, wait[:i+1]+name+wait[i+1:]+second+"-|"))
	}
	return append(rows, row(title, wait+result), row("where", where))
}

// letters returns the first n letters of the alphabet.
func letters(n int) []string {
	return strings.Split("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:n], "")
}
