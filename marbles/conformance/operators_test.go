package conformance_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/sluicego/sluice/marbles/conformance"
	"github.com/sluicego/sluice/observable"
	"github.com/sluicego/sluice/operators"
	"github.com/sluicego/sluice/scheduler"
)

type (
	intOp = observable.Operator[int, int]
	// A row is an operator in a table. What it is composed with to take and to
	// make integers keeps the rules, as its own row says.
	row = conformance.OperatorConfig[int, int]
)

const ms = time.Millisecond

// testRows checks the operators of a table, each by its name: that of the
// function, and perhaps a word more.
func testRows(t *testing.T, rows map[string]row) {
	t.Helper()
	for name, r := range rows {
		r.Element = func(i int) int { return i + 1 }
		if conformance.RaceEnabled {
			skip := because("there is no race to detect", sequential...)
			maps.Copy(skip, r.Skip)
			r.Skip = skip
		}
		t.Run(name, func(t *testing.T) { conformance.Operator(t, r) })
	}
}

// sequential are checks that have one goroutine, or are slow with the race
// detector. It makes everything slow, and sees nothing in them.
var sequential = []string{
	"1.01_SourceOverruns", "1.07_SourceEndsTwice", "1.09_SourceEmitsFirst", "2.05_SourceSubscribesTwice",
	"2.08_SourceIgnoresCancel", "1.10_SubscribesAgain", "3.13_ForgetsTheSubscriber",
}

