package option

// Group is taken by the operators that split a stream by key.
type Group interface{ OptionGroup(Seal) }
