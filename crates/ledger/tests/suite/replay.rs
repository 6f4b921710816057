//! What replay refuses, told one rule at a time: each history is allowed up to its last transfer.

use tributary_kernel::{OrganisationId, PartnerId};
use tributary_ledger::movement::{
    AdjustLayer, NetLine, Owed, PayoutLine, PayoutOf, ReverseFrom, accrue, adjust_down, adjust_up,
    approve, decline, pay, payment_returned, release, reverse, unapprove, withdraw,
};
use tributary_ledger::{
    AccountKey, AccountKind, BalanceError, Booking, LedgerError, Reason, ReplayCause, Replayer,
    Subject, Transfer, TransferRecord, check, replay,
};
use tributary_money::{Currency, Money};

use crate::world::{booking, commission, owner, partner, payout, program, transfer_id};

fn dkk(minor: i64) -> Money {
    Money::new(minor, Currency::DKK)
}

fn owed(minor: i64) -> Owed {
    Owed { program: program(1), partner: partner(1), amount: dkk(minor) }
}

fn of() -> PayoutOf {
    PayoutOf { payout: payout(1), partner: partner(1) }
}

fn line(number: u64, earned: i64, recovered: i64) -> PayoutLine {
    PayoutLine { program: program(number), earned: dkk(earned), recovered: dkk(recovered) }
}

fn net(number: u64, minor: i64) -> NetLine {
    NetLine { program: program(number), net: dkk(minor) }
}

fn account(kind: AccountKind, number: u64) -> AccountKey {
    AccountKey::of_partner(kind, program(number), partner(1), Currency::DKK)
}

/// 500 accrued as number 0, approved as number 1, released as number 2, paid as number 3.
fn life(length: usize) -> Vec<Transfer> {
    let made = [
        accrue(booking(0), commission(1), owed(500)),
        approve(booking(1), commission(1), owed(500)),
        release(booking(2), of(), &[line(1, 500, 0)]),
        pay(booking(3), of(), &[net(1, 500)]),
    ];
    made.into_iter().take(length).map(Result::unwrap).collect()
}

/// What the last transfer breaks, the others being allowed.
fn refused(before: Vec<Transfer>, last: Result<Transfer, LedgerError>) -> ReplayCause {
    let last = last.unwrap();
    let mut replayer = Replayer::new(owner());
    for transfer in &before {
        replayer.push(transfer).unwrap();
    }
    let error = replayer.push(&last).unwrap_err();
    assert_eq!((error.seq, error.id), (last.seq, last.id));
    error.cause
}

#[test]
fn the_sequence_has_no_gap_and_one_owner() {
    let cause = refused(life(1), approve(booking(2), commission(1), owed(500)));
    assert_eq!(cause, ReplayCause::Gap { expected: 1 });
    let cause = refused(life(2), accrue(booking(1), commission(2), owed(500)));
    assert_eq!(cause, ReplayCause::Gap { expected: 2 });
    let other = OrganisationId::from_bytes([9; 16]);
    let elsewhere = Booking { owner: other, ..booking(1) };
    let cause = refused(life(1), accrue(elsewhere, commission(2), owed(500)));
    assert_eq!(cause, ReplayCause::Owner { owner: other });
}

#[test]
fn an_id_is_booked_once() {
    let again = Booking { id: transfer_id(0), ..booking(1) };
    let cause = refused(life(1), accrue(again, commission(1), owed(500)));
    assert_eq!(cause, ReplayCause::Repeated { first: 0 });
}

#[test]
fn a_reversal_names_an_original_of_its_kind() {
    let undone = |original, seq| {
        let (id, why) = (transfer_id(original), Reason::Mistake);
        unapprove(booking(seq), commission(1), owed(100), id, why)
    };
    let original = transfer_id(7);
    assert_eq!(refused(life(2), undone(7, 2)), ReplayCause::NoOriginal { original });
    let kind = tributary_ledger::TransferKind::Accrue;
    assert_eq!(refused(life(2), undone(0, 2)), ReplayCause::OriginalKind { kind });
    assert!(replay(owner(), [life(2), vec![undone(1, 2).unwrap()]].concat()).is_ok());
}

