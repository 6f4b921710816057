use tributary_attribution::Model;
use tributary_money::Money;

use super::sample::{AWKWARD, dkk};
use crate::page::view;
use crate::parts::{Choice, Field};
use crate::{Frame, ManagerAccess};

/// A way that led to conversions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathRow {
    /// Who touched, from first to last.
    pub steps: Vec<String>,
    /// How many conversions.
    pub conversions: i64,
    /// Their amounts.
    pub value: Money,
}

/// Somebody in the journeys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyRow {
    /// A partner, or a channel.
    pub name: String,
    /// Whether it is a channel, which nobody is paid for.
    pub channel: bool,
    /// Conversions that it touched.
    pub touched: i64,
    /// Of these, those whose last touch was another's.
    pub assists: i64,
    /// Credit as it was decided, in thousandths of a conversion.
    pub decided: u64,
    /// Its part of the amounts.
    pub value: Money,
    /// Credit under each model of [`JourneysPage::MODELS`].
    pub models: Vec<u64>,
    /// Credit under the settings that are tried.
    pub what_if: Option<u64>,
}

/// The ways that led to conversions, and who would have earned what.
#[derive(Debug, Clone)]
pub struct JourneysPage {
    /// First day.
    pub from: Field,
    /// Last day.
    pub to: Field,
    /// The model that is tried; empty: none.
    pub model: Field,
    /// The window that is tried; empty: the program's.
    pub window: Field,
    /// Conversions looked at.
    pub conversions: i64,
    /// There were more.
    pub truncated: bool,
    /// Of these credited otherwise by what is tried.
    pub changed: Option<i64>,
    /// Days from first touch to conversion: half, and nine of ten, took no longer.
    pub days: Option<(u32, u32)>,
    /// Conversions by number of touches; the last is that many or more.
    pub lengths: Vec<i64>,
    /// The commonest.
    pub paths: Vec<PathRow>,
    /// Who touched.
    pub parties: Vec<PartyRow>,
}

impl<A> Frame<A> {
    /// Credit in conversions, to a tenth.
    #[must_use]
    pub fn conversions(&self, thousandths: &u64) -> String {
        let tenths = thousandths.saturating_add(50) / 100;
        self.language.decimal(&format!("{}.{}", tenths / 10, tenths % 10))
    }
}

impl JourneysPage {
    /// The models that are compared side by side, in the order of their columns: the usual ones.
    /// Any of [`Model::WITHOUT_TABLE`] can be tried.
    pub(crate) const MODELS: &'static [Model] = &[
        Model::LastPartnerClick,
        Model::FirstTouch,
        Model::LinearTouches,
        Model::LinearDistinct,
        Model::TimeDecay,
        Model::PositionU,
        Model::LastNonDirect,
    ];

    fn choices(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        let models = Model::WITHOUT_TABLE.iter();
        let own = Choice::new("", page.t("what-if-own"));
        std::iter::once(own)
            .chain(models.map(|model| Choice::new(model.as_str(), page.model(model))))
            .collect()
    }

    /// Numbers of touches that some conversions had, with how many.
    fn told_lengths(&self, page: &Frame<ManagerAccess>) -> Vec<(String, i64)> {
        let last = self.lengths.len().saturating_sub(1);
        let word = |place: usize| {
            let count = u32::try_from(place).unwrap_or(u32::MAX);
            if place == last {
                page.t1("length-or-more", "count", count)
            } else {
                page.t1("length-touches", "count", count)
            }
        };
        let counts = self.lengths.iter().enumerate().filter(|(_, count)| **count > 0);
        counts.map(|(place, count)| (word(place), *count)).collect()
    }

    fn sample_views() -> Vec<Self> {
        let party = |name: &str, channel, decided, what_if| PartyRow {
            name: name.to_owned(),
            channel,
            touched: 120,
            assists: 41,
            decided,
            value: dkk(12_345_600),
            models: vec![decided; Self::MODELS.len()],
            what_if,
        };
        let good = Self {
            from: Field::of("2026-08-24"),
            to: Field::of("2026-11-21"),
            model: Field::of("linear_distinct"),
            window: Field::of("30"),
            conversions: 312,
            truncated: true,
            changed: Some(84),
            days: Some((9, 62)),
            lengths: vec![12, 140, 80, 40, 21, 9, 4, 3, 2, 1, 0],
            paths: vec![
                PathRow {
                    steps: vec!["Anna Holm".to_owned()],
                    conversions: 98,
                    value: dkk(4_200_000),
                },
                PathRow {
                    steps: vec![
                        AWKWARD.to_owned(),
                        "paid search".to_owned(),
                        "Anna Holm".to_owned(),
                    ],
                    conversions: 31,
                    value: dkk(1_150_000),
                },
            ],
            parties: vec![
                party("Anna Holm", false, 201_500, Some(160_250)),
                party(AWKWARD, false, 98_400, Some(110_000)),
                party("paid search", true, 12_100, Some(41_750)),
            ],
        };
        let none = Self {
            model: Field::default(),
            window: Field::default(),
            conversions: 0,
            truncated: false,
            changed: None,
            days: None,
            lengths: vec![0; 11],
            paths: Vec::new(),
            parties: Vec::new(),
            ..good.clone()
        };
        let wrong = Self { to: Field::wrong("2026-01-01", "before_from"), ..none.clone() };
        vec![good, none, wrong]
    }
}

view!(JourneysPage, "journeys", ManagerAccess, "pages/journeys.html", section: ManagerSection::Conversions);
