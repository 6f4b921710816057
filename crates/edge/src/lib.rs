//! Redirect and tracking endpoints.