#[test]
fn a_reversal_takes_from_what_its_original_moved() {
    let mut before = life(1);
    let mut second = owed(500);
    second.program = program(2);
    before.push(accrue(booking(1), commission(2), second).unwrap());
    let (original, why) = (transfer_id(0), Reason::Refund);
    let cause = refused(before, decline(booking(2), commission(2), second, original, why));
    assert_eq!(cause, ReplayCause::NotOpposite, "money of another program");
}

#[test]
fn reversals_together_never_exceed_their_original() {
    let declined = |seq, amount| {
        decline(booking(seq), commission(1), owed(amount), transfer_id(0), Reason::Refund)
    };
    let mut before = life(1);
    before.push(accrue(booking(1), commission(2), owed(900)).unwrap());
    before.push(declined(2, 300).unwrap());
    let cost = AccountKey::cost(program(1), Currency::DKK);
    let cause = refused(before.clone(), declined(3, 201));
    assert_eq!(cause, ReplayCause::BeyondOriginal { account: cost, left: 200 });
    before.push(declined(3, 200).unwrap());
    let cause = refused(before, declined(4, 1));
    assert_eq!(cause, ReplayCause::BeyondOriginal { account: cost, left: 0 });
}

#[test]
fn layers_are_not_overdrawn() {
    let overdrawn = |kind, balance| ReplayCause::Overdrawn { account: account(kind, 1), balance };
    let cause = refused(life(1), approve(booking(1), commission(1), owed(501)));
    assert_eq!(cause, overdrawn(AccountKind::PartnerPending, 1));
    let cause = refused(life(2), release(booking(2), of(), &[line(1, 501, 0)]));
    assert_eq!(cause, overdrawn(AccountKind::PartnerApproved, 1));
    let cause = refused(life(3), pay(booking(3), of(), &[net(1, 501)]));
    assert_eq!(cause, overdrawn(AccountKind::PartnerPayable, 1));
    let subject = Subject::from(commission(1));
    let why = Reason::Correction;
    let down = adjust_down(booking(1), subject, owed(501), AdjustLayer::Pending, why);
    assert_eq!(refused(life(1), down), overdrawn(AccountKind::PartnerPending, 1));
    let nothing_owed = release(booking(2), of(), &[line(1, 500, 100)]);
    assert_eq!(refused(life(2), nothing_owed), overdrawn(AccountKind::PartnerClawback, -100));
}

#[test]
fn a_paid_commission_is_reversed_as_clawback_only() {
    let reversed = |from| {
        let id = transfer_id(0);
        reverse(booking(4), commission(1), owed(500), id, from, Reason::Chargeback)
    };
    for (from, kind) in [
        (ReverseFrom::Approved, AccountKind::PartnerApproved),
        (ReverseFrom::Payable, AccountKind::PartnerPayable),
    ] {
        let cause = refused(life(4), reversed(from));
        assert_eq!(cause, ReplayCause::Overdrawn { account: account(kind, 1), balance: 500 });
    }
    let mut transfers = life(4);
    transfers.push(reversed(ReverseFrom::Paid).unwrap());
    let balances = replay(owner(), &transfers).unwrap().balances;
    let layers = balances.layers(program(1), partner(1), Currency::DKK);
    assert_eq!((layers.approved, layers.paid, layers.clawback), (0, 500, 500));
    assert_eq!(balances.get(&AccountKey::cost(program(1), Currency::DKK)), 0);
}

/// Program 1 is owed 500 back; program 2 of the same owner pays 800.
fn carried() -> Vec<Transfer> {
    let mut transfers = life(4);
    let second = Owed { program: program(2), ..owed(800) };
    let (id, why) = (transfer_id(0), Reason::Chargeback);
    let made = [
        reverse(booking(4), commission(1), owed(500), id, ReverseFrom::Paid, why),
        accrue(booking(5), commission(2), second),
        approve(booking(6), commission(2), second),
        release(
            booking(7),
            PayoutOf { payout: payout(2), ..of() },
            &[line(2, 800, 0), line(1, 0, 500)],
        ),
        pay(booking(8), PayoutOf { payout: payout(2), ..of() }, &[net(1, -500), net(2, 800)]),
    ];
    transfers.extend(made.map(Result::unwrap));
    transfers
}

