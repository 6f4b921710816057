//! Why an amount is what it is, or why there is none.
