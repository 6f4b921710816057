use axum::extract::State;
use tributary_app::AppError;
use tributary_app::directory::PartnerOfProgram;
use tributary_app::invoicing::{
    AgreeSelfBilling, agree_self_billing, end_self_billing, self_billing_for,
};
use tributary_app::tax::{
    KeepVatAnswer, StoredVatAnswer, keep_vat_answer, list_vat_answers, tax_profile_of,
};
use tributary_directory::Permission;
use tributary_kernel::FieldError;
use tributary_store::list::PageRequest;
use tributary_web::{CheckedForm, PathOf, Problem};

use super::Desk;
use super::partner::{Place, find};
use crate::pages::{ManagerPartnerTax, TaxFacts, VatAnswerRow};
use crate::parts::Field;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable};
use crate::routes::given::{Given, put_errors};
use crate::routes::my::tax::billing_row;

/// Answers on the page; older ones are in the API.
const ANSWERS_SHOWN: u32 = 20;

async fn view(desk: &Desk, found: &PartnerOfProgram) -> Result<ManagerPartnerTax, Problem> {
    let (app, actor, partner) = (desk.state.app(), &desk.actor, found.partner.id);
    let profile = tax_profile_of(app, actor, partner).await?;
    let page = PageRequest { limit: ANSWERS_SHOWN, after: None };
    let answers = list_vat_answers(app, actor, desk.owner, partner, page).await?;
    let facts = profile.map(|it| TaxFacts::of(it.profile, it.given_at));
    let billing = self_billing_for(app, actor, partner).await?.into_iter().next();
    let today = desk.zone.date(app.now()).to_string();
    let number = facts.as_ref().and_then(|it| it.vat_number.clone()).unwrap_or_default();
    Ok(ManagerPartnerTax {
        id: found.partnership.id.to_string(),
        partner: found.partner.name.clone(),
        facts,
        billing: billing.map(billing_row),
        agreed_on: Field::of(today.clone()),
        answers: answers.items.into_iter().map(row).collect(),
        number: Field::of(number),
        valid: Field::of("yes"),
        registered_name: Field::default(),
        reference: Field::default(),
        asked_on: Field::of(today),
    })
}

fn row(it: StoredVatAnswer) -> VatAnswerRow {
    let said: Vec<String> = it.registered_name.into_iter().chain(it.reference).collect();
    VatAnswerRow {
        asked_on: it.asked_on,
        number: it.number,
        valid: it.valid,
        said: said.join(" · "),
    }
}

pub(in crate::routes) async fn get(
    State(_): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
) -> Answer {
    desk.require(Permission::Pay)?;
    let found = find(&desk, id).await?;
    let view = view(&desk, &found).await?;
    Ok(desk.page(view))
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    desk.require(Permission::Pay)?;
    let found = find(&desk, id).await?;
    let given = Given::from(form);
    let result = match input(&desk, &found, &given) {
        Ok(input) => keep_vat_answer(state.app(), &desk.actor, input).await.map(drop),
        Err(error) => Err(error),
    };
    let refusal = match result {
        Ok(()) => {
            let path = desk.at(&format!("/partners/{id}/tax"));
            return Ok(done(&state, &path, "done-vat-answer"));
        }
        Err(error) => mendable(error)?,
    };
    let mut view = view(&desk, &found).await?;
    view.number = given.field("number");
    view.valid = given.field("valid");
    view.registered_name = given.field("registered_name");
    view.reference = given.field("reference");
    view.asked_on = given.field("asked_on");
    let flash = put_errors(
        &refusal,
        &mut [
            ("number", &mut view.number),
            ("valid", &mut view.valid),
            ("registered_name", &mut view.registered_name),
            ("reference", &mut view.reference),
            ("asked_on", &mut view.asked_on),
        ],
    );
    Ok(desk.refused(view, flash))
}

fn input(desk: &Desk, found: &PartnerOfProgram, given: &Given) -> Result<KeepVatAnswer, AppError> {
    let asked_on = given.text("asked_on").trim().parse();
    let asked_on =
        asked_on.map_err(|_| FieldError::new("/asked_on", "required", "Give the day."))?;
    let valid = match given.text("valid") {
        "yes" => true,
        "no" => false,
        _ => return Err(FieldError::new("/valid", "required", "Say what it answered.").into()),
    };
    Ok(KeepVatAnswer {
        owner: desk.owner,
        partner: found.partner.id,
        number: given.text("number").to_owned(),
        valid,
        registered_name: given.text("registered_name").to_owned(),
        reference: given.text("reference").to_owned(),
        asked_on,
    })
}

/// Keeps the day of an agreement on paper, or ends what was agreed.
pub(in crate::routes) async fn post_billing(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    desk.require(Permission::Pay)?;
    let found = find(&desk, id).await?;
    let given = Given::from(form);
    let (app, actor, owner, partner) = (state.app(), &desk.actor, desk.owner, found.partner.id);
    let (result, key) = if given.text("billing") == "end" {
        (end_self_billing(app, actor, owner, partner).await, "done-billing-ended")
    } else {
        let agreed_on = given.text("agreed_on").trim().parse().ok();
        let input = AgreeSelfBilling { owner, partner, agreed_on };
        (agree_self_billing(app, actor, input).await, "done-billing-agreed")
    };
    let refusal = match result {
        Ok(_) => return Ok(done(&state, &desk.at(&format!("/partners/{id}/tax")), key)),
        Err(error) => mendable(error)?,
    };
    let mut view = view(&desk, &found).await?;
    view.agreed_on = given.field("agreed_on");
    let flash = put_errors(&refusal, &mut [("agreed_on", &mut view.agreed_on)]);
    Ok(desk.refused_at(view, flash, desk.at(&format!("/partners/{id}/tax"))))
}
