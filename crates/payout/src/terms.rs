//! What holds for one partner: the program's terms of payment, and what the partner has chosen
//! within them.

use tributary_kernel::{LocalDate, Timestamp, Zone};
use tributary_money::{Currency, Money};

use crate::payday::{self, Rhythm};
use crate::plan::Thresholds;

tributary_kernel::text_enum! {
    /// How money reaches a partner.
    pub enum PayMethod {
        /// By the payer's bank, from a file.
        Bank = "bank",
        /// By PayPal, from a list.
        PayPal = "paypal",
        /// By Wise, from a list.
        Wise = "wise",
        /// By transfers of Stripe Connect.
        StripeConnect = "stripe_connect",
        /// By hand, told afterwards.
        ByHand = "by_hand",
    }
}

/// A program's terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramTerms {
    /// When it pays.
    pub rhythm: Rhythm,
    /// Days after a conversion before its money can be paid.
    pub hold_days: u16,
    /// Least amounts by currency.
    pub thresholds: Thresholds,
    /// Methods it pays by, the usual one first. Never empty.
    pub methods: Vec<PayMethod>,
}

/// What a partner has chosen; none of it is needed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartnerChoice {
    /// To be paid more seldom than the program pays.
    pub rhythm: Option<Rhythm>,
    /// To be paid only from larger amounts on.
    pub thresholds: Vec<Money>,
    /// One of the program's methods.
    pub method: Option<PayMethod>,
}

/// Why a choice is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    /// More often than the program pays.
    #[error("the program pays every {program} days or so; {chosen} is more often")]
    TooOften {
        /// Days between the program's pay days.
        program: u16,
        /// Days between those chosen.
        chosen: u16,
    },
    /// Below the program's least amount.
    #[error("the program pays from {least} on", least = .least.to_decimal_string())]
    TooLittle {
        /// The program's least amount.
        least: Money,
    },
    /// A method that the program does not pay by.
    #[error("the program does not pay by {0}")]
    Method(PayMethod),
}

/// What holds for a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentTerms {
    rhythm: Rhythm,
    hold_days: u16,
    program: Thresholds,
    chosen: Thresholds,
    method: PayMethod,
}

impl PaymentTerms {
    /// Puts both together.
    ///
    /// # Errors
    /// When the choice is outside of the program's terms.
    pub fn of(program: &ProgramTerms, choice: &PartnerChoice) -> Result<Self, ChoiceError> {
        let rhythm = choice.rhythm.unwrap_or(program.rhythm);
        let days = (program.rhythm.days_between(), rhythm.days_between());
        if days.1 < days.0 {
            return Err(ChoiceError::TooOften { program: days.0, chosen: days.1 });
        }
        for amount in &choice.thresholds {
            let least = program.thresholds.of(amount.currency);
            if amount.minor < least.minor {
                return Err(ChoiceError::TooLittle { least });
            }
        }
        let usual = program.methods.first().copied().unwrap_or(PayMethod::ByHand);
        let method = choice.method.unwrap_or(usual);
        if choice.method.is_some() && !program.methods.contains(&method) {
            return Err(ChoiceError::Method(method));
        }
        Ok(Self {
            rhythm,
            hold_days: program.hold_days,
            program: program.thresholds.clone(),
            chosen: Thresholds::new(choice.thresholds.iter().copied()),
            method,
        })
    }

    /// By which method.
    #[must_use]
    pub const fn method(&self) -> PayMethod {
        self.method
    }

    /// From which amount on.
    #[must_use]
    pub fn threshold(&self, currency: Currency) -> Money {
        let (program, chosen) = (self.program.of(currency), self.chosen.of(currency));
        if chosen.minor > program.minor { chosen } else { program }
    }

    /// On which day money earned at a moment is paid at the earliest, in the program's zone.
    #[must_use]
    pub fn due_date(&self, zone: &Zone, occurred_at: Timestamp) -> LocalDate {
        payday::due_date(zone, self.rhythm, occurred_at, self.hold_days)
    }

