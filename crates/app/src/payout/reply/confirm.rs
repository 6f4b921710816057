use std::collections::{BTreeMap, BTreeSet, HashMap};

use tributary_directory::{Actor, Permission, Viewer};
use tributary_kernel::{
    BankReplyId, LocalDate, OrganisationId, PayoutId, PayoutRunId, ProgramId, Refusal, Timestamp,
    Zone,
};
use tributary_ledger::Reason as LedgerReason;
use tributary_payout::bank_reply::{Reason, ReasonClass};
use tributary_store::engine::Connection;
use tributary_store::payout::{self, PayoutState, RunState, StoredPayout};

use super::Effect;
use super::read::{BankReply, shown};
use super::reading::{ReadLine, Reading, words};
use crate::books::{Books, lock_head};
use crate::payout::mark_run::pay;
use crate::payout::planned::program_in;
use crate::payout::return_payout::hold_details;
use crate::payout::withdraw::{tell, withdraw};
use crate::{App, AppError};

/// A bank's answer that a person has looked at.
#[derive(Debug, Clone)]
pub struct ConfirmReply {
    /// Whose.
    pub owner: OrganisationId,
    /// Which.
    pub reply: BankReplyId,
    /// Payouts told as `likely` that the person takes as paid.
    pub likely: Vec<PayoutId>,
}

/// Books what a bank's answer says: payments that were executed are paid; those that were refused or
/// came back are approved again, with the bank's reason, and the details they went to wait for a
/// second look where the reason lies with them. Confirmed once, it changes nothing again.
///
/// # Errors
/// Without the right to pay; not found.
pub async fn confirm_reply(
    app: &App,
    actor: &Actor,
    input: ConfirmReply,
) -> Result<BankReply, AppError> {
    actor.require(input.owner, Permission::Pay)?;
    crate::app::with_retries(|| confirm_once(app, actor, &input)).await
}

async fn confirm_once(
    app: &App,
    actor: &Actor,
    input: &ConfirmReply,
) -> Result<BankReply, AppError> {
    let owner = input.owner;
    let mut tx = app.record.begin().await?;
    let head = lock_head(&mut *tx, owner).await?;
    let Some(mut stored) = payout::find_bank_reply(&mut *tx, owner, input.reply).await? else {
        return Err(Refusal::not_found("bank reply").into());
    };
    if stored.confirmed_at.is_some() {
        return shown(&mut *tx, stored).await;
    }
    let mut reading = Reading::of(&stored)?;
    let ids: Vec<PayoutId> = reading.lines.iter().map(|it| it.payout).collect();
    let found = payout::payouts_by_id(&mut *tx, owner, &ids).await?;
    let mut work = Work {
        app,
        actor,
        pen: Books::open(&head, app.now())?,
        payouts: found.into_iter().map(|it| (it.id, it)).collect(),
        zones: HashMap::new(),
        runs: BTreeSet::new(),
    };
    let mut counts: BTreeMap<&'static str, u32> = BTreeMap::new();
    for line in &mut reading.lines {
        let effect = work.apply(&mut *tx, line, input.likely.contains(&line.payout)).await?;
        *counts.entry(effect.as_str()).or_default() += 1;
        line.did(effect);
    }
    let Work { pen, runs, .. } = work;
    for run in runs {
        send_run(&mut *tx, owner, run).await?;
    }
    stored.reading = reading.to_text();
    stored.confirmed_at = Some(app.now());
    stored.confirmed_by = Some(actor.name());
    payout::put_bank_reply(&mut *tx, &stored).await?;
    pen.write_in(&mut *tx).await?;
    let detail = serde_json::json!(counts);
    app.audit_in(&mut *tx, owner, actor, "bank_reply.confirmed", stored.id, &detail).await?;
    let reply = shown(&mut *tx, stored).await?;
    tx.commit().await?;
    Ok(reply)
}

/// What the lines of one file share.
struct Work<'a> {
    app: &'a App,
    actor: &'a Actor,
    pen: Books,
    payouts: HashMap<PayoutId, StoredPayout>,
    zones: HashMap<ProgramId, Zone>,
    /// Runs that the bank turned out to have.
    runs: BTreeSet<PayoutRunId>,
}

impl Work<'_> {
    async fn apply(
        &mut self,
        conn: &mut dyn Connection,
        line: &ReadLine,
        chosen: bool,
    ) -> Result<Effect, AppError> {
        let told = line.told()?;
        let missing = || AppError::Corrupt(format!("{} is missing", line.payout));
        let mut it = self.payouts.remove(&line.payout).ok_or_else(missing)?;
        let effect = Effect::of(&told, it.state, chosen);
        if it.bank.reference.is_none() {
            it.bank.reference.clone_from(&line.reference);
        }
        let at = self.moment(conn, &it, line.booked_on).await?;
        match effect {
            Effect::Sends => {
                it.state = PayoutState::Sent;
                payout::put_payout(conn, &it).await?;
                tell(self.app, &mut self.pen, "payout.sent", &it);
            }
            Effect::Pays => pay(self.app, conn, &mut self.pen, &mut it, at).await?,
            Effect::Returns => self.give_back(conn, &mut it, line.reason(), at).await?,
            Effect::Known | Effect::Look => {}
        }
        if matches!(effect, Effect::Sends | Effect::Pays | Effect::Returns) {
            self.runs.insert(it.run);
        }
        self.payouts.insert(it.id, it);
        Ok(effect)
    }

    async fn give_back(
        &mut self,
        conn: &mut dyn Connection,
        it: &mut StoredPayout,
        reason: Option<Reason>,
        at: Timestamp,
    ) -> Result<(), AppError> {
        let reason = reason.unwrap_or(Reason { code: String::new(), text: Vec::new() });
        it.bank.code = Some(reason.code.clone());
        it.bank.text = words(&reason);
        let (to, why) = (PayoutState::Returned, LedgerReason::BankReturned);
        withdraw(self.app, conn, &mut self.pen, it, to, why, at).await?;
        // A bank that says nothing may well mean the account.
        if reason.holds_details() || reason.class() == ReasonClass::Other {
            hold_details(self.app, conn, self.actor, it).await?;
        }
        Ok(())
    }

    /// When it happened: the beginning of the bank's day, not before the payout's own last step and
    /// not after now. Without a day of the bank's: now.
    async fn moment(
        &mut self,
        conn: &mut dyn Connection,
        it: &StoredPayout,
        booked_on: Option<LocalDate>,
    ) -> Result<Timestamp, AppError> {
        let now = self.app.now();
        let Some(day) = booked_on else { return Ok(now) };
        let start = match self.zones.get(&it.program) {
            Some(zone) => zone.start_of(day),
            None => {
                let (_, zone) = program_in(conn, Viewer::Owner(it.owner), it.program).await?;
                let start = zone.start_of(day);
                self.zones.insert(it.program, zone);
                start
            }
        };
        Ok(start.max(it.paid_at.unwrap_or(it.created_at)).min(now))
    }
}

/// Who answers has the file: the run can be cancelled no more.
async fn send_run(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: PayoutRunId,
) -> Result<(), AppError> {
    let found = payout::find_run(conn, owner, id).await?;
    let mut run = found.ok_or_else(|| AppError::Corrupt(format!("{id} is missing")))?;
    if run.state == RunState::Approved {
        run.state = RunState::Sent;
        payout::put_run(conn, &run).await?;
    }
    Ok(())
}
