//! What a plan looks at besides event, day and customer: gathered from the input for evaluating,
//! kept in the record for doing it again.

use std::sync::Arc;

use crate::calendar::months_between;
use crate::plan::{FactValue, Field, KnownField};
use crate::{
    CompiledPlan, ConversionFacts, CounterName, Deduction, EvaluationInput, ItemFacts,
    PartnerInput, Text,
};

/// What else a plan looked at. Kept with a commission; no more than the plan asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoreFacts {
    /// Values that conditions asked for; what was not reported is left out.
    #[serde(default, skip_serializing_if = "nothing", with = "crate::shared::list")]
    pub values: Arc<[(Field, FactValue)]>,
    /// The lines of the order.
    #[serde(default, skip_serializing_if = "is_empty", with = "crate::shared::list")]
    pub items: Arc<[ItemFacts]>,
    /// The amounts, where the plan looks at more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amounts: Option<AmountFacts>,
    /// What the counters stood at that were asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counters: Vec<(CounterName, i64)>,
}

fn is_empty(items: &Arc<[ItemFacts]>) -> bool {
    items.is_empty()
}

fn nothing(values: &Arc<[(Field, FactValue)]>) -> bool {
    values.is_empty()
}

/// The amounts of a conversion, in minor units of the plan's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmountFacts {
    /// What the customer paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross: Option<i64>,
    /// The same without tax, shipping and discount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net: Option<i64>,
    /// Tax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<i64>,
    /// Shipping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<i64>,
    /// Discount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<i64>,
    /// What the advertiser earns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<i64>,
    /// What the customer is bound to pay in the first year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_year: Option<i64>,
    /// The payment before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<i64>,
    /// The months that the payment covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers_months: Option<u16>,
}

impl AmountFacts {
    pub(crate) fn of(input: &EvaluationInput<'_>) -> Self {
        let details = &input.details;
        let minor = |money: Option<tributary_money::Money>| money.map(|money| money.minor);
        Self {
            gross: minor(input.gross),
            net: minor(input.net),
            tax: minor(details.tax),
            shipping: minor(details.shipping),
            discount: minor(details.discount),
            margin: minor(details.margin),
            first_year: minor(details.first_year),
            previous: minor(details.previous_payment),
            covers_months: details.covers_months,
        }
    }

    pub(crate) const fn deduction(&self, deduction: Deduction) -> Option<i64> {
        match deduction {
            Deduction::Tax => self.tax,
            Deduction::Shipping => self.shipping,
            Deduction::Discount => self.discount,
        }
    }

    /// Months that the payment covers, at least one.
    pub(crate) fn covers(&self) -> i64 {
        i64::from(self.covers_months.unwrap_or(1).max(1))
    }
}

/// The lines of an order, where the plan looks at them.
pub(crate) fn items_of(plan: &CompiledPlan, input: &EvaluationInput<'_>) -> Arc<[ItemFacts]> {
    if !plan.reads().items || input.details.items.is_empty() {
        return Arc::default();
    }
    let item = |item: &crate::ItemInput<'_>| ItemFacts {
        product: item.product.map(Text::from),
        category: item.category.map(Text::from),
        sku: item.sku.map(Text::from),
        price: item.price.map(|price| price.minor),
        quantity: item.quantity,
        amount: item.amount.minor,
        net: item.net.map(|net| net.minor),
        margin: item.margin.map(|margin| margin.minor),
    };
    input.details.items.iter().map(item).collect()
}

/// Values of the plan's fields, without those of the partner.
pub(crate) fn values_of(
    plan: &CompiledPlan,
    input: &EvaluationInput<'_>,
    facts: &ConversionFacts,
) -> Vec<FactValue> {
    let value = |field: &Field| match field {
        Field::Metadata(key) => {
            let found = input.details.metadata.iter().find(|(name, _)| *name == &**key);
            FactValue::text(found.map(|(_, value)| *value))
        }
        Field::Known(field) if field.is_derived() => derived(*field, facts),
        Field::Known(field) => reported(*field, input),
    };
    plan.fields().iter().map(value).collect()
}

/// What other facts say already.
fn derived(field: KnownField, facts: &ConversionFacts) -> FactValue {
    let before = facts.before.unwrap_or_default();
    let number = |number: u32| FactValue::Number(i64::from(number));
    match field {
        KnownField::CustomerState => {
            let state = if before.payments > 0 { "returning" } else { "new" };
            FactValue::text(Some(state))
        }
        KnownField::CustomerSales => number(before.payments),
        KnownField::SubscriptionPayments => number(before.payments.saturating_add(1)),
        KnownField::SubscriptionMonths => {
            let months = before.first_payment_on.map_or(0, |first| months_between(first, facts.on));
            FactValue::Number(i64::from(months.max(0)))
        }
        _ => FactValue::Number(i64::from(facts.on.as_days())),
    }
}

fn reported(field: KnownField, input: &EvaluationInput<'_>) -> FactValue {
    use KnownField as F;
    let details = &input.details;
    match field {
        F::OrderProduct => FactValue::texts(details.items.iter().filter_map(|it| it.product)),
        F::OrderCategory => FactValue::texts(details.items.iter().filter_map(|it| it.category)),
        F::OrderSku => FactValue::texts(details.items.iter().filter_map(|it| it.sku)),
        F::OrderAmount => FactValue::number(input.gross.map(|gross| gross.minor)),
        F::OrderQuantity => FactValue::Number(i64::from(input.quantity)),
        F::Code => FactValue::text(details.code),
        F::CustomerCountry => FactValue::text(details.customer_country),
        F::CustomerSource => FactValue::text(details.customer_source),
        F::Campaign => FactValue::text(details.campaign),
        F::Link => FactValue::text(details.link),
        F::Channel => FactValue::text(details.channel),
        F::PromotionMethod => FactValue::text(details.promotion_method),
        F::Sub1 => FactValue::text(details.sub_ids[0]),
        F::Sub2 => FactValue::text(details.sub_ids[1]),
        F::Sub3 => FactValue::text(details.sub_ids[2]),
        F::Sub4 => FactValue::text(details.sub_ids[3]),
        F::Sub5 => FactValue::text(details.sub_ids[4]),
        F::Grade => FactValue::text(details.grade),
        F::RecruitLevel => FactValue::number(details.recruit.map(|recruit| recruit.level)),
        F::RecruitMonths => FactValue::number(details.recruit.map(|recruit| recruit.months)),
        _ => FactValue::None,
    }
}

