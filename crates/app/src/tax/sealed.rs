//! A profile as it is kept: sealed with the master key, for one purpose.

use serde::{Deserialize, Serialize};
use tributary_payout::tax::{TaxForm, TaxProfile};

use crate::{App, AppError};

const FORMAT: u8 = 1;

/// The wire form inside the seal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    format: u8,
    person: String,
    name: String,
    street: String,
    post_code: String,
    town: String,
    country: String,
    company_number: String,
    vat: String,
    vat_number: String,
    pays_own_tax: Option<bool>,
}

pub(crate) fn seal(app: &App, purpose: &str, profile: &TaxProfile) -> Vec<u8> {
    let it = profile.form();
    let sealed = Sealed {
        format: FORMAT,
        person: it.person,
        name: it.name,
        street: it.street,
        post_code: it.post_code,
        town: it.town,
        country: it.country,
        company_number: it.company_number,
        vat: it.vat,
        vat_number: it.vat_number,
        pays_own_tax: it.pays_own_tax,
    };
    let plain = serde_json::to_vec(&sealed).expect("our types have string keys");
    app.secrets.seal(purpose, &plain, &*app.entropy)
}

pub(crate) fn open(app: &App, purpose: &str, sealed: &[u8]) -> Result<TaxProfile, AppError> {
    let plain = app.secrets.open(purpose, sealed)?;
    // What was wrong is not told: it would stand in a log.
    let corrupt = || AppError::Corrupt(format!("what was sealed as {purpose} has another form"));
    let it: Sealed = serde_json::from_slice(&plain).map_err(|_| corrupt())?;
    if it.format != FORMAT {
        return Err(corrupt());
    }
    let form = TaxForm {
        person: it.person,
        name: it.name,
        street: it.street,
        post_code: it.post_code,
        town: it.town,
        country: it.country,
        company_number: it.company_number,
        vat: it.vat,
        vat_number: it.vat_number,
        pays_own_tax: it.pays_own_tax,
    };
    form.check().map_err(|_| corrupt())
}
