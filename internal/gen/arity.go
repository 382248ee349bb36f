package main

import "strings"

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

// letters returns the first n letters of the alphabet.
func letters(n int) []string {
	return strings.Split("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:n], "")
}
