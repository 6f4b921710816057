//! What is known of the touches that are credited, besides themselves.

use tributary_attribution::{Attribution, Channel, Journey, TouchRef};
use tributary_commission::TouchInput;
use tributary_kernel::PartnershipId;

use super::journey::{leading, touch_of};
use super::world::World;

/// What is known of a touch besides itself; plans with conditions ask for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Context {
    /// The campaign of the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// The path of the link: `anna/crm`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// How the partner promotes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Sub-ids of the click.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_ids: Option<[Option<String>; 5]>,
}

/// What is known of the touch that a partnership is credited for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ContextFor {
    /// Whose.
    pub partnership: PartnershipId,
    /// By what way the customer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// What else is known.
    #[serde(flatten)]
    pub context: Context,
}

impl ContextFor {
    /// As the commission crate takes it.
    pub(crate) fn input(&self) -> TouchInput<'_> {
        let context = &self.context;
        let sub_ids = context.sub_ids.as_ref().map(|ids| ids.each_ref().map(Option::as_deref));
        TouchInput {
            partnership: self.partnership,
            campaign: context.campaign.as_deref(),
            link: context.link.as_deref(),
            channel: self.channel.as_ref().map(Channel::as_str),
            promotion_method: context.method.as_deref(),
            sub_ids: sub_ids.unwrap_or_default(),
        }
    }
}

/// What is known of the touch that the leading partnership is credited for; none where that is
/// nothing.
pub(crate) fn context_of(
    world: &World,
    journey: &Journey,
    attribution: &Attribution,
) -> Option<Context> {
    let (partnership, _) = leading(attribution)?;
    context_for(world, journey, attribution, partnership)
}

/// Where several partnerships are credited: what is known of the touch of each.
pub(crate) fn contexts_of(
    world: &World,
    journey: &Journey,
    attribution: &Attribution,
) -> Vec<ContextFor> {
    let sums = attribution.by_partnership();
    if sums.len() < 2 {
        return Vec::new();
    }
    let one = |partnership: PartnershipId| ContextFor {
        partnership,
        channel: touch_of(journey, attribution, partnership).map(|it| it.channel.clone()),
        context: context_for(world, journey, attribution, partnership).unwrap_or_default(),
    };
    sums.into_keys().map(one).collect()
}

fn context_for(
    world: &World,
    journey: &Journey,
    attribution: &Attribution,
    partnership: PartnershipId,
) -> Option<Context> {
    let touch = touch_of(journey, attribution, partnership)?;
    let TouchRef::Click(click) = &touch.touch else { return None };
    let recorded = world.touches.get(click.as_bytes());
    let link = touch.link.and_then(|id| world.links.values().find(|link| link.id == id));
    let sub_ids = recorded.and_then(|it| it.sub_ids.as_deref());
    let sub_ids = sub_ids.and_then(|text| serde_json::from_str(text).ok());
    let campaign = link.and_then(|link| link.campaign.clone());
    let method = link.and_then(|link| link.method.map(|method| method.as_str().to_owned()));
    let told = campaign.is_some() || method.is_some() || sub_ids.is_some();
    let plan_asks = world.asks_link;
    (told || plan_asks).then(|| Context {
        campaign,
        link: link.map(|link| link.path.clone()),
        method,
        sub_ids,
    })
}
