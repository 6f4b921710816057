//! Amounts that a person gives a partner, or takes back, with a reason and an author. Each is a
//! commission like others, on a fact of its own that nobody reported: it is paid, taken back and
//! explained in the same ways, and plans, refunds and later decisions have no part in it.
//!
//! What is given waits for approval like other commissions. What is taken is owed back from the
//! beginning (clawback): the next payouts are reduced by it, and it is carried while earnings don't
//! cover it. Nobody is ever asked to pay.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use tributary_attribution::{Journey, credit};
use tributary_directory::{Actor, Mode, Partnership, Permission};
use tributary_kernel::{
    CommissionId, ConversionId, FieldError, InquiryId, OrganisationId, PartnershipId, PlanId,
    Refusal, Timestamp, text_enum,
};
use tributary_ledger::Reason;
use tributary_ledger::movement::{self, AdjustLayer, Owed};
use tributary_money::Money;
use tributary_store::decision::{
    self, CommissionBasis, CommissionState, ConversionStatus, MANUAL_EVENT, MANUAL_RULE,
    StoredCommission, StoredConversion,
};
use tributary_store::engine::Connection;
use tributary_store::partnership;

use super::adjust::Ends;
use super::daily::commission_delta;
use super::details::AMOUNT_MAX;
use super::input::{CONTENT_FORMAT, ReportConversion, canonical};
use super::journey::DecidedJourney;
use super::report::{accrual_of, book_commission, integration_of, tell_booked};
use super::world::{ProgramWorld, programs_in};
use crate::books::{Books, lock_head};
use crate::error::refuse_if_any;
use crate::secrets::sha256;
use crate::{App, AppError, text};

text_enum! {
    /// Why a person gives or takes an amount.
    pub enum ManualReason {
        /// What the plan paid was wrong.
        Correction = "correction",
        /// A fee that was agreed.
        Fee = "fee",
        /// A bonus beside the plan.
        Bonus = "bonus",
        /// For good will.
        GoodWill = "good_will",
        /// An inquiry ended so.
        Inquiry = "inquiry",
        /// Something else; the words say what.
        Other = "other",
    }
}

/// What a commission that a person gave rests on, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManualRecord {
    /// How much; below zero was taken.
    pub amount: Money,
    /// Why.
    pub reason: ManualReason,
    /// In the person's words, for the partner too.
    pub note: String,
    /// Who: an opaque id; none where the reader may not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The conversion that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<ConversionId>,
    /// The inquiry that it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inquiry: Option<InquiryId>,
}

/// An amount to be given.
#[derive(Debug, Clone)]
pub struct GiveAmount {
    /// Who gives it.
    pub owner: OrganisationId,
    /// To whom.
    pub partnership: PartnershipId,
    /// How much, in the program's currency; below zero takes it back.
    pub amount: Money,
    /// Why.
    pub reason: ManualReason,
    /// In words, which the partner reads.
    pub note: String,
    /// The conversion that it is about.
    pub about: Option<ConversionId>,
    /// The caller's own key: the same given twice is given once.
    pub key: Option<String>,
}

/// Gives a partner an amount, or takes one back.
///
/// # Errors
/// Not found; what is wrong with a field; `not_a_partner` where the partner never joined; `no_plan`
/// before the program has one; `amount_differs` when the key came before with another content; a
/// fault.
pub async fn give_amount(
    app: &App,
    actor: &Actor,
    input: &GiveAmount,
) -> Result<StoredCommission, AppError> {
    crate::app::with_retries(|| give_once(app, actor, input, Ends::Kept)).await
}

/// What [`give_amount`] would do; nothing is kept.
///
/// # Errors
/// As [`give_amount`].
pub async fn preview_amount(
    app: &App,
    actor: &Actor,
    input: &GiveAmount,
) -> Result<StoredCommission, AppError> {
    crate::app::with_retries(|| give_once(app, actor, input, Ends::Dropped)).await
}

async fn give_once(
    app: &App,
    actor: &Actor,
    input: &GiveAmount,
    ends: Ends,
) -> Result<StoredCommission, AppError> {
    actor.require(input.owner, Permission::Decide)?;
    check(input)?;
    let mut tx = app.record.begin().await?;
    let head = lock_head(&mut *tx, input.owner).await?;
    let mut pen = Books::open(&head, app.now())?;
    let given = give_amount_in(app, &mut *tx, &mut pen, actor, input, None).await?;
    pen.write_in(&mut *tx).await?;
    if ends == Ends::Kept {
        tx.commit().await?;
    }
    Ok(given)
}

