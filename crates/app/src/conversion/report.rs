use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use tributary_directory::{Actor, Permission, Scope};
use tributary_kernel::{
    CommissionId, ConversionId, IntegrationId, OrganisationId, QuarantineId, Refusal, Timestamp,
    TransferId, limits,
};
use tributary_ledger::movement::{self, Owed};
use tributary_store::decision::{self, Delivery, DeliveryOutcome, QuarantineRow, StoredCommission};
use tributary_store::engine::{Connection, EngineError};
use tributary_store::missing::ConversionMail;

use super::daily::commission_delta;
use super::decide::{Booked, Decision, Ids, decide};
use super::input::{CONTENT_FORMAT, Checked, ReportConversion, check};
use super::reached::raise;
use super::world::{Item, World, load};
use super::writes::Writes;
use crate::books::Books;
use crate::{App, AppError};

/// What became of one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportOutcome {
    /// It is the fact.
    Applied(ConversionId),
    /// Another delivery already was; nothing more is paid.
    Duplicate(ConversionId),
    /// It waits for a person.
    Quarantined {
        /// Where it waits.
        id: QuarantineId,
        /// Code of why: `conflict`, `occurred_in_the_future`, `occurred_too_long_ago`.
        reason: String,
    },
    /// The caller's mistake; nothing was kept.
    Refused(Refusal),
    /// The database could not take it, though it took others of its group; nothing of it was kept,
    /// and it may be sent again.
    Failed(AppError),
}

impl ReportOutcome {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Applied(_) => "applied",
            Self::Duplicate(_) => "duplicate",
            Self::Quarantined { .. } => "quarantined",
            Self::Refused(_) => "refused",
            Self::Failed(_) => "failed",
        }
    }
}

/// A report with who sent it.
#[derive(Debug, Clone)]
pub(crate) struct Submission {
    pub(crate) actor: Actor,
    pub(crate) owner: OrganisationId,
    pub(crate) report: ReportConversion,
}

/// Who may report, for whom.
pub(crate) fn reporter_of(actor: &Actor) -> Result<OrganisationId, Refusal> {
    let Some(owner) = actor.owner() else {
        return Err(Refusal::not_found("organisation"));
    };
    let postback = matches!(actor, Actor::Key { scopes, .. } if scopes.contains(&Scope::Postback));
    if !postback {
        actor.require(owner, Permission::Report)?;
    }
    Ok(owner)
}

/// Reports conversions, each independent of the others: one transaction, or, when the database
/// refuses that, one per half, down to the single report.
///
/// # Errors
/// A refusal of the whole request, or the fault that all of its reports met. A fault that some met
/// is their outcome.
pub async fn report_conversions(
    app: &App,
    actor: &Actor,
    reports: Vec<ReportConversion>,
) -> Result<Vec<ReportOutcome>, AppError> {
    let owner = reporter_of(actor)?;
    if reports.is_empty() || reports.len() > limits::CONVERSIONS_PER_REQUEST_MAX {
        let most = limits::CONVERSIONS_PER_REQUEST_MAX;
        let detail = format!("Send 1 to {most} conversions in one request.");
        return Err(super::input::wrong("", "batch_size", detail).into());
    }
    let submissions = reports
        .into_iter()
        .map(|report| Submission { actor: actor.clone(), owner, report })
        .collect();
    each_for_itself(decide_group(app, submissions).await)
}

/// The answers of one request: when nothing of it has an outcome, the request has failed.
pub(crate) fn each_for_itself(
    answers: Vec<Result<ReportOutcome, AppError>>,
) -> Result<Vec<ReportOutcome>, AppError> {
    if let Some(Err(fault)) = answers.first()
        && answers.iter().all(Result::is_err)
    {
        return Err(fault.clone());
    }
    let failed = |fault: AppError| {
        tracing::error!(%fault, "conversions.report_failed");
        ReportOutcome::Failed(fault)
    };
    Ok(answers.into_iter().map(|it| it.unwrap_or_else(failed)).collect())
}

/// Reports that may fail one by one before the rest of their group is not tried any more.
const FAILURES_PER_GROUP_MAX: u32 = 16;

