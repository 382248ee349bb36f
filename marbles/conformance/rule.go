package conformance

import (
	"fmt"
	"strings"
)

// A rule is what one check checks, and what is printed when it fails.
type rule struct {
	name string // "1.01_NeverMoreThanRequested": the rule, and what it comes to
	law  string // "L2", of docs/protocol.md
	says string // the rule in one sentence
	look string // where the mistake usually is
}

// number returns the rule as Reactive Streams counts it, "1.1", or "" for what
// is a law only.
func (r rule) number() string {
	n, _, _ := strings.Cut(r.name, "_")
	chapter, section, ok := strings.Cut(n, ".")
	if !ok {
		return ""
	}
	return chapter + "." + strings.TrimPrefix(section, "0")
}

// cited returns the rule and the law as a failure cites them.
func (r rule) cited() string {
	if n := r.number(); n != "" {
		return fmt.Sprintf("rule %s, law %s", n, r.law)
	}
	return "law " + r.law
}

// A check is a rule and the procedure that checks it on a subject S, which is
// what one suite is about. The subjects have no type parameters: compiled anew
// for every element type, the checks would be most of what a test takes to
// compile.
type check[S any] struct {
	rule
	run func(e *env, s S)
}

// report returns the text of a failure.
func (r rule) report(problems, signals []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n\trule:    %s", r.name, r.cited(), r.says)
	for _, p := range problems {
		fmt.Fprintf(&b, "\n\tseen:    %s", strings.ReplaceAll(p, "\n", "\n\t         "))
	}
	if len(signals) > 0 {
		fmt.Fprintf(&b, "\n\tsignals: %s", strings.Join(signals, "\n\t         "))
	}
	fmt.Fprintf(&b, "\n\tlook at: %s", r.look)
	return b.String()
}
