use tributary_directory::{
    Actor, Link, LinkStatus, Partnership, PartnershipStatus, Permission, Program, PromotionMethod,
    Viewer, check_destination, check_path,
};
use tributary_kernel::{FieldError, LinkId, PartnershipId, ProgramId, Refusal};
use tributary_store::engine::Connection;
use tributary_store::{install, partnership, program};

use crate::{App, AppError};

/// A new link.
#[derive(Debug, Clone)]
pub struct CreateLink {
    /// Whose.
    pub partnership: PartnershipId,
    /// Its path; none: the referral code, with a number when that is taken.
    pub path: Option<String>,
    /// Its host; none: any host of this installation.
    pub host: Option<String>,
    /// Where it leads; none: the landing page.
    pub destination: Option<String>,
    /// The partner's own name for the occasion.
    pub campaign: Option<String>,
    /// How it is promoted.
    pub method: Option<PromotionMethod>,
}

/// Makes a link: a manager for any of its partners, a partner for itself.
pub async fn create_link(app: &App, actor: &Actor, input: CreateLink) -> Result<Link, AppError> {
    let mut tx = app.record.begin().await?;
    let viewer = super::viewer_of(actor)?;
    let Some(partnership) = partnership::find(&mut *tx, viewer, input.partnership).await? else {
        return Err(FieldError::new(
            "/partnership",
            "unknown_partnership",
            "There is no such partnership here.",
        )
        .into());
    };
    match viewer {
        Viewer::Owner(owner) => actor.require(owner, Permission::Manage)?,
        Viewer::Partner(_) if partnership.status != PartnershipStatus::Active => {
            let detail = "Links can be made while the partnership is active.";
            return Err(Refusal::forbidden("partnership_not_active", detail).into());
        }
        Viewer::Partner(_) => {}
    }
    let program = program_of(&mut *tx, partnership.program).await?;
    let link = create_link_in(app, &mut *tx, actor, &program, &partnership, input).await?;
    tx.commit().await?;
    Ok(link)
}

async fn program_of(conn: &mut dyn Connection, id: ProgramId) -> Result<Program, AppError> {
    let found = program::by_ids(conn, &[id]).await?.into_iter().next();
    found.ok_or_else(|| AppError::Corrupt(format!("{id} of a partnership is missing")))
}

/// How many numbered variants of a path are tried.
const PATH_VARIANTS_MAX: u32 = 1_000;

/// Makes a link in the caller's transaction, which has checked who asks.
pub async fn create_link_in(
    app: &App,
    conn: &mut dyn Connection,
    actor: &Actor,
    program: &Program,
    partnership: &Partnership,
    input: CreateLink,
) -> Result<Link, AppError> {
    let destination = match &input.destination {
        Some(text) if !text.trim().is_empty() => Some(
            check_destination(text, &program.terms.allowed_domains)
                .map_err(|error| error.under("/destination"))?,
        ),
        _ => None,
    };
    let campaign =
        input.campaign.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if campaign.as_ref().is_some_and(|text| text.chars().count() > 80) {
        let detail = "A campaign's name has at most 80 characters.";
        return Err(FieldError::new("/campaign", "length", detail).into());
    }
    let host = super::link_hosts::host_of(conn, program.owner, input.host.as_deref()).await?;
    let path = free_path(conn, &host, input.path.as_deref(), &partnership.code).await?;
    let now = app.now();
    let link = Link {
        id: LinkId::new(now, &*app.entropy),
        number: install::take_link_number(conn).await?,
        owner: program.owner,
        program: program.id,
        partnership: partnership.id,
        partner: partnership.partner,
        host,
        path,
        destination,
        campaign,
        method: input.method,
        status: LinkStatus::Active,
        created_at: now,
    };
    partnership::put_link(conn, &link).await?;
    install::note_change(conn, "link", link.id, now).await?;
    let detail = serde_json::json!({ "partnership": partnership.id, "path": link.path });
    app.audit_in(conn, program.owner, actor, "link.created", link.id, &detail).await?;
    Ok(link)
}

async fn free_path(
    conn: &mut dyn Connection,
    host: &str,
    wanted: Option<&str>,
    code: &str,
) -> Result<String, AppError> {
    if let Some(wanted) = wanted.filter(|wanted| !wanted.trim().is_empty()) {
        let path = check_path(wanted).map_err(|error| error.under("/path"))?;
        if partnership::link_exists(conn, host, &path).await? {
            let detail = "This path is taken; choose another.";
            return Err(FieldError::new("/path", "path_taken", detail).into());
        }
        return Ok(path);
    }
    for number in 1..=PATH_VARIANTS_MAX {
        let text = if number == 1 { code.to_owned() } else { format!("{code}-{number}") };
        let Ok(path) = check_path(&text) else { continue };
        if !partnership::link_exists(conn, host, &path).await? {
            return Ok(path);
        }
    }
    Err(FieldError::new("/path", "path_required", "Choose a path for this link.").into())
}

/// Switches a link off: it still leads to the program, without credit. A manager may do so, and
/// the partner whose link it is.
pub async fn disable_link(app: &App, actor: &Actor, id: LinkId) -> Result<Link, AppError> {
    switch_link(app, actor, id, LinkStatus::Disabled).await
}

/// Switches a link on again. Only a manager may: a partner could otherwise undo what the program
/// has switched off.
pub async fn enable_link(app: &App, actor: &Actor, id: LinkId) -> Result<Link, AppError> {
    switch_link(app, actor, id, LinkStatus::Active).await
}

async fn switch_link(
    app: &App,
    actor: &Actor,
    id: LinkId,
    status: LinkStatus,
) -> Result<Link, AppError> {
    let mut tx = app.record.begin().await?;
    let viewer = super::viewer_of(actor)?;
    let Some(mut link) = partnership::find_link(&mut *tx, viewer, id).await? else {
        return Err(Refusal::not_found("link").into());
    };
    let action = match status {
        LinkStatus::Active => "link.enabled",
        LinkStatus::Disabled => "link.disabled",
    };
    match viewer {
        Viewer::Owner(owner) => actor.require(owner, Permission::Manage)?,
        Viewer::Partner(_) if status == LinkStatus::Active => {
            let detail = "Ask the program to switch this link on again.";
            return Err(Refusal::forbidden("program_only", detail).into());
        }
        Viewer::Partner(_) => {}
    }
    if link.status == status {
        return Ok(link);
    }
    link.status = status;
    partnership::put_link(&mut *tx, &link).await?;
    install::note_change(&mut *tx, "link", link.id, app.now()).await?;
    let detail = serde_json::json!({});
    app.audit_in(&mut *tx, link.owner, actor, action, link.id, &detail).await?;
    tx.commit().await?;
    Ok(link)
}
