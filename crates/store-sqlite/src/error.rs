use rusqlite::{Error, ErrorCode};
use tributary_store::engine::EngineError;

/// What SQLite said, as the port's error.
pub(crate) fn engine_error(error: Error) -> EngineError {
    let words = error.to_string();
    let Error::SqliteFailure(failure, _) = &error else {
        return EngineError::Fault(words);
    };
    match failure.code {
        ErrorCode::ConstraintViolation => {
            EngineError::Constraint { constraint: constraint(&words), detail: words }
        }
        ErrorCode::DiskFull => EngineError::Full(words),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            EngineError::Away(format!("another process holds the database: {words}"))
        }
        ErrorCode::CannotOpen => EngineError::Away(words),
        ErrorCode::OperationInterrupted => {
            EngineError::Away("the statement took too long and was interrupted".to_owned())
        }
        code => EngineError::Fault(format!("{words} ({code:?}, {})", failure.extended_code)),
    }
}

/// `UNIQUE constraint failed: t.a, t.b` names `t.a, t.b`; a foreign key has no name.
fn constraint(words: &str) -> String {
    let (kind, place) = words.split_once(": ").unwrap_or((words, ""));
    if place.is_empty() {
        kind.trim_end_matches(" constraint failed").to_owned()
    } else {
        place.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_are_named() {
        assert_eq!(constraint("UNIQUE constraint failed: t.a, t.b"), "t.a, t.b");
        assert_eq!(constraint("CHECK constraint failed: n >= 0"), "n >= 0");
        assert_eq!(constraint("FOREIGN KEY constraint failed"), "FOREIGN KEY");
    }
}
