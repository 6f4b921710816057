use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{Extensions, Method};
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::conversion::{ReportConversion, ReportOutcome, ReportedDetails};
use tributary_directory::{Actor, Scope};
use tributary_kernel::{FieldError, KeyId, ProgramId, Refusal, Timestamp};
use tributary_money::Money;
use tributary_web::{
    Context, Problem, QueryOf, authenticate, may_try, parse_pairs, strict_pairs,
    within_address_rate, within_rate,
};

use super::signature::signer;
use crate::ApiState;
use crate::wire::{currency, refuse_if_any};

/// What of a parameter's name is told in a header.
pub(super) const FIELD_BYTES_MAX: usize = 64;

/// A conversion as parameters. An empty one counts as left out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Parameters {
    /// Of which program.
    program: ProgramId,
    /// `sale`, `lead`, … or the program's own word.
    #[serde(rename = "type")]
    kind: String,
    /// The order, invoice or lead id: one fact for ever.
    order_id: String,
    /// Gross amount in major units: `12500.00`.
    #[serde(default)]
    amount: Option<String>,
    /// Its currency, ISO 4217.
    #[serde(default)]
    currency: Option<String>,
    /// The same without tax and shipping, in major units of the same currency: for plans that pay
    /// of net.
    #[serde(default)]
    net_amount: Option<String>,
    /// What you earn by it, likewise; below zero at a loss.
    #[serde(default)]
    margin: Option<String>,
    /// What the customer is bound to pay in the first year, likewise.
    #[serde(default)]
    first_year: Option<String>,
    /// The grade of a lead.
    #[serde(default)]
    grade: Option<String>,
    /// Your own id of the customer's company.
    #[serde(default)]
    company_id: Option<String>,
    /// The company's number in a register, its country's two letters first.
    #[serde(default)]
    company_number: Option<String>,
    /// The company's domain.
    #[serde(default)]
    company_domain: Option<String>,
    /// The customer's country, ISO 3166-1 alpha-2.
    #[serde(default)]
    customer_country: Option<String>,
    /// The click it followed.
    #[serde(default)]
    click_id: Option<String>,
    /// The partner's code that was used.
    #[serde(default)]
    code: Option<String>,
    /// Your own id of the customer; no mail address.
    #[serde(default)]
    customer_id: Option<String>,
    /// The partner's referral code.
    #[serde(default)]
    via: Option<String>,
    /// Items.
    #[serde(default)]
    quantity: Option<u32>,
    /// When it happened, RFC 3339; left out: now.
    #[serde(default)]
    occurred_at: Option<Timestamp>,
    /// A key with the scope `postback` and no other.
    #[serde(default)]
    token: Option<String>,
    /// In place of a token: the id of the key that signed.
    #[serde(default)]
    key: Option<KeyId>,
    /// When it was signed, seconds since 1970.
    #[serde(default)]
    ts: Option<i64>,
    /// The signature, hexadecimal.
    #[serde(default)]
    sig: Option<String>,
    /// Anything; ignored, for addresses that must differ.
    #[serde(default)]
    #[expect(dead_code, reason = "ignored on purpose")]
    cb: Option<String>,
}

/// A request of the postback or image, not yet read.
#[derive(Debug)]
pub(super) struct Asked {
    query: String,
    context: Option<Context>,
    is_head: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let context = context_of(&parts.extensions);
        Ok(Self { query, context, is_head: parts.method == Method::HEAD })
    }
}

fn context_of(extensions: &Extensions) -> Option<Context> {
    extensions.get::<Context>().cloned()
}

impl OperationInput for Asked {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        <QueryOf<Parameters> as OperationInput>::operation_input(ctx, operation);
    }
}

/// What became of a request.
#[derive(Debug)]
pub(super) enum Answer {
    /// It was reported.
    Reported(ReportOutcome),
    /// It asked for headers alone, and nothing was done.
    Nothing,
}

/// Reports what a request says.
pub(super) async fn report(state: &ApiState, asked: Asked) -> Result<Answer, Problem> {
    if asked.is_head {
        return Ok(Answer::Nothing);
    }
    may_try(state.web(), asked.context.as_ref())?;
    let signed = strict_pairs(&asked.query).map_err(Problem::malformed)?;
    let parameters = Parameters::of(&signed)?;
    let actor = actor(state, asked.context.as_ref(), &parameters, &signed).await?;
    let report = parameters.read()?;
    let outcome = state.reporter().report(&actor, vec![report]).await?.pop();
    match outcome {
        Some(ReportOutcome::Refused(refusal)) => Err(flat(refusal).into()),
        Some(ReportOutcome::Failed(fault)) => Err(fault.into()),
        Some(outcome) => Ok(Answer::Reported(outcome)),
        None => {
            let detail = "a report has no outcome".to_owned();
            Err(tributary_app::AppError::Corrupt(detail).into())
        }
    }
}

