use tributary_kernel::{AdjustmentId, CommissionId, ConversionId, PayoutId};

tributary_kernel::text_enum! {
    /// Which movement made a transfer.
    pub enum TransferKind {
        /// A commission is owed: cost -> pending.
        Accrue = "accrue",
        /// It is agreed to: pending -> approved.
        Approve = "approve",
        /// The agreement is taken back: approved -> pending.
        Unapprove = "unapprove",
        /// It is not agreed to: pending -> cost.
        Decline = "decline",
        /// It goes into a payout, less what is owed back: approved -> payable.
        Release = "release",
        /// The payout is not sent: payable -> approved.
        Withdraw = "withdraw",
        /// The payout is sent: payable -> paid.
        Pay = "pay",
        /// The bank gives it back: paid -> payable.
        PaymentReturned = "payment_returned",
        /// An agreed commission is reversed: approved -> cost.
        ReverseApproved = "reverse_approved",
        /// One in a payout not yet sent is reversed: payable -> cost.
        ReversePayable = "reverse_payable",
        /// A paid one is reversed: clawback -> cost.
        ClawBack = "claw_back",
        /// More is owed, for a reason: cost -> a layer.
        AdjustUp = "adjust_up",
        /// Less is owed, for a reason: a layer -> cost.
        AdjustDown = "adjust_down",
        /// VAT is paid with a payout: input VAT -> payable.
        AddVat = "add_vat",
        /// The payout is not sent, nor its VAT: payable -> input VAT.
        TakeVat = "take_vat",
        /// Tax is withheld from a payout: payable -> withheld.
        Withhold = "withhold",
        /// The payout is not sent, nothing is withheld: withheld -> payable.
        ReturnWithheld = "return_withheld",
    }
}

impl TransferKind {
    /// Its byte in canonical form. Never reused.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Accrue => 1,
            Self::Approve => 2,
            Self::Unapprove => 3,
            Self::Decline => 4,
            Self::Release => 5,
            Self::Withdraw => 6,
            Self::Pay => 7,
            Self::PaymentReturned => 8,
            Self::ReverseApproved => 9,
            Self::ReversePayable => 10,
            Self::ClawBack => 11,
            Self::AdjustUp => 12,
            Self::AdjustDown => 13,
            Self::AddVat => 14,
            Self::TakeVat => 15,
            Self::Withhold => 16,
            Self::ReturnWithheld => 17,
        }
    }

    /// The kind of a canonical byte.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// What a transfer of this kind must reverse; empty for those that reverse nothing.
    #[must_use]
    pub const fn reverses(self) -> &'static [Self] {
        match self {
            Self::Unapprove => &[Self::Approve],
            Self::Withdraw => &[Self::Release],
            Self::PaymentReturned => &[Self::Pay],
            Self::TakeVat => &[Self::AddVat],
            Self::ReturnWithheld => &[Self::Withhold],
            Self::Decline | Self::ReverseApproved | Self::ReversePayable | Self::ClawBack => {
                &[Self::Accrue, Self::AdjustUp]
            }
            Self::Accrue
            | Self::Approve
            | Self::Release
            | Self::Pay
            | Self::AdjustUp
            | Self::AdjustDown
            | Self::AddVat
            | Self::Withhold => &[],
        }
    }

    /// Whether it is about what a payout carries besides commissions: VAT and tax withheld.
    #[must_use]
    pub const fn is_tax(self) -> bool {
        matches!(self, Self::AddVat | Self::TakeVat | Self::Withhold | Self::ReturnWithheld)
    }

    /// Whether any kind can reverse it.
    #[must_use]
    pub fn is_reversible(self) -> bool {
        Self::ALL.iter().any(|kind| kind.reverses().contains(&self))
    }
}

tributary_kernel::text_enum! {
    /// What kind of thing a transfer is about.
    pub enum SubjectKind {
        /// A commission.
        Commission = "commission",
        /// A payout.
        Payout = "payout",
        /// A conversion.
        Conversion = "conversion",
        /// A refund, chargeback or correction.
        Adjustment = "adjustment",
    }
}

impl SubjectKind {
    /// Its byte in canonical form. Never reused.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Commission => 1,
            Self::Payout => 2,
            Self::Conversion => 3,
            Self::Adjustment => 4,
        }
    }

    /// The kind of a canonical byte.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// The row a transfer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// Which kind of row.
    pub kind: SubjectKind,
    /// Its id.
    pub id: [u8; 16],
}

impl From<CommissionId> for Subject {
    fn from(id: CommissionId) -> Self {
        Self { kind: SubjectKind::Commission, id: *id.as_bytes() }
    }
}
impl From<PayoutId> for Subject {
    fn from(id: PayoutId) -> Self {
        Self { kind: SubjectKind::Payout, id: *id.as_bytes() }
    }
}
impl From<ConversionId> for Subject {
    fn from(id: ConversionId) -> Self {
        Self { kind: SubjectKind::Conversion, id: *id.as_bytes() }
    }
}
impl From<AdjustmentId> for Subject {
    fn from(id: AdjustmentId) -> Self {
        Self { kind: SubjectKind::Adjustment, id: *id.as_bytes() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip() {
        for &kind in TransferKind::ALL {
            assert_eq!(TransferKind::from_code(kind.code()), Some(kind));
        }
        for &kind in SubjectKind::ALL {
            assert_eq!(SubjectKind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(TransferKind::from_code(0), None);
        assert_eq!(SubjectKind::from_code(0), None);
    }
}
