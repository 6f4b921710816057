//! Holds what the compiler does not: which crate may use which, and that the tree is tidy.

// `cfg(test)` tells the lints that helpers, too, are test code.
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod dependency_table;
#[cfg(test)]
mod graph;
#[cfg(test)]
mod links;
#[cfg(test)]
mod map;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod tracked;
