package conformance_test

import (
	"testing"
	"time"

	"github.com/sluicego/sluice/backpressure"
	"github.com/sluicego/sluice/observable"
)

const window = 300 * time.Millisecond

// pacing are the operators of package backpressure.
var pacing = map[string]row{
	"LimitRate":                          {Op: backpressure.LimitRate[int](8, 6), Identity: true},
	"LimitRate in batches":               {Op: backpressure.LimitRate[int](4, 0), Identity: true},
	"OnBackpressureBuffer":               {Op: backpressure.OnBackpressureBuffer[int](0, backpressure.Unlimited), Identity: true},
	"OnBackpressureBuffer failing":       {Op: backpressure.OnBackpressureBuffer[int](2)},
	"OnBackpressureBuffer failing fast":  {Op: backpressure.OnBackpressureBuffer[int](2, backpressure.FailFast)},
	"OnBackpressureBuffer, oldest":       {Op: backpressure.OnBackpressureBuffer[int](2, backpressure.DropOldest)},
	"OnBackpressureBuffer, newest":       {Op: backpressure.OnBackpressureBuffer[int](2, backpressure.DropNewest)},
	"OnBackpressureBuffer, replacing":    {Op: backpressure.OnBackpressureBuffer[int](2, backpressure.ReplaceNewest)},
	"OnBackpressureBuffer for some time": {Op: backpressure.OnBackpressureBuffer[int](2, backpressure.DropOldest, backpressure.TTL(window))},
	"OnBackpressureBlock":                {Op: backpressure.OnBackpressureBlock[int](1000)},
	"OnBackpressureDrop":                 {Op: backpressure.OnBackpressureDrop[int]()},
	"OnBackpressureError":                {Op: backpressure.OnBackpressureError[int]},
	"OnBackpressureLatest":               {Op: backpressure.OnBackpressureLatest[int]()},
	"OnBackpressureReduce":               {Op: backpressure.OnBackpressureReduce(func(_, v int) int { return v }), Consumes: true},
	"AdaptiveLimit":                      {Op: backpressure.AdaptiveLimit[int](time.Millisecond), Identity: true},
	"BufferTimeout":                      {Op: asInt(backpressure.BufferTimeout[int](3, window), length), Consumes: true, Index: none},
	"FairMerge":                          {Op: func(src ints) ints { return backpressure.FairMerge(backpressure.Bulkhead(src, 4)) }, Identity: true},
	"Meter":                              {Op: backpressure.Meter[int]("conformance"), Identity: true},
	"Pace":                               {Op: backpressure.Pace[int](1000, 2), Identity: true},
	"SampleFraction":                     {Op: backpressure.SampleFraction[int](0.5, backpressure.Seed(1))},
	"Sample":                             {Op: backpressure.Sample[int](window)},
	"SampleWhen":                         {Op: backpressure.SampleWhen[int](observable.Interval(window))},
	"Debounce":                           {Op: backpressure.Debounce[int](window)},
	"DebounceWhen":                       {Op: backpressure.DebounceWhen(closing)},
	"Throttle":                           {Op: backpressure.Throttle[int](window)},
	"Throttle, both edges":               {Op: backpressure.Throttle[int](window, backpressure.Leading|backpressure.Trailing)},
	"ThrottleWhen":                       {Op: backpressure.ThrottleWhen(closing)},
	"Audit":                              {Op: backpressure.Audit[int](window)},
	"AuditWhen":                          {Op: backpressure.AuditWhen(closing)},
}

func closing(int) ints { return observable.Timer(window) }

func TestOperatorsThatPace(t *testing.T) { testRows(t, pacing) }
