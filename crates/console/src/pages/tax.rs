use tributary_app::tax::{TaxPerson, TaxProfile, VatStanding};
use tributary_kernel::{LocalDate, Timestamp};

use super::invoicing::BillingRow;
use super::sample::{AWKWARD, at, day};
use crate::page::view;
use crate::parts::{Choice, Field};
use crate::{Frame, ManagerAccess, PartnerAccess};

/// What a partner is for tax, as it says itself.
#[derive(Debug, Clone, Default)]
pub struct PartnerTax {
    /// When the version in use was given.
    pub given_at: Option<Timestamp>,
    /// `company`, `sole_trader` or `private_person`.
    pub person: Field,
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
    /// `registered`, `small_business` or `not_registered`.
    pub vat: Field,
    /// VAT number.
    pub vat_number: Field,
    /// `yes`, `no` or nothing.
    pub own_tax: Field,
    /// Organisations that write invoices, and whether they may for this partner.
    pub billing: Vec<BillingRow>,
}

/// The message of a kind of person.
pub(crate) const fn person_key(it: TaxPerson) -> &'static str {
    match it {
        TaxPerson::Company => "tax-company",
        TaxPerson::SoleTrader => "tax-sole-trader",
        TaxPerson::PrivatePerson => "tax-private-person",
    }
}

/// The message of where somebody stands towards VAT.
pub(crate) const fn vat_key(it: VatStanding) -> &'static str {
    match it {
        VatStanding::Registered => "tax-vat-registered",
        VatStanding::SmallBusiness => "tax-vat-small",
        VatStanding::NotRegistered => "tax-vat-none",
    }
}

impl PartnerTax {
    fn persons(page: &Frame<PartnerAccess>) -> Vec<Choice> {
        let of = |it: &TaxPerson| Choice::new(it.as_str(), page.t(person_key(*it)));
        TaxPerson::ALL.iter().map(of).collect()
    }

    fn standings(page: &Frame<PartnerAccess>) -> Vec<Choice> {
        let of = |it: &VatStanding| Choice::new(it.as_str(), page.t(vat_key(*it)));
        VatStanding::ALL.iter().map(of).collect()
    }

    fn own_taxes(page: &Frame<PartnerAccess>) -> Vec<Choice> {
        vec![
            Choice::new("", page.t("tax-own-unknown")),
            Choice::new("yes", page.t("tax-own-yes")),
            Choice::new("no", page.t("tax-own-no")),
        ]
    }

    fn sample_views() -> Vec<Self> {
        let some = Self {
            given_at: Some(at("2026-11-02T10:12:00Z")),
            person: Field::of("sole_trader"),
            name: Field::of("Anna Holm"),
            street: Field::of("Østergade 3"),
            post_code: Field::of("2100"),
            town: Field::of("København Ø"),
            country: Field::of("DK"),
            company_number: Field::of("13585628"),
            vat: Field::of("registered"),
            vat_number: Field::of("DK13585628"),
            own_tax: Field::default(),
            billing: BillingRow::samples(),
        };
        let wrong = Self {
            given_at: None,
            billing: Vec::new(),
            name: Field::wrong("", "required"),
            company_number: Field::wrong("13585627", "number_checksum"),
            vat_number: Field::wrong("SE556016068001", "number_country"),
            ..some.clone()
        };
        let private = Self {
            person: Field::of("private_person"),
            company_number: Field::wrong("13585628", "number_of_private_person"),
            vat: Field::wrong("registered", "vat_of_private_person"),
            ..some.clone()
        };
        vec![some, wrong, private]
    }
}

view!(PartnerTax, "tax", PartnerAccess, "pages/tax.html", section: PartnerSection::Tax);

/// What a partner is for tax, as who pays it sees it, and what registers answered.
#[derive(Debug, Clone)]
pub struct ManagerPartnerTax {
    /// The partnership.
    pub id: String,
    /// Whose.
    pub partner: String,
    /// What the partner has given.
    pub facts: Option<TaxFacts>,
    /// The agreement to write its invoices; none: this organisation writes none.
    pub billing: Option<BillingRow>,
    /// The day of an agreement on paper.
    pub agreed_on: Field,
    /// What registers answered, newest first.
    pub answers: Vec<VatAnswerRow>,
    /// The number of a new answer.
    pub number: Field,
    /// `yes` or `no`.
    pub valid: Field,
    /// The name that the register gave.
    pub registered_name: Field,
    /// The register's reference.
    pub reference: Field,
    /// The day it was asked.
    pub asked_on: Field,
}

