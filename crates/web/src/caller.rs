use aide::OperationInput;
use axum::extract::{FromRef, FromRequestParts};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use tributary_app::access::authenticate_key;
use tributary_directory::{Actor, Permission, Scope};
use tributary_kernel::{OrganisationId, Refusal};

use crate::{Context, Problem, Web};

/// Who calls the API: a key that is good, within its rate. Use cases ask for the rights; a handler
/// asks here only for what no use case does.
#[derive(Debug, Clone)]
pub struct Caller {
    /// For the use cases.
    pub actor: Actor,
    /// Whose key it is.
    pub owner: OrganisationId,
}

impl Caller {
    /// Asks for a right before a body is looked at.
    ///
    /// # Errors
    /// Forbidden without it.
    pub fn require(&self, permission: Permission) -> Result<(), Problem> {
        Ok(self.actor.require(self.owner, permission)?)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    Web: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // A layer may have asked already, and taken its token of the key's rate.
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let web = Web::from_ref(state);
        let context = parts.extensions.get::<Context>().cloned();
        let secret = bearer(&parts.headers).ok_or_else(Problem::unauthenticated)?;
        let actor = authenticate(&web, context.as_ref(), secret).await?;
        let Some(owner) = actor.owner() else { return Err(Problem::unauthenticated()) };
        let scopes_are_low =
            matches!(&actor, Actor::Key { scopes, .. } if scopes.as_slice() == [Scope::Postback]);
        if scopes_are_low {
            let detail = "A postback key can only be used with /postback and /p.gif.";
            return Err(Refusal::forbidden("postback_only", detail).into());
        }
        Ok(Self { actor, owner })
    }
}

impl OperationInput for Caller {}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

/// The actor of a key's secret, within the key's rate. Wrong keys are counted against the
/// address, so that guessing is slow.
///
/// # Errors
/// Unauthenticated (401), too many (429), or a fault.
pub async fn authenticate(
    web: &Web,
    context: Option<&Context>,
    secret: &str,
) -> Result<Actor, Problem> {
    may_try(web, context)?;
    let Some(actor) = authenticate_key(web.app(), secret).await? else {
        if let Some(context) = context {
            web.failures().take(context.address, web.app().now());
        }
        return Err(Problem::unauthenticated());
    };
    within_rate(web, context, &actor)?;
    Ok(actor)
}

/// Takes a token of a key's bucket.
///
/// # Errors
/// Too many (429).
pub fn within_rate(web: &Web, context: Option<&Context>, actor: &Actor) -> Result<(), Problem> {
    let Actor::Key { key, .. } = actor else { return Ok(()) };
    let standing = web.keys().take(*key, web.app().now());
    if let Some(context) = context {
        context.note(standing);
    }
    if standing.allowed { Ok(()) } else { Err(Problem::too_many(standing.retry_seconds)) }
}

/// Takes a token of an address's bucket: for what is asked without a key.
///
/// # Errors
/// Too many (429).
pub fn within_address_rate(web: &Web, context: Option<&Context>) -> Result<(), Problem> {
    let Some(context) = context else { return Ok(()) };
    let standing = web.addresses().take(context.address, web.app().now());
    context.note(standing);
    if standing.allowed { Ok(()) } else { Err(Problem::too_many(standing.retry_seconds)) }
}

/// Whether an address may try again to prove who it is; [`Web::failures`] counts those that could
/// not.
///
/// # Errors
/// Too many (429).
pub fn may_try(web: &Web, context: Option<&Context>) -> Result<(), Problem> {
    let Some(context) = context else { return Ok(()) };
    let standing = web.failures().look(&context.address, web.app().now());
    if standing.allowed { Ok(()) } else { Err(Problem::too_many(standing.retry_seconds)) }
}
