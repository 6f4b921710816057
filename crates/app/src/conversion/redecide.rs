//! Another decision of a conversion that is not settled: because a touch came late, or because a
//! person let an unrecorded click count.

use std::collections::BTreeSet;

use tributary_attribution::People;
use tributary_commission::EventName;
use tributary_directory::{Actor, Permission, Viewer, normalise_code};
use tributary_kernel::{
    ConversionId, CustomerId, LeadId, OrganisationId, PartnershipId, Refusal, Timestamp,
};
use tributary_ledger::Reason;
use tributary_money::Money;
use tributary_store::decision::{
    self, CommissionBasis, CommissionState, ConversionStatus, StoredCommission, StoredConversion,
};
use tributary_store::engine::Connection;
use tributary_store::partnership;
use tributary_store::redecision;

use super::adjust::take_back;
use super::agreement::{self, Asked, Counted};
use super::catalogue::kind_of;
use super::company;
use super::customer::{Assigned, assign};
use super::daily::{commission_delta, conversion_deltas};
use super::decide::judge_again_and_price;
use super::details::ReportedDetails;
use super::input::from_given;
use super::journey::{Before, Clues, DecidedJourney};
use super::people::{self, Buyer};
use super::price::Shape;
use super::propose::{change_of, kept, propose_in};
use super::reached::raise_again;
use super::report::{FreshIds, book_commission};
use super::totals::counted_by;
use super::verdict::Verdict;
use super::world::{ProgramWorld, World, load_clicks, programs_in};
use crate::books::{Books, lock_head};
use crate::life::{Part, status_of};
use crate::{App, AppError};

/// What a run of the job did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RedecideReport {
    /// Conversions taken from the queue.
    pub looked_at: u32,
    /// Of these, credited otherwise than before.
    pub changed: u32,
}

/// Decides queued conversions again, at most `limit`. Money that was approved stays.
pub async fn redecide_queued(app: &App, limit: u32) -> Result<RedecideReport, AppError> {
    let mut reader = app.record.read().await?;
    let queued = redecision::queued_redecisions(&mut *reader, limit).await?;
    drop(reader);
    let mut report = RedecideReport::default();
    let actor = Actor::System { job: "redecide" };
    for (owner, id) in queued {
        report.looked_at += 1;
        let changed =
            crate::app::with_retries(|| redecide_once(app, &actor, owner, id, None)).await?;
        report.changed += u32::from(changed);
    }
    Ok(report)
}

/// What a person says of a click that has no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vouch {
    /// It counts.
    Accept,
    /// It does not.
    Reject,
}

/// Settles a conversion that is held because its click cannot be proved.
pub async fn settle_held(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: ConversionId,
    vouch: Vouch,
) -> Result<(), AppError> {
    actor.require(owner, Permission::Decide)?;
    let mut reader = app.record.read().await?;
    let found = decision::conversions_by_id(&mut *reader, &[(owner, id)]).await?;
    drop(reader);
    match found.first().map(|it| it.status) {
        None => return Err(Refusal::not_found("conversion").into()),
        Some(ConversionStatus::Held) => {}
        Some(_) => {
            let detail = "Only a held conversion waits for this.";
            return Err(Refusal::conflict("not_held", detail).into());
        }
    }
    crate::app::with_retries(|| redecide_once(app, actor, owner, id, Some(vouch))).await?;
    Ok(())
}

