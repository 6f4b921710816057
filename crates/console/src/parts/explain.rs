use tributary_app::conversion::ManualReason;
use tributary_kernel::{LocalDate, Timestamp};
use tributary_money::{Currency, Money, Rate, Share};

use crate::Frame;

/// One line of an amount's arithmetic, as typed data; the page's language makes words of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The agreement's line that applied.
    Rule {
        /// Its name in the plan.
        name: String,
        /// The plan's version.
        version: u32,
    },
    /// What the rate applies to.
    Base {
        /// The amount.
        amount: Money,
    },
    /// So many per cent of the line above.
    Percent {
        /// The rate.
        rate: Rate,
        /// What it came to.
        result: Money,
    },
    /// So many per cent of the line above, of which a part is credited.
    Rate {
        /// The rate.
        rate: Rate,
    },
    /// The same amount each time.
    Fixed {
        /// That amount.
        amount: Money,
    },
    /// Which payment of a customer this is.
    Payment {
        /// Counted from 1.
        number: u32,
        /// How many earn; none: all.
        of: Option<u32>,
    },
    /// The partner's share of the credit.
    Credit {
        /// The share.
        share: Share,
        /// What it came to.
        result: Money,
    },
    /// So many times the line above.
    Times {
        /// Items.
        count: u32,
        /// What it came to.
        result: Money,
    },
    /// The lines of the order that count.
    Items {
        /// How many lines.
        lines: u32,
        /// Of how many.
        of: u32,
    },
    /// The step of the tiers that pays.
    Tier {
        /// From 1; 0 is below the first.
        step: u32,
    },
    /// A part that falls into a tier of its own.
    Piece {
        /// The rate.
        rate: Rate,
        /// The part.
        base: Money,
    },
    /// One month of a payment for several, or a year of such payments.
    Portion {
        /// Times this,
        times: i64,
        /// divided by this.
        of: i64,
        /// What that comes to of the value that counts; none where it is no whole minor unit.
        amount: Option<Money>,
    },
    /// The line's least or most.
    Bounded {
        /// What it came to.
        result: Money,
    },
    /// What a cap left.
    Capped {
        /// That.
        result: Money,
    },
    /// Another currency.
    Exchange {
        /// What was exchanged.
        from: Money,
        /// Units of the target for one of the source.
        rate: Rate,
        /// The day whose rate was taken.
        day: LocalDate,
        /// What it came to.
        result: Money,
    },
    /// The one rounding at the end.
    Rounded {
        /// What it came to.
        result: Money,
    },
    /// A person gave it, or took it where it is below zero.
    Given {
        /// Who; none: the program.
        author: Option<String>,
        /// Key of why.
        reason_key: &'static str,
        /// How much.
        amount: Money,
    },
    /// What that person wrote.
    Words {
        /// The words.
        words: String,
    },
    /// Part of the sale was returned.
    Returned {
        /// What was taken back: negative.
        amount: Money,
    },
    /// The customer left early.
    LeftEarly {
        /// What was taken back: negative.
        amount: Money,
    },
    /// What the plan takes back when the customer leaves early.
    Clawback {
        /// The months that they must stay.
        months: u16,
        /// Everything, and not the months that are missing.
        everything: bool,
    },
}

impl Step {
    /// The amount at the end of the line.
    #[must_use]
    pub const fn amount(&self) -> Option<Money> {
        match self {
            Self::Rule { .. }
            | Self::Payment { .. }
            | Self::Rate { .. }
            | Self::Items { .. }
            | Self::Tier { .. }
            | Self::Words { .. }
            | Self::Clawback { .. } => None,
            Self::Portion { amount, .. } => *amount,
            Self::Piece { base: amount, .. }
            | Self::Base { amount }
            | Self::Fixed { amount }
            | Self::Given { amount, .. }
            | Self::Returned { amount }
            | Self::LeftEarly { amount } => Some(*amount),
            Self::Percent { result, .. }
            | Self::Credit { result, .. }
            | Self::Times { result, .. }
            | Self::Exchange { result, .. }
            | Self::Bounded { result }
            | Self::Capped { result }
            | Self::Rounded { result } => Some(*result),
        }
    }
}

