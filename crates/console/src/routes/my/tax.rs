use axum::extract::State;
use tributary_app::directory::find_partner;
use tributary_app::invoicing::{
    AgreeSelfBilling, SelfBilling, agree_self_billing, end_self_billing, self_billing_for,
};
use tributary_app::tax::{
    GiveTaxProfile, TaxForm, TaxProfileView, give_tax_profile, tax_profile_of,
};
use tributary_web::{CheckedForm, Problem};

use super::Pocket;
use crate::Flash;
use crate::pages::{BillingRow, PartnerTax};
use crate::parts::Field;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, refusal_flash, told};
use crate::routes::given::{Given, put_errors};

fn view(it: &TaxProfileView) -> PartnerTax {
    let form = it.profile.form();
    PartnerTax {
        given_at: Some(it.given_at),
        person: Field::of(form.person),
        name: Field::of(form.name),
        street: Field::of(form.street),
        post_code: Field::of(form.post_code),
        town: Field::of(form.town),
        country: Field::of(form.country),
        company_number: Field::of(form.company_number),
        vat: Field::of(form.vat),
        vat_number: Field::of(form.vat_number),
        own_tax: Field::of(match form.pays_own_tax {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        }),
        billing: Vec::new(),
    }
}

pub(in crate::routes) async fn get(State(state): State<ConsoleState>, pocket: Pocket) -> Answer {
    let found = tax_profile_of(state.app(), &pocket.actor, pocket.partner).await?;
    let billing = billing(&pocket).await?;
    if let Some(found) = found {
        return Ok(pocket.page(PartnerTax { billing, ..view(&found) }));
    }
    // What is known already need not be typed again.
    let own = find_partner(state.app(), &pocket.actor, pocket.partner).await?;
    Ok(pocket.page(PartnerTax {
        name: Field::of(own.name),
        country: Field::of(own.country),
        billing,
        ..PartnerTax::default()
    }))
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let text = |name: &str| given.text(name).to_owned();
    let form = TaxForm {
        person: text("person"),
        name: text("name"),
        street: text("street"),
        post_code: text("post_code"),
        town: text("town"),
        country: text("country"),
        company_number: text("company_number"),
        vat: text("vat"),
        vat_number: text("vat_number"),
        pays_own_tax: match given.text("own_tax") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
    };
    let input = GiveTaxProfile { partner: pocket.partner, form };
    let refusal = match give_tax_profile(state.app(), &pocket.actor, input).await {
        Ok(_) => return Ok(done(&state, "/my/tax", "done-saved")),
        Err(error) => mendable(error)?,
    };
    let mut view = PartnerTax {
        given_at: None,
        person: given.field("person"),
        name: given.field("name"),
        street: given.field("street"),
        post_code: given.field("post_code"),
        town: given.field("town"),
        country: given.field("country"),
        company_number: given.field("company_number"),
        vat: given.field("vat"),
        vat_number: given.field("vat_number"),
        own_tax: given.field("own_tax"),
        billing: billing(&pocket).await?,
    };
    let flash = put_errors(
        &refusal,
        &mut [
            ("person", &mut view.person),
            ("name", &mut view.name),
            ("street", &mut view.street),
            ("post_code", &mut view.post_code),
            ("town", &mut view.town),
            ("country", &mut view.country),
            ("company_number", &mut view.company_number),
            ("vat", &mut view.vat),
            ("vat_number", &mut view.vat_number),
        ],
    );
    Ok(pocket.refused(view, flash))
}

/// Organisations that write invoices, and whether they may for this partner.
async fn billing(pocket: &Pocket) -> Result<Vec<BillingRow>, Problem> {
    let found = self_billing_for(pocket.state.app(), &pocket.actor, pocket.partner).await?;
    Ok(found.into_iter().map(billing_row).collect())
}

pub(in crate::routes) fn billing_row(it: SelfBilling) -> BillingRow {
    BillingRow { owner: it.owner.to_string(), name: it.name, agreed_on: it.agreed_on }
}

/// Lets an organisation write this partner's invoices, or no more.
pub(in crate::routes) async fn post_billing(
    State(state): State<ConsoleState>,
    pocket: Pocket,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    let (app, actor, partner) = (state.app(), &pocket.actor, pocket.partner);
    let Ok(owner) = given.text("owner").parse() else {
        return Ok(told(&state, "/my/tax", &refusal_flash("not_found")));
    };
    let (result, key) = match given.text("billing") {
        "agree" => {
            let input = AgreeSelfBilling { owner, partner, agreed_on: None };
            (agree_self_billing(app, actor, input).await, "done-billing-agreed")
        }
        "end" => (end_self_billing(app, actor, owner, partner).await, "done-billing-ended"),
        _ => return Ok(told(&state, "/my/tax", &refusal_flash("invalid"))),
    };
    match result {
        Ok(_) => Ok(told(&state, "/my/tax", &Flash::good(key))),
        Err(error) => Ok(told(&state, "/my/tax", &refusal_flash(mendable(error)?.code))),
    }
}
