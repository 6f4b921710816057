use serde::{Deserialize, Serialize};
use tributary_directory::{Actor, Permission, Scope, Viewer};
use tributary_kernel::{FieldError, IntegrationId, KeyId, OrganisationId, ProgramId, Refusal};
use tributary_store::access::{self, Integration};
use tributary_store::billing::{self, BillingSource, BillingState, StoredBillingEvent};
use tributary_store::program;

use super::fact::BillingSettings;
use crate::error::refuse_if_any;
use crate::{App, AppError, text};

const PURPOSE: &str = "billing_source";
/// Secrets of one source at a time: the one in use, and others while it is rotated.
const SECRETS_MAX: usize = 5;
const SECRET_BYTES_MAX: usize = 256;
const CLICK_KEYS_MAX: usize = 10;
/// Sources of one owner.
const SOURCES_MAX: usize = 50;
/// Events shown at once.
const EVENTS_SHOWN_MAX: u32 = 200;

/// What a source is proved with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingSecrets {
    /// Any of them signs events.
    pub webhook: Vec<String>,
}

impl std::fmt::Debug for BillingSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BillingSecrets(…)")
    }
}

impl BillingSecrets {
    fn check(&mut self, errors: &mut Vec<FieldError>) {
        for secret in &mut self.webhook {
            *secret = secret.trim().to_owned();
        }
        if !(1..=SECRETS_MAX).contains(&self.webhook.len()) {
            let detail = format!("Give 1 to {SECRETS_MAX} secrets.");
            errors.push(FieldError::new("/webhook_secrets", "count", detail));
        }
        let good = |it: &str| {
            (16..=SECRET_BYTES_MAX).contains(&it.len()) && it.bytes().all(|b| b.is_ascii_graphic())
        };
        for (place, secret) in self.webhook.iter().enumerate() {
            if !good(secret) {
                let detail = "A signing secret, like whsec_….";
                errors.push(FieldError::new(
                    format!("/webhook_secrets/{place}"),
                    "secret_malformed",
                    detail,
                ));
            }
        }
    }

    fn sealed(&self, app: &App, id: IntegrationId) -> Vec<u8> {
        let plain = serde_json::to_vec(self).expect("our types have string keys");
        app.secrets.seal(&format!("{PURPOSE}/{id}"), &plain, &*app.entropy)
    }

    pub(super) fn open(app: &App, source: &BillingSource) -> Result<Self, AppError> {
        let plain = app.secrets.open(&format!("{PURPOSE}/{}", source.id), &source.sealed)?;
        serde_json::from_slice(&plain)
            .map_err(|error| AppError::Corrupt(format!("secrets of {}: {error}", source.id)))
    }
}

pub(super) fn settings_of(source: &BillingSource) -> Result<BillingSettings, AppError> {
    serde_json::from_str(&source.settings)
        .map_err(|error| AppError::Corrupt(format!("settings of {}: {error}", source.id)))
}

/// Who reports what a source tells.
pub(super) fn actor_of(source: &BillingSource) -> Actor {
    Actor::Key {
        // The source itself is the key: it has proved who sends.
        key: KeyId::from_bytes(*source.id.as_bytes()),
        integration: source.id,
        owner: source.owner,
        scopes: vec![Scope::Report],
    }
}

/// A billing system to connect.
#[derive(Debug, Clone)]
pub struct ConnectBilling {
    /// Whose.
    pub owner: OrganisationId,
    /// Whose customers pay there.
    pub program: ProgramId,
    /// Which system: `stripe`.
    pub kind: String,
    /// What its owner calls it: one name, one connection.
    pub name: String,
    /// What it is proved with.
    pub secrets: BillingSecrets,
    /// How its events are read.
    pub settings: BillingSettings,
}

