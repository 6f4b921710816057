//! Batching, statements, bank files: values to bytes.
