//! What the web promises, on a real database.

// `cfg(test)` tells the lints that helpers, too, are test code.
#[cfg(test)]
mod extractors;
