use tributary_commission::{CreditFacts, Explanation, TouchFacts, explain_not_paid};
use tributary_directory::{Actor, Viewer};
use tributary_kernel::{ConversionId, PartnershipId, Refusal};
use tributary_store::decision::StoredConversion;
use tributary_store::engine::Connection;
use tributary_store::{decision, work};

use super::commission::{ExplainedCommission, explain_one};
use super::facts::{ConversionView, credit_facts};
use super::{plan_of, viewers};
use crate::conversion::{DecidedJourney, Replaced};
use crate::{App, AppError};

/// A conversion with what it paid and why, or why it paid nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedConversion {
    /// The conversion.
    pub conversion: ConversionView,
    /// Every touch and its verdict; to a partner, without whose the others are.
    pub credit: CreditFacts,
    /// Place of the touch that a person has to look at first.
    pub held: Option<u16>,
    /// Its commissions, those taken back too, in the order they were booked; to a partner, its own.
    pub commissions: Vec<ExplainedCommission>,
    /// Whether its customer has left.
    pub departed: bool,
    /// Why the newest decision pays nothing, when it does not.
    pub nothing: Option<WhyNothing>,
    /// Decisions before it, and what changed; to a partner, what changed for it.
    pub replaced: Vec<Replaced>,
}

/// Why a decision pays nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyNothing {
    /// The program had no plan at the time.
    NoPlan,
    /// The plan pays nothing for it.
    NotPaid(Explanation),
}

/// Explains a conversion that an actor may see. A partner sees those it was credited for.
///
/// # Errors
/// Not found; a fault; [`AppError::Corrupt`] when record and plan don't belong together.
pub async fn explain_conversion(
    app: &App,
    actor: &Actor,
    id: ConversionId,
) -> Result<ExplainedConversion, AppError> {
    let mut conn = app.record.read().await?;
    for viewer in viewers(&mut *conn, actor).await? {
        if let Some(it) = work::find_conversion(&mut *conn, viewer, id).await? {
            return explain_found(&mut *conn, viewer, &it, None).await;
        }
    }
    Err(Refusal::not_found("conversion").into())
}

/// The same of one that was found. `whose` is the partnership of a partner who looks, where no
/// commission names it.
pub(crate) async fn explain_found(
    conn: &mut dyn Connection,
    viewer: Viewer,
    it: &StoredConversion,
    whose: Option<PartnershipId>,
) -> Result<ExplainedConversion, AppError> {
    let decided = DecidedJourney::of(it)?;
    let mut commissions = Vec::new();
    for found in decision::commissions_of(conn, &[(it.owner, it.id)]).await? {
        let own = match viewer {
            Viewer::Owner(_) => true,
            Viewer::Partner(partner) => found.partner == partner,
        };
        if own {
            commissions.push(explain_one(conn, viewer, it, found).await?);
        }
    }
    let whose = match viewer {
        Viewer::Owner(_) => None,
        Viewer::Partner(_) => commissions.first().map(|it| it.commission.partnership).or(whose),
    };
    let nothing = why_nothing(conn, it, &decided).await?;
    let (mut credit, mut nothing) = (credit_facts(&decided), nothing);
    let mut replaced = decided.replaced.clone();
    if matches!(viewer, Viewer::Partner(_)) {
        credit.touches.iter_mut().for_each(|touch| touch.person = None);
    }
    if let Some(whose) = whose {
        replaced.iter_mut().for_each(|it| it.changes.retain(|it| it.partnership == whose));
        replaced.retain(|it| !it.changes.is_empty());
        let others = |it: &&mut TouchFacts| it.partnership.is_some_and(|other| other != whose);
        credit.touches.iter_mut().filter(others).for_each(|touch| {
            touch.touch = None;
            touch.partnership = None;
        });
        nothing = nothing.map(|why| match why {
            WhyNothing::NoPlan => WhyNothing::NoPlan,
            WhyNothing::NotPaid(it) => WhyNothing::NotPaid(it.for_partnership(whose)),
        });
    }
    let departures = decision::departures_of(conn, &[(it.owner, it.id)]).await?;
    let conversion = ConversionView::of(it, viewer);
    Ok(ExplainedConversion {
        departed: !departures.is_empty(),
        conversion,
        credit,
        held: decided.attribution.held,
        commissions,
        nothing,
        replaced,
    })
}

async fn why_nothing(
    conn: &mut dyn Connection,
    it: &StoredConversion,
    decided: &DecidedJourney,
) -> Result<Option<WhyNothing>, AppError> {
    let Some(nothing) = &decided.not_paid else { return Ok(None) };
    let (Some(plan), Some(facts), Some(reason)) =
        (nothing.plan, &nothing.facts, nothing.reason.clone())
    else {
        return Ok(Some(WhyNothing::NoPlan));
    };
    let plan = plan_of(conn, it.owner, it.program, plan).await?;
    let explanation = explain_not_paid(&plan, facts, credit_facts(decided), reason);
    Ok(Some(WhyNothing::NotPaid(explanation)))
}
