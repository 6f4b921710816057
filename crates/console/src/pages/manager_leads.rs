use tributary_kernel::{LocalDate, Timestamp};
use tributary_money::Money;

use super::lead::{LeadFields, LeadRule, LeadStepRow, LeadStepWhat, LeadVerdict};
use super::sample::{AWKWARD, at, day, dkk};
use crate::page::view;
use crate::parts::{Choice, Field, LeadStatus, Pager};
use crate::{Frame, ManagerAccess};

/// A lead in the list.
#[derive(Debug, Clone)]
pub struct LeadRow {
    /// Its id.
    pub id: String,
    /// What the company is called.
    pub company: String,
    /// Whose; none: the advertiser's own.
    pub partner: Option<String>,
    /// How far it came.
    pub stage: Option<String>,
    /// Where it stands.
    pub status: LeadStatus,
    /// What it may be worth.
    pub value: Option<Money>,
    /// When it was registered.
    pub at: Timestamp,
}

/// The leads of a program.
#[derive(Debug, Clone)]
pub struct LeadsList {
    /// Whether the program takes leads.
    pub taken: bool,
    /// State filtered by; empty: all.
    pub state: String,
    /// Stage filtered by; empty: all.
    pub stage: String,
    /// The stages of its pipeline.
    pub stages: Vec<Choice>,
    /// Those that wait for a person.
    pub waiting: Vec<LeadRow>,
    /// The rows.
    pub rows: Vec<LeadRow>,
    /// Where this page stands.
    pub pager: Pager,
}

/// Registers a lead.
#[derive(Debug, Clone)]
pub struct LeadNew {
    /// For whom; empty: the advertiser's own.
    pub partner: Field,
    /// Partners to choose from.
    pub partners: Vec<Choice>,
    /// What is told of it.
    pub fields: LeadFields,
    /// What it may be worth.
    pub value: Field,
    /// When it may close.
    pub expected_on: Field,
    /// In which currency amounts are typed.
    pub currency: &'static str,
}

/// The fields of a lead's page. Each form has names of its own.
#[derive(Debug, Clone, Default)]
pub struct LeadForms {
    /// Why it is refused.
    pub answer_reason: Field,
    /// What it is judged as.
    pub to: Field,
    /// Its grade.
    pub grade: Field,
    /// Why.
    pub judged_reason: Field,
    /// The stage it comes to.
    pub stage: Field,
    /// Why it is opened again.
    pub moved_reason: Field,
    /// The stage of a won one.
    pub won: Field,
    /// What it is worth.
    pub won_value: Field,
    /// The order under which it is reported elsewhere too.
    pub order_id: Field,
    /// Why it is won after all.
    pub won_reason: Field,
    /// The stage of a lost one.
    pub lost: Field,
    /// Why it is lost.
    pub lost_reason: Field,
    /// What it may be worth.
    pub value: Field,
    /// When it may close.
    pub expected_on: Field,
    /// What is to be said.
    pub note: Field,
    /// The advertiser's own id of the customer.
    pub customer_id: Field,
}

/// One lead: whose it is and why, how far it came, and what can be done.
#[derive(Debug, Clone)]
pub struct LeadDetail {
    /// Its id.
    pub id: String,
    /// What the company is called.
    pub company: String,
    /// Whose: name and partnership; none: the advertiser's own.
    pub partner: Option<(String, String)>,
    /// Where it stands.
    pub status: LeadStatus,
    /// How far it came.
    pub stage: Option<String>,
    /// When it was registered.
    pub at: Timestamp,
    /// Key of who told of it.
    pub source_key: &'static str,
    /// Whose it is, and why.
    pub verdict: LeadVerdict,
    /// What it may be worth.
    pub value: Option<Money>,
    /// When it may close.
    pub expected_on: Option<LocalDate>,
    /// The company's number.
    pub company_number: Option<String>,
    /// Who to talk to.
    pub contact_name: Option<String>,
    /// Where to write.
    pub contact_email: Option<String>,
    /// Where to call.
    pub contact_phone: Option<String>,
    /// What is to be said.
    pub note: Option<String>,
    /// The advertiser's own id of the customer.
    pub customer: Option<String>,
    /// Key of what it was judged as.
    pub judged_key: &'static str,
    /// Its grade.
    pub grade: Option<String>,
    /// What happened, newest first.
    pub steps: Vec<LeadStepRow>,
    /// What it can be judged as.
    pub judgements: Vec<Choice>,
    /// Open stages it can come to.
    pub open: Vec<Choice>,
    /// Stages of won ones.
    pub won: Vec<Choice>,
    /// Stages of lost ones.
    pub lost: Vec<Choice>,
    /// The fields of its forms.
    pub forms: LeadForms,
    /// In which currency amounts are typed.
    pub currency: &'static str,
}

