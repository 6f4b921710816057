//! The plans and the history, made from a seed.

use tributary_commission::{
    CompiledPlan, CountersBefore, CreditInput, CustomerBefore, Details, EvaluationInput, EventKind,
    EventName, ItemInput, PartnerInput, PartnerTotals, PlanDocument, SubscriptionBefore,
};
use tributary_kernel::{PartnerId, PartnershipId, PlanId, Timestamp, Zone};
use tributary_money::{Currency, Money, Share};

use crate::error::BenchError;

const PARTNERS: usize = 500;
const CUSTOMERS: usize = 20_000;
/// 1 January 2026.
const FIRST_SECOND: i64 = 1_767_225_600;
const SECONDS_PER_YEAR: i64 = 365 * 86_400;
const COUNTRIES: [&str; 6] = ["DK", "SE", "NO", "DE", "US", "ID"];
const PRODUCTS: [&str; 5] = ["basic", "pro", "team", "service", "training"];
const GROUPS: [&str; 4] = ["gold", "silver", "basic", "agency"];
const CODES: [&str; 4] = ["SPRING-ANNA", "WELCOME", "VIP", "NONE"];
const SUBS: [&str; 4] = ["newsletter-14", "blog", "podcast", "video"];

/// One rule: a percentage for two years.
pub(super) fn one_rule() -> Result<CompiledPlan, BenchError> {
    compiled(
        r#"{"format": 1, "name": "One rule", "rules": [
        {"id": "sale", "events": ["sale"], "recurring": {"months": 24},
         "amount": {"percent": "15", "of": "gross"}}]}"#,
    )
}

/// Twenty rules for the same event: four levels, tests of text, number, money and date, of lines of
/// the order and of the partner, tiers by count and by revenue, ages, caps and windows.
pub(super) fn twenty_rules() -> Result<CompiledPlan, BenchError> {
    let percent = |percent: u32| format!(r#"{{"percent": "{percent}", "of": "gross"}}"#);
    let tiers = |by: &str, first: i64, second: i64| {
        format!(
            r#", "tiers": {{"by": "{by}", "per": "month", "mode": "progressive", "steps": [
            {{"from": {first}, "amount": {{"percent": "25", "of": "gross"}}}},
            {{"from": {second}, "amount": {{"percent": "30", "of": "gross"}}}}]}}"#
        )
    };
    let mut rules = Vec::new();
    let mut rule = |more: String| {
        let id = rules.len();
        rules.push(format!(r#"{{"id": "rule-{id}", "events": ["sale"], {more}}}"#));
    };
    for country in ["SE", "NO", "DE"] {
        rule(format!(
            r#""amount": {}, "when": {{"all": [
            {{"field": "customer.country", "is": "equals", "value": "{country}"}},
            {{"field": "order.amount", "is": ">=", "value": {{"amount": "900.00", "currency": "DKK"}}}},
            {{"field": "metadata.plan", "is": "in", "value": ["yearly", "team"]}}]}}{}"#,
            percent(18),
            tiers("count", 11, 51)
        ));
    }
    for group in GROUPS {
        rule(format!(
            r#""for": {{"group": "{group}"}}, "amount": {}, "when": {{"all": [
            {{"field": "partner.sales", "is": ">", "value": 400}},
            {{"any": [{{"field": "sub1", "is": "starts", "value": "news"}},
                      {{"field": "code", "is": "ends", "value": "anna"}}]}}]}}{}"#,
            percent(22),
            tiers("revenue", 5_000_000, 20_000_000)
        ));
    }
    for campaign in ["summer", "winter", "launch"] {
        rule(format!(
            r#""for": {{"campaign": "{campaign}"}}, "amount": {}, "recurring": {{"months": 12}},
            "when": {{"field": "date", "is": "<", "value": "2026-10-01"}}"#,
            percent(16)
        ));
    }
    for months in [6, 12, 24] {
        rule(format!(
            r#""amount": {}, "recurring": {{"months": {months}}},
            "ages": [{{"from_month": 4, "amount": {}}}], "when": {{"all": [
            {{"field": "subscription.months", "is": "<", "value": {months}}},
            {{"field": "customer.source", "is": "equals", "value": "submitted"}}]}}"#,
            percent(20),
            percent(10)
        ));
    }
    for (type_of, tag) in [("blog", "tech"), ("agency", "b2b"), ("creator", "micro")] {
        rule(format!(
            r#""amount": {}, "when": {{"all": [
            {{"field": "partner.type", "is": "equals", "value": "{type_of}"}},
            {{"field": "partner.tag", "is": "equals", "value": "{tag}"}},
            {{"field": "partner.revenue", "is": ">=", "value": {{"amount": "1000.00", "currency": "DKK"}}}},
            {{"field": "customer.sales", "is": "multiple_of", "value": 5}}]}}"#,
            percent(24)
        ));
    }
    rule(format!(
        r#""on_top": true, "amount": {{"fixed": {{"amount": "10.00", "currency": "DKK"}}, "per": "line"}},
        "when": {{"field": "item.product", "is": "equals", "value": "{}"}}"#,
        PRODUCTS[4]
    ));
    rule(format!(
        r#""amount": {}, "when": {{"field": "item.product", "is": "in", "value": ["team", "service"]}}"#,
        percent(30)
    ));
    rule(format!(
        r#""amount": {}, "when": {{"field": "channel", "is": "equals", "value": "podcast"}}, "maximum":
        {{"amount": "400.00", "currency": "DKK"}}"#,
        percent(12)
    ));
    rule(format!(
        r#""amount": {}{}, "caps": [
        {{"of": "customer", "per": "month", "amount": {{"amount": "500.00", "currency": "DKK"}}}},
        {{"of": "partner", "per": "month", "amount": {{"amount": "90000.00", "currency": "DKK"}}}}]"#,
        percent(20),
        tiers("count", 11, 51)
    ));
    if rules.len() != 20 {
        return Err(BenchError::Unfit(format!("{} rules", rules.len())));
    }
    compiled(&format!(
        r#"{{"format": 1, "name": "Twenty rules", "rules": [{}],
        "caps": [{{"of": "program", "per": "month", "amount": {{"amount": "90000000.00", "currency": "DKK"}}}}]}}"#,
        rules.join(",")
    ))
}

