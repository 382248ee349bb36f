package option

// Adaptive is taken by what sets a limit by what it measures.
type Adaptive interface{ OptionAdaptive(Seal) }