#[test]
fn another_program_carries_what_is_owed_back() {
    let balances = replay(owner(), carried()).unwrap().balances;
    let first = balances.layers(program(1), partner(1), Currency::DKK);
    let second = balances.layers(program(2), partner(1), Currency::DKK);
    assert_eq!((first.paid, first.clawback), (0, 0), "settled");
    assert_eq!((second.paid, second.payable), (800, 0));
}

#[test]
fn a_returned_payment_and_a_withdrawn_payout_bring_everything_back() {
    let of = PayoutOf { payout: payout(2), ..of() };
    let lines = [net(1, -500), net(2, 800)];
    let mut transfers = carried();
    let why = Reason::BankReturned;
    let back = payment_returned(booking(9), of, &lines, transfer_id(8), why).unwrap();
    transfers.push(back);
    let lines = [line(2, 800, 0), line(1, 0, 500)];
    let why = Reason::PayoutStopped;
    transfers.push(withdraw(booking(10), of, &lines, transfer_id(7), why).unwrap());
    let after = replay(owner(), &transfers).unwrap().balances;
    let before = replay(owner(), &transfers[..7]).unwrap().balances;
    let used = |balances: &tributary_ledger::Balances| -> Vec<(AccountKey, i64)> {
        let nonzero = balances.iter().filter(|(_, balance)| *balance != 0);
        nonzero.map(|(account, balance)| (*account, balance)).collect()
    };
    assert_eq!(used(&after), used(&before));
    let why = Reason::BankReturned;
    let twice = payment_returned(booking(11), of, &[net(2, 800)], transfer_id(8), why);
    let account = account(AccountKind::PartnerPayable, 2);
    assert_eq!(refused(transfers, twice), ReplayCause::BeyondOriginal { account, left: 0 });
}

#[test]
fn balances_do_not_wrap() {
    let mut transfers = vec![accrue(booking(0), commission(1), owed(i64::MAX)).unwrap()];
    let cost = AccountKey::cost(program(1), Currency::DKK);
    let cause = refused(transfers.clone(), accrue(booking(1), commission(2), owed(1)));
    assert_eq!(cause, ReplayCause::Balance(BalanceError::Overflow { account: cost }));
    // What belongs to another partner makes the same cost.
    let other = Owed { partner: partner(2), ..owed(1) };
    let cause = refused(transfers.clone(), accrue(booking(1), commission(2), other));
    assert_eq!(cause, ReplayCause::Balance(BalanceError::Overflow { account: cost }));
    let other = Owed { program: program(2), partner: partner(1), ..owed(1) };
    transfers.push(accrue(booking(1), commission(2), other).unwrap());
    assert!(replay(owner(), &transfers).is_ok());
}

