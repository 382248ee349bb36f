package option

// Fraction is taken by the operators that keep a share of the values.
type Fraction interface{ OptionFraction(Seal) }
