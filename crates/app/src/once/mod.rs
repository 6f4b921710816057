//! A request that comes twice has one effect and one answer: what stands behind `Idempotency-Key`.
//!
//! **Invariant.** Under one key of one integration at most one run commits anything. A run takes
//! the key before it begins ([`begin_request`]); [`App::under`] puts a mark of the run into every
//! transaction that it commits, and a run whose key was taken over meanwhile cannot commit. So the
//! effect and the fact that there is one are one transaction, whatever happens afterwards.
//!
//! **After a crash.** A run that committed nothing loses its key after [`RUN_SECONDS_MAX`], and the
//! next request with the key runs anew. One that did commit keeps the key for good: if its answer
//! was lost, a repetition is told that the effect stands and what it concerns
//! (`idempotency_answer_lost`), and nothing is done again.
//!
//! **Limit.** Answers are kept for [`ANSWERS_DAYS`] days, sealed, since some carry secrets. A no
//! that wrote nothing is not kept: the same request is judged anew, and the key is free.

mod guard;

use std::sync::{Arc, Mutex};

use tributary_directory::Actor;
use tributary_kernel::{FieldError, Refusal, limits};
use tributary_store::request_key::{self, RequestKey, RequestPlace};

use self::guard::GuardedEngine;
use crate::conversion::integration_of;
use crate::{App, AppError};

/// A run that takes longer may lose its key to the next request that has it.
pub const RUN_SECONDS_MAX: i64 = 60;
/// Answers are kept this long; afterwards the key is new again.
pub const ANSWERS_DAYS: i64 = 7;
/// Rows deleted in one transaction.
const PRUNED_PER_TURN: u32 = 1_000;
/// Transactions in one run of the job; the next run goes on.
const TURNS_MAX: u32 = 100;
const PURPOSE: &str = "request_answer";

/// One run of a request that has a key.
#[derive(Debug, Clone)]
pub struct Attempt {
    place: RequestPlace,
    id: [u8; 16],
    subject: Arc<Mutex<Option<String>>>,
}

impl Attempt {
    /// Remembers what the run makes or changes: the first thing its audit trail names.
    pub(crate) fn concerns(&self, subject: &str) {
        let mut known = self.subject.lock().expect("nothing panics while it is held");
        known.get_or_insert_with(|| subject.to_owned());
    }
}

/// The first answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: Vec<u8>,
}

/// What a request with a key is.
#[derive(Debug)]
pub enum Begun {
    /// The first, or the first after one that came to nothing: carry it out.
    First(Attempt),
    /// A repetition: this was the answer.
    Answered(Answer),
    /// A repetition of one that is being carried out: come back later.
    Running,
}

/// Takes a key for a run of a request. `content` is a hash of everything that makes the request
/// what it is.
///
/// # Errors
/// `idempotency_key_reused` for other content, `idempotency_answer_lost` when the effect stands and
/// nobody knows the answer any more, a malformed key, or a fault.
pub async fn begin_request(
    app: &App,
    actor: &Actor,
    key: &str,
    content: [u8; 32],
) -> Result<Begun, AppError> {
    let owner = actor.owner().ok_or_else(|| Refusal::not_found("organisation"))?;
    check_key(key)?;
    let place = RequestPlace { owner, integration: integration_of(actor), key: key.to_owned() };
    crate::app::with_retries(|| begin_once(app, &place, content)).await
}

/// A key is visible text of a sensible length.
fn check_key(key: &str) -> Result<(), FieldError> {
    let wrong = |code, detail: String| FieldError::new("/idempotency_key", code, detail);
    if key.is_empty() || key.len() > limits::EXTERNAL_ID_BYTES_MAX {
        let detail = format!("A key has 1 to {} characters.", limits::EXTERNAL_ID_BYTES_MAX);
        return Err(wrong("length", detail));
    }
    if !key.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Err(wrong("characters", "Send visible ASCII characters.".to_owned()));
    }
    Ok(())
}

