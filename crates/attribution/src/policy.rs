use std::collections::BTreeSet;

use tributary_kernel::{FieldError, text_enum};

use crate::{Channel, Model, ModelSettings, TouchKind, WeightsTable};

/// The longest window a program may have: touches are not kept longer.
pub const WINDOW_DAYS_MAX: u16 = 400;
/// The window of a program that does not say: usual for sales between companies.
pub const CLICK_WINDOW_DAYS_DEFAULT: u16 = 90;
/// The window of other channels' visits, where a program does not say.
pub const VISIT_WINDOW_DAYS_DEFAULT: u16 = 30;
/// Windows by kind of touch and type of event.
pub const WINDOW_RULES_MAX: usize = 40;
/// Most tolerance for clocks that disagree, and the longest span of a repeated touch.
pub const TOLERANCE_SECONDS_MAX: u32 = 86_400;

text_enum! {
    /// What wins when a purchase has both a partner's code and partners' clicks. Time cannot say:
    /// the code is always the last thing that happens.
    pub enum Precedence {
        /// The code.
        CouponOverClick = "coupon_over_click",
        /// The last click; the code only when no click can earn.
        ClickOverCoupon = "click_over_coupon",
        /// Neither: they compete, or share, as touches of one kind.
        Alike = "alike",
    }
}

text_enum! {
    /// Whose touches make the journey of a customer.
    pub enum People {
        /// The customer's own: by the advertiser's id and by the click that was reported.
        Customer = "customer",
        /// Of everybody who was reported with the same mail address: one person by several ids.
        Person = "person",
        /// Of everybody known to buy for the same company, too.
        Company = "company",
    }
}

/// Which channels that are no partner's compete with partners: de-duplication. A channel that
/// competes takes credit that nobody is paid for.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// None: other channels are passed over.
    #[default]
    Nobody,
    /// These.
    Channels(BTreeSet<Channel>),
    /// All but direct visits.
    EveryChannel,
}

/// A window for a kind of touch, for one type of event or for all.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowRule {
    /// The type of conversion (`signup`, `sale`, …); none for every type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// The kind of touch.
    pub kind: TouchKind,
    /// For how many days of the program's calendar it can earn.
    pub days: u16,
}

/// A program's rules for credit.
///
/// Precedence, highest first: the customer's assignment (where kept), the registered lead (where
/// it goes first), then code and click in the order of [`Precedence`]; an impression only where
/// nothing else can earn. Only touches of the highest precedence present take part, and the model
/// divides between them. Only touches that can earn compete, so that an ended partnership never
/// stands in another's way.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// How credit is given.
    pub model: Model,
    /// For how many days of the program's calendar a click can earn, and what partners' people
    /// did or customers said.
    pub click_window_days: u16,
    /// For how many days a used code can earn: a code given at the trial, say.
    pub coupon_window_days: u16,
    /// Codes against clicks.
    pub precedence: Precedence,
    /// A customer stays with the partnership of the first conversion: its later payments are that
    /// partner's, whatever was clicked since. How long they pay is the plan's business.
    pub customer_stays: bool,
    /// A lead that a partner registered goes before codes and clicks.
    #[serde(skip_serializing_if = "is_true")]
    pub registration_first: bool,
    /// Whose touches count.
    #[serde(skip_serializing_if = "is_customer")]
    pub people: People,
    /// Channels that compete with partners.
    #[serde(skip_serializing_if = "is_nobody")]
    pub against: Against,
    /// Windows by kind of touch and type of event; the more exact goes before the less exact, and
    /// each before the two above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<WindowRule>,
    /// A touch that seems to come after the conversion by at most this counts as at its moment:
    /// clocks disagree.
    #[serde(skip_serializing_if = "is_zero")]
    pub skew_seconds: u32,
    /// The same kind of touch of the same partner or channel within this many seconds is one.
    #[serde(skip_serializing_if = "is_zero")]
    pub repeat_seconds: u32,
    /// What the model is set to.
    #[serde(skip_serializing_if = "ModelSettings::is_default")]
    pub settings: ModelSettings,
    /// The published weights of [`Model::WeightsTable`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<WeightsTable>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_true(it: &bool) -> bool {
    *it
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(it: &u32) -> bool {
    *it == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_customer(it: &People) -> bool {
    *it == People::Customer
}

fn is_nobody(it: &Against) -> bool {
    *it == Against::Nobody
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            model: Model::LastPartnerClick,
            click_window_days: CLICK_WINDOW_DAYS_DEFAULT,
            coupon_window_days: CLICK_WINDOW_DAYS_DEFAULT,
            precedence: Precedence::CouponOverClick,
            customer_stays: true,
            registration_first: true,
            people: People::Customer,
            against: Against::Nobody,
            windows: Vec::new(),
            skew_seconds: 0,
            repeat_seconds: 0,
            settings: ModelSettings::default(),
            table: None,
        }
    }
}

