//! What would become of reports now, without deciding them: whether they can be booked, not what
//! they would pay.

use tributary_directory::Actor;
use tributary_kernel::{ConversionId, OrganisationId, Refusal};
use tributary_store::engine::Connection;

use super::decide::{Decision, before_booking};
use super::input::ReportConversion;
use super::report::{checked_of, integration_of};
use super::world::{Item, load_outline};
use crate::{App, AppError};

/// What would become of one report.
#[derive(Debug, Clone)]
pub(crate) enum Foreseen {
    /// Nothing stands against it.
    Ready,
    /// It is recorded already.
    Duplicate(ConversionId),
    /// A person would have to look.
    Waits { reason: &'static str, conversion: Option<ConversionId> },
    /// It would be refused.
    Refused(Refusal),
}

/// Looks at reports of one owner, each for itself. Reads, and writes nothing.
pub(crate) async fn foresee(
    app: &App,
    conn: &mut dyn Connection,
    owner: OrganisationId,
    actor: &Actor,
    reports: &[&ReportConversion],
) -> Result<Vec<Foreseen>, AppError> {
    let now = app.now();
    let integration = integration_of(actor);
    let items: Vec<Result<Item, Refusal>> = reports
        .iter()
        .map(|report| {
            let checked = checked_of(app, report, actor, now)?;
            Ok(Item { owner, integration, trusted: true, checked })
        })
        .collect();
    let good: Vec<Item> = items.iter().flatten().cloned().collect();
    let world = load_outline(app, conn, &good).await?;
    let one = |item: Result<Item, Refusal>| match item {
        Err(refusal) => Foreseen::Refused(refusal),
        Ok(item) => match before_booking(&world, &item) {
            Ok(_) | Err(Decision::Book(_)) => Foreseen::Ready,
            Err(Decision::Duplicate { of }) => Foreseen::Duplicate(of),
            Err(Decision::Again { subject, .. }) => {
                Foreseen::Duplicate(ConversionId::from_bytes(subject))
            }
            Err(Decision::Quarantine { reason, conversion }) => {
                Foreseen::Waits { reason, conversion }
            }
            Err(Decision::Refuse(refusal)) => Foreseen::Refused(refusal),
        },
    };
    Ok(items.into_iter().map(one).collect())
}
