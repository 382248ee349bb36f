package option

// Catch is taken by the operators that continue with another source after an
// error.
type Catch interface{ OptionCatch(Seal) }

// Retry is taken by the operators that subscribe to the source again after an
// error.
type Retry interface{ OptionRetry(Seal) }
