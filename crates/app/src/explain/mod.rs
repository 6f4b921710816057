//! Why an amount is what it is, or why there is none: from the record and the journey copied into
//! it, for both sides. A partner sees the same as its manager, less whose the other touches are
//! and the reference of the order beyond its last characters.

mod commission;
mod conversion;
mod facts;
mod models;

pub use commission::{
    ExplainedBasis, ExplainedCommission, ExplainedPayout, ExplainedTransfer, explain_commission,
};
pub(crate) use conversion::explain_found;
pub use conversion::{ExplainedConversion, WhyNothing, explain_conversion};
pub use facts::ConversionView;
pub(crate) use facts::credit_facts;
pub use models::{ModelCredit, compare_models};

use tributary_commission::CompiledPlan;
use tributary_directory::{Actor, Viewer};
use tributary_kernel::{OrganisationId, PlanId, ProgramId};
use tributary_store::engine::Connection;
use tributary_store::organisation;

use crate::AppError;
use crate::directory::{compiled_plan, viewer_of};

/// With whose eyes somebody looks: several for the installation itself, which may see all.
async fn viewers(conn: &mut dyn Connection, actor: &Actor) -> Result<Vec<Viewer>, AppError> {
    if !matches!(actor, Actor::System { .. }) {
        return Ok(vec![viewer_of(actor)?]);
    }
    let owners = organisation::all_organisations(conn).await?;
    Ok(owners.into_iter().map(|it| Viewer::Owner(it.id)).collect())
}

/// A plan version as it is stored.
async fn plan_of(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    plan: PlanId,
) -> Result<CompiledPlan, AppError> {
    let missing = || AppError::Corrupt(format!("{plan} of {program} is missing"));
    let terms = tributary_store::program::by_ids(conn, &[program]).await?.into_iter().next();
    let currency = terms.ok_or_else(missing)?.terms.currency;
    let stored = tributary_store::program::plans(conn, &[(owner, program)]).await?;
    let stored = stored.into_iter().find(|it| it.id == plan).ok_or_else(missing)?;
    compiled_plan(&stored, currency)
}
