//! What the credits of a conversion earn under its program's plan: pure.

use tributary_commission::{
    Award, CompiledPlan, CreditInput, Details, Evaluation, EvaluationError, EvaluationInput, Line,
    Outcome, RecruitedCommission, evaluate, recruiting,
};
use tributary_kernel::{CustomerId, OrganisationId, Refusal, Timestamp};
use tributary_money::Money;

use super::agreement::{Counted, LentPartners, Standing, chain_of, recruiters};
use super::catalogue::kind_of;
use super::context::ContextFor;
use super::details::{Lent, ReportedDetails};
use super::input::wrong;
use super::journey::{Before, DecidedJourney, NothingPaid, NothingPaidTo, Rewarded};
use super::totals::{self, Seen};
use super::verdict::Verdict;
use super::world::{ProgramWorld, World};

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
    pub(crate) customer: Option<CustomerId>,
    /// The code that was used, normalised.
    pub(crate) code: Option<&'a str>,
    /// What else was reported.
    pub(crate) details: Option<&'a ReportedDetails>,
}

/// Asks the plan what credits earn. `without` is what an earlier decision of the same conversion
/// has added to counters.
pub(crate) fn price(
    world: &World,
    shape: &Shape<'_>,
    mut decided: DecidedJourney,
    without: &[Counted],
) -> Result<Verdict, Refusal> {
    let program = shape.program;
    let id = program.program.id;
    let Some(version) = program.version_at(shape.occurred_at) else {
        decided.not_paid = Some(NothingPaid { plan: None, facts: None, reason: None });
        let (recruited, awards) = (Vec::new(), Vec::new());
        let mut standing = Standing::of(world, id, without);
        if world.keeps_totals(id) {
            standing.add(&seen_in(shape).of_all(&decided));
        }
        let counted = standing.counted();
        decided.counted = Counted::all(&counted);
        let (evaluation, plan) = (None, None);
        return Ok(Verdict { decided, evaluation, plan, recruited, awards, counted });
    };
    let plan = &*version.plan;
    let credits: Vec<CreditInput> = decided
        .attribution
        .credits
        .iter()
        .map(|it| CreditInput { partnership: it.partnership, partner: it.partner, share: it.share })
        .collect();
    let lent = shape.details.map(Lent::of);
    let touches: Vec<_> = decided.contexts.iter().map(ContextFor::input).collect();
    let partners = match version.needs.partnership || version.needs.profile {
        true => LentPartners::of(world, credits.iter().map(|credit| credit.partnership)),
        false => LentPartners::default(),
    };
    let mut standing = Standing::of(world, id, without);
    let evaluation = evaluate(
        plan,
        &EvaluationInput {
            event: shape.event,
            kind: kind_of(shape.event, shape.amount.is_some_and(|it| !it.is_zero())),
            occurred_at: shape.occurred_at,
            zone: &program.zone,
            gross: shape.amount,
            net: shape.net_amount,
            quantity: shape.quantity,
            customer: shape.before.map(|it| it.customer()),
            credits: &credits,
            details: Details { touches: &touches, ..details_of(shape, lent.as_ref(), &decided) },
            partners: &partners
                .inputs(&program.zone, version.needs.totals.then_some((world, &standing))),
            counters: &standing,
        },
    )
    .map_err(|error| unpriced(&error))?;
    standing.add(&evaluation.increments);
    let mut awards = evaluation.awards.clone();
    let recruited = match version.needs.recruiters {
        true => recruit(world, shape, plan, &evaluation, &mut standing, &mut awards)?,
        false => Vec::new(),
    };
    if version.needs.totals {
        standing.add(&seen_in(shape).of_all(&decided));
        let lines = evaluation.lines().iter().chain(recruited.iter().map(|(_, line)| line));
        let lines = lines.map(|line| totals::earned(line.partnership, line.amount.minor));
        let given = awards.iter().filter_map(|it| Some((it.partnership, it.money()?.minor)));
        let given = given.map(|(partnership, minor)| totals::earned(partnership, minor));
        standing.add(&lines.chain(given).collect::<Vec<_>>());
    }
    let counted = standing.counted();
    decided.counted = Counted::all(&counted);
    decided.not_paid = match &evaluation.outcome {
        Outcome::Nothing(reason) => Some(NothingPaid {
            plan: Some(plan.id()),
            facts: Some(evaluation.facts.clone()),
            reason: Some(reason.clone()),
        }),
        Outcome::Paid { .. } => None,
    };
    decided.unpaid = evaluation.unpaid.iter().map(NothingPaidTo::from).collect();
    let (money, others): (Vec<_>, Vec<_>) =
        awards.into_iter().partition(|award| award.money().is_some());
    decided.rewards = others.into_iter().map(Rewarded::from).collect();
    let (evaluation, plan) = (Some(evaluation), Some(plan.id()));
    Ok(Verdict { decided, evaluation, plan, recruited, awards: money, counted })
}