async fn redecide_once(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: ConversionId,
    vouch: Option<Vouch>,
) -> Result<bool, AppError> {
    let mut tx = app.record.begin().await?;
    let head = lock_head(&mut *tx, owner).await?;
    redecision::unqueue_redecision(&mut *tx, owner, id).await?;
    let deciding = Deciding::load(app, &mut *tx, owner, id, vouch, None).await?;
    let Some(deciding) = deciding.filter(|it| it.is_open() || it.may_propose()) else {
        tx.commit().await?;
        return Ok(false);
    };
    let found = deciding.redecided()?;
    if !deciding.is_open() {
        // Money was agreed to: a person looks before it moves.
        let change = change_of(found.decided(), &found.old, &found.commissions);
        if propose_in(app, &mut *tx, &found.conversion, &change).await? {
            let detail = serde_json::json!({ "changes": change.changes });
            app.audit_in(&mut *tx, owner, actor, "credit_change.proposed", id, &detail).await?;
        }
        tx.commit().await?;
        return Ok(false);
    }
    let (program, world) = deciding.into_world()?;
    let mut pen = Books::open(&head, app.now())?;
    let changed = found.write_in(app, &mut *tx, &mut pen, &program, world).await?;
    pen.write_in(&mut *tx).await?;
    let detail = serde_json::json!({ "changed": changed });
    app.audit_in(&mut *tx, owner, actor, "conversion.redecided", id, &detail).await?;
    tx.commit().await?;
    Ok(changed)
}

/// A conversion with everything that deciding it once more hangs on.
pub(super) struct Deciding {
    pub(super) conversion: StoredConversion,
    pub(super) commissions: Vec<StoredCommission>,
    pub(super) old: DecidedJourney,
    clues: Clues,
    world: World,
    /// Whether the customer has left: what that took back is of the decision that stands.
    pub(super) departed: bool,
}

impl Deciding {
    /// Reads it; none if there is no such conversion. `to` is whose it is from now on, where a
    /// person says so.
    pub(super) async fn load(
        app: &App,
        conn: &mut dyn Connection,
        owner: OrganisationId,
        id: ConversionId,
        vouch: Option<Vouch>,
        to: Option<PartnershipId>,
    ) -> Result<Option<Self>, AppError> {
        let found = decision::conversions_by_id(conn, &[(owner, id)]).await?.into_iter().next();
        // What a person gave is decided: no touch and no policy changes it.
        let Some(conversion) = found.filter(|it| !it.is_manual()) else { return Ok(None) };
        let commissions = decision::commissions_of(conn, &[(owner, id)]).await?;
        let old = DecidedJourney::of(&conversion)?;
        let (world, clues) = load_again(app, conn, &conversion, &old, vouch, to).await?;
        let departed = !decision::departures_of(conn, &[(owner, id)]).await?.is_empty();
        Ok(Some(Self { conversion, commissions, old, clues, world, departed }))
    }

    fn is_open(&self) -> bool {
        !self.departed && is_open(&self.conversion, &self.commissions)
    }

    /// Whether another decision can be proposed: money of it was agreed to, nothing was given back,
    /// and the customer has not left.
    pub(super) fn may_propose(&self) -> bool {
        let it = &self.conversion;
        let agreed = matches!(it.status, ConversionStatus::Pending | ConversionStatus::Approved);
        !self.departed && agreed && it.returned_amount == 0
    }

    /// Decides.
    pub(super) fn redecided(&self) -> Result<Redecided, AppError> {
        let program = program_of(&self.world, &self.conversion)?;
        let (it, old) = (&self.conversion, &self.old);
        let kept = self.world.keeps_totals(it.program);
        let counted = counted_by(it, old, &self.commissions, kept)?;
        let verdict = judge_again(&self.world, program, it, old, (&self.clues, &counted))?;
        Ok(Redecided {
            conversion: it.clone(),
            commissions: self.commissions.clone(),
            old: old.clone(),
            counted,
            verdict,
        })
    }

    /// What writing the new decision needs.
    pub(super) fn into_world(self) -> Result<(ProgramWorld, World), AppError> {
        Ok((program_of(&self.world, &self.conversion)?.clone(), self.world))
    }
}

fn program_of<'a>(world: &'a World, it: &StoredConversion) -> Result<&'a ProgramWorld, AppError> {
    let found = world.programs.get(&it.program);
    found.ok_or_else(|| AppError::Corrupt(format!("{} is missing", it.program)))
}

/// Whether nothing of a conversion has been settled by a person, a payout or a refund.
fn is_open(it: &StoredConversion, commissions: &[StoredCommission]) -> bool {
    let open = matches!(
        it.status,
        ConversionStatus::Pending | ConversionStatus::Uncredited | ConversionStatus::Held
    );
    let untouched = commissions
        .iter()
        .all(|it| matches!(it.state, CommissionState::Pending | CommissionState::Reversed));
    open && untouched && it.returned_amount == 0
}

