//! The pages over a real database in a temporary folder, as a browser without script sees them.

mod access;
mod browser;
mod decisions;
mod money;
mod partners;
mod settings;
mod table;
mod world;
