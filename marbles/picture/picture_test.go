package picture_test

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sluicego/sluice/internal/golden"
	"github.com/sluicego/sluice/marbles/picture"
)

// Each .marbles file is drawn as text and as SVG.
func TestParsed(t *testing.T) {
	files, err := filepath.Glob("testdata/*.marbles")
	if err != nil || len(files) == 0 {
		t.Fatalf("no diagrams: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".marbles")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p, err := picture.Parse(string(text))
			if err != nil {
				t.Fatal(err)
			}
			golden.Check(t, name+".txt", p.Text())
			golden.Check(t, name+".svg", string(p.SVG()))
		})
	}
}

const ms = time.Millisecond

// What a run recorded has times and values, but no diagram.
func TestRecorded(t *testing.T) {
	value := func(at time.Duration, label, text string) picture.Event {
		return picture.Event{At: at, Label: label, Text: text}
	}
	p := &picture.Picture{
		Title: "A run of a program",
		Rows: []picture.Row{
			{Kind: picture.Input, Label: "orders", Note: "hot", Events: []picture.Event{
				value(-2*ms, "", "{ID:7 Item:tea}"),
				{At: 0, Kind: picture.Subscribe},
				value(1500*time.Microsecond, "", "{ID:8 Item:coffee}"),
				value(4*ms, "", "{ID:9 Item:a kettle, with two cups and a saucer}"),
				value(4*ms, "10", ""),
				{At: 200 * ms, Kind: picture.Error, Text: "connection reset"},
			}},
			{Kind: picture.Operator, Label: "Retry(3)"},
			{Kind: picture.Output, Events: []picture.Event{
				value(1500*time.Microsecond, "", "{ID:8 Item:coffee}"),
				value(4*ms, "", "{ID:9 Item:a kettle, with two cups and a saucer}"),
				{At: 200 * ms, Kind: picture.Complete},
			}},
			{Kind: picture.Demand, Events: []picture.Event{
				{Kind: picture.Subscribe},
				{Kind: picture.Request, N: 3},
				{At: 2 * ms, Kind: picture.Request, N: math.MaxInt64},
				{At: 201 * ms, Kind: picture.Cancel},
			}},
			{Kind: picture.Lifetime, Of: "orders", Events: []picture.Event{{Kind: picture.Subscribe}, {At: 200 * ms, Kind: picture.Cancel}}},
			{Kind: picture.Dropped, Of: "orders", Events: []picture.Event{value(5*ms, "10", "")}},
			{Kind: picture.Note, Label: "Recorded on the 1st."},
		},
	}
	golden.Check(t, "recorded.txt", p.Text())
	golden.Check(t, "recorded.svg", string(p.SVG()))
	p.Theme = picture.Dark
	golden.Check(t, "recorded-dark.svg", string(p.SVG()))
	p.Theme = picture.Light
	golden.Check(t, "recorded-light.svg", string(p.SVG()))
}

func TestMarks(t *testing.T) {
	p, err := picture.Parse(`
		source  -a--bc---d--|
		want    ---a---c---d|
		got     ---a----c--d-|
	`)
	if err != nil {
		t.Fatal(err)
	}
	p.Rows = slices.DeleteFunc(p.Rows, func(r picture.Row) bool { return r.Kind == picture.Operator })
	p.Rows[1].Kind, p.Rows[2].Label = picture.Output, "got"
	p.Marks = []time.Duration{7 * ms, 12 * ms}
	p.Caption = "out: c is 1ms late (want 7ms, got 8ms)"
	golden.Check(t, "marks.txt", p.Text())
	golden.Check(t, "marks.svg", string(p.SVG()))
}
