//! Plans as agreements: documents, worked numbers, explanations, and what holds for all of them.

#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

mod common;
mod documented;
mod explanations;
mod histories;
mod history;
mod plan_document;
mod properties;
mod refusals;
mod worked_numbers;
