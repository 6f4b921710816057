//! The form in which a reading is kept: what the file says of payouts, and nothing of others.

use serde::{Deserialize, Serialize};
use tributary_kernel::{LocalDate, PayoutId};
use tributary_money::{Currency, Money};
use tributary_payout::bank_reply::{Reason, Told, ToldPayout};
use tributary_store::payout::StoredBankReply;

use super::Effect;
use crate::AppError;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reading {
    pub(super) lines: Vec<ReadLine>,
    pub(super) unknown: Vec<String>,
    pub(super) others: usize,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadLine {
    pub(super) payout: PayoutId,
    told: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    text: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    booked: Option<(i64, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) booked_on: Option<LocalDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reference: Option<String>,
    /// What it did, once it was confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    effect: Option<String>,
}

/// Bytes of the bank's words that are kept.
const WORDS_MAX: usize = 500;

impl ReadLine {
    pub(super) fn new(it: ToldPayout) -> Self {
        let mut line = Self {
            payout: it.payout,
            told: word(&it.told).to_owned(),
            code: None,
            text: Vec::new(),
            booked: None,
            booked_on: it.booked_on,
            reference: it.bank_reference,
            effect: None,
        };
        match it.told {
            Told::Returned(reason) => (line.code, line.text) = (Some(reason.code), reason.text),
            Told::OtherAmount(Some(booked)) => {
                line.booked = Some((booked.minor, booked.currency.code().to_owned()));
            }
            _ => {}
        }
        line
    }

    pub(super) fn told(&self) -> Result<Told, AppError> {
        let unknown = || AppError::Corrupt(format!("a bank's answer says `{}`", self.told));
        Ok(match self.told.as_str() {
            "accepted" => Told::Accepted,
            "paid" => Told::Paid,
            "returned" => Told::Returned(self.reason().ok_or_else(unknown)?),
            "other_amount" => Told::OtherAmount(self.booked()),
            "likely" => Told::Likely,
            "contradiction" => Told::Contradiction,
            _ => return Err(unknown()),
        })
    }

    pub(super) fn reason(&self) -> Option<Reason> {
        Some(Reason { code: self.code.clone()?, text: self.text.clone() })
    }

    fn booked(&self) -> Option<Money> {
        let (minor, code) = self.booked.as_ref()?;
        Some(Money::new(*minor, Currency::from_code(code)?))
    }

    pub(super) fn effect(&self) -> Result<Option<Effect>, AppError> {
        let Some(text) = &self.effect else { return Ok(None) };
        let effect = text.parse();
        effect.map(Some).map_err(|_| AppError::Corrupt(format!("a bank's answer did `{text}`")))
    }

    pub(super) fn did(&mut self, effect: Effect) {
        self.effect = Some(effect.as_str().to_owned());
    }
}

/// The word for what is told, in stored readings and in answers.
pub(super) const fn word(told: &Told) -> &'static str {
    match told {
        Told::Accepted => "accepted",
        Told::Paid => "paid",
        Told::Returned(_) => "returned",
        Told::OtherAmount(_) => "other_amount",
        Told::Likely => "likely",
        Told::Contradiction => "contradiction",
    }
}

/// The bank's words on one line.
pub(super) fn words(reason: &Reason) -> Option<String> {
    let mut text = reason.text.join("; ");
    if text.len() > WORDS_MAX {
        let end = (0..=WORDS_MAX).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
    }
    Some(text).filter(|text| !text.is_empty())
}

impl Reading {
    pub(super) fn of(stored: &StoredBankReply) -> Result<Self, AppError> {
        serde_json::from_str(&stored.reading)
            .map_err(|error| AppError::Corrupt(format!("{}: {error}", stored.id)))
    }

    pub(super) fn to_text(&self) -> String {
        serde_json::to_string(self).expect("our types have string keys")
    }
}
