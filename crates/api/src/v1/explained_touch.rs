use schemars::JsonSchema;
use serde::Serialize;
use tributary_commission::TouchFacts;
use tributary_kernel::{CustomerId, PartnershipId, Timestamp};

/// A touch as an explanation tells it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ExplainedTouch")]
pub(super) struct ExplainedTouchOut {
    /// Which: `clk_…`, `coup_…`, `pship_…`.
    touch: Option<String>,
    /// When.
    at: Timestamp,
    /// By what way.
    channel: String,
    /// Whose.
    partnership: Option<PartnershipId>,
    /// What shows that it happened.
    proof: String,
    /// What became of it.
    verdict: String,
    /// The share it earned, parts of 1,000,000,000.
    share: Option<u32>,
    /// Place of the touch that won over it.
    winner: Option<u16>,
    /// Its age in days, where that was too much.
    age_days: Option<u32>,
    /// The window in days, where it was outside.
    window_days: Option<u16>,
    /// Whether it is of somebody else who is, or buys for, the same.
    other_person: bool,
    /// Who that is; only to the program's owner.
    person: Option<CustomerId>,
}

impl From<TouchFacts> for ExplainedTouchOut {
    fn from(it: TouchFacts) -> Self {
        Self {
            touch: it.touch,
            at: it.at,
            channel: it.channel.into_owned(),
            partnership: it.partnership,
            proof: it.proof.into_owned(),
            verdict: it.verdict.into_owned(),
            share: it.share.map(|share| share.get()),
            winner: it.winner,
            age_days: it.age_days,
            window_days: it.window_days,
            other_person: it.other_person,
            person: it.person,
        }
    }
}
