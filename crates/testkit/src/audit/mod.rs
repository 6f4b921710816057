//! The independent auditor: reads plan documents and what has happened, in the order of booking,
//! and says what every conversion should have earned whom. It is written from
//! `docs/commission.md`, in numbers and code of its own; nothing of the engine is used. What it
//! does not know it refuses, so that nothing of a plan is passed over.

mod amount;
mod books;
mod calendar;
mod leave;
mod rule;
mod totals;

use std::collections::BTreeMap;

use serde_json::Value;

use books::Books;
use rule::Plan;

/// A partner as conditions see it.
#[derive(Debug, Clone, Default)]
pub struct AuditedPartner {
    /// The manager's group.
    pub group: Option<String>,
    /// The manager's tags.
    pub tags: Vec<String>,
}

/// A conversion as it was booked.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Its id.
    pub id: [u8; 16],
    /// The event.
    pub event: String,
    /// When it occurred, in microseconds.
    pub at: i64,
    /// The day of that in the program's zone, from 1970.
    pub day: i32,
    /// Whether it is a payment; otherwise it is a lead.
    pub payment: bool,
    /// What the customer paid; none where there is no amount.
    pub gross: Option<i128>,
    /// The same without tax, shipping and discount.
    pub net: Option<i128>,
    /// Pieces.
    pub quantity: i128,
    /// The customer.
    pub customer: Option<String>,
    /// The customer's country.
    pub country: Option<String>,
    /// The partner that is credited with all of it.
    pub partner: Option<String>,
}

/// What happened, in the order of booking.
#[derive(Debug, Clone)]
pub enum Happened {
    /// A conversion was decided.
    Booked(Box<Fact>),
    /// A part of its gross amount was given back; of one without an amount, all.
    GivenBack([u8; 16], i128),
    /// A person declined what it earned by its rules, while that was pending.
    Declined([u8; 16]),
    /// Its customer left on a day, from 1970.
    Left([u8; 16], i32),
}

/// What an amount is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// What a rule pays.
    Rule,
    /// What a step of retroactive tiers added to it.
    Tier,
    /// For reaching something.
    Bonus,
}

/// What is owed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owed {
    /// For which conversion.
    pub conversion: [u8; 16],
    /// To whom.
    pub partner: String,
    /// By which rule, or for which bonus.
    pub rule: String,
    /// What for.
    pub sort: Sort,
    /// How much, minor units.
    pub amount: i128,
    /// What was taken back of it.
    pub back: i128,
}

/// Recomputes everything that happened. Plans are versions with the moment from which they hold,
/// oldest first.
///
/// # Errors
/// What the auditor does not know, or what contradicts itself.
pub fn audit(
    plans: &[(i64, Value)],
    partners: &BTreeMap<String, AuditedPartner>,
    happened: &[Happened],
) -> Result<Vec<Owed>, String> {
    let mut books = Books::new(partners);
    for (from, document) in plans {
        books.plans.push((*from, Plan::read(document)?));
    }
    for it in happened {
        match it {
            Happened::Booked(fact) => books.book(fact)?,
            Happened::GivenBack(id, amount) => books.give_back(*id, *amount)?,
            Happened::Declined(id) => books.decline(*id)?,
            Happened::Left(id, day) => books.leave(*id, *day)?,
        }
    }
    books.caps_hold()?;
    let mut owed = Vec::new();
    for line in books.lines {
        owed.extend(line.owed());
    }
    owed.sort();
    Ok(owed)
}

/// A counter: its name, whose it is, the first day of its period (`i32::MIN`: for ever).
type Key = (String, String, i32);
