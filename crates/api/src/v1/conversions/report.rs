use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;
use tributary_app::conversion::{ReportConversion, ReportOutcome};
use tributary_directory::Permission;
use tributary_kernel::{ConversionId, FieldError, QuarantineId, limits};
use tributary_web::{Caller, JsonBody, JsonBytes, Problem, ProblemField, ProblemKind, parse_json};

use super::wire::ConversionIn;
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (400, "json_malformed", "The body cannot be read; nothing of it was recorded."),
    (409, "idempotency_key_reused", "The key came before with other content."),
    (413, "too_large", "The body is too large; send several requests."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

const DOC: Doc = Doc {
    id: "report_conversions",
    tag: "conversions",
    summary: "Report conversions",
    detail: "One object, or an array of up to 1,000. Items of an array are independent: the \
             answer is 200 with a result for each, in their order, and a refused item carries its \
             problem. An item that could not be recorded although others were is `failed`: send it \
             again.\n\nAn order is one fact for ever: reported again, by whatever source, it is \
             `duplicate`; with another amount it waits in quarantine as a `conflict`. The header \
             `Idempotency-Key` (for an array: its key, a slash and the item's place) makes a \
             retry get the first answer; an item may carry its own in `idempotency_key`.",
    scope: Some("report"),
    errors: ERRORS,
};

/// Seconds until it is worth sending an item again that could not be recorded.
const RETRY_SECONDS: u32 = 2;

/// One object or an array of them.
#[derive(Debug, JsonSchema)]
#[schemars(rename = "ReportConversions", untagged)]
#[expect(dead_code, reason = "describes the body, which is read item by item")]
enum Body {
    One(Box<ConversionIn>),
    Many(#[schemars(length(min = 1, max = 1000))] Vec<ConversionIn>),
}

/// What became of one report.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ConversionResult")]
pub(in crate::v1) struct ResultOut {
    /// `applied`: it is the fact. `duplicate`: another delivery already was. `quarantined`: it
    /// waits for a person. `refused`: nothing was kept. `failed`: it could not be recorded; send it
    /// again.
    outcome: &'static str,
    /// The conversion, when it was applied or is a duplicate.
    conversion: Option<ConversionId>,
    /// Where it waits, when it was quarantined.
    quarantine: Option<QuarantineId>,
    /// Why it waits.
    reason: Option<String>,
    /// Why it was refused, or failed.
    problem: Option<ItemProblem>,
}

/// Why one item was refused, or failed.
#[derive(Debug, Serialize, JsonSchema)]
struct ItemProblem {
    /// The status that it would have had alone.
    status: u16,
    /// Stable name of the mistake.
    code: String,
    /// What is wrong, for developers.
    detail: String,
    /// Every field that is wrong; pointers into the whole body.
    errors: Vec<ProblemField>,
    /// Seconds until it is worth sending this one again; null: not as it is.
    retry_after: Option<u32>,
}

/// The results of an array.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ConversionResults")]
struct Results {
    /// In the order of the items.
    results: Vec<ResultOut>,
}

pub(super) fn describe(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    DOC.apply()(operation)
        .input::<JsonBody<Body>>()
        .parameter::<String, _>("Idempotency-Key", |mut parameter| {
            crate::doc::as_optional_header(parameter.inner_mut());
            parameter.description("The delivery's own key: a retry with it gets the first answer.")
        })
        .response_with::<200, Json<Results>, _>(|it| {
            it.description("The results of an array; or the one result of a duplicate.")
        })
        .response_with::<201, Json<ResultOut>, _>(|it| it.description("One report was applied."))
        .response_with::<202, Json<ResultOut>, _>(|it| {
            it.description("One report waits in quarantine.")
        })
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    headers: HeaderMap,
    JsonBytes(bytes): JsonBytes,
) -> Result<Response, Problem> {
    caller.require(Permission::Report)?;
    let key = crate::idempotency::key_of(&headers)?;
    let is_array = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    if is_array {
        let results = report_many(&state, &caller, &bytes, key.as_deref()).await?;
        return Ok(Json(Results { results }).into_response());
    }
    let mail_key = |mail: &str| state.app().mail_key(caller.owner, mail);
    let report = parse_json::<ConversionIn>(&bytes)?.read(key, mail_key)?;
    let outcome = state.reporter().report(&caller.actor, vec![report]).await?.pop();
    match outcome {
        Some(ReportOutcome::Refused(refusal)) => Err(refusal.into()),
        Some(ReportOutcome::Failed(fault)) => Err(fault.into()),
        Some(outcome) => {
            let status = match &outcome {
                ReportOutcome::Applied(_) => StatusCode::CREATED,
                ReportOutcome::Quarantined { .. } => StatusCode::ACCEPTED,
                _ => StatusCode::OK,
            };
            Ok((status, Json(ResultOut::of(outcome, ""))).into_response())
        }
        None => Err(no_outcome()),
    }
}

async fn report_many(
    state: &ApiState,
    caller: &Caller,
    bytes: &[u8],
    key: Option<&str>,
) -> Result<Vec<ResultOut>, Problem> {
    let parts: Vec<&RawValue> = match serde_json::from_slice(bytes) {
        Ok(parts) => parts,
        // Read once more as what it should be, which says where it goes wrong.
        Err(_) => {
            return Err(parse_json::<Vec<serde_json::Value>>(bytes)
                .err()
                .unwrap_or_else(no_outcome));
        }
    };
    let most = limits::CONVERSIONS_PER_REQUEST_MAX;
    if parts.is_empty() || parts.len() > most {
        let detail = format!("Send 1 to {most} conversions in one request.");
        return Err(FieldError::new("", "batch_size", detail).into());
    }
    let read = |(index, part): (usize, &&RawValue)| -> Result<ReportConversion, Problem> {
        let key = key.map(|key| format!("{key}/{index}"));
        let mail_key = |mail: &str| state.app().mail_key(caller.owner, mail);
        parse_json::<ConversionIn>(part.get().as_bytes())?.read(key, mail_key)
    };
    let items: Vec<_> = parts.iter().enumerate().map(read).collect();
    let reports: Vec<ReportConversion> =
        items.iter().filter_map(|item| item.as_ref().ok().cloned()).collect();
    let mut outcomes = if reports.is_empty() {
        Vec::new().into_iter()
    } else {
        state.reporter().report(&caller.actor, reports).await?.into_iter()
    };
    let result = |(index, item): (usize, Result<ReportConversion, Problem>)| {
        let pointer = format!("/{index}");
        match item {
            Err(problem) => Ok(ResultOut::refused(problem, &pointer)),
            Ok(_) => outcomes.next().map(|it| ResultOut::of(it, &pointer)).ok_or_else(no_outcome),
        }
    };
    items.into_iter().enumerate().map(result).collect()
}

fn no_outcome() -> Problem {
    tributary_app::AppError::Corrupt("a report has no outcome".to_owned()).into()
}

/// What one item is told that could not be recorded. The use case has noted why.
fn failed() -> Problem {
    let detail = "This one could not be recorded, and nothing of it was. Send it again.";
    Problem::new(ProblemKind::Unavailable, "not_recorded", detail).retry_after(RETRY_SECONDS)
}

impl ResultOut {
    /// An outcome as it is answered; pointers get `prefix` in front.
    pub(in crate::v1) fn of(outcome: ReportOutcome, prefix: &str) -> Self {
        let empty =
            Self { outcome: "", conversion: None, quarantine: None, reason: None, problem: None };
        match outcome {
            ReportOutcome::Applied(id) => {
                Self { outcome: "applied", conversion: Some(id), ..empty }
            }
            ReportOutcome::Duplicate(id) => {
                Self { outcome: "duplicate", conversion: Some(id), ..empty }
            }
            ReportOutcome::Quarantined { id, reason } => {
                let (quarantine, reason) = (Some(id), Some(reason));
                Self { outcome: "quarantined", quarantine, reason, ..empty }
            }
            ReportOutcome::Refused(refusal) => Self::refused(refusal.into(), prefix),
            ReportOutcome::Failed(_) => {
                Self { outcome: "failed", ..Self::refused(failed(), prefix) }
            }
        }
    }

    fn refused(problem: Problem, prefix: &str) -> Self {
        let problem = problem.under(prefix);
        let problem = ItemProblem {
            status: problem.kind().status().as_u16(),
            code: problem.code().to_owned(),
            detail: problem.detail().to_owned(),
            errors: problem.errors().to_vec(),
            retry_after: problem.retry_seconds(),
        };
        Self {
            outcome: "refused",
            conversion: None,
            quarantine: None,
            reason: None,
            problem: Some(problem),
        }
    }
}
