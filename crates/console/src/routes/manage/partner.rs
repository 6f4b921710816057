use axum::extract::State;
use tributary_app::directory::{
    ChangePartnership, PartnerOfProgram, change_partnership, find_partnership, invite_partner_again,
};
use tributary_app::payout::{
    BankDetailView, bank_details_of, confirm_bank_details, refuse_bank_details,
};
use tributary_app::report::{Measure, ReportRequest, run_report};
use tributary_directory::{Partner, PartnershipStatus, Permission};
use tributary_i18n::Language;
use tributary_kernel::{PartnershipId, ProgramId, Timestamp};
use tributary_money::Money;
use tributary_payout::AccountKind;
use tributary_store::list::PageRequest;
use tributary_store::organisation::find_user;
use tributary_store::partnership::first_links;
use tributary_store::payout::{BankDetailState, StoredBankDetail, bank_details};
use tributary_store::rollup::DailyFilter;
use tributary_store::touches::daily_clicks;
use tributary_store::work::{CommissionFilter, list_commissions};
use tributary_web::{CheckedForm, PathOf, Problem};

use super::Desk;
use super::codes;
use super::commissions::rows_of;
use crate::Flash;
use crate::pages::{BankCheck, BankSide, Confirm, PartnerDetail, StatusMove};
use crate::parts::{BankState, Field};
use crate::routes::answer::{Answer, done, mendable, not_found, refusal_flash, told};
use crate::routes::given::Given;
use crate::routes::lists::stored;
use crate::routes::numbers::DAYS;
use crate::routes::{ConsoleState, states};

/// Commissions shown on a partner's page.
const COMMISSIONS_SHOWN: u32 = 10;
/// Days in which the last click is looked for.
const LAST_CLICK_DAYS: i32 = 400;

/// A partner's path: of the program, and of the partnership in it.
pub(super) type Place = PathOf<(ProgramId, PartnershipId)>;

/// The partnership of a path; one of another program is not there.
pub(super) async fn find(desk: &Desk, id: PartnershipId) -> Result<PartnerOfProgram, Problem> {
    let found = find_partnership(desk.state.app(), &desk.actor, id).await?;
    if found.partnership.program == desk.program.id {
        Ok(found)
    } else {
        Err(not_found("partnership"))
    }
}

pub(in crate::routes) async fn get(
    State(_): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
) -> Answer {
    let found = find(&desk, id).await?;
    let view = view_of(&desk, found).await?;
    Ok(desk.page(view))
}

/// Everything a partner's page shows.
pub(super) async fn view_of(
    desk: &Desk,
    found: PartnerOfProgram,
) -> Result<PartnerDetail, Problem> {
    let app = desk.state.app();
    let PartnerOfProgram { partner, partnership } = found;
    let currency = desk.program.terms.currency;
    let today = desk.zone.date(app.now());
    let of_days = |days: i32| {
        let mut request = ReportRequest::of(today.plus_days(1 - days), today);
        request.filter.program = Some(desk.program.id);
        request.filter.partner = Some(partner.id);
        request
    };
    let month = run_report(app, &desk.actor, &of_days(DAYS)).await?;
    let mut request = of_days(tributary_app::report::REPORT_DAYS_MAX);
    request.measures = vec![Measure::Commission];
    let ever = run_report(app, &desk.actor, &request).await?;
    let sums = ever.totals.iter().find(|row| row.currency == currency);
    let sums = sums.map(|row| row.figures.commission).unwrap_or_default();
    let money = |minor| Money::new(minor, currency);
    let clicks = month.totals.iter().map(|row| row.figures.clicks).sum();
    let conversions = month.totals.iter().map(|row| row.figures.conversions).sum();

    let filter = CommissionFilter {
        program: Some(desk.program.id),
        partner: Some(partner.id),
        ..CommissionFilter::default()
    };
    let page = PageRequest { limit: COMMISSIONS_SHOWN, after: None };
    let mut conn = desk.read().await?;
    let latest = stored(list_commissions(&mut *conn, desk.viewer(), &filter, page).await)?;
    let details = stored(bank_details(&mut *conn, &[partner.id]).await)?;
    let link = stored(first_links(&mut *conn, &[partnership.id]).await)?.into_iter().next();
    drop(conn);
    let bank_check = bank_check(desk, &partner, &details, money(sums.approved)).await?;
    let last_click = last_click(desk, partner.id).await?;
    Ok(PartnerDetail {
        id: partnership.id.to_string(),
        name: partner.name,
        email: partner.email,
        country: partner.country,
        language: partner.language.parse::<Language>().unwrap_or_default().endonym(),
        website: partner.website,
        code: partnership.code.clone(),
        link: link.map(|it| desk.state.link_url(&it.host, &it.path)).unwrap_or_default(),
        group: partnership.group.clone(),
        state: states::partner_state(partnership.status),
        joined: partnership.joined_at.map(|at| desk.zone.date(at)),
        last_click,
        moves: moves(partnership.status),
        bank: bank_state(&details),
        bank_check,
        clicks,
        conversions,
        waiting: money(sums.pending),
        approved: money(sums.approved + sums.payable),
        paid: money(sums.paid),
        commissions: rows_of(desk, &latest.items).await?,
        may_invite_again: partnership.status == PartnershipStatus::Invited,
        codes: codes::rows(desk, partner.id).await?,
        new_code: Field::default(),
    })
}