/// Decides a group that may come from several callers. The answers are in its order, one per
/// report: one that the database refuses fails alone, and all others are decided. When the database
/// itself fails, what was not decided by then fails with it.
pub(crate) async fn decide_group(
    app: &App,
    group: Vec<Submission>,
) -> Vec<Result<ReportOutcome, AppError>> {
    let mut answers: Vec<Option<Result<ReportOutcome, AppError>>> = vec![None; group.len()];
    let whole = 0..group.len();
    let mut work = vec![whole];
    let mut failures = 0;
    while let Some(range) = work.pop() {
        match crate::app::with_retries(|| decide_once(app, &group[range.clone()], None)).await {
            Ok(outcomes) => {
                for (place, outcome) in range.zip(outcomes) {
                    answers[place] = Some(Ok(outcome));
                }
            }
            Err(error) if may_be_one_report(&error) && range.len() > 1 => {
                tracing::warn!(items = range.len(), %error, "conversions.group_split");
                let middle = range.start + range.len() / 2;
                work.push(middle..range.end);
                work.push(range.start..middle);
            }
            Err(error) => {
                failures += 1;
                let alone = may_be_one_report(&error) && failures < FAILURES_PER_GROUP_MAX;
                let end = if alone { range.end } else { group.len() };
                answers[range.start..end].fill(Some(Err(error)));
                if !alone {
                    break;
                }
            }
        }
    }
    answers.into_iter().map(|it| it.expect("work is taken from first to last")).collect()
}

/// Whether a fault may come from the content of one report, so that others do better without it.
pub(crate) const fn may_be_one_report(error: &AppError) -> bool {
    !error.is_passing() && !matches!(error, AppError::Engine(EngineError::Full(_)))
}

/// Ids made now.
pub(crate) struct FreshIds<'a> {
    pub(crate) app: &'a App,
    pub(crate) now: Timestamp,
}

impl Ids for FreshIds<'_> {
    fn conversion(&self) -> ConversionId {
        ConversionId::new(self.now, &*self.app.entropy)
    }

    fn commission(&self) -> CommissionId {
        CommissionId::new(self.now, &*self.app.entropy)
    }
}

/// What else is written with the decisions on a group, or not at all.
#[async_trait]
pub(crate) trait Tail: Sync {
    /// Called before the transaction commits; once more for each time that it is run again.
    async fn write(
        &self,
        conn: &mut dyn Connection,
        outcomes: &[ReportOutcome],
    ) -> Result<(), AppError>;
}

/// Decides a group in one transaction, together with what its caller writes.
pub(crate) async fn decide_with(
    app: &App,
    group: &[Submission],
    tail: &dyn Tail,
) -> Result<Vec<ReportOutcome>, AppError> {
    crate::app::with_retries(|| decide_once(app, group, Some(tail))).await
}

/// Checks the form of a report, and whether its click is one of ours.
pub(super) fn checked_of(
    app: &App,
    report: &ReportConversion,
    actor: &Actor,
    now: Timestamp,
) -> Result<Checked, Refusal> {
    let it = check(report, now)?;
    if let Some(click) = &it.click
        && let Err(error) = app.keyring().verify(click, now)
    {
        let detail = error.to_string();
        return Err(super::input::wrong("/click_id", "click_id_refused", detail));
    }
    if it.event.is_click() && !matches!(actor, Actor::System { .. }) {
        let detail = "Clicks are counted here; they cannot be reported.".to_owned();
        return Err(super::input::wrong("/type", "clicks_are_counted", detail));
    }
    Ok(it)
}