/// Connects a billing system to a program.
pub async fn connect_billing(
    app: &App,
    actor: &Actor,
    mut input: ConnectBilling,
) -> Result<BillingSource, AppError> {
    let owner = input.owner;
    actor.require(owner, Permission::Administer)?;
    let mut errors = Vec::new();
    let name = text::name("/name", &input.name, &mut errors);
    if input.kind != "stripe" {
        errors.push(FieldError::new("/kind", "kind_unknown", "The kind is stripe."));
    }
    input.secrets.check(&mut errors);
    check_settings(&input.settings, &mut errors);
    let now = app.now();
    let mut tx = app.record.begin().await?;
    let found = program::find(&mut *tx, Viewer::Owner(owner), input.program).await?;
    if found.is_none() {
        let detail = "You have no such program: send an id as GET /v1/programs lists it.";
        errors.push(FieldError::new("/program", "unknown_program", detail));
    }
    if access::find_integration(&mut *tx, owner, &name).await?.is_some() {
        let detail = "Another connection of yours has this name.";
        errors.push(FieldError::new("/name", "taken", detail));
    }
    if billing::sources_of(&mut *tx, owner).await?.len() >= SOURCES_MAX {
        let detail = format!("You have {SOURCES_MAX} connections already.");
        errors.push(FieldError::new("", "too_many", detail));
    }
    refuse_if_any(errors)?;
    let id = IntegrationId::new(now, &*app.entropy);
    let integration = Integration { id, owner, name: name.clone(), created_at: now };
    access::insert_integration(&mut *tx, &integration).await?;
    let source = BillingSource {
        id,
        owner,
        program: input.program,
        kind: input.kind,
        name,
        settings: serde_json::to_string(&input.settings).expect("our types have string keys"),
        sealed: input.secrets.sealed(app, id),
        created_at: now,
    };
    billing::insert_source(&mut *tx, &source).await?;
    let detail = serde_json::json!({ "kind": source.kind, "program": source.program });
    app.audit_in(&mut *tx, owner, actor, "billing_source.connected", id, &detail).await?;
    tx.commit().await?;
    Ok(source)
}

fn check_settings(settings: &BillingSettings, errors: &mut Vec<FieldError>) {
    let good =
        |key: &String| (1..=40).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    if settings.click_keys.len() > CLICK_KEYS_MAX || !settings.click_keys.iter().all(good) {
        let detail = format!("At most {CLICK_KEYS_MAX} keys of 1 to 40 characters.");
        errors.push(FieldError::new("/settings/click_keys", "keys_malformed", detail));
    }
}

/// Replaces a source's secrets: first the old and the new one together, then the new one alone.
pub async fn replace_billing_secrets(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: IntegrationId,
    mut secrets: BillingSecrets,
) -> Result<BillingSource, AppError> {
    actor.require(owner, Permission::Administer)?;
    let mut errors = Vec::new();
    secrets.check(&mut errors);
    refuse_if_any(errors)?;
    let mut tx = app.record.begin().await?;
    let sealed = secrets.sealed(app, id);
    let found = billing::reseal_source(&mut *tx, owner, id, sealed).await?;
    let source = billing::find_source(&mut *tx, id).await?.filter(|it| found && it.owner == owner);
    let source = source.ok_or_else(|| Refusal::not_found("billing source"))?;
    let detail = serde_json::json!({ "secrets": secrets.webhook.len() });
    app.audit_in(&mut *tx, owner, actor, "billing_source.secrets_replaced", id, &detail).await?;
    tx.commit().await?;
    Ok(source)
}

/// An owner's billing systems, oldest first.
pub async fn list_billing_sources(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
) -> Result<Vec<BillingSource>, AppError> {
    actor.require(owner, Permission::Administer)?;
    let mut conn = app.record.read().await?;
    Ok(billing::sources_of(&mut *conn, owner).await?)
}

/// A source's newest events in one state, at most 200.
pub async fn list_billing_events(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: IntegrationId,
    state: BillingState,
) -> Result<Vec<StoredBillingEvent>, AppError> {
    actor.require(owner, Permission::Administer)?;
    let mut conn = app.record.read().await?;
    let found = billing::find_source(&mut *conn, id).await?;
    if found.is_none_or(|it| it.owner != owner) {
        return Err(Refusal::not_found("billing source").into());
    }
    Ok(billing::events_in(&mut *conn, owner, id, state, EVENTS_SHOWN_MAX).await?)
}
