use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::payout::{ApproveRun, approve_run};
use tributary_directory::Permission;
use tributary_kernel::{LocalDate, ProgramId};
use tributary_web::{Caller, JsonBody, Problem};

use super::wire::{FileOut, RunOut};
use crate::Once;
use crate::doc::Doc;
use crate::v1::payouts::wire::PayoutOut;
use crate::wire::Created;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such program."),
    (409, "run_changed", "It would be another run now than was seen; look again."),
    (409, "nothing_to_pay", "Nobody would be paid."),
    (409, "bank_file_refused", "A bank would not take it; `errors` says why."),
    (422, "invalid", "A field is wrong, or the account to pay from is not set."),
];

pub(super) const DOC: Doc = Doc {
    id: "approve_payout_run",
    tag: "payouts",
    summary: "Approve a payout run",
    detail: "Makes the payouts that a preview showed, their statements and the bank file. Sent \
             twice, the second is `run_changed`: nothing is paid twice.",
    scope: Some("pay"),
    errors: ERRORS,
};

/// A run that was seen.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ApprovePayoutRun")]
pub(super) struct Body {
    /// Of which program.
    program: ProgramId,
    /// As in the preview; left out: the next pay day.
    #[serde(default)]
    pay_on: Option<LocalDate>,
    /// The preview's `seen`.
    seen: String,
}

/// What was approved.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ApprovedPayoutRun")]
pub(super) struct Approved {
    /// The run.
    run: RunOut,
    /// Its payouts.
    payouts: Vec<PayoutOut>,
    /// How the money leaves.
    file: FileOut,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Created<Approved>, Problem> {
    caller.require(Permission::Pay)?;
    let input = ApproveRun {
        owner: caller.owner,
        program: body.program,
        pay_on: body.pay_on,
        seen: body.seen,
    };
    let it = approve_run(state.app(), &caller.actor, input).await?;
    Ok(Created(Approved {
        run: RunOut::from(&it.run),
        payouts: it.payouts.iter().map(PayoutOut::from).collect(),
        file: it.file.into(),
    }))
}