async fn begin_once(app: &App, place: &RequestPlace, content: [u8; 32]) -> Result<Begun, AppError> {
    let now = app.now();
    let mut id = [0; 16];
    app.entropy.fill(&mut id);
    let attempt = Attempt { place: place.clone(), id, subject: Arc::default() };
    let mut tx = app.record.begin().await?;
    if request_key::begin(&mut *tx, place, id, content, now).await? {
        tx.commit().await?;
        return Ok(Begun::First(attempt));
    }
    // Freed between the two statements: as busy as if it were still held.
    let Some(known) = request_key::find(&mut *tx, place).await? else { return Ok(Begun::Running) };
    if known.content_hash != content {
        let detail = "This idempotency key came before with other content; use a new key.";
        let mut refusal = Refusal::conflict("idempotency_key_reused", detail);
        let error = FieldError::new("/idempotency_key", "idempotency_key_reused", detail);
        refusal.errors.push(error);
        return Err(refusal.into());
    }
    if let (Some(status), Some(sealed)) = (known.status, &known.answer) {
        let body = app.secrets.open(PURPOSE, sealed)?;
        return Ok(Begun::Answered(Answer { status, body }));
    }
    if known.begun_at.plus_seconds(RUN_SECONDS_MAX) > now {
        return Ok(Begun::Running);
    }
    if known.effected {
        return Err(answer_lost(&known).into());
    }
    let taken = request_key::take_over(&mut *tx, place, known.attempt, id, now).await?;
    tx.commit().await?;
    Ok(if taken { Begun::First(attempt) } else { Begun::Running })
}

fn answer_lost(known: &RequestKey) -> Refusal {
    let what = known.subject.as_ref().map(|it| format!(" It concerns {it}.")).unwrap_or_default();
    let detail = format!(
        "This request was carried out at {}, but its answer was lost.{what} Read what you need; \
         nothing is done again.",
        known.begun_at
    );
    Refusal::conflict("idempotency_answer_lost", detail)
}

/// Keeps a run's answer for its repetitions, or frees its key when it came to nothing: a no that
/// committed nothing, or a fault. A fault after the effect keeps the key without an answer.
pub async fn end_request(app: &App, attempt: &Attempt, answer: &Answer) -> Result<(), AppError> {
    crate::app::with_retries(|| end_once(app, attempt, answer)).await
}

async fn end_once(app: &App, attempt: &Attempt, answer: &Answer) -> Result<(), AppError> {
    let mut tx = app.record.begin().await?;
    if answer.status < 500 {
        let sealed = app.secrets.seal(PURPOSE, &answer.body, &*app.entropy);
        let kept = (answer.status, sealed);
        let good = answer.status < 400;
        request_key::answer(&mut *tx, &attempt.place, attempt.id, kept, good).await?;
    }
    request_key::release(&mut *tx, &attempt.place, attempt.id).await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets answers whose days are over; tells how many.
pub async fn prune_answers(app: &App) -> Result<u64, AppError> {
    let before = app.now().plus_days(-ANSWERS_DAYS);
    let mut pruned = 0;
    for _ in 0..TURNS_MAX {
        let mut tx = app.record.begin().await?;
        let gone = request_key::prune(&mut *tx, before, PRUNED_PER_TURN).await?;
        tx.commit().await?;
        pruned += gone;
        if gone < u64::from(PRUNED_PER_TURN) {
            break;
        }
    }
    Ok(pruned)
}

impl App {
    /// The same, for one run of a request that has a key: whatever use cases commit with it is
    /// marked as that run's, and cannot be committed once the key is another run's.
    #[must_use]
    pub fn under(&self, attempt: &Attempt) -> Self {
        let record = GuardedEngine::new(Arc::clone(&self.record), attempt.clone());
        let mut app = self.clone();
        app.record = Arc::new(record);
        app.attempt = Some(attempt.clone());
        app
    }
}
