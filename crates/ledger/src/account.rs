use sha2::{Digest, Sha256};
use tributary_kernel::{OrganisationId, PartnerId, ProgramId};
use tributary_money::Currency;

tributary_kernel::text_enum! {
    /// What an account counts. Debits are positive: cost, clawback and VAT stand above zero,
    /// the layers of what partners are owed and what is withheld below.
    pub enum AccountKind {
        /// What a program's commissions cost its owner.
        CommissionCost = "commission_cost",
        /// Owed, but not yet agreed to.
        PartnerPending = "partner_pending",
        /// Agreed, waiting for a payout.
        PartnerApproved = "partner_approved",
        /// In a payout on its way.
        PartnerPayable = "partner_payable",
        /// Sent: the owner's bank seen per partner.
        PartnerPaid = "partner_paid",
        /// What a partner has been paid and owes back; later payouts are reduced by it.
        PartnerClawback = "partner_clawback",
        /// VAT that partners were paid with payouts: what the owner may have back from its tax
        /// office.
        InputVat = "input_vat",
        /// Withheld from payouts and owed to the tax office.
        WithheldTax = "withheld_tax",
    }
}

impl AccountKind {
    /// Its byte in canonical form. Never reused.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::CommissionCost => 1,
            Self::PartnerPending => 2,
            Self::PartnerApproved => 3,
            Self::PartnerPayable => 4,
            Self::PartnerPaid => 5,
            Self::PartnerClawback => 6,
            Self::InputVat => 7,
            Self::WithheldTax => 8,
        }
    }

    /// The kind of a canonical byte.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// Whether its accounts belong to a partner (those of cost and tax belong to a program alone).
    #[must_use]
    pub const fn is_partners(self) -> bool {
        !matches!(self, Self::CommissionCost | Self::InputVat | Self::WithheldTax)
    }
}

/// Names an account within an owner's ledger. Order is the order of canonical bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountKey {
    /// What it counts.
    pub kind: AccountKind,
    /// The program, in every kind of today.
    pub program: Option<ProgramId>,
    /// The partner, in kinds that belong to one.
    pub partner: Option<PartnerId>,
    /// Its only currency.
    pub currency: Currency,
}

/// Identifies an account across owners: the first 16 bytes of SHA-256 over a domain text, the
/// owner and the account's canonical bytes. A row key that needs no look-up.
pub type AccountHash = [u8; 16];

const DOMAIN: &[u8] = b"tributary ledger account 1\0";

impl AccountKey {
    /// Bytes of the canonical form: kind 1, program 16, partner 16 (zeros if absent), currency
    /// code 3.
    pub const BYTES: usize = 36;

    /// A program's cost.
    #[must_use]
    pub const fn cost(program: ProgramId, currency: Currency) -> Self {
        Self::of_program(AccountKind::CommissionCost, program, currency)
    }

    /// An account of a program alone.
    #[must_use]
    pub const fn of_program(kind: AccountKind, program: ProgramId, currency: Currency) -> Self {
        Self { kind, program: Some(program), partner: None, currency }
    }

    /// One of a partner's accounts in a program.
    #[must_use]
    pub const fn of_partner(
        kind: AccountKind,
        program: ProgramId,
        partner: PartnerId,
        currency: Currency,
    ) -> Self {
        Self { kind, program: Some(program), partner: Some(partner), currency }
    }

    /// Whether it has the program and partner that its kind has, and neither is the nil id.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        let program = self.program.is_some_and(|id| id.as_bytes() != &[0; 16]);
        let partner = self.partner.is_some_and(|id| id.as_bytes() != &[0; 16]);
        program && partner == self.kind.is_partners() && partner == self.partner.is_some()
    }

    /// Its canonical form.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut out = [0; Self::BYTES];
        out[0] = self.kind.code();
        if let Some(program) = &self.program {
            out[1..17].copy_from_slice(program.as_bytes());
        }
        if let Some(partner) = &self.partner {
            out[17..33].copy_from_slice(partner.as_bytes());
        }
        out[33..].copy_from_slice(self.currency.code().as_bytes());
        out
    }

    /// Reads the canonical form. `None` for an unknown kind or currency.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Option<Self> {
        let id = |at: usize| -> Option<[u8; 16]> {
            let id: [u8; 16] = bytes[at..at + 16].try_into().ok()?;
            (id != [0; 16]).then_some(id)
        };
        let code = std::str::from_utf8(&bytes[33..]).ok()?;
        Some(Self {
            kind: AccountKind::from_code(bytes[0])?,
            program: id(1).map(ProgramId::from_bytes),
            partner: id(17).map(PartnerId::from_bytes),
            currency: Currency::from_code(code)?,
        })
    }

    /// Its identity in the ledger of `owner`.
    #[must_use]
    pub fn hash(&self, owner: OrganisationId) -> AccountHash {
        let digest = Sha256::new()
            .chain_update(DOMAIN)
            .chain_update(owner.as_bytes())
            .chain_update(self.to_bytes())
            .finalize();
        let mut out = [0; 16];
        out.copy_from_slice(&digest[..16]);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_bytes_round_trip() {
        for &kind in AccountKind::ALL {
            assert_eq!(AccountKind::from_code(kind.code()), Some(kind));
            let program = ProgramId::from_bytes([7; 16]);
            let key = if kind.is_partners() {
                let partner = PartnerId::from_bytes([9; 16]);
                AccountKey::of_partner(kind, program, partner, Currency::SEK)
            } else {
                AccountKey::of_program(kind, program, Currency::SEK)
            };
            assert!(key.is_well_formed());
            assert_eq!(AccountKey::from_bytes(&key.to_bytes()), Some(key));
            let other = AccountKey { partner: Some(PartnerId::from_bytes([0; 16])), ..key };
            assert!(!other.is_well_formed(), "nil is not an id");
        }
        assert_eq!(AccountKind::from_code(0), None);
        assert!(AccountKind::ALL.is_sorted_by_key(|kind| kind.code()), "order of bytes");
    }

    #[test]
    fn identity_depends_on_the_owner() {
        let key = AccountKey::cost(ProgramId::from_bytes([7; 16]), Currency::SEK);
        let of = |owner| key.hash(OrganisationId::from_bytes([owner; 16]));
        assert_ne!(of(1), of(2));
        assert_eq!(of(1), of(1));
    }
}
