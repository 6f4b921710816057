//! Sessions, permission extractors, CSRF, problem documents, limits.
