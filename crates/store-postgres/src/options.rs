use std::time::Duration;

/// How a server is used.
#[derive(Debug, Clone)]
pub struct PostgresOptions {
    /// Connections at most.
    pub connections: u32,
    /// How long `begin` and `read` wait for a connection before they say `Away`.
    pub wait: Duration,
    /// The server breaks a statement off after this time; the call says `Away`.
    pub statement: Duration,
    /// The server gives up waiting for a lock after this time; the call says `Retry`.
    pub lock: Duration,
    /// The schema that holds the tables, made by `migrate`; `None` is the user's default. Lower-case
    /// letters, digits and `_`.
    pub schema: Option<String>,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            connections: 10,
            wait: Duration::from_secs(5),
            statement: Duration::from_secs(30),
            lock: Duration::from_secs(10),
            schema: None,
        }
    }
}