impl LeadsList {
    const fn states() -> &'static [(&'static str, &'static str)] {
        &[
            ("review", "lead-review"),
            ("registered", "lead-registered"),
            ("ended", "lead-over"),
            ("refused", "lead-refused"),
        ]
    }

    const fn is_filtered(&self) -> bool {
        !(self.state.is_empty() && self.stage.is_empty())
    }

    fn sample_views() -> Vec<Self> {
        use LeadStatus::{Registered, Review, Won};
        let row =
            |id: &str, company: &str, partner: Option<&str>, stage: Option<&str>, status| LeadRow {
                id: format!("lead_{id}"),
                company: company.to_owned(),
                partner: partner.map(str::to_owned),
                stage: stage.map(str::to_owned),
                status,
                value: (status == Won).then_some(dkk(12_500_000)),
                at: at("2026-11-18T09:30:00Z"),
            };
        let waits = row("3", "Gear & Gafler ApS", Some("Konsulenthuset Vest"), None, Review);
        let all = Self {
            taken: true,
            state: String::new(),
            stage: String::new(),
            stages: vec![Choice::new("lead", "Lead"), Choice::new("won", "Vundet")],
            waiting: vec![waits.clone()],
            rows: vec![
                waits,
                row("2", AWKWARD, Some("Anna Holm"), Some("Møde"), Registered),
                row("1", "Bolt & Møtrik A/S", None, Some("Vundet"), Won),
                row("4", "Nut Systems", Some("Anna Holm"), Some("Tabt"), LeadStatus::Lost),
                row("5", "Fjord IT", Some(AWKWARD), Some("Tilbud"), LeadStatus::GivenUp),
            ],
            pager: Pager::whole(5),
        };
        let nothing = Self {
            state: "refused".to_owned(),
            stage: "won".to_owned(),
            waiting: Vec::new(),
            rows: Vec::new(),
            pager: Pager::whole(0),
            ..all.clone()
        };
        let none = Self { state: String::new(), stage: String::new(), ..nothing.clone() };
        let not_taken = Self { taken: false, stages: Vec::new(), ..none.clone() };
        vec![all, nothing, none, not_taken]
    }
}

impl LeadNew {
    fn sample_views() -> Vec<Self> {
        let empty = Self {
            partner: Field::default(),
            partners: vec![Choice::new("", "–"), Choice::new("part_1", AWKWARD)],
            fields: LeadFields::default(),
            value: Field::default(),
            expected_on: Field::default(),
            currency: "DKK",
        };
        let wrong = Self {
            partner: Field::wrong("part_1", "partner_unknown"),
            fields: LeadFields::sample_wrong(),
            value: Field::wrong("-1", "negative"),
            expected_on: Field::wrong("snart", "date_malformed"),
            ..empty.clone()
        };
        vec![empty, Self { fields: LeadFields::sample(), ..wrong.clone() }, wrong]
    }
}

impl LeadDetail {
    /// Where its page is.
    fn path(&self, page: &Frame<ManagerAccess>) -> String {
        format!("{}/leads/{}", page.base(), self.id)
    }

    /// Whether moving it needs a reason: it is over.
    const fn is_over(&self) -> bool {
        !matches!(self.status, LeadStatus::Registered | LeadStatus::Review)
    }

    /// Whether it is in the pipeline, or was.
    const fn is_accepted(&self) -> bool {
        !matches!(self.status, LeadStatus::Refused | LeadStatus::Review)
    }

