use tributary_kernel::{FieldError, text_enum};

use crate::TouchKind;

/// The longest window a program may have: touches are not kept longer.
pub const WINDOW_DAYS_MAX: u16 = 400;
/// The window of a program that does not say: usual for sales between companies.
pub const CLICK_WINDOW_DAYS_DEFAULT: u16 = 90;

text_enum! {
    /// How credit is given.
    pub enum Model {
        /// All of it to the last touch of a partner within the window; other channels are passed
        /// over.
        LastPartnerClick = "last_partner_click",
    }
}

text_enum! {
    /// What wins when a purchase has both a partner's code and partners' clicks. Time cannot say:
    /// the code is always the last thing that happens.
    pub enum Precedence {
        /// The code.
        CouponOverClick = "coupon_over_click",
        /// The last click; the code only when no click can earn.
        ClickOverCoupon = "click_over_coupon",
    }
}

/// A program's rules for credit.
///
/// Precedence, highest first: the customer's assignment (where kept), then code and click in the
/// order of [`Precedence`], then the later touch. Only touches that can earn compete, so that an
/// ended partnership never stands in another's way.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// How credit is given.
    pub model: Model,
    /// For how many days of the program's calendar a click can earn.
    pub click_window_days: u16,
    /// For how many days a used code can earn: a code given at the trial, say.
    pub coupon_window_days: u16,
    /// Codes against clicks.
    pub precedence: Precedence,
    /// A customer stays with the partnership of the first conversion: its later payments are that
    /// partner's, whatever was clicked since. How long they pay is the plan's business.
    pub customer_stays: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            model: Model::LastPartnerClick,
            click_window_days: CLICK_WINDOW_DAYS_DEFAULT,
            coupon_window_days: CLICK_WINDOW_DAYS_DEFAULT,
            precedence: Precedence::CouponOverClick,
            customer_stays: true,
        }
    }
}

impl Policy {
    /// Days for which a touch of this kind can earn; none means without end.
    #[must_use]
    pub const fn window_days(&self, kind: TouchKind) -> Option<u16> {
        match kind {
            TouchKind::Click => Some(self.click_window_days),
            TouchKind::Coupon => Some(self.coupon_window_days),
            TouchKind::Assignment => None,
        }
    }

    /// What is wrong with the settings: windows are 1 to [`WINDOW_DAYS_MAX`] days.
    #[must_use]
    pub fn errors(&self) -> Vec<FieldError> {
        let windows = [
            ("/click_window_days", self.click_window_days),
            ("/coupon_window_days", self.coupon_window_days),
        ];
        windows
            .into_iter()
            .filter(|(_, days)| !(1..=WINDOW_DAYS_MAX).contains(days))
            .map(|(pointer, _)| {
                let detail = format!("A window is 1 to {WINDOW_DAYS_MAX} days.");
                FieldError::new(pointer, "out_of_range", detail)
            })
            .collect()
    }

    /// Rank of a kind of touch; the higher competes first.
    pub(crate) const fn rank(&self, kind: TouchKind) -> u8 {
        match (kind, self.precedence) {
            (TouchKind::Assignment, _) => 2,
            (TouchKind::Coupon, Precedence::CouponOverClick)
            | (TouchKind::Click, Precedence::ClickOverCoupon) => 1,
            (TouchKind::Coupon | TouchKind::Click, _) => 0,
        }
    }
}
