use std::collections::{BTreeMap, HashMap};

use tributary_directory::{Actor, Permission};
use tributary_kernel::{
    BankReplyId, LocalDate, OrganisationId, PartnerId, PayoutId, PayoutRunId, ProgramId, Refusal,
    Timestamp,
};
use tributary_money::Money;
use tributary_payout::bank_reply::{Reason, Told};
use tributary_store::engine::Connection;
use tributary_store::list::{Page, PageRequest};
use tributary_store::organisation;
use tributary_store::payout::{self, BankReplyKind, PayoutState, StoredBankReply};

use super::Effect;
use super::reading::{Reading, word};
use crate::{App, AppError};

/// A bank's answer as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankReply {
    /// Its id.
    pub id: BankReplyId,
    /// Which kind of file.
    pub kind: BankReplyKind,
    /// What the person's machine called it.
    pub name: String,
    /// The bank's id of it.
    pub bank_id: String,
    /// When it was given.
    pub created_at: Timestamp,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// What it says of payouts, in its order.
    pub lines: Vec<ReplyLine>,
    /// References in our form that name no payout of this owner.
    pub unknown: Vec<String>,
    /// Bookings of something else.
    pub others: usize,
}

/// What a file says of a payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyLine {
    /// Which.
    pub payout: PayoutId,
    /// Of which run.
    pub run: PayoutRunId,
    /// Of which program.
    pub program: ProgramId,
    /// To whom.
    pub partner: PartnerId,
    /// Their name.
    pub name: String,
    /// How much was sent.
    pub amount: Money,
    /// `accepted`, `paid`, `returned`, `other_amount`, `likely` or `contradiction`.
    pub told: &'static str,
    /// Why it came back.
    pub reason: Option<Reason>,
    /// What was booked, where it is another amount.
    pub booked: Option<Money>,
    /// When it was booked.
    pub booked_on: Option<LocalDate>,
    /// The bank's own reference.
    pub reference: Option<String>,
    /// What it did, or would do now.
    pub effect: Effect,
}

impl BankReply {
    /// Lines with an effect.
    #[must_use]
    pub fn count(&self, effect: Effect) -> usize {
        self.lines.iter().filter(|it| it.effect == effect).count()
    }
}

/// One answer of a bank.
///
/// # Errors
/// Without the right to read; not found.
pub async fn find_reply(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: BankReplyId,
) -> Result<BankReply, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    let Some(found) = payout::find_bank_reply(&mut *conn, owner, id).await? else {
        return Err(Refusal::not_found("bank reply").into());
    };
    shown(&mut *conn, found).await
}

/// An owner's answers of banks, newest first, as they were kept: see [`find_reply`] for their lines.
///
/// # Errors
/// Without the right to read.
pub async fn list_replies(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    page: PageRequest,
) -> Result<Page<StoredBankReply>, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    Ok(payout::list_bank_replies(&mut *conn, owner, page).await?)
}

/// A stored answer with what it did, or would do now.
pub(super) async fn shown(
    conn: &mut dyn Connection,
    stored: StoredBankReply,
) -> Result<BankReply, AppError> {
    let reading = Reading::of(&stored)?;
    let ids: Vec<PayoutId> = reading.lines.iter().map(|it| it.payout).collect();
    let payouts = payout::payouts_by_id(conn, stored.owner, &ids).await?;
    let partners: Vec<PartnerId> = payouts.iter().map(|it| it.partner).collect();
    let partners = organisation::partners(conn, &partners).await?;
    let names: HashMap<PartnerId, String> =
        partners.into_iter().map(|it| (it.id, it.name)).collect();
    let mut states: BTreeMap<PayoutId, PayoutState> =
        payouts.iter().map(|it| (it.id, it.state)).collect();
    let payouts: HashMap<PayoutId, _> = payouts.into_iter().map(|it| (it.id, it)).collect();
    let mut lines = Vec::with_capacity(reading.lines.len());
    for line in &reading.lines {
        let missing = || AppError::Corrupt(format!("{}: {} is missing", stored.id, line.payout));
        let it = payouts.get(&line.payout).ok_or_else(missing)?;
        let state = states.get_mut(&line.payout).ok_or_else(missing)?;
        let told = line.told()?;
        let effect = match line.effect()? {
            Some(had) => had,
            None => {
                let effect = Effect::of(&told, *state, false);
                *state = effect.leads_to(*state);
                effect
            }
        };
        lines.push(ReplyLine {
            payout: it.id,
            run: it.run,
            program: it.program,
            partner: it.partner,
            name: names.get(&it.partner).cloned().unwrap_or_default(),
            amount: it.amount,
            told: word(&told),
            reason: line.reason(),
            booked: match told {
                Told::OtherAmount(booked) => booked,
                _ => None,
            },
            booked_on: line.booked_on,
            reference: line.reference.clone(),
            effect,
        });
    }
    Ok(BankReply {
        id: stored.id,
        kind: stored.kind,
        name: stored.name,
        bank_id: stored.bank_id,
        created_at: stored.created_at,
        confirmed_at: stored.confirmed_at,
        lines,
        unknown: reading.unknown,
        others: reading.others,
    })
}
