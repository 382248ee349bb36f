package option

// RetryAfter is taken by the operators that wait for an observable before they
// subscribe to the source again after an error.
type RetryAfter interface{ OptionRetryAfter(Seal) }

// Backoff is taken by the option that spaces retries.
type Backoff interface{ OptionBackoff(Seal) }