/// A tax profile to be read.
#[derive(Debug, Clone)]
pub struct TaxFacts {
    /// Kind of person.
    pub person: TaxPerson,
    /// Registered name.
    pub name: String,
    /// Address, one line each.
    pub address: Vec<String>,
    /// Number in the register of companies.
    pub company_number: Option<String>,
    /// Where it stands towards VAT.
    pub vat: VatStanding,
    /// VAT number.
    pub vat_number: Option<String>,
    /// Whether it pays its own tax.
    pub own_tax: Option<bool>,
    /// When it was given.
    pub given_at: Timestamp,
}

impl TaxFacts {
    pub(crate) fn of(it: TaxProfile, given_at: Timestamp) -> Self {
        let town = [it.post_code.as_deref(), Some(&it.town)];
        let town = town.into_iter().flatten().collect::<Vec<_>>().join(" ");
        Self {
            person: it.person,
            name: it.name,
            address: it.street.into_iter().chain([town, it.country]).collect(),
            company_number: it.company_number.map(|it| it.as_str().to_owned()),
            vat: it.vat,
            vat_number: it.vat_number.map(|it| it.as_str().to_owned()),
            own_tax: it.pays_own_tax,
            given_at,
        }
    }

    const fn person_key(&self) -> &'static str {
        person_key(self.person)
    }

    const fn vat_key(&self) -> &'static str {
        vat_key(self.vat)
    }
}

/// What a register answered.
#[derive(Debug, Clone)]
pub struct VatAnswerRow {
    /// The day it was asked.
    pub asked_on: LocalDate,
    /// Which number.
    pub number: String,
    /// Whether it is valid.
    pub valid: bool,
    /// Name and reference, as far as they were told.
    pub said: String,
}

impl ManagerPartnerTax {
    fn answers_to_choose(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        vec![
            Choice::new("yes", page.t("vat-answer-valid")),
            Choice::new("no", page.t("vat-answer-invalid")),
        ]
    }

    fn sample_views() -> Vec<Self> {
        let facts = TaxFacts {
            person: TaxPerson::Company,
            name: AWKWARD.to_owned(),
            address: vec!["Østergade 3".into(), "2100 København Ø".into(), "DK".into()],
            company_number: Some("13585628".to_owned()),
            vat: VatStanding::Registered,
            vat_number: Some("DK13585628".to_owned()),
            own_tax: Some(true),
            given_at: at("2026-11-02T10:12:00Z"),
        };
        let answer = |asked_on: &str, valid| VatAnswerRow {
            asked_on: day(asked_on),
            number: "DK13585628".to_owned(),
            valid,
            said: "ANNA HOLM APS · WAPIAAAAZ1x".to_owned(),
        };
        let none = Self {
            id: "pship_1".to_owned(),
            partner: "Anna Holm".to_owned(),
            facts: None,
            billing: None,
            agreed_on: Field::of("2026-11-21"),
            answers: vec![],
            number: Field::default(),
            valid: Field::default(),
            registered_name: Field::default(),
            reference: Field::default(),
            asked_on: Field::of("2026-11-21"),
        };
        let some = Self {
            facts: Some(facts.clone()),
            billing: BillingRow::samples().into_iter().next(),
            answers: vec![answer("2026-11-03", true), answer("2026-10-01", false)],
            number: Field::of("DK13585628"),
            ..none.clone()
        };
        let wrong = Self {
            number: Field::wrong("?", "number_form"),
            asked_on: Field::wrong("2027-01-01", "in_the_future"),
            billing: BillingRow::samples().into_iter().nth(1),
            agreed_on: Field::wrong("2027-01-01", "in_the_future"),
            facts: Some(TaxFacts {
                person: TaxPerson::PrivatePerson,
                company_number: None,
                vat: VatStanding::SmallBusiness,
                vat_number: None,
                own_tax: None,
                ..facts
            }),
            ..none.clone()
        };
        vec![some, none, wrong]
    }
}

view!(ManagerPartnerTax, "partner-tax", ManagerAccess, "pages/partner_tax.html", section: ManagerSection::Partners);
