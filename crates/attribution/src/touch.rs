use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::Channel;
use tributary_kernel::{
    CouponId, CustomerId, LinkId, PartnerId, PartnershipId, Timestamp, crockford, text_enum,
};
use tributary_money::Share;

const CLICK_PREFIX: &str = "clk_";

/// A click id as bytes. What the bits mean is the business of the click crate; here they only
/// name and order touches.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClickRef([u8; 16]);

impl ClickRef {
    /// From the stored form of a click id.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The stored form of the click id.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for ClickRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = crockford::encode(&self.0);
        write!(f, "{CLICK_PREFIX}{}", std::str::from_utf8(&text).expect("the alphabet is ASCII"))
    }
}

impl fmt::Debug for ClickRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Which touch it is. Text is the id of what was touched: `clk_…`, `coup_…`, `pship_…`, and for
/// what somebody noted down its kind and id: `visit_…`, `lead_…`, `att_…`, `cont_…`, `ans_…`,
/// `imp_…`.
///
/// The order breaks ties between touches of the same moment: the lower one is taken as first, so
/// that of two simultaneous touches the higher one is the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TouchRef {
    /// A click on a partner's link.
    Click(ClickRef),
    /// A code that was used.
    Coupon(CouponId),
    /// The customer belongs to a partnership since an earlier conversion.
    Assignment(PartnershipId),
    /// Something else that was noted down.
    Noted(Noted, [u8; 16]),
}

text_enum! {
    /// What was noted down besides clicks, codes and assignments. The text is the prefix of its id.
    pub enum Noted {
        /// A visit by a channel that is no partner's.
        Visit = "visit",
        /// A lead that a partner registered.
        Lead = "lead",
        /// Somebody attended a partner's event or webinar.
        Attendance = "att",
        /// A partner logged a contact with the customer.
        Contact = "cont",
        /// The customer answered who sent them.
        Answer = "ans",
        /// A partner's creative was seen.
        Impression = "imp",
    }
}

/// The text is not that of a touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TouchRefError;

impl fmt::Display for TouchRefError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a touch is named by an id that begins with clk_, coup_, pship_, visit_, lead_, att_, \
             cont_, ans_ or imp_",
        )
    }
}

impl std::error::Error for TouchRefError {}

impl TouchRef {
    /// What sort of touch it is.
    #[must_use]
    pub const fn kind(&self) -> TouchKind {
        match self {
            Self::Click(_) => TouchKind::Click,
            Self::Coupon(_) => TouchKind::Coupon,
            Self::Assignment(_) => TouchKind::Assignment,
            Self::Noted(noted, _) => match noted {
                Noted::Visit => TouchKind::Visit,
                Noted::Lead => TouchKind::Lead,
                Noted::Attendance => TouchKind::Attendance,
                Noted::Contact => TouchKind::Contact,
                Noted::Answer => TouchKind::Answer,
                Noted::Impression => TouchKind::Impression,
            },
        }
    }
}

impl fmt::Display for TouchRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Click(id) => id.fmt(f),
            Self::Coupon(id) => id.fmt(f),
            Self::Assignment(id) => id.fmt(f),
            Self::Noted(noted, id) => {
                let text = crockford::encode(id);
                write!(f, "{noted}_{}", std::str::from_utf8(&text).expect("the alphabet is ASCII"))
            }
        }
    }
}

impl FromStr for TouchRef {
    type Err = TouchRefError;

    fn from_str(text: &str) -> Result<Self, TouchRefError> {
        if let Some(rest) = text.strip_prefix(CLICK_PREFIX) {
            let bytes = crockford::decode(rest.as_bytes()).ok_or(TouchRefError)?;
            return Ok(Self::Click(ClickRef(bytes)));
        }
        if let Some((prefix, rest)) = text.split_once('_')
            && let Ok(noted) = prefix.parse::<Noted>()
        {
            let bytes = crockford::decode(rest.as_bytes()).ok_or(TouchRefError)?;
            return Ok(Self::Noted(noted, bytes));
        }
        text.parse()
            .map(Self::Coupon)
            .or_else(|_| text.parse().map(Self::Assignment))
            .map_err(|_| TouchRefError)
    }
}