// passing are the operators that pass every value and both ends on.
var passing = map[string]row{
	"Map":                      {Op: operators.Map(same[int])},
	"MapErr":                   {Op: operators.MapErr(func(n int) (int, error) { return n, nil })},
	"Filter":                   {Op: operators.Filter(func(int) bool { return true })},
	"FilterMap":                {Op: operators.FilterMap(func(n int) (int, bool) { return n, true })},
	"OfType":                   {Op: operators.OfType[int, int]()},
	"Cast":                     {Op: operators.Cast[int, int]()},
	"Scan":                     {Op: operators.Scan(0, func(_, n int) int { return n })},
	"ScanErr":                  {Op: operators.ScanErr(0, func(_, n int) (int, error) { return n, nil })},
	"Enumerate":                {Op: asInt(operators.Enumerate[int], func(x operators.Indexed[int]) int { return x.Value }), Consumes: true},
	"Timestamp":                {Op: asInt(operators.Timestamp[int], func(x operators.Stamped[int]) int { return x.Value }), Consumes: true},
	"TimeInterval":             {Op: asInt(operators.TimeInterval[int], func(x operators.Spaced[int]) int { return x.Value }), Consumes: true},
	"Take":                     {Op: operators.Take[int](operators.Forever)},
	"TakeWhile":                {Op: operators.TakeWhile(func(int) bool { return true })},
	"TakeUntil":                {Op: operators.TakeUntil[int](never)},
	"Skip":                     {Op: operators.Skip[int](0)},
	"SkipWhile":                {Op: operators.SkipWhile(func(int) bool { return false })},
	"SkipUntil":                {Op: operators.SkipUntil[int](one)},
	"Distinct":                 {Op: operators.Distinct[int]},
	"DistinctBy":               {Op: operators.DistinctBy(same[int])},
	"DistinctUntilChanged":     {Op: operators.DistinctUntilChanged[int]},
	"DistinctUntilChangedBy":   {Op: operators.DistinctUntilChangedBy(same[int])},
	"DistinctUntilChangedFunc": {Op: operators.DistinctUntilChangedFunc(func(a, b int) bool { return a == b })},
	"Tap":                      {Op: operators.Tap(func(int) {})},
	"TapError":                 {Op: operators.TapError[int](func(error) {})},
	"TapComplete":              {Op: operators.TapComplete[int](func() {})},
	"TapSubscribe":             {Op: operators.TapSubscribe[int](func() {})},
	"TapRequest":               {Op: operators.TapRequest[int](func(int64) {})},
	"TapCancel":                {Op: operators.TapCancel[int](func() {})},
	"Finally":                  {Op: operators.Finally[int](func() {})},
	"Checkpoint":               {Op: operators.Checkpoint[int]("here")},
	"SwitchIfEmpty":            {Op: operators.SwitchIfEmpty(observable.Empty[int]())},
	"MapError":                 {Op: operators.MapError[int](func(err error) error { return fmt.Errorf("mapped: %w", err) })},
	"ConcatWith":               {Op: operators.ConcatWith(observable.Empty[int]())},
	"Concat":                   {Op: func(src ints) ints { return operators.Concat(src, observable.Empty[int]()) }},
	"StartWith":                {Op: operators.StartWith[int]()},
	"EndWith":                  {Op: operators.EndWith[int]()},
	"RaceWith":                 {Op: operators.RaceWith(never)},
	"Race":                     {Op: func(src ints) ints { return operators.Race(never, src) }},
	"WithLatestFrom":           {Op: operators.WithLatestFrom(one, first)},
	"Iif":                      {Op: func(src ints) ints { return operators.Iif(func() bool { return false }, one, src) }},
	"Case":                     {Op: func(src ints) ints { return operators.Case(func() int { return 1 }, map[int]ints{1: src}, one) }},
	"Partition":                {Op: func(src ints) ints { yes, _ := operators.Partition(src, func(int) bool { return true }); return yes }},
	"Delay":                    {Op: operators.Delay[int](2 * ms)},
	"DelayWhen":                {Op: operators.DelayWhen(func(int) ints { return observable.Timer(2 * ms) }, operators.Concurrency(1))},
	"DelaySubscription":        {Op: operators.DelaySubscription[int](2 * ms)},
	"DelaySubscriptionWhen":    {Op: operators.DelaySubscriptionWhen[int](observable.Timer(2 * ms))},
	"Timeout":                  {Op: operators.Timeout[int](240 * time.Hour)},
	"TimeoutWith":              {Op: operators.TimeoutWith(240*time.Hour, never)},
	"ObserveOn":                {Op: onScheduler(func(s scheduler.Scheduler) intOp { return operators.ObserveOn[int](s) })},
	"SubscribeOn":              {Op: onScheduler(operators.SubscribeOn[int])},
	"UnsubscribeOn":            {Op: onScheduler(operators.UnsubscribeOn[int])},
	"MergeMap":                 {Op: operators.MergeMap(just), Consumes: true},
	"MergeAll":                 {Op: each(operators.MergeAll[int]), Consumes: true},
	"Merge":                    {Op: func(src ints) ints { return operators.Merge(src, observable.Empty[int]()) }},
	"MergeWith":                {Op: operators.MergeWith(observable.Empty[int]())},
	"ConcatMap":                {Op: operators.ConcatMap(just), Consumes: true},
	"ConcatAll":                {Op: each(operators.ConcatAll[int]), Consumes: true},
	"ConcatMapEager":           {Op: operators.ConcatMapEager(just), Consumes: true},
	"Expand":                   {Op: operators.Expand(func(int) ints { return observable.Empty[int]() }), Consumes: true},
	"MergeScan":                {Op: operators.MergeScan(0, func(_, n int) ints { return just(n) }, operators.Concurrency(1)), Consumes: true},
	"Flatten":                  {Op: observable.Compose2(operators.Map(func(n int) []int { return []int{n} }), operators.Flatten[int])},
	"Buffer":                   {Op: asInt(operators.Buffer[int](1), func(s []int) int { return s[0] }), Consumes: true},
	"Window":                   {Op: flat(operators.Window[int](1))},
	"GroupBy": {Op: observable.Compose2(operators.GroupBy(func(int) int { return 0 }), operators.MergeMap(
		func(g operators.Group[int, int]) ints { return g.Observable }))},
	"Zip":     {Op: asInt(func(src ints) observable.Observable[[]int] { return operators.Zip(src, endless) }, func(s []int) int { return s[0] }), Consumes: true},
	"ZipWith": {Op: operators.ZipWith(endless, first)},
	"Connect": {Op: operators.Connect(same[ints])},
	"Dematerialize": {Op: observable.Compose2(operators.Map(func(n int) operators.Notification[int] {
		return operators.Notification[int]{Kind: operators.KindNext, Value: n}
	}), operators.Dematerialize[int])},
}

