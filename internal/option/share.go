package option

// ShareReplay is taken by the operators that share a source and its past.
type ShareReplay interface{ OptionShareReplay(Seal) }

// Multicast is taken by the operators that share a source by way of a subject.
type Multicast interface{ OptionMulticast(Seal) }