async fn load_again(
    app: &App,
    conn: &mut dyn Connection,
    it: &StoredConversion,
    old: &DecidedJourney,
    vouch: Option<Vouch>,
    to: Option<PartnershipId>,
) -> Result<(World, Clues), AppError> {
    let wanted = BTreeSet::from([(it.owner, it.program)]);
    let programs = programs_in(app, conn, &wanted).await?;
    let mut world = World { programs, vouch, ..World::default() };
    let mut clicks: BTreeSet<[u8; 16]> = it.click.into_iter().collect();
    if let Some(customer) = it.customer {
        let known = decision::customer_clicks(conn, &[(it.owner, customer)]).await?;
        clicks.extend(known.into_iter().map(|known| known.click));
    }
    let (others, leads) = load_people(app, &mut world, conn, it).await?;
    let others_clicks = world.clicks_of(it.owner, &others);
    let all = clicks.iter().chain(others_clicks.keys()).copied().collect();
    load_clicks(app, &mut world, conn, all).await?;
    let coupon = match it.coupon {
        Some(id) => partnership::find_coupon(conn, Viewer::Owner(it.owner), id).await?,
        None => None,
    };
    // Whom the customer belonged to, or the reporter named, was a touch of the old journey; what
    // this conversion itself assigned was not.
    let mut assigned = Assigned::in_journey(&old.journey);
    if let (Some(customer), Some(was)) = (it.customer, &assigned) {
        // The conversion that assigned the customer may have been decided otherwise since.
        let known = decision::counters(conn, &[(it.owner, it.program, customer)]).await?.pop();
        let now = known.as_ref().and_then(Assigned::of).filter(|now| now.at == was.at);
        assigned = now.or(assigned);
    }
    // What was learnt of other people since may make it somebody's; what came later may not.
    let theirs = world.assigned_of(it.owner, it.program, &others);
    assigned = assigned.or(theirs.filter(|theirs| theirs.at < it.occurred_at));
    if let Some(to) = to {
        assigned = Some(Assigned { at: it.occurred_at, whose: vec![(to, None)] });
    }
    let mut ids: BTreeSet<_> = world.links.values().map(|link| link.partnership).collect();
    ids.extend(assigned.iter().flat_map(|it| &it.whose).map(|(id, _)| *id));
    ids.extend(coupon.as_ref().map(|it| it.partnership));
    ids.extend(leads.iter().map(|(_, _, partnership)| *partnership));
    let ids: Vec<_> = ids.into_iter().collect();
    let partnerships = partnership::by_ids(conn, &ids).await?;
    world.partnerships = partnerships.into_iter().map(|it| (it.id, it)).collect();
    agreement::load(app, &mut world, conn, &[Again::of(it)?.asked(it)]).await?;
    let stages = old.journey.milestones();
    let clues =
        Clues { clicks, others: others_clicks, leads, coupon, assigned, named: None, stages };
    Ok((world, clues))
}

/// Reads the other people whose touches count, and the leads that partners registered, as is known
/// now.
async fn load_people(
    app: &App,
    world: &mut World,
    conn: &mut dyn Connection,
    it: &StoredConversion,
) -> Result<(BTreeSet<CustomerId>, Vec<(LeadId, Timestamp, PartnershipId)>), AppError> {
    let takes_leads = world.programs.get(&it.program).is_some_and(|known| known.takes_leads);
    let policy = world.programs.get(&it.program).map(|known| known.policy_at(it.occurred_at));
    let people = policy.map_or(People::Customer, |policy| policy.people);
    if people == People::Customer && !takes_leads {
        return Ok((BTreeSet::new(), Vec::new()));
    }
    let given = from_given(&it.given)
        .map_err(|error| AppError::Corrupt(format!("given of {}: {error}", it.id)))?;
    let company = given.details.as_ref().map(|details| company::places(it.owner, details));
    let buyer = Buyer {
        owner: it.owner,
        program: it.program,
        customer: it.customer,
        mail: given.mail_key,
        company: company.unwrap_or_default(),
        people,
        takes_leads,
        lead: given.lead,
        // What its report said of companies was heard when it came.
        trusted: false,
    };
    Box::pin(people::load(app, world, conn, std::slice::from_ref(&buyer))).await?;
    Ok((world.people.others(&buyer), world.people.leads_of(&buyer, it.occurred_at)))
}

