use tributary_kernel::{IntegrationId, KeyId, OrganisationId, PartnerId, Refusal, UserId};

use crate::{Permission, Role, Scope};

/// Who does something, with the rights already looked up. Every use case takes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A user at work in an organisation.
    Member {
        /// Who.
        user: UserId,
        /// Where.
        owner: OrganisationId,
        /// As what.
        role: Role,
    },
    /// A user at work for a partner.
    Partner {
        /// Who.
        user: UserId,
        /// For which partner.
        partner: PartnerId,
    },
    /// An API key of an organisation.
    Key {
        /// Which key.
        key: KeyId,
        /// The connection it belongs to; facts are keyed by it, so it survives key rotation.
        integration: IntegrationId,
        /// Whose.
        owner: OrganisationId,
        /// What it may do.
        scopes: Vec<Scope>,
    },
    /// The installation itself: jobs, set-up, the simulator's scheduler.
    System {
        /// Which job.
        job: &'static str,
    },
}

impl Actor {
    /// The organisation it acts in, when it acts in one.
    #[must_use]
    pub const fn owner(&self) -> Option<OrganisationId> {
        match self {
            Self::Member { owner, .. } | Self::Key { owner, .. } => Some(*owner),
            Self::Partner { .. } | Self::System { .. } => None,
        }
    }

    /// Asks for a right in `owner`. Outside its own organisation the answer is *not found*, so
    /// that nobody learns what exists elsewhere.
    ///
    /// # Errors
    /// Not found in another organisation; forbidden without the right.
    pub fn require(&self, owner: OrganisationId, permission: Permission) -> Result<(), Refusal> {
        let (own, may) = match self {
            Self::System { .. } => return Ok(()),
            Self::Partner { .. } => return Err(Refusal::not_found("organisation")),
            Self::Member { owner, role, .. } => (*owner, role.may(permission)),
            Self::Key { owner, scopes, .. } => {
                (*owner, scopes.iter().any(|scope| scope.may(permission)))
            }
        };
        if own != owner {
            return Err(Refusal::not_found("organisation"));
        }
        if may {
            return Ok(());
        }
        Err(Refusal::forbidden(
            "missing_permission",
            format!("This needs the right `{permission}`; ask an administrator for it."),
        ))
    }

    /// `user`, `key` or `system`, for the audit trail.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Member { .. } | Self::Partner { .. } => "user",
            Self::Key { .. } => "key",
            Self::System { .. } => "system",
        }
    }

    /// The id for the audit trail: text, opaque.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Member { user, .. } | Self::Partner { user, .. } => user.to_string(),
            Self::Key { key, .. } => key.to_string(),
            Self::System { job } => (*job).to_owned(),
        }
    }
}

/// Whose eyes a finder sees with. Never a bare id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// All that an organisation owns.
    Owner(OrganisationId),
    /// What concerns one partner, across owners.
    Partner(PartnerId),
}

#[cfg(test)]
mod tests {
    use tributary_kernel::{RefusalKind, SeededEntropy, Timestamp};

    use super::*;

    #[test]
    fn another_organisation_is_not_found_and_a_missing_right_is_forbidden() {
        let entropy = SeededEntropy::new(3);
        let now = Timestamp::from_microsecond(1);
        let (ours, theirs) =
            (OrganisationId::new(now, &entropy), OrganisationId::new(now, &entropy));
        let user = UserId::new(now, &entropy);
        let actor = Actor::Member { user, owner: ours, role: Role::Viewer };
        assert_eq!(actor.require(ours, Permission::Read), Ok(()));
        let kind = |result: Result<(), Refusal>| result.unwrap_err().kind;
        assert_eq!(kind(actor.require(ours, Permission::Pay)), RefusalKind::Forbidden);
        assert_eq!(kind(actor.require(theirs, Permission::Read)), RefusalKind::NotFound);
        assert_eq!(kind(actor.require(theirs, Permission::Pay)), RefusalKind::NotFound);
    }
}