/// The hour of the last countable click: clicks themselves are not kept by partner.
async fn last_click(
    desk: &Desk,
    partner: tributary_kernel::PartnerId,
) -> Result<Option<Timestamp>, Problem> {
    let now = desk.state.app().now();
    let today = desk.zone.date(now);
    let filter = DailyFilter {
        from: today.plus_days(-LAST_CLICK_DAYS),
        to: today,
        program: Some(desk.program.id),
        partner: Some(partner),
    };
    let mut conn = desk.state.app().touches.read().await.map_err(tributary_app::AppError::from)?;
    let rows = stored(daily_clicks(&mut *conn, desk.viewer(), filter).await)?;
    let hours = rows.iter().filter(|row| row.clicks > 0).map(|row| row.local_hour);
    let Some(hour) = hours.max() else { return Ok(None) };
    let day = tributary_kernel::LocalDate::from_days(
        i32::try_from(hour.div_euclid(24)).unwrap_or(i32::MAX),
    );
    Ok(Some(desk.zone.start_of(day).plus_seconds(hour.rem_euclid(24) * 3_600)))
}

fn moves(status: PartnershipStatus) -> Vec<StatusMove> {
    match status {
        PartnershipStatus::Invited => vec![StatusMove::End],
        PartnershipStatus::Applied => vec![StatusMove::Accept, StatusMove::Decline],
        PartnershipStatus::Active => vec![StatusMove::Pause, StatusMove::End],
        PartnershipStatus::Paused => vec![StatusMove::Resume, StatusMove::End],
        PartnershipStatus::Ended => vec![StatusMove::Resume],
        PartnershipStatus::Declined => vec![StatusMove::Accept],
    }
}

/// Where a partner's bank details stand: those that wait go before those in use.
pub(in crate::routes) fn bank_state(details: &[StoredBankDetail]) -> BankState {
    let has = |state| details.iter().any(|it| it.state == state);
    if has(BankDetailState::Held) {
        BankState::Held
    } else if has(BankDetailState::Active) {
        BankState::Confirmed
    } else {
        BankState::Missing
    }
}

/// What a person who may pay looks at before money goes to another account.
async fn bank_check(
    desk: &Desk,
    partner: &Partner,
    details: &[StoredBankDetail],
    next_payout: Money,
) -> Result<Option<BankCheck>, Problem> {
    if bank_state(details) != BankState::Held || !desk.may(Permission::Pay) {
        return Ok(None);
    }
    let views = bank_details_of(desk.state.app(), &desk.actor, partner.id).await?;
    let held = views.iter().find(|it| it.state == BankDetailState::Held);
    let active = views.iter().find(|it| it.state == BankDetailState::Active);
    let Some(held) = held else { return Ok(None) };
    let changed_by = match held.given_by {
        Some(user) => {
            let mut conn = desk.read().await?;
            stored(find_user(&mut *conn, user).await)?
        }
        None => None,
    };
    Ok(Some(BankCheck {
        id: held.id.to_string(),
        new: BankSide { since: None, ..side_of(held) },
        old: active.map(side_of),
        changed_at: held.given_at,
        told: changed_by.as_ref().map(|_| partner.email.clone()),
        changed_by: changed_by.map(|user| format!("{}, {}", user.name, user.email)),
        next_payout: (next_payout.minor > 0).then_some(next_payout),
    }))
}

fn side_of(it: &BankDetailView) -> BankSide {
    BankSide {
        holder: it.holder.clone(),
        account: it.written.clone(),
        kind_key: match it.kind {
            AccountKind::Danish => "bank-kind-dk",
            AccountKind::Swedish => "bank-kind-se",
            AccountKind::SwedishBankgiro => "bank-kind-bankgiro",
            AccountKind::Iban => "bank-kind-iban",
        },
        since: Some(it.given_at),
    }
}

