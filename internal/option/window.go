package option

// CountWindow is taken by the operators that cut by count.
type CountWindow interface{ OptionCountWindow(Seal) }

// TimeWindow is taken by the operators that cut by time.
type TimeWindow interface{ OptionTimeWindow(Seal) }
