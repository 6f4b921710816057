//! Wire types that several endpoints share. No domain type is written to the wire.

use aide::OperationOutput;
use aide::generate::GenContext;
use aide::openapi::{Operation, Response as ResponseDoc};
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::list::{self, PageRequest};
use tributary_kernel::{FieldError, crockford, limits};
use tributary_money::{Currency, Money, MoneyError};
use tributary_web::Problem;

/// Money as it is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Money")]
pub(crate) struct MoneyOut {
    /// Minor units of the currency: øre, cents, whole yen.
    #[schemars(example = 1_250_000_i64)]
    amount: i64,
    /// ISO 4217.
    #[schemars(example = &"DKK")]
    currency: String,
}

impl From<Money> for MoneyOut {
    fn from(it: Money) -> Self {
        Self { amount: it.minor, currency: it.currency.code().to_owned() }
    }
}

/// Money as it is sent.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MoneyInput")]
pub(crate) struct MoneyIn {
    /// Minor units as a whole number (`1250000`), or major units as a decimal string
    /// (`"12500.00"`). A JSON number with a fraction is refused: many writers don't keep it
    /// exactly.
    amount: AmountIn,
    /// ISO 4217.
    #[schemars(example = &"DKK")]
    currency: String,
}

/// A number or text, not yet understood.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a whole number of minor units, or a decimal string")]
enum AmountIn {
    Minor(#[schemars(with = "i64")] serde_json::Number),
    Decimal(#[schemars(regex(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"))] String),
}

impl MoneyIn {
    /// Understands it; what is wrong is noted under `pointer`.
    pub(crate) fn read(&self, pointer: &str, errors: &mut Vec<FieldError>) -> Option<Money> {
        let currency = currency(&format!("{pointer}/currency"), &self.currency, errors)?;
        let wrong =
            |code, detail: String| FieldError::new(format!("{pointer}/amount"), code, detail);
        match &self.amount {
            AmountIn::Minor(number) => match number.as_i64() {
                Some(minor) => Some(Money::new(minor, currency)),
                None if number.is_f64() => {
                    let detail = "A JSON number with a fraction or an exponent is not accepted as \
                                  an amount: send minor units as a whole number (1250000) or a \
                                  decimal string (\"12500.00\").";
                    errors.push(wrong("amount_fraction", detail.to_owned()));
                    None
                }
                None => {
                    let error = MoneyError::Overflow;
                    errors.push(wrong(error.code(), format!("{error}.")));
                    None
                }
            },
            AmountIn::Decimal(text) => match Money::parse_decimal(text, currency) {
                Ok(money) => Some(money),
                Err(error) => {
                    errors.push(wrong(error.code(), format!("{error}.")));
                    None
                }
            },
        }
    }
}

/// Understands a currency's code; what is wrong is noted.
pub(crate) fn currency(
    pointer: &str,
    code: &str,
    errors: &mut Vec<FieldError>,
) -> Option<Currency> {
    let found = Currency::from_code(code);
    if found.is_none() {
        let error = MoneyError::UnknownCurrency;
        errors.push(FieldError::new(pointer.to_owned(), error.code(), format!("{error}.")));
    }
    found
}

/// Collected mistakes as a problem, if there are any.
pub(crate) fn refuse_if_any(errors: Vec<FieldError>) -> Result<(), Problem> {
    if errors.is_empty() {
        return Ok(());
    }
    Err(tributary_kernel::Refusal::invalid(errors).into())
}

/// One page of a list, newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Page<T> {
    /// The rows.
    items: Vec<T>,
    /// Send this as `cursor` for the next page; null: this was the last.
    next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page of rows as it is answered.
    pub(crate) fn of<U>(page: list::Page<U>, with: impl FnMut(U) -> T) -> Json<Self> {
        let next_cursor = page.next.map(|id| {
            let text = crockford::encode(&id);
            String::from_utf8_lossy(&text).into_owned()
        });
        Json(Self { items: page.items.into_iter().map(with).collect(), next_cursor })
    }
}

/// Which page is asked for.
pub(crate) fn page_of(cursor: Option<&str>, limit: Option<u32>) -> Result<PageRequest, Problem> {
    let mut errors = Vec::new();
    let after = match cursor {
        None => None,
        Some(text) => {
            let after = crockford::decode(text.as_bytes());
            if after.is_none() {
                let detail = "Send a cursor as it came in next_cursor.";
                errors.push(FieldError::new("/cursor", "cursor_malformed", detail));
            }
            after
        }
    };
    let limit = limit.unwrap_or(limits::PAGE_ROWS_DEFAULT);
    if !(1..=limits::PAGE_ROWS_MAX).contains(&limit) {
        let detail = format!("Give 1 to {} rows.", limits::PAGE_ROWS_MAX);
        errors.push(FieldError::new("/limit", "range", detail));
    }
    refuse_if_any(errors)?;
    Ok(PageRequest { limit, after })
}

/// Which page of a list without filters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// The `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// Rows in a page, 1 to 200; usually 50.
    #[serde(default)]
    limit: Option<u32>,
}

impl ListQuery {
    pub(crate) fn page(&self) -> Result<PageRequest, Problem> {
        page_of(self.cursor.as_deref(), self.limit)
    }
}

/// Something that was made (201).
#[derive(Debug, Clone)]
pub(crate) struct Created<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Json(self.0)).into_response()
    }
}

impl<T: JsonSchema> OperationOutput for Created<T> {
    type Inner = T;

    fn operation_response(ctx: &mut GenContext, operation: &mut Operation) -> Option<ResponseDoc> {
        Json::<T>::operation_response(ctx, operation)
    }

    fn inferred_responses(
        ctx: &mut GenContext,
        operation: &mut Operation,
    ) -> Vec<(Option<u16>, ResponseDoc)> {
        Self::operation_response(ctx, operation).into_iter().map(|it| (Some(201), it)).collect()
    }
}

/// A nullable field of a change: absent (leave it), null (take it away) or a value.
pub(crate) fn present<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: serde::Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// A file to be kept: bytes with a type and a name.
pub(crate) fn download(content_type: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let name: String = name.chars().filter(|c| plain(*c)).collect();
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [(CONTENT_TYPE, content_type.to_owned()), (CONTENT_DISPOSITION, disposition)];
    (headers, bytes).into_response()
}