/// For how long a kind of touch can earn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// This many days of the program's calendar.
    Days(u16),
    /// Without end.
    Endless,
    /// Never: the policy does not use it.
    Unused,
}

impl Policy {
    /// This policy for one type of event: the windows of other types are gone, its own count for
    /// every event. What is stored with a decision is this.
    #[must_use]
    pub fn for_event(&self, event: &str) -> Self {
        let own = self.windows.iter().filter(|rule| rule.event.as_deref() == Some(event));
        let general = self.windows.iter().filter(|rule| rule.event.is_none());
        // The first rule that fits is taken, so the more exact come first.
        let windows = own.chain(general);
        let windows = windows.map(|rule| WindowRule { event: None, ..*rule }).collect();
        Self { windows, ..self.clone() }
    }

    /// For how long a touch of this kind can earn. Rules for single events are asked only through
    /// [`Policy::for_event`]. An impression can earn only by a rule.
    #[must_use]
    pub fn window(&self, kind: TouchKind) -> Window {
        let general = |rule: &&WindowRule| rule.event.is_none() && rule.kind == kind;
        if kind == TouchKind::Assignment {
            return if self.customer_stays { Window::Endless } else { Window::Unused };
        }
        if let Some(rule) = self.windows.iter().find(general) {
            return Window::Days(rule.days);
        }
        match kind {
            TouchKind::Coupon => Window::Days(self.coupon_window_days),
            TouchKind::Visit => Window::Days(VISIT_WINDOW_DAYS_DEFAULT),
            TouchKind::Impression | TouchKind::Assignment => Window::Unused,
            TouchKind::Click
            | TouchKind::Lead
            | TouchKind::Attendance
            | TouchKind::Contact
            | TouchKind::Answer => Window::Days(self.click_window_days),
        }
    }

    /// Whether visits by a channel that is no partner's compete for credit.
    #[must_use]
    pub fn counts_channel(&self, channel: &Channel) -> bool {
        let direct = *channel == Channel::DIRECT;
        match (self.model, &self.against) {
            (Model::LastClick, _) => true,
            (Model::LastNonDirect, _) | (Model::PartnerFirst, Against::Nobody) => !direct,
            (_, Against::Nobody) => false,
            (_, Against::Channels(listed)) => listed.contains(channel),
            (_, Against::EveryChannel) => !direct,
        }
    }