// changing are the operators that change what passes.
var changing = map[string]row{
	"MapTo":                     {Op: operators.MapTo[int](-1), Consumes: true},
	"Filter odd":                {Op: operators.Filter(odd), Consumes: true},
	"Pairwise":                  {Op: asInt(operators.Pairwise[int], func(p operators.Pair[int]) int { return p.Cur }), Consumes: true},
	"Materialize":               {Op: asInt(operators.Materialize[int], func(n operators.Notification[int]) int { return n.Value }), Recovers: true, Consumes: true},
	"StartWith some":            {Op: operators.StartWith(-1, -2), Skip: because("its values come first", "4.02_ErrorPassesAtOnce")},
	"EndWith some":              {Op: operators.EndWith(-1, -2)},
	"Take some":                 {Op: operators.Take[int](3)},
	"Take none":                 {Op: operators.Take[int](0), Skip: because("it does not subscribe to its source", "4.02_ErrorPassesAtOnce", "1.04_FailureIsOnError")},
	"TakeWhile small":           {Op: operators.TakeWhile(func(n int) bool { return n < 4 }), Consumes: true},
	"TakeUntil soon":            {Op: operators.TakeUntil[int](observable.Timer(ms))},
	"TakeLast":                  {Op: operators.TakeLast[int](3), Consumes: true},
	"Skip some":                 {Op: operators.Skip[int](2), Consumes: true},
	"SkipLast":                  {Op: operators.SkipLast[int](2), Consumes: true},
	"SkipUntil never":           {Op: operators.SkipUntil[int](never), Consumes: true},
	"First":                     {Op: operators.First[int]},
	"FirstOr":                   {Op: operators.FirstOr(-1)},
	"Last":                      {Op: operators.Last[int], Consumes: true},
	"LastOr":                    {Op: operators.LastOr(-1), Consumes: true},
	"Single":                    {Op: operators.Single[int], Consumes: true},
	"ElementAt":                 {Op: operators.ElementAt[int](2), Consumes: true},
	"ElementAtOr":               {Op: operators.ElementAtOr(2, -1), Consumes: true},
	"Find":                      {Op: operators.Find(func(n int) bool { return n > 3 }), Consumes: true},
	"IgnoreElements":            {Op: operators.IgnoreElements[int], Consumes: true},
	"DefaultIfEmpty":            {Op: operators.DefaultIfEmpty(-1)},
	"SwitchIfEmpty, a few":      {Op: operators.SwitchIfEmpty(observable.Of(-1, -2))},
	"ThrowIfEmpty":              {Op: operators.ThrowIfEmpty[int](errTest)},
	"Min":                       {Op: operators.Min[int], Consumes: true},
	"Max":                       {Op: operators.Max[int], Consumes: true},
	"MinFunc":                   {Op: operators.MinFunc(cmp.Compare[int]), Consumes: true},
	"MaxFunc":                   {Op: operators.MaxFunc(cmp.Compare[int]), Consumes: true},
	"Sort":                      {Op: operators.Sort[int], Consumes: true},
	"SortFunc":                  {Op: operators.SortFunc(cmp.Compare[int]), Consumes: true},
	"Reverse":                   {Op: operators.Reverse[int], Consumes: true},
	"ConcatWith more":           {Op: operators.ConcatWith(observable.Of(-1, -2))},
	"MergeWith more":            {Op: operators.MergeWith(observable.Of(-1, -2))},
	"Race with a rival":         {Op: func(src ints) ints { return operators.Race(src, observable.Of(-1, -2)) }},
	"MergeMap of several":       {Op: operators.MergeMap(several, operators.Concurrency(2), operators.Prefetch(2)), Consumes: true},
	"ConcatMap of several":      {Op: operators.ConcatMap(several), Consumes: true},
	"ConcatMapEager of several": {Op: operators.ConcatMapEager(several, operators.Concurrency(2), operators.Prefetch(2)), Consumes: true},
	"SwitchMap":                 {Op: operators.SwitchMap(several), Consumes: true},
	"SwitchAll":                 {Op: each(operators.SwitchAll[int]), Consumes: true},
	"SwitchScan":                {Op: operators.SwitchScan(0, func(_, n int) ints { return several(n) }), Consumes: true},
	"ExhaustMap":                {Op: operators.ExhaustMap(several), Consumes: true},
	"ExhaustAll":                {Op: each(operators.ExhaustAll[int]), Consumes: true},
	"Expand, wider": {Op: operators.Expand(func(n int) ints {
		if n < 0 {
			return observable.Empty[int]()
		}
		return observable.Of(-1, -2)
	}, operators.Concurrency(2), operators.Prefetch(4))},
	"CombineLatest":         {Op: asInt(func(src ints) observable.Observable[[]int] { return operators.CombineLatest(src, one) }, func(s []int) int { return s[0] }), Consumes: true},
	"CombineLatestWith":     {Op: operators.CombineLatestWith(one, first), Consumes: true},
	"CombineLatest2":        {Op: func(src ints) ints { return operators.CombineLatest2(src, one, first) }, Consumes: true},
	"CatchValue":            {Op: operators.CatchValue(-1), Recovers: true},
	"Catch":                 {Op: operators.Catch(func(error) ints { return observable.Of(-1, -2) }), Recovers: true},
	"OnErrorComplete":       {Op: operators.OnErrorComplete[int], Recovers: true},
	"OnErrorResumeNext":     {Op: func(src ints) ints { return operators.OnErrorResumeNext(src, observable.Of(-1)) }, Recovers: true},
	"OnErrorResumeNextWith": {Op: operators.OnErrorResumeNextWith(observable.Of(-1)), Recovers: true},
	"Retry":                 {Op: operators.Retry[int](2)},
	"RetryAfter":            {Op: operators.RetryAfter[int](retryAfter)},
	"RetryWhen":             {Op: operators.RetryWhen[int](operators.Take[error](2)), Recovers: true},
	"Repeat":                {Op: operators.Repeat[int](3)},
	"RepeatAfter":           {Op: operators.RepeatAfter[int](repeatAfter)},
	"RepeatWhen":            {Op: operators.RepeatWhen[int](operators.Take[struct{}](2))},
	"While":                 {Op: freshly(func() intOp { return operators.While[int](times(3)) }), Skip: because("its condition needs demand", "4.02_ErrorPassesAtOnce")},
	"DoWhile":               {Op: freshly(func() intOp { return operators.DoWhile[int](times(2)) })},
	"Delay of few":          {Op: operators.Delay[int](2 * ms)},
	"Timeout of the first":  {Op: operators.Timeout[int](3*ms, operators.FirstOnly), Consumes: true},
	"Share":                 {Op: operators.Share[int], Multicast: true},
	"ShareReplay":           {Op: operators.ShareReplay[int](3, operators.RefCounted), Multicast: true, Consumes: true},
	"Publish":               {Op: func(src ints) ints { return operators.Publish(src).RefCount() }, Multicast: true},
	"Replay":                {Op: func(src ints) ints { return operators.Replay(src, operators.Unlimited).RefCount() }, Multicast: true, Consumes: true},
	"Multicast":             {Op: operators.Multicast(func() operators.Hub[int] { return observable.NewSubject[int]() }), Multicast: true, Consumes: true},
}

