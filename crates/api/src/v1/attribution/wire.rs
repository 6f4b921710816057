use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::directory::PolicyVersion;
use tributary_app::report::{Earned, JourneyParty, JourneyPath, JourneyReport};
use tributary_attribution::{
    Against, Base, Channel, Model, ModelSettings, People, Policy, Precedence, TouchKind, UWeights,
    WWeights, WindowRule,
};
use tributary_kernel::{FieldError, Refusal, Timestamp};
use tributary_money::Share;

/// A version of how a program gives credit.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Attribution")]
pub(super) struct AttributionOut {
    /// 1, 2, …; 0 while nobody has set one.
    version: u32,
    /// From when it holds.
    effective_from: Timestamp,
    /// When it was made.
    created_at: Timestamp,
    /// How credit is given.
    model: Model,
    /// What the model is set to; each model reads its own.
    settings: SettingsOut,
    /// Days for which a click can earn, and what partners did or customers said.
    click_window_days: u16,
    /// Days for which a used code can earn.
    coupon_window_days: u16,
    /// Windows per kind of touch and type of conversion; they go before the two above.
    windows: Vec<WindowWire>,
    /// Codes against clicks.
    precedence: Precedence,
    /// Whether a customer stays with whom the first payment credited.
    customer_stays: bool,
    /// Whether a lead that a partner registered goes before codes and clicks.
    registration_first: bool,
    /// Whose touches make a customer's journey: its own (`customer`), also those of the same person
    /// by mail address (`person`), also those of everybody in its company (`company`).
    people: People,
    /// Which channels that are no partner's compete: `nobody`, `every_channel` (all but direct
    /// visits) or `listed`.
    against: AgainstWire,
    /// The channels where they are listed.
    channels: Vec<String>,
    /// A touch that seems this much later than the conversion still counts: clocks disagree.
    skew_seconds: u32,
    /// The same touch again within this is one touch.
    repeat_seconds: u32,
}

/// What a model is set to.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AttributionSettings")]
struct SettingsOut {
    /// Days in which a touch loses half its weight: `time_decay`.
    half_life_days: u16,
    /// Weights of `position_u`.
    u: UWire,
    /// Weights of `position_w`.
    w: WWire,
    /// What partners get together at least, parts of 1,000,000,000: `partner_first`.
    partner_floor: u32,
    /// How `partner_first` divides before the floor.
    partner_first_base: Base,
}

/// A new version; what is left out is as in the newest.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SetAttribution")]
pub(super) struct AttributionIn {
    /// From when it holds, at most 400 days ahead or back; left out: from now. A moment before now
    /// decides what is still pending anew.
    #[serde(default)]
    pub(super) effective_from: Option<Timestamp>,
    /// How credit is given. `weights_table` needs a published table and cannot be set here yet.
    #[serde(default)]
    model: Option<Model>,
    /// What the model is set to.
    #[serde(default)]
    settings: Option<SettingsIn>,
    /// Days for which a click can earn, and what partners did or customers said: 1 to 400.
    #[serde(default)]
    click_window_days: Option<u16>,
    /// Days for which a used code can earn: 1 to 400.
    #[serde(default)]
    coupon_window_days: Option<u16>,
    /// Windows per kind of touch and type of conversion; replaces all.
    #[serde(default)]
    windows: Option<Vec<WindowWire>>,
    /// Codes against clicks.
    #[serde(default)]
    precedence: Option<Precedence>,
    /// Whether a customer stays with whom the first payment credited.
    #[serde(default)]
    customer_stays: Option<bool>,
    /// Whether a lead that a partner registered goes before codes and clicks.
    #[serde(default)]
    registration_first: Option<bool>,
    /// Whose touches make a customer's journey.
    #[serde(default)]
    people: Option<People>,
    /// Which channels that are no partner's compete.
    #[serde(default)]
    against: Option<AgainstWire>,
    /// The channels, where they are `listed`.
    #[serde(default)]
    channels: Option<Vec<String>>,
    /// Tolerance for clocks that disagree, in seconds.
    #[serde(default)]
    skew_seconds: Option<u32>,
    /// The same touch again within this many seconds is one touch.
    #[serde(default)]
    repeat_seconds: Option<u32>,
}

/// What a model is set to; what is left out stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AttributionSettingsInput")]
struct SettingsIn {
    /// Days in which a touch loses half its weight: 1 to 400.
    #[serde(default)]
    half_life_days: Option<u16>,
    /// Weights of `position_u`; only their proportions matter.
    #[serde(default)]
    u: Option<UWire>,
    /// Weights of `position_w`; only their proportions matter.
    #[serde(default)]
    w: Option<WWire>,
    /// What partners get together at least, parts of 1,000,000,000.
    #[serde(default)]
    partner_floor: Option<u32>,
    /// How `partner_first` divides before the floor.
    #[serde(default)]
    partner_first_base: Option<Base>,
}

