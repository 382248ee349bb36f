package option

// TakeWhile is taken by TakeWhile.
type TakeWhile interface{ OptionTakeWhile(Seal) }

// Distinct is taken by the operators that remember what they have seen.
type Distinct interface{ OptionDistinct(Seal) }
