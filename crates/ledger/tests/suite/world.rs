//! A small world that only does what is allowed: programs and partners of one owner, and a model
//! of what each commission and payout is at, kept apart from the ledger's own arithmetic.

use std::collections::BTreeMap;

use tributary_kernel::{
    CommissionId, OrganisationId, PartnerId, PayoutId, ProgramId, Timestamp, TransferId,
};
use tributary_ledger::movement::{self, NetLine, Owed, PayoutLine, PayoutOf, ReverseFrom};
use tributary_ledger::{Booking, LedgerError, Reason, Transfer};
use tributary_money::{Currency, Money};

pub(crate) fn id(kind: u8, number: u64) -> [u8; 16] {
    let mut bytes = [kind; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    bytes
}

pub(crate) fn owner() -> OrganisationId {
    OrganisationId::from_bytes(id(1, 1))
}

pub(crate) fn program(number: u64) -> ProgramId {
    ProgramId::from_bytes(id(2, number))
}

pub(crate) fn partner(number: u64) -> PartnerId {
    PartnerId::from_bytes(id(3, number))
}

pub(crate) fn commission(number: u64) -> CommissionId {
    CommissionId::from_bytes(id(4, number))
}

pub(crate) fn payout(number: u64) -> PayoutId {
    PayoutId::from_bytes(id(5, number))
}

pub(crate) fn transfer_id(seq: u64) -> TransferId {
    TransferId::from_bytes(id(6, seq + 1))
}

pub(crate) fn booking(seq: u64) -> Booking {
    let occurred = 1_790_000_000_000_000 + i64::try_from(seq).unwrap() * 1_000_000;
    Booking {
        id: transfer_id(seq),
        owner: owner(),
        seq,
        occurred_at: Timestamp::from_microsecond(occurred),
        booked_at: Timestamp::from_microsecond(occurred + 250_000),
    }
}

pub(crate) fn currency_of(program: u64) -> Currency {
    if program == 2 { Currency::EUR } else { Currency::DKK }
}

/// A step of a random history: what to do, to which of those it can be done to, how much.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub(crate) act: u8,
    pub(crate) pick: u16,
    pub(crate) amount: u32,
}

/// Kinds of [`Step::act`].
pub(crate) const ACTS: u8 = 13;

#[derive(Debug, Clone, Default)]
struct Commission {
    number: u64,
    program: u64,
    partner: u64,
    accrual: u64,
    pending: i64,
    approved: i64,
    payable: i64,
    paid: i64,
    /// Approvals not yet taken back: transfer and amount.
    approvals: Vec<(u64, i64)>,
    /// The payout it is in or was paid by.
    payout: Option<usize>,
}

#[derive(Debug, Clone)]
struct Payout {
    number: u64,
    partner: u64,
    /// Program -> earned, recovered.
    lines: BTreeMap<u64, (i64, i64)>,
    released: u64,
    /// The transfer that sent it, and what it sent.
    payment: Option<u64>,
    /// Transfers of VAT and of what is withheld, their program and amounts.
    tax: Option<Tax>,
}

#[derive(Debug, Clone, Copy)]
struct Tax {
    program: u64,
    vat: (u64, i64),
    withheld: (u64, i64),
}

impl Tax {
    fn owed(self, who: u64, amount: i64) -> Owed {
        Owed {
            program: program(self.program),
            partner: partner(who),
            amount: Money::new(amount, currency_of(self.program)),
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) transfers: Vec<Transfer>,
    commissions: Vec<Commission>,
    payouts: Vec<Payout>,
    /// (program, partner) -> owed back.
    clawback: BTreeMap<(u64, u64), i64>,
}

impl Payout {
    fn net(&self) -> i64 {
        self.lines.values().map(|(earned, recovered)| earned - recovered).sum()
    }

    fn of(&self) -> PayoutOf {
        PayoutOf { payout: payout(self.number), partner: partner(self.partner) }
    }

    fn payout_lines(&self) -> Vec<PayoutLine> {
        let lines = self.lines.iter().filter(|(_, (earned, recovered))| earned + recovered > 0);
        lines
            .map(|(number, (earned, recovered))| PayoutLine {
                program: program(*number),
                earned: Money::new(*earned, currency_of(*number)),
                recovered: Money::new(*recovered, currency_of(*number)),
            })
            .collect()
    }

