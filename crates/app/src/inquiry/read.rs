use tributary_directory::Actor;
use tributary_kernel::{InquiryId, Refusal};
use tributary_store::inquiry::{self, InquiryFilter, StoredInquiry, StoredMessage};
use tributary_store::list::{Page, PageRequest};

use super::act::MESSAGES_MAX;
use crate::directory::viewer_of;
use crate::{App, AppError};

/// An inquiry with all that was said and done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InquiryThread {
    /// The inquiry.
    pub inquiry: StoredInquiry,
    /// Oldest first.
    pub messages: Vec<StoredMessage>,
}

/// Inquiries that an actor may see, newest first.
///
/// # Errors
/// A missing right; a fault.
pub async fn list_inquiries(
    app: &App,
    actor: &Actor,
    filter: &InquiryFilter,
    page: PageRequest,
) -> Result<Page<StoredInquiry>, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    Ok(inquiry::list_inquiries(&mut *conn, viewer, filter, page).await?)
}

/// How many an actor may see, counted to 1,000.
///
/// # Errors
/// A missing right; a fault.
pub async fn count_inquiries(
    app: &App,
    actor: &Actor,
    filter: &InquiryFilter,
) -> Result<i64, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    Ok(inquiry::count_inquiries(&mut *conn, viewer, filter).await?)
}

/// One inquiry that an actor may see.
///
/// # Errors
/// Not found; a fault.
pub async fn find_inquiry(
    app: &App,
    actor: &Actor,
    id: InquiryId,
) -> Result<InquiryThread, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    let found = inquiry::find_inquiry(&mut *conn, viewer, id).await?;
    let inquiry = found.ok_or_else(|| Refusal::not_found("inquiry"))?;
    let messages = inquiry::messages_of(&mut *conn, inquiry.owner, id, MESSAGES_MAX).await?;
    Ok(InquiryThread { inquiry, messages })
}
