use tributary_kernel::LocalDate;
use tributary_money::Money;

use super::sample::{day, dkk, sek};
use crate::PartnerAccess;
use crate::page::view;
use crate::parts::PayoutState;

/// A payout.
#[derive(Debug, Clone)]
pub struct PartnerPayoutRow {
    /// Id of the statement.
    pub statement: String,
    /// Its day.
    pub day: LocalDate,
    /// The program.
    pub program: String,
    /// Commissions in it.
    pub commissions: i64,
    /// Where it stands.
    pub state: PayoutState,
    /// How much.
    pub amount: Money,
}

/// What a partner was paid.
#[derive(Debug, Clone)]
pub struct PartnerPayouts {
    /// Paid this calendar year, by currency.
    pub this_year: Vec<Money>,
    /// Payouts, newest first.
    pub rows: Vec<PartnerPayoutRow>,
}

impl PartnerPayouts {
    fn sample_views() -> Vec<Self> {
        let row = |number: u32, state, amount| PartnerPayoutRow {
            statement: format!("stm_{number}"),
            day: day(&format!("2026-{number:02}-15")),
            program: "Nordlys CRM".to_owned(),
            commissions: i64::from(number),
            state,
            amount,
        };
        let some = Self {
            this_year: vec![dkk(4_210_000), sek(182_300)],
            rows: vec![
                row(11, PayoutState::Planned, dkk(1_250_000)),
                row(10, PayoutState::Sent, sek(182_300)),
                row(9, PayoutState::Returned, dkk(720_000)),
            ],
        };
        vec![some, Self { this_year: Vec::new(), rows: Vec::new() }]
    }
}

view!(PartnerPayouts, "partner-payouts", PartnerAccess, "pages/partner_payouts.html", section: PartnerSection::Payouts);