async fn actor(
    state: &ApiState,
    context: Option<&Context>,
    parameters: &Parameters,
    pairs: &[(String, String)],
) -> Result<Actor, Problem> {
    if let Some(token) = &parameters.token {
        let actor = authenticate(state.web(), context, token).await?;
        if !matches!(&actor, Actor::Key { scopes, .. } if scopes.as_slice() == [Scope::Postback]) {
            let detail = "A token stands in an address, so it must be a key with the scope \
                          postback alone. This one can do more: end it, and make another.";
            return Err(Refusal::forbidden("token_too_strong", detail).into());
        }
        return Ok(actor);
    }
    let (Some(key), Some(ts), Some(sig)) = (parameters.key, parameters.ts, &parameters.sig) else {
        within_address_rate(state.web(), context)?;
        let detail = "Send token, or key, ts and sig.";
        return Err(Problem::new(
            tributary_web::ProblemKind::Unauthenticated,
            "unauthenticated",
            detail,
        ));
    };
    match signer(state, parameters.program, (key, ts, sig), pairs).await {
        Ok(actor) => {
            within_rate(state.web(), context, &actor)?;
            Ok(actor)
        }
        Err(problem) => {
            if problem.fault().is_none()
                && let Some(context) = context
            {
                state.web().failures().take(context.address, state.app().now());
            }
            Err(problem)
        }
    }
}

/// What decoded parameters report, whoever sends them.
pub(super) fn read_query(pairs: &[(String, String)]) -> Result<ReportConversion, Problem> {
    Parameters::of(pairs)?.read()
}

impl Parameters {
    fn of(pairs: &[(String, String)]) -> Result<Self, Problem> {
        let given: Vec<_> = pairs.iter().filter(|(_, value)| !value.is_empty()).cloned().collect();
        parse_pairs(&given)
    }

    fn read(self) -> Result<ReportConversion, Problem> {
        let mut errors = Vec::new();
        let code = self.currency.as_deref();
        let amount = read_amount(self.amount.as_deref(), code, &mut errors);
        let mut more = |pointer, text: Option<&str>| {
            text.and_then(|text| read_more(pointer, text, code, &mut errors))
        };
        let net_amount = more("/net_amount", self.net_amount.as_deref());
        let details = ReportedDetails {
            margin: more("/margin", self.margin.as_deref()),
            first_year: more("/first_year", self.first_year.as_deref()),
            grade: self.grade,
            company_id: self.company_id,
            company_number: self.company_number,
            company_domain: self.company_domain,
            customer_country: self.customer_country,
            ..ReportedDetails::default()
        };
        refuse_if_any(errors)?;
        Ok(ReportConversion {
            details: (!details.is_empty()).then(|| Box::new(details)),
            program: Some(self.program),
            kind: self.kind,
            order_id: self.order_id,
            occurred_at: self.occurred_at,
            amount,
            net_amount,
            quantity: self.quantity,
            click_id: self.click_id,
            code: self.code,
            customer_id: self.customer_id,
            mail_key: None,
            lead: None,
            partner: None,
            via: self.via,
            delivery_key: None,
        })
    }
}

fn read_amount(
    amount: Option<&str>,
    code: Option<&str>,
    errors: &mut Vec<FieldError>,
) -> Option<Money> {
    let required = |pointer| FieldError::new(pointer, "required", "Send amount and currency.");
    match (amount, code) {
        (None, None) => None,
        (None, Some(_)) => {
            errors.push(required("/amount"));
            None
        }
        (Some(_), None) => {
            errors.push(required("/currency"));
            None
        }
        (Some(amount), Some(code)) => {
            let currency = currency("/currency", code, errors)?;
            let parsed = Money::parse_decimal(amount, currency);
            if let Err(error) = parsed {
                errors.push(FieldError::new("/amount", error.code(), format!("{error}.")));
            }
            parsed.ok()
        }
    }
}

/// Another amount in the currency of the first.
fn read_more(
    pointer: &'static str,
    amount: &str,
    code: Option<&str>,
    errors: &mut Vec<FieldError>,
) -> Option<Money> {
    let Some(code) = code else {
        errors.push(FieldError::new("/currency", "required", "Send the currency of the amounts."));
        return None;
    };
    // A currency that is none was told with the amount.
    let currency = code.parse().ok()?;
    match Money::parse_decimal(amount, currency) {
        Ok(money) => Some(money),
        Err(error) => {
            errors.push(FieldError::new(pointer, error.code(), format!("{error}.")));
            None
        }
    }
}

/// Pointers to parameters, which have no levels.
fn flat(mut refusal: Refusal) -> Refusal {
    for error in &mut refusal.errors {
        if error.pointer.ends_with("/currency") {
            error.pointer = "/currency".into();
        }
    }
    refusal
}

/// What became of a request, as the header `Tributary-Result` says it.
pub(super) fn result_text(answer: &Result<Answer, Problem>) -> String {
    match answer {
        Ok(Answer::Nothing) => "nothing".to_owned(),
        Ok(Answer::Reported(ReportOutcome::Applied(id))) => format!("applied; conversion={id}"),
        Ok(Answer::Reported(ReportOutcome::Duplicate(id))) => {
            format!("duplicate; conversion={id}")
        }
        Ok(Answer::Reported(ReportOutcome::Quarantined { id, reason })) => {
            format!("quarantined; quarantine={id}; reason={reason}")
        }
        Ok(Answer::Reported(ReportOutcome::Refused(refusal))) => {
            format!("refused; reason={}", refusal.code)
        }
        Ok(Answer::Reported(ReportOutcome::Failed(_))) => "failed".to_owned(),
        Err(problem) => match problem.errors().first() {
            Some(error) => {
                // A parameter's name is the caller's text; only plain ones go into a header.
                let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-');
                let field = error.pointer.chars().filter(|c| plain(*c)).take(FIELD_BYTES_MAX);
                let field: String = field.collect();
                format!("refused; field={field}; reason={}", error.code)
            }
            None => format!("refused; reason={}", problem.code()),
        },
    }
}
