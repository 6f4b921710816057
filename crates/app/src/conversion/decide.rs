//! The decision of one report: pure, on the world as read and as the reports before it in the
//! group have left it.

use tributary_attribution::{Attribution, credit};
use tributary_commission::{
    CreditInput, CustomerBefore, Evaluation, EvaluationError, EvaluationInput, EventKind, NotPaid,
    Outcome, evaluate,
};
use tributary_directory::Mode;
use tributary_kernel::{
    CommissionId, ConversionId, CustomerId, OrganisationId, PartnershipId, Refusal, Timestamp,
};
use tributary_money::Money;
use tributary_payout::payday::hold_until;
use tributary_store::decision::{
    CommissionState, ConversionStatus, CustomerCounters, DeliveryOutcome, StoredCommission,
    StoredConversion,
};

use super::catalogue::kind_of;
use super::input::{CONTENT_FORMAT, Checked, wrong};
use super::journey::{Before, Clues, DecidedJourney, NothingPaid, gather, policy_of};
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
}

/// Decides one report.
pub(crate) fn decide(world: &World, item: &Item, now: Timestamp, ids: &dyn Ids) -> Decision {
    let checked = &item.checked;
    if let Some(decision) = known_delivery(world, item) {
        return decision;
    }
    let Some(program) = world.programs.get(&checked.program) else {
        let detail = "There is no such program here.".to_owned();
        return Decision::Refuse(wrong("/program", "unknown_program", detail));
    };
    if let Some(known) = world.conversions.get(&business_key(item)) {
        return known_fact(known, checked, program);
    }
    if let Some(refusal) = contradiction(world, item, program) {
        return Decision::Refuse(refusal);
    }
    if let Some(reason) = checked.quarantine {
        return Decision::Quarantine { reason, conversion: None };
    }
    match book(world, item, program, now, ids) {
        Ok(booked) => Decision::Book(Box::new(booked)),
        Err(refusal) => Decision::Refuse(refusal),
    }
}

fn known_delivery(world: &World, item: &Item) -> Option<Decision> {
    let key = item.checked.delivery_key.clone()?;
    let first = world.deliveries.get(&(item.owner, item.integration, key))?;
    let same =
        first.content_format == CONTENT_FORMAT && first.content_hash == item.checked.content_hash;
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
        let detail = format!("This program's amounts are in {currency}.");
        return Some(wrong("/amount/currency", "currency_mismatch", detail));
    }
    if let Some(click) = checked.click {
        let link = world.links.get(&click.link_number());
        match link {
            None => {
                let detail = "No link here has made this click id.".to_owned();
                return Some(wrong("/click_id", "click_unknown", detail));
            }
            Some(link) if (link.owner, link.program) != (item.owner, checked.program) => {
                let detail = "This click id is of another program.".to_owned();
                return Some(wrong("/click_id", "click_foreign", detail));
            }
            Some(_) => {}
        }
    }
    if let Some(key) = &checked.code_key
        && !world.coupons.contains_key(&(checked.program, key.clone()))
    {
        let detail = "No partner of this program has this code.".to_owned();
        return Some(wrong("/code", "code_unknown", detail));
    }
    if let Some(partner) = checked.partner
        && named(world, item).is_none()
    {
        let detail = format!("{partner} is not a partner of this program.");
        return Some(wrong("/partner", "partner_unknown", detail));
    }
    if checked.via.is_some() && named(world, item).is_none() {
        let detail = "No partner of this program has this referral code.".to_owned();
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
    let customer = checked
        .customer
        .as_ref()
        .and_then(|external| world.customers.get(&(owner, external.clone())))
        .copied();
    let before = customer.and_then(|id| world.counters.get(&(owner, checked.program, id)).cloned());
    let coupon = checked
        .code_key
        .as_ref()
        .and_then(|key| world.coupons.get(&(checked.program, key.clone())))
        .cloned();
    let mut clicks = customer
        .and_then(|id| world.customer_clicks.get(&(owner, id)).cloned())
        .unwrap_or_default();
    clicks.extend(checked.click.map(|id| *id.as_bytes()));
    let clues = Clues {
        clicks,
        coupon: coupon.clone(),
        assigned: before.as_ref().and_then(|it| Some((it.partnership?, it.assigned_at?))),
        named: named(world, item),
    };
    let shape = Shape {
        owner,
        program,
        event: &checked.event,
        occurred_at: checked.occurred_at,
        amount: checked.amount,
        net_amount: checked.net_amount,
        quantity: checked.quantity,
        before: customer.map(|_| before.as_ref().map_or_else(Before::default, Before::from)),
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
    let kind = kind_of(&checked.event, checked.amount.is_some_and(|it| !it.is_zero()));
    let counters = customer.map(|id| {
        after(owner, program, id, before, kind, checked.occurred_at, &verdict.decided.attribution)
    });
    let commissions = verdict.commissions(&conversion, program, now, ids);
    Ok(Booked { conversion, commissions, counters, decided: verdict.decided })
}

/// Counters after a conversion, paid for or not.
fn after(
    owner: OrganisationId,
    program: &ProgramWorld,
    customer: CustomerId,
    before: Option<CustomerCounters>,
    kind: EventKind,
    occurred_at: Timestamp,
    attribution: &Attribution,
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
    });
    match kind {
        EventKind::Sale => {
            it.payments += 1;
            it.first_payment_at.get_or_insert(occurred_at);
        }
        EventKind::Lead => it.leads += 1,
        EventKind::Click => {}
    }
    if it.partnership.is_none()
        && let [credit] = attribution.credits.as_slice()
    {
        it.partnership = Some(credit.partnership);
        it.assigned_at = Some(occurred_at);
    }
    it
}

