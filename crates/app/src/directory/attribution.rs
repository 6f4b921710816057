//! How a program gives credit: versions of its policy, each with the moment from which it holds.

use tributary_attribution::{Policy, TouchKind};
use tributary_commission::EventName;
use tributary_directory::{Actor, Permission, Program, ProgramTerms};
use tributary_kernel::{FieldError, OrganisationId, ProgramId, Refusal, Timestamp, limits};
use tributary_store::attribution::{self, StoredPolicy};
use tributary_store::engine::Connection;
use tributary_store::{install, program};

use crate::books::{Books, lock_head};
use crate::conversion::policy_of;
use crate::{App, AppError};

/// Days ahead for which a version can be announced.
const AHEAD_DAYS_MAX: i64 = 400;
/// Versions of one program.
const VERSIONS_MAX: usize = 1_000;

/// A version of a program's policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersion {
    /// 1, 2, …; 0 while nobody has set one and the program's terms alone say it.
    pub version: u32,
    /// From when it holds. Of several that hold at a moment the highest version decides.
    pub effective_from: Timestamp,
    /// What it says.
    pub policy: Policy,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A new version.
#[derive(Debug, Clone)]
pub struct PutPolicy {
    /// Whose.
    pub owner: OrganisationId,
    /// Which program's.
    pub program: ProgramId,
    /// What it says.
    pub policy: Policy,
    /// From when it holds; none: from now. A moment before now judges what is pending anew.
    pub effective_from: Option<Timestamp>,
}

/// A stored policy as it decides.
pub(crate) fn read_policy(stored: &StoredPolicy) -> Result<Policy, AppError> {
    serde_json::from_str(&stored.policy).map_err(|error| {
        let (program, version) = (stored.program, stored.version);
        AppError::Corrupt(format!("attribution {version} of {program}: {error}"))
    })
}

fn version_of(stored: &StoredPolicy) -> Result<PolicyVersion, AppError> {
    Ok(PolicyVersion {
        version: stored.version,
        effective_from: stored.effective_from,
        policy: read_policy(stored)?,
        created_at: stored.created_at,
    })
}

/// What a program's terms say while nobody has set a policy.
fn usual(program: &Program) -> PolicyVersion {
    PolicyVersion {
        version: 0,
        effective_from: Timestamp::from_microsecond(0),
        policy: policy_of(program),
        created_at: program.created_at,
    }
}

/// The versions of a program's policy, oldest first, at least one; partners read them too.
///
/// # Errors
/// Not found; a fault.
pub async fn list_policies(
    app: &App,
    actor: &Actor,
    id: ProgramId,
) -> Result<Vec<PolicyVersion>, AppError> {
    let found = super::find_program(app, actor, id).await?;
    let mut conn = app.record.read().await?;
    let stored = attribution::versions(&mut *conn, &[(found.owner, found.id)]).await?;
    if stored.is_empty() {
        return Ok(vec![usual(&found)]);
    }
    stored.iter().map(version_of).collect()
}

/// The version that decides what occurs at a moment.
#[must_use]
pub fn policy_in_force(versions: &[PolicyVersion], at: Timestamp) -> Option<&PolicyVersion> {
    versions.iter().rev().find(|version| version.effective_from <= at)
}

/// Sets how a program gives credit. Decisions keep the policy that they were made by.
///
/// # Errors
/// A refusal names the fields; not found; a fault.
pub async fn put_policy(
    app: &App,
    actor: &Actor,
    input: PutPolicy,
) -> Result<PolicyVersion, AppError> {
    let (owner, id) = (input.owner, input.program);
    actor.require(owner, Permission::Manage)?;
    let now = app.now();
    let errors = errors_of(&input, now);
    if !errors.is_empty() {
        return Err(Refusal::invalid(errors).into());
    }
    let mut tx = app.record.begin().await?;
    let head = lock_head(&mut *tx, owner).await?;
    let Some(mut program) = program::lock_in(&mut *tx, owner, id).await? else {
        return Err(Refusal::not_found("program").into());
    };
    let from = input.effective_from.unwrap_or(now);
    let Some(version) = append_in(app, &mut *tx, actor, &program, &input.policy, from).await?
    else {
        let detail = "This is what the program does already.";
        return Err(Refusal::conflict("policy_unchanged", detail).into());
    };
    let ahead = from > now;
    program.terms = terms_with(program.terms, &input.policy, ahead);
    program::put(&mut *tx, &program).await?;
    install::note_change(&mut *tx, "program", id, now).await?;
    let queued = match from < now {
        true => attribution::queue_since(&mut *tx, owner, id, from, now).await?,
        false => 0,
    };
    let mut pen = Books::open(&head, now)?;
    let data = serde_json::json!({
        "program": id, "version": version.version, "effective_from": from,
        "model": version.policy.model,
    });
    pen.tell("attribution.changed", *id.as_bytes(), &data, &*app.entropy);
    pen.write_in(&mut *tx).await?;
    let detail = serde_json::json!({
        "version": version.version, "effective_from": from, "queued": queued,
    });
    app.audit_in(&mut *tx, owner, actor, "attribution.changed", id, &detail).await?;
    tx.commit().await?;
    Ok(version)
}

