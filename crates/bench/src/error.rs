use std::process::ExitStatus;

/// Why there is no measurement.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BenchError {
    /// The operating system said no.
    #[error("{what}: {source}")]
    Io { what: String, source: std::io::Error },
    /// A program ended otherwise than well.
    #[error("{program}: {status}: {output}")]
    Program { program: String, status: ExitStatus, output: String },
    /// A database.
    #[error(transparent)]
    Engine(#[from] tributary_store::engine::EngineError),
    /// Something the measurement stands on is not so: a wrong answer, errors under load, one core.
    #[error("{0}")]
    Unfit(String),
}

/// Says what was being done when the operating system said no.
pub(crate) trait During<T> {
    fn during(self, what: impl Into<String>) -> Result<T, BenchError>;
}

impl<T> During<T> for std::io::Result<T> {
    fn during(self, what: impl Into<String>) -> Result<T, BenchError> {
        self.map_err(|source| BenchError::Io { what: what.into(), source })
    }
}