/// Puts in the values that are those of the partnership's own touch, where touches are told apart.
pub(crate) fn put_touch(
    plan: &CompiledPlan,
    values: &mut [FactValue],
    partnership: tributary_kernel::PartnershipId,
    input: &EvaluationInput<'_>,
) {
    use KnownField as F;
    let mut touches = input.details.touches.iter();
    let Some(touch) = touches.find(|touch| touch.partnership == partnership) else { return };
    for (field, value) in plan.fields().iter().zip(values) {
        let Field::Known(field) = field else { continue };
        let text = match field {
            F::Campaign => touch.campaign,
            F::Link => touch.link,
            F::Channel => touch.channel,
            F::PromotionMethod => touch.promotion_method,
            F::Sub1 => touch.sub_ids[0],
            F::Sub2 => touch.sub_ids[1],
            F::Sub3 => touch.sub_ids[2],
            F::Sub4 => touch.sub_ids[3],
            F::Sub5 => touch.sub_ids[4],
            _ => continue,
        };
        *value = FactValue::text(text);
    }
}

/// Puts in the values that are the partner's.
pub(crate) fn put_partner(
    plan: &CompiledPlan,
    values: &mut [FactValue],
    partnership: tributary_kernel::PartnershipId,
    partner: Option<&PartnerInput<'_>>,
    on: tributary_kernel::LocalDate,
) {
    for (field, value) in plan.fields().iter().zip(values) {
        if let Field::Known(field) = field
            && field.of_partner()
        {
            *value = match (field, partner) {
                (KnownField::Partnership, _) => FactValue::text(Some(&partnership.to_string())),
                (_, None) => FactValue::None,
                (field, Some(partner)) => of_partner(*field, partner, on),
            };
        }
    }
}

fn of_partner(
    field: KnownField,
    partner: &PartnerInput<'_>,
    on: tributary_kernel::LocalDate,
) -> FactValue {
    use KnownField as F;
    let totals = &partner.totals;
    match field {
        F::PartnerCountry => FactValue::text(partner.country),
        F::PartnerGroup => FactValue::text(partner.group),
        F::PartnerType => FactValue::text(partner.kind),
        F::PartnerTag => FactValue::texts(partner.tags.iter().copied()),
        F::PartnerOption => FactValue::text(partner.option),
        F::PartnerNumber => FactValue::number(partner.number),
        F::PartnerJoined => FactValue::number(partner.joined_on.map(|day| day.as_days())),
        F::PartnerMonths => {
            let months = partner.joined_on.map(|joined| months_between(joined, on).max(0));
            FactValue::number(months)
        }
        F::PartnerClicks => FactValue::Number(totals.clicks.into()),
        F::PartnerLeads => FactValue::Number(totals.leads.into()),
        F::PartnerSales => FactValue::Number(totals.sales.into()),
        F::PartnerCustomers => FactValue::Number(totals.customers.into()),
        F::PartnerRevenue => FactValue::Number(totals.revenue),
        F::PartnerCommission => FactValue::Number(totals.commission),
        _ => FactValue::None,
    }
}

/// The values as they were, from a record.
pub(crate) fn values_from(plan: &CompiledPlan, facts: &ConversionFacts) -> Vec<FactValue> {
    let kept = facts.more.as_ref().map_or(&[][..], |more| &more.values);
    let value = |field: &Field| match field {
        Field::Known(field) if field.is_derived() => derived(*field, facts),
        field => {
            let found = kept.iter().find(|(name, _)| name == field);
            found.map_or(FactValue::None, |(_, value)| value.clone())
        }
    };
    plan.fields().iter().map(value).collect()
}

/// What a record keeps of the values.
pub(crate) fn kept(plan: &CompiledPlan, values: Vec<FactValue>) -> Arc<[(Field, FactValue)]> {
    let reported = |(field, value): &(&Field, FactValue)| {
        value.is_some() && !matches!(field, Field::Known(field) if field.is_derived())
    };
    let both = plan.fields().iter().zip(values).filter(reported);
    both.map(|(field, value)| (field.clone(), value)).collect::<Vec<_>>().into()
}

/// Whether an amount is of another currency than the plan's, or below zero.
pub(crate) fn amounts_given<'a>(
    input: &'a EvaluationInput<'_>,
) -> impl Iterator<Item = (crate::Base, tributary_money::Money)> + 'a {
    use crate::Base;
    let details = &input.details;
    let whole = [
        (Base::Gross, input.gross),
        (Base::Net, input.net),
        (Base::Gross, details.tax),
        (Base::Gross, details.shipping),
        (Base::Gross, details.discount),
        (Base::Margin, details.margin),
        (Base::Contracted, details.first_year),
        (Base::Increase, details.previous_payment),
    ];
    let items = details.items.iter().flat_map(|item| {
        [
            (Base::Gross, item.price),
            (Base::Gross, Some(item.amount)),
            (Base::Net, item.net),
            (Base::Margin, item.margin),
        ]
    });
    whole.into_iter().chain(items).filter_map(|(base, money)| Some((base, money?)))
}