    /// Whether a run on a day pays this partner: it is one of its pay days, or the balance has
    /// reached the threshold and no calendar is kept.
    #[must_use]
    pub fn is_paid_on(&self, day: LocalDate) -> bool {
        self.rhythm.on_or_after(day).is_none_or(|next| next == day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program() -> ProgramTerms {
        ProgramTerms {
            rhythm: Rhythm::Monthly { day: 15 },
            hold_days: 30,
            thresholds: Thresholds::new([Money::new(50_000, Currency::DKK)]),
            methods: vec![PayMethod::Bank, PayMethod::PayPal],
        }
    }

    #[test]
    fn a_choice_moves_within_the_programs_terms() {
        let plain = PaymentTerms::of(&program(), &PartnerChoice::default()).unwrap();
        assert_eq!(plain.method(), PayMethod::Bank);
        assert_eq!(plain.threshold(Currency::DKK).minor, 50_000);
        assert_eq!(plain.threshold(Currency::EUR).minor, 0);
        let choice = PartnerChoice {
            rhythm: Some(Rhythm::Quarterly { day: 15 }),
            thresholds: vec![Money::new(200_000, Currency::DKK)],
            method: Some(PayMethod::PayPal),
        };
        let own = PaymentTerms::of(&program(), &choice).unwrap();
        assert_eq!(
            (own.method(), own.threshold(Currency::DKK).minor),
            (PayMethod::PayPal, 200_000)
        );
        let day = |text: &str| text.parse().unwrap();
        // 15 November 2026 is a Sunday, and November is not a quarter's month.
        for (on, program_pays, partner_paid) in
            [("2026-10-15", true, true), ("2026-11-16", true, false), ("2026-11-15", false, false)]
        {
            assert_eq!(plain.is_paid_on(day(on)), program_pays, "{on}");
            assert_eq!(own.is_paid_on(day(on)), partner_paid, "{on}");
        }
        let earned = "2026-09-20T22:30:00Z".parse().unwrap();
        for (zone, expected) in [
            ("Europe/Copenhagen", "2027-01-15"),
            ("America/New_York", "2027-01-15"),
            ("Asia/Jakarta", "2027-01-15"),
        ] {
            let zone = Zone::named(zone).unwrap();
            assert_eq!(own.due_date(&zone, earned).to_string(), expected);
        }
        let edge = "2026-09-14T22:30:00Z".parse().unwrap();
        for (zone, expected) in [
            ("Europe/Copenhagen", "2026-10-15"),
            ("America/New_York", "2026-10-15"),
            ("Asia/Jakarta", "2026-10-15"),
        ] {
            let zone = Zone::named(zone).unwrap();
            assert_eq!(plain.due_date(&zone, edge).to_string(), expected);
        }
        let late = "2026-09-15T17:30:00Z".parse().unwrap();
        let due = |zone| plain.due_date(&Zone::named(zone).unwrap(), late).to_string();
        assert_eq!(due("Europe/Copenhagen"), "2026-10-15");
        assert_eq!(
            due("Asia/Jakarta"),
            "2026-11-16",
            "it is the 16th there, and its hold ends later"
        );
    }

    #[test]
    fn a_choice_outside_of_them_is_refused() {
        let of = |choice: PartnerChoice| PaymentTerms::of(&program(), &choice).unwrap_err();
        let weekly = Some(Rhythm::Weekly { weekday: 1 });
        let often = of(PartnerChoice { rhythm: weekly, ..PartnerChoice::default() });
        assert_eq!(often, ChoiceError::TooOften { program: 30, chosen: 7 });
        let thresholds = vec![Money::new(1, Currency::DKK)];
        let little = of(PartnerChoice { thresholds, ..PartnerChoice::default() });
        assert!(matches!(little, ChoiceError::TooLittle { .. }));
        let method = Some(PayMethod::Wise);
        let method = of(PartnerChoice { method, ..PartnerChoice::default() });
        assert_eq!(method, ChoiceError::Method(PayMethod::Wise));
    }
}
