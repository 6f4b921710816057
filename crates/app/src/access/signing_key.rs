use tributary_directory::{Actor, Scope};
use tributary_kernel::{KeyId, ProgramId};
use tributary_store::{access, program};

use crate::{App, AppError};

/// A key that reports may be signed with.
#[derive(Clone)]
pub struct SigningKey {
    /// Who signs.
    pub actor: Actor,
    /// SHA-256 of the key's text: all that is kept of it, and what both sides sign with.
    pub hash: [u8; 32],
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("actor", &self.actor).finish_non_exhaustive()
    }
}

/// The key of a program's owner that a signed report names, when it is in use and may report. The
/// caller still has to prove that it has the key.
pub async fn find_signing_key(
    app: &App,
    program: ProgramId,
    key: KeyId,
) -> Result<Option<SigningKey>, AppError> {
    let mut conn = app.record.read().await?;
    let Some(program) = program::by_ids(&mut *conn, &[program]).await?.into_iter().next() else {
        return Ok(None);
    };
    let found = access::key_with_hash(&mut *conn, program.owner, key).await?;
    drop(conn);
    let now = app.now();
    let found = found.filter(|(it, _)| {
        let reports =
            it.scopes.iter().any(|scope| matches!(scope, Scope::Report | Scope::Postback));
        reports && it.revoked_at.is_none() && it.expires_at.is_none_or(|at| now < at)
    });
    Ok(found.map(|(it, hash)| SigningKey {
        actor: Actor::Key {
            key: it.id,
            integration: it.integration,
            owner: it.owner,
            scopes: it.scopes,
        },
        hash,
    }))
}