/// Which channels that are no partner's compete with partners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "AttributionAgainst")]
enum AgainstWire {
    /// None.
    Nobody,
    /// Those in `channels`.
    Listed,
    /// All but direct visits.
    EveryChannel,
}

/// Weights of the U.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WeightsOfU")]
struct UWire {
    /// Of the first touch.
    first: u32,
    /// Of the last touch.
    last: u32,
    /// Of all between, together.
    inner: u32,
}

/// Weights of the W.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WeightsOfW")]
struct WWire {
    /// Of the first touch.
    first: u32,
    /// Of the last touch at or before the lead.
    lead: u32,
    /// Of the last touch at or before the opportunity.
    opportunity: u32,
    /// Of all others, together.
    others: u32,
}

/// A window.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AttributionWindow")]
struct WindowWire {
    /// The type of conversion; left out: every type.
    #[serde(default)]
    event: Option<String>,
    /// The kind of touch.
    kind: TouchKind,
    /// Days of the program's calendar: 1 to 400.
    days: u16,
}

impl From<PolicyVersion> for AttributionOut {
    fn from(it: PolicyVersion) -> Self {
        let PolicyVersion { version, effective_from, policy, created_at } = it;
        let settings = policy.settings;
        let (against, channels) = match policy.against {
            Against::Nobody => (AgainstWire::Nobody, Vec::new()),
            Against::EveryChannel => (AgainstWire::EveryChannel, Vec::new()),
            Against::Channels(listed) => {
                (AgainstWire::Listed, listed.iter().map(ToString::to_string).collect())
            }
        };
        Self {
            version,
            effective_from,
            created_at,
            model: policy.model,
            settings: SettingsOut {
                half_life_days: settings.half_life_days,
                u: UWire {
                    first: settings.u.first,
                    last: settings.u.last,
                    inner: settings.u.inner,
                },
                w: WWire {
                    first: settings.w.first,
                    lead: settings.w.lead,
                    opportunity: settings.w.opportunity,
                    others: settings.w.others,
                },
                partner_floor: settings.partner_floor.get(),
                partner_first_base: settings.partner_first_base,
            },
            click_window_days: policy.click_window_days,
            coupon_window_days: policy.coupon_window_days,
            windows: policy
                .windows
                .into_iter()
                .map(|WindowRule { event, kind, days }| WindowWire { event, kind, days })
                .collect(),
            precedence: policy.precedence,
            customer_stays: policy.customer_stays,
            registration_first: policy.registration_first,
            people: policy.people,
            against,
            channels,
            skew_seconds: policy.skew_seconds,
            repeat_seconds: policy.repeat_seconds,
        }
    }
}

impl SettingsIn {
    fn apply(self, before: ModelSettings, errors: &mut Vec<FieldError>) -> ModelSettings {
        let floor = self.partner_floor.map(Share::new).transpose().unwrap_or_else(|_| {
            let detail = format!("A floor is at most the whole: {}.", Share::PARTS);
            errors.push(FieldError::new("/settings/partner_floor", "out_of_range", detail));
            None
        });
        let u = self.u.map(|it| UWeights { first: it.first, last: it.last, inner: it.inner });
        let w = self.w.map(|it| WWeights {
            first: it.first,
            lead: it.lead,
            opportunity: it.opportunity,
            others: it.others,
        });
        ModelSettings {
            half_life_days: self.half_life_days.unwrap_or(before.half_life_days),
            u: u.unwrap_or(before.u),
            w: w.unwrap_or(before.w),
            partner_floor: floor.unwrap_or(before.partner_floor),
            partner_first_base: self.partner_first_base.unwrap_or(before.partner_first_base),
        }
    }
}

