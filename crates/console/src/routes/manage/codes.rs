//! Codes that a partner hands out: given, switched off and on at the partner's page.

use axum::extract::State;
use tributary_app::directory::{
    CreateCoupon, PartnershipFilter, create_coupon, disable_coupon, enable_coupon, find_coupon,
    list_coupons,
};
use tributary_directory::Coupon;
use tributary_kernel::{CouponId, PartnerId, PartnershipId, ProgramId, limits};
use tributary_store::list::PageRequest;
use tributary_web::{CheckedForm, PathOf, Problem};

use super::Desk;
use super::partner::{Place, find, view_of};
use crate::pages::PartnerCode;
use crate::parts::LinkState;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, not_found, refusal_flash, told};
use crate::routes::given::{Given, put_errors};

/// A partner's codes in the program as its page shows them, those that earn now first, newest first.
pub(super) async fn rows(desk: &Desk, partner: PartnerId) -> Result<Vec<PartnerCode>, Problem> {
    let app = desk.state.app();
    let filter = PartnershipFilter {
        program: Some(desk.program.id),
        partner: Some(partner),
        ..PartnershipFilter::default()
    };
    let page = PageRequest { limit: limits::PAGE_ROWS_MAX, after: None };
    let mut found = list_coupons(app, &desk.actor, &filter, page).await?.items;
    let now = app.now();
    found.sort_by_key(|it| !it.is_valid(now));
    let row = |it: Coupon| PartnerCode {
        id: it.id.to_string(),
        state: if it.is_valid(now) { LinkState::Active } else { LinkState::Off },
        code: it.code,
        until: it.valid_until,
    };
    Ok(found.into_iter().map(row).collect())
}

/// Gives the partner a code.
pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let found = find(&desk, id).await?;
    let input = CreateCoupon {
        partnership: id,
        code: given.text("code").to_owned(),
        valid_from: None,
        valid_until: None,
    };
    let refusal = match create_coupon(state.app(), &desk.actor, input).await {
        Ok(_) => {
            return Ok(done(&state, &desk.at(&format!("/partners/{id}")), "done-code-given"));
        }
        Err(error) => mendable(error)?,
    };
    let mut view = view_of(&desk, found).await?;
    view.new_code = given.field("code");
    let flash = put_errors(&refusal, &mut [("code", &mut view.new_code)]);
    Ok(desk.refused(view, flash))
}

/// Switches a code off or on.
pub(in crate::routes) async fn post_status(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id, coupon)): PathOf<(ProgramId, PartnershipId, CouponId)>,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let app = state.app();
    let found = find_coupon(app, &desk.actor, coupon).await?;
    if (found.program, found.partnership) != (desk.program.id, id) {
        return Err(not_found("coupon"));
    }
    let path = desk.at(&format!("/partners/{id}"));
    let (result, key) = match given.text("move") {
        "off" => (disable_coupon(app, &desk.actor, coupon).await, "done-code-off"),
        "on" => (enable_coupon(app, &desk.actor, coupon).await, "done-code-on"),
        _ => return Ok(told(&state, &path, &refusal_flash("invalid"))),
    };
    match result {
        // No way back is offered in one press: an end that was set before would be lost by it.
        Ok(_) => Ok(done(&state, &path, key)),
        Err(error) => Ok(told(&state, &path, &refusal_flash(mendable(error)?.code))),
    }
}
