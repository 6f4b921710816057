use axum::Json;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tributary_app::conversion::{
    Compared, ComparedLine, OtherPlan, PartnerChange, Simulate, Simulation, Unpriced, simulate,
};
use tributary_commission::PlanDocument;
use tributary_directory::Permission;
use tributary_kernel::{ConversionId, FieldError, LocalDate, PartnerId, PartnershipId, PlanId};
use tributary_money::{Currency, Money};
use tributary_web::{Caller, JsonBody, PathOf, Problem, ProblemField};

use crate::Once;
use crate::doc::Doc;
use crate::v1::explanation::{ExplainedOut, ExplanationOut, WhyNothingOut};
use crate::v1::programs::ProgramPath;
use crate::wire::MoneyOut;

/// More than this are not replayed while somebody waits.
const CONVERSIONS_MAX: u64 = 200_000;
/// Partners that are named; the sums are of all.
const PARTNERS_MAX: usize = 200;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such program."),
    (422, "invalid", "The plan, the period or the conversion is wrong; `errors` names each place."),
];

pub(super) const DOC: Doc = Doc {
    id: "simulate_plan",
    tag: "plans",
    summary: "See what another plan would have cost",
    detail: "The conversions of a period under a draft, a ready plan or another version: what they \
             cost now and would have cost, after refunds and without what was declined by hand. \
             Counters of the other plan begin where its periods begin, as if it had held from \
             there on; partners are as they are today. Does nothing. At most 200,000 conversions; \
             `tributary simulate` takes any number.",
    scope: Some("read"),
    errors: ERRORS,
};

/// Another plan and a period. Exactly one of `document`, `ready` and `plan` is given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SimulatePlan")]
pub(super) struct Body {
    /// A draft, format 1.
    #[serde(default)]
    #[schemars(with = "Option<PlanDocument>")]
    document: Option<Box<RawValue>>,
    /// A ready plan, as `hubspot`; its amounts are taken as the program's currency.
    #[serde(default)]
    ready: Option<String>,
    /// A version of the program's plan.
    #[serde(default)]
    plan: Option<PlanId>,
    /// First day, in the program's zone.
    from: LocalDate,
    /// Last day.
    until: LocalDate,
    /// One conversion of the period to be explained under both.
    #[serde(default)]
    conversion: Option<ConversionId>,
}

impl Body {
    fn plan(&self) -> Result<OtherPlan, FieldError> {
        let document = self.document.as_ref().map(|it| it.get().as_bytes().to_vec());
        let given = [
            document.map(OtherPlan::Document),
            self.ready.clone().map(OtherPlan::Ready),
            self.plan.map(OtherPlan::Version),
        ];
        let mut given = given.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(plan), None) => Ok(plan),
            _ => {
                let detail = "Give exactly one of document, ready and plan.";
                Err(FieldError::new("/document", "exactly_one", detail))
            }
        }
    }
}

/// What a period's conversions cost under two plans.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PlanSimulation")]
pub(super) struct SimulationOut {
    /// The other plan's name.
    plan_name: String,
    /// What somebody would have to confirm to publish it.
    warnings: Vec<ProblemField>,
    /// First day.
    from: LocalDate,
    /// Last day.
    until: LocalDate,
    /// Conversions that were compared.
    conversions: u64,
    /// What their customers paid and kept, where a partner was credited.
    revenue: MoneyOut,
    /// Customers who paid for the first time, and whom a partner has brought.
    customers: u64,
    /// Under the plan that was in force.
    now: SideOut,
    /// Under the other.
    then: SideOut,
    /// Partners that would earn more.
    winners: usize,
    /// Partners that would earn less.
    losers: usize,
    /// Partners whose amount changes most first, at most 200.
    partners: Vec<PartnerOut>,
    /// Conversions that wait for a person and are not compared.
    held: u64,
    /// Conversions that lack what the other plan needs; not compared.
    unpriced: Vec<UnpricedOut>,
    /// The conversion that was asked for.
    compared: Option<ComparedOut>,
}

/// What one of the plans comes to.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PlanSide")]
struct SideOut {
    /// All commission.
    commission: MoneyOut,
    /// Conversions that were paid for.
    paid: u64,
    /// Commission for each new customer; null if there was none.
    per_customer: Option<MoneyOut>,
}

