use tributary_kernel::Timestamp;

use super::sample::at;
use crate::ManagerAccess;
use crate::page::view;
use crate::parts::Pager;

/// A report that could not be used as it came.
#[derive(Debug, Clone)]
pub struct QuarantinedFact {
    /// Its id.
    pub id: String,
    /// When it came.
    pub at: Timestamp,
    /// Key of why it waits.
    pub why_key: &'static str,
    /// What was sent, as it was.
    pub given: String,
    /// It can be reported again as it is, or with another date.
    pub may_replay: bool,
}

/// The reports of an organisation that wait for a person.
#[derive(Debug, Clone)]
pub struct Quarantine {
    /// The reports, newest first.
    pub facts: Vec<QuarantinedFact>,
    /// Where this page stands.
    pub pager: Pager,
}

impl Quarantine {
    fn sample_views() -> Vec<Self> {
        let fact = |id: &str, why_key, may_replay| QuarantinedFact {
            id: id.to_owned(),
            at: at("2026-11-20T10:03:00Z"),
            why_key,
            given: "{\n  \"type\": \"sale\",\n  \"order_id\": \"1009\"\n}".to_owned(),
            may_replay,
        };
        let some = Self {
            facts: vec![
                fact("quar_1", "quarantine-future", true),
                fact("quar_2", "quarantine-conflict", false),
            ],
            pager: Pager::whole(2),
        };
        vec![some, Self { facts: Vec::new(), pager: Pager::whole(0) }]
    }
}

view!(Quarantine, "quarantine", ManagerAccess, "pages/quarantine.html", section: ManagerSection::Conversions);
