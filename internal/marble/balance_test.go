package marble_test

import (
	"testing"

	"github.com/sluicego/sluice/internal/marble"
)

func TestMaxOwed(t *testing.T) {
	for _, test := range []struct {
		requests, delivered string
		want                int64
	}{
		{"^", "abc|", marble.Unbounded},
		{"(^2)--1", "-ab", 2},
		{"(^2)--1", "-a", 2},
		{"(^2)--1", "--------", 3},
		{"(^2)-*-1", "", marble.Unbounded},
		{"(^0)-{-1}1", "", 1},
		{"(^1)", "abc", 1},
	} {
		got := marble.MaxOwed(parse(t, test.requests, marble.Demand).Events, parse(t, test.delivered, marble.Cold).Events)
		if got != test.want {
			t.Errorf("%s for %s: got %d, want %d", test.requests, test.delivered, got, test.want)
		}
	}
}

func TestSumRequests(t *testing.T) {
	for text, want := range map[string]string{
		"[^12]3":   "[^3]3",
		"(^*1)-2!": "(^*)--2!",
		"[01{-1}]": "(01{-1})",
	} {
		if got := marble.Print(marble.SumRequests(parse(t, text, marble.Demand).Events), 0); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
