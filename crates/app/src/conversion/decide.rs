//! The decision of one report: pure, on the world as read and as the reports before it in the
//! group have left it.

use std::sync::Arc;

use tributary_attribution::credit;
use tributary_commission::{CompiledPlan, CounterKey, Crossed, EventKind};
use tributary_directory::Mode;
use tributary_kernel::{
    CommissionId, ConversionId, CustomerId, OrganisationId, PartnershipId, Refusal, Timestamp,
};
use tributary_money::Money;
use tributary_store::decision::{
    CustomerCounters, DeliveryOutcome, StoredCommission, StoredConversion,
};

use super::agreement::Counted;
use super::catalogue::kind_of;
use super::context::{context_of, contexts_of};
use super::customer::{Assigned, assign, stages_with};
use super::details::ReportedDetails;
use super::input::{CONTENT_FORMAT, Checked, wrong};
use super::journey::{Before, Clues, DecidedJourney, gather};
use super::price::{Shape, price};
use super::reached::Reached;
use super::verdict::Verdict;
use super::world::{Item, ProgramWorld, World, business_key};

/// Where new ids come from, so that deciding stays pure.
pub(crate) trait Ids {
    fn conversion(&self) -> ConversionId;
    fn commission(&self) -> CommissionId;
}

/// What becomes of one report.
#[derive(Debug, Clone)]
pub(crate) enum Decision {
    /// It is the fact.
    Book(Box<Booked>),
    /// Another delivery already was.
    Duplicate { of: ConversionId },
    /// It contradicts what is recorded, or is implausible: a person decides.
    Quarantine { reason: &'static str, conversion: Option<ConversionId> },
    /// The same delivery again: the first answer.
    Again { outcome: DeliveryOutcome, subject: [u8; 16] },
    /// The caller's mistake.
    Refuse(Refusal),
}

/// A decided conversion and what it pays.
#[derive(Debug, Clone)]
pub(crate) struct Booked {
    pub(crate) conversion: StoredConversion,
    pub(crate) commissions: Vec<StoredCommission>,
    /// Counters as they are now, when the customer is known.
    pub(crate) counters: Option<CustomerCounters>,
    pub(crate) decided: DecidedJourney,
    /// What it adds to the plan's counters.
    pub(crate) counted: Vec<(CounterKey, i64)>,
    /// The plan, and the steps of its retroactive tiers that were reached.
    pub(crate) crossed: Option<(Arc<CompiledPlan>, Vec<Crossed>)>,
}

impl Booked {
    /// The steps that were reached, once the conversion has its place.
    pub(crate) fn reached(&self) -> Vec<Reached> {
        let Some((plan, crossed)) = &self.crossed else { return Vec::new() };
        reached_by(&self.conversion, plan, crossed)
    }

    /// Adds what was counted for it beside its own decision.
    pub(crate) fn count_too(&mut self, counted: &[(CounterKey, i64)]) {
        if counted.is_empty() {
            return;
        }
        self.decided.counted.extend(Counted::all(counted));
        self.conversion.journey = self.decided.to_json();
    }
}

/// Steps that a conversion has reached.
pub(crate) fn reached_by(
    it: &StoredConversion,
    plan: &Arc<CompiledPlan>,
    crossed: &[Crossed],
) -> Vec<Reached> {
    let one = |crossed: &Crossed| Reached {
        owner: it.owner,
        program: it.program,
        plan: Arc::clone(plan),
        crossed: crossed.clone(),
        seq: it.booked_seq,
        before: it.booked_seq,
    };
    crossed.iter().map(one).collect()
}

/// Decides one report.
pub(crate) fn decide(world: &World, item: &Item, now: Timestamp, ids: &dyn Ids) -> Decision {
    let program = match before_booking(world, item) {
        Ok(program) => program,
        Err(decision) => return decision,
    };
    match book(world, item, program, now, ids) {
        Ok(booked) => Decision::Book(Box::new(booked)),
        Err(refusal) => Decision::Refuse(refusal),
    }
}

/// The program of a report that can be booked; else what becomes of it.
pub(super) fn before_booking<'a>(
    world: &'a World,
    item: &Item,
) -> Result<&'a ProgramWorld, Decision> {
    let checked = &item.checked;
    if let Some(decision) = known_delivery(world, item) {
        return Err(decision);
    }
    let Some(program) = world.programs.get(&checked.program) else {
        let detail =
            "You have no such program: send an id as GET /v1/programs lists it.".to_owned();
        return Err(Decision::Refuse(wrong("/program", "unknown_program", detail)));
    };
    if let Some(known) = world.conversions.get(&business_key(item)) {
        return Err(known_fact(known, checked, program));
    }
    if let Some(refusal) = contradiction(world, item, program) {
        return Err(Decision::Refuse(refusal));
    }
    match checked.quarantine {
        Some(reason) => Err(Decision::Quarantine { reason, conversion: None }),
        None => Ok(program),
    }
}