impl serde::Serialize for TouchRef {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for TouchRef {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

text_enum! {
    /// The sort of a touch; windows and precedence hang on it.
    pub enum TouchKind {
        /// A click on a partner's link.
        Click = "click",
        /// A code that was used.
        Coupon = "coupon",
        /// The customer belongs to a partnership already.
        Assignment = "assignment",
        /// A lead that a partner registered.
        Lead = "lead",
        /// A partner's event or webinar was attended.
        Attendance = "attendance",
        /// A partner logged a contact.
        Contact = "contact",
        /// The customer said who sent them.
        Answer = "answer",
        /// A partner's creative was seen.
        Impression = "impression",
        /// A visit by a channel that is no partner's.
        Visit = "visit",
    }
}

impl TouchKind {
    /// Whether it is known by following a visitor, so that the visitor's no forbids it. A code, an
    /// assignment or what people told follows nobody.
    #[must_use]
    pub const fn follows_visitor(self) -> bool {
        matches!(self, Self::Click | Self::Impression | Self::Visit)
    }
}

text_enum! {
    /// What the visitor had said about being followed when the touch happened.
    pub enum Consent {
        /// Yes.
        Granted = "granted",
        /// No, or withdrawn since.
        Denied = "denied",
        /// Not asked yet: the ordinary case for a click.
        Unknown = "unknown",
    }
}

text_enum! {
    /// What a touch rests on.
    pub enum Proof {
        /// We recorded it when it happened.
        Recorded = "recorded",
        /// The id's authentication code is good, but the recorded touch is gone (it expired
        /// without consent). It earns by the id alone, and the explanation says so.
        IdOnly = "id_only",
        /// A good id from a moment when the node was losing clicks: a person looks first.
        Unrecorded = "unrecorded",
        /// Unrecorded, and a person let it count.
        Vouched = "vouched",
        /// Unrecorded, and a person refused it.
        Rejected = "rejected",
    }
}

impl Proof {
    fn is_recorded(&self) -> bool {
        *self == Self::Recorded
    }
}

text_enum! {
    /// Whether the partnership could earn at the moment of the conversion.
    pub enum Standing {
        /// It could.
        Active = "active",
        /// Not accepted yet, paused or ended.
        NotActive = "not_active",
    }
}

impl Standing {
    fn is_active(&self) -> bool {
        *self == Self::Active
    }
}

/// The partner behind a touch.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Promoter {
    /// The partner's membership of the program.
    pub partnership: PartnershipId,
    /// Who it is.
    pub partner: PartnerId,
    /// Whether the partnership could earn when the conversion occurred.
    #[serde(default = "active", skip_serializing_if = "Standing::is_active")]
    pub standing: Standing,
}

const fn active() -> Standing {
    Standing::Active
}

/// One touch of a journey, as it is copied into the decision: nothing personal, only opaque ids.
/// The field names are the stored form; what has its ordinary value is left out of it.
///
/// The derived order is the order of a journey: by time, then by touch; the other fields only make
/// it total.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct JourneyTouch {
    /// When it happened. Of an assignment: when the customer came to belong to the partnership.
    pub at: Timestamp,
    /// Which one it is.
    pub touch: TouchRef,
    /// The partner behind it; none for a channel that is nobody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promoter: Option<Promoter>,
    /// The link that was clicked, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkId>,
    /// By what way it came.
    pub channel: Channel,
    /// What the visitor had said.
    pub consent: Consent,
    /// What it rests on.
    #[serde(default = "recorded", skip_serializing_if = "Proof::is_recorded")]
    pub proof: Proof,
    /// Of an assignment: the part of the customer that is this partnership's, where it is not the
    /// whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Share>,
    /// Of a touch of somebody else who is, or buys for, the same: who that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<CustomerId>,
}

const fn recorded() -> Proof {
    Proof::Recorded
}

impl JourneyTouch {
    /// A recorded click on a partner's link, consent not asked yet.
    #[must_use]
    pub const fn click(click: ClickRef, at: Timestamp, promoter: Promoter) -> Self {
        Self {
            at,
            touch: TouchRef::Click(click),
            promoter: Some(promoter),
            link: None,
            channel: Channel::PARTNER_LINK,
            consent: Consent::Unknown,
            proof: Proof::Recorded,
            part: None,
            person: None,
        }
    }

    /// A code that was used at `at`. Using it needs no consent: the order itself carries it.
    #[must_use]
    pub const fn coupon(coupon: CouponId, at: Timestamp, promoter: Promoter) -> Self {
        Self {
            at,
            touch: TouchRef::Coupon(coupon),
            promoter: Some(promoter),
            link: None,
            channel: Channel::COUPON,
            consent: Consent::Unknown,
            proof: Proof::Recorded,
            part: None,
            person: None,
        }
    }

    /// The customer belongs to a partnership since `at`.
    #[must_use]
    pub const fn assignment(at: Timestamp, promoter: Promoter) -> Self {
        Self {
            at,
            touch: TouchRef::Assignment(promoter.partnership),
            promoter: Some(promoter),
            link: None,
            channel: Channel::CUSTOMER,
            consent: Consent::Unknown,
            proof: Proof::Recorded,
            part: None,
            person: None,
        }
    }

    /// A part of the customer belongs to a partnership since `at`, because several were credited.
    #[must_use]
    pub fn assigned_part(at: Timestamp, promoter: Promoter, part: Share) -> Self {
        Self { part: Some(part), ..Self::assignment(at, promoter) }
    }

    /// The same touch, of another person.
    #[must_use]
    pub fn of_person(self, person: Option<CustomerId>) -> Self {
        Self { person, ..self }
    }

    /// What a partner is behind, noted down at `at`; its channel is the usual one of its kind.
    #[must_use]
    pub const fn noted(noted: Noted, id: [u8; 16], at: Timestamp, promoter: Promoter) -> Self {
        let channel = match noted {
            Noted::Visit => Channel::PARTNER_LINK,
            Noted::Lead => Channel::REGISTERED_LEAD,
            Noted::Attendance => Channel::EVENT,
            Noted::Contact => Channel::PARTNER_CONTACT,
            Noted::Answer => Channel::SELF_REPORTED,
            Noted::Impression => Channel::IMPRESSION,
        };
        Self {
            at,
            touch: TouchRef::Noted(noted, id),
            promoter: Some(promoter),
            link: None,
            channel,
            consent: Consent::Unknown,
            proof: Proof::Recorded,
            part: None,
            person: None,
        }
    }

    /// A visit by a channel that is no partner's.
    #[must_use]
    pub const fn visit(id: [u8; 16], at: Timestamp, channel: Channel) -> Self {
        Self {
            at,
            touch: TouchRef::Noted(Noted::Visit, id),
            promoter: None,
            link: None,
            channel,
            consent: Consent::Unknown,
            proof: Proof::Recorded,
            part: None,
            person: None,
        }
    }
}