fn judge_again(
    world: &World,
    program: &ProgramWorld,
    it: &StoredConversion,
    old: &DecidedJourney,
    (clues, counted): (&Clues, &[Counted]),
) -> Result<Verdict, AppError> {
    let again = Again::of(it)?;
    let amount = super::journey::amount_reported(it);
    let shape = again.shape(it, program, amount, old.before);
    Ok(judge_again_and_price(world, &shape, clues, counted)?)
}

/// What a stored conversion was reported with, to be decided once more.
pub(super) struct Again {
    event: EventName,
    code: Option<String>,
    details: Option<Box<ReportedDetails>>,
}

impl Again {
    pub(super) fn of(it: &StoredConversion) -> Result<Self, AppError> {
        let event = super::journey::event_of(it)?;
        let given = from_given(&it.given)
            .map_err(|error| AppError::Corrupt(format!("given of {}: {error}", it.id)))?;
        let code = given.code.as_deref().and_then(|code| normalise_code(code).ok());
        Ok(Self { event, code, details: given.details })
    }

    pub(super) fn asked(&self, it: &StoredConversion) -> Asked {
        Asked {
            owner: it.owner,
            program: it.program,
            occurred_at: it.occurred_at,
            customer: it.customer,
            company: self.details.as_ref().and_then(|details| details.company(it.owner)),
        }
    }

    pub(super) fn shape<'a>(
        &'a self,
        it: &StoredConversion,
        program: &'a ProgramWorld,
        amount: Option<Money>,
        before: Option<Before>,
    ) -> Shape<'a> {
        Shape {
            owner: it.owner,
            program,
            event: &self.event,
            occurred_at: it.occurred_at,
            amount,
            net_amount: super::journey::net_of(it),
            quantity: it.quantity,
            before,
            customer: it.customer,
            code: self.code.as_deref(),
            details: self.details.as_deref(),
        }
    }

    /// A world with what the plan asks, for a conversion whose credits stay.
    pub(super) async fn world(
        &self,
        app: &App,
        conn: &mut dyn Connection,
        it: &StoredConversion,
        credited: &[PartnershipId],
    ) -> Result<World, AppError> {
        let wanted = BTreeSet::from([(it.owner, it.program)]);
        let programs = programs_in(app, conn, &wanted).await?;
        let mut world = World { programs, ..World::default() };
        let partnerships = partnership::by_ids(conn, credited).await?;
        world.partnerships = partnerships.into_iter().map(|it| (it.id, it)).collect();
        agreement::load(app, &mut world, conn, &[self.asked(it)]).await?;
        Ok(world)
    }
}

/// A conversion with its old and its new decision.
pub(super) struct Redecided {
    pub(super) conversion: StoredConversion,
    pub(super) commissions: Vec<StoredCommission>,
    pub(super) old: DecidedJourney,
    /// What the old one has added to counters.
    counted: Vec<Counted>,
    verdict: Verdict,
}

impl Redecided {
    pub(super) const fn decided(&self) -> &DecidedJourney {
        &self.verdict.decided
    }

