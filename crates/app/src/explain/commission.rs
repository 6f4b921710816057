use tributary_commission::{
    AdjustmentRecord, AwardRecord, Clawback, CommissionRecord, CompiledPlan, Explanation,
    HoldFacts, Measure, Period, Reward, explain,
};
use tributary_directory::{Actor, Viewer};
use tributary_kernel::{CommissionId, LocalDate, PayoutId, Refusal, Timestamp, TransferId, Zone};
use tributary_ledger::parse_canonical;
use tributary_money::Money;
use tributary_store::decision::{
    self, CommissionBasis, CommissionState, StoredCommission, StoredConversion,
};
use tributary_store::engine::Connection;
use tributary_store::payout::PayoutState;
use tributary_store::{ledger, organisation, payout, program, work};

use super::facts::{ConversionView, credit_facts};
use super::{plan_of, viewers};
use crate::conversion::{DecidedJourney, ManualRecord};
use crate::{App, AppError};

/// A commission with everything that led to it and everything that became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedCommission {
    /// As stored.
    pub commission: StoredCommission,
    /// The conversion it is for.
    pub conversion: ConversionView,
    /// The day of that in the program's zone.
    pub on: LocalDate,
    /// Why it is this amount. The journey is that of the newest decision: a commission that was
    /// taken back when its conversion was decided again is explained with the journey that
    /// replaced it.
    pub explanation: Explanation,
    /// What it is where it is not what the rule pays of the conversion.
    pub basis: Option<ExplainedBasis>,
    /// What the plan takes back of it when the customer leaves early.
    pub clawback: Option<Clawback>,
    /// The ledger's transfers about it, in order.
    pub transfers: Vec<ExplainedTransfer>,
    /// The payout it is in.
    pub payout: Option<ExplainedPayout>,
}

/// What a commission is where it is not what a rule pays of its conversion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExplainedBasis {
    /// A step of retroactive tiers was reached: it adds to an earlier commission, whose explanation
    /// this one has.
    Tier {
        /// What it adds to.
        source: CommissionId,
        /// The steps by which that was and is paid, and what bounded the difference.
        adjustment: AdjustmentRecord,
    },
    /// It is for recruiting the partner of another commission; its explanation is of that
    /// commission's amount.
    Recruiting {
        /// The recruited partner's commission.
        source: CommissionId,
    },
    /// A person gave it, or took it where it is below zero.
    Manual {
        /// Why, in a code and in words.
        record: ManualRecord,
        /// The name of whoever did; none to a partner, and where it was no person.
        author: Option<String>,
    },
    /// It was given for reaching something.
    Bonus {
        /// What was counted.
        award: AwardRecord,
        /// What was counted by.
        by: Measure,
        /// In which period.
        per: Period,
        /// What had to be reached.
        at: i64,
        /// What is given each time.
        each: Money,
    },
}

/// A movement of a commission's money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedTransfer {
    /// Its id.
    pub id: TransferId,
    /// Its place in the owner's ledger, and in its tree.
    pub seq: u64,
    /// Name of the movement.
    pub kind: String,
    /// How much it moved; always positive, the kind says whereto.
    pub amount: Money,
    /// Code of why; `none` where the movement needs none.
    pub reason: String,
    /// When it was booked.
    pub booked_at: Timestamp,
}

/// The payout of a commission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedPayout {
    /// Which.
    pub id: PayoutId,
    /// Where it stands.
    pub state: PayoutState,
    /// What it comes to, with all its other commissions.
    pub amount: Money,
    /// The pay day of its run.
    pub pay_on: LocalDate,
    /// When it was noted as paid.
    pub paid_at: Option<Timestamp>,
}

/// Explains a commission that an actor may see.
///
/// # Errors
/// Not found; a fault; [`AppError::Corrupt`] when record and plan don't belong together.
pub async fn explain_commission(
    app: &App,
    actor: &Actor,
    id: CommissionId,
) -> Result<ExplainedCommission, AppError> {
    let mut conn = app.record.read().await?;
    for viewer in viewers(&mut *conn, actor).await? {
        if let Some(it) = work::find_commission(&mut *conn, viewer, id).await? {
            let key = [(it.owner, it.conversion)];
            let found = decision::conversions_by_id(&mut *conn, &key).await?.into_iter().next();
            let conversion =
                found.ok_or_else(|| AppError::Corrupt(format!("{} is missing", it.conversion)))?;
            return explain_one(&mut *conn, viewer, &conversion, it).await;
        }
    }
    Err(Refusal::not_found("commission").into())
}