/// What can be said of an amount without looking anything up.
pub(crate) fn check(input: &GiveAmount) -> Result<(), AppError> {
    let mut errors = Vec::new();
    text::words("/note", &input.note, &mut errors);
    if let Some(key) = &input.key {
        text::external_id("/key", key, &mut errors);
    }
    if input.amount.is_zero() {
        let detail = "Give more than zero, or take something back below zero.";
        errors.push(FieldError::new("/amount", "amount_zero", detail));
    } else if input.amount.minor.unsigned_abs() > AMOUNT_MAX.unsigned_abs() {
        let detail = format!("An amount has at most {AMOUNT_MAX} minor units.");
        errors.push(FieldError::new("/amount", "too_large", detail));
    }
    refuse_if_any(errors)
}

/// The same in the caller's transaction, which holds the owner's head and the pen.
pub(crate) async fn give_amount_in(
    app: &App,
    conn: &mut dyn Connection,
    pen: &mut Books,
    actor: &Actor,
    input: &GiveAmount,
    inquiry: Option<InquiryId>,
) -> Result<StoredCommission, AppError> {
    let whose = partnership::by_ids(conn, &[input.partnership]).await?.into_iter().next();
    let whose = whose.filter(|it| it.owner == input.owner);
    let whose = whose.ok_or_else(|| Refusal::not_found("partnership"))?;
    if whose.joined_at.is_none() {
        let detail = "This partner has never joined the program.";
        return Err(Refusal::conflict("not_a_partner", detail).into());
    }
    let wanted = BTreeSet::from([(input.owner, whose.program)]);
    let programs = programs_in(app, conn, &wanted).await?;
    let program = programs
        .get(&whose.program)
        .ok_or_else(|| AppError::Corrupt(format!("{} is missing", whose.program)))?;
    let now = app.now();
    let giving = Giving { app, actor, program, whose: &whose, input, inquiry, now };
    if let Some(known) = giving.known(conn).await? {
        return Ok(known);
    }
    giving.check(conn).await?;
    let (conversion, given) = giving.made(pen.next_booked_seq())?;
    giving.book(pen, &given)?;
    decision::put_conversions(conn, std::slice::from_ref(&conversion)).await?;
    decision::put_commissions(conn, std::slice::from_ref(&given)).await?;
    let delta = commission_delta(&given, given.state, 1);
    decision::add_daily(conn, delta.into_iter().collect()).await?;
    let detail = serde_json::json!({
        "partnership": whose.id, "amount": input.amount, "reason": input.reason,
        "note": input.note.trim(), "about": input.about, "inquiry": inquiry,
    });
    app.audit_in(conn, input.owner, actor, "commission.given", given.id, &detail).await?;
    Ok(given)
}

/// An amount with all that it hangs on.
struct Giving<'a> {
    app: &'a App,
    actor: &'a Actor,
    program: &'a ProgramWorld,
    whose: &'a Partnership,
    input: &'a GiveAmount,
    inquiry: Option<InquiryId>,
    now: Timestamp,
}

