tributary_kernel::text_enum! {
    /// Why money moved other than in the ordinary course: the coded reason that both sides see.
    /// Free words of people live outside the ledger.
    pub enum Reason {
        /// The ordinary course.
        None = "none",
        /// The customer got the money back.
        Refund = "refund",
        /// The customer's bank took the money back.
        Chargeback = "chargeback",
        /// The order was cancelled or never paid.
        Cancelled = "cancelled",
        /// The same result had been reported before.
        Duplicate = "duplicate",
        /// A lead or sale did not meet the published criteria.
        NotQualified = "not_qualified",
        /// The partner bought from itself.
        SelfReferral = "self_referral",
        /// The program's terms were broken.
        TermsBroken = "terms_broken",
        /// Fraud.
        Fraud = "fraud",
        /// What was reported has been corrected.
        Correction = "correction",
        /// A touch that arrived late changed who earned it.
        Redecided = "redecided",
        /// A tier that counts backwards was reached or lost.
        RetroactiveTier = "retroactive_tier",
        /// A bonus or another gift.
        Bonus = "bonus",
        /// What a partner owed back is given up.
        Forgiven = "forgiven",
        /// The payout was stopped before it was sent.
        PayoutStopped = "payout_stopped",
        /// The bank refused or returned the payment.
        BankReturned = "bank_returned",
        /// The customer left before the time that the plan asks for was over.
        LeftEarly = "left_early",
        /// The decision was taken in error.
        Mistake = "mistake",
        /// None of these; told elsewhere.
        Other = "other",
    }
}

impl Reason {
    /// Its number in canonical form. Never reused.
    #[must_use]
    pub const fn code(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Refund => 1,
            Self::Chargeback => 2,
            Self::Cancelled => 3,
            Self::Duplicate => 4,
            Self::NotQualified => 5,
            Self::SelfReferral => 6,
            Self::TermsBroken => 7,
            Self::Fraud => 8,
            Self::Correction => 9,
            Self::Redecided => 10,
            Self::RetroactiveTier => 11,
            Self::Bonus => 12,
            Self::Forgiven => 13,
            Self::PayoutStopped => 14,
            Self::BankReturned => 15,
            Self::Mistake => 16,
            Self::Other => 17,
            Self::LeftEarly => 18,
        }
    }

    /// The reason of a canonical number.
    #[must_use]
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip() {
        for &reason in Reason::ALL {
            assert_eq!(Reason::from_code(reason.code()), Some(reason));
        }
        assert_eq!(Reason::from_code(19), None);
    }
}
