//! The server engine: PostgreSQL.
