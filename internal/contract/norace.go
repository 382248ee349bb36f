//go:build !race

package contract

// rounds is how often each race is run.
const rounds = 40