/// Changes where a partnership stands.
pub(in crate::routes) async fn post_status(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let found = find(&desk, id).await?;
    let path = desk.at(&format!("/partners/{id}"));
    let Some(step) = StatusMove::of(given.text("move")) else {
        let flash = Flash::bad("refusal-invalid");
        return Ok(told(&state, &path, &flash));
    };
    desk.require(Permission::Manage)?;
    if !given.is_sure() {
        let view = Confirm {
            act_key: step.key(),
            effect_key: step.effect_key(),
            thing: found.partner.name,
            action: format!("{path}/status"),
            fields: vec![("move", step.value().to_owned())],
            back: path.clone(),
        };
        return Ok(desk.page_of_form(view, path));
    }
    let status = match step {
        StatusMove::Accept | StatusMove::Resume => PartnershipStatus::Active,
        StatusMove::Decline => PartnershipStatus::Declined,
        StatusMove::Pause => PartnershipStatus::Paused,
        StatusMove::End => PartnershipStatus::Ended,
    };
    let change = ChangePartnership { status: Some(status), group: None };
    match change_partnership(state.app(), &desk.actor, id, change).await {
        Ok(_) => {
            let flash = Flash::good(step.done_key());
            let back = step.taken_back_by(found.partnership.status);
            let flash = match back {
                Some(back) => {
                    let fields =
                        vec![("move", back.value().to_owned()), ("sure", "yes".to_owned())];
                    flash.undone_by(format!("{path}/status"), fields)
                }
                None => flash,
            };
            Ok(told(&state, &path, &flash))
        }
        Err(error) => {
            let refusal = mendable(error)?;
            Ok(told(&state, &path, &refusal_flash(refusal.first_code())))
        }
    }
}

/// Puts the partner in a group, or out of any.
pub(in crate::routes) async fn post_group(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let found = find(&desk, id).await?;
    let path = desk.at(&format!("/partners/{id}"));
    let was = found.partnership.group.unwrap_or_default();
    let change =
        ChangePartnership { status: None, group: Some(given.text("group").trim().to_owned()) };
    match change_partnership(state.app(), &desk.actor, id, change).await {
        Ok(_) => {
            let back = vec![("group", was)];
            let flash = Flash::good("done-group").undone_by(format!("{path}/group"), back);
            Ok(told(&state, &path, &flash))
        }
        Err(error) => {
            let refusal = mendable(error)?;
            Ok(told(&state, &path, &refusal_flash(refusal.first_code())))
        }
    }
}

/// Mails an invitation again.
pub(in crate::routes) async fn post_invite(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    _: CheckedForm,
) -> Answer {
    find(&desk, id).await?;
    let path = desk.at(&format!("/partners/{id}"));
    match invite_partner_again(state.app(), &desk.actor, id).await {
        Ok(true) => Ok(done(&state, &path, "done-invited")),
        Ok(false) => Ok(told(&state, &path, &refusal_flash("mail_not_taken"))),
        Err(error) => Ok(told(&state, &path, &refusal_flash(mendable(error)?.code))),
    }
}

/// The second look at bank details.
pub(in crate::routes) async fn post_bank(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let found = find(&desk, id).await?;
    let path = desk.at(&format!("/partners/{id}"));
    let (app, actor, partner) = (state.app(), &desk.actor, found.partner.id);
    // The details that were looked at are named: others may have taken their place meanwhile.
    let Ok(detail) = given.text("detail").parse() else {
        return Ok(told(&state, &path, &refusal_flash("not_held")));
    };
    let (result, key) = match given.text("answer") {
        "confirm" => {
            (confirm_bank_details(app, actor, partner, detail).await, "done-bank-confirmed")
        }
        "refuse" => (refuse_bank_details(app, actor, partner, detail).await, "done-bank-refused"),
        _ => return Ok(told(&state, &path, &refusal_flash("invalid"))),
    };
    match result {
        Ok(_) => {
            let flash = match given.text("answer") {
                "confirm" => Flash::good(key).then("step-see-payout", desk.at("/payouts/preview")),
                _ => Flash::good(key),
            };
            Ok(told(&state, &path, &flash))
        }
        // Who gave the details does not look at them: a rule to be told, not a closed door.
        Err(tributary_app::AppError::Refused(refusal)) if refusal.code == "second_person" => {
            Ok(told(&state, &path, &refusal_flash(refusal.code)))
        }
        Err(error) => Ok(told(&state, &path, &refusal_flash(mendable(error)?.code))),
    }
}
