//! Either kind of file, and what it says of payouts in the same words.

use std::collections::BTreeSet;

use tributary_kernel::{LocalDate, PayoutId};
use tributary_money::Money;

use super::camt053::{BankStatement, read_statement};
use super::matching::{Matched, match_statement, named_payout};
use super::outcome::{Outcome, outcomes};
use super::pain002::{StatusReport, read_status_report};
use super::xml::ReplyError;
use super::{Reason, SentPayment};
use crate::pain001::payout_of_reference;

/// References that are listed of one file.
pub const UNKNOWN_MAX: usize = 200;

/// A file in which a bank answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// `pain.002`: what becomes of a file of payments.
    Report(StatusReport),
    /// `camt.053`: what was booked on accounts.
    Statements(Vec<BankStatement>),
}

/// What is said of a payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The bank has it.
    Accepted,
    /// It was executed.
    Paid,
    /// It was refused, or came back.
    Returned(Reason),
    /// Another amount than was sent, as far as it is told; for a person.
    OtherAmount(Option<Money>),
    /// A payment without a reference that fits one payout by amount and name; for a person.
    Likely,
    /// Two things at once; for a person.
    Contradiction,
}

/// Of which payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldPayout {
    /// Of which.
    pub payout: PayoutId,
    /// What.
    pub told: Told,
    /// When it was booked.
    pub booked_on: Option<LocalDate>,
    /// The bank's own reference.
    pub bank_reference: Option<String>,
}

impl Reply {
    /// Reads a file of either kind.
    ///
    /// # Errors
    /// When it is neither, see [`ReplyError`].
    pub fn read(bytes: &[u8]) -> Result<Self, ReplyError> {
        match read_status_report(bytes) {
            Ok(report) => return Ok(Self::Report(report)),
            Err(ReplyError::Kind { .. }) => {}
            Err(error) => return Err(error),
        }
        match read_statement(bytes) {
            Ok(statements) => Ok(Self::Statements(statements)),
            Err(ReplyError::Kind { found, .. }) => {
                Err(ReplyError::Kind { found, expected: "that of pain.002.001 or camt.053.001" })
            }
            Err(error) => Err(error),
        }
    }

    /// The bank's id of it.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Report(report) => &report.message_id,
            Self::Statements(statements) => statements.first().map_or("", |it| &it.id),
        }
    }

    /// Every payout that it names by a reference of ours, whoever's it is.
    #[must_use]
    pub fn named(&self) -> BTreeSet<PayoutId> {
        self.references().filter_map(|(_, payout)| payout).collect()
    }

    /// References in our form that name none of the payouts known, at most [`UNKNOWN_MAX`]. Of a
    /// status report every reference is listed, as its file is ours.
    #[must_use]
    pub fn unknown(&self, known: &BTreeSet<PayoutId>) -> Vec<String> {
        let all = matches!(self, Self::Report(_));
        let missing = self.references().filter(|(_, payout)| match payout {
            Some(payout) => !known.contains(payout),
            None => all,
        });
        let texts: BTreeSet<String> = missing.map(|(text, _)| text).collect();
        texts.into_iter().take(UNKNOWN_MAX).collect()
    }

    fn references(&self) -> Box<dyn Iterator<Item = (String, Option<PayoutId>)> + '_> {
        match self {
            Self::Report(report) => Box::new(report.transactions.iter().filter_map(|it| {
                let text = it.end_to_end_id.clone()?;
                let payout = payout_of_reference(&text);
                Some((text, payout))
            })),
            Self::Statements(statements) => {
                let bookings = statements.iter().flat_map(|it| &it.bookings);
                let details = bookings.flat_map(|it| &it.details);
                Box::new(details.filter_map(|it| {
                    let payout = named_payout(it)?;
                    Some((crate::pain001::end_to_end_id(payout), Some(payout)))
                }))
            }
        }
    }

    /// What it says of payments that were sent, in its order, and how many of its bookings were of
    /// something else.
    #[must_use]
    pub fn held_against(&self, sent: &[SentPayment]) -> (Vec<ToldPayout>, usize) {
        match self {
            Self::Report(report) => (of_report(report, sent), 0),
            Self::Statements(statements) => {
                let (mut all, mut others) = (Vec::new(), 0);
                for it in statements {
                    let (found, rest) = match_statement(it, sent);
                    others += rest;
                    all.extend(found.into_iter().map(|it| ToldPayout {
                        payout: it.payout,
                        told: match it.matched {
                            Matched::Paid => Told::Paid,
                            Matched::Returned(reason) => Told::Returned(reason),
                            Matched::OtherAmount { booked } => Told::OtherAmount(Some(booked)),
                            Matched::Likely => Told::Likely,
                        },
                        booked_on: it.booked_on,
                        bank_reference: it.bank_reference,
                    }));
                }
                (all, others)
            }
        }
    }
}

fn of_report(report: &StatusReport, sent: &[SentPayment]) -> Vec<ToldPayout> {
    let told = |outcome: Outcome| match outcome {
        Outcome::Accepted => Some(Told::Accepted),
        Outcome::Executed => Some(Told::Paid),
        Outcome::Rejected(reasons) | Outcome::Cancelled(reasons) => {
            let first = reasons.into_iter().next();
            Some(Told::Returned(first.unwrap_or(Reason { code: String::new(), text: Vec::new() })))
        }
        Outcome::Contradiction("another amount") => Some(Told::OtherAmount(None)),
        Outcome::Contradiction(_) => Some(Told::Contradiction),
        Outcome::Unmentioned => None,
    };
    outcomes(report, sent)
        .into_iter()
        .filter_map(|it| {
            let (payout, bank_reference) = (it.payout, it.bank_reference);
            let told = told(it.outcome)?;
            Some(ToldPayout { payout, told, booked_on: None, bank_reference })
        })
        .collect()
}

/// Which group of a payment file each payout stands in, read from the file as it was made.
///
/// # Errors
/// When it is no such file.
pub fn groups_of(file: &[u8]) -> Result<Vec<(PayoutId, String)>, ReplyError> {
    let (_, root) = super::xml::read(file, crate::pain001::NAMESPACE)?;
    let mut found = Vec::new();
    for group in root.at("CstmrCdtTrfInitn").into_iter().flat_map(|it| it.all("PmtInf")) {
        let Some(id) = group.text_at("PmtInfId") else { continue };
        for payment in group.all("CdtTrfTxInf") {
            let reference = payment.text_at("PmtId/EndToEndId").unwrap_or_default();
            found.extend(payout_of_reference(reference).map(|it| (it, id.to_owned())));
        }
    }
    Ok(found)
}
