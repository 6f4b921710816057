use std::collections::{BTreeMap, HashMap};

use tributary_directory::{Actor, Permission};
use tributary_i18n::{Arg, Language, Texts};
use tributary_kernel::{FieldError, LocalDate, OrganisationId, ProgramId};
use tributary_ledger::{AccountKind, Transfer, TransferKind};
use tributary_money::{Currency, Money};
use tributary_payout::month_end::{
    BookedKind, BookedTransfer, SieHead, Voucher, fiscal_year, vouchers, vouchers_csv, write_sie,
};
use tributary_store::organisation;

use super::accounts::{Bookkeeping, bookkeeping_in, map_of};
use super::books::{Calendar, Pages};
use crate::error::refuse_if_any;
use crate::{App, AppError};

/// Days of one export.
const EXPORT_DAYS_MAX: i32 = 366;

tributary_kernel::text_enum! {
    /// How vouchers are written.
    pub enum ExportFormat {
        /// Comma-separated, with every currency.
        Csv = "csv",
        /// SIE 4, import file, of one currency.
        Sie = "sie",
    }
}

/// Vouchers asked for.
#[derive(Debug, Clone)]
pub struct ExportVouchers {
    /// Whose.
    pub owner: OrganisationId,
    /// First day.
    pub from: LocalDate,
    /// Last day.
    pub through: LocalDate,
    /// How they are written.
    pub format: ExportFormat,
    /// In which currency; SIE needs one when there are several.
    pub currency: Option<Currency>,
    /// In which language vouchers say what they are; English otherwise.
    pub language: Option<String>,
}

/// A file of vouchers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Its name.
    pub name: String,
    /// Its type.
    pub media_type: &'static str,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// The vouchers of a period: one per day, currency, program and kind of event, balanced. A period
/// that is closed gives the same vouchers for ever.
///
/// # Errors
/// Without the right to read; `range` at `/from` or `/through`; `language_unknown`;
/// `currency_needed` at `/currency` for SIE of several currencies; `fiscal_year` at `/from` for SIE
/// of days in two fiscal years.
pub async fn export_vouchers(
    app: &App,
    actor: &Actor,
    input: ExportVouchers,
) -> Result<Exported, AppError> {
    let owner = input.owner;
    actor.require(owner, Permission::Read)?;
    let language = check(&input)?;
    let mut conn = app.record.read().await?;
    let calendar = Calendar::load(&mut *conn, owner).await?;
    let books = bookkeeping_in(&mut *conn, owner).await?;
    let texts = texts_of(&calendar, language);
    let mut booked = Vec::new();
    let mut pages = Pages::of(owner);
    while let Some(page) = pages.next(&mut *conn).await? {
        for it in &page {
            let day = calendar.day_of(it)?;
            if (input.from..=input.through).contains(&day) {
                booked.push(booked_transfer(it, day, &texts)?);
            }
        }
    }
    booked.retain(|it: &BookedTransfer| {
        let currency = it.sides.first().map(|(_, amount)| amount.currency);
        input.currency.is_none() || currency == input.currency
    });
    let made = vouchers(&booked, &map_of(&books)?)
        .map_err(|error| AppError::Corrupt(format!("vouchers of {owner}: {error}")))?;
    let name = format!("vouchers-{}-{}", input.from, input.through);
    match input.format {
        ExportFormat::Csv => Ok(Exported {
            name: format!("{name}.csv"),
            media_type: "text/csv; charset=utf-8",
            content: vouchers_csv(&made),
        }),
        ExportFormat::Sie => {
            let company = organisation::find(&mut *conn, owner).await?;
            let company =
                company.ok_or_else(|| AppError::Corrupt(format!("{owner} is missing")))?;
            let currency = one_currency(&input, &made, &calendar)?;
            let head = SieHead {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                made_on: calendar.earliest_today(app.now()),
                company: company.name,
                organisation_number: books.organisation_number.clone(),
                year: fiscal_year(books.year_month, input.from),
                currency,
                series: books.series.clone(),
                accounts: names_of(&books, language),
            };
            if input.through > head.year.1 {
                let detail = format!("One file is of one fiscal year, which ends {}.", head.year.1);
                return Err(FieldError::new("/through", "fiscal_year", detail).into());
            }
            let content = write_sie(&head, &made)
                .map_err(|error| AppError::Corrupt(format!("vouchers of {owner}: {error}")))?;
            let name = format!("{name}-{currency}.se");
            Ok(Exported { name, media_type: "application/octet-stream", content })
        }
    }
}

fn check(input: &ExportVouchers) -> Result<Language, AppError> {
    let mut errors = Vec::new();
    if input.through < input.from {
        let detail = "The last day is before the first.";
        errors.push(FieldError::new("/through", "range", detail));
    } else if input.through.as_days() - input.from.as_days() >= EXPORT_DAYS_MAX {
        let detail = format!("Ask for at most {EXPORT_DAYS_MAX} days.");
        errors.push(FieldError::new("/from", "range", detail));
    }
    let code = input.language.as_deref().unwrap_or("en");
    let language = code.parse::<Language>().ok();
    if language.is_none() {
        let detail = "Give en, da, sv or id.";
        errors.push(FieldError::new("/language", "language_unknown", detail));
    }
    refuse_if_any(errors)?;
    Ok(language.unwrap_or(Language::En))
}

