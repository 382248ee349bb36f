// Package fates books what becomes of values: each is delivered once, or
// discarded once (L9).
package fates

import (
	"fmt"
	"slices"

	"github.com/sluicego/sluice/observable"
)

// A Book has an entry for every value, by its number. It has no lock.
type Book struct {
	Produced  []int
	Delivered map[int]int
	Discarded map[int][]observable.DiscardReason
}

// New returns an empty Book.
func New() *Book {
	return &Book{Delivered: map[int]int{}, Discarded: map[int][]observable.DiscardReason{}}
}

// Problems returns what breaks L9. A value that may be consumed need not come
// out, but must not have two fates.
func (b *Book) Problems(consumes bool) []string {
	var ps []string
	for _, id := range b.Produced {
		n := b.Delivered[id] + len(b.Discarded[id])
		if n == 1 || consumes && (n == 0 || b.Delivered[id] > 1 && len(b.Discarded[id]) == 0) {
			continue
		}
		ps = append(ps, fmt.Sprintf("L9: value %d was delivered %d times and discarded %d times %v; want one of the two, once", id, b.Delivered[id], len(b.Discarded[id]), b.Discarded[id]))
	}
	for id := range b.Discarded {
		if !slices.Contains(b.Produced, id) {
			ps = append(ps, fmt.Sprintf("L9: %d was discarded, but never produced", id))
		}
	}
	return ps
}