/// Explains a commission of a conversion, both found already.
pub(super) async fn explain_one(
    conn: &mut dyn Connection,
    viewer: Viewer,
    conversion: &StoredConversion,
    it: StoredCommission,
) -> Result<ExplainedCommission, AppError> {
    let decided = DecidedJourney::of(conversion)?;
    let plan = plan_of(conn, it.owner, it.program, it.plan).await?;
    let mut basis = basis_of(&plan, &it)?;
    if let Some(ExplainedBasis::Manual { record, author }) = &mut basis {
        match viewer {
            Viewer::Owner(_) => *author = name_of(conn, record).await?,
            Viewer::Partner(_) => record.author = None,
        }
    }
    let source = match &basis {
        Some(ExplainedBasis::Tier { source, .. }) => {
            let found = decision::commissions_by_id(conn, &[(it.owner, *source)]).await?;
            found.into_iter().next()
        }
        _ => None,
    };
    let explanation = match &basis {
        Some(ExplainedBasis::Bonus { .. } | ExplainedBasis::Manual { .. }) => Explanation {
            plan: plan.id(),
            plan_hash: plan.hash(),
            plan_name: plan.document().name.clone(),
            steps: Vec::new(),
        },
        _ => by_rule(conn, &plan, &decided, source.as_ref().unwrap_or(&it)).await?,
    };
    let explanation = match viewer {
        Viewer::Owner(_) => explanation,
        Viewer::Partner(_) => explanation.for_partnership(it.partnership),
    };
    let payout = payout_of(conn, viewer, &it).await?;
    let rule = plan.rules().iter().find(|rule| rule.id.as_str() == it.rule);
    let clawback = rule.and_then(|rule| rule.clawback);
    Ok(ExplainedCommission {
        clawback: clawback.filter(|_| !matches!(basis, Some(ExplainedBasis::Bonus { .. }))),
        conversion: ConversionView::of(conversion, viewer),
        on: it.local_day,
        explanation,
        basis,
        transfers: transfers_of(conn, &it).await?,
        payout,
        commission: it,
    })
}

/// What a stored commission says that it is.
fn basis_of(
    plan: &CompiledPlan,
    it: &StoredCommission,
) -> Result<Option<ExplainedBasis>, AppError> {
    let corrupt = |detail: String| AppError::Corrupt(format!("record of {}: {detail}", it.id));
    let source = || it.source.ok_or_else(|| corrupt("it is because of nothing".to_owned()));
    Ok(match it.basis {
        None => None,
        Some(CommissionBasis::Tier) => {
            let adjustment = serde_json::from_str(&it.record);
            let adjustment = adjustment.map_err(|error| corrupt(error.to_string()))?;
            Some(ExplainedBasis::Tier { source: source()?, adjustment })
        }
        Some(CommissionBasis::Recruiting) => Some(ExplainedBasis::Recruiting { source: source()? }),
        Some(CommissionBasis::Bonus) => {
            let award: AwardRecord =
                serde_json::from_str(&it.record).map_err(|error| corrupt(error.to_string()))?;
            let bonus = plan.document().bonuses.iter().find(|bonus| bonus.id == award.bonus);
            let Some((bonus, Reward::Money(each))) = bonus.map(|bonus| (bonus, &bonus.reward))
            else {
                return Err(corrupt("its bonus gives no money".to_owned()));
            };
            let (by, per, at, each) = (bonus.by, bonus.per, bonus.at, *each);
            Some(ExplainedBasis::Bonus { award, by, per, at, each })
        }
        Some(CommissionBasis::Manual) => {
            let record =
                serde_json::from_str(&it.record).map_err(|error| corrupt(error.to_string()))?;
            Some(ExplainedBasis::Manual { record, author: None })
        }
        Some(CommissionBasis::Prize) => return Err(corrupt("prizes are not booked".to_owned())),
    })
}

