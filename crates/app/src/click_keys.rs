//! The keys that sign click ids: made at first start, rotated by a person or a schedule, kept
//! sealed with the master key.

use tributary_click::{ClickKey, ClickKeyring, KEYS_MAX};
use tributary_directory::Actor;
use tributary_kernel::{KeyId, OrganisationId, Refusal, Timestamp};
use tributary_store::engine::{Connection, Transaction};
use tributary_store::install::{self, SealedClickKey};

use crate::{App, AppError};

const PURPOSE: &str = "click_key";
/// The longest window a program can have, in days.
const WINDOW_DAYS_MAX: u32 = 400;
/// How long after the longest window an old key still verifies.
const VERIFY_MARGIN_DAYS: u32 = 90;

/// The opened keys, for the ring of this process and of its edges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClickKeys {
    /// All that sign or still verify.
    pub keys: Vec<ClickKey>,
    /// The id of the one that signs.
    pub minting: u8,
}

impl ClickKeys {
    /// As a ring.
    ///
    /// # Errors
    /// [`AppError::Corrupt`] when what is stored is no ring.
    pub fn ring(&self) -> Result<ClickKeyring, AppError> {
        ClickKeyring::new(self.keys.clone(), self.minting)
            .map_err(|error| AppError::Corrupt(error.to_string()))
    }
}

/// Reads the keys, making the first when there are none, and gives them to the app. Done at start
/// and whenever the feed of changes names the keys.
///
/// # Errors
/// A fault, or [`AppError::Corrupt`] when a key does not open.
pub async fn load_click_keys(app: &App) -> Result<ClickKeys, AppError> {
    let mut conn = app.record.read().await?;
    let found = read_keys(app, &mut *conn).await?;
    drop(conn);
    let keys = match found {
        Some(keys) => keys,
        None => crate::app::with_retries(|| make_first(app)).await?,
    };
    app.set_keyring(keys.ring()?);
    Ok(keys)
}

/// Makes a new key that signs from now on. The one before it verifies for the longest window and
/// 90 days more.
///
/// # Errors
/// Refused to anybody but the installation itself, and while all four places are in use.
pub async fn rotate_click_keys(app: &App, actor: &Actor) -> Result<ClickKeys, AppError> {
    if !matches!(actor, Actor::System { .. }) {
        let detail = "Click keys are rotated on the server, with `tributary keys rotate`.";
        return Err(Refusal::forbidden("system_only", detail).into());
    }
    let keys = crate::app::with_retries(|| rotate_once(app, actor)).await?;
    app.set_keyring(keys.ring()?);
    Ok(keys)
}

/// Opens the stored keys; none when there are none.
pub(crate) async fn read_keys(
    app: &App,
    conn: &mut dyn Connection,
) -> Result<Option<ClickKeys>, AppError> {
    let stored = install::click_keys(conn).await?;
    if stored.is_empty() {
        return Ok(None);
    }
    let minting = stored.iter().find(|it| it.minting).map(|it| it.id);
    let minting = minting.ok_or_else(|| AppError::Corrupt("no click key signs".to_owned()))?;
    let keys = stored.iter().map(|it| open(app, it)).collect::<Result<_, _>>()?;
    Ok(Some(ClickKeys { keys, minting: key_number(minting)? }))
}

fn key_number(id: u32) -> Result<u8, AppError> {
    u8::try_from(id).map_err(|_| AppError::Corrupt(format!("click key {id}")))
}

fn open(app: &App, it: &SealedClickKey) -> Result<ClickKey, AppError> {
    let secret = app.secrets.open(PURPOSE, &it.sealed)?;
    let secret = secret
        .try_into()
        .map_err(|_| AppError::Corrupt(format!("click key {} has another length", it.id)))?;
    Ok(ClickKey { id: key_number(it.id)?, secret, verify_until: it.verify_until })
}

/// Takes the lock that changes of the snapshot share, so that two processes never both make a key,
/// and tells the edges.
async fn begin(app: &App, now: Timestamp) -> Result<Box<dyn Transaction>, AppError> {
    let mut tx = app.record.begin().await?;
    install::note_change(&mut *tx, "keys", KeyId::from_bytes([0; 16]), now).await?;
    Ok(tx)
}

fn fresh(app: &App, id: u32) -> SealedClickKey {
    let mut secret = [0u8; 32];
    app.entropy.fill(&mut secret);
    let sealed = app.secrets.seal(PURPOSE, &secret, &*app.entropy);
    SealedClickKey { id, sealed, minting: true, verify_until: None }
}

async fn make_first(app: &App) -> Result<ClickKeys, AppError> {
    let now = app.now();
    let mut tx = begin(app, now).await?;
    if let Some(keys) = read_keys(app, &mut *tx).await? {
        return Ok(keys);
    }
    install::put_click_key(&mut *tx, &fresh(app, 0), now).await?;
    let keys = read_keys(app, &mut *tx).await?;
    tx.commit().await?;
    keys.ok_or_else(|| AppError::Corrupt("the first click key is not there".to_owned()))
}

async fn rotate_once(app: &App, actor: &Actor) -> Result<ClickKeys, AppError> {
    let now = app.now();
    let mut tx = begin(app, now).await?;
    let stored = install::click_keys(&mut *tx).await?;
    let is_over =
        |it: &SealedClickKey| !it.minting && it.verify_until.is_some_and(|until| until <= now);
    let free = (0..KEYS_MAX as u32).find(|id| stored.iter().all(|it| it.id != *id || is_over(it)));
    let Some(id) = free else {
        let first = stored.iter().filter_map(|it| it.verify_until).min();
        let until = first.map(|at| format!(", the first until {at}")).unwrap_or_default();
        let detail = format!("All {KEYS_MAX} click keys still verify ids{until}; rotate then.");
        return Err(Refusal::conflict("click_keys_in_use", detail).into());
    };
    let window = install::longest_window_days(&mut *tx).await?.min(WINDOW_DAYS_MAX);
    let until = now.plus_days(i64::from(window + VERIFY_MARGIN_DAYS));
    for old in stored.iter().filter(|it| it.minting) {
        let old = SealedClickKey { minting: false, verify_until: Some(until), ..old.clone() };
        install::put_click_key(&mut *tx, &old, now).await?;
    }
    install::put_click_key(&mut *tx, &fresh(app, id), now).await?;
    let detail = serde_json::json!({ "key": id, "old_verifies_until": until });
    let nobody = OrganisationId::from_bytes([0; 16]);
    app.audit_in(&mut *tx, nobody, actor, "click_keys.rotated", id, &detail).await?;
    let keys = read_keys(app, &mut *tx).await?;
    tx.commit().await?;
    keys.ok_or_else(|| AppError::Corrupt("the click keys are gone".to_owned()))
}
