//! What the API promises, over its router and a real database.

// `cfg(test)` tells the lints that helpers, too, are test code.
#[cfg(test)]
mod authorisation;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod billing;
#[cfg(test)]
mod common;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod postback;
#[cfg(test)]
mod repeating;
#[cfg(test)]
mod road;
