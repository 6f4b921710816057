use std::collections::BTreeMap;

use tributary_attribution::{Attribution, CreditKey, Model, Policy, credit};
use tributary_directory::{Actor, Viewer};
use tributary_kernel::{ConversionId, Refusal, Zone};
use tributary_money::Share;
use tributary_store::{program, work};

use super::viewers;
use crate::conversion::DecidedJourney;
use crate::{App, AppError};

/// What one model gives a conversion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelCredit {
    /// Which model.
    pub model: Model,
    /// Whether the conversion was decided by it.
    pub decided: bool,
    /// The share of each partnership and channel that has one.
    pub shares: BTreeMap<CreditKey, Share>,
}

/// What every model would give a conversion, on the touches and settings of its decision: for its
/// owner only, since it names everybody. A published table of weights is there where it decided.
///
/// # Errors
/// Not found; a fault.
pub async fn compare_models(
    app: &App,
    actor: &Actor,
    id: ConversionId,
) -> Result<Vec<ModelCredit>, AppError> {
    let mut conn = app.record.read().await?;
    for viewer in viewers(&mut *conn, actor).await? {
        if !matches!(viewer, Viewer::Owner(_)) {
            continue;
        }
        let Some(it) = work::find_conversion(&mut *conn, viewer, id).await? else { continue };
        let found = program::by_ids(&mut *conn, &[it.program]).await?.into_iter().next();
        let zone = found.map_or_else(|| Ok(Zone::utc()), |it| Zone::named(&it.terms.time_zone));
        let zone = zone.map_err(|error| AppError::Corrupt(format!("{}: {error}", it.program)))?;
        let decided = DecidedJourney::of(&it)?;
        let chosen = decided.attribution.model;
        let models = Model::ALL
            .iter()
            .filter(|model| **model != Model::WeightsTable || chosen == Model::WeightsTable);
        let one = |model: &Model| {
            let policy = Policy { model: *model, ..decided.policy.clone() };
            let answer = credit(&decided.journey, it.occurred_at, &policy, &zone);
            ModelCredit { model: *model, decided: *model == chosen, shares: shares_of(&answer) }
        };
        return Ok(models.map(one).collect());
    }
    Err(Refusal::not_found("conversion").into())
}

fn shares_of(answer: &Attribution) -> BTreeMap<CreditKey, Share> {
    let partners =
        answer.credits.iter().map(|it| (CreditKey::Partnership(it.partnership), it.share));
    let channels =
        answer.channels.iter().map(|it| (CreditKey::Channel(it.channel.clone()), it.share));
    let mut sums: BTreeMap<CreditKey, Share> = BTreeMap::new();
    for (key, share) in partners.chain(channels) {
        let sum = sums.entry(key).or_default();
        *sum = sum.checked_add(share).unwrap_or(Share::ONE);
    }
    sums
}
