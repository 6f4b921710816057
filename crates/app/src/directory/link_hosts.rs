//! Hosts of their own that organisations have links on. Whoever runs the installation grants them:
//! a link on somebody else's host would lead that one's visitors away.

use tributary_directory::Actor;
use tributary_kernel::{FieldError, OrganisationId, Refusal};
use tributary_store::engine::Connection;
use tributary_store::link_host::{self, LinkHost};
use tributary_store::organisation;

use crate::{App, AppError};

/// Characters of a name in the domain name system.
const HOST_CHARACTERS_MAX: usize = 253;

/// Lets an organisation have links on a host.
///
/// # Errors
/// A refusal when it is no host name, another organisation's, or there is no such organisation.
pub async fn grant_link_host(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    host: &str,
) -> Result<LinkHost, AppError> {
    let Actor::System { .. } = actor else {
        let detail = "Whoever runs the installation grants hosts.";
        return Err(Refusal::forbidden("operators_only", detail).into());
    };
    let host = host_name(host)?;
    let it = LinkHost { host, owner, granted_at: app.now() };
    let mut tx = app.record.begin().await?;
    if organisation::find(&mut *tx, owner).await?.is_none() {
        return Err(Refusal::not_found("organisation").into());
    }
    if !link_host::add(&mut *tx, &it).await? {
        let known = link_host::find(&mut *tx, &it.host).await?;
        return match known {
            Some(known) if known.owner == owner => Ok(known),
            _ => {
                let detail = "This host is another organisation's; revoke it there first.";
                Err(FieldError::new("/host", "host_taken", detail).into())
            }
        };
    }
    let detail = serde_json::json!({ "host": it.host });
    app.audit_in(&mut *tx, owner, actor, "link_host.granted", owner, &detail).await?;
    tx.commit().await?;
    Ok(it)
}

/// Takes a host away. Links on it lead on; new ones are refused.
///
/// # Errors
/// A refusal when the host is nobody's.
pub async fn revoke_link_host(app: &App, actor: &Actor, host: &str) -> Result<(), AppError> {
    let Actor::System { .. } = actor else {
        let detail = "Whoever runs the installation grants hosts.";
        return Err(Refusal::forbidden("operators_only", detail).into());
    };
    let host = host_name(host)?;
    let mut tx = app.record.begin().await?;
    let Some(it) = link_host::find(&mut *tx, &host).await? else {
        return Err(Refusal::not_found("host").into());
    };
    link_host::remove(&mut *tx, &host).await?;
    let detail = serde_json::json!({ "host": it.host });
    app.audit_in(&mut *tx, it.owner, actor, "link_host.revoked", it.owner, &detail).await?;
    tx.commit().await?;
    Ok(())
}

/// All hosts, by name.
///
/// # Errors
/// A fault of the database.
pub async fn link_hosts(app: &App) -> Result<Vec<LinkHost>, AppError> {
    let mut conn = app.record.read().await?;
    Ok(link_host::list(&mut *conn).await?)
}

/// The host of a new link; empty: any host of this installation.
pub(super) async fn host_of(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    given: Option<&str>,
) -> Result<String, AppError> {
    let Some(given) = given.map(str::trim).filter(|given| !given.is_empty()) else {
        return Ok(String::new());
    };
    let host = host_name(given)?;
    match link_host::find(conn, &host).await? {
        Some(known) if known.owner == owner => Ok(host),
        _ => {
            let detail = "Your organisation has no links on this host. Whoever runs the \
                          installation grants it (`tributary hosts grant`); or leave it out.";
            Err(FieldError::new("/host", "host_not_granted", detail).into())
        }
    }
}

fn host_name(given: &str) -> Result<String, AppError> {
    let host = given.trim().to_ascii_lowercase();
    let label = |label: &str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        (1..=63).contains(&label.len())
            && label.chars().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if host.len() <= HOST_CHARACTERS_MAX && host.split('.').all(label) {
        return Ok(host);
    }
    let detail =
        "Give a host's name alone, such as go.acme.example: no https://, no port, no path.";
    Err(FieldError::new("/host", "malformed", detail).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names() {
        for (given, host) in [("Go.Acme.example", "go.acme.example"), (" localhost ", "localhost")]
        {
            assert_eq!(host_name(given).expect("a host"), host);
        }
        let long = "a.".repeat(130);
        for given in
            ["", "a..b", "https://a.b", "a.b:80", "a.b/c", "-a.b", "a_b.c", "\u{e6}.dk", &long]
        {
            assert!(host_name(given).is_err(), "{given}");
        }
    }
}
