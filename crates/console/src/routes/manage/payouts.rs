use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use tributary_app::AppError;
use tributary_app::payout::{
    ApproveRun, PayoutOfRun, PreviewedRun, Rail, RunFile, RunWithTotal, StoredBankReply,
    approve_run, bank_reason, cancel_run, fetch_bank_files, find_payout, find_run, list_replies,
    list_runs, mark_paid, mark_sent, payouts_table, preview_run, return_payout,
};
use tributary_directory::Permission;
use tributary_kernel::{FieldError, PayoutId, PayoutRunId, ProgramId, limits};
use tributary_money::Money;
use tributary_payout::plan::LeftOutReason;
use tributary_store::list::PageRequest;
use tributary_store::payout::{PayoutState as StoredPayout, RunState as StoredRun};
use tributary_web::{CheckedForm, PathOf, Problem};

use super::Desk;
use super::bank_replies::{file_field, why};
use crate::pages::{
    BankReplyRow, Confirm, HeldBack, HeldReason, Leaves, PayoutLine, PayoutRunPage, PayoutRunRow,
    PayoutsList,
};
use crate::parts::{PayoutState, RunState};
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, not_found, refusal_flash, told};
use crate::routes::given::Given;

/// Answers of banks on the page; older ones are in the API.
const REPLIES_SHOWN: u32 = 20;

const fn run_state(it: &RunWithTotal) -> RunState {
    match it.run.state {
        StoredRun::Approved => RunState::Approved,
        StoredRun::Sent if it.payouts > 0 && it.paid + it.returned == it.payouts => RunState::Paid,
        StoredRun::Sent => RunState::Sent,
        StoredRun::Cancelled => RunState::Cancelled,
    }
}

/// Where a payout stands, for both sides.
pub(in crate::routes) const fn payout_state(state: StoredPayout) -> PayoutState {
    match state {
        StoredPayout::Approved => PayoutState::Planned,
        StoredPayout::Sent => PayoutState::Sent,
        StoredPayout::Paid => PayoutState::Paid,
        StoredPayout::Returned => PayoutState::Returned,
        StoredPayout::Cancelled => PayoutState::Cancelled,
    }
}

