//! Currencies, minor units, rates, rounding, allocation.