fn errors_of(input: &PutPolicy, now: Timestamp) -> Vec<FieldError> {
    let mut errors = input.policy.errors();
    for (place, rule) in input.policy.windows.iter().enumerate() {
        if rule.event.as_ref().is_some_and(|event| event.parse::<EventName>().is_err()) {
            let detail = "Give the name of a type of conversion, like sale.";
            errors.push(FieldError::new(format!("/windows/{place}/event"), "event_name", detail));
        }
    }
    let mut refuse = |code, detail: String| {
        errors.push(FieldError::new("/effective_from", code, detail));
    };
    if let Some(from) = input.effective_from {
        if from > now.plus_days(AHEAD_DAYS_MAX) {
            refuse("too_far_ahead", format!("At most {AHEAD_DAYS_MAX} days ahead."));
        } else if from < now.plus_days(-limits::OCCURRED_BACK_DAYS_MAX) {
            let days = limits::OCCURRED_BACK_DAYS_MAX;
            refuse(
                "too_long_ago",
                format!("At most {days} days back: touches are kept no longer."),
            );
        }
    }
    errors
}

/// Adds a version, and before the first one what held until then. None if the newest says the same
/// from the same moment or earlier.
async fn append_in(
    app: &App,
    conn: &mut dyn Connection,
    actor: &Actor,
    program: &Program,
    policy: &Policy,
    from: Timestamp,
) -> Result<Option<PolicyVersion>, AppError> {
    let (owner, id) = (program.owner, program.id);
    let stored = attribution::versions(conn, &[(owner, id)]).await?;
    let mut versions: Vec<PolicyVersion> =
        stored.iter().map(version_of).collect::<Result<_, _>>()?;
    if versions.len() >= VERSIONS_MAX {
        let detail = format!("A program has at most {VERSIONS_MAX} versions of its policy.");
        return Err(Refusal::conflict("too_many_versions", detail).into());
    }
    if versions.is_empty() {
        let first = PolicyVersion { version: 1, created_at: app.now(), ..usual(program) };
        if first.policy == *policy {
            return Ok(None);
        }
        insert(conn, actor, program, &first).await?;
        versions.push(first);
    }
    let newest = &versions[versions.len() - 1];
    if newest.policy == *policy && newest.effective_from <= from {
        return Ok(None);
    }
    let next = PolicyVersion {
        version: newest.version + 1,
        effective_from: from,
        policy: policy.clone(),
        created_at: app.now(),
    };
    insert(conn, actor, program, &next).await?;
    Ok(Some(next))
}

async fn insert(
    conn: &mut dyn Connection,
    actor: &Actor,
    program: &Program,
    it: &PolicyVersion,
) -> Result<(), AppError> {
    let stored = StoredPolicy {
        owner: program.owner,
        program: program.id,
        version: it.version,
        effective_from: it.effective_from,
        policy: serde_json::to_string(&it.policy).expect("our types have string keys"),
        created_at: it.created_at,
        created_by: actor.name(),
    };
    Ok(attribution::insert(conn, &stored).await?)
}

/// The window and precedence that a program's terms show: cookies and touches live as long as the
/// longest window of a click. What is announced for later shortens nothing yet.
fn terms_with(terms: ProgramTerms, policy: &Policy, ahead: bool) -> ProgramTerms {
    let days = u32::from(policy.longest_window_days(TouchKind::Click));
    let window_days = if ahead { days.max(terms.window_days) } else { days };
    let coupon_over_click = match ahead {
        true => terms.coupon_over_click,
        false => policy.precedence == tributary_attribution::Precedence::CouponOverClick,
    };
    ProgramTerms { window_days, coupon_over_click, ..terms }
}

/// Carries another window or precedence of a program's terms into its policy, from now on.
pub(super) async fn follow_terms_in(
    app: &App,
    conn: &mut dyn Connection,
    actor: &Actor,
    before: &Program,
    after: &ProgramTerms,
) -> Result<(), AppError> {
    let was = &before.terms;
    let same =
        (was.window_days, was.coupon_over_click) == (after.window_days, after.coupon_over_click);
    if same {
        return Ok(());
    }
    let stored = attribution::versions(conn, &[(before.owner, before.id)]).await?;
    let newest = stored.last().map(version_of).transpose()?;
    let newest = newest.map_or_else(|| policy_of(before), |version| version.policy);
    if !newest.windows.is_empty() && was.window_days != after.window_days {
        let detail = "This program has windows of its own per event and kind of touch; change \
                      them where its attribution is set.";
        return Err(FieldError::new("/window_days", "set_in_attribution", detail).into());
    }
    let said = policy_of(&Program { terms: after.clone(), ..before.clone() });
    let policy = Policy {
        click_window_days: if was.window_days == after.window_days {
            newest.click_window_days
        } else {
            said.click_window_days
        },
        coupon_window_days: if was.window_days == after.window_days {
            newest.coupon_window_days
        } else {
            said.coupon_window_days
        },
        precedence: if was.coupon_over_click == after.coupon_over_click {
            newest.precedence
        } else {
            said.precedence
        },
        ..newest
    };
    append_in(app, conn, actor, before, &policy, app.now()).await?;
    Ok(())
}
