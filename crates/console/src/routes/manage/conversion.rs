use std::collections::BTreeSet;

use axum::extract::State;
use tributary_app::conversion::{
    CreditProposal, Replaced, Vouch, confirm_credit_change, dismiss_credit_change,
    find_credit_change, settle_held,
};
use tributary_app::explain::{
    ExplainedCommission, ModelCredit, compare_models, explain_conversion,
};
use tributary_attribution::{CreditChange, CreditKey, Model};
use tributary_directory::Permission;
use tributary_kernel::{ConversionId, ProgramId, limits};
use tributary_money::{Money, Share};
use tributary_store::access::list_keys;
use tributary_store::decision::ConversionStatus;
use tributary_store::list::PageRequest;
use tributary_store::work::find_conversion;
use tributary_web::{CheckedForm, PathOf, Problem};

use super::Desk;
use crate::Flash;
use crate::pages::{CommissionLine, ConversionDetail, JourneyCredit, ModelRow, ReplacedRow};
use crate::parts::CommissionState;
use crate::routes::answer::{Answer, done, mendable, not_found, refusal_flash, told};
use crate::routes::explained::{self, Known};
use crate::routes::given::Given;
use crate::routes::lists::stored;
use crate::routes::words::event_name;
use crate::routes::{ConsoleState, states};

pub(in crate::routes) async fn get(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): PathOf<(ProgramId, ConversionId)>,
) -> Answer {
    let app = state.app();
    let found = explain_conversion(app, &desk.actor, id).await?;
    if found.conversion.program != desk.program.id {
        return Err(not_found("conversion"));
    }
    let commissions: Vec<&ExplainedCommission> = found.commissions.iter().collect();
    let proposed = find_credit_change(app, &desk.actor, desk.owner, id).await?;
    let mut known = Known::of(app, &found.credit, &commissions).await?;
    let others = found.replaced.iter().flat_map(|it| &it.changes).map(|it| it.partnership);
    let proposals = proposed.iter().flat_map(|it| &it.change.changes).map(|it| it.partnership);
    known.learn(app, others.chain(proposals).collect()).await?;
    let it = &found.conversion;
    let kind = event_name(&desk.frame(), &it.kind);
    let manual = commissions.iter().any(|it| it.commission.is_manual());
    let window_days = desk.program.terms.window_days;
    let window = i32::try_from(window_days).unwrap_or(0);
    let credited = found.credit.touches.iter().filter(|touch| touch.share.is_some());
    let credited: BTreeSet<_> = credited.filter_map(|touch| touch.partnership).collect();
    let credit = credited.into_iter().map(|id| JourneyCredit {
        partner: known.partner(id),
        share: explained::share_of(&found.credit, id),
    });
    let credit: Vec<JourneyCredit> = credit.collect();
    let paid: u32 = credit.iter().map(|it| it.share.get()).sum();
    let line = |it: &ExplainedCommission| CommissionLine {
        id: it.commission.id.to_string(),
        partner: known.partner(it.commission.partnership),
        state: states::commission_state(&it.commission),
        arithmetic: explained::arithmetic(it, &known),
    };
    let view = ConversionDetail {
        id: it.id.to_string(),
        at: it.occurred_at,
        state: states::conversion_state(it.status, it.returned.minor),
        reference: Some(it.reference.clone()).filter(|_| !manual),
        manual,
        value: (!it.amount.is_zero()).then_some(it.amount),
        source: source(&desk, id).await?,
        window_from: Some(desk.zone.date(it.occurred_at).plus_days(-window)),
        window_days,
        journey: explained::journey(&found.credit, &known),
        unpaid_share: Share::new(Share::PARTS.saturating_sub(paid))
            .ok()
            .filter(|share| !share.is_zero() && paid > 0),
        credit,
        model: explained::model(&found.credit),
        commissions: found.commissions.iter().filter(|it| shown(it)).map(line).collect(),
        // One stream alone says what the line below it says.
        streams: explained::streams(&found, &known).filter(|figure| figure.streams.len() > 1),
        not_paid: explained::not_paid(&found.credit, found.nothing.as_ref(), &kind, &known),
        models: models(&desk, id, &known).await?,
        proposed: proposed.map(|it| shown_change(&it, &known)),
        replaced: found.replaced.iter().map(|it| replaced(it, &known)).collect(),
        may_settle: it.status == ConversionStatus::Held,
        may_adjust: !manual
            && !matches!(it.status, ConversionStatus::Held | ConversionStatus::Reversed),
        may_correct: !found.departed && it.returned.is_zero() && !it.amount.is_zero(),
        may_depart: !found.departed && found.commissions.iter().any(may_depart),
        refundable: Some(rest_of(it.amount, it.returned)).filter(|rest| rest.minor > 0),
        returned: Some(it.returned).filter(|returned| returned.minor > 0),
        kind,
    };
    Ok(desk.page(view))
}

/// Whether the plan takes something back of it when the customer leaves.
fn may_depart(it: &ExplainedCommission) -> bool {
    it.clawback.is_some() && it.commission.remaining() > 0 && !it.commission.is_closed()
}

