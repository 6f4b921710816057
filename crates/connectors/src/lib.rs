//! Other systems: transport, one module per system.

pub mod mail;
pub mod stripe;
