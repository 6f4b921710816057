use tributary_app::tax::VatStanding;
use tributary_kernel::LocalDate;

use super::sample::{AWKWARD, day};
use super::tax::vat_key;
use crate::page::view;
use crate::parts::{Choice, Field};
use crate::{Frame, ManagerAccess};

/// How an organisation writes invoices for its partners.
#[derive(Debug, Clone, Default)]
pub struct SettingsInvoices {
    /// Numbers given so far; none: nothing was said yet.
    pub given: Option<i64>,
    /// Registered name.
    pub name: Field,
    /// Street with number.
    pub street: Field,
    /// Post code.
    pub post_code: Field,
    /// Town.
    pub town: Field,
    /// The country's two letters.
    pub country: Field,
    /// Number in the register of companies.
    pub company_number: Field,
    /// Where it stands towards VAT.
    pub vat: Field,
    /// VAT number.
    pub vat_number: Field,
    /// The standard rate in its country, in per cent.
    pub vat_percent: Field,
    /// Before every number.
    pub prefix: Field,
}

/// Where a partner stands with an organisation that writes invoices.
#[derive(Debug, Clone)]
pub struct BillingRow {
    /// The organisation's id.
    pub owner: String,
    /// Its name.
    pub name: String,
    /// The day of the agreement; none: there is none.
    pub agreed_on: Option<LocalDate>,
}

impl BillingRow {
    pub(super) fn samples() -> Vec<Self> {
        vec![
            Self {
                owner: "org_1".to_owned(),
                name: "Nordlys ApS".to_owned(),
                agreed_on: Some(day("2026-10-02")),
            },
            Self { owner: "org_2".to_owned(), name: AWKWARD.to_owned(), agreed_on: None },
        ]
    }
}

impl SettingsInvoices {
    fn standings(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        let of = |it: &VatStanding| Choice::new(it.as_str(), page.t(vat_key(*it)));
        VatStanding::ALL.iter().map(of).collect()
    }

    fn sample_views() -> Vec<Self> {
        let some = Self {
            given: Some(41),
            name: Field::of("Nordlys ApS"),
            street: Field::of("Havnegade 12"),
            post_code: Field::of("5000"),
            town: Field::of("Odense"),
            country: Field::of("DK"),
            company_number: Field::of("88146328"),
            vat: Field::of("registered"),
            vat_number: Field::of("DK88146328"),
            vat_percent: Field::of("25"),
            prefix: Field::of("SB-"),
        };
        let wrong = Self {
            given: None,
            company_number: Field::wrong("1", "number_form"),
            vat_percent: Field::wrong("x", "percent"),
            prefix: Field::wrong("SB 2026", "series_prefix"),
            ..some.clone()
        };
        let begun = Self { prefix: Field::wrong("NY-", "series_begun"), ..some.clone() };
        vec![some, wrong, begun]
    }
}

view!(SettingsInvoices, "settings-invoices", ManagerAccess, "pages/settings_invoices.html", section: ManagerSection::Settings);