/// A partner under both.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SimulatedPartner")]
struct PartnerOut {
    /// The partnership.
    partnership: PartnershipId,
    /// The partner.
    partner: PartnerId,
    /// Its name.
    name: String,
    /// What it earned.
    now: MoneyOut,
    /// What it would have earned.
    then: MoneyOut,
}

/// Conversions that lack something.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "UnpricedConversions")]
struct UnpricedOut {
    /// `amount_missing`, `deduction_missing`, ….
    code: &'static str,
    /// The field of a report.
    pointer: String,
    /// How many.
    count: u64,
    /// The first of them.
    first: ConversionId,
}

/// One conversion under both.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ComparedConversion")]
struct ComparedOut {
    /// Which.
    conversion: ConversionId,
    /// What it earned, and why.
    now: Vec<ExplainedOut>,
    /// Why it earned nothing.
    now_nothing: Option<WhyNothingOut>,
    /// What it would have earned, and why.
    then: Vec<ComparedLineOut>,
    /// Why it would have earned nothing.
    then_nothing: Option<ExplanationOut>,
}

/// What a partnership would have earned of it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ComparedLine")]
struct ComparedLineOut {
    /// Whose.
    partnership: PartnershipId,
    /// Before refunds.
    amount: MoneyOut,
    /// What steps of retroactive tiers that were reached later have added.
    raised: MoneyOut,
    /// Why; null of a bonus.
    explanation: Option<ExplanationOut>,
}

fn partner_out(it: PartnerChange, currency: Currency) -> PartnerOut {
    PartnerOut {
        partnership: it.partnership,
        partner: it.partner,
        name: it.name,
        now: Money::new(it.now, currency).into(),
        then: Money::new(it.then, currency).into(),
    }
}

fn compared_out(it: Compared, currency: Currency) -> ComparedOut {
    let line = |it: ComparedLine| ComparedLineOut {
        partnership: it.partnership,
        amount: it.amount.into(),
        raised: Money::new(it.raised, currency).into(),
        explanation: it.explanation.map(ExplanationOut::from),
    };
    let (now, nothing) = it.now.map(|it| (it.commissions, it.nothing)).unwrap_or_default();
    ComparedOut {
        conversion: it.conversion,
        now: now.into_iter().map(ExplainedOut::from).collect(),
        now_nothing: nothing.map(WhyNothingOut::from),
        then: it.then.into_iter().map(line).collect(),
        then_nothing: it.nothing.map(ExplanationOut::from),
    }
}

impl From<Simulation> for SimulationOut {
    fn from(it: Simulation) -> Self {
        let money = |minor| MoneyOut::from(Money::new(minor, it.currency));
        let (each_now, each_then) = it.per_customer().unzip();
        let side = |minor, paid, each: Option<i64>| SideOut {
            commission: money(minor),
            paid,
            per_customer: each.map(money),
        };
        let unpriced = |it: Unpriced| {
            let Unpriced { code, pointer, count, first } = it;
            UnpricedOut { code, pointer, count, first }
        };
        let warnings = it.warnings.iter().map(|it| ProblemField {
            pointer: format!("/document{}", it.pointer),
            code: it.code.to_owned(),
            detail: it.detail.to_string(),
        });
        Self {
            warnings: warnings.collect(),
            from: it.from,
            until: it.until,
            conversions: it.conversions,
            revenue: money(it.revenue),
            customers: it.customers,
            now: side(it.now, it.paid_now, each_now),
            then: side(it.then, it.paid_then, each_then),
            winners: it.winners().count(),
            losers: it.losers().count(),
            held: it.left_out.held,
            unpriced: it.left_out.unpriced.into_iter().map(unpriced).collect(),
            partners: it
                .partners
                .into_iter()
                .take(PARTNERS_MAX)
                .map(|partner| partner_out(partner, it.currency))
                .collect(),
            compared: it.compared.map(|compared| compared_out(compared, it.currency)),
            plan_name: it.plan_name,
        }
    }
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<ProgramPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<SimulationOut>, Problem> {
    caller.require(Permission::Read)?;
    let input = Simulate {
        owner: caller.owner,
        program: path.id,
        plan: body.plan().map_err(tributary_app::AppError::from)?,
        from: body.from,
        until: body.until,
        explain: body.conversion,
        conversions_max: Some(CONVERSIONS_MAX),
    };
    let found = simulate(state.app(), &caller.actor, input).await?;
    Ok(Json(found.into()))
}
