package option

// Timeout is taken by the operators that give their source a deadline.
type Timeout interface{ OptionTimeout(Seal) }
