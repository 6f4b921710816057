use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// By what way a touch came, in `snake_case`: `partner_link`, `coupon`, and channels that are
/// nobody's, as [`crate::recognise`] tells them apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Channel(Cow<'static, str>);

/// Bytes of a channel's name.
pub const CHANNEL_BYTES_MAX: usize = 40;

/// The text is not a channel's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelError;

impl fmt::Display for ChannelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a channel is 1 to {CHANNEL_BYTES_MAX} of a-z, 0-9 and _")
    }
}

impl std::error::Error for ChannelError {}

impl Channel {
    /// A partner's tracking link, or a partner's code in the landing page's address.
    pub const PARTNER_LINK: Self = Self(Cow::Borrowed("partner_link"));
    /// A partner's coupon code.
    pub const COUPON: Self = Self(Cow::Borrowed("coupon"));
    /// The customer belongs to a partnership already.
    pub const CUSTOMER: Self = Self(Cow::Borrowed("customer"));
    /// The part of an assigned customer that is no partner's.
    pub const UNASSIGNED: Self = Self(Cow::Borrowed("unassigned"));
    /// A partner registered the lead.
    pub const REGISTERED_LEAD: Self = Self(Cow::Borrowed("registered_lead"));
    /// A partner's event or webinar was attended.
    pub const EVENT: Self = Self(Cow::Borrowed("event"));
    /// A partner logged that it spoke with the customer.
    pub const PARTNER_CONTACT: Self = Self(Cow::Borrowed("partner_contact"));
    /// The customer said who sent them.
    pub const SELF_REPORTED: Self = Self(Cow::Borrowed("self_reported"));
    /// A partner's creative was seen.
    pub const IMPRESSION: Self = Self(Cow::Borrowed("impression"));
    /// Paid results of a search engine.
    pub const PAID_SEARCH: Self = Self(Cow::Borrowed("paid_search"));
    /// Paid posts of a social network.
    pub const PAID_SOCIAL: Self = Self(Cow::Borrowed("paid_social"));
    /// Banners and other paid media that are neither search nor social.
    pub const DISPLAY: Self = Self(Cow::Borrowed("display"));
    /// Unpaid results of a search engine.
    pub const ORGANIC_SEARCH: Self = Self(Cow::Borrowed("organic_search"));
    /// Unpaid posts of a social network.
    pub const ORGANIC_SOCIAL: Self = Self(Cow::Borrowed("organic_social"));
    /// Letters to customers and prospects.
    pub const EMAIL: Self = Self(Cow::Borrowed("email"));
    /// A link on somebody's page.
    pub const REFERRAL: Self = Self(Cow::Borrowed("referral"));
    /// Another affiliate network.
    pub const OTHER_NETWORK: Self = Self(Cow::Borrowed("other_network"));
    /// Nothing says where the visitor came from.
    pub const DIRECT: Self = Self(Cow::Borrowed("direct"));

    /// Whether it is a way by which partners send customers: such a touch has a partner behind it.
    #[must_use]
    pub fn is_partners(&self) -> bool {
        let partners = [
            Self::PARTNER_LINK,
            Self::COUPON,
            Self::CUSTOMER,
            Self::UNASSIGNED,
            Self::REGISTERED_LEAD,
            Self::EVENT,
            Self::PARTNER_CONTACT,
            Self::SELF_REPORTED,
            Self::IMPRESSION,
        ];
        partners.contains(self)
    }

    /// The channels that have a name here; others may be named freely.
    pub const KNOWN: &'static [Self] = &[
        Self::PARTNER_LINK,
        Self::COUPON,
        Self::CUSTOMER,
        Self::UNASSIGNED,
        Self::REGISTERED_LEAD,
        Self::EVENT,
        Self::PARTNER_CONTACT,
        Self::SELF_REPORTED,
        Self::IMPRESSION,
        Self::PAID_SEARCH,
        Self::PAID_SOCIAL,
        Self::DISPLAY,
        Self::ORGANIC_SEARCH,
        Self::ORGANIC_SOCIAL,
        Self::EMAIL,
        Self::REFERRAL,
        Self::OTHER_NETWORK,
        Self::DIRECT,
    ];

    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Channel {
    type Err = ChannelError;

    fn from_str(text: &str) -> Result<Self, ChannelError> {
        if let Some(known) = Self::KNOWN.iter().find(|known| known.as_str() == text) {
            return Ok(known.clone());
        }
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let well_formed = (1..=CHANNEL_BYTES_MAX).contains(&text.len());
        if well_formed && text.bytes().all(allowed) {
            Ok(Self(Cow::Owned(text.to_owned())))
        } else {
            Err(ChannelError)
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for Channel {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Channel {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
