//! What a period's conversions would have cost under another plan.

use tributary_kernel::{FieldError, LocalDate};
use tributary_money::Money;

use super::sample::{AWKWARD, day, dkk, rate};
use crate::ManagerAccess;
use crate::page::view;
use crate::parts::{Arithmetic, Field, Step};

/// See the module.
#[derive(Debug, Clone)]
pub struct PlanWhatIf {
    /// The plan's document as text.
    pub document: Field,
    /// First day.
    pub from: Field,
    /// Last day.
    pub until: Field,
    /// A conversion to be explained under both.
    pub conversion: Field,
    /// What is wrong inside the document, by pointer.
    pub errors: Vec<FieldError>,
    /// The answer; none before it is asked for, and where it cannot be given.
    pub found: Option<WhatIf>,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct WhatIf {
    /// First day.
    pub from: LocalDate,
    /// Last day.
    pub until: LocalDate,
    /// Conversions that were compared.
    pub conversions: i64,
    /// What they have cost, and would have.
    pub cost: (Money, Money),
    /// By how much that is more, or less.
    pub change: Money,
    /// How many were paid for, and would have been.
    pub paid: (i64, i64),
    /// New customers.
    pub customers: i64,
    /// What each has cost, and would have; none without any.
    pub per_customer: Option<(Money, Money)>,
    /// Partners that would earn more.
    pub winners: i64,
    /// Partners that would earn less.
    pub losers: i64,
    /// Those whose pay changes most.
    pub partners: Vec<WhatIfPartner>,
    /// Conversions that lack something, or wait for a person.
    pub left_out: i64,
    /// One conversion under both.
    pub compared: Option<WhatIfCompared>,
}

/// A partner under both plans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhatIfPartner {
    /// The partnership's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it has earned.
    pub now: Money,
    /// What it would have earned.
    pub then: Money,
    /// By how much that is more, or less.
    pub change: Money,
}

/// One conversion under both plans.
#[derive(Debug, Clone)]
pub struct WhatIfCompared {
    /// Its id.
    pub id: String,
    /// Who earned what, and how it came about.
    pub now: Vec<(String, Arithmetic)>,
    /// Who would have earned what.
    pub then: Vec<(String, Arithmetic)>,
}

impl WhatIf {
    fn sample() -> Self {
        let partner = |name: &str, now, then| WhatIfPartner {
            id: "pship_1".to_owned(),
            name: name.to_owned(),
            now: dkk(now),
            then: dkk(then),
            change: dkk(then - now),
        };
        let sum = |percent: &str, result| Arithmetic {
            steps: vec![
                Step::Rule { name: "Salg".to_owned(), version: 3 },
                Step::Base { amount: dkk(1_250_000) },
                Step::Percent { rate: rate(percent), result: dkk(result) },
            ],
            result: dkk(result),
        };
        Self {
            from: day("2026-08-23"),
            until: day("2026-11-21"),
            conversions: 1_284,
            cost: (dkk(18_240_000), dkk(21_406_550)),
            change: dkk(3_166_550),
            paid: (1_102, 1_201),
            customers: 311,
            per_customer: Some((dkk(58_650), dkk(68_831))),
            winners: 2,
            losers: 1,
            partners: vec![
                partner("Anna Holm", 4_100_000, 6_150_000),
                partner(AWKWARD, 3_000_000, 4_500_050),
                partner("Nordlys Review", 1_900_000, 1_516_500),
            ],
            left_out: 12,
            compared: Some(WhatIfCompared {
                id: "conv_1".to_owned(),
                now: vec![("Anna Holm".to_owned(), sum("0.2", 250_000))],
                then: vec![("Anna Holm".to_owned(), sum("0.3", 375_000))],
            }),
        }
    }
}

impl PlanWhatIf {
    fn sample_views() -> Vec<Self> {
        let asked = Self {
            document: Field::of("{\n  \"format\": 1\n}"),
            from: Field::of("2026-08-23"),
            until: Field::of("2026-11-21"),
            conversion: Field::default(),
            errors: Vec::new(),
            found: None,
        };
        let found = Self { found: Some(WhatIf::sample()), ..asked.clone() };
        let nothing = WhatIf {
            conversions: 0,
            cost: (dkk(0), dkk(0)),
            change: dkk(0),
            paid: (0, 0),
            customers: 0,
            per_customer: None,
            winners: 0,
            losers: 0,
            partners: Vec::new(),
            left_out: 0,
            compared: None,
            ..WhatIf::sample()
        };
        let nothing = Self { found: Some(nothing), ..asked.clone() };
        let wrong = Self {
            document: Field::wrong("{", "plan_invalid"),
            until: Field::wrong("2026-01-01", "before_from"),
            conversion: Field::wrong("conv_2", "not_in_period"),
            errors: vec![FieldError::new("/rules/0/amount", "required", "")],
            ..asked.clone()
        };
        vec![found, asked, nothing, wrong]
    }
}

view!(PlanWhatIf, "plan-what-if", ManagerAccess, "pages/plan_what_if.html", section: ManagerSection::Settings);