fn known_delivery(world: &World, item: &Item) -> Option<Decision> {
    let key = item.checked.delivery_key.clone()?;
    let first = world.deliveries.get(&(item.owner, item.integration, key))?;
    let same =
        first.content_format <= CONTENT_FORMAT && first.content_hash == item.checked.content_hash;
    if same {
        return Some(Decision::Again { outcome: first.outcome, subject: first.subject });
    }
    let detail = "This idempotency key came before with other content; use a new key, or send a \
                  correction.";
    let mut refusal = Refusal::conflict("idempotency_key_reused", detail);
    refusal.errors.push(tributary_kernel::FieldError::new(
        "/idempotency_key",
        "idempotency_key_reused",
        detail,
    ));
    Some(Decision::Refuse(refusal))
}

/// The same order again, from whatever source: paid once. Another amount is for a person.
fn known_fact(known: &StoredConversion, checked: &Checked, program: &ProgramWorld) -> Decision {
    let amount = checked.amount.unwrap_or(Money::zero(program.program.terms.currency));
    let same = amount == known.amount
        && checked.net_amount.is_none_or(|net| known.net_amount.is_none_or(|was| was == net.minor));
    if same {
        Decision::Duplicate { of: known.id }
    } else {
        Decision::Quarantine { reason: "conflict", conversion: Some(known.id) }
    }
}

/// What the report says that cannot be true here.
fn contradiction(world: &World, item: &Item, program: &ProgramWorld) -> Option<Refusal> {
    let checked = &item.checked;
    let currency = program.program.terms.currency;
    if let Some(amount) = checked.amount
        && amount.currency != currency
    {
        let detail = format!("This program's amounts are in {currency}: convert before you send.");
        return Some(wrong("/amount/currency", "currency_mismatch", detail));
    }
    if let Some(details) = &checked.details
        && let Some(pointer) = details.other_currency(currency)
    {
        let detail = format!("This program's amounts are in {currency}: convert before you send.");
        return Some(wrong(format!("{pointer}/currency"), "currency_mismatch", detail));
    }
    if let Some(click) = checked.click {
        let link = world.links.get(&click.link_number());
        match link {
            None => {
                let detail =
                    "No link of yours has made this click id: send the parameter `trib` of the \
                              landing page as it came, or leave click_id out and send a code."
                        .to_owned();
                return Some(wrong("/click_id", "click_unknown", detail));
            }
            Some(link) if (link.owner, link.program) != (item.owner, checked.program) => {
                let detail =
                    "This click id is of a link of another program: report it to the program \
                              of the link, or leave click_id out."
                        .to_owned();
                return Some(wrong("/click_id", "click_foreign", detail));
            }
            Some(_) => {}
        }
    }
    if let Some(key) = &checked.code_key
        && !world.coupons.contains_key(&(checked.program, key.clone()))
    {
        let detail = "No partner of this program has this code: make it with POST /v1/coupons, or \
                      leave code out."
            .to_owned();
        return Some(wrong("/code", "code_unknown", detail));
    }
    if let Some(partner) = checked.partner
        && named(world, item).is_none()
    {
        let detail = format!(
            "{partner} is not a partner of this program: invite it with POST /v1/partnerships, or \
             leave partner out."
        );
        return Some(wrong("/partner", "partner_unknown", detail));
    }
    if let Some(lead) = checked.lead
        && !world.people.knows_lead(item.owner, checked.program, lead)
    {
        let detail = format!(
            "There is no lead {lead} in this program: send an id as GET /v1/leads lists it, or \
             leave lead_id out."
        );
        return Some(wrong("/lead_id", "lead_unknown", detail));
    }
    if checked.via.is_some() && named(world, item).is_none() {
        let detail = "No partner of this program has this referral code: send a partnership's \
                      `code`, or leave via out."
            .to_owned();
        return Some(wrong("/via", "code_unknown", detail));
    }
    None
}

/// The partnership that the reporter named by partner or referral code.
fn named(world: &World, item: &Item) -> Option<PartnershipId> {
    let checked = &item.checked;
    let here = |it: &&tributary_directory::Partnership| {
        (it.owner, it.program) == (item.owner, checked.program)
    };
    let mut all = world.partnerships.values().filter(here);
    if let Some(partner) = checked.partner {
        return all.find(|it| it.partner == partner).map(|it| it.id);
    }
    let via = checked.via.as_ref()?;
    all.find(|it| it.code == *via).map(|it| it.id)
}