    /// Writes the new decision; tells whether it credits otherwise.
    pub(super) async fn write_in(
        mut self,
        app: &App,
        conn: &mut dyn Connection,
        pen: &mut Books,
        program: &ProgramWorld,
        mut world: World,
    ) -> Result<bool, AppError> {
        let now = app.now();
        let credits = |it: &DecidedJourney| -> Vec<_> {
            let sums = it.attribution.by_partnership().into_iter();
            sums.map(|(id, (_, share))| (id, share, it.link_of(id))).collect()
        };
        // What stays as it was has counted already.
        let decided = &self.verdict.decided;
        // The same partner through another link is another row of the rollup.
        let changed = credits(&self.old) != credits(decided)
            || self.old.counted_for() != decided.counted_for();
        let mut decided = decided.clone();
        decided.replace(&self.old, now);
        if !changed {
            decided.counted.clone_from(&self.old.counted);
            decided.unpaid.clone_from(&self.old.unpaid);
            decided.rewards.clone_from(&self.old.rewards);
            decided.not_paid.clone_from(&self.old.not_paid);
        }
        self.conversion.journey = decided.to_json();
        // What counters say now is not what it was paid by.
        if changed || self.old.counted.is_empty() {
            self.conversion.status = self.verdict.status();
        }
        let mut daily = Vec::new();
        if changed {
            let (owner, of) = (self.conversion.owner, self.conversion.program);
            world.uncount(owner, of, &self.counted);
            world.count(owner, of, &self.verdict.counted);
            world.settle(of, &self.counted);
            let day = program.zone.date(self.conversion.occurred_at);
            daily.extend(conversion_deltas(&self.conversion, &self.old, day, -1));
            daily.extend(conversion_deltas(&self.conversion, &decided, day, 1));
            let ids = FreshIds { app, now };
            let mut fresh = self.verdict.commissions(&self.conversion, program, now, &ids);
            let kept = kept(&self.commissions, &mut fresh);
            let stays = |it: &StoredCommission| {
                let of = it.source.filter(|_| it.basis == Some(CommissionBasis::Tier));
                kept.values().any(|id| *id == of.unwrap_or(it.id))
            };
            for it in self.commissions.iter_mut().filter(|it| !stays(it)) {
                let rest = it.remaining();
                daily.extend(take_back(app, pen, it, rest, Reason::Redecided, now)?);
            }
            for it in &mut fresh {
                it.booked_seq = self.conversion.booked_seq;
                book_commission(app, pen, it)?;
                daily.extend(commission_delta(it, it.state, 1));
            }
            self.commissions.extend(fresh);
            if let Some((plan, crossed)) =
                self.verdict.crossed(program, self.conversion.occurred_at)
            {
                let of = (&plan, &crossed[..]);
                let (it, own) = (&self.conversion, &self.commissions[..]);
                let raised = raise_again(app, conn, &mut world, pen, it, of, own).await?;
                decided.counted.extend(Counted::all(&raised.counted));
                self.conversion.journey = decided.to_json();
                let deltas = raised.commissions.iter();
                daily.extend(deltas.filter_map(|it| commission_delta(it, it.state, 1)));
                self.commissions.extend(raised.commissions);
            }
            if !kept.is_empty() {
                let parts: Vec<Part> = self.commissions.iter().map(Part::from).collect();
                self.conversion.status = status_of(self.conversion.status, &parts);
            }
            decision::add_plan_counters(conn, &world.take_counted()).await?;
            reassign(conn, &self.conversion, &decided).await?;
            let id = self.conversion.id;
            let data = serde_json::json!({ "conversion": id, "status": self.conversion.status });
            pen.tell("conversion.redecided", *id.as_bytes(), &data, &*app.entropy);
        }
        decision::put_conversions(conn, std::slice::from_ref(&self.conversion)).await?;
        decision::put_commissions(conn, &self.commissions).await?;
        decision::add_daily(conn, daily).await?;
        Ok(changed)
    }
}

/// Moves the customer to whom the new decision credits, if it was this conversion that assigned
/// them.
async fn reassign(
    conn: &mut dyn Connection,
    it: &StoredConversion,
    decided: &DecidedJourney,
) -> Result<(), AppError> {
    let Some(customer) = it.customer else { return Ok(()) };
    let known = decision::counters(conn, &[(it.owner, it.program, customer)]).await?.pop();
    let Some(known) = known else { return Ok(()) };
    if known.assigned_at.is_some_and(|at| at != it.occurred_at) {
        return Ok(());
    }
    let kind = kind_of(&super::journey::event_of(it)?, !it.amount.is_zero());
    let mut moved = known;
    assign(&mut moved, &decided.attribution, kind, it.occurred_at);
    decision::put_counters(conn, &[moved]).await?;
    Ok(())
}