async fn decide_once(
    app: &App,
    group: &[Submission],
    tail: Option<&dyn Tail>,
) -> Result<Vec<ReportOutcome>, AppError> {
    let now = app.now();
    let checked: Vec<_> =
        group.iter().map(|it| checked_of(app, &it.report, &it.actor, now)).collect();
    let mut tx = app.record.begin().await?;
    let owners: BTreeSet<OrganisationId> = group.iter().map(|it| it.owner).collect();
    let owners: Vec<OrganisationId> = owners.into_iter().collect();
    let heads = decision::lock_heads_in(&mut *tx, &owners).await?;
    let mut books = BTreeMap::new();
    for head in &heads {
        books.insert(head.owner, Books::open(head, now)?);
    }
    let items: Vec<Option<Item>> = group
        .iter()
        .zip(&checked)
        .map(|(it, checked)| {
            let checked = checked.as_ref().ok()?.clone();
            let (integration, trusted) = (integration_of(&it.actor), is_trusted(&it.actor));
            Some(Item { owner: it.owner, integration, trusted, checked })
        })
        .collect();
    let known: Vec<Item> = items.iter().flatten().cloned().collect();
    let mut world = load(app, &mut *tx, &known).await?;

    let ids = FreshIds { app, now };
    let mut writes = Writes::default();
    let mut outcomes = Vec::with_capacity(group.len());
    for (item, checked) in items.iter().zip(checked) {
        let outcome = match (item, checked) {
            (Some(item), Ok(_)) => {
                let decided = decide(&world, item, now, &ids);
                let place = writes.booked.len();
                let outcome = apply(app, &mut world, &mut books, &mut writes, item, decided, now)?;
                // Before the next is decided, which is bounded by what this one raises.
                if writes.booked.len() > place {
                    let conn = &mut *tx;
                    raise_earlier(app, conn, &mut world, &mut books, &mut writes, place).await?;
                }
                outcome
            }
            (_, Err(refusal)) => ReportOutcome::Refused(refusal),
            (None, Ok(_)) => unreachable!("a checked report is an item"),
        };
        outcomes.push(outcome);
    }
    decision::add_plan_counters(&mut *tx, &world.take_counted()).await?;
    writes.write(app, &mut *tx, group, &outcomes, books, now).await?;
    if let Some(tail) = tail {
        tail.write(&mut *tx, &outcomes).await?;
    }
    // After what was booked: one of the group may concern another.
    world.people.write(&mut *tx, now).await?;
    tx.commit().await?;
    Ok(outcomes)
}

/// Raises what earlier conversions earned, for every step of retroactive tiers that one of the group
/// has reached.
async fn raise_earlier(
    app: &App,
    conn: &mut dyn Connection,
    world: &mut World,
    books: &mut BTreeMap<OrganisationId, Books>,
    writes: &mut Writes,
    place: usize,
) -> Result<(), AppError> {
    for reached in writes.booked[place].reached() {
        let pen = books
            .get_mut(&reached.owner)
            .ok_or_else(|| AppError::Corrupt(format!("{} has no head", reached.owner)))?;
        let raised = {
            let conversions: Vec<_> = writes.booked.iter().map(|it| &it.conversion).collect();
            let commissions = writes.booked.iter().flat_map(|it| &it.commissions);
            let commissions: Vec<_> = commissions.chain(&writes.raised).collect();
            raise(app, conn, world, pen, &reached, (&conversions, &commissions)).await?
        };
        let own = &mut writes.booked[place];
        own.count_too(&raised.counted);
        let deltas = raised.commissions.iter();
        writes.daily.extend(deltas.filter_map(|it| commission_delta(it, it.state, 1)));
        writes.raised.extend(raised.commissions);
    }
    Ok(())
}

/// Whether what is said of companies is the advertiser's own word. A token for postbacks stands in
/// addresses, and in pages that show an image.
const fn is_trusted(actor: &Actor) -> bool {
    match actor {
        Actor::Partner { .. } => false,
        Actor::Key { scopes, .. } => !matches!(scopes.as_slice(), [Scope::Postback]),
        Actor::Member { .. } | Actor::System { .. } => true,
    }
}

/// Facts that people report by hand have no integration; their organisation's id stands for one.
pub(crate) fn integration_of(actor: &Actor) -> IntegrationId {
    match actor {
        Actor::Key { integration, .. } => *integration,
        Actor::Member { owner, .. } => IntegrationId::from_bytes(*owner.as_bytes()),
        Actor::Partner { partner, .. } => IntegrationId::from_bytes(*partner.as_bytes()),
        Actor::System { .. } => IntegrationId::from_bytes([0; 16]),
    }
}

