use tributary_kernel::{FieldError, Refusal};
pub use tributary_store::engine::EngineError;

/// How a use case ends without success. A refusal is expected and written nothing; a fault is
/// logged once, at the boundary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    /// The caller's mistake or a rule.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// What is stored contradicts itself, or a secret does not open: a person must look.
    #[error("stored data cannot be used: {0}")]
    Corrupt(String),
}

impl AppError {
    /// Whether the same call may succeed later without anything being mended: 503.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Engine(EngineError::Away(_) | EngineError::Retry(_)))
    }
}

impl From<FieldError> for AppError {
    fn from(error: FieldError) -> Self {
        Self::Refused(error.into())
    }
}

/// Turns collected mistakes into a refusal, if there are any.
pub(crate) fn refuse_if_any(errors: Vec<FieldError>) -> Result<(), AppError> {
    if errors.is_empty() { Ok(()) } else { Err(Refusal::invalid(errors).into()) }
}