#[test]
fn movements_refuse_what_is_no_movement() {
    let amount = |made: Result<Transfer, LedgerError>| {
        assert_eq!(made.unwrap_err(), LedgerError::Amount);
    };
    for minor in [0, -1, i64::MIN] {
        amount(accrue(booking(0), commission(1), owed(minor)));
        let (subject, layer) = (Subject::from(commission(1)), AdjustLayer::Approved);
        amount(adjust_up(booking(0), subject, owed(minor), layer, Reason::Bonus));
        amount(release(booking(0), of(), &[line(1, minor, 0)]));
    }
    amount(release(booking(0), of(), &[line(1, 1, -1)]));
    amount(pay(booking(0), of(), &[net(1, 0)]));
    let repeated = LedgerError::RepeatedProgram { program: program(1) };
    let lines = [line(1, 1, 0), line(1, 2, 0)];
    assert_eq!(release(booking(0), of(), &lines).unwrap_err(), repeated);
    assert_eq!(pay(booking(0), of(), &[net(1, 1), net(1, 2)]).unwrap_err(), repeated);
    assert_eq!(release(booking(0), of(), &[]).unwrap_err(), LedgerError::Empty);
    let nothing_left = [line(1, 5, 5)];
    let shape = |kind| LedgerError::Shape { kind };
    let kind = tributary_ledger::TransferKind::Release;
    assert_eq!(release(booking(0), of(), &nothing_left).unwrap_err(), shape(kind));
    let kind = tributary_ledger::TransferKind::Pay;
    assert_eq!(pay(booking(0), of(), &[net(1, 5), net(2, -5)]).unwrap_err(), shape(kind));
    let smallest = pay(booking(0), of(), &[net(1, i64::MIN)]);
    assert_eq!(smallest.unwrap_err(), LedgerError::Overflow);
    let euro = NetLine { program: program(2), net: Money::new(1, Currency::EUR) };
    let currencies = LedgerError::Currencies { left: Currency::DKK, right: Currency::EUR };
    assert_eq!(pay(booking(0), of(), &[net(1, 5), euro]).unwrap_err(), currencies);
    let many: Vec<NetLine> = (0..501).map(|number| net(number + 1, 1)).collect();
    assert_eq!(pay(booking(0), of(), &many).unwrap_err(), LedgerError::TooMany { count: 1_002 });
    assert!(pay(booking(0), of(), &many[1..]).is_ok());
}

/// Each rule of `check` broken alone in a record that is otherwise a transfer.
#[test]
fn records_that_are_no_transfer() {
    let base = || accrue(booking(0), commission(1), owed(500)).unwrap().into_record();
    let broken = |change: fn(&mut TransferRecord)| {
        let mut record = base();
        change(&mut record);
        assert_eq!(Transfer::restore(record.clone()).is_err(), check(&record).is_err());
        check(&record).unwrap_err()
    };
    let kind = tributary_ledger::TransferKind::Accrue;
    assert_eq!(broken(|r| r.postings.clear()), LedgerError::Empty);
    assert_eq!(broken(|r| r.postings[0].amount = 0), LedgerError::PostingAmount { amount: 0 });
    assert_eq!(
        broken(|r| r.postings[0].amount = i64::MIN),
        LedgerError::PostingAmount { amount: i64::MIN }
    );
    assert_eq!(
        broken(|r| r.postings[0].amount = 501),
        LedgerError::Unbalanced { currency: Currency::DKK, difference: 1 }
    );
    assert_eq!(
        broken(|r| r.postings[1].account.currency = Currency::SEK),
        LedgerError::Unbalanced { currency: Currency::DKK, difference: 500 }
    );
    assert_eq!(broken(|r| r.postings.reverse()), LedgerError::Order);
    assert_eq!(broken(|r| r.postings.push(r.postings[1])), LedgerError::Order);
    assert_eq!(
        broken(|r| r.postings[1].account.partner = None),
        LedgerError::Account { kind: AccountKind::PartnerPending }
    );
    assert_eq!(
        broken(|r| r.postings[0].account.partner = Some(PartnerId::from_bytes([1; 16]))),
        LedgerError::Account { kind: AccountKind::CommissionCost }
    );
    let negated = broken(|r| r.postings.iter_mut().for_each(|p| p.amount = -p.amount));
    assert_eq!(negated, LedgerError::Shape { kind });
    assert_eq!(
        broken(|r| r.postings[1].account.kind = AccountKind::PartnerApproved),
        LedgerError::Shape { kind }
    );
    assert_eq!(
        broken(|r| r.postings[1].account.program = Some(program(2))),
        LedgerError::Shape { kind }
    );
    let subject = tributary_ledger::SubjectKind::Payout;
    assert_eq!(broken(|r| r.subject = payout(1).into()), LedgerError::Subject { kind, subject });
    assert_eq!(broken(|r| r.reverses = Some(transfer_id(4))), LedgerError::Reverses { kind });
    assert_eq!(broken(|r| r.subject.id = [0; 16]), LedgerError::NilId);
    assert_eq!(broken(|r| r.seq = 1 << 63), LedgerError::Sequence);
}