/// Carries a decision into the world, so that the next report of the group sees it, and into what
/// will be written.
fn apply(
    app: &App,
    world: &mut World,
    books: &mut BTreeMap<OrganisationId, Books>,
    writes: &mut Writes,
    item: &Item,
    decided: Decision,
    now: Timestamp,
) -> Result<ReportOutcome, AppError> {
    let (outcome, delivered) = match decided {
        Decision::Refuse(refusal) => return Ok(ReportOutcome::Refused(refusal)),
        Decision::Again { outcome, subject } => {
            return Ok(match outcome {
                DeliveryOutcome::Applied => {
                    ReportOutcome::Applied(ConversionId::from_bytes(subject))
                }
                DeliveryOutcome::Duplicate => {
                    ReportOutcome::Duplicate(ConversionId::from_bytes(subject))
                }
                DeliveryOutcome::Quarantined => ReportOutcome::Quarantined {
                    id: QuarantineId::from_bytes(subject),
                    reason: "seen_before".to_owned(),
                },
            });
        }
        Decision::Duplicate { of } => {
            (ReportOutcome::Duplicate(of), (DeliveryOutcome::Duplicate, *of.as_bytes()))
        }
        Decision::Quarantine { reason, conversion } => {
            let id = QuarantineId::new(now, &*app.entropy);
            writes.quarantined.push(QuarantineRow {
                id,
                owner: item.owner,
                program: item.checked.program,
                integration: item.integration,
                received_at: now,
                reason: reason.to_owned(),
                given: item.checked.given.clone(),
                conversion,
                status: "waiting".to_owned(),
                order: Some(item.checked.order_id.clone()),
            });
            let outcome = ReportOutcome::Quarantined { id, reason: reason.to_owned() };
            (outcome, (DeliveryOutcome::Quarantined, *id.as_bytes()))
        }
        Decision::Book(booked) => {
            let id = booked.conversion.id;
            let pen = books
                .get_mut(&item.owner)
                .ok_or_else(|| AppError::Corrupt(format!("{} has no head", item.owner)))?;
            let booked = enter(app, pen, *booked)?;
            writes.remember(world, item, &booked, now);
            let mail_key = item.checked.mail_key.clone();
            let of = |mail_key| ConversionMail { owner: item.owner, mail_key, conversion: id };
            writes.mails.extend(mail_key.map(of));
            tell_rewards(app, pen, &booked);
            writes.booked.push(booked);
            (ReportOutcome::Applied(id), (DeliveryOutcome::Applied, *id.as_bytes()))
        }
    };
    if let Some(key) = &item.checked.delivery_key {
        let delivery = Delivery {
            owner: item.owner,
            integration: item.integration,
            key: key.clone(),
            content_format: CONTENT_FORMAT,
            content_hash: item.checked.content_hash,
            outcome: delivered.0,
            subject: delivered.1,
            received_at: now,
        };
        let place = (item.owner, item.integration, key.clone());
        world.deliveries.insert(place, delivery.clone());
        writes.deliveries.push(delivery);
    }
    Ok(outcome)
}

/// Gives a conversion its place, books its commissions and tells of both. Test money never enters
/// the ledger.
pub(crate) fn enter(app: &App, pen: &mut Books, mut booked: Booked) -> Result<Booked, AppError> {
    let seq = pen.next_booked_seq();
    booked.conversion.booked_seq = seq;
    let it = &booked.conversion;
    let data = serde_json::json!({
        "conversion": it.id, "program": it.program, "type": it.kind, "order_id": it.business_key,
        "amount": it.amount, "status": it.status, "test": it.test,
    });
    pen.tell("conversion.recorded", *it.id.as_bytes(), &data, &*app.entropy);
    for commission in &mut booked.commissions {
        commission.booked_seq = seq;
        book_commission(app, pen, commission)?;
    }
    Ok(booked)
}

/// The transfer that accrues a commission carries the bytes of the commission's id.
pub(crate) const fn accrual_of(id: CommissionId) -> TransferId {
    TransferId::from_bytes(*id.as_bytes())
}

pub(crate) fn book_commission(
    app: &App,
    pen: &mut Books,
    it: &StoredCommission,
) -> Result<(), AppError> {
    if !it.test {
        let owed = Owed { program: it.program, partner: it.partner, amount: it.amount };
        pen.book(accrual_of(it.id), it.occurred_at, |booking| {
            movement::accrue(booking, it.id, owed)
        })?;
    }
    tell_booked(app, pen, it);
    Ok(())
}

pub(super) fn tell_booked(app: &App, pen: &mut Books, it: &StoredCommission) {
    let data = serde_json::json!({
        "commission": it.id, "conversion": it.conversion, "program": it.program,
        "partnership": it.partnership, "partner": it.partner, "amount": it.amount,
        "state": it.state, "test": it.test,
    });
    pen.tell("commission.booked", *it.id.as_bytes(), &data, &*app.entropy);
}

/// Tells of credits and gifts that were reached: no money, so that nobody else books them.
fn tell_rewards(app: &App, pen: &mut Books, booked: &Booked) {
    let it = &booked.conversion;
    for rewarded in &booked.decided.rewards {
        let data = serde_json::json!({
            "conversion": it.id, "program": it.program, "partnership": rewarded.partnership,
            "reward": rewarded.reward, "times": rewarded.record.times, "test": it.test,
        });
        pen.tell("reward.reached", *it.id.as_bytes(), &data, &*app.entropy);
    }
}