// folding are the operators whose values are not those of the source.
var folding = map[string]row{
	"FindIndex":          {Op: operators.FindIndex(func(n int) bool { return n > 3 })},
	"Reduce":             {Op: operators.Reduce(0, func(a, b int) int { return a + b })},
	"ReduceErr":          {Op: operators.ReduceErr(0, func(a, b int) (int, error) { return a + b, nil })},
	"Count":              {Op: operators.Count[int]},
	"Sum":                {Op: operators.Sum[int]},
	"Average":            {Op: asInt(operators.Average[int], func(f float64) int { return int(f) })},
	"Every":              {Op: asInt(operators.Every(odd), number)},
	"Some":               {Op: asInt(operators.Some(func(n int) bool { return n > 3 }), number)},
	"Contains":           {Op: asInt(operators.Contains(4), number)},
	"IsEmpty":            {Op: asInt(operators.IsEmpty[int], number)},
	"SequenceEqual":      {Op: asInt(operators.SequenceEqual(observable.Range(1, 5)), number)},
	"SequenceEqualFunc":  {Op: asInt(operators.SequenceEqualFunc(observable.Range(1, 5), func(a, b int) bool { return a == b }), number)},
	"ToSlice":            {Op: asInt(operators.ToSlice[int], length)},
	"ToMap":              {Op: asInt(operators.ToMap(func(n int) (int, int) { return n, n }), func(m map[int]int) int { return len(m) })},
	"Buffer of three":    {Op: asInt(operators.Buffer[int](3), length)},
	"Buffer overlapping": {Op: asInt(operators.Buffer[int](3, operators.Step(1)), length)},
	"BufferTime":         {Op: asInt(operators.BufferTime[int](300*ms), length)},
	"BufferWhen":         {Op: asInt(operators.BufferWhen[int](ticks), length)},
	"BufferUntil":        {Op: asInt(operators.BufferUntil[int](func() ints { return observable.Timer(300 * ms) }), length)},
	"BufferToggle":       {Op: asInt(operators.BufferToggle[int](ticks, func(int) ints { return observable.Timer(3 * ms) }), length)},
	"Window of three":    {Op: flat(operators.Window[int](3))},
	"WindowTime":         {Op: flat(operators.WindowTime[int](200 * ms))},
	"WindowWhen":         {Op: flat(operators.WindowWhen[int](observable.Interval(300 * ms)))},
	"WindowUntil":        {Op: flat(operators.WindowUntil[int](func() ints { return observable.Timer(300 * ms) }))},
	"WindowToggle":       {Op: flat(operators.WindowToggle[int](observable.Interval(300*ms), func(int) ints { return observable.Timer(100 * ms) }))},
	"GroupBy thirds": {Op: observable.Compose2(operators.GroupBy(func(n int) int { return n % 3 }), operators.MergeMap(
		func(g operators.Group[int, int]) ints { return g.Observable }))},
	"ForkJoin2":        {Op: func(src ints) ints { return operators.ForkJoin2(src, one, first) }},
	"ForkJoin":         {Op: asInt(func(src ints) observable.Observable[[]int] { return operators.ForkJoin(src, one) }, length)},
	"ZipAll":           {Op: asInt(observable.Compose2(operators.Map(just), operators.ZipAll[int]), length)},
	"CombineLatestAll": {Op: asInt(observable.Compose2(operators.Map(just), operators.CombineLatestAll[int]), length)},
}

