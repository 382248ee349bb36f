// Package archtest has no code, only tests of the module as a whole: which
// package may import which, where the clock may be read, how long a file may
// be, that every exported name is used by somebody other than its own package,
// and that the pages for people name what exists and show code that runs.
package archtest
