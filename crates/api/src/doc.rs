//! How an endpoint is described in the OpenAPI document.

use aide::OperationOutput;
use aide::generate::in_context;
use aide::openapi::{Operation, ReferenceOr, StatusCode};
use aide::transform::TransformOperation;
use tributary_web::Problem;

/// What an endpoint says of itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Doc {
    /// Name of the operation, unique, `snake_case`.
    pub(crate) id: &'static str,
    /// The noun it belongs to.
    pub(crate) tag: &'static str,
    /// A few words.
    pub(crate) summary: &'static str,
    /// What one must know to use it.
    pub(crate) detail: &'static str,
    /// The scope a key needs; `None`: no key is needed.
    pub(crate) scope: Option<&'static str>,
    /// Noes of its own: status, code, when. Those that every endpoint has are added.
    pub(crate) errors: &'static [(u16, &'static str, &'static str)],
}

/// Noes that every endpoint with a key has.
const KEY_ERRORS: &[(u16, &str, &str)] = &[
    (401, "unauthenticated", "There is no key, or it is not valid."),
    (403, "missing_permission", "The key lacks the scope."),
    (429, "rate_limited", "Too many requests; see `Retry-After`."),
    (503, "unavailable", "Away for a moment; send the same request again."),
];

impl Doc {
    /// For `get_with` and its like.
    pub(crate) fn apply(self) -> impl FnOnce(TransformOperation<'_>) -> TransformOperation<'_> {
        move |mut operation| {
            let needs = self
                .scope
                .map(|scope| format!("\n\nNeeds a key with the scope `{scope}`."))
                .unwrap_or_default();
            let text = format!("{}{needs}", self.detail);
            describe_errors(operation.inner_mut(), &self);
            operation =
                operation.id(self.id).tag(self.tag).summary(self.summary).description(text.trim());
            match self.scope {
                Some(_) => operation.security_requirement("key"),
                None => operation,
            }
        }
    }
}

/// One response per status, whose description lists the codes.
fn describe_errors(operation: &mut Operation, doc: &Doc) {
    let common = if doc.scope.is_some() { KEY_ERRORS } else { &[] };
    let mut by_status = std::collections::BTreeMap::<u16, Vec<String>>::new();
    for (status, code, when) in doc.errors.iter().chain(common) {
        by_status.entry(*status).or_default().push(format!("`{code}`: {when}"));
    }
    for (status, lines) in by_status {
        let found = in_context(|ctx| Problem::operation_response(ctx, operation));
        let Some(mut response) = found else { continue };
        response.description = lines.join("\n");
        let responses = operation.responses.get_or_insert_with(Default::default);
        responses.responses.insert(StatusCode::Code(status), ReferenceOr::Item(response));
    }
}

/// Turns a described parameter into a header that may be left out.
pub(crate) fn as_optional_header(parameter: &mut aide::openapi::Parameter) {
    use aide::openapi::{HeaderStyle, Parameter};
    let mut data = parameter.parameter_data_ref().clone();
    data.required = false;
    *parameter = Parameter::Header { parameter_data: data, style: HeaderStyle::Simple };
}

/// Describes an answer that is a file.
pub(crate) fn answers_file<'t>(
    mut operation: TransformOperation<'t>,
    content_type: &str,
    description: &str,
) -> TransformOperation<'t> {
    use aide::openapi::{MediaType, Response};
    let mut response = Response { description: description.to_owned(), ..Response::default() };
    response.content.insert(content_type.to_owned(), MediaType::default());
    let responses = operation.inner_mut().responses.get_or_insert_with(Default::default);
    responses.responses.insert(StatusCode::Code(200), ReferenceOr::Item(response));
    operation
}