    fn sample_steps() -> Vec<LeadStepRow> {
        let row = |time: &str, what, who: &str| LeadStepRow {
            at: at(time),
            what,
            who: Some(who.to_owned()),
            why: None,
            conversions: Vec::new(),
        };
        vec![
            row(
                "2026-11-19T10:00:00Z",
                LeadStepWhat::Changed(vec!["field-lead-value", "field-lead-expected"]),
                "Mette Krogh",
            ),
            LeadStepRow {
                why: Some("Budget i januar; vil se prisen på 40 brugere.".to_owned()),
                conversions: vec!["conv_08".to_owned(), "conv_09".to_owned()],
                ..row("2026-11-18T15:00:00Z", LeadStepWhat::Stage("Møde".to_owned()), AWKWARD)
            },
            row("2026-11-18T14:00:00Z", LeadStepWhat::Said("lead-judged-qualified"), "CRM"),
            row("2026-11-16T09:30:00Z", LeadStepWhat::Said("lead-step-registered"), "Anna Holm"),
        ]
    }

    fn sample_views() -> Vec<Self> {
        let fields = LeadFields::sample();
        let open = Self {
            id: "lead_2".to_owned(),
            company: fields.company.value.clone(),
            partner: Some(("Anna Holm".to_owned(), "pship_a".to_owned())),
            status: LeadStatus::Registered,
            stage: Some("Møde".to_owned()),
            at: at("2026-11-16T09:30:00Z"),
            source_key: "lead-source-partner",
            verdict: LeadVerdict::Protected { until: day("2027-02-14") },
            value: Some(dkk(12_500_000)),
            expected_on: Some(day("2027-01-31")),
            contact_name: Some(fields.contact_name.value.clone()),
            contact_email: Some(fields.contact_email.value.clone()),
            company_number: Some(fields.company_number.value.clone()),
            contact_phone: Some(fields.contact_phone.value.clone()),
            note: Some(format!("{}\n{AWKWARD}", fields.note.value)),
            customer: Some("kunde-4711".to_owned()),
            judged_key: "lead-judged-qualified",
            grade: Some("A".to_owned()),
            steps: Self::sample_steps(),
            judgements: vec![Choice::new("disqualified", "–")],
            open: vec![Choice::new("proposal", "Tilbud"), Choice::new("lead", "Lead")],
            won: vec![Choice::new("won", "Vundet (Salg)")],
            lost: vec![Choice::new("lost", "Tabt")],
            forms: LeadForms::default(),
            currency: "DKK",
        };
        let forms = LeadForms {
            grade: Field::wrong("meget meget god i det hele taget", "length"),
            judged_reason: Field::wrong("", "missing"),
            stage: Field::wrong("tilbud", "unknown_stage"),
            won_value: Field::wrong("", "required"),
            order_id: Field::of("4711"),
            lost_reason: Field::wrong("", "missing"),
            value: Field::wrong("12,x", "amount_malformed"),
            expected_on: Field::wrong("snart", "date_malformed"),
            customer_id: Field::wrong("bo@bolt.example", "personal_data"),
            ..LeadForms::default()
        };
        let wrong = Self { forms, ..open.clone() };
        let waits = Self {
            status: LeadStatus::Review,
            stage: None,
            verdict: LeadVerdict::Review { rule: LeadRule::Opportunity, since: day("2026-10-01") },
            judged_key: "lead-judged-new",
            steps: Self::sample_steps().split_off(3),
            forms: LeadForms { answer_reason: Field::wrong("", "missing"), ..LeadForms::default() },
            ..open.clone()
        };
        let refused = Self {
            status: LeadStatus::Refused,
            verdict: LeadVerdict::Refused {
                rule: LeadRule::First,
                since: day("2026-10-01"),
                until: Some(day("2026-12-30")),
            },
            value: None,
            expected_on: None,
            contact_name: None,
            company_number: None,
            contact_phone: None,
            note: None,
            customer: None,
            grade: None,
            ..waits.clone()
        };
        let own = Self {
            company: AWKWARD.to_owned(),
            partner: None,
            status: LeadStatus::Lost,
            stage: Some("Tabt".to_owned()),
            source_key: "lead-source-manager",
            verdict: LeadVerdict::Ended { status: LeadStatus::Lost, on: day("2026-11-20") },
            forms: LeadForms { moved_reason: Field::wrong("", "missing"), ..LeadForms::default() },
            ..open.clone()
        };
        vec![open, wrong, waits, refused, own]
    }
}

view!(LeadsList, "leads", ManagerAccess, "pages/leads.html", section: ManagerSection::Leads);
view!(LeadNew, "lead-new", ManagerAccess, "pages/lead_new.html", section: ManagerSection::Leads);
view!(LeadDetail, "lead", ManagerAccess, "pages/lead.html", section: ManagerSection::Leads);
