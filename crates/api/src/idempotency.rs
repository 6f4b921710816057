//! `Idempotency-Key` on every POST of `/v1`: a repetition gets the first answer, and
//! `Idempotency-Replayed: true` says so. `POST /v1/conversions` is left out: there the key is the
//! delivery key of each report, which is kept for ever.

use aide::openapi::{
    HeaderStyle, OpenApi, Operation, Parameter, ParameterData, ParameterSchemaOrContent, PathItem,
    ReferenceOr, SchemaObject, StatusCode as Status,
};
use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tributary_app::AppError;
use tributary_app::once::{Answer, Attempt, Begun, begin_request, end_request};
use tributary_directory::Actor;
use tributary_kernel::{FieldError, limits};
use tributary_web::{Caller, Problem, ProblemKind, read_body};

use crate::ApiState;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Seconds until it is worth asking whether a running request has ended.
const RETRY_SECONDS: u32 = 1;
/// Reports have a key of their own, each.
const DELIVERIES: &str = "/v1/conversions";

/// The header's value; the quotes of a structured field are taken off.
pub(crate) fn key_of(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(KEY) else { return Ok(None) };
    let text = value.to_str().map_err(|_| {
        let detail = "Send visible ASCII characters in Idempotency-Key.";
        Problem::from(FieldError::new("/idempotency_key", "characters", detail))
    })?;
    let text = text.trim();
    let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    Ok(Some(bare.to_owned()))
}

/// The layer around all routes.
pub(crate) async fn once(
    State(state): State<ApiState>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let path = request.uri().path();
    let takes_key =
        request.method() == Method::POST && path.starts_with("/v1/") && path != DELIVERIES;
    if !takes_key || !request.headers().contains_key(KEY) {
        return Ok(next.run(request).await);
    }
    let key = key_of(request.headers())?.unwrap_or_default();
    let (mut parts, body) = request.into_parts();
    let caller = Caller::from_request_parts(&mut parts, &state).await?;
    let bytes = read_body(&parts.headers, body, bytes_max(parts.uri.path())).await?;
    let content = content_hash(&parts, &caller.actor, &bytes);
    let attempt = match begin_request(state.app(), &caller.actor, &key, content).await? {
        Begun::First(attempt) => attempt,
        Begun::Answered(answer) => return Ok(replayed(answer)),
        Begun::Running => {
            let detail = "A request with this key is being carried out; ask again for its answer.";
            let problem = Problem::new(ProblemKind::Conflict, "idempotency_in_progress", detail);
            return Err(problem.retry_after(RETRY_SECONDS));
        }
    };
    parts.extensions.insert(caller);
    parts.extensions.insert(attempt.clone());
    let request = Request::from_parts(parts, Body::from(bytes));
    // A task of its own: when the client goes away meanwhile, the answer is kept all the same.
    let run = tokio::spawn(async move { carry_out(&state, &attempt, request, next).await });
    run.await.unwrap_or_else(|error| {
        Err(AppError::Corrupt(format!("a request with a key panicked: {error}")).into())
    })
}

/// Files with rows are longer than other bodies.
fn bytes_max(path: &str) -> usize {
    match path.starts_with("/v1/programs/") && path.ends_with("/uploads") {
        true => limits::ROWS_FILE_BYTES_MAX,
        false => limits::API_BODY_BYTES_MAX,
    }
}

async fn carry_out(
    state: &ApiState,
    attempt: &Attempt,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (parts, body) = next.run(request).await.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX)
        .await
        .map_err(|error| AppError::Corrupt(format!("an answer broke off: {error}")))?;
    let answer = Answer { status: parts.status.as_u16(), body: body.to_vec() };
    // The answer is good whether or not it can be kept; repetitions are safe either way.
    if let Err(error) = end_request(state.app(), attempt, &answer).await {
        tracing::warn!(%error, "api.answer_not_kept");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn replayed(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let content_type =
        if status.is_success() { "application/json" } else { "application/problem+json" };
    let mut response = (status, answer.body).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

/// What makes a request what it is: address, body, and what the caller may do, so that a key with
/// fewer rights is not told another's answer. Of JSON the content counts, not how it is written.
fn content_hash(parts: &Parts, actor: &Actor, body: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    part(parts.uri.path().as_bytes());
    part(parts.uri.query().unwrap_or_default().as_bytes());
    if let Actor::Key { scopes, .. } = actor {
        let mut names: Vec<&str> = scopes.iter().map(|it| it.as_str()).collect();
        names.sort_unstable();
        part(names.join(" ").as_bytes());
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => {
            let mut canonical = Vec::with_capacity(body.len());
            write_canonical(&value, &mut canonical);
            part(&canonical);
        }
        Err(_) => part(body),
    }
    hash.finalize().into()
}

/// JSON without spaces, members in the order of their names.
fn write_canonical(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            out.push(b'{');
            for (name, member) in members {
                out.extend_from_slice(Value::from(name.as_str()).to_string().as_bytes());
                out.push(b':');
                write_canonical(member, out);
                out.push(b',');
            }
            out.push(b'}');
        }
        Value::Array(items) => {
            out.push(b'[');
            for item in items {
                write_canonical(item, out);
                out.push(b',');
            }
            out.push(b']');
        }
        _ => out.extend_from_slice(value.to_string().as_bytes()),
    }
}

/// Adds the header and its noes to every operation that takes it.
pub(crate) fn describe(document: &mut OpenApi) {
    let Some(paths) = document.paths.as_mut() else { return };
    for (path, item) in &mut paths.paths {
        if let ReferenceOr::Item(PathItem { post: Some(operation), .. }) = item
            && path != DELIVERIES
        {
            describe_one(operation);
        }
    }
}

const NOES: &str = "`idempotency_key_reused`: The key came before with other content.\n\
                    `idempotency_in_progress`: The first request with the key is being carried \
                    out; see `Retry-After`.\n\
                    `idempotency_answer_lost`: The first request was carried out, and its answer \
                    is not known any more; nothing is done again.";

fn describe_one(operation: &mut Operation) {
    let description = format!(
        "A name for this request, 1 to {} characters: a repetition with it, within {} days, does \
         nothing again and gets the first answer with `Idempotency-Replayed: true`.",
        limits::EXTERNAL_ID_BYTES_MAX,
        tributary_app::once::ANSWERS_DAYS,
    );
    let json_schema = schemars::json_schema!({ "type": "string" });
    let schema = SchemaObject { json_schema, external_docs: None, example: None };
    let parameter_data = ParameterData {
        name: "Idempotency-Key".to_owned(),
        description: Some(description),
        required: false,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(schema),
        example: None,
        examples: Default::default(),
        explode: None,
        extensions: Default::default(),
    };
    let header = Parameter::Header { parameter_data, style: HeaderStyle::Simple };
    operation.parameters.push(ReferenceOr::Item(header));
    let Some(responses) = operation.responses.as_mut() else { return };
    // Every operation with a key has a 503 of the same form.
    let like = responses.responses.get(&Status::Code(503)).cloned();
    let conflict = responses.responses.entry(Status::Code(409)).or_insert_with(|| {
        let mut it = like.unwrap_or(ReferenceOr::Item(Default::default()));
        if let ReferenceOr::Item(it) = &mut it {
            it.description.clear();
        }
        it
    });
    if let ReferenceOr::Item(it) = conflict {
        let own = std::mem::take(&mut it.description);
        it.description = if own.is_empty() { NOES.to_owned() } else { format!("{own}\n{NOES}") };
    }
}