/// The currency of a SIE file: the one asked for, the only one there is, or, of an empty period,
/// that of the programs when they have one.
fn one_currency(
    input: &ExportVouchers,
    made: &[Voucher],
    calendar: &Calendar,
) -> Result<Currency, AppError> {
    if let Some(currency) = input.currency {
        return Ok(currency);
    }
    let mut found: Vec<Currency> = made.iter().map(|it| it.currency).collect();
    if found.is_empty() {
        found = calendar.programs.values().map(|(it, _)| it.terms.currency).collect();
    }
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [one] => Ok(*one),
        _ => {
            let detail = "There are several currencies, and one file is of one: say which.";
            Err(FieldError::new("/currency", "currency_needed", detail).into())
        }
    }
}

/// What vouchers of a program say, by kind of event.
type VoucherTexts = HashMap<(ProgramId, &'static str), String>;

const EVENTS: [&str; 8] = [
    "voucher-earned",
    "voucher-approved",
    "voucher-taken-back",
    "voucher-released",
    "voucher-paid",
    "voucher-returned",
    "voucher-vat",
    "voucher-withheld",
];

const fn event(kind: TransferKind) -> &'static str {
    match kind {
        TransferKind::Accrue | TransferKind::AdjustUp => EVENTS[0],
        TransferKind::Approve | TransferKind::Unapprove => EVENTS[1],
        TransferKind::Decline
        | TransferKind::ReverseApproved
        | TransferKind::ReversePayable
        | TransferKind::ClawBack
        | TransferKind::AdjustDown => EVENTS[2],
        TransferKind::Release | TransferKind::Withdraw => EVENTS[3],
        TransferKind::Pay => EVENTS[4],
        TransferKind::PaymentReturned => EVENTS[5],
        TransferKind::AddVat | TransferKind::TakeVat => EVENTS[6],
        TransferKind::Withhold | TransferKind::ReturnWithheld => EVENTS[7],
    }
}

fn texts_of(calendar: &Calendar, language: Language) -> VoucherTexts {
    let mut texts = HashMap::new();
    for (id, (program, _)) in &calendar.programs {
        for key in EVENTS {
            let name = Arg::Text(program.terms.name.as_str().into());
            texts.insert((*id, key), Texts::get(language, key, &[("program", name)]));
        }
    }
    texts
}

/// Names of the accounts: what is booked on them.
fn names_of(books: &Bookkeeping, language: Language) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (kind, account) in &books.accounts {
        let key = match kind {
            BookedKind::CommissionCost => "account-commission-cost",
            BookedKind::PartnerPaid => "account-partner-paid",
            BookedKind::PartnerClawback => "account-partner-clawback",
            BookedKind::InputVat => "account-input-vat",
            BookedKind::WithheldTax => "account-withheld-tax",
            BookedKind::PartnerPending
            | BookedKind::PartnerApproved
            | BookedKind::PartnerPayable => "account-partner-owed",
        };
        let name = Texts::get(language, key, &[]);
        let known = names.entry(account.clone()).or_default();
        if !known.contains(&name) {
            known.push(name);
        }
    }
    names.into_iter().map(|(account, names)| (account, names.join(", "))).collect()
}

fn booked_transfer(
    it: &Transfer,
    on: LocalDate,
    texts: &VoucherTexts,
) -> Result<BookedTransfer, AppError> {
    let program = it.postings.iter().find_map(|posting| posting.account.program);
    let text = program.and_then(|program| texts.get(&(program, event(it.kind))));
    let text = text.ok_or_else(|| AppError::Corrupt(format!("{} has no program", it.id)))?;
    let sides = it.postings.iter().map(|posting| {
        let amount = Money::new(posting.amount, posting.account.currency);
        (booked_kind(posting.account.kind), amount)
    });
    Ok(BookedTransfer { transfer: it.id, on, text: text.clone(), sides: sides.collect() })
}

const fn booked_kind(kind: AccountKind) -> BookedKind {
    match kind {
        AccountKind::CommissionCost => BookedKind::CommissionCost,
        AccountKind::PartnerPending => BookedKind::PartnerPending,
        AccountKind::PartnerApproved => BookedKind::PartnerApproved,
        AccountKind::PartnerPayable => BookedKind::PartnerPayable,
        AccountKind::PartnerPaid => BookedKind::PartnerPaid,
        AccountKind::PartnerClawback => BookedKind::PartnerClawback,
        AccountKind::InputVat => BookedKind::InputVat,
        AccountKind::WithheldTax => BookedKind::WithheldTax,
    }
}