impl AttributionIn {
    /// The policy after the change, for the use case, which checks it.
    pub(super) fn apply(self, before: Policy) -> Result<Policy, Refusal> {
        let mut errors = Vec::new();
        let listed = self.channels.unwrap_or_default();
        let mut channels = std::collections::BTreeSet::new();
        for (place, text) in listed.iter().enumerate() {
            match text.parse::<Channel>() {
                Ok(channel) => {
                    channels.insert(channel);
                }
                Err(error) => {
                    let pointer = format!("/channels/{place}");
                    errors.push(FieldError::new(pointer, "channel_malformed", error.to_string()));
                }
            }
        }
        let against = match self.against {
            None if listed.is_empty() => before.against,
            Some(AgainstWire::Nobody) if listed.is_empty() => Against::Nobody,
            Some(AgainstWire::EveryChannel) if listed.is_empty() => Against::EveryChannel,
            None | Some(AgainstWire::Listed) => Against::Channels(channels),
            Some(_) => {
                let detail = "Channels are listed with `against` = `listed` only.";
                errors.push(FieldError::new("/channels", "not_listed", detail));
                before.against
            }
        };
        let windows = self.windows.map(|all| {
            let rule = |WindowWire { event, kind, days }| WindowRule { event, kind, days };
            all.into_iter().map(rule).collect()
        });
        let settings = self.settings.unwrap_or_default().apply(before.settings, &mut errors);
        let policy = Policy {
            model: self.model.unwrap_or(before.model),
            click_window_days: self.click_window_days.unwrap_or(before.click_window_days),
            coupon_window_days: self.coupon_window_days.unwrap_or(before.coupon_window_days),
            precedence: self.precedence.unwrap_or(before.precedence),
            customer_stays: self.customer_stays.unwrap_or(before.customer_stays),
            registration_first: self.registration_first.unwrap_or(before.registration_first),
            people: self.people.unwrap_or(before.people),
            against,
            windows: windows.unwrap_or(before.windows),
            skew_seconds: self.skew_seconds.unwrap_or(before.skew_seconds),
            repeat_seconds: self.repeat_seconds.unwrap_or(before.repeat_seconds),
            settings,
            table: before.table,
        };
        if errors.is_empty() { Ok(policy) } else { Err(Refusal::invalid(errors)) }
    }
}

/// Journeys of a period.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Journeys")]
pub(super) struct JourneysOut {
    /// The currency of the amounts, which are in minor units.
    currency: String,
    /// Conversions looked at.
    conversions: u64,
    /// Whether there were more than are looked at.
    truncated: bool,
    /// Conversions that the tried settings would have credited otherwise.
    changed: u64,
    /// The commonest paths, most first: at most 25.
    paths: Vec<PathOut>,
    /// Conversions on paths that are not told apart.
    other_paths: u64,
    /// Conversions by their number of touches, from none; the last is that many or more.
    lengths: Vec<u64>,
    /// Days from the first touch to the conversion: half of them took no longer.
    days_median: Option<u32>,
    /// Nine of ten took no longer.
    days_ninth_decile: Option<u32>,
    /// Who touched or was credited, most credit first.
    parties: Vec<PartyOut>,
}

/// A way that led to conversions.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "JourneyPath")]
struct PathOut {
    /// From first to last: `pship_…` or a channel.
    steps: Vec<String>,
    /// How many conversions.
    conversions: u64,
    /// Their gross amounts.
    value: i64,
}

/// A partnership or channel in journeys.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "JourneyParty")]
struct PartyOut {
    /// `pship_…` or a channel.
    key: String,
    /// Conversions that it touched.
    touched: u64,
    /// Of these, conversions whose last touch was another's.
    assists: u64,
    /// As it was decided.
    decided: EarnedOut,
    /// Under each model, by its name.
    models: std::collections::BTreeMap<String, EarnedOut>,
    /// Under the tried settings.
    what_if: Option<EarnedOut>,
}

/// What somebody earned.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "EarnedCredit")]
struct EarnedOut {
    /// Sum of shares of conversions, parts of 1,000,000,000 each.
    parts: u64,
    /// Its part of the gross amounts.
    value: i64,
}

impl From<Earned> for EarnedOut {
    fn from(it: Earned) -> Self {
        Self { parts: it.parts, value: it.value }
    }
}

impl From<JourneyReport> for JourneysOut {
    fn from(it: JourneyReport) -> Self {
        let path = |it: JourneyPath| PathOut {
            steps: it.steps.iter().map(ToString::to_string).collect(),
            conversions: it.conversions,
            value: it.value,
        };
        let party = |it: JourneyParty| PartyOut {
            key: it.key.to_string(),
            touched: it.touched,
            assists: it.assists,
            decided: it.decided.into(),
            models: it
                .models
                .into_iter()
                .map(|(model, earned)| (model.to_string(), earned.into()))
                .collect(),
            what_if: it.what_if.map(Into::into),
        };
        Self {
            currency: it.currency.code().to_owned(),
            conversions: it.conversions,
            truncated: it.truncated,
            changed: it.changed,
            paths: it.paths.into_iter().map(path).collect(),
            other_paths: it.other_paths,
            lengths: it.lengths,
            days_median: it.days.map(|(median, _)| median),
            days_ninth_decile: it.days.map(|(_, decile)| decile),
            parties: it.parties.into_iter().map(party).collect(),
        }
    }
}
