use tributary_directory::{Actor, Permission, Viewer};
use tributary_kernel::{BankDetailId, OrganisationId, PartnerId, Refusal, Timestamp, UserId};
use tributary_payout::AccountKind;
use tributary_payout::plan::{BankDetails, HeldReason};
use tributary_store::decision::OwnerHead;
use tributary_store::engine::Connection;
use tributary_store::list::PageRequest;
use tributary_store::partnership::{self, PartnershipFilter};
use tributary_store::payout::{self, BankDetailState, StoredBankDetail};

use super::form::Details;
use crate::books::Books;
use crate::{App, AppError};

pub(super) const PURPOSE: &str = "bank_detail";

/// A partner's bank details as a page shows them.
#[derive(Clone, PartialEq, Eq)]
pub struct BankDetailView {
    /// Their id.
    pub id: BankDetailId,
    /// Whose.
    pub partner: PartnerId,
    /// In use, or waiting.
    pub state: BankDetailState,
    /// Why they wait, when they do.
    pub held: Option<HeldReason>,
    /// What kind of account.
    pub kind: AccountKind,
    /// Masked.
    pub shown: String,
    /// The whole number, for the partner and for who pays.
    pub written: String,
    /// The holder's name.
    pub holder: String,
    /// When they were given.
    pub given_at: Timestamp,
    /// By which user, when it was one.
    pub given_by: Option<UserId>,
}

impl std::fmt::Debug for BankDetailView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BankDetailView")
            .field("id", &self.id)
            .field("state", &self.state)
            .field("shown", &self.shown)
            .finish_non_exhaustive()
    }
}

impl BankDetailView {
    pub(super) fn of(app: &App, it: &StoredBankDetail) -> Result<Self, AppError> {
        let details = Details::open(app, PURPOSE, &it.sealed)?;
        Ok(Self {
            id: it.id,
            partner: it.partner,
            state: it.state,
            held: (it.state == BankDetailState::Held).then(|| held_reason(it)),
            kind: details.account.kind(),
            shown: it.shown.clone(),
            written: details.account.written(),
            holder: details.party.name,
            given_at: it.created_at,
            given_by: it.created_by.parse().ok(),
        })
    }
}

/// Details that were in use and were taken out of it had a payment come back; the others are new.
fn held_reason(it: &StoredBankDetail) -> HeldReason {
    if it.settled_at.is_some() { HeldReason::Returned } else { HeldReason::Changed }
}

/// A partner's bank details that are in use or wait, oldest first: for the partner's own users and
/// for members who may pay it.
///
/// # Errors
/// Not found for others.
pub async fn bank_details_of(
    app: &App,
    actor: &Actor,
    partner: PartnerId,
) -> Result<Vec<BankDetailView>, AppError> {
    let mut conn = app.record.read().await?;
    require_access(&mut *conn, actor, partner).await?;
    let found = payout::bank_details(&mut *conn, &[partner]).await?;
    found.iter().map(|it| BankDetailView::of(app, it)).collect()
}

/// Details that wait for a second look, of an owner's partners, oldest first, at most 200.
///
/// # Errors
/// Without the right to pay.
pub async fn list_held_bank_details(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
) -> Result<Vec<BankDetailView>, AppError> {
    actor.require(owner, Permission::Pay)?;
    let mut conn = app.record.read().await?;
    let found = payout::held_bank_details(&mut *conn, owner).await?;
    found.iter().map(|it| BankDetailView::of(app, it)).collect()
}

/// Whose side somebody is on who sees or gives a partner's bank details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The partner's own user.
    Partner,
    /// A person of an owner that pays the partner.
    Payer(OrganisationId),
}

/// Lets through the partner's own users, and members of an owner with a partnership who may pay.
/// Keys never: account numbers are for people.
pub(super) async fn require_access(
    conn: &mut dyn Connection,
    actor: &Actor,
    partner: PartnerId,
) -> Result<Side, AppError> {
    match actor {
        Actor::Partner { partner: own, .. } if *own == partner => Ok(Side::Partner),
        Actor::Member { owner, .. } => {
            actor.require(*owner, Permission::Pay)?;
            let filter =
                PartnershipFilter { partner: Some(partner), ..PartnershipFilter::default() };
            let page = PageRequest { limit: 1, after: None };
            let viewer = Viewer::Owner(*owner);
            let found = partnership::list(conn, viewer, &filter, page).await?;
            if found.items.is_empty() {
                return Err(Refusal::not_found("partner").into());
            }
            Ok(Side::Payer(*owner))
        }
        Actor::Key { .. } => {
            let detail = "Bank details are for people: log in instead of using a key.";
            Err(Refusal::forbidden("person_only", detail).into())
        }
        Actor::Partner { .. } | Actor::System { .. } => Err(Refusal::not_found("partner").into()),
    }
}

/// Tells who listens at one payer that details of a partner were given or settled. The account
/// itself is personal and is not told.
pub(super) async fn tell(
    app: &App,
    conn: &mut dyn Connection,
    head: &OwnerHead,
    kind: &'static str,
    it: &StoredBankDetail,
) -> Result<(), AppError> {
    let mut pen = Books::open(head, app.now())?;
    let data = serde_json::json!({
        "bank_details": it.id, "partner": it.partner, "state": it.state,
    });
    pen.tell(kind, *it.id.as_bytes(), &data, &*app.entropy);
    pen.write_in(conn).await
}

/// Makes changes of bank details wait for each other, until the transaction ends: two at once would
/// each see the other's absence. They are rare enough for one lock.
pub(super) async fn lock_in(conn: &mut dyn Connection) -> Result<(), AppError> {
    tributary_store::install::take_numbers(conn, "bank_detail_change", 1).await?;
    Ok(())
}

/// What a payout run may use of a partner's details: any that wait hold back all.
pub(super) fn usable(
    app: &App,
    found: &[StoredBankDetail],
) -> Result<(BankDetails, Option<(BankDetailId, Details)>), AppError> {
    if let Some(held) = found.iter().find(|it| it.state == BankDetailState::Held) {
        return Ok((BankDetails::Held(held_reason(held)), None));
    }
    let Some(active) = found.iter().find(|it| it.state == BankDetailState::Active) else {
        return Ok((BankDetails::Missing, None));
    };
    let details = Details::open(app, PURPOSE, &active.sealed)?;
    Ok((BankDetails::Active(details.account.clone()), Some((active.id, details))))
}
