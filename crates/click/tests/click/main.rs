//! The rules of clicks, as tables and properties.

mod agents;
mod ids;
mod minting;
mod records;
mod words;
