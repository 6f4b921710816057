//! One test program: it links once.

#[cfg(test)]
mod golden;
#[cfg(test)]
mod merkle;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod world;
