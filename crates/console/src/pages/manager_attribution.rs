use tributary_attribution::{Base, Cause, Model};
use tributary_kernel::Timestamp;
use tributary_money::Share;

use super::sample::at;
use crate::page::view;
use crate::parts::{Choice, Field};
use crate::{Frame, ManagerAccess};

/// A model's answer for the journey of the example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelExample {
    /// Which model.
    pub model: Model,
    /// Whether the program decides by it.
    pub chosen: bool,
    /// What each touch of the example gets; none: it does not take part.
    pub shares: Vec<Option<Share>>,
}

impl ModelExample {
    /// Who of the example gets something.
    fn told<'a>(&self, touches: &'a [(String, String)]) -> Vec<(&'a str, Share)> {
        let having = touches.iter().zip(&self.shares);
        let having = having.filter_map(|((who, _), share)| Some((who.as_str(), (*share)?)));
        having.filter(|(_, share)| !share.is_zero()).collect()
    }
}

/// A version of the policy in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRow {
    /// 1, 2, ….
    pub version: u32,
    /// From when it holds; none: from the beginning.
    pub from: Option<Timestamp>,
    /// Its model.
    pub model: Model,
    /// Days of a click's window.
    pub window_days: u32,
}

/// How the program gives credit.
#[derive(Debug, Clone)]
pub struct SettingsAttribution {
    /// The model in force.
    pub model: Model,
    /// Every model's answer for the same journey, under the program's numbers.
    pub examples: Vec<ModelExample>,
    /// Versions, newest first.
    pub versions: Vec<PolicyRow>,
    /// Changes of credit that wait for a person: the conversions.
    pub waiting: Vec<WaitingChange>,
    /// The fields.
    pub form: AttributionForm,
}

/// A change of credit that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingChange {
    /// Of which conversion.
    pub conversion: String,
    /// When it was found.
    pub at: Timestamp,
    /// Why.
    pub causes: Vec<Cause>,
}

/// The form as it came back.
#[derive(Debug, Clone, Default)]
pub struct AttributionForm {
    /// The model.
    pub model: Field,
    /// Days.
    pub half_life_days: Field,
    /// Three weights: `40/20/40`.
    pub u: Field,
    /// Four weights: `30/30/30/10`.
    pub w: Field,
    /// Per cent.
    pub floor: Field,
    /// The model under the floor.
    pub base: Field,
    /// Days.
    pub click_window_days: Field,
    /// Days.
    pub coupon_window_days: Field,
    /// One per line: `sale click 30`.
    pub windows: Field,
    /// Codes against clicks.
    pub precedence: Field,
    /// `on`: customers stay with whom the first payment credited.
    pub customer_stays: Field,
    /// `on`: a registered lead goes first.
    pub registration_first: Field,
    /// Whose touches count.
    pub people: Field,
    /// Which channels compete.
    pub against: Field,
    /// The channels, one per line.
    pub channels: Field,
    /// First day.
    pub from: Field,
}

/// Days before the conversion of the example's touches.
pub(crate) const EXAMPLE_DAYS: [u32; 4] = [30, 20, 10, 1];
/// Who is behind them; none: an advertisement, which is nobody's.
pub(crate) const EXAMPLE_NAMES: [Option<&str>; 4] = [Some("Anna"), None, Some("Bo"), Some("Cleo")];

impl<A> Frame<A> {
    /// What a model is called.
    #[must_use]
    pub fn model(&self, model: &Model) -> String {
        self.t(match model {
            Model::LastPartnerClick => "model-last-partner-click",
            Model::LastClick => "model-last-click",
            Model::LastNonDirect => "model-last-non-direct",
            Model::FirstTouch => "model-first-touch",
            Model::LinearTouches => "model-linear-touches",
            Model::LinearDistinct => "model-linear-distinct",
            Model::TimeDecay => "model-time-decay",
            Model::PositionU => "model-position-u",
            Model::PositionW => "model-position-w",
            Model::PartnerFirst => "model-partner-first",
            Model::WeightsTable => "model-weights-table",
        })
    }

    /// What a model does, in a sentence.
    #[must_use]
    pub fn model_how(&self, model: &Model) -> String {
        self.t(match model {
            Model::LastPartnerClick => "model-last-partner-click-how",
            Model::LastClick => "model-last-click-how",
            Model::LastNonDirect => "model-last-non-direct-how",
            Model::FirstTouch => "model-first-touch-how",
            Model::LinearTouches => "model-linear-touches-how",
            Model::LinearDistinct => "model-linear-distinct-how",
            Model::TimeDecay => "model-time-decay-how",
            Model::PositionU => "model-position-u-how",
            Model::PositionW => "model-position-w-how",
            Model::PartnerFirst => "model-partner-first-how",
            Model::WeightsTable => "model-weights-table-how",
        })
    }
}

