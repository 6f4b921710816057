//! Who has a file's rows recorded, kept until the last of them is.

use serde::{Deserialize, Serialize};
use tributary_directory::{Actor, Role, Scope};
use tributary_kernel::{IntegrationId, KeyId, Refusal, UserId};
use tributary_store::upload::StoredUpload;

use crate::AppError;

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Kept {
    Member { user: UserId, role: Role },
    Key { key: KeyId, integration: IntegrationId, scopes: Vec<Scope> },
}

pub(super) fn kept(actor: &Actor) -> Result<String, AppError> {
    let kept = match actor {
        Actor::Member { user, role, .. } => Kept::Member { user: *user, role: *role },
        Actor::Key { key, integration, scopes, .. } => {
            Kept::Key { key: *key, integration: *integration, scopes: scopes.clone() }
        }
        Actor::Partner { .. } | Actor::System { .. } => {
            return Err(Refusal::not_found("organisation").into());
        }
    };
    Ok(serde_json::to_string(&kept).expect("our types have string keys"))
}

pub(super) fn of(stored: &StoredUpload) -> Result<Actor, AppError> {
    let corrupt = |what: String| AppError::Corrupt(format!("{}: {what}", stored.id));
    let text = stored.committed_by.as_deref().ok_or_else(|| corrupt("nobody commits it".into()))?;
    let kept: Kept = serde_json::from_str(text).map_err(|error| corrupt(error.to_string()))?;
    let owner = stored.owner;
    Ok(match kept {
        Kept::Member { user, role } => Actor::Member { user, owner, role },
        Kept::Key { key, integration, scopes } => Actor::Key { key, integration, owner, scopes },
    })
}
