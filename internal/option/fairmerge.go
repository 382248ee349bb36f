package option

// Bulkhead is taken by what keeps a source apart from the others.
type Bulkhead interface{ OptionBulkhead(Seal) }
