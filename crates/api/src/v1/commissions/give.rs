use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::conversion::{GiveAmount, ManualReason, give_amount};
use tributary_directory::Permission;
use tributary_kernel::{ConversionId, PartnershipId, Refusal};
use tributary_web::{Caller, JsonBody, Problem};

use super::wire::CommissionOut;
use crate::Once;
use crate::doc::Doc;
use crate::wire::{Created, MoneyIn};

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such partnership, or no such conversion in its program."),
    (409, "not_a_partner", "The partner has never joined the program."),
    (409, "no_plan", "The program has no plan yet."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "give_amount",
    tag: "commissions",
    summary: "Give a partner an amount, or take one back",
    detail: "A commission that no plan pays, with a reason and an author. Above zero it waits for \
             approval and is paid and reversed like others. Below zero it is owed back at once: \
             the next payouts are reduced by it, and it is carried while earnings don't cover it.",
    scope: Some("decide"),
    errors: ERRORS,
};

/// An amount with its reason.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "GiveAmount")]
pub(super) struct Body {
    /// To whom.
    partnership: PartnershipId,
    /// How much, in the program's currency; below zero takes it back.
    amount: MoneyIn,
    /// Why.
    reason: ManualReason,
    /// In words, 1 to 4,000 characters; the partner reads them.
    note: String,
    /// The conversion that it is about.
    #[serde(default)]
    about: Option<ConversionId>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Created<CommissionOut>, Problem> {
    caller.require(Permission::Decide)?;
    let mut errors = Vec::new();
    let Some(amount) = body.amount.read("/amount", &mut errors) else {
        return Err(Refusal::invalid(errors).into());
    };
    let input = GiveAmount {
        owner: caller.owner,
        partnership: body.partnership,
        amount,
        reason: body.reason,
        note: body.note,
        about: body.about,
        key: None,
    };
    let given = give_amount(state.app(), &caller.actor, &input).await?;
    Ok(Created(CommissionOut::from(&given)))
}
