//! What sort of event a name stands for.

use tributary_commission::{EventKind, EventName};

/// Events that are payments.
const SALES: &[&str] = &["sale", "renewal", "upgrade", "subscription", "invoice", "purchase"];

/// The kind of an event: the catalogue's where it has the name; of a program's own event a sale
/// when an amount was paid, else a lead.
pub(crate) fn kind_of(event: &EventName, has_amount: bool) -> EventKind {
    let name = event.as_str();
    if event.is_click() {
        EventKind::Click
    } else if SALES.contains(&name) {
        EventKind::Sale
    } else if CATALOGUED_LEADS.contains(&name) || !has_amount {
        EventKind::Lead
    } else {
        EventKind::Sale
    }
}

/// Events on the way to a payment; an amount reported with one is a value, not a payment.
const CATALOGUED_LEADS: &[&str] = &[
    "lead",
    "qualified_lead",
    "signup",
    "trial",
    "demo",
    "enquiry",
    "newsletter",
    "whitepaper",
    "app_install",
    "questionnaire",
    "meeting",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        let table = [
            ("click", false, EventKind::Click),
            ("sale", false, EventKind::Sale),
            ("demo", true, EventKind::Lead),
            ("our_own", true, EventKind::Sale),
            ("our_own", false, EventKind::Lead),
        ];
        for (name, has_amount, kind) in table {
            assert_eq!(kind_of(&name.parse().unwrap(), has_amount), kind, "{name}");
        }
    }
}
