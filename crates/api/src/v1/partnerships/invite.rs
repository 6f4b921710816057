use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::directory::{InvitePartner, invite_partner_by_mail};
use tributary_directory::{PartnerKind, Permission};
use tributary_kernel::{FieldError, ProgramId, Refusal};
use tributary_web::{Caller, JsonBody, Problem};

use super::wire::{InvitedPartnerOut, PartnershipOut};
use crate::Once;
use crate::doc::Doc;
use crate::wire::Created;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such program."),
    (409, "already_partner", "This partner is in the program already."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "invite_partner",
    tag: "partnerships",
    summary: "Bring a partner into a program",
    detail: "Makes the partner's log-in and first link. A known address keeps its profile. Unless \
             it is `active` at once, the partner is mailed an invitation, in its language, which \
             it can answer for 30 days; `invitation_mailed` says whether the mail left.",
    scope: Some("manage"),
    errors: ERRORS,
};

/// A partner for a program.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InvitePartner")]
pub(super) struct Body {
    /// Into which program.
    program: ProgramId,
    /// The partner's name.
    name: String,
    /// Where it is written to.
    email: String,
    /// What sort.
    kind: PartnerKind,
    /// ISO 3166-1 alpha-2.
    #[schemars(example = &"DK")]
    country: String,
    /// `en`, `da`, `sv` or `id`; usually `en`.
    #[serde(default)]
    language: Option<String>,
    /// The referral code wanted; left out: made from the name.
    #[serde(default)]
    code: Option<String>,
    /// Your group.
    #[serde(default)]
    group: Option<String>,
    /// Whether it may promote at once; usually it has to accept first.
    #[serde(default)]
    active: bool,
    /// Words of your own in the mail that asks it, at most 2000 characters.
    #[serde(default)]
    words: Option<String>,
}

/// The most that is written along; the mail says the rest.
const WORDS_CHARACTERS_MAX: usize = 2_000;

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Created<InvitedPartnerOut>, Problem> {
    caller.require(Permission::Manage)?;
    let words = body.words.as_deref().unwrap_or_default().trim();
    if words.chars().count() > WORDS_CHARACTERS_MAX {
        let detail = format!("Give at most {WORDS_CHARACTERS_MAX} characters.");
        return Err(Refusal::from(FieldError::new("/words", "length", detail)).into());
    }
    let input = InvitePartner {
        owner: caller.owner,
        program: body.program,
        name: body.name,
        email: body.email,
        kind: body.kind,
        country: body.country,
        language: body.language.unwrap_or_else(|| "en".to_owned()),
        code: body.code,
        group: body.group,
        active: body.active,
    };
    let app = state.app();
    let (made, mailed) = invite_partner_by_mail(app, &caller.actor, input, words).await?;
    let partnership = PartnershipOut::of(made.partner, made.partnership);
    Ok(Created(InvitedPartnerOut { partnership, invitation_mailed: mailed }))
}
