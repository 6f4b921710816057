//! Use cases, one file each, owning transactions.
