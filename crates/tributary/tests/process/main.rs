//! The built program, met from outside: killed, started again, left without its database, given
//! damaged files, cut off from power.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

mod away;
mod backup;
mod damage;
mod installation;
mod keys;
mod kill;
mod nothing_there;
mod one_order;
mod operate;
#[cfg(target_os = "linux")]
mod power;
mod proof;
mod routes;
