//! Plans to begin with, as data. What they pay is worked through in `docs/commission.md`.

use tributary_money::Currency;

use crate::PlanDocument;

/// A plan to begin with.
#[derive(Debug, Clone, Copy)]
pub struct ReadyPlan {
    /// Stable name; pages say in the reader's language what it is.
    pub id: &'static str,
    /// The document as JSON.
    pub json: &'static str,
    /// The currency of its amounts; none if it has only percentages.
    pub currency: Option<Currency>,
    /// The days of the cookie that go with it.
    pub cookie_days: Option<u16>,
    /// What is usual in the field, as it would be written in the plan: percentages, or whole units
    /// of the currency.
    pub usual: Option<(&'static str, &'static str)>,
}

macro_rules! ready {
    ($id:literal, $currency:expr, $cookie:expr, $usual:expr) => {
        ReadyPlan {
            id: $id,
            json: include_str!(concat!($id, ".json")),
            currency: $currency,
            cookie_days: $cookie,
            usual: $usual,
        }
    };
}

/// Every ready plan.
pub const READY_PLANS: &[ReadyPlan] = &[
    ready!("hubspot", None, Some(90), None),
    ready!("shopify", Some(Currency::USD), Some(30), None),
    ready!("ahrefs", None, Some(90), None),
    ready!("convertkit", None, Some(90), None),
    ready!("b2b-leads", Some(Currency::DKK), Some(90), Some(("50", "500"))),
    ready!("b2b-first-year", None, Some(90), Some(("10", "30"))),
    ready!("b2b-one-time", None, Some(90), Some(("5", "15"))),
    ready!("b2b-recurring", None, Some(90), Some(("10", "20"))),
    ready!("b2b-life", None, Some(90), Some(("10", "20"))),
    ready!("b2b-hybrid", Some(Currency::DKK), Some(180), None),
    ready!("b2b-tiers", None, Some(90), Some(("20", "30"))),
    ready!("contest", Some(Currency::DKK), Some(90), None),
];

impl ReadyPlan {
    /// The one of that name.
    #[must_use]
    pub fn named(id: &str) -> Option<&'static Self> {
        READY_PLANS.iter().find(|plan| plan.id == id)
    }

    /// The document with its amounts in a program's currency, the figures as they are: who takes a
    /// plan of 500 kr. into a program in euro looks at the amounts. None if a figure has more
    /// places than that currency.
    #[must_use]
    pub fn document(&self, currency: Currency) -> Option<PlanDocument> {
        let document = PlanDocument::from_json(self.json.as_bytes()).ok()?;
        match self.currency {
            Some(own) if own != currency => exchanged(self.json, own, currency),
            _ => Some(document),
        }
    }
}

/// The same figures in another currency. Amounts are decimal text, so that yen have theirs, too.
fn exchanged(json: &str, own: Currency, currency: Currency) -> Option<PlanDocument> {
    let mut value: serde_json::Value = serde_json::from_str(json).ok()?;
    exchange(&mut value, own, currency);
    crate::upgrade(&value).ok()
}

fn exchange(value: &mut serde_json::Value, own: Currency, currency: Currency) {
    match value {
        serde_json::Value::Object(map) => {
            if map.get("currency").and_then(|code| code.as_str()) == Some(own.code()) {
                map.insert("currency".to_owned(), currency.code().into());
                if let Some(text) = map.get("amount").and_then(|amount| amount.as_str())
                    && currency.exponent() == 0
                {
                    let whole = text.strip_suffix(".00").unwrap_or(text).to_owned();
                    map.insert("amount".to_owned(), whole.into());
                }
            }
            map.values_mut().for_each(|value| exchange(value, own, currency));
        }
        serde_json::Value::Array(list) => {
            list.iter_mut().for_each(|value| exchange(value, own, currency));
        }
        _ => {}
    }
}