async fn name_of(
    conn: &mut dyn Connection,
    record: &ManualRecord,
) -> Result<Option<String>, AppError> {
    let user = record.author.as_deref().and_then(|author| author.parse().ok());
    let Some(user) = user else { return Ok(None) };
    Ok(organisation::find_user(conn, user).await?.map(|user| user.name))
}

/// Why what a rule pays is what it is.
async fn by_rule(
    conn: &mut dyn Connection,
    plan: &CompiledPlan,
    decided: &DecidedJourney,
    it: &StoredCommission,
) -> Result<Explanation, AppError> {
    let record: CommissionRecord = serde_json::from_str(&it.record)
        .map_err(|error| AppError::Corrupt(format!("record of {}: {error}", it.id)))?;
    let rule = plan.rules().iter().find(|rule| rule.id == record.rule);
    let by_rule = rule.is_some_and(|rule| rule.hold_days.is_some());
    let hold = hold_of(conn, it, by_rule).await?;
    explain(plan, &record, credit_facts(decided), Some(hold))
        .map_err(|error| AppError::Corrupt(format!("{}: {error}", it.id)))
}

/// From what was booked, as the program's hold may have been changed since.
async fn hold_of(
    conn: &mut dyn Connection,
    it: &StoredCommission,
    by_rule: bool,
) -> Result<HoldFacts, AppError> {
    let found = program::by_ids(conn, &[it.program]).await?.into_iter().next();
    let zone = found.map_or_else(|| Ok(Zone::utc()), |it| Zone::named(&it.terms.time_zone));
    let zone = zone.map_err(|error| AppError::Corrupt(format!("{}: {error}", it.program)))?;
    let days = zone.date(it.due_at).as_days() - it.local_day.as_days();
    Ok(HoldFacts {
        days: u16::try_from(days.max(0)).unwrap_or(u16::MAX),
        until: it.due_at,
        by_rule,
    })
}

async fn transfers_of(
    conn: &mut dyn Connection,
    it: &StoredCommission,
) -> Result<Vec<ExplainedTransfer>, AppError> {
    let mut stored = ledger::transfers_about(conn, it.owner, &[*it.id.as_bytes()]).await?;
    stored.sort_unstable_by_key(|row| row.seq);
    let mut transfers = Vec::with_capacity(stored.len());
    for row in stored {
        let transfer = parse_canonical(&row.canonical)
            .map_err(|error| AppError::Corrupt(format!("{}: {error}", row.id)))?;
        let moved = transfer.postings.iter().filter(|posting| posting.amount > 0);
        let moved: i64 = moved.map(|posting| posting.amount).sum();
        transfers.push(ExplainedTransfer {
            id: transfer.id,
            seq: transfer.seq,
            kind: transfer.kind.as_str().to_owned(),
            amount: Money::new(moved, it.amount.currency),
            reason: transfer.reason.as_str().to_owned(),
            booked_at: transfer.booked_at,
        });
    }
    Ok(transfers)
}

async fn payout_of(
    conn: &mut dyn Connection,
    viewer: Viewer,
    it: &StoredCommission,
) -> Result<Option<ExplainedPayout>, AppError> {
    let Some(id) = it.payout else { return Ok(None) };
    // A partner does not see a payout before it is more than a plan: then only the state says so.
    let found = payout::find_payout(conn, viewer, id).await?;
    if found.is_none() && it.state == CommissionState::Paid {
        return Err(AppError::Corrupt(format!("{id} of {} is missing", it.id)));
    }
    let Some(it) = found else { return Ok(None) };
    let days = payout::pay_days(conn, &[(it.owner, it.run)]).await?;
    let pay_on = days.get(&it.run).copied();
    Ok(Some(ExplainedPayout {
        id: it.id,
        state: it.state,
        amount: it.amount,
        pay_on: pay_on.ok_or_else(|| AppError::Corrupt(format!("{} is missing", it.run)))?,
        paid_at: it.paid_at,
    }))
}