// meeting are those of them in which goroutines or timers meet. With the race
// detector, which makes everything slow, only these are checked as sources.
var meeting = []string{"ObserveOn", "SubscribeOn", "Delay", "MergeMap", "ConcatMapEager", "Zip", "Window", "GroupBy", "TakeUntil"}

func TestOperatorsThatPass(t *testing.T) {
	for name, r := range passing {
		r.Identity = !conformance.RaceEnabled || slices.Contains(meeting, name)
		passing[name] = r
	}
	testRows(t, passing)
}

func TestOperatorsThatChange(t *testing.T) { testRows(t, changing) }

func TestOperatorsThatFold(t *testing.T) {
	for name, r := range folding {
		r.Consumes = true
		r.Index = none
		folding[name] = r
	}
	testRows(t, folding)
}

var (
	one     = observable.Of(-1)
	never   = observable.Never[int]()
	endless = observable.Generate(-1, func(n int) (int, int, bool) { return n, n - 1, true })
	ticks   = operators.Take[int](5)(observable.Interval(2 * ms))
)

func same[T any](v T) T  { return v }
func odd(n int) bool     { return n%2 == 1 }
func first(a, _ int) int { return a }
func just(n int) ints    { return observable.Of(n) }
func length(s []int) int { return len(s) }

func number(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// several is a value and two of its own, asynchronously to a flattening
// operator, since Take hands itself down.
func several(n int) ints { return operators.Take[int](3)(observable.Of(n, -1, -2, -3)) }

// none says that a value stands for none of the source.
func none(int) []int { return nil }

// asInt makes an operator put out integers. What it discards is still of the
// other type, and nobody recognizes it: the rows say that it consumes.
func asInt[R any](op observable.Operator[int, R], f func(R) int) intOp {
	return observable.Compose2(op, operators.Map(f))
}

// each puts in what a flattening operator takes.
func each(op observable.Operator[ints, int]) intOp {
	return observable.Compose2(operators.Map(just), op)
}

// flat subscribes to every window.
func flat(windows observable.Operator[int, ints]) intOp {
	return observable.Compose2(windows, operators.MergeMap(same[ints], operators.Concurrency(4), operators.Prefetch(2)))
}

// onScheduler makes an operator use the scheduler of the ctx.
func onScheduler(op func(scheduler.Scheduler) intOp) intOp {
	return func(src ints) ints {
		return observable.Defer(func(ctx context.Context) ints { return op(scheduler.From(ctx))(src) })
	}
}

// freshly assembles an operator with state for each subscription.
func freshly(op func() intOp) intOp {
	return func(src ints) ints { return observable.Defer(func(context.Context) ints { return op()(src) }) }
}

// times is true n times.
func times(n int) func() bool {
	return func() bool {
		n--
		return n >= 0
	}
}

func retryAfter(err error, attempt int) ints {
	if attempt > 2 {
		return observable.Throw[int](err)
	}
	return observable.Timer(ms)
}

func repeatAfter(times int) ints {
	if times > 2 {
		return observable.Empty[int]()
	}
	return observable.Timer(ms)
}

// because skips checks for one reason.
func because(reason string, checks ...string) map[string]string {
	skip := map[string]string{}
	for _, c := range checks {
		skip[c] = reason
	}
	return skip
}
