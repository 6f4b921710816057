//! The durable click log.
