//! Which commissions the balances of a day consist of, and since when each is owed.
//!
//! A release takes everything approved and everything owed back of a partner in a program, so that
//! the order of the ledger alone says what a payout holds.

use std::collections::{BTreeMap, HashMap};

use tributary_kernel::{LocalDate, PartnerId, ProgramId};
use tributary_ledger::{AccountKind, Transfer, TransferKind};
use tributary_money::{Currency, Money};
use tributary_payout::month_end::{OpenItem, OwedState};

use crate::AppError;

type Id = [u8; 16];

/// An amount that is owed, above zero, or owed back, below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Item {
    about: Id,
    since: LocalDate,
    amount: i64,
}

/// What a partner of a program is owed.
#[derive(Debug, Default)]
struct Layers {
    pending: BTreeMap<Id, Item>,
    approved: BTreeMap<Id, Item>,
    clawback: BTreeMap<Id, Item>,
    /// By payout, on their way.
    payable: HashMap<Id, Vec<Item>>,
    /// By payout, paid: a payment may come back.
    paid: HashMap<Id, Vec<Item>>,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Items {
    layers: BTreeMap<(ProgramId, PartnerId, Currency), Layers>,
    /// Since when a commission is owed.
    since: HashMap<Id, LocalDate>,
    /// The balances themselves, credit above zero.
    totals: BTreeMap<(Currency, OwedState), i64>,
}

const fn state_of(kind: AccountKind) -> Option<OwedState> {
    match kind {
        AccountKind::PartnerPending => Some(OwedState::Pending),
        AccountKind::PartnerApproved => Some(OwedState::Approved),
        AccountKind::PartnerPayable => Some(OwedState::Payable),
        AccountKind::PartnerClawback => Some(OwedState::Clawback),
        AccountKind::CommissionCost
        | AccountKind::PartnerPaid
        | AccountKind::InputVat
        | AccountKind::WithheldTax => None,
    }
}

fn add(layer: &mut BTreeMap<Id, Item>, about: Id, since: LocalDate, amount: i64) {
    let item = layer.entry(about).or_insert(Item { about, since, amount: 0 });
    item.amount += amount;
    if item.amount == 0 {
        layer.remove(&about);
    }
}

impl Items {
    /// Takes the next transfer of the ledger, which stands on a day.
    pub(super) fn take(&mut self, it: &Transfer, day: LocalDate) {
        let about = it.subject.id;
        if matches!(it.kind, TransferKind::Accrue | TransferKind::AdjustUp) {
            self.since.entry(about).or_insert(day);
        }
        let since = self.since.get(&about).copied().unwrap_or(day);
        for posting in &it.postings {
            let account = posting.account;
            let Some(state) = state_of(account.kind) else { continue };
            *self.totals.entry((account.currency, state)).or_default() -= posting.amount;
        }
        let sides = it.postings.iter().filter(|posting| posting.account.kind.is_partners());
        let mut moved = false;
        for posting in sides {
            let account = posting.account;
            let (Some(program), Some(partner)) = (account.program, account.partner) else {
                continue;
            };
            let layers = self.layers.entry((program, partner, account.currency)).or_default();
            match it.kind {
                TransferKind::Release
                | TransferKind::Withdraw
                | TransferKind::Pay
                | TransferKind::PaymentReturned => {
                    if !std::mem::replace(&mut moved, true) {
                        layers.pass(it.kind, about);
                    }
                }
                kind if kind.is_tax() => layers.tax(about, day, -posting.amount),
                _ => layers.post(account.kind, about, since, day, -posting.amount),
            }
        }
    }

    /// What is open, when it is what the balances say.
    pub(super) fn open(self) -> Result<Vec<OpenItem>, AppError> {
        let mut open = Vec::new();
        for ((_, _, currency), layers) in &self.layers {
            let mut give = |state, it: &Item| {
                let amount = Money::new(it.amount, *currency);
                open.push(OpenItem { state, amount, since: it.since });
            };
            layers.pending.values().for_each(|it| give(OwedState::Pending, it));
            layers.approved.values().for_each(|it| give(OwedState::Approved, it));
            layers.clawback.values().for_each(|it| give(OwedState::Clawback, it));
            layers.payable.values().flatten().for_each(|it| give(OwedState::Payable, it));
        }
        let mut sums: BTreeMap<(Currency, OwedState), i64> = BTreeMap::new();
        for it in &open {
            *sums.entry((it.amount.currency, it.state)).or_default() += it.amount.minor;
        }
        let mut totals = self.totals;
        sums.retain(|_, sum| *sum != 0);
        totals.retain(|_, total| *total != 0);
        if sums != totals {
            let detail = format!("open items come to {sums:?}, balances to {totals:?}");
            return Err(AppError::Corrupt(detail));
        }
        Ok(open)
    }
}

impl Layers {
    /// A transfer about one commission.
    fn post(
        &mut self,
        kind: AccountKind,
        about: Id,
        since: LocalDate,
        day: LocalDate,
        amount: i64,
    ) {
        match kind {
            AccountKind::PartnerPending => add(&mut self.pending, about, since, amount),
            AccountKind::PartnerApproved => add(&mut self.approved, about, since, amount),
            // Owed back since it was taken back, not since it was earned.
            AccountKind::PartnerClawback => add(&mut self.clawback, about, day, amount),
            AccountKind::PartnerPayable => {
                let holds = |items: &&mut Vec<Item>| items.iter().any(|it| it.about == about);
                let payout = self.payable.values_mut().find(holds);
                let item = Item { about, since, amount };
                match payout {
                    Some(items) => items.push(item),
                    None => self.payable.entry(about).or_default().push(item),
                }
            }
            AccountKind::CommissionCost
            | AccountKind::PartnerPaid
            | AccountKind::InputVat
            | AccountKind::WithheldTax => {}
        }
    }

    /// VAT on a payout, or what is withheld from it: an item of its own, gone again when it is taken
    /// back.
    fn tax(&mut self, payout: Id, day: LocalDate, amount: i64) {
        let items = self.payable.entry(payout).or_default();
        match items.iter_mut().find(|it| it.about == payout) {
            Some(item) => item.amount += amount,
            None => items.push(Item { about: payout, since: day, amount }),
        }
        items.retain(|it| it.about != payout || it.amount != 0);
    }

    /// A transfer about a payout: everything of it passes on.
    fn pass(&mut self, kind: TransferKind, payout: Id) {
        match kind {
            TransferKind::Release => {
                let approved = std::mem::take(&mut self.approved).into_values();
                let clawback = std::mem::take(&mut self.clawback).into_values();
                self.payable.entry(payout).or_default().extend(approved.chain(clawback));
            }
            TransferKind::Pay => {
                if let Some(items) = self.payable.remove(&payout) {
                    self.paid.insert(payout, items);
                }
            }
            TransferKind::PaymentReturned => {
                if let Some(items) = self.paid.remove(&payout) {
                    self.payable.insert(payout, items);
                }
            }
            TransferKind::Withdraw => {
                for it in self.payable.remove(&payout).unwrap_or_default() {
                    let back = if it.amount < 0 { &mut self.clawback } else { &mut self.approved };
                    add(back, it.about, it.since, it.amount);
                }
            }
            _ => {}
        }
    }
}