    /// What VAT and withholding add to a program's part.
    fn taxed(&self, number: u64) -> i64 {
        let tax = self.tax.filter(|tax| tax.program == number);
        tax.map_or(0, |tax| tax.vat.1 - tax.withheld.1)
    }

    fn net_lines(&self) -> Vec<NetLine> {
        let lines = self.lines.iter().filter(|(_, (earned, recovered))| earned != recovered);
        lines
            .map(|(number, (earned, recovered))| NetLine {
                program: program(*number),
                net: Money::new(earned - recovered + self.taxed(*number), currency_of(*number)),
            })
            .collect()
    }
}

impl World {
    pub(crate) fn play(steps: &[Step]) -> Self {
        let mut world = Self::default();
        for step in steps {
            world.step(*step);
        }
        world
    }

    fn seq(&self) -> u64 {
        self.transfers.len() as u64
    }

    fn book(&mut self, made: Result<Transfer, LedgerError>) {
        self.transfers.push(made.expect("the world does what is allowed"));
    }

    fn owed(&self, index: usize, amount: i64) -> (CommissionId, Owed, TransferId) {
        let com = &self.commissions[index];
        let owed = Owed {
            program: program(com.program),
            partner: partner(com.partner),
            amount: Money::new(amount, currency_of(com.program)),
        };
        (commission(com.number), owed, transfer_id(com.accrual))
    }

    /// One of the commissions that have something in a layer, and a part of that.
    fn some(&self, step: Step, layer: impl Fn(&Commission) -> i64) -> Option<(usize, i64)> {
        let with: Vec<usize> =
            (0..self.commissions.len()).filter(|i| layer(&self.commissions[*i]) > 0).collect();
        let index = *with.get(usize::from(step.pick) % with.len().max(1))?;
        let all = layer(&self.commissions[index]);
        // Every fourth time the whole.
        let part =
            if step.amount.is_multiple_of(4) { all } else { 1 + i64::from(step.amount) % all };
        Some((index, part))
    }

    fn step(&mut self, step: Step) {
        match step.act {
            0..=1 => self.accrue(step),
            2..=3 => self.approve(step),
            4 => self.unapprove(step),
            5 => self.decline(step),
            6 => self.reverse_approved(step),
            7 => self.claw_back(step),
            8 => self.release(step),
            9 => self.pay(step),
            10 => self.withdraw_or_return(step),
            11 => self.tax(step),
            _ => self.reverse_payable(step),
        }
    }

    fn accrue(&mut self, step: Step) {
        let number = self.commissions.len() as u64 + 1;
        let amount = i64::from(step.amount) + 1;
        self.commissions.push(Commission {
            number,
            program: u64::from(step.pick) % 3 + 1,
            partner: u64::from(step.pick) / 3 % 2 + 1,
            accrual: self.seq(),
            pending: amount,
            ..Commission::default()
        });
        let (id, owed, _) = self.owed(self.commissions.len() - 1, amount);
        self.book(movement::accrue(booking(self.seq()), id, owed));
    }

    fn approve(&mut self, step: Step) {
        let Some((index, part)) = self.some(step, |com| com.pending) else { return };
        let (id, owed, _) = self.owed(index, part);
        let seq = self.seq();
        self.book(movement::approve(booking(seq), id, owed));
        let com = &mut self.commissions[index];
        com.pending -= part;
        com.approved += part;
        com.approvals.push((seq, part));
    }

    fn unapprove(&mut self, step: Step) {
        let Some((index, part)) = self.some(step, |com| com.approved) else { return };
        let Some(&(approval, left)) = self.commissions[index].approvals.last() else { return };
        let part = part.min(left);
        let (id, owed, _) = self.owed(index, part);
        let made = movement::unapprove(
            booking(self.seq()),
            id,
            owed,
            transfer_id(approval),
            Reason::Mistake,
        );
        self.book(made);
        let com = &mut self.commissions[index];
        com.pending += part;
        com.approved -= part;
        com.approvals.pop();
        if part < left {
            com.approvals.push((approval, left - part));
        }
    }

    fn decline(&mut self, step: Step) {
        let Some((index, part)) = self.some(step, |com| com.pending) else { return };
        let (id, owed, accrual) = self.owed(index, part);
        let made = movement::decline(booking(self.seq()), id, owed, accrual, Reason::NotQualified);
        self.book(made);
        self.commissions[index].pending -= part;
    }

