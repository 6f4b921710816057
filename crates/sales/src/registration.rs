//! Whose lead it is.

use tributary_kernel::{PartnershipId, Timestamp, Zone, text_enum};

/// Longest protection of a registration.
pub const PROTECTION_DAYS_MAX: u16 = 1_095;

text_enum! {
    /// What becomes of a registration that meets something existing.
    pub enum Treatment {
        /// It is refused.
        Refuse = "refuse",
        /// A person decides.
        Review = "review",
        /// It is accepted all the same.
        Accept = "accept",
    }
}

/// A program's rules for registered leads and deals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RegistrationRules {
    /// Days of the program's calendar for which the first registration keeps others out. Zero:
    /// nobody is kept out.
    pub protection_days: u16,
    /// Another partner's registration within its protection.
    pub protected: Treatment,
    /// The company is a customer already.
    pub customer: Treatment,
    /// Days after which a former customer may be registered like a new one; none: never.
    pub customer_lapses_after_days: Option<u16>,
    /// The company is in the pipeline already, by the advertiser's own work.
    pub opportunity: Treatment,
}

impl Default for RegistrationRules {
    fn default() -> Self {
        Self {
            protection_days: 90,
            protected: Treatment::Refuse,
            customer: Treatment::Refuse,
            customer_lapses_after_days: None,
            opportunity: Treatment::Review,
        }
    }
}

/// A partner says: this lead is mine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Who says so.
    pub partnership: PartnershipId,
    /// When.
    pub at: Timestamp,
}

/// What is known of the same person or company. The caller has matched identities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// An accepted registration.
    Registration {
        /// Whose.
        partnership: PartnershipId,
        /// When it was made.
        at: Timestamp,
        /// When it was given up, lost or withdrawn, if it was: nothing is protected after that.
        ended_at: Option<Timestamp>,
    },
    /// It is or was a customer.
    Customer {
        /// Since when.
        since: Timestamp,
        /// Until when; none while it is.
        until: Option<Timestamp>,
    },
    /// The advertiser's own sales work on it.
    Opportunity {
        /// Since when.
        opened_at: Timestamp,
        /// Until when; none while they do.
        closed_at: Option<Timestamp>,
    },
}

text_enum! {
    /// The rule that an answer rests on.
    pub enum Rule {
        /// The same partner registered it already.
        AlreadyYours = "already_yours",
        /// Another partner registered first, and is protected.
        FirstRegistered = "first_registered",
        /// A customer already.
        ExistingCustomer = "existing_customer",
        /// In the pipeline already.
        ExistingOpportunity = "existing_opportunity",
    }
}

/// The answer to a registration, with its reason and date. It names no other partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// It is the partner's, and others are kept out until then.
    Registered {
        /// The end of protection.
        protected_until: Timestamp,
    },
    /// It was the partner's already; nothing changes.
    AlreadyYours {
        /// Since when.
        since: Timestamp,
        /// The end of protection.
        protected_until: Timestamp,
    },
    /// No.
    Refused {
        /// By which rule.
        rule: Rule,
        /// Since when what stands in the way is there.
        since: Timestamp,
        /// When another try may succeed, where that is known.
        until: Option<Timestamp>,
    },
    /// A person decides.
    Review {
        /// By which rule.
        rule: Rule,
        /// Since when what stands in the way is there.
        since: Timestamp,
    },
}

/// Answers a registration. What existed at the moment of the claim counts, and nothing that came
/// after it, so that the answer is the same whenever it is asked. The strictest treatment decides;
/// of equally strict ones what is there longest. Of claims at one moment, the one answered first
/// exists for the other.
#[must_use]
pub fn register(
    rules: &RegistrationRules,
    claim: Claim,
    existing: &[Existing],
    zone: &Zone,
) -> Answer {
    let protected = |at: Timestamp| zone.plus_days(at, i32::from(rules.protection_days));
    let mut own: Option<Timestamp> = None;
    let mut worst: Option<(Treatment, Timestamp, Rule, Option<Timestamp>)> = None;
    for it in existing {
        let met = match *it {
            Existing::Registration { partnership, at, ended_at } => {
                let stands = at <= claim.at
                    && ended_at.is_none_or(|ended| ended > claim.at)
                    && protected(at) > claim.at;
                if stands && partnership == claim.partnership {
                    own = Some(own.map_or(at, |known| known.min(at)));
                    continue;
                }
                stands.then(|| (rules.protected, at, Rule::FirstRegistered, Some(protected(at))))
            }
            Existing::Customer { since, until } => {
                let free = until.zip(rules.customer_lapses_after_days);
                let free = free.map(|(until, days)| zone.plus_days(until, i32::from(days)));
                let stands = since <= claim.at && free.is_none_or(|free| free > claim.at);
                stands.then_some((rules.customer, since, Rule::ExistingCustomer, free))
            }
            Existing::Opportunity { opened_at, closed_at } => {
                let stands =
                    opened_at <= claim.at && closed_at.is_none_or(|closed| closed > claim.at);
                stands.then_some((rules.opportunity, opened_at, Rule::ExistingOpportunity, None))
            }
        };
        // Treatments are declared from strict to lenient.
        let stricter = |met: &(Treatment, Timestamp, Rule, Option<Timestamp>)| {
            worst.is_none_or(|worst| (met.0, met.1, met.2) < (worst.0, worst.1, worst.2))
        };
        if let Some(met) = met.filter(stricter) {
            worst = Some(met);
        }
    }
    match (own, worst) {
        (Some(since), _) => Answer::AlreadyYours { since, protected_until: protected(since) },
        (None, Some((Treatment::Refuse, since, rule, until))) => {
            Answer::Refused { rule, since, until }
        }
        (None, Some((Treatment::Review, since, rule, _))) => Answer::Review { rule, since },
        (None, Some((Treatment::Accept, ..)) | None) => {
            Answer::Registered { protected_until: protected(claim.at) }
        }
    }
}
