package option

// DelayWhen is taken by the operators that hold each value for a time of its
// own.
type DelayWhen interface{ OptionDelayWhen(Seal) }