/// Key of why a person gave an amount.
pub(crate) const fn manual_key(reason: ManualReason) -> &'static str {
    match reason {
        ManualReason::Correction => "manual-correction",
        ManualReason::Fee => "manual-fee",
        ManualReason::Bonus => "manual-bonus",
        ManualReason::GoodWill => "manual-good-will",
        ManualReason::Inquiry => "manual-inquiry",
        ManualReason::Other => "manual-other",
    }
}

/// How an amount came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arithmetic {
    /// From the first figure to the last.
    pub steps: Vec<Step>,
    /// What it came to.
    pub result: Money,
}

/// Why a touch, or a conversion, earned nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCredit {
    /// Too long before the conversion.
    OutsideWindow {
        /// Days between.
        days: u32,
        /// Days allowed.
        window: u32,
    },
    /// No consent followed within a day, so the touch was not kept.
    NoConsent,
    /// The last touch decides, and another came later.
    NotLast,
    /// The first touch decides, and another came earlier.
    NotEarliest,
    /// A channel that is no partner's took the conversion.
    ChannelDecides,
    /// It is such a channel: its part is paid to nobody.
    PaidToNobody,
    /// The model gives its place nothing.
    NoShare,
    /// Another touch of the journey waits for a person.
    WaitsForOther,
    /// The same as a touch just before.
    Repeated,
    /// A direct visit.
    Direct,
    /// A registered lead goes first.
    RegistrationDecides,
    /// An impression, where something stronger counts.
    StrongerDecides,
    /// A code used at the purchase decides.
    CodeDecides,
    /// A click decides in this program, and there was one.
    ClickDecides,
    /// The customer belongs to another partner already.
    Assigned,
    /// It came after the conversion.
    AfterConversion,
    /// The program does not keep customers with their partner.
    NotUsed,
    /// The click has no record; a person looks first.
    Unrecorded,
    /// A person looked, and it does not count.
    Rejected,
    /// The plan pays the customer's first payment only.
    NotFirst,
    /// The months for which the plan pays a customer are over.
    MonthsOver,
    /// An earlier line of the plan decided.
    EarlierRule,
    /// It came to less than the smallest amount.
    Nothing,
    /// The program had no plan at the time.
    NoPlan,
    /// Nobody had credit.
    Nobody,
    /// The channel is not a partner's.
    NotAPartner,
    /// The partnership was not active then.
    NotActive,
    /// A machine, a preview or a prefetch.
    NotAPerson,
    /// The plan has no line for this kind of event.
    NoRule,
    /// More payments than the plan rewards.
    PaymentsOver {
        /// Payments that earn.
        of: u32,
    },
    /// One for this partner, its group or the campaign pays instead.
    CloserRule,
    /// One that pays more does.
    BetterRule,
    /// It is for another partner, group or campaign.
    OtherScope,
    /// It is for those who chose another option.
    OtherOption,
    /// A condition of the line does not hold.
    Condition,
    /// The subscription was cancelled and taken up again.
    SubscriptionEnded,
    /// It was paid for this company or customer already.
    OnceAlready,
    /// It pays the first customers only.
    CustomersFull {
        /// How many.
        of: u32,
    },
    /// A cap had nothing left.
    CapReached,
    /// Test mode.
    Test,
    /// Reported before.
    Duplicate,
    /// The sale was returned.
    Returned,
}

/// An amount that was not paid, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotPaid {
    /// What it would have been for.
    pub label: String,
    /// Why not.
    pub reason: NoCredit,
}

/// How somebody came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TouchChannel {
    /// By a partner's link.
    Link,
    /// With a partner's code.
    Code,
    /// As a company that a partner had registered.
    Lead,
    /// As a customer who belongs to a partner already.
    Customer,
    /// By another partner, of whom the reader may not know more.
    AnotherPartner,
    /// By another channel: an advertisement, a search.
    Other,
}

