use std::collections::BTreeMap;

use tributary_directory::{Actor, Permission};
use tributary_kernel::{FieldError, OrganisationId};
use tributary_payout::month_end::{AccountMap, BookedKind};
use tributary_store::engine::Connection;
use tributary_store::month_end::{self, StoredBookkeeping};

use crate::error::refuse_if_any;
use crate::{App, AppError};

/// How an owner's books are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bookkeeping {
    /// The account of the chart for each kind, digits.
    pub accounts: BTreeMap<BookedKind, String>,
    /// Series of its vouchers.
    pub series: String,
    /// First month of the fiscal year, 1 to 12.
    pub year_month: u32,
    /// Number in the register of companies, for the head of the file.
    pub organisation_number: Option<String>,
}

/// A change of it; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct PutBookkeeping {
    /// Accounts by kind.
    pub accounts: BTreeMap<BookedKind, String>,
    /// Series of vouchers, 1 to 10 letters and digits.
    pub series: Option<String>,
    /// First month of the fiscal year.
    pub year_month: Option<u32>,
    /// Number in the register of companies; empty: none.
    pub organisation_number: Option<String>,
}

/// Characters of a series and of a number.
const SERIES_MAX: usize = 10;
const NUMBER_MAX: usize = 20;

impl Default for Bookkeeping {
    /// Accounts of the Swedish standard chart (BAS): one for all that is owed, so that a voucher is
    /// made of cost, debt and payment alone.
    fn default() -> Self {
        let account = |kind: &BookedKind| match kind {
            BookedKind::CommissionCost => "6050",
            BookedKind::PartnerPaid => "1930",
            BookedKind::InputVat => "2641",
            BookedKind::WithheldTax => "2710",
            BookedKind::PartnerPending
            | BookedKind::PartnerApproved
            | BookedKind::PartnerPayable
            | BookedKind::PartnerClawback => "2990",
        };
        Self {
            accounts: BookedKind::ALL.iter().map(|it| (*it, account(it).to_owned())).collect(),
            series: "T".to_owned(),
            year_month: 1,
            organisation_number: None,
        }
    }
}

/// How an owner's books are written; the usual way until somebody said otherwise.
///
/// # Errors
/// Without the right to read.
pub async fn bookkeeping(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
) -> Result<Bookkeeping, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    bookkeeping_in(&mut *conn, owner).await
}

pub(super) async fn bookkeeping_in(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<Bookkeeping, AppError> {
    let Some(it) = month_end::bookkeeping(conn, owner).await? else {
        return Ok(Bookkeeping::default());
    };
    let corrupt = |detail: String| AppError::Corrupt(format!("books of {owner}: {detail}"));
    let texts: BTreeMap<String, String> =
        serde_json::from_str(&it.accounts).map_err(|error| corrupt(error.to_string()))?;
    // Kinds that came later than what was said stand where they usually do.
    let mut accounts = Bookkeeping::default().accounts;
    for (kind, account) in texts {
        let kind = kind.parse().map_err(|_| corrupt(format!("unknown kind {kind}")))?;
        accounts.insert(kind, account);
    }
    Ok(Bookkeeping {
        accounts,
        series: it.series,
        year_month: it.year_month,
        organisation_number: it.organisation_number,
    })
}

/// Says how an owner's books are written.
///
/// # Errors
/// Without the right to pay; one per wrong field: `account_number` at `/accounts/…`, `length`,
/// `range`.
pub async fn put_bookkeeping(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    input: PutBookkeeping,
) -> Result<Bookkeeping, AppError> {
    actor.require(owner, Permission::Pay)?;
    let mut tx = app.record.begin().await?;
    let mut books = bookkeeping_in(&mut *tx, owner).await?;
    let mut errors = Vec::new();
    for (kind, account) in input.accounts {
        let account = account.trim().to_owned();
        let digits = account.bytes().all(|it| it.is_ascii_digit());
        if !digits || !(1..=10).contains(&account.len()) {
            let pointer = format!("/accounts/{kind}");
            let detail = "An account of the chart has 1 to 10 digits.";
            errors.push(FieldError::new(pointer, "account_number", detail));
        }
        books.accounts.insert(kind, account);
    }
    if let Some(series) = input.series {
        books.series = series.trim().to_owned();
        let plain = books.series.bytes().all(|it| it.is_ascii_alphanumeric());
        if !plain || !(1..=SERIES_MAX).contains(&books.series.len()) {
            let detail = format!("Give 1 to {SERIES_MAX} letters and digits.");
            errors.push(FieldError::new("/series", "length", detail));
        }
    }
    if let Some(month) = input.year_month {
        books.year_month = month;
        if !(1..=12).contains(&month) {
            errors.push(FieldError::new("/year_month", "range", "Give a month, 1 to 12."));
        }
    }
    if let Some(number) = input.organisation_number {
        let number = number.trim().to_owned();
        let plain = number.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
        if !plain || number.len() > NUMBER_MAX {
            let detail = format!("Give at most {NUMBER_MAX} digits, letters and hyphens.");
            errors.push(FieldError::new("/organisation_number", "length", detail));
        }
        books.organisation_number = Some(number).filter(|it| !it.is_empty());
    }
    refuse_if_any(errors)?;
    let texts: BTreeMap<&str, &String> =
        books.accounts.iter().map(|(kind, account)| (kind.as_str(), account)).collect();
    let stored = StoredBookkeeping {
        owner,
        accounts: serde_json::to_string(&texts).expect("our types have string keys"),
        series: books.series.clone(),
        year_month: books.year_month,
        organisation_number: books.organisation_number.clone(),
        updated_at: app.now(),
    };
    month_end::put_bookkeeping(&mut *tx, &stored).await?;
    let detail = serde_json::json!({ "accounts": texts, "series": books.series });
    app.audit_in(&mut *tx, owner, actor, "bookkeeping.changed", owner, &detail).await?;
    tx.commit().await?;
    Ok(books)
}

/// Every kind with its account, as vouchers need it.
pub(super) fn map_of(books: &Bookkeeping) -> Result<AccountMap, AppError> {
    AccountMap::new(books.accounts.clone())
        .ok_or_else(|| AppError::Corrupt("an account of the books is no number".to_owned()))
}