const fn held_reason(reason: &LeftOutReason) -> HeldReason {
    match reason {
        LeftOutReason::TestMoney => HeldReason::Test,
        LeftOutReason::NegativeBalance => HeldReason::Negative,
        LeftOutReason::NothingDue => HeldReason::NothingDue,
        LeftOutReason::BelowThreshold { .. } => HeldReason::BelowMinimum,
        LeftOutReason::NoBankDetails => HeldReason::NoBankDetails,
        LeftOutReason::DetailsHeld(_) => HeldReason::BankCheck,
        LeftOutReason::AccountCannotReceive => HeldReason::AccountKind,
        LeftOutReason::RunFull => HeldReason::Full,
        LeftOutReason::TaxDetails(_) => HeldReason::TaxDetails,
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

async fn preview(desk: &Desk) -> Result<PreviewedRun, Problem> {
    let (owner, program) = (desk.owner, desk.program.id);
    Ok(preview_run(desk.state.app(), &desk.actor, owner, program, None).await?)
}

pub(in crate::routes) async fn get(State(_): State<ConsoleState>, desk: Desk) -> Answer {
    let view = list_view(&desk, None).await?;
    Ok(desk.page(view))
}

/// The page again with a file that was not taken.
pub(super) async fn refused_file(desk: &Desk, error: FieldError) -> Answer {
    let view = list_view(desk, Some(error)).await?;
    Ok(desk.refused(view, None))
}

async fn list_view(desk: &Desk, error: Option<FieldError>) -> Result<PayoutsList, Problem> {
    let app = desk.state.app();
    let next = preview(desk).await?;
    let page = PageRequest { limit: limits::PAGE_ROWS_MAX, after: None };
    let program = Some(desk.program.id);
    let runs = list_runs(app, &desk.actor, desk.owner, program, page).await?;
    let page = PageRequest { limit: REPLIES_SHOWN, after: None };
    let replies = list_replies(app, &desk.actor, desk.owner, page).await?;
    let row = |it: &RunWithTotal| PayoutRunRow {
        id: it.run.id.to_string(),
        day: it.run.pay_on,
        partners: it.payouts,
        total: it.total,
        state: run_state(it),
    };
    let reply = |it: &StoredBankReply| BankReplyRow {
        id: it.id.to_string(),
        name: it.name.clone(),
        at: it.created_at,
        confirmed: it.confirmed_at.is_some(),
    };
    Ok(PayoutsList {
        next_day: next.pay_on,
        next_total: next.total,
        next_partners: whole(next.payouts.len()),
        held_back: whole(next.left_out.len()),
        runs: runs.items.iter().map(row).collect(),
        replies: replies.items.iter().map(reply).collect(),
        file: file_field(error),
    })
}

fn previewed(run: PreviewedRun) -> PayoutRunPage {
    let leaves = match &run.rail {
        Rail::BankFile { payer: Some(payer), .. } => {
            Leaves::BankFile { from: Some(super::payer::shown(payer)) }
        }
        Rail::BankFile { payer: None, .. } => Leaves::NoAccount,
        Rail::ByHand => Leaves::ByHand,
    };
    let lines = run.payouts.into_iter().map(|it| PayoutLine {
        id: None,
        partner: it.name,
        account: it.shown,
        commissions: whole(it.commissions),
        amount: it.total,
        vat: Some(it.vat).filter(|vat| !vat.is_zero()),
        withheld: Some(it.withheld).filter(|withheld| !withheld.is_zero()),
        state: PayoutState::Planned,
        why: None,
    });
    let held = run.left_out.into_iter().map(|it| HeldBack {
        partnership: it.partnership.map(|id| id.to_string()),
        partner: it.name,
        amount: it.total,
        reason: held_reason(&it.reason),
    });
    PayoutRunPage {
        id: None,
        day: run.pay_on,
        state: RunState::Preview,
        lines: lines.collect(),
        held: held.collect(),
        total: run.total,
        commissions: whole(run.commissions),
        leaves,
        seen: run.seen,
        file_hash: None,
        approved: None,
    }
}

pub(in crate::routes) async fn get_preview(State(_): State<ConsoleState>, desk: Desk) -> Answer {
    let run = preview(&desk).await?;
    Ok(desk.page(previewed(run)))
}

/// Approves what was previewed, exactly that.
pub(in crate::routes) async fn post_preview(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    desk.require(Permission::Pay)?;
    let input = ApproveRun {
        owner: desk.owner,
        program: desk.program.id,
        pay_on: None,
        seen: given.text("seen").to_owned(),
    };
    match approve_run(state.app(), &desk.actor, input).await {
        Ok(approved) => {
            let path = desk.at(&format!("/payouts/{}", approved.run.id));
            Ok(done(&state, &path, "done-run-approved"))
        }
        Err(error) => {
            let refusal = mendable(error)?;
            let code = refusal.first_code();
            let view = previewed(preview(&desk).await?);
            Ok(desk.refused(view, Some(refusal_flash(code))))
        }
    }
}

type Place = PathOf<(ProgramId, PayoutRunId)>;

pub(in crate::routes) async fn get_run(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
) -> Answer {
    let found = find_run(state.app(), &desk.actor, desk.owner, id).await?;
    if found.run.run.program != desk.program.id {
        return Err(not_found("payout run"));
    }
    let (leaves, file_hash) = match &found.file {
        RunFile::Made { hash, .. } => (Leaves::BankFile { from: None }, Some(hash)),
        RunFile::ByHand { .. } => (Leaves::ByHand, None),
    };
    let line = |it: &PayoutOfRun| PayoutLine {
        id: Some(it.payout.id.to_string()),
        partner: it.name.clone(),
        account: it.payout.shown.clone(),
        commissions: whole(it.commissions),
        amount: it.payout.amount,
        vat: it.tax.as_ref().map(|tax| tax.vat).filter(|vat| !vat.is_zero()),
        withheld: it.tax.as_ref().map(|tax| tax.withheld).filter(|it| !it.is_zero()),
        state: payout_state(it.payout.state),
        why: bank_reason(&it.payout).as_ref().map(why),
    };
    let run = &found.run.run;
    let view = PayoutRunPage {
        id: Some(run.id.to_string()),
        day: run.pay_on,
        state: run_state(&found.run),
        lines: found.payouts.iter().map(line).collect(),
        held: Vec::new(),
        total: Money::new(found.run.total.minor, run.currency),
        commissions: whole(found.payouts.iter().map(|it| it.commissions).sum()),
        leaves,
        seen: String::new(),
        file_hash: file_hash.map(grouped),
        approved: Some((run.created_at, found.approved_by.unwrap_or_default())),
    };
    Ok(desk.page(view))
}

/// The first bytes of a hash, in groups that people can compare.
fn grouped(hash: &[u8; 32]) -> String {
    let pairs = hash
        .chunks(2)
        .take(5)
        .map(|pair| pair.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    pairs.collect::<Vec<_>>().join(" ")
}

/// The run of a path, when it is this program's.
async fn own_run(desk: &Desk, id: PayoutRunId) -> Result<(), Problem> {
    let found = find_run(desk.state.app(), &desk.actor, desk.owner, id).await?;
    if found.run.run.program == desk.program.id { Ok(()) } else { Err(not_found("payout run")) }
}

/// A file to be kept, never shown: most hold account numbers.
pub(in crate::routes) fn file(name: &str, media_type: &'static str, content: Vec<u8>) -> Response {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name: String = name.chars().filter(|c| plain(*c)).collect();
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, content).into_response()
}

/// The file for the bank. A form and no link: every fetch stands in the audit trail.
pub(in crate::routes) async fn bank_file(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    _: CheckedForm,
) -> Answer {
    own_run(&desk, id).await?;
    let files = fetch_bank_files(state.app(), &desk.actor, desk.owner, id).await?;
    match files.into_iter().next() {
        Some(it) => Ok(file(&it.name, "application/xml", it.content)),
        None => {
            Ok(told(&state, &desk.at(&format!("/payouts/{id}")), &refusal_flash("no_bank_file")))
        }
    }
}

/// The payouts as a table.
pub(in crate::routes) async fn csv(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    _: CheckedForm,
) -> Answer {
    own_run(&desk, id).await?;
    let content = payouts_table(state.app(), &desk.actor, desk.owner, id).await?;
    Ok(file(&format!("payouts-{id}.csv"), "text/csv; charset=utf-8", content))
}

/// What became of an act on a run.
fn after<T>(
    desk: &Desk,
    id: PayoutRunId,
    result: Result<T, AppError>,
    key: &'static str,
) -> Answer {
    let path = desk.at(&format!("/payouts/{id}"));
    match result {
        Ok(_) => Ok(done(&desk.state, &path, key)),
        Err(error) => Ok(told(&desk.state, &path, &refusal_flash(mendable(error)?.code))),
    }
}

/// The bank has the file.
pub(in crate::routes) async fn sent(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    _: CheckedForm,
) -> Answer {
    own_run(&desk, id).await?;
    after(&desk, id, mark_sent(state.app(), &desk.actor, desk.owner, id).await, "done-run-sent")
}

/// The bank has paid.
pub(in crate::routes) async fn paid(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    _: CheckedForm,
) -> Answer {
    own_run(&desk, id).await?;
    after(&desk, id, mark_paid(state.app(), &desk.actor, desk.owner, id).await, "done-run-paid")
}

/// Takes a run back before the bank has it.
pub(in crate::routes) async fn cancel(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    own_run(&desk, id).await?;
    desk.require(Permission::Pay)?;
    if !Given::from(form).is_sure() {
        let found = find_run(state.app(), &desk.actor, desk.owner, id).await?;
        let path = desk.at(&format!("/payouts/{id}"));
        let view = Confirm {
            act_key: "payout-cancel",
            effect_key: "payout-cancel-effect",
            thing: desk.frame().money_text(&found.run.total),
            action: format!("{path}/cancel"),
            fields: Vec::new(),
            back: path.clone(),
        };
        return Ok(desk.page_of_form(view, path));
    }
    let result = cancel_run(state.app(), &desk.actor, desk.owner, id).await;
    after(&desk, id, result, "done-run-cancelled")
}

/// One payout came back.
pub(in crate::routes) async fn came_back(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    own_run(&desk, id).await?;
    desk.require(Permission::Pay)?;
    let payout = given.text("payout").parse::<PayoutId>().map_err(|_| not_found("payout"))?;
    let found = find_payout(state.app(), &desk.actor, payout).await?;
    if found.run != id {
        return Err(not_found("payout"));
    }
    if !given.is_sure() {
        let path = desk.at(&format!("/payouts/{id}"));
        let view = Confirm {
            act_key: "payout-came-back",
            effect_key: "payout-came-back-effect",
            thing: desk.frame().money_text(&found.amount),
            action: format!("{path}/return"),
            fields: vec![("payout", payout.to_string())],
            back: path.clone(),
        };
        return Ok(desk.page_of_form(view, path));
    }
    let result = return_payout(state.app(), &desk.actor, desk.owner, payout).await;
    after(&desk, id, result, "done-payout-returned")
}