    fn reverse(&mut self, index: usize, part: i64, from: ReverseFrom) {
        let (id, owed, accrual) = self.owed(index, part);
        let made = movement::reverse(booking(self.seq()), id, owed, accrual, from, Reason::Refund);
        self.book(made);
    }

    fn reverse_approved(&mut self, step: Step) {
        let Some((index, part)) = self.some(step, |com| com.approved) else { return };
        self.reverse(index, part, ReverseFrom::Approved);
        self.commissions[index].approved -= part;
    }

    fn claw_back(&mut self, step: Step) {
        let Some((index, part)) = self.some(step, |com| com.paid) else { return };
        self.reverse(index, part, ReverseFrom::Paid);
        let com = &mut self.commissions[index];
        com.paid -= part;
        *self.clawback.entry((com.program, com.partner)).or_insert(0) += part;
    }

    fn reverse_payable(&mut self, step: Step) {
        let Some((index, part)) = self.some(step, |com| com.payable) else { return };
        let com = &self.commissions[index];
        let place = com.payout.expect("payable is in a payout");
        let payout = &self.payouts[place];
        let earned_net = payout.lines[&com.program];
        if payout.tax.is_some() {
            return;
        }
        // A payout that would become empty is withdrawn instead.
        if payout.net() <= part || earned_net.0 - earned_net.1 <= part {
            return;
        }
        let number = com.program;
        self.reverse(index, part, ReverseFrom::Payable);
        self.commissions[index].payable -= part;
        self.payouts[place].lines.get_mut(&number).unwrap().0 -= part;
    }

    /// All that is approved of one partner in one currency, less what is owed back as far as that
    /// leaves something to send.
    fn release(&mut self, step: Step) {
        let who = u64::from(step.pick) % 2 + 1;
        let currency = currency_of(u64::from(step.pick) % 3);
        let mut lines: BTreeMap<u64, (i64, i64)> = BTreeMap::new();
        let place = self.payouts.len();
        for com in &mut self.commissions {
            if com.partner == who && currency_of(com.program) == currency && com.approved > 0 {
                // One that is partly in an earlier payout waits until that is done with.
                if com.payable > 0 || com.paid > 0 {
                    continue;
                }
                lines.entry(com.program).or_insert((0, 0)).0 += com.approved;
                com.payable = com.approved;
                com.approved = 0;
                com.payout = Some(place);
            }
        }
        let mut room = lines.values().map(|(earned, _)| earned).sum::<i64>() - 1;
        if room < 0 {
            return;
        }
        for ((number, _), owed_back) in self.clawback.iter_mut().filter(|((number, of), owed)| {
            *of == who && currency_of(*number) == currency && **owed > 0
        }) {
            let recovered = room.min(*owed_back);
            if recovered > 0 {
                lines.entry(*number).or_insert((0, 0)).1 += recovered;
                *owed_back -= recovered;
                room -= recovered;
            }
        }
        let number = place as u64 + 1;
        let released = self.seq();
        let payout = Payout { number, partner: who, lines, released, payment: None, tax: None };
        self.book(movement::release(booking(released), payout.of(), &payout.payout_lines()));
        self.payouts.push(payout);
    }

    /// VAT on top of a program's part of a payout, and something withheld from it.
    fn tax(&mut self, step: Step) {
        let Some(place) = self.open(step, false) else { return };
        let payout = &self.payouts[place];
        let mut lines = payout.lines.iter().filter(|(_, (earned, back))| earned - back > 1);
        let Some((&number, &(earned, back))) = lines.next() else { return };
        if payout.tax.is_some() {
            return;
        }
        let (of, who, seq) = (payout.of(), payout.partner, self.seq());
        let vat = 1 + i64::from(step.amount);
        // Other programs may carry less than nothing.
        let withheld = ((earned - back) / 2).min(payout.net() - 1);
        if withheld < 1 {
            return;
        }
        let tax = Tax { program: number, vat: (seq, vat), withheld: (seq + 1, withheld) };
        self.payouts[place].tax = Some(tax);
        self.book(movement::add_vat(booking(seq), of, tax.owed(who, vat)));
        self.book(movement::withhold(booking(seq + 1), of, tax.owed(who, withheld)));
    }

