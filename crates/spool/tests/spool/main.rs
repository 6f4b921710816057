//! The spool as those see it who append, read, and lose power.

mod ahead;
mod crash;
mod disk;
mod reading;
mod support;
mod waiting;