/// What is judged: the facts of a conversion, free of where they came from.
#[derive(Debug)]
pub(crate) struct Shape<'a> {
    pub(crate) owner: OrganisationId,
    pub(crate) program: &'a ProgramWorld,
    pub(crate) event: &'a tributary_commission::EventName,
    pub(crate) occurred_at: Timestamp,
    pub(crate) amount: Option<Money>,
    pub(crate) net_amount: Option<Money>,
    pub(crate) quantity: u32,
    /// None if no customer is known.
    pub(crate) before: Option<Before>,
}

/// A judged and priced conversion.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) decided: DecidedJourney,
    pub(crate) evaluation: Option<Evaluation>,
    pub(crate) plan: Option<tributary_kernel::PlanId>,
}

/// Gathers the journey, gives credit, and asks the plan.
pub(crate) fn judge_and_price(
    world: &World,
    shape: &Shape<'_>,
    clues: &Clues,
) -> Result<Verdict, Refusal> {
    let program = shape.program;
    let policy = policy_of(&program.program);
    let journey = gather(world, shape.owner, program.program.id, shape.occurred_at, clues);
    let attribution = credit(&journey, shape.occurred_at, &policy, &program.zone);
    let decided =
        DecidedJourney { journey, attribution, policy, before: shape.before, not_paid: None };
    price(shape, decided)
}

/// Asks the plan what credits earn.
pub(crate) fn price(shape: &Shape<'_>, mut decided: DecidedJourney) -> Result<Verdict, Refusal> {
    let program = shape.program;
    let plan = program.plan_at(shape.occurred_at);
    let credits: Vec<CreditInput> = decided
        .attribution
        .credits
        .iter()
        .map(|it| CreditInput { partnership: it.partnership, partner: it.partner, share: it.share })
        .collect();
    let kind = kind_of(shape.event, shape.amount.is_some_and(|it| !it.is_zero()));
    let customer = shape.before.map(|it| CustomerBefore {
        first_payment_at: it.first_payment_at,
        payments: it.payments,
        leads: it.leads,
        subscription: tributary_commission::SubscriptionBefore::default(),
    });
    let input = EvaluationInput {
        event: shape.event,
        kind,
        occurred_at: shape.occurred_at,
        zone: &program.zone,
        gross: shape.amount,
        net: shape.net_amount,
        quantity: shape.quantity,
        customer,
        credits: &credits,
        details: tributary_commission::Details::default(),
        partners: &[],
        counters: &tributary_commission::NoCounters,
    };
    let evaluation = match plan {
        Some(plan) => Some(evaluate(plan, &input).map_err(|error| unpriced(&error))?),
        None => None,
    };
    decided.not_paid = match evaluation.as_ref() {
        None => Some(NothingPaid { plan: None, facts: None, reason: None }),
        Some(Evaluation { outcome: Outcome::Nothing(reason), facts, .. }) => Some(NothingPaid {
            plan: plan.map(|plan| plan.id()),
            facts: Some(facts.clone()),
            reason: Some(reason.clone()),
        }),
        Some(_) => None,
    };
    Ok(Verdict { decided, evaluation, plan: plan.map(|plan| plan.id()) })
}

fn unpriced(error: &EvaluationError) -> Refusal {
    let pointer = match error {
        EvaluationError::AmountMissing { base: tributary_commission::Base::Net, .. } => {
            "/net_amount"
        }
        _ => "/amount",
    };
    wrong(pointer, error.code(), error.to_string())
}

impl Verdict {
    /// The status of a conversion judged like this.
    pub(crate) fn status(&self) -> ConversionStatus {
        if self.decided.attribution.held.is_some() {
            return ConversionStatus::Held;
        }
        match self.evaluation.as_ref().map(|it| &it.outcome) {
            Some(Outcome::Paid { .. }) => ConversionStatus::Pending,
            None
            | Some(Outcome::Nothing(
                NotPaid::NobodyCredited
                | NotPaid::NoRuleMatched
                | NotPaid::AmountZero { .. }
                | NotPaid::CapReached { .. },
            )) => ConversionStatus::Uncredited,
        }
    }

    /// The commissions of a conversion judged like this.
    pub(crate) fn commissions(
        &self,
        conversion: &StoredConversion,
        program: &ProgramWorld,
        now: Timestamp,
        ids: &dyn Ids,
    ) -> Vec<StoredCommission> {
        let (Some(evaluation), Some(plan)) = (&self.evaluation, self.plan) else {
            return Vec::new();
        };
        let zone = &program.zone;
        let (_, link) = self.decided.counted_for();
        let line = |it: &tributary_commission::Line| {
            let usual = u16::try_from(program.program.terms.hold_days).unwrap_or(u16::MAX);
            let days = it.hold_days.unwrap_or(usual);
            StoredCommission {
                id: ids.commission(),
                owner: conversion.owner,
                conversion: conversion.id,
                program: conversion.program,
                partnership: it.partnership,
                partner: it.partner,
                link,
                plan,
                rule: it.record.rule.as_str().to_owned(),
                state: CommissionState::Pending,
                amount: it.amount,
                reversed_amount: 0,
                due_at: hold_until(zone, conversion.occurred_at, days),
                occurred_at: conversion.occurred_at,
                local_day: zone.date(conversion.occurred_at),
                event: conversion.kind.clone(),
                booked_seq: 0,
                created_at: now,
                record: serde_json::to_string(&it.record).expect("our types have string keys"),
                reason: None,
                payout: None,
                test: conversion.test,
            }
        };
        evaluation.lines().iter().map(line).collect()
    }
}
