//! Who says what the tree was at which size: signed heads and statements.

use std::collections::BTreeMap;

use tributary_ledger::merkle::TreeHash;

use super::VerifyReport;

#[derive(Debug)]
struct Claim {
    root: [u8; 32],
    what: &'static str,
    subject: String,
}

/// Claims by size, to be held against the tree as it grows.
#[derive(Debug, Default)]
pub(super) struct Claims(BTreeMap<u64, Vec<Claim>>);

impl Claims {
    pub(super) fn add(&mut self, size: u64, root: [u8; 32], what: &'static str, subject: String) {
        self.0.entry(size).or_default().push(Claim { root, what, subject });
    }

    /// Whether somebody says anything of the tree at this size.
    pub(super) fn are_of(&self, size: u64) -> bool {
        self.0.first_key_value().is_some_and(|(next, _)| *next == size)
    }

    /// Holds the claims of this size against its root. To be called with growing sizes.
    pub(super) fn hold(&mut self, size: u64, root: &TreeHash, report: &mut VerifyReport) {
        for claim in self.0.remove(&size).unwrap_or_default() {
            if claim.root != *root.as_bytes() {
                let detail = format!("the root of {size} transfers is {root}, it says another");
                report.find(claim.what, claim.subject, detail);
            }
        }
    }

    /// What is left speaks of a tree larger than there is.
    pub(super) fn finish(self, size: u64, report: &mut VerifyReport) {
        for (claimed, claims) in self.0 {
            for claim in claims {
                let detail = format!("it is of {claimed} transfers, there are {size}");
                report.find(claim.what, claim.subject, detail);
            }
        }
    }
}