    /// What is wrong with the settings: windows are 1 to [`WINDOW_DAYS_MAX`] days, tolerances at
    /// most [`TOLERANCE_SECONDS_MAX`], and a table is there where the model needs one.
    #[must_use]
    pub fn errors(&self) -> Vec<FieldError> {
        let named = [
            ("/click_window_days".to_owned(), self.click_window_days),
            ("/coupon_window_days".to_owned(), self.coupon_window_days),
        ];
        let ruled = self.windows.iter().enumerate();
        let ruled = ruled.map(|(index, rule)| (format!("/windows/{index}/days"), rule.days));
        let out_of_range = |(pointer, days): (String, u16)| {
            let detail = format!("A window is 1 to {WINDOW_DAYS_MAX} days.");
            let wrong = !(1..=WINDOW_DAYS_MAX).contains(&days);
            wrong.then(|| FieldError::new(pointer, "out_of_range", detail))
        };
        let mut errors: Vec<_> = named.into_iter().chain(ruled).filter_map(out_of_range).collect();
        for (pointer, seconds) in
            [("/skew_seconds", self.skew_seconds), ("/repeat_seconds", self.repeat_seconds)]
        {
            if seconds > TOLERANCE_SECONDS_MAX {
                let detail = format!("At most {TOLERANCE_SECONDS_MAX} seconds.");
                errors.push(FieldError::new(pointer, "out_of_range", detail));
            }
        }
        errors.extend(self.window_errors());
        if let Against::Channels(listed) = &self.against {
            if listed.is_empty() {
                let detail = "List at least one channel, or let nobody compete.";
                errors.push(FieldError::new("/against/channels", "empty", detail));
            }
            for channel in listed.iter().filter(|channel| channel.is_partners()) {
                let detail = format!("{channel} is a way of partners, who compete anyway.");
                errors.push(FieldError::new("/against/channels", "partner_channel", detail));
            }
        }
        if self.model == Model::PartnerFirst && self.settings.partner_floor.is_zero() {
            let detail =
                "A floor of nothing is no floor; give more, or take its base as the model.";
            errors.push(FieldError::new("/settings/partner_floor", "zero", detail));
        }
        errors.extend(self.settings.errors().into_iter().map(|error| error.under("/settings")));
        if self.model == Model::WeightsTable && self.table.is_none() {
            let detail = "This model pays by a published table of weights; name one.";
            errors.push(FieldError::new("/table", "missing", detail));
        }
        errors
    }

    fn window_errors(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.windows.len() > WINDOW_RULES_MAX {
            let detail = format!("At most {WINDOW_RULES_MAX} windows.");
            errors.push(FieldError::new("/windows", "too_many", detail));
        }
        for (index, rule) in self.windows.iter().enumerate() {
            let same = |other: &WindowRule| (&other.event, other.kind) == (&rule.event, rule.kind);
            if self.windows[..index].iter().any(same) {
                let detail = "There is a window for this event and kind already.";
                errors.push(FieldError::new(format!("/windows/{index}"), "repeated", detail));
            }
            if rule.kind == TouchKind::Assignment {
                let detail = "A customer stays with a partner or does not: see customer_stays.";
                errors.push(FieldError::new(format!("/windows/{index}/kind"), "no_window", detail));
            }
        }
        errors
    }

    /// The longest of the windows in which a touch of a kind can earn, whatever the event.
    #[must_use]
    pub fn longest_window_days(&self, kind: TouchKind) -> u16 {
        let own = self.windows.iter().filter(|rule| rule.kind == kind).map(|rule| rule.days);
        let usual = match self.windows.iter().any(|rule| rule.kind == kind && rule.event.is_none())
        {
            true => 0,
            false => match self.window(kind) {
                Window::Days(days) => days,
                Window::Endless => WINDOW_DAYS_MAX,
                Window::Unused => 0,
            },
        };
        own.max().unwrap_or(0).max(usual)
    }

    /// Rank of a kind of touch; the higher competes first.
    pub(crate) const fn rank(&self, kind: TouchKind) -> u8 {
        match (kind, self.precedence) {
            (TouchKind::Assignment, _) => 5,
            (TouchKind::Lead, _) if self.registration_first => 4,
            (TouchKind::Coupon, Precedence::CouponOverClick) => 3,
            (TouchKind::Coupon, Precedence::ClickOverCoupon) => 1,
            (TouchKind::Impression, _) => 0,
            _ => 2,
        }
    }
}
