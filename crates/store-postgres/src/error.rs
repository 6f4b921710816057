use sqlx::Error;
use sqlx::postgres::PgDatabaseError;
use tributary_store::engine::EngineError;

/// What the driver or the server said, as the port's error.
pub(crate) fn engine_error(error: Error) -> EngineError {
    match &error {
        Error::Database(said) => match said.try_downcast_ref::<PgDatabaseError>() {
            Some(said) => server_error(said),
            None => EngineError::Fault(error.to_string()),
        },
        Error::Io(_)
        | Error::Tls(_)
        | Error::PoolTimedOut
        | Error::PoolClosed
        | Error::WorkerCrashed
        | Error::BeginFailed => EngineError::Away(error.to_string()),
        _ => EngineError::Fault(error.to_string()),
    }
}

/// By SQLSTATE: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn server_error(said: &PgDatabaseError) -> EngineError {
    let words = || match said.detail() {
        Some(detail) => format!("{} ({detail})", said.message()),
        None => said.message().to_owned(),
    };
    match said.code() {
        // serialization_failure, deadlock_detected, lock_not_available
        "40001" | "40P01" | "55P03" => EngineError::Retry(words()),
        // disk_full
        "53100" => EngineError::Full(words()),
        // protocol_violation, of class 08, is our own mistake: values that do not fit.
        "08P01" => EngineError::Fault(words()),
        // too_many_connections, query_canceled, idle_in_transaction_session_timeout,
        // transaction_timeout
        "53300" | "57014" | "25P03" | "25P04" => EngineError::Away(words()),
        code if code.starts_with("08") || code.starts_with("57P") => EngineError::Away(words()),
        code if code.starts_with("23") => {
            let column = [said.table(), said.column()];
            let place = || column.into_iter().flatten().collect::<Vec<_>>().join(".");
            let constraint = said.constraint().map_or_else(place, str::to_owned);
            EngineError::Constraint { constraint, detail: words() }
        }
        code => EngineError::Fault(format!("{} ({code})", words())),
    }
}
