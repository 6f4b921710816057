//! What both sides' pages of leads share.

use tributary_kernel::{LocalDate, Timestamp};

use crate::Frame;
use crate::parts::{Field, LeadStatus, Status};

/// What stood in a registration's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeadRule {
    /// Another partner registered it.
    First,
    /// It is a customer.
    Customer,
    /// It is in the advertiser's own pipeline.
    Opportunity,
}

/// Whose a lead is, with the reason and the days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeadVerdict {
    /// The advertiser's own.
    Own,
    /// The partner's; nobody else is kept out.
    Theirs,
    /// The partner's, and others are kept out until then.
    Protected {
        /// The last day.
        until: LocalDate,
    },
    /// The partner's, and others were kept out until then.
    ProtectedOnce {
        /// The last day.
        until: LocalDate,
    },
    /// The rules refused it.
    Refused {
        /// What stood in its way.
        rule: LeadRule,
        /// Since when.
        since: LocalDate,
        /// From when another try may succeed, where that is known.
        until: Option<LocalDate>,
    },
    /// A person refused it.
    RefusedByPerson,
    /// A person decides.
    Review {
        /// What stands in its way.
        rule: LeadRule,
        /// Since when.
        since: LocalDate,
    },
    /// It was won, lost or given up.
    Ended {
        /// Which of them.
        status: LeadStatus,
        /// When.
        on: LocalDate,
    },
}

/// What happened to a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeadStepWhat {
    /// It came to a stage.
    Stage(String),
    /// Something that is said in a message.
    Said(&'static str),
    /// Fields of it were changed: keys of their names.
    Changed(Vec<&'static str>),
}

/// A step of a lead's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadStepRow {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: LeadStepWhat,
    /// Who said so, where the reader may know.
    pub who: Option<String>,
    /// Why.
    pub why: Option<String>,
    /// The conversions it was reported as.
    pub conversions: Vec<String>,
}

/// What is told of a lead, as it came back.
#[derive(Debug, Clone, Default)]
pub struct LeadFields {
    /// What the company is called.
    pub company: Field,
    /// Its number in a register.
    pub company_number: Field,
    /// Its domain.
    pub company_domain: Field,
    /// Who to talk to.
    pub contact_name: Field,
    /// Where to write.
    pub contact_email: Field,
    /// Where to call.
    pub contact_phone: Field,
    /// What else is to be said.
    pub note: Field,
}

impl<A> Frame<A> {
    /// Whose a lead is, in words; to a partner as to the one who asked.
    #[must_use]
    pub fn lead_verdict(&self, verdict: &LeadVerdict, to_partner: bool) -> String {
        let by_side =
            |manager: &str, partner: &str| self.t(if to_partner { partner } else { manager });
        let by_day = |manager: &str, partner: &str, until: &LocalDate| {
            self.t1(if to_partner { partner } else { manager }, "date", until)
        };
        match verdict {
            LeadVerdict::Own => self.t("lead-own"),
            LeadVerdict::Theirs => by_side("lead-theirs", "lead-yours"),
            LeadVerdict::Protected { until } => {
                by_day("lead-theirs-until", "lead-yours-until", until)
            }
            LeadVerdict::ProtectedOnce { until } => {
                by_day("lead-theirs-over", "lead-yours-over", until)
            }
            LeadVerdict::Refused { rule, since, until } => {
                let verdict = by_side("lead-refused-by-rule", "lead-not-yours");
                format!("{verdict} {}", self.lead_fact(*rule, since, until.as_ref()))
            }
            LeadVerdict::RefusedByPerson => self.t("lead-refused-by-person"),
            LeadVerdict::Review { rule, since } => {
                let verdict = by_side("lead-waits-for-you", "lead-waits-for-them");
                format!("{} {verdict}", self.lead_fact(*rule, since, None))
            }
            LeadVerdict::Ended { status, on } => {
                format!("{} · {}", self.t(status.key()), self.language.date(*on))
            }
        }
    }

    fn lead_fact(&self, rule: LeadRule, since: &LocalDate, until: Option<&LocalDate>) -> String {
        match (rule, until) {
            (LeadRule::First, Some(until)) => {
                self.t2("lead-fact-first-until", "since", since, "until", until)
            }
            (LeadRule::First, None) => self.t1("lead-fact-first", "since", since),
            (LeadRule::Customer, Some(until)) => {
                self.t2("lead-fact-customer-until", "since", since, "until", until)
            }
            (LeadRule::Customer, None) => self.t1("lead-fact-customer", "since", since),
            (LeadRule::Opportunity, _) => self.t1("lead-fact-opportunity", "since", since),
        }
    }

    /// What happened, in words.
    #[must_use]
    pub fn lead_step(&self, what: &LeadStepWhat) -> String {
        match what {
            LeadStepWhat::Stage(stage) => self.t1("lead-step-stage", "stage", stage),
            LeadStepWhat::Said(key) => self.t(key),
            LeadStepWhat::Changed(fields) => {
                let words: Vec<String> = fields.iter().map(|key| self.t(key)).collect();
                self.t1("lead-step-changed", "fields", words.join(", "))
            }
        }
    }
}

impl LeadFields {
    pub(super) fn sample() -> Self {
        Self {
            company: Field::of("Bolt & Møtrik A/S"),
            company_number: Field::of("DK12345678"),
            company_domain: Field::of("bolt.example"),
            contact_name: Field::of("Bo Boltsen"),
            contact_email: Field::of("bo@bolt.example"),
            contact_phone: Field::of("+45 12 34 56 78"),
            note: Field::of("Vil skifte CRM inden sommer."),
        }
    }

    pub(super) fn sample_wrong() -> Self {
        Self {
            company: Field::wrong("", "length"),
            company_number: Field::wrong("123", "company_number"),
            company_domain: Field::wrong("gmail.com", "domain_public"),
            contact_email: Field::wrong("", "lead_unfindable"),
            contact_phone: Field::wrong("ring til mig", "phone_malformed"),
            ..Self::default()
        }
    }
}
