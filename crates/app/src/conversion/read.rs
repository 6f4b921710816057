use tributary_directory::Actor;
use tributary_kernel::{ConversionId, Refusal};
use tributary_store::decision::StoredConversion;
use tributary_store::list::{Page, PageRequest};
use tributary_store::work::{self, ConversionFilter};

use crate::directory::viewer_of;
use crate::{App, AppError};

/// Conversions that an actor may see, newest first.
pub async fn list_conversions(
    app: &App,
    actor: &Actor,
    filter: &ConversionFilter,
    page: PageRequest,
) -> Result<Page<StoredConversion>, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    Ok(work::list_conversions(&mut *conn, viewer, filter, page).await?)
}

/// One conversion that an actor may see.
pub async fn find_conversion(
    app: &App,
    actor: &Actor,
    id: ConversionId,
) -> Result<StoredConversion, AppError> {
    let viewer = viewer_of(actor)?;
    let mut conn = app.record.read().await?;
    let found = work::find_conversion(&mut *conn, viewer, id).await?;
    found.ok_or_else(|| Refusal::not_found("conversion").into())
}
