package picture_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/sluicego/sluice/marbles/picture"
)

// A diagram as it stands in a comment, with the time and the balance added.
func ExampleParse() {
	p, err := picture.Parse(`
		source   -a-b-c-d-|
		Take(3)  -a-b---(c|)
		request  ^2-----1
	`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(p.Text())
	// Output:
	// time     0     5    10
	// source   - a-b-c-d-|
	// Take(3)  - a-b---(c|)
	// request  ^ 2-----1
	// owed     0 1 0   0
}

// A picture of what a program has recorded. Values that are longer than one
// character get a letter.
func ExamplePicture() {
	const ms = time.Millisecond
	readings := []picture.Event{
		{At: 1 * ms, Label: "20.5°"},
		{At: 4 * ms, Label: "21.0°"},
		{At: 6 * ms, Label: "20.5°"},
		{At: 9 * ms, Kind: picture.Complete},
	}
	p := picture.Picture{
		Title: "What the sensor said",
		Rows: []picture.Row{
			{Kind: picture.Input, Label: "sensor", Events: readings},
			{Kind: picture.Operator, Label: "DistinctUntilChanged"},
			{Kind: picture.Output, Events: slices.Delete(slices.Clone(readings), 2, 3)},
		},
	}
	fmt.Print(p.Text())
	svg := p.SVG()
	fmt.Printf("%.4s … %s", svg, svg[len(svg)-7:])
	// Output:
	// What the sensor said
	//
	// time                  0    5
	// sensor                -X--Y-X--|
	// DistinctUntilChanged  -X--Y----|
	// where                 X=20.5°, Y=21.0°
	// <svg … </svg>
}

// Format changes blanks only.
func ExampleFormat() {
	text, err := picture.Format("source  -a-b|\nStartWith(x)  [xy]a-b|")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(text)
	// Output:
	// source        -   a-b|
	// StartWith(x)  [xy]a-b|
}
