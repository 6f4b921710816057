use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::payout::{RunDetail, RunFile, RunWithTotal};
use tributary_app::payout::{RunState, StoredRun};
use tributary_kernel::{LocalDate, PayoutRunId, ProgramId, Timestamp};

use crate::v1::payouts::wire::PayoutOut;
use crate::wire::MoneyOut;

/// A payout run in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct RunPath {
    /// The run's id.
    pub(super) id: PayoutRunId,
}

/// A payout run.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PayoutRun")]
pub(super) struct RunOut {
    /// Its id.
    id: PayoutRunId,
    /// Of which program.
    program: ProgramId,
    /// Currency of its payouts, ISO 4217.
    currency: String,
    /// Where it stands. It stays `sent` when all of it is paid: then `paid` is `payouts`.
    state: RunState,
    /// The day the bank is asked to pay.
    pay_on: LocalDate,
    /// When it was approved.
    created_at: Timestamp,
    /// By whom: a user's or key's id.
    created_by: String,
}

impl From<&StoredRun> for RunOut {
    fn from(it: &StoredRun) -> Self {
        Self {
            id: it.id,
            program: it.program,
            currency: it.currency.code().to_owned(),
            state: it.state,
            pay_on: it.pay_on,
            created_at: it.created_at,
            created_by: it.created_by.clone(),
        }
    }
}

/// A payout run with its sums.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PayoutRunWithTotal")]
pub(super) struct RunWithTotalOut {
    #[serde(flatten)]
    run: RunOut,
    /// Sum of its payouts, also of those that were cancelled or came back.
    total: MoneyOut,
    /// Payouts in it.
    payouts: i64,
    /// Of these, executed by the bank.
    paid: i64,
    /// And returned by it.
    returned: i64,
}

impl From<RunWithTotal> for RunWithTotalOut {
    fn from(it: RunWithTotal) -> Self {
        Self {
            run: RunOut::from(&it.run),
            total: it.total.into(),
            payouts: it.payouts,
            paid: it.paid,
            returned: it.returned,
        }
    }
}

/// How a run's money leaves.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PayoutRail")]
pub(super) struct FileOut {
    /// `bank_file`: hand the file to the bank. `by_hand`: pay from the table.
    rail: &'static str,
    /// The file's name.
    name: Option<String>,
    /// In which profile it is written.
    profile: Option<String>,
    /// SHA-256 of the file, in hex.
    hash: Option<String>,
}

impl From<RunFile> for FileOut {
    fn from(it: RunFile) -> Self {
        match it {
            RunFile::Made { name, profile, hash } => Self {
                rail: "bank_file",
                name: Some(name),
                profile: Some(profile),
                hash: Some(crate::hex::encode(&hash)),
            },
            RunFile::ByHand { .. } => {
                Self { rail: "by_hand", name: None, profile: None, hash: None }
            }
        }
    }
}

/// A payout run with its payouts.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PayoutRunDetail")]
pub(super) struct RunDetailOut {
    #[serde(flatten)]
    run: RunWithTotalOut,
    /// How the money leaves.
    file: FileOut,
    /// Its payouts, oldest id first.
    items: Vec<PayoutOfRunOut>,
}

/// A payout in a run.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PayoutOfRun")]
struct PayoutOfRunOut {
    #[serde(flatten)]
    payout: PayoutOut,
    /// The partner's name.
    name: String,
    /// Commissions that it settles.
    commissions: usize,
}

impl From<RunDetail> for RunDetailOut {
    fn from(it: RunDetail) -> Self {
        let items = it.payouts.iter().map(|it| PayoutOfRunOut {
            payout: PayoutOut::from(&it.payout),
            name: it.name.clone(),
            commissions: it.commissions,
        });
        Self { items: items.collect(), run: it.run.into(), file: it.file.into() }
    }
}
