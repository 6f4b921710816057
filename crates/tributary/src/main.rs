//! Configuration, wiring, scheduling and the command line.

fn main() {}