/// What every model gives it; a conversion without touches is not asked.
async fn models(desk: &Desk, id: ConversionId, known: &Known) -> Result<Vec<ModelRow>, Problem> {
    let found = compare_models(desk.state.app(), &desk.actor, id).await?;
    if found.iter().all(|it| it.shares.is_empty()) {
        return Ok(Vec::new());
    }
    let name = |key: &CreditKey| match key {
        CreditKey::Partnership(id) => known.partner(*id),
        CreditKey::Channel(channel) => channel.as_str().replace('_', " "),
    };
    let row = |it: ModelCredit| ModelRow {
        model: it.model,
        decided: it.decided,
        shares: it.shares.iter().map(|(key, share)| (name(key), *share)).collect(),
    };
    Ok(found.into_iter().map(row).collect())
}

fn shown_change(it: &CreditProposal, known: &Known) -> ReplacedRow {
    let change = |it: &CreditChange| (known.partner(it.partnership), it.before, it.after);
    ReplacedRow {
        at: it.proposed_at,
        model: Model::LastPartnerClick,
        causes: it.change.causes.iter().copied().collect(),
        changes: it.change.changes.iter().map(change).collect(),
    }
}

/// Books a change of credit, or leaves it.
pub(in crate::routes) async fn credit(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): PathOf<(ProgramId, ConversionId)>,
    form: CheckedForm,
) -> Answer {
    desk.require(Permission::Decide)?;
    let given = Given::from(form);
    let path = desk.at(&format!("/conversions/{id}"));
    let (app, actor, owner) = (state.app(), &desk.actor, desk.owner);
    let found = find_credit_change(app, actor, owner, id).await?;
    if found.is_none_or(|it| it.program != desk.program.id) {
        return Err(not_found("conversion"));
    }
    let (result, word) = match given.text("change") {
        "confirm" => (confirm_credit_change(app, actor, owner, id).await, "done-credit-change"),
        "dismiss" => (dismiss_credit_change(app, actor, owner, id).await, "done-credit-kept"),
        _ => return Ok(told(&state, &path, &refusal_flash("invalid"))),
    };
    match result {
        Ok(()) => Ok(done(&state, &path, word)),
        Err(error) => Ok(told(&state, &path, &refusal_flash(mendable(error)?.code))),
    }
}

fn replaced(it: &Replaced, known: &Known) -> ReplacedRow {
    let change = |it: &CreditChange| (known.partner(it.partnership), it.before, it.after);
    ReplacedRow {
        at: it.at,
        model: it.model,
        causes: it.causes.iter().copied().collect(),
        changes: it.changes.iter().map(change).collect(),
    }
}

/// What is left to give back.
const fn rest_of(amount: Money, returned: Money) -> Money {
    Money::new(amount.minor - returned.minor, amount.currency)
}

/// Commissions that another decision replaced are in the ledger, not on the page.
pub(super) fn shown(it: &ExplainedCommission) -> bool {
    let state = states::commission_state(&it.commission);
    let replaced = matches!(it.commission.reason.as_deref(), Some("redecided" | "correction"));
    !(state == CommissionState::Reversed && replaced)
}

/// The connection that reported it, by the names of its keys: which of them it was is not kept.
async fn source(desk: &Desk, id: ConversionId) -> Result<String, Problem> {
    let mut conn = desk.read().await?;
    let found = stored(find_conversion(&mut *conn, desk.viewer(), id).await)?;
    let page = PageRequest { limit: limits::PAGE_ROWS_MAX, after: None };
    let keys = stored(list_keys(&mut *conn, desk.owner, page).await)?;
    let integration = found.map(|it| it.integration);
    if integration.is_some_and(|it| it.as_bytes() == desk.owner.as_bytes()) {
        return Ok(desk.frame().t("conversion-by-people"));
    }
    let of_it = keys.items.into_iter().filter(|key| Some(key.integration) == integration);
    let mut names: Vec<String> = of_it.map(|key| key.name).collect();
    names.sort();
    names.dedup();
    Ok(if names.is_empty() { "–".to_owned() } else { names.join(", ") })
}

/// Settles a conversion that waits for a person's look.
pub(in crate::routes) async fn settle(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): PathOf<(ProgramId, ConversionId)>,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let path = desk.at(&format!("/conversions/{id}"));
    let found = explain_conversion(state.app(), &desk.actor, id).await?;
    if found.conversion.program != desk.program.id {
        return Err(not_found("conversion"));
    }
    let vouch = match given.text("vouch") {
        "accept" => Vouch::Accept,
        "reject" => Vouch::Reject,
        _ => {
            let flash = Flash::bad("refusal-invalid");
            return Ok(told(&state, &path, &flash));
        }
    };
    match settle_held(state.app(), &desk.actor, desk.owner, id, vouch).await {
        Ok(()) => Ok(done(&state, &path, "done-settled")),
        Err(error) => Ok(told(&state, &path, &refusal_flash(mendable(error)?.code))),
    }
}
