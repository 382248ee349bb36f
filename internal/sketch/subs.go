package sketch

import (
	"slices"
	"strings"
	"time"

	"github.com/sluicego/sluice/internal/marble"
	"github.com/sluicego/sluice/marbles/picture"
)

// subscriptions adds to p when its sources were subscribed to, if that is not as
// long as they last. Several outputs have a subscription each, of which the
// recording does not say whose it is.
func (run Run) subscriptions(p *picture.Picture) {
	var told []string
	for _, row := range p.Rows {
		if row.Kind == picture.Lifetime || row.Kind == picture.Demand {
			told = append(told, row.Of)
		}
	}
	var add []picture.Row
	for i := range p.Rows {
		row := &p.Rows[i]
		if late, ok := strings.CutPrefix(row.Label, "…after "); ok && row.Kind == picture.Output {
			if d, err := time.ParseDuration(late); err == nil { // a later subscriber, by its label
				add = append(add, picture.Row{Kind: picture.Lifetime, Of: row.Label, Events: []picture.Event{{At: d, Kind: picture.Subscribe}}})
			}
		}
		cold, played := run.Cold[row.Label]
		if row.Kind != picture.Input || !played {
			continue
		}
		subs := run.Subs[row.Label]
		if cold && len(subs) > 0 {
			shift(row, subs)
		}
		if slices.Contains(told, row.Label) || len(run.Outs) > 1 || len(subs) == 1 && lasts(*row, subs[0]) {
			continue
		}
		if len(subs) == 0 {
			add = append(add, picture.Row{Kind: picture.Lifetime, Of: row.Label, Until: marble.DefaultFrame})
		}
		for _, sub := range subs {
			add = append(add, picture.Row{Kind: picture.Lifetime, Of: row.Label, Events: Events(lifetime(sub))})
		}
	}
	p.Rows = append(p.Rows, add...)
}

// left is the run without the cancellations by which the test has left it, the
// output of the diagram being open.
func (run Run) left(d marble.Diagram) Run {
	open := d.Result().Lane
	for _, e := range open.Events {
		if e.Kind == marble.Complete || e.Kind == marble.Error {
			return run
		}
	}
	for _, row := range d.Rows {
		for _, e := range row.Lane.Events {
			if row.Role == marble.Requests && row.Of == "" && e.Kind == marble.Cancel {
				return run
			}
		}
	}
	all := make(map[string][][]marble.Event, len(run.Subs))
	for label, subs := range run.Subs {
		for _, sub := range subs {
			all[label] = append(all[label], slices.DeleteFunc(slices.Clone(sub), func(e marble.Event) bool {
				return e.Kind == marble.Cancel && e.At >= open.End
			}))
		}
	}
	if run.Subs != nil {
		run.Subs = all
	}
	return run
}

// shift draws a cold source from where it was subscribed to, the first time.
func shift(row *picture.Row, subs [][]marble.Event) {
	start := subs[0][0].At
	if start == 0 && len(subs) == 1 {
		return
	}
	row.Note = "cold"
	row.Until += start
	for i := range row.Events {
		row.Events[i].At += start
	}
}

// lasts reports whether somebody was subscribed to the lane all the time.
func lasts(row picture.Row, sub []marble.Event) bool {
	for _, e := range sub {
		switch {
		case e.Kind == marble.Subscribe && e.At > 0:
			return false
		case e.Kind == marble.Cancel: // also the end of the lane
			n := len(row.Events)
			return n > 0 && ends(row.Events[n-1]) && row.Events[n-1].At <= e.At
		}
	}
	return true
}

func ends(e picture.Event) bool { return e.Kind == picture.Complete || e.Kind == picture.Error }

// lifetime is what a demand lane says of the subscription.
func lifetime(sub []marble.Event) []marble.Event {
	return slices.DeleteFunc(slices.Clone(sub), func(e marble.Event) bool {
		return e.Kind != marble.Subscribe && e.Kind != marble.Cancel
	})
}