/// One stop of a journey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// When.
    pub at: Timestamp,
    /// How.
    pub channel: TouchChannel,
    /// Link, code or channel; empty for another partner.
    pub label: String,
    /// Whose; none for other channels, and for another partner.
    pub partner: Option<String>,
    /// Whether it is of somebody else who is, or buys for, the same.
    pub other_person: bool,
    /// The credit it got.
    pub share: Option<Share>,
    /// Why it got none.
    pub no_credit: Option<NoCredit>,
}

/// What an amount waits for before it is money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitsFor {
    /// The return period, until a day.
    Hold {
        /// Its last day.
        until: LocalDate,
    },
    /// A manager's look.
    Review,
    /// Its pay day.
    PayDay {
        /// That day.
        day: LocalDate,
    },
    /// More of it: too little to pay out.
    Minimum {
        /// The least that is paid.
        minimum: Money,
        /// What is missing.
        missing: Money,
    },
    /// Bank details.
    BankDetails,
    /// A second look at changed bank details.
    BankCheck,
    /// An account that can be paid in a currency.
    AccountKind {
        /// Which.
        currency: Currency,
    },
    /// Tax details with which an invoice can be written.
    TaxDetails,
    /// Earnings that cover what is owed back.
    OwedBack,
    /// The bank.
    Bank,
}

impl<A> Frame<A> {
    /// A step in words.
    #[must_use]
    pub fn step(&self, step: &Step) -> String {
        match step {
            Step::Rule { name, version } => {
                self.t2("explanation-rule", "name", name, "version", version)
            }
            Step::Base { .. } => self.t("explanation-base"),
            Step::Percent { rate, .. } | Step::Rate { rate } => {
                self.t1("explanation-percent", "rate", rate)
            }
            Step::Fixed { .. } => self.t("explanation-fixed"),
            Step::Payment { number, of: Some(of) } => {
                self.t2("explanation-payment-of", "number", number, "of", of)
            }
            Step::Payment { number, of: None } => self.t1("explanation-payment", "number", number),
            Step::Credit { share, .. } => self.t1("explanation-credit", "share", self.share(share)),
            Step::Times { count, .. } => self.t1("explanation-times", "count", count),
            Step::Exchange { from, rate, day, .. } => {
                let rate = self.language.decimal(&rate.to_string());
                self.t3("explanation-exchange", "amount", from, "rate", rate, "date", day)
            }
            Step::Items { lines, of } => self.t2("explanation-items", "lines", lines, "of", of),
            Step::Tier { step } => self.t1("explanation-tier", "step", step),
            Step::Piece { rate, .. } => self.t1("explanation-piece", "rate", rate),
            Step::Portion { times: 1, of, .. } => self.t1("explanation-month", "of", of),
            Step::Portion { .. } => self.t("explanation-year"),
            Step::Bounded { .. } => self.t("explanation-bounded"),
            Step::Capped { .. } => self.t("explanation-capped"),
            Step::Rounded { .. } => self.t("explanation-rounded"),
            Step::Given { author, reason_key, amount } => {
                let who = author.clone().unwrap_or_else(|| self.t("manual-the-program"));
                let key = match amount.is_negative() {
                    true => "explanation-taken",
                    false => "explanation-given",
                };
                self.t2(key, "who", who, "why", self.t(reason_key))
            }
            Step::Words { words } => words.clone(),
            Step::Returned { .. } => self.t("explanation-returned"),
            Step::LeftEarly { .. } => self.t("explanation-left-early"),
            Step::Clawback { months, everything: true } => {
                self.t1("explanation-clawback-all", "count", u32::from(*months))
            }
            Step::Clawback { months, everything: false } => {
                self.t1("explanation-clawback-missing", "count", u32::from(*months))
            }
        }
    }

