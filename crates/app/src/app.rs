use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use tributary_click::ClickKeyring;
use tributary_commission::CompiledPlan;
use tributary_directory::Actor;
use tributary_kernel::{AuditId, Clock, Entropy, FieldError, OrganisationId, PlanId, Timestamp};
use tributary_money::Currency;
use tributary_store::audit::{AuditRow, insert_audit};
use tributary_store::engine::{Connection, Engine, EngineError};
use tributary_store::program::StoredPlan;

use crate::access::KnownKeys;
use crate::directory::compiled_plan;
use crate::mail::Postman;
use crate::once::Attempt;
use crate::{AppError, Secrets};

/// Compiled plans kept in memory; a program has few versions.
const PLANS_KEPT_MAX: usize = 10_000;

/// What every use case works with: the two databases, the clock, chance and the secrets.
#[derive(Debug, Clone)]
pub struct App {
    /// Organisations, conversions, ledger.
    pub record: Arc<dyn Engine>,
    /// Touches, hourly clicks; written by ingest alone.
    pub touches: Arc<dyn Engine>,
    /// Where 'now' comes from.
    pub clock: Arc<dyn Clock>,
    /// Where chance comes from.
    pub entropy: Arc<dyn Entropy>,
    /// Seals and signs.
    pub secrets: Arc<Secrets>,
    /// Who carries mails; none: nothing is mailed, and whoever asks is told so.
    postman: Option<Postman>,
    /// The run of a request with a key that this is for.
    pub(crate) attempt: Option<Attempt>,
    keyring: Arc<RwLock<Arc<ClickKeyring>>>,
    plans: Arc<RwLock<HashMap<PlanId, Arc<CompiledPlan>>>>,
    pub(crate) known_keys: Arc<KnownKeys>,
}

impl App {
    /// Puts the parts together. Until click keys are loaded no click id verifies.
    #[must_use]
    pub fn new(
        record: Arc<dyn Engine>,
        touches: Arc<dyn Engine>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        secrets: Arc<Secrets>,
        keyring: ClickKeyring,
    ) -> Self {
        let keyring = Arc::new(RwLock::new(Arc::new(keyring)));
        let (plans, known_keys) = (Arc::default(), Arc::default());
        Self {
            record,
            touches,
            clock,
            entropy,
            secrets,
            postman: None,
            attempt: None,
            keyring,
            plans,
            known_keys,
        }
    }

    /// The same with somebody who carries mails.
    #[must_use]
    pub fn with_mail(mut self, postman: Postman) -> Self {
        self.postman = Some(postman);
        self
    }

    /// Who carries mails, if anybody does.
    #[must_use]
    pub const fn postman(&self) -> Option<&Postman> {
        self.postman.as_ref()
    }

    /// A stored plan version, ready to evaluate; compiled once, since versions never change.
    pub(crate) fn compiled(
        &self,
        stored: &StoredPlan,
        currency: Currency,
    ) -> Result<Arc<CompiledPlan>, AppError> {
        if let Some(known) =
            self.plans.read().expect("nothing panics while it is read").get(&stored.id)
        {
            return Ok(Arc::clone(known));
        }
        let compiled = Arc::new(compiled_plan(stored, currency)?);
        let mut plans = self.plans.write().expect("nothing panics while it is written");
        if plans.len() >= PLANS_KEPT_MAX {
            plans.clear();
        }
        plans.insert(stored.id, Arc::clone(&compiled));
        Ok(compiled)
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The click keys as last loaded.
    #[must_use]
    pub fn keyring(&self) -> Arc<ClickKeyring> {
        Arc::clone(&self.keyring.read().expect("nothing panics while it is written"))
    }

    /// The hash by which a customer's mail address is known to an owner: keyed, so that nobody
    /// without the master key can try addresses. The address is kept nowhere.
    ///
    /// # Errors
    /// `email_malformed`, without a pointer.
    pub fn mail_key(&self, owner: OrganisationId, mail: &str) -> Result<String, FieldError> {
        let mut errors = Vec::new();
        let mail = crate::text::email("", mail, &mut errors);
        match errors.pop() {
            Some(error) => Err(error),
            None => Ok(self.secrets.derive("customer_mail", &format!("{owner} {mail}"))),
        }
    }

    /// Replaces the click keys after a rotation.
    pub fn set_keyring(&self, keyring: ClickKeyring) {
        *self.keyring.write().expect("nothing panics while it is written") = Arc::new(keyring);
    }

    /// Writes one line of the audit trail, in the caller's transaction.
    pub(crate) async fn audit_in(
        &self,
        conn: &mut dyn Connection,
        owner: OrganisationId,
        actor: &Actor,
        action: &'static str,
        subject: impl std::fmt::Display,
        detail: &serde_json::Value,
    ) -> Result<(), EngineError> {
        let at = self.now();
        let row = AuditRow {
            owner,
            at,
            actor_kind: actor.kind(),
            actor: actor.name(),
            action,
            subject: subject.to_string(),
            detail: detail.to_string(),
        };
        if let Some(attempt) = &self.attempt {
            attempt.concerns(&row.subject);
        }
        insert_audit(conn, &[AuditId::new(at, &*self.entropy)], &[row]).await
    }
}

/// How often a transaction that met another one is run again.
const RETRIES_MAX: u32 = 5;

/// Runs a use case's transaction again when the database says that it met another one. The one
/// place where that happens.
pub(crate) async fn with_retries<T, F, Fut>(mut run: F) -> Result<T, AppError>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, AppError>>,
{
    let mut tries = 0;
    loop {
        match run().await {
            Err(AppError::Engine(EngineError::Retry(_))) if tries < RETRIES_MAX => tries += 1,
            result => return result,
        }
    }
}