impl SettingsAttribution {
    /// The touches of the example: who, and how many days before.
    fn example_touches(page: &Frame<ManagerAccess>) -> Vec<(String, String)> {
        let touch = |(name, days): (Option<&str>, u32)| {
            let who = name.map_or_else(|| page.t("example-advertisement"), str::to_owned);
            (who, page.t1("example-days-before", "days", days))
        };
        EXAMPLE_NAMES.into_iter().zip(EXAMPLE_DAYS).map(touch).collect()
    }

    fn models(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        let models = Model::WITHOUT_TABLE.iter();
        models.map(|model| Choice::new(model.as_str(), page.model(model))).collect()
    }

    fn bases(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        let word = |base: &Base| {
            page.model(&match base {
                Base::LinearTouches => Model::LinearTouches,
                Base::LinearDistinct => Model::LinearDistinct,
                Base::TimeDecay => Model::TimeDecay,
                Base::PositionU => Model::PositionU,
                Base::LastTouch => Model::LastNonDirect,
            })
        };
        Base::ALL.iter().map(|base| Choice::new(base.as_str(), word(base))).collect()
    }

    fn precedences(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        vec![
            Choice::new("coupon_over_click", page.t("precedence-coupon")),
            Choice::new("click_over_coupon", page.t("precedence-click")),
            Choice::new("alike", page.t("precedence-alike")),
        ]
    }

    fn people(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        vec![
            Choice::new("customer", page.t("people-customer")),
            Choice::new("person", page.t("people-person")),
            Choice::new("company", page.t("people-company")),
        ]
    }

    fn rivals(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        vec![
            Choice::new("nobody", page.t("against-nobody")),
            Choice::new("listed", page.t("against-listed")),
            Choice::new("every_channel", page.t("against-every-channel")),
        ]
    }

    fn sample_views() -> Vec<Self> {
        let share = |parts| Share::new(parts).ok();
        let example = |model, shares: [u32; 4]| ModelExample {
            model,
            chosen: model == Model::TimeDecay,
            shares: shares.into_iter().map(share).collect(),
        };
        let form = AttributionForm {
            model: Field::of("time_decay"),
            half_life_days: Field::of("7"),
            u: Field::of("40/20/40"),
            w: Field::of("30/30/30/10"),
            floor: Field::of("50"),
            base: Field::of("linear_touches"),
            click_window_days: Field::of("90"),
            coupon_window_days: Field::of("90"),
            windows: Field::of("qualified_lead click 120"),
            precedence: Field::of("coupon_over_click"),
            customer_stays: Field::of("on"),
            registration_first: Field::of("on"),
            people: Field::of("company"),
            against: Field::of("listed"),
            channels: Field::of("paid_search\nother_network"),
            from: Field::of("2026-11-21"),
        };
        let row = |version, model, from| PolicyRow { version, from, model, window_days: 90 };
        let good = Self {
            model: Model::TimeDecay,
            examples: vec![
                example(Model::LastPartnerClick, [0, 0, 0, 1_000_000_000]),
                example(Model::LinearTouches, [250_000_000; 4]),
                example(Model::TimeDecay, [40_000_000, 100_000_000, 260_000_000, 600_000_000]),
            ],
            versions: vec![
                row(2, Model::TimeDecay, Some(at("2026-09-01T00:00:00Z"))),
                row(1, Model::LastPartnerClick, None),
            ],
            waiting: vec![WaitingChange {
                conversion: "conv_09".to_owned(),
                at: at("2026-11-21T08:12:00Z"),
                causes: vec![Cause::ModelChanged],
            }],
            form: form.clone(),
        };
        let wrong = Self {
            form: AttributionForm {
                half_life_days: Field::wrong("0", "out_of_range"),
                u: Field::wrong("0/0/0", "all_zero"),
                windows: Field::wrong("sale", "window_malformed"),
                ..form
            },
            versions: Vec::new(),
            waiting: Vec::new(),
            ..good.clone()
        };
        vec![good, wrong]
    }
}

view!(SettingsAttribution, "settings-attribution", ManagerAccess, "pages/settings_attribution.html", section: ManagerSection::Settings);
