use tributary_kernel::Timestamp;

use crate::{Class, ClickId, Consent, Device};

/// Bytes of a referrer's host name (the limit of DNS).
pub const REFERRER_HOST_BYTES_MAX: usize = 253;

/// One request of a link, as the spool keeps it. Texts longer than their limits (sub-ids
/// `SUB_ID_BYTES_MAX`, destination `URL_BYTES_MAX`, host [`REFERRER_HOST_BYTES_MAX`]) are cut at
/// a character when written; the edge refuses or cuts them before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClickRecord {
    /// `None` when consent was denied, or no id could be minted.
    pub click_id: Option<ClickId>,
    /// The edge's clock when the request came.
    pub at: Timestamp,
    /// The 28-bit number of the link.
    pub link_number: u32,
    /// What the request was.
    pub class: Class,
    /// What was known of consent.
    pub consent: Consent,
    /// See [`VisitorKeys`](crate::VisitorKeys); `None` when consent was denied.
    pub visitor_key: Option<[u8; 16]>,
    /// ISO 3166-1 alpha-2, two capital letters; anything else is left out when written.
    pub country: Option<[u8; 2]>,
    /// Coarse device.
    pub device: Device,
    /// Host name of the `Referer`, nothing more of it.
    pub referrer_host: Option<String>,
    /// `sub1` to `sub5`.
    pub sub_ids: [Option<String>; 5],
    /// The deep link taken (`?to=`); `None` when the link's own destination was.
    pub destination: Option<String>,
    /// Reported by a landing page that was opened with a referral parameter (`?via=`).
    pub by_parameter: bool,
    /// The program is in test mode: marked everywhere, never payable.
    pub test: bool,
}

/// What a visitor said about consent after the click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRecord {
    /// The click it is about.
    pub click_id: ClickId,
    /// The edge's clock when it was told.
    pub at: Timestamp,
    /// Granted, or Denied when a consent was withdrawn.
    pub state: Consent,
    /// The click id that this browser carried from before: chains its clicks into one journey.
    pub previous: Option<ClickId>,
}

/// Written by the spool itself when it can write again: between these moments clicks were lost.
/// A click id of that node and time that has no record is nobody's lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LossRecord {
    /// When the first lost entry was made.
    pub from: Timestamp,
    /// When the last lost entry was made.
    pub until: Timestamp,
    /// How many were lost.
    pub count: u64,
}

/// One entry of the spool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A request of a link.
    Click(ClickRecord),
    /// A consent told later.
    Consent(ConsentRecord),
    /// Clicks that were lost.
    Loss(LossRecord),
}

impl Entry {
    /// When it happened, by the edge's clock; of a loss, when it ended.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Click(click) => click.at,
            Self::Consent(consent) => consent.at,
            Self::Loss(loss) => loss.until,
        }
    }
}
