use tributary_kernel::Timestamp;

use super::lead::{LeadFields, LeadRule, LeadStepRow, LeadStepWhat, LeadVerdict};
use super::sample::{AWKWARD, at, day};
use crate::PartnerAccess;
use crate::page::view;
use crate::parts::{Choice, Field, LeadStatus, Pager};

/// A lead that the partner registered.
#[derive(Debug, Clone)]
pub struct PartnerLeadRow {
    /// Its id.
    pub id: String,
    /// What the company is called.
    pub company: String,
    /// The program.
    pub program: String,
    /// How far it came.
    pub stage: Option<String>,
    /// Where it stands.
    pub status: LeadStatus,
    /// When it was registered.
    pub at: Timestamp,
}

/// The leads that the partner registered.
#[derive(Debug, Clone)]
pub struct PartnerLeads {
    /// One of its programs takes leads.
    pub taken: bool,
    /// The rows.
    pub rows: Vec<PartnerLeadRow>,
    /// Where this page stands.
    pub pager: Pager,
}

/// Registers a lead.
#[derive(Debug, Clone)]
pub struct PartnerLeadNew {
    /// Programs that take leads, and days for which a registration is protected.
    pub programs: Vec<(Choice, u32)>,
    /// The program chosen.
    pub program: Field,
    /// What is told of it.
    pub fields: LeadFields,
}

/// A stage on a lead's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagePassed {
    /// Its name.
    pub name: String,
    /// The lead came to it, or past it.
    pub passed: bool,
    /// The lead stands there.
    pub here: bool,
    /// When it came there.
    pub at: Option<Timestamp>,
}

/// One lead: whose it is and why, and how far it came.
#[derive(Debug, Clone)]
pub struct PartnerLead {
    /// Its id.
    pub id: String,
    /// What the company is called.
    pub company: String,
    /// The program.
    pub program: String,
    /// Where it stands.
    pub status: LeadStatus,
    /// When it was registered.
    pub at: Timestamp,
    /// Whose it is, and why.
    pub verdict: LeadVerdict,
    /// Why a person refused it.
    pub why: Option<String>,
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
    /// The way through the pipeline; empty: it is not in it.
    pub stages: Vec<StagePassed>,
    /// What happened, newest first.
    pub steps: Vec<LeadStepRow>,
    /// It can be given up.
    pub may_withdraw: bool,
}

impl PartnerLeadNew {
    /// The programs as a select has them.
    fn choices(&self) -> Vec<Choice> {
        self.programs.iter().map(|(choice, _)| choice.clone()).collect()
    }

    fn sample_views() -> Vec<Self> {
        let one = Self {
            programs: vec![(Choice::new("prog_1", "Nordlys CRM"), 90)],
            program: Field::of("prog_1"),
            fields: LeadFields::default(),
        };
        let two = Self {
            programs: vec![
                (Choice::new("prog_1", "Nordlys CRM"), 90),
                (Choice::new("prog_2", AWKWARD), 0),
            ],
            program: Field::wrong("", "required"),
            fields: LeadFields::sample_wrong(),
        };
        let none = Self { programs: Vec::new(), ..one.clone() };
        let typed = Self { fields: LeadFields::sample(), ..one.clone() };
        vec![one, two, none, typed]
    }
}

impl PartnerLeads {
    fn sample_views() -> Vec<Self> {
        let row = |id: &str, company: &str, stage: Option<&str>, status| PartnerLeadRow {
            id: format!("lead_{id}"),
            company: company.to_owned(),
            program: "Nordlys CRM".to_owned(),
            stage: stage.map(str::to_owned),
            status,
            at: at("2026-11-18T09:30:00Z"),
        };
        let some = Self {
            taken: true,
            rows: vec![
                row("1", "Bolt & Møtrik A/S", Some("Møde"), LeadStatus::Registered),
                row("2", AWKWARD, None, LeadStatus::Review),
                row("3", "Nut Systems", Some("Vundet"), LeadStatus::Won),
                row("4", "Gear ApS", None, LeadStatus::Refused),
            ],
            pager: Pager::whole(4),
        };
        let none = Self { rows: Vec::new(), pager: Pager::whole(0), ..some.clone() };
        vec![some, none.clone(), Self { taken: false, ..none }]
    }
}

impl PartnerLead {
    fn sample_views() -> Vec<Self> {
        let fields = LeadFields::sample();
        let stage = |name: &str, passed, time: Option<&str>| StagePassed {
            name: name.to_owned(),
            passed,
            here: name == "Møde",
            at: time.map(at),
        };
        let step = |time: &str, what| LeadStepRow {
            at: at(time),
            what,
            who: None,
            why: None,
            conversions: Vec::new(),
        };
        let ours = Self {
            id: "lead_1".to_owned(),
            company: fields.company.value.clone(),
            program: "Nordlys CRM".to_owned(),
            status: LeadStatus::Registered,
            at: at("2026-11-16T09:30:00Z"),
            verdict: LeadVerdict::Protected { until: day("2027-02-14") },
            why: None,
            contact_name: Some(fields.contact_name.value.clone()),
            contact_email: Some(fields.contact_email.value.clone()),
            company_number: Some(fields.company_number.value.clone()),
            contact_phone: Some(fields.contact_phone.value.clone()),
            note: Some(AWKWARD.to_owned()),
            stages: vec![
                stage("Lead", true, Some("2026-11-16T09:30:00Z")),
                stage("Kvalificeret", true, None),
                stage("Møde", true, Some("2026-11-18T15:00:00Z")),
                stage("Tilbud", false, None),
                stage("Vundet", false, None),
            ],
            steps: vec![
                step("2026-11-18T15:00:00Z", LeadStepWhat::Stage("Møde".to_owned())),
                step("2026-11-16T09:30:00Z", LeadStepWhat::Said("lead-step-registered")),
            ],
            may_withdraw: true,
        };
        let outside = |status, verdict| Self {
            status,
            verdict,
            stages: Vec::new(),
            may_withdraw: status == LeadStatus::Review,
            ..ours.clone()
        };
        let since = day("2026-10-01");
        let review = LeadVerdict::Review { rule: LeadRule::Customer, since };
        let refused =
            LeadVerdict::Refused { rule: LeadRule::First, since, until: Some(day("2026-12-30")) };
        let customer = LeadVerdict::Refused { rule: LeadRule::Customer, since, until: Some(since) };
        let person = Self {
            why: Some("Vi har selv talt med dem siden september.".to_owned()),
            contact_name: None,
            contact_email: None,
            company_number: None,
            contact_phone: None,
            note: None,
            ..outside(LeadStatus::Refused, LeadVerdict::RefusedByPerson)
        };
        let over = LeadVerdict::ProtectedOnce { until: since };
        let won = LeadVerdict::Ended { status: LeadStatus::Won, on: day("2026-11-20") };
        vec![
            ours.clone(),
            outside(LeadStatus::Review, review),
            outside(LeadStatus::Refused, refused),
            outside(LeadStatus::Refused, customer),
            person,
            Self { verdict: over, ..ours.clone() },
            Self { status: LeadStatus::Won, verdict: won, may_withdraw: false, ..ours.clone() },
            Self { verdict: LeadVerdict::Theirs, ..ours },
        ]
    }
}

view!(PartnerLeads, "partner-leads", PartnerAccess, "pages/partner_leads.html", section: PartnerSection::Leads);
view!(PartnerLeadNew, "partner-lead-new", PartnerAccess, "pages/partner_lead_new.html", section: PartnerSection::Leads);
view!(PartnerLead, "partner-lead", PartnerAccess, "pages/partner_lead.html", section: PartnerSection::Leads);
