//! The smallest thing that takes facts: what is known, what waits, and what was reported, under
//! the rules of `app::billing`.

use std::collections::{BTreeMap, BTreeSet};

use tributary_app::billing::{
    BillingReader, BillingSettings, Fact, GivenBack, Known, PATIENCE_SECONDS, Resolved, learn,
    resolve,
};
use tributary_app::conversion::ReportConversion;
use tributary_connectors::stripe::Stripe;
use tributary_kernel::{ProgramId, Timestamp};

/// Everything that was decided, without when it came.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Decided {
    pub(crate) reports: BTreeMap<String, (ReportConversion, Vec<String>)>,
    pub(crate) taken_back: BTreeMap<String, (String, GivenBack)>,
    pub(crate) left: BTreeSet<&'static str>,
}

#[derive(Debug)]
pub(crate) struct Book {
    now: Timestamp,
    seen: BTreeSet<String>,
    known: Known,
    waiting: Vec<(Fact, Timestamp)>,
    pub(crate) decided: Decided,
}

impl Book {
    pub(crate) fn new(now: Timestamp) -> Self {
        let (seen, known, waiting) = (BTreeSet::new(), Known::default(), Vec::new());
        Self { now, seen, known, waiting, decided: Decided::default() }
    }

    /// Takes an event as it was sent.
    pub(crate) fn take(&mut self, body: &str) {
        let event = Stripe.read(body.as_bytes(), &BillingSettings::default()).unwrap();
        if !self.seen.insert(event.id) {
            return;
        }
        for fact in event.facts {
            for (key, value) in learn(&fact, event.occurred_at) {
                self.known.put(key, value);
            }
            self.waiting.push((fact, self.now));
        }
        self.work();
    }

    /// Lets all patience end.
    pub(crate) fn end(mut self) -> Decided {
        self.now = self.now.plus_seconds(PATIENCE_SECONDS);
        self.work();
        assert_eq!(self.waiting, [], "nothing waits in vain");
        self.decided
    }

    fn work(&mut self) {
        loop {
            let before = self.waiting.len();
            for (fact, received_at) in std::mem::take(&mut self.waiting) {
                if !self.settle(&fact, received_at) {
                    self.waiting.push((fact, received_at));
                }
            }
            if self.waiting.len() == before {
                return;
            }
        }
    }

    fn settle(&mut self, fact: &Fact, received_at: Timestamp) -> bool {
        let program = ProgramId::from_bytes([1; 16]);
        match resolve(fact, &self.known, program, received_at, self.now) {
            Resolved::Done => true,
            Resolved::Wait { until, .. } => {
                assert!(self.now < until);
                false
            }
            Resolved::Left(reason) => {
                self.decided.left.insert(reason);
                true
            }
            Resolved::Report(report, codes) => {
                let key = format!("{}/{}", report.kind, report.order_id);
                let first = self.decided.reports.entry(key).or_insert((*report.clone(), codes));
                assert_eq!(first.0, *report, "one key is one fact");
                true
            }
            Resolved::TakeBack(order, given) => {
                let is_there =
                    |kind: &str| self.decided.reports.contains_key(&format!("{kind}/{order}"));
                if !is_there("sale") && !is_there("renewal") {
                    return false;
                }
                let id = given.id.clone();
                let first = self.decided.taken_back.entry(id).or_insert((order, given.clone()));
                assert_eq!(first.1.amount, given.amount, "one refund is one fact");
                true
            }
        }
    }
}