    /// Why something earned nothing.
    #[must_use]
    pub fn no_credit(&self, reason: &NoCredit) -> String {
        match reason {
            NoCredit::OutsideWindow { days, window } => {
                self.t2("reason-outside-window", "days", days, "window", window)
            }
            NoCredit::NoConsent => self.t("reason-no-consent"),
            NoCredit::NotLast => self.t("reason-not-last"),
            NoCredit::NotEarliest => self.t("reason-not-earliest"),
            NoCredit::ChannelDecides => self.t("reason-channel-decides"),
            NoCredit::PaidToNobody => self.t("reason-paid-to-nobody"),
            NoCredit::NoShare => self.t("reason-no-share"),
            NoCredit::WaitsForOther => self.t("reason-waits-for-other"),
            NoCredit::Repeated => self.t("reason-repeated"),
            NoCredit::Direct => self.t("reason-direct"),
            NoCredit::RegistrationDecides => self.t("reason-registration-decides"),
            NoCredit::StrongerDecides => self.t("reason-stronger-decides"),
            NoCredit::CodeDecides => self.t("reason-code-decides"),
            NoCredit::ClickDecides => self.t("reason-click-decides"),
            NoCredit::Assigned => self.t("reason-assigned"),
            NoCredit::AfterConversion => self.t("reason-after-conversion"),
            NoCredit::NotUsed => self.t("reason-not-used"),
            NoCredit::Unrecorded => self.t("reason-unrecorded"),
            NoCredit::Rejected => self.t("reason-rejected"),
            NoCredit::NotFirst => self.t("reason-not-first"),
            NoCredit::MonthsOver => self.t("reason-months-over"),
            NoCredit::EarlierRule => self.t("reason-earlier-rule"),
            NoCredit::Nothing => self.t("reason-nothing"),
            NoCredit::NoPlan => self.t("reason-no-plan"),
            NoCredit::Nobody => self.t("reason-nobody"),
            NoCredit::NotAPartner => self.t("reason-not-a-partner"),
            NoCredit::NotActive => self.t("reason-not-active"),
            NoCredit::NotAPerson => self.t("reason-not-a-person"),
            NoCredit::NoRule => self.t("reason-no-rule"),
            NoCredit::PaymentsOver { of } => self.t1("reason-payments-over", "of", of),
            NoCredit::CloserRule => self.t("reason-closer-rule"),
            NoCredit::BetterRule => self.t("reason-better-rule"),
            NoCredit::OtherScope => self.t("reason-other-scope"),
            NoCredit::OtherOption => self.t("reason-other-option"),
            NoCredit::Condition => self.t("reason-condition"),
            NoCredit::SubscriptionEnded => self.t("reason-subscription-ended"),
            NoCredit::OnceAlready => self.t("reason-once-already"),
            NoCredit::CustomersFull { of } => self.t1("reason-customers-full", "of", of),
            NoCredit::CapReached => self.t("reason-cap-reached"),
            NoCredit::Test => self.t("reason-test"),
            NoCredit::Duplicate => self.t("reason-duplicate"),
            NoCredit::Returned => self.t("reason-returned"),
        }
    }

    /// How somebody came.
    #[must_use]
    pub fn channel(&self, channel: &TouchChannel) -> String {
        self.t(match channel {
            TouchChannel::Link => "channel-link",
            TouchChannel::Code => "channel-code",
            TouchChannel::Lead => "channel-lead",
            TouchChannel::Customer => "channel-customer",
            TouchChannel::AnotherPartner => "another-partner",
            TouchChannel::Other => "channel-other",
        })
    }

    /// What an amount waits for.
    #[must_use]
    pub fn waits_for(&self, what: &WaitsFor) -> String {
        match what {
            WaitsFor::Hold { until } => self.t1("waits-hold", "date", until),
            WaitsFor::Review => self.t("waits-review"),
            WaitsFor::PayDay { day } => self.t1("waits-pay-day", "date", day),
            WaitsFor::Minimum { minimum, missing } => {
                self.t2("waits-minimum", "minimum", minimum, "missing", missing)
            }
            WaitsFor::BankDetails => self.t("waits-bank-details"),
            WaitsFor::BankCheck => self.t("waits-bank-check"),
            WaitsFor::AccountKind { currency } => {
                self.t1("waits-account-kind", "currency", currency.code())
            }
            WaitsFor::TaxDetails => self.t("waits-tax-details"),
            WaitsFor::OwedBack => self.t("waits-owed-back"),
            WaitsFor::Bank => self.t("waits-bank"),
        }
    }
}
