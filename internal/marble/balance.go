package marble

import (
	"math"
	"slices"
	"strconv"
	"time"
)

// A balance is the demand that is left after each instant.
type balance struct {
	at        []time.Duration
	owed      []int64
	excess    []*Event // values that nobody requested
	requested int64    // up to the first of them
	most      int64    // the most that was ever owed
}

// newBalance counts values against requests. Within an instant requests come
// first: who was earlier is not known.
func newBalance(requests, delivered []Event) (b balance) {
	requests, delivered = sorted(requests), sorted(delivered)
	asks := slices.ContainsFunc(requests, func(e Event) bool { return e.Kind == Request })
	var owed, requested int64
	if !asks {
		owed = Unbounded
	}
	b.most = owed
	record := func(at time.Duration) {
		if n := len(b.at); n == 0 || b.at[n-1] != at {
			b.at, b.owed = append(b.at, at), append(b.owed, 0)
		}
		b.owed[len(b.owed)-1] = owed
	}
	request := func(e Event) {
		if e.Kind == Request && e.N > 0 {
			requested = saturate(requested, e.N)
			owed = saturate(owed, e.N)
			b.most = max(b.most, owed)
		}
		if e.Kind == Request || e.Kind == Subscribe {
			record(e.At)
		}
	}
	for i := range delivered {
		e := &delivered[i]
		for len(requests) > 0 && requests[0].At <= e.At {
			request(requests[0])
			requests = requests[1:]
		}
		switch {
		case e.Kind != Next || owed == Unbounded:
			continue
		case owed == 0:
			b.excess = append(b.excess, e)
			if len(b.excess) == 1 {
				b.requested = requested
			}
		default:
			owed--
		}
		record(e.At)
	}
	for _, e := range requests {
		request(e)
	}
	return b
}

func saturate(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

func (b balance) firstExcess() *Event {
	if len(b.excess) == 0 {
		return nil
	}
	return b.excess[0]
}

func (b balance) cells(frame time.Duration) cells {
	c := make(cells)
	for i, at := range b.at {
		text := strconv.FormatInt(b.owed[i], 10)
		if b.owed[i] == Unbounded {
			text = "∞"
		}
		if i+1 < len(b.at) && b.at[i+1] == at+frame {
			text += " " // 2 and 0, not 20
		}
		c[int64(at/frame)] = text
	}
	return c
}

// MaxOwed is the most demand that was outstanding at any instant, given the
// requests and the values that used them up.
func MaxOwed(requests, delivered []Event) int64 {
	return newBalance(requests, delivered).most
}

// SumRequests makes one request of those that fall on one instant, for
// comparisons that do not care how demand is split.
func SumRequests(events []Event) (summed []Event) {
	for _, e := range sorted(events) {
		i := slices.IndexFunc(summed, func(s Event) bool { return s.Kind == Request && s.At == e.At && s.N > 0 })
		if e.Kind == Request && e.N > 0 && i >= 0 {
			summed[i].N = saturate(summed[i].N, e.N)
			continue
		}
		summed = append(summed, e)
	}
	return summed
}
