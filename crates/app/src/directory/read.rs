use std::collections::HashMap;

use tributary_directory::{Actor, Coupon, Link, Partner, Partnership, Permission, Program, Viewer};
use tributary_kernel::{CouponId, LinkId, PartnerId, PartnershipId, ProgramId, Refusal};
use tributary_store::list::{Page, PageRequest};
use tributary_store::organisation;
use tributary_store::partnership::{self, PartnershipFilter};
use tributary_store::program::{self, StoredPlan};

use crate::{App, AppError};

/// With whose eyes an actor sees: its organisation's, if it may read, or its partner's.
pub fn viewer_of(actor: &Actor) -> Result<Viewer, Refusal> {
    match actor {
        Actor::Partner { partner, .. } => Ok(Viewer::Partner(*partner)),
        Actor::Member { owner, .. } | Actor::Key { owner, .. } => {
            actor.require(*owner, Permission::Read).or_else(|refusal| {
                // Who may change a thing may see it.
                actor.require(*owner, Permission::Manage).map_err(|_| refusal)
            })?;
            Ok(Viewer::Owner(*owner))
        }
        Actor::System { .. } => Err(Refusal::not_found("organisation")),
    }
}

/// Programs that an actor may see.
pub async fn list_programs(
    app: &App,
    actor: &Actor,
    page: PageRequest,
) -> Result<Page<Program>, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    Ok(program::list(&mut *conn, viewer, page).await?)
}

/// One program that an actor may see.
pub async fn find_program(app: &App, actor: &Actor, id: ProgramId) -> Result<Program, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    let found = program::find(&mut *conn, viewer, id).await?;
    found.ok_or_else(|| Refusal::not_found("program").into())
}

/// The versions of a program's plan, oldest first; partners read it too.
pub async fn list_plans(
    app: &App,
    actor: &Actor,
    id: ProgramId,
) -> Result<Vec<StoredPlan>, AppError> {
    let found = find_program(app, actor, id).await?;
    let mut conn = app.record.read().await?;
    Ok(program::plans(&mut *conn, &[(found.owner, found.id)]).await?)
}

/// A partnership with its partner's profile.
#[derive(Debug, Clone)]
pub struct PartnerOfProgram {
    /// The profile.
    pub partner: Partner,
    /// Its membership.
    pub partnership: Partnership,
}

/// Partnerships that an actor may see, with their partners.
pub async fn list_partnerships(
    app: &App,
    actor: &Actor,
    filter: &PartnershipFilter,
    page: PageRequest,
) -> Result<Page<PartnerOfProgram>, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    let page = partnership::list(&mut *conn, viewer, filter, page).await?;
    let ids: Vec<PartnerId> = page.items.iter().map(|it| it.partner).collect();
    let partners = organisation::partners(&mut *conn, &ids).await?;
    let partners: HashMap<_, _> = partners.into_iter().map(|it| (it.id, it)).collect();
    let next = page.next;
    let mut items = Vec::with_capacity(page.items.len());
    for partnership in page.items {
        // A partner can be listed once per program, so the profile is copied, not taken.
        let Some(partner) = partners.get(&partnership.partner).cloned() else {
            return Err(AppError::Corrupt(format!("{} is missing", partnership.partner)));
        };
        items.push(PartnerOfProgram { partner, partnership });
    }
    Ok(Page { items, next })
}

/// One partnership that an actor may see, with its partner.
pub async fn find_partnership(
    app: &App,
    actor: &Actor,
    id: PartnershipId,
) -> Result<PartnerOfProgram, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    let Some(partnership) = partnership::find(&mut *conn, viewer, id).await? else {
        return Err(Refusal::not_found("partnership").into());
    };
    let partner = organisation::partners(&mut *conn, &[partnership.partner]).await?;
    let partner = partner
        .into_iter()
        .next()
        .ok_or_else(|| AppError::Corrupt(format!("{} is missing", partnership.partner)))?;
    Ok(PartnerOfProgram { partner, partnership })
}

/// Names of partners that appear in an actor's lists. The caller has got the ids from finders that
/// knew the viewer.
pub async fn partners_by_id(
    app: &App,
    ids: &[PartnerId],
) -> Result<HashMap<PartnerId, Partner>, AppError> {
    let mut conn = app.record.read().await?;
    let partners = organisation::partners(&mut *conn, ids).await?;
    Ok(partners.into_iter().map(|it| (it.id, it)).collect())
}

/// Links that an actor may see.
pub async fn list_links(
    app: &App,
    actor: &Actor,
    filter: &PartnershipFilter,
    page: PageRequest,
) -> Result<Page<Link>, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    Ok(partnership::list_links(&mut *conn, viewer, filter, page).await?)
}

/// One link that an actor may see.
pub async fn find_link(app: &App, actor: &Actor, id: LinkId) -> Result<Link, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    let found = partnership::find_link(&mut *conn, viewer, id).await?;
    found.ok_or_else(|| Refusal::not_found("link").into())
}

/// One code that an actor may see.
pub async fn find_coupon(app: &App, actor: &Actor, id: CouponId) -> Result<Coupon, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    let found = partnership::find_coupon(&mut *conn, viewer, id).await?;
    found.ok_or_else(|| Refusal::not_found("coupon").into())
}

/// Codes that an actor may see.
pub async fn list_coupons(
    app: &App,
    actor: &Actor,
    filter: &PartnershipFilter,
    page: PageRequest,
) -> Result<Page<Coupon>, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    Ok(partnership::list_coupons(&mut *conn, viewer, filter, page).await?)
}
