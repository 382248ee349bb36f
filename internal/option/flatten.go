package option

// Flatten is taken by the operators that subscribe to inner observables.
type Flatten interface{ OptionFlatten(Seal) }

// ObserveOn is taken by the operators that hand values from one goroutine to
// another.
type ObserveOn interface{ OptionObserveOn(Seal) }