fn book(
    world: &World,
    item: &Item,
    program: &ProgramWorld,
    now: Timestamp,
    ids: &dyn Ids,
) -> Result<Booked, Refusal> {
    let (checked, owner) = (&item.checked, item.owner);
    let buyer = world.buyer(item);
    let customer = buyer.customer;
    let before = customer.and_then(|id| world.counters.get(&(owner, checked.program, id)).cloned());
    let coupon = checked
        .code_key
        .as_ref()
        .and_then(|key| world.coupons.get(&(checked.program, key.clone())))
        .cloned();
    let kind = kind_of(&checked.event, checked.amount.is_some_and(|it| !it.is_zero()));
    let mut clicks = customer
        .and_then(|id| world.customer_clicks.get(&(owner, id)).cloned())
        .unwrap_or_default();
    clicks.extend(checked.click.map(|id| *id.as_bytes()));
    let others = world.people.others(&buyer);
    let clues = Clues {
        clicks,
        others: world.clicks_of(owner, &others),
        leads: world.people.leads_of(&buyer, checked.occurred_at),
        coupon: coupon.clone(),
        assigned: before
            .as_ref()
            .and_then(Assigned::of)
            .or_else(|| world.assigned_of(owner, checked.program, &others)),
        named: named(world, item),
        stages: stages_with(before.as_ref(), &checked.event, kind, checked.occurred_at),
    };
    let shape = Shape {
        owner,
        program,
        event: &checked.event,
        occurred_at: checked.occurred_at,
        amount: checked.amount,
        net_amount: checked.net_amount,
        quantity: checked.quantity,
        before: customer.map(|_| Before {
            subscription: checked.details.as_ref().and_then(|details| details.subscription),
            ..before.as_ref().map_or_else(Before::default, Before::from)
        }),
        customer,
        code: checked.code_key.as_deref(),
        details: checked.details.as_deref(),
    };
    let verdict = judge_and_price(world, &shape, &clues)?;
    let conversion = StoredConversion {
        id: ids.conversion(),
        owner,
        program: checked.program,
        kind: checked.event.as_str().to_owned(),
        business_key: checked.order_id.clone(),
        integration: item.integration,
        occurred_at: checked.occurred_at,
        received_at: now,
        booked_seq: 0,
        amount: checked.amount.unwrap_or(Money::zero(program.program.terms.currency)),
        net_amount: checked.net_amount.map(|it| it.minor),
        quantity: checked.quantity,
        returned_amount: 0,
        customer,
        click: checked.click.map(|id| *id.as_bytes()),
        coupon: coupon.map(|it| it.id),
        status: verdict.status(),
        content_format: CONTENT_FORMAT,
        content_hash: checked.content_hash,
        given: checked.given.clone(),
        journey: verdict.decided.to_json(),
        test: program.program.mode == Mode::Test,
    };
    let counters = customer
        .map(|id| after(owner, program, id, before, kind, checked.occurred_at, &verdict.decided));
    let commissions = verdict.commissions(&conversion, program, now, ids);
    let crossed = verdict.crossed(program, checked.occurred_at);
    let Verdict { decided, counted, .. } = verdict;
    Ok(Booked { conversion, commissions, counters, decided, counted, crossed })
}

/// Counters after a conversion, paid for or not.
fn after(
    owner: OrganisationId,
    program: &ProgramWorld,
    customer: CustomerId,
    before: Option<CustomerCounters>,
    kind: EventKind,
    occurred_at: Timestamp,
    decided: &DecidedJourney,
) -> CustomerCounters {
    let mut it = before.unwrap_or(CustomerCounters {
        owner,
        program: program.program.id,
        customer,
        partnership: None,
        assigned_at: None,
        first_payment_at: None,
        payments: 0,
        leads: 0,
        parts: Vec::new(),
        lead_at: None,
        opportunity_at: None,
    });
    let stages = decided.journey.milestones();
    (it.lead_at, it.opportunity_at) = (stages.lead_at, stages.opportunity_at);
    match kind {
        EventKind::Sale => {
            it.payments += 1;
            it.first_payment_at.get_or_insert(occurred_at);
        }
        EventKind::Lead => it.leads += 1,
        EventKind::Click => {}
    }
    if it.partnership.is_none() {
        assign(&mut it, &decided.attribution, kind, occurred_at);
    }
    it
}

/// Gathers the journey, gives credit, and asks the plan.
fn judge_and_price(world: &World, shape: &Shape<'_>, clues: &Clues) -> Result<Verdict, Refusal> {
    judge_again_and_price(world, shape, clues, &[])
}

/// The same for a conversion that has counted already: `without` is what.
pub(crate) fn judge_again_and_price(
    world: &World,
    shape: &Shape<'_>,
    clues: &Clues,
    without: &[Counted],
) -> Result<Verdict, Refusal> {
    let program = shape.program;
    let visits = shape.details.into_iter().flat_map(ReportedDetails::visit_touches);
    let journey = gather(world, shape.owner, program.program.id, shape.occurred_at, clues, visits);
    let policy = program.policy_for(shape.event, shape.occurred_at, &journey);
    let attribution = credit(&journey, shape.occurred_at, &policy, &program.zone);
    let context = context_of(world, &journey, &attribution);
    let contexts = contexts_of(world, &journey, &attribution);
    let decided = DecidedJourney {
        journey,
        attribution,
        policy,
        before: shape.before,
        not_paid: None,
        context,
        contexts,
        counted: Vec::new(),
        unpaid: Vec::new(),
        rewards: Vec::new(),
        replaced: Vec::new(),
    };
    price(world, shape, decided, without)
}