/// What a conversion is to the totals of those who are credited with it.
fn seen_in(shape: &Shape<'_>) -> Seen {
    Seen {
        kind: kind_of(shape.event, shape.amount.is_some_and(|it| !it.is_zero())),
        first: shape.before.is_none_or(|it| it.first_payment_at.is_none()),
        gross: shape.amount.map_or(0, |it| it.minor),
    }
}

/// What is known of a conversion besides its amounts and customer.
fn details_of<'a>(
    shape: &Shape<'a>,
    lent: Option<&'a Lent<'a>>,
    decided: &'a DecidedJourney,
) -> Details<'a> {
    let mut details = lent.map_or_else(Details::default, |it| it.details(shape.owner));
    details.customer = shape.customer.map(|id| *id.as_bytes());
    details.code = shape.code;
    details.channel = decided.leading_touch().map(|touch| touch.channel.as_str());
    if let Some(context) = &decided.context {
        details.campaign = context.campaign.as_deref();
        details.link = context.link.as_deref();
        details.promotion_method = context.method.as_deref();
        if let Some(sub_ids) = &context.sub_ids {
            details.sub_ids = sub_ids.each_ref().map(Option::as_deref);
        }
    }
    details
}

/// What those earn who recruited whom the lines pay.
fn recruit(
    world: &World,
    shape: &Shape<'_>,
    plan: &CompiledPlan,
    evaluation: &Evaluation,
    standing: &mut Standing<'_>,
    awards: &mut Vec<Award>,
) -> Result<Vec<(usize, Line)>, Refusal> {
    let zone = &shape.program.zone;
    let mut recruited = Vec::new();
    for (place, line) in evaluation.lines().iter().enumerate() {
        let chain = chain_of(world, line.partnership);
        if chain.is_empty() {
            continue;
        }
        let joined = world.partnerships.get(&line.partnership).and_then(|it| it.joined_at);
        let commission = RecruitedCommission {
            amount: line.amount,
            occurred_at: shape.occurred_at,
            zone,
            joined_on: zone.date(joined.unwrap_or(shape.occurred_at)),
        };
        let about = LentPartners::of(world, chain.iter().map(|it| it.id));
        let kept = world.keeps_totals(shape.program.program.id);
        let about = about.inputs(zone, kept.then_some((world, &*standing)));
        let answers = recruiting(plan, &commission, &recruiters(&chain, &about), standing)
            .map_err(|error| unpriced(&error))?;
        for answer in answers {
            standing.add(&answer.increments);
            awards.extend(answer.awards.iter().cloned());
            recruited.extend(answer.lines().iter().map(|line| (place, line.clone())));
        }
    }
    Ok(recruited)
}

fn unpriced(error: &EvaluationError) -> Refusal {
    use tributary_commission::{Base, Deduction};
    let of_base = |base: Base| match base {
        Base::Net => "/net_amount",
        Base::Margin => "/margin",
        Base::Contracted => "/first_year",
        Base::Increase => "/previous_amount",
        Base::Gross | Base::Expected => "/amount",
    };
    let pointer = match error {
        EvaluationError::AmountMissing { base, .. } | EvaluationError::AmountNegative { base } => {
            of_base(*base)
        }
        EvaluationError::DeductionMissing { deduction, .. } => match deduction {
            Deduction::Tax => "/tax",
            Deduction::Shipping => "/shipping",
            Deduction::Discount => "/discount",
        },
        EvaluationError::TooManyItems => "/items",
        _ => "/amount",
    };
    let field = pointer.trim_start_matches('/');
    let detail = match error {
        EvaluationError::AmountMissing { .. } => {
            format!("{error}: send `{field}`, or publish a plan that does not need it.")
        }
        EvaluationError::DeductionMissing { .. } => {
            format!("{error}: send `{field}`, 0 when there was none.")
        }
        other => format!("{other}."),
    };
    wrong(pointer, error.code(), detail)
}
