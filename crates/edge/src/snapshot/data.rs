//! What a source tells the edge: programs, links, referral codes and click keys, as they are or
//! as they changed.

use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tributary_click::ClickKey;

use super::SnapshotBuilder;

/// Where the edge learns what it serves. Implemented over the record store by whoever wires the
/// process; the edge itself never sees a store.
#[async_trait]
pub trait SnapshotSource: Send + Sync + fmt::Debug {
    /// Puts all there is into `into` (in pages, so that a million links never stand in memory
    /// twice), with the cursor of the change feed that fits it.
    async fn load(&self, into: &mut SnapshotBuilder) -> Result<(), SourceError>;

    /// What has changed since `cursor`; empty with the same cursor when nothing has.
    async fn changes(&self, cursor: u64) -> Result<SnapshotChanges, SourceError>;
}

/// Why a source could not answer. The edge goes on with what it has; the age of its snapshot
/// grows and is a metric.
#[derive(Debug, thiserror::Error)]
#[error("the source of links and programs did not answer: {0}")]
pub struct SourceError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl SourceError {
    /// From whatever the source's own error is.
    pub fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

/// The keys that click ids are signed with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyMaterial {
    /// All keys that sign or still verify; none: no ids are minted, links go by referral code.
    pub keys: Vec<ClickKey>,
    /// The id of the one that signs.
    pub minting: u8,
}

/// All there is, for sources that hold it in one piece (tests, small installations).
#[derive(Debug, Clone, Default)]
pub struct SnapshotData {
    /// Where the change feed continues.
    pub cursor: u64,
    /// Programs.
    pub programs: Vec<ProgramEntry>,
    /// Links.
    pub links: Vec<LinkEntry>,
    /// Codes accepted on landing pages.
    pub referrals: Vec<ReferralEntry>,
    /// Click keys.
    pub keys: KeyMaterial,
}

/// What is new, changed or gone. Entries replace those with the same program id, link number, or
/// program and code.
#[derive(Debug, Clone, Default)]
pub struct SnapshotChanges {
    /// Where the feed continues.
    pub cursor: u64,
    /// The source cannot tell the difference (restored, or the cursor is too old): load anew.
    pub reload: bool,
    /// Programs, new or changed.
    pub programs: Vec<ProgramEntry>,
    /// Programs that are gone; their links become unknown.
    pub programs_removed: Vec<[u8; 16]>,
    /// Links, new or changed.
    pub links: Vec<LinkEntry>,
    /// Numbers of links that are gone.
    pub links_removed: Vec<u32>,
    /// Codes, new or changed.
    pub referrals: Vec<ReferralEntry>,
    /// Program and code of those that are gone.
    pub referrals_removed: Vec<([u8; 16], String)>,
    /// The keys, when they changed.
    pub keys: Option<KeyMaterial>,
}

impl SnapshotChanges {
    /// Whether applying it would change nothing but the cursor.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.reload
            && self.programs.is_empty()
            && self.programs_removed.is_empty()
            && self.links.is_empty()
            && self.links_removed.is_empty()
            && self.referrals.is_empty()
            && self.referrals_removed.is_empty()
            && self.keys.is_none()
    }
}

/// What the edge knows of a program. Also its form in the kept file, where unknown fields are
/// ignored and missing ones take these defaults.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProgramEntry {
    /// Its id.
    pub program: [u8; 16],
    /// The owner's id: part of every visitor key, so that keys of two owners never meet.
    pub owner: [u8; 16],
    /// Paused or ended programs give no credit: their links go to the fallback.
    pub active: bool,
    /// In test mode every click is marked.
    pub test: bool,
    /// False only when the owner states another basis than consent.
    pub consent_required: bool,
    /// Where links without a destination of their own go.
    pub landing_url: String,
    /// Where links go that give no credit; the landing page when there is none.
    pub fallback_url: Option<String>,
    /// Hosts that deep links may go to, subdomains included.
    pub allowed_domains: Vec<String>,
    /// Parameters that carry a referral code on the landing page; the first is what the edge
    /// itself writes. Default `via`, `ref`, `aff`.
    pub parameters: Vec<String>,
    /// Parameter that carries the click id to the landing page; default `trib`.
    pub click_parameter: String,
    /// What the script on the landing page names the program by (`data-program`).
    pub public_key: String,
    /// Life of the cookie.
    pub cookie_days: u32,
    /// `Domain` of the cookie; host-only when `None`.
    pub cookie_domain: Option<String>,
}

/// One link.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinkEntry {
    /// Its 28-bit number.
    pub number: u32,
    /// The id of its program.
    pub program: [u8; 16],
    /// The host it is for; `None`: any host of this installation.
    pub host: Option<String>,
    /// `anna` or `anna/crm`: no slash before or after.
    pub path: String,
    /// Where it goes; `None`: the program's landing page.
    pub destination: Option<String>,
    /// The partner's code, for visitors who get no id; empty when there is none.
    pub referral_code: String,
    /// Inactive links go to the fallback.
    pub active: bool,
}

/// A code that landing pages accept (`?via=anna`), and the link its clicks are counted for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReferralEntry {
    /// The id of its program.
    pub program: [u8; 16],
    /// The code; case does not matter.
    pub code: String,
    /// The link that stands for it.
    pub link_number: u32,
}
