//! What a partner says of itself, and the page behind the mail to a new address.

use axum::extract::State;
use axum::response::Response;
use tributary_app::directory::{
    ChangePartner, change_partner, confirm_partner_email, find_partner, waiting_partner_email,
};
use tributary_directory::Partner;
use tributary_web::{CheckedForm, PathOf};

use super::Pocket;
use crate::Flash;
use crate::pages::{ConfirmAddress, PartnerProfile};
use crate::parts::Field;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, refusal_flash, told};
use crate::routes::given::{Given, PublicForm, put_errors};
use crate::routes::manage::people::languages;
use crate::routes::visit::Visit;

fn view(it: Partner) -> PartnerProfile {
    PartnerProfile {
        name: Field::of(it.name),
        email: Field::of(it.email),
        country: Field::of(it.country),
        language: Field::of(it.language),
        languages: languages(),
        website: Field::of(it.website.unwrap_or_default()),
    }
}

pub(in crate::routes) async fn get(State(state): State<ConsoleState>, pocket: Pocket) -> Answer {
    let own = find_partner(state.app(), &pocket.actor, pocket.partner).await?;
    Ok(pocket.page(view(own)))
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let text = |name: &str| Some(given.text(name).to_owned());
    let change = ChangePartner {
        name: text("name"),
        kind: None,
        country: text("country"),
        language: text("language"),
        website: text("website"),
        email: text("email"),
    };
    let changed = change_partner(state.app(), &pocket.actor, pocket.partner, change).await;
    let refusal = match changed {
        Ok(changed) => {
            let said = match changed.mailed {
                None => "done-saved",
                Some(true) => "done-address-asked",
                Some(false) => {
                    return Ok(told(&state, "/my/profile", &refusal_flash("mail_not_taken")));
                }
            };
            return Ok(done(&state, "/my/profile", said));
        }
        Err(error) => mendable(error)?,
    };
    let mut view = PartnerProfile {
        name: given.field("name"),
        email: given.field("email"),
        country: given.field("country"),
        language: given.field("language"),
        languages: languages(),
        website: given.field("website"),
    };
    let flash = put_errors(
        &refusal,
        &mut [
            ("name", &mut view.name),
            ("email", &mut view.email),
            ("country", &mut view.country),
            ("language", &mut view.language),
            ("website", &mut view.website),
        ],
    );
    Ok(pocket.refused(view, flash))
}

pub(in crate::routes) async fn get_address(
    State(state): State<ConsoleState>,
    visit: Visit,
    PathOf(token): PathOf<String>,
) -> Answer {
    let Some((partner, asked)) = waiting_partner_email(state.app(), &token).await? else {
        return Ok(over(&state));
    };
    let view = ConfirmAddress { token, partner: partner.name, email: asked.email };
    Ok(visit.page(&state, view))
}

pub(in crate::routes) async fn post_address(
    State(state): State<ConsoleState>,
    PathOf(token): PathOf<String>,
    PublicForm(_): PublicForm,
) -> Answer {
    match confirm_partner_email(state.app(), &token).await {
        Ok(Some(_)) => Ok(done(&state, "/login", "done-address")),
        Ok(None) => Ok(over(&state)),
        Err(error) => Ok(told(&state, "/login", &refusal_flash(mendable(error)?.code))),
    }
}

/// A link that was used is an ordinary thing to come back to.
fn over(state: &ConsoleState) -> Response {
    let flash = Flash::bad("refusal-address-over");
    told(state, "/login", &flash)
}