fn compiled(json: &str) -> Result<CompiledPlan, BenchError> {
    let unfit =
        |errors: Vec<tributary_kernel::FieldError>| BenchError::Unfit(format!("{errors:?}"));
    let document = PlanDocument::from_json(json.as_bytes()).map_err(unfit)?;
    CompiledPlan::new(PlanId::from_bytes([1; 16]), document, Currency::DKK).map_err(unfit)
}

/// A conversion of the history; small, so that a million fit beside the measurement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made {
    at: Timestamp,
    gross: i64,
    partner: u16,
    customer: u16,
    before: CustomerBefore,
    bits: u32,
}

/// What all conversions share.
#[derive(Debug)]
pub(super) struct World {
    zone: Zone,
    event: EventName,
}

/// A generator of numbers, the same on every machine (`SplitMix64`).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap_or(0) % end
    }
}

impl World {
    pub(super) fn new() -> Self {
        let zone = Zone::named("Europe/Copenhagen").expect("a zone of the database");
        Self { zone, event: "sale".parse().expect("a name of an event") }
    }

    /// A year of sales of 20,000 customers, brought by 500 partners.
    pub(super) fn conversions(&self, count: usize) -> Vec<Made> {
        let mut numbers = Numbers(20_261_121);
        let mut customers = vec![CustomerBefore::default(); CUSTOMERS];
        let step = SECONDS_PER_YEAR * 1_000_000 / i64::try_from(count).unwrap_or(i64::MAX);
        let mut at = Timestamp::from_microsecond(FIRST_SECOND * 1_000_000);
        let mut made = Vec::with_capacity(count);
        for _ in 0..count {
            at = Timestamp::from_microsecond(at.as_microsecond() + step);
            let customer = numbers.below(CUSTOMERS);
            let before = customers[customer];
            customers[customer] = CustomerBefore {
                first_payment_at: before.first_payment_at.or(Some(at)),
                payments: before.payments + 1,
                leads: 0,
                subscription: SubscriptionBefore::default(),
            };
            let small = |number: usize| u16::try_from(number).unwrap_or(0);
            made.push(Made {
                at,
                gross: 5_000 + i64::try_from(numbers.below(300_000)).unwrap_or(0),
                partner: small(numbers.below(PARTNERS)),
                customer: small(customer),
                before,
                bits: u32::try_from(numbers.next() >> 32).unwrap_or(0),
            });
        }
        made
    }

    pub(super) fn with_input<T>(
        &self,
        it: &Made,
        counters: &dyn CountersBefore,
        work: impl FnOnce(&EvaluationInput<'_>) -> T,
    ) -> T {
        let pick = |shift: u32, count: usize| (it.bits >> shift) as usize % count;
        let id = |number: u16| {
            let mut id = [7; 16];
            id[14..].copy_from_slice(&number.to_be_bytes());
            id
        };
        let money = |minor| Money::new(minor, Currency::DKK);
        let partnership = PartnershipId::from_bytes(id(it.partner));
        let half = it.gross / 2;
        let item = |product, minor| ItemInput {
            product: Some(product),
            category: None,
            sku: None,
            price: Some(money(minor)),
            quantity: 1,
            amount: money(minor),
            net: None,
            margin: None,
        };
        let items = [
            item(PRODUCTS[pick(0, PRODUCTS.len())], half),
            item(PRODUCTS[pick(3, PRODUCTS.len())], it.gross - half),
        ];
        let metadata = [("plan", if it.bits & 1 == 0 { "yearly" } else { "monthly" })];
        let partners = [PartnerInput {
            partnership,
            country: Some(COUNTRIES[pick(6, COUNTRIES.len())]),
            group: Some(GROUPS[usize::from(it.partner) % GROUPS.len()]),
            kind: Some(["blog", "agency", "creator"][usize::from(it.partner) % 3]),
            tags: &["tech", "nordic"],
            option: None,
            number: Some(u32::from(it.partner)),
            joined_on: None,
            totals: PartnerTotals {
                sales: it.bits >> 20,
                revenue: i64::from(it.bits),
                ..PartnerTotals::default()
            },
        }];
        let partner = PartnerId::from_bytes(id(it.partner));
        work(&EvaluationInput {
            event: &self.event,
            kind: EventKind::Sale,
            occurred_at: it.at,
            zone: &self.zone,
            gross: Some(money(it.gross)),
            net: Some(money(it.gross / 5 * 4)),
            quantity: 2,
            customer: Some(it.before),
            credits: &[CreditInput { partnership, partner, share: Share::ONE }],
            details: Details {
                items: &items,
                customer: Some(id(it.customer)),
                code: Some(CODES[pick(9, CODES.len())]),
                customer_country: Some(COUNTRIES[pick(12, COUNTRIES.len())]),
                customer_source: Some(if it.bits & 6 == 0 { "submitted" } else { "tracked" }),
                campaign: (it.bits & 24 == 0).then_some("summer"),
                channel: Some(SUBS[pick(15, SUBS.len())]),
                sub_ids: [Some(SUBS[pick(17, SUBS.len())]), None, None, None, None],
                metadata: &metadata,
                ..Details::default()
            },
            partners: &partners,
            counters,
        })
    }
}
