use tributary_money::Share;

/// What became of one touch. `winner` is the place of the touch that won in the journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case", deny_unknown_fields)]
pub enum TouchVerdict {
    /// It earned.
    Credited {
        /// Its share of the conversion.
        share: Share,
    },
    /// It is of a channel that is no partner's, and takes this share of the conversion: nobody is
    /// paid for it.
    ChannelCredited {
        /// Its share of the conversion.
        share: Share,
    },
    /// It takes part; the model gives its place nothing, or the table no weight.
    NoShare,
    /// It would earn, but another touch of the journey waits for a person.
    Waits {
        /// Place of that touch.
        held: u16,
    },
    /// It could have earned; an earlier touch did.
    EarlierTouchWon {
        /// Place of that touch.
        winner: u16,
    },
    /// It could have earned; a channel that is no partner's took the conversion.
    ChannelWon {
        /// Place of that channel's touch.
        winner: u16,
    },
    /// It could have earned; a lead that a partner registered goes first here.
    RegistrationWon {
        /// Place of the registration.
        winner: u16,
    },
    /// An impression: it counts only where nothing else can.
    StrongerTouchWon {
        /// Place of the touch that could.
        winner: u16,
    },
    /// The same as an earlier touch, within moments.
    Duplicate {
        /// Place of that touch.
        of: u16,
    },
    /// A direct visit: it names nobody.
    Direct,
    /// It could have earned; a later touch of the same kind did.
    LaterTouchWon {
        /// Place of that touch.
        winner: u16,
    },
    /// A click that could have earned; a used code goes before clicks here.
    CouponWon {
        /// Place of the code.
        winner: u16,
    },
    /// A code that could have earned; clicks go before codes here.
    ClickWon {
        /// Place of the click.
        winner: u16,
    },
    /// It could have earned; the customer belongs to a partnership already.
    AssignmentWon {
        /// Place of the assignment.
        winner: u16,
    },
    /// Too long before the conversion.
    OutsideWindow {
        /// Its age in days of the program's calendar, begun days counted: always more than
        /// `window_days`.
        age_days: u32,
        /// Days for which such a touch can earn.
        window_days: u16,
    },
    /// It happened after the conversion.
    AfterConversion,
    /// The visitor said no, or took the yes back.
    ConsentDenied,
    /// The partnership was not accepted, paused or ended when the conversion occurred.
    PartnershipNotActive,
    /// The channel is no partner's.
    NotAPartner,
    /// The customer's assignment, in a program that does not keep customers with their partner.
    NotUsedByPolicy,
    /// It would earn, but we hold only its id, from a moment when clicks were being lost: the
    /// conversion waits for a person.
    UnrecordedHeld,
    /// A person refused an id that we had no record of.
    Rejected,
}

impl TouchVerdict {
    /// Its stable name, the same as in the stored form.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Credited { .. } => "credited",
            Self::ChannelCredited { .. } => "channel_credited",
            Self::NoShare => "no_share",
            Self::Waits { .. } => "waits",
            Self::EarlierTouchWon { .. } => "earlier_touch_won",
            Self::ChannelWon { .. } => "channel_won",
            Self::RegistrationWon { .. } => "registration_won",
            Self::StrongerTouchWon { .. } => "stronger_touch_won",
            Self::Duplicate { .. } => "duplicate",
            Self::Direct => "direct",
            Self::LaterTouchWon { .. } => "later_touch_won",
            Self::CouponWon { .. } => "coupon_won",
            Self::ClickWon { .. } => "click_won",
            Self::AssignmentWon { .. } => "assignment_won",
            Self::OutsideWindow { .. } => "outside_window",
            Self::AfterConversion => "after_conversion",
            Self::ConsentDenied => "consent_denied",
            Self::PartnershipNotActive => "partnership_not_active",
            Self::NotAPartner => "not_a_partner",
            Self::NotUsedByPolicy => "not_used_by_policy",
            Self::UnrecordedHeld => "unrecorded_held",
            Self::Rejected => "rejected",
        }
    }

    /// The share it has, of whoever: none unless it has one.
    #[must_use]
    pub const fn share(&self) -> Option<Share> {
        match self {
            Self::Credited { share } | Self::ChannelCredited { share } => Some(*share),
            _ => None,
        }
    }

    /// Place of the touch that won over it, if one did.
    #[must_use]
    pub const fn winner(&self) -> Option<u16> {
        match self {
            Self::LaterTouchWon { winner }
            | Self::EarlierTouchWon { winner }
            | Self::ChannelWon { winner }
            | Self::RegistrationWon { winner }
            | Self::StrongerTouchWon { winner }
            | Self::CouponWon { winner }
            | Self::ClickWon { winner }
            | Self::AssignmentWon { winner } => Some(*winner),
            _ => None,
        }
    }
}