    fn untax(&mut self, place: usize) {
        let Some(tax) = self.payouts[place].tax.take() else { return };
        let (of, who, why) =
            (self.payouts[place].of(), self.payouts[place].partner, Reason::PayoutStopped);
        let (seq, (withheld, amount)) = (self.seq(), tax.withheld);
        let (owed, original) = (tax.owed(who, amount), transfer_id(withheld));
        self.book(movement::return_withheld(booking(seq), of, owed, original, why));
        let (vat, amount) = tax.vat;
        let (owed, original) = (tax.owed(who, amount), transfer_id(vat));
        self.book(movement::take_vat(booking(seq + 1), of, owed, original, why));
    }

    fn open(&self, step: Step, sent: bool) -> Option<usize> {
        let some: Vec<usize> = (0..self.payouts.len())
            .filter(|place| {
                let payout = &self.payouts[*place];
                !payout.lines.is_empty() && payout.payment.is_some() == sent
            })
            .collect();
        some.get(usize::from(step.pick) % some.len().max(1)).copied()
    }

    fn pay(&mut self, step: Step) {
        let Some(place) = self.open(step, false) else { return };
        let seq = self.seq();
        let payout = &mut self.payouts[place];
        payout.payment = Some(seq);
        let made = movement::pay(booking(seq), payout.of(), &payout.net_lines());
        self.book(made);
        for com in self.commissions.iter_mut().filter(|com| com.payout == Some(place)) {
            com.paid += com.payable;
            com.payable = 0;
        }
    }

    fn withdraw_or_return(&mut self, step: Step) {
        if step.amount.is_multiple_of(2) {
            self.payment_returned(step);
        } else {
            self.withdraw(step);
        }
    }

    fn payment_returned(&mut self, step: Step) {
        let Some(place) = self.open(step, true) else { return };
        let of_payout = |com: &&Commission| com.payout == Some(place);
        let paid: i64 = self.commissions.iter().filter(of_payout).map(|com| com.paid).sum();
        let earned: i64 = self.payouts[place].lines.values().map(|(earned, _)| earned).sum();
        // Something was clawed back since: a return would need a person.
        if paid != earned {
            return;
        }
        let seq = self.seq();
        let payout = &mut self.payouts[place];
        let payment = transfer_id(payout.payment.take().unwrap());
        let made = movement::payment_returned(
            booking(seq),
            payout.of(),
            &payout.net_lines(),
            payment,
            Reason::BankReturned,
        );
        self.book(made);
        for com in self.commissions.iter_mut().filter(|com| com.payout == Some(place)) {
            com.payable += com.paid;
            com.paid = 0;
        }
    }

    fn withdraw(&mut self, step: Step) {
        let Some(place) = self.open(step, false) else { return };
        self.untax(place);
        let seq = self.seq();
        let payout = &mut self.payouts[place];
        let made = movement::withdraw(
            booking(seq),
            payout.of(),
            &payout.payout_lines(),
            transfer_id(payout.released),
            Reason::PayoutStopped,
        );
        let who = payout.partner;
        for (number, (_, recovered)) in std::mem::take(&mut payout.lines) {
            *self.clawback.entry((number, who)).or_insert(0) += recovered;
        }
        self.book(made);
        for com in self.commissions.iter_mut().filter(|com| com.payout == Some(place)) {
            com.approved += com.payable;
            com.payable = 0;
            com.payout = None;
        }
    }

    /// Takes back everything that is not paid, and claws back what is.
    pub(crate) fn take_all_back(&mut self) {
        for act in [10, 5, 6, 7] {
            // Withdrawing needs an odd amount, taking the whole one that four divides.
            let amount = if act == 10 { 1 } else { 0 };
            loop {
                let before = self.seq();
                self.step(Step { act, pick: 0, amount });
                if self.seq() == before {
                    break;
                }
            }
        }
    }

    /// (pending, approved, earned in payouts on their way, clawback) as the model counts them.
    pub(crate) fn expected(&self, number: u64, who: u64) -> (i64, i64, i64, i64) {
        let mine = self.commissions.iter().filter(|c| c.program == number && c.partner == who);
        let (mut pending, mut approved) = (0, 0);
        for com in mine {
            pending += com.pending;
            approved += com.approved;
        }
        let on_their_way = self.payouts.iter().filter(|p| p.partner == who && p.payment.is_none());
        let net = on_their_way
            .filter_map(|p| p.lines.get(&number).map(|(e, r)| e - r + p.taxed(number)))
            .sum();
        (pending, approved, net, self.clawback.get(&(number, who)).copied().unwrap_or(0))
    }
}
