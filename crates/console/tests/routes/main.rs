//! The pages over a real database in a temporary folder, as a browser without script sees them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod access;
mod browser;
mod decisions;
mod leads;
mod money;
mod partners;
mod people;
mod settings;
mod table;
mod tax;
mod tenant;
mod world;
