use tributary_money::Money;

use super::sample::{AWKWARD, dkk};
use crate::page::view;
use crate::parts::{Choice, Field};
use crate::{Frame, ManagerAccess};

/// What a change of a conversion means for one partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdjustLine {
    /// Who.
    pub partner: String,
    /// Owed or paid before.
    pub was: Money,
    /// Afterwards.
    pub is: Money,
}

/// What is done to a conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdjustAct {
    /// Money is given back.
    Refund,
    /// Its amount is put right.
    Correct,
    /// Its customer has left.
    Depart,
}

impl AdjustAct {
    /// The last part of its page's path.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Refund => "refund",
            Self::Correct => "correct",
            Self::Depart => "departure",
        }
    }

    /// Key of its name.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Refund => "refund",
            Self::Correct => "correct",
            Self::Depart => "depart",
        }
    }

    const fn effect_key(self) -> &'static str {
        match self {
            Self::Refund => "refund-effect",
            Self::Correct => "correct-effect",
            Self::Depart => "depart-effect",
        }
    }

    const fn go_key(self) -> &'static str {
        match self {
            Self::Refund => "refund-go",
            Self::Correct => "correct-go",
            Self::Depart => "depart-go",
        }
    }

    const fn reference_key(self) -> &'static str {
        match self {
            Self::Refund => "field-refund-reference",
            Self::Correct => "field-correct-reference",
            Self::Depart => "field-depart-reference",
        }
    }
}

/// A conversion's amount given back or put right, or its customer's departure: first the form, then what it will do in numbers.
#[derive(Debug, Clone)]
pub struct ConversionAdjust {
    /// The conversion.
    pub id: String,
    /// Kind and reference, as the program names it.
    pub what: String,
    /// Its value; none for events without one.
    pub value: Option<Money>,
    /// What is done to it.
    pub act: AdjustAct,
    /// What is left to give back.
    pub rest: Option<Money>,
    /// How much: given back, or the right amount.
    pub amount: Field,
    /// The right amount without tax and shipping.
    pub net_amount: Field,
    /// `refund` or `chargeback`.
    pub kind: Field,
    /// The day on which the customer left.
    pub left_on: Field,
    /// The program's own number of it.
    pub reference: Field,
    /// Makes the form one fact, however often it is sent.
    pub once: String,
    /// The value as it will be, and what changes for whom; none: nothing was looked through yet.
    pub preview: Option<(Money, Vec<AdjustLine>)>,
    /// In which currency amounts are typed.
    pub currency: &'static str,
}

impl ConversionAdjust {
    fn kinds(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        vec![
            Choice::new("refund", page.t("decline-refund")),
            Choice::new("chargeback", page.t("decline-chargeback")),
        ]
    }

    fn sample_views() -> Vec<Self> {
        let asks = Self {
            id: "conv_9".to_owned(),
            what: "Salg #1009".to_owned(),
            value: Some(dkk(1_250_000)),
            act: AdjustAct::Refund,
            rest: Some(dkk(1_250_000)),
            amount: Field::of("12500.00"),
            net_amount: Field::default(),
            kind: Field::of("refund"),
            left_on: Field::of("2026-11-21"),
            reference: Field::default(),
            once: "x1".to_owned(),
            preview: None,
            currency: "DKK",
        };
        let wrong = Self { amount: Field::wrong("13000", "exceeds_rest"), ..asks.clone() };
        let line = |partner: &str, was, is| AdjustLine {
            partner: partner.to_owned(),
            was: dkk(was),
            is: dkk(is),
        };
        let lines = vec![line("Anna Holm", 187_500, 93_750), line(AWKWARD, 50_000, 25_000)];
        let sure = Self {
            amount: Field::of("6250.00"),
            preview: Some((dkk(625_000), lines.clone())),
            ..asks.clone()
        };
        let right = Self {
            act: AdjustAct::Correct,
            amount: Field::of("10000.00"),
            net_amount: Field::of("8000.00"),
            ..asks.clone()
        };
        let right_sure = Self { preview: Some((dkk(1_000_000), lines)), ..right.clone() };
        let left = Self { act: AdjustAct::Depart, ..asks.clone() };
        let taken = vec![line("Anna Holm", 187_500, 46_875)];
        let left_sure = Self { preview: Some((dkk(1_250_000), taken)), ..left.clone() };
        vec![asks, wrong, sure, right, right_sure, left, left_sure]
    }
}

view!(ConversionAdjust, "conversion-adjust", ManagerAccess, "pages/conversion_adjust.html", section: ManagerSection::Conversions);