impl Giving<'_> {
    /// The same, when it was given before.
    async fn known(&self, conn: &mut dyn Connection) -> Result<Option<StoredCommission>, AppError> {
        let Some(key) = &self.input.key else { return Ok(None) };
        let (owner, program) = (self.input.owner, self.whose.program);
        let place = (owner, program, MANUAL_EVENT.to_owned(), key.trim().to_owned());
        let found = decision::conversions_by_business_key(conn, &[place]).await?.pop();
        let Some(found) = found else { return Ok(None) };
        let known = decision::commissions_of(conn, &[(owner, found.id)]).await?.pop();
        let known =
            known.ok_or_else(|| AppError::Corrupt(format!("{} carries nothing", found.id)))?;
        if (known.partnership, known.amount) != (self.whose.id, self.input.amount) {
            let detail = "This key came before with another amount or partner.";
            return Err(Refusal::conflict("amount_differs", detail).into());
        }
        Ok(Some(known))
    }

    async fn check(&self, conn: &mut dyn Connection) -> Result<(), AppError> {
        let currency = self.program.program.terms.currency;
        if self.input.amount.currency != currency {
            let detail = format!("This program pays in {currency}.");
            return Err(FieldError::new("/amount/currency", "currency_mismatch", detail).into());
        }
        let Some(about) = self.input.about else { return Ok(()) };
        let found = decision::conversions_by_id(conn, &[(self.input.owner, about)]).await?.pop();
        let own = found.is_some_and(|it| it.program == self.whose.program && !it.is_manual());
        if own { Ok(()) } else { Err(Refusal::not_found("conversion").into()) }
    }

    /// The version whose name stands beside it: a commission has one.
    fn plan(&self) -> Result<PlanId, AppError> {
        let version = self.program.version_at(self.now).or(self.program.versions.first());
        let detail = "Publish a plan first.";
        let plan = version.ok_or_else(|| Refusal::conflict("no_plan", detail))?;
        Ok(plan.plan.id())
    }

    /// The fact and what it carries.
    fn made(&self, booked_seq: i64) -> Result<(StoredConversion, StoredCommission), AppError> {
        let (input, now, entropy) = (self.input, self.now, &*self.app.entropy);
        let (owner, program) = (input.owner, self.whose.program);
        let test = self.program.program.mode == Mode::Test;
        let id = CommissionId::new(now, entropy);
        let taken = input.amount.is_negative();
        let key = input.key.as_ref().map_or_else(|| id.to_string(), |key| key.trim().to_owned());
        let given = canonical(&ReportConversion {
            program: Some(program),
            kind: MANUAL_EVENT.to_owned(),
            order_id: key.clone(),
            occurred_at: Some(now),
            ..ReportConversion::default()
        });
        let conversion = StoredConversion {
            id: ConversionId::new(now, entropy),
            owner,
            program,
            kind: MANUAL_EVENT.to_owned(),
            business_key: key,
            integration: integration_of(self.actor),
            occurred_at: now,
            received_at: now,
            booked_seq,
            amount: Money::zero(input.amount.currency),
            net_amount: None,
            quantity: 1,
            returned_amount: 0,
            customer: None,
            click: None,
            coupon: None,
            status: match taken {
                true => ConversionStatus::Approved,
                false => ConversionStatus::Pending,
            },
            content_format: CONTENT_FORMAT,
            content_hash: sha256(given.as_bytes()),
            given,
            journey: self.nobody()?.to_json(),
            test,
        };
        let record = ManualRecord {
            amount: input.amount,
            reason: input.reason,
            note: input.note.trim().to_owned(),
            author: Some(self.actor.name()),
            about: input.about,
            inquiry: self.inquiry,
        };
        let commission = StoredCommission {
            id,
            owner,
            conversion: conversion.id,
            program,
            partnership: self.whose.id,
            partner: self.whose.partner,
            link: None,
            plan: self.plan()?,
            rule: MANUAL_RULE.to_owned(),
            state: match taken {
                true => CommissionState::Approved,
                false => CommissionState::Pending,
            },
            amount: input.amount,
            reversed_amount: 0,
            // Somebody has looked already: nothing is waited for but the approval.
            due_at: now,
            occurred_at: now,
            local_day: self.program.zone.date(now),
            event: MANUAL_EVENT.to_owned(),
            booked_seq,
            created_at: now,
            record: serde_json::to_string(&record).expect("our types have string keys"),
            reason: None,
            payout: None,
            test,
            basis: Some(CommissionBasis::Manual),
            source: None,
        };
        Ok((conversion, commission))
    }

    /// No touch leads to what a person gave.
    fn nobody(&self) -> Result<DecidedJourney, AppError> {
        let journey = Journey::new(Vec::new());
        let event = MANUAL_EVENT.parse().map_err(|error| AppError::Corrupt(format!("{error}")))?;
        let policy = self.program.policy_for(&event, self.now, &journey);
        let attribution = credit(&journey, self.now, &policy, &self.program.zone);
        Ok(DecidedJourney::of_nobody(journey, attribution, policy))
    }

    fn book(&self, pen: &mut Books, it: &StoredCommission) -> Result<(), AppError> {
        if !it.amount.is_negative() {
            return book_commission(self.app, pen, it);
        }
        if !it.test {
            let amount = Money::new(-it.amount.minor, it.amount.currency);
            let owed = Owed { program: it.program, partner: it.partner, amount };
            let reason = match self.input.reason {
                ManualReason::Correction => Reason::Correction,
                _ => Reason::Other,
            };
            pen.book(accrual_of(it.id), it.occurred_at, |booking| {
                let layer = AdjustLayer::Clawback;
                movement::adjust_down(booking, it.id.into(), owed, layer, reason)
            })?;
        }
        tell_booked(self.app, pen, it);
        Ok(())
    }
}
