//! What partners have come to in the program, for conditions that ask.

use super::Fact;
use super::books::Books;

/// One partner's.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Totals {
    leads: i128,
    sales: i128,
    customers: i128,
    revenue: i128,
    commission: i128,
}

impl Totals {
    /// By the name of the field; none: the auditor does not know it.
    pub(super) fn of(self, field: &str) -> Option<i128> {
        match field {
            "partner.leads" => Some(self.leads),
            "partner.sales" => Some(self.sales),
            "partner.customers" => Some(self.customers),
            "partner.revenue" => Some(self.revenue),
            "partner.commission" => Some(self.commission),
            _ => None,
        }
    }
}

impl Books<'_> {
    /// What a partner has come to so far: of commission what is left of it.
    pub(super) fn totals(&self, partner: &str) -> Totals {
        let own = self.lines.iter().filter(|it| it.partner == partner);
        let known = self.seen.get(partner).copied().unwrap_or_default();
        Totals { commission: own.map(|it| it.booked() - it.taken()).sum(), ..known }
    }

    /// A conversion was credited to somebody, whatever it has earned.
    pub(super) fn see(&mut self, fact: &Fact, partner: &str, first: bool) {
        let seen = self.seen.entry(partner.to_owned()).or_default();
        if fact.payment {
            seen.sales += 1;
            seen.customers += i128::from(first);
            seen.revenue += fact.gross.unwrap_or(0);
            self.whose.insert(fact.id, partner.to_owned());
        } else {
            seen.leads += 1;
        }
    }

    /// A part of a payment was given back.
    pub(super) fn unsee(&mut self, id: [u8; 16], amount: i128) {
        let Some(partner) = self.whose.get(&id) else { return };
        if let Some(seen) = self.seen.get_mut(partner) {
            seen.revenue -= amount;
        }
    }
}
