use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use crate::{Entropy, Timestamp, crockford};

/// The kind of row an id names: its prefix in text.
pub trait RowId: 'static {
    /// Prefix without the underscore, e.g. `conv`.
    const PREFIX: &'static str;
}

/// A typed row id: 16 bytes of UUIDv7, in text a prefix and 26 characters (`conv_01k…`). Byte
/// order is time order to the millisecond.
pub struct Id<K: RowId>([u8; 16], PhantomData<fn() -> K>);

/// Why a text or a byte string is not an id of the kind asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Another prefix, or none.
    #[error("an id of this kind begins with `{expected}_`")]
    Prefix {
        /// The prefix of the kind asked for.
        expected: &'static str,
    },
    /// The part after the prefix.
    #[error("after `{expected}_` come 26 characters of Crockford base32")]
    Text {
        /// The prefix of the kind asked for.
        expected: &'static str,
    },
    /// A stored id of another length.
    #[error("a stored id has 16 bytes, this one {length}")]
    Length {
        /// Bytes found.
        length: usize,
    },
}

impl<K: RowId> Id<K> {
    /// A new id for a row made at `now`.
    #[must_use]
    pub fn new(now: Timestamp, entropy: &dyn Entropy) -> Self {
        let mut bytes = [0u8; 16];
        entropy.fill(&mut bytes[6..]);
        let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or(0);
        bytes[..6].copy_from_slice(&milliseconds.to_be_bytes()[2..]);
        bytes[6] = (bytes[6] & 0x0f) | 0x70;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        Self(bytes, PhantomData)
    }

    /// An id from its stored bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes, PhantomData)
    }

    /// An id from a stored byte string.
    ///
    /// # Errors
    /// When it is not 16 bytes long.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, IdError> {
        let array = bytes.try_into().map_err(|_| IdError::Length { length: bytes.len() })?;
        Ok(Self::from_bytes(array))
    }

    /// The stored form.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl<K: RowId> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K: RowId> Copy for Id<K> {}
impl<K: RowId> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K: RowId> Eq for Id<K> {}
impl<K: RowId> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K: RowId> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K: RowId> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K: RowId> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = crockford::encode(&self.0);
        write!(f, "{}_{}", K::PREFIX, std::str::from_utf8(&text).expect("the alphabet is ASCII"))
    }
}
impl<K: RowId> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<K: RowId> FromStr for Id<K> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let rest = text
            .strip_prefix(K::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .ok_or(IdError::Prefix { expected: K::PREFIX })?;
        crockford::decode(rest.as_bytes())
            .map(Self::from_bytes)
            .ok_or(IdError::Text { expected: K::PREFIX })
    }
}
impl<K: RowId> serde::Serialize for Id<K> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, K: RowId> serde::Deserialize<'de> for Id<K> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::from_text(deserializer)
    }
}
impl<K: RowId> schemars::JsonSchema for Id<K> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Id_{}", K::PREFIX).into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": format!("^{}_[0-9a-hjkmnp-tv-z]{{26}}$", K::PREFIX),
        })
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $alias:ident $kind:ident $prefix:literal;)*) => {$(
        #[doc(hidden)]
        #[derive(Debug)]
        pub enum $kind {}
        impl RowId for $kind {
            const PREFIX: &'static str = $prefix;
        }
        $(#[$doc])*
        pub type $alias = Id<$kind>;
    )*};
}

ids! {
    /// An organisation: advertiser, publisher or both.
    OrganisationId OrganisationKind "org";
    /// A person who logs in.
    UserId UserKind "usr";
    /// A program of an advertiser.
    ProgramId ProgramKind "prog";
    /// A partner, installation-wide.
    PartnerId PartnerKind "part";
    /// A partner's membership of one program.
    PartnershipId PartnershipKind "pship";
    /// A tracking link.
    LinkId LinkKind "link";
    /// A coupon code.
    CouponId CouponKind "coup";
    /// A banner, text or other material.
    CreativeId CreativeKind "crea";
    /// A campaign.
    CampaignId CampaignKind "camp";
    /// A reported result.
    ConversionId ConversionKind "conv";
    /// Money owed under a rule.
    CommissionId CommissionKind "com";
    /// A balanced ledger movement.
    TransferId TransferKind "trf";
    /// Money sent.
    PayoutId PayoutKind "pay";
    /// One run that makes payouts.
    PayoutRunId PayoutRunKind "run";
    /// The document that explains a payout.
    StatementId StatementKind "stm";
    /// One version of a plan.
    PlanId PlanKind "plan";
    /// An API key.
    KeyId KeyKind "key";
    /// A named connection that delivers facts.
    IntegrationId IntegrationKind "int";
    /// An event of the outbox.
    EventId EventKind "evt";
    /// A person or company in the pipeline.
    LeadId LeadKind "lead";
    /// An opportunity with a value.
    DealId DealKind "deal";
    /// The person a visitor turns out to be.
    CustomerId CustomerKind "cust";
    /// The company a customer buys for.
    AccountId AccountKind "acct";
    /// A fact that waits for a person.
    QuarantineId QuarantineKind "quar";
    /// One line of the audit trail.
    AuditId AuditKind "aud";
    /// A partner's bank details, one version.
    BankDetailId BankDetailKind "bank";
    /// A partner's tax profile, one version.
    TaxProfileId TaxProfileKind "tax";
    /// What a register of VAT numbers answered.
    VatAnswerId VatAnswerKind "vat";
    /// That a partner lets an owner write its invoices.
    SelfBillingId SelfBillingKind "bill";
    /// An invoice or credit note written for a partner.
    TaxDocumentId TaxDocumentKind "doc";
    /// An invoice that a partner wrote itself.
    PartnerInvoiceId PartnerInvoiceKind "pinv";
    /// A rule of what is withheld from payouts.
    WithholdingRuleId WithholdingRuleKind "wht";
    /// A file in which a bank answers.
    BankReplyId BankReplyKind "reply";
    /// The closing of a period.
    PeriodLockId PeriodLockKind "lock";
    /// A refund, chargeback or correction of a conversion.
    AdjustmentId AdjustmentKind "adj";
    /// A partner's question about money.
    InquiryId InquiryKind "inq";
    /// A mail on its way.
    MailId MailKind "mail";
    /// A file with rows that somebody sent.
    UploadId UploadKind "upl";
    /// A log-in session.
    SessionId SessionKind "sess";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    #[test]
    fn text_round_trips_and_names_its_kind() {
        let now = Timestamp::from_microsecond(1_790_000_000_123_456);
        let id = ConversionId::new(now, &SeededEntropy::new(1));
        assert_eq!(id.as_bytes()[6] >> 4, 7, "version");
        assert_eq!(id.as_bytes()[8] >> 6, 2, "variant");
        let text = id.to_string();
        assert_eq!(text.len(), 5 + 26);
        assert_eq!(text.parse::<ConversionId>(), Ok(id));
        assert_eq!(text.parse::<PlanId>(), Err(IdError::Prefix { expected: "plan" }));
        assert_eq!("conv_1".parse::<ConversionId>(), Err(IdError::Text { expected: "conv" }));
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<ConversionId>(&json).unwrap(), id);
    }

    #[test]
    fn later_ids_sort_later() {
        let entropy = SeededEntropy::new(2);
        let at = |us| LinkId::new(Timestamp::from_microsecond(us), &entropy);
        assert!(at(1_790_000_000_000_000) < at(1_790_000_000_001_000));
    }
}
