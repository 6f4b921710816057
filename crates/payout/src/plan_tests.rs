use proptest::prelude::*;

use super::*;

fn partner(n: u8) -> PartnerId {
    PartnerId::from_bytes([n; 16])
}

fn commission(n: u16) -> CommissionId {
    let mut bytes = [0; 16];
    bytes[14..].copy_from_slice(&n.to_be_bytes());
    CommissionId::from_bytes(bytes)
}

fn line(n: u16, minor: i64, currency: Currency) -> ApprovedLine {
    ApprovedLine { commission: commission(n), amount: Money::new(minor, currency), test: false }
}

fn danish() -> BankDetails {
    BankDetails::Active(BankAccount::danish("0040", "440116243").unwrap())
}

/// In the currency of its first line.
fn balance(n: u8, bank: BankDetails, lines: Vec<ApprovedLine>) -> PartnerBalance {
    let currency = lines.first().map_or(Currency::DKK, |line| line.amount.currency);
    PartnerBalance { partner: partner(n), currency, bank, lines }
}

fn thresholds() -> Thresholds {
    Thresholds::new([Money::new(50_000, Currency::DKK), Money::new(-5, Currency::SEK)])
}

#[test]
fn clawbacks_are_netted_and_lines_sorted() {
    let lines = vec![
        line(3, 100_000, Currency::DKK),
        line(1, -30_000, Currency::DKK),
        line(2, 1, Currency::DKK),
    ];
    let preview = plan_payouts(&[balance(1, danish(), lines)], &thresholds()).unwrap();
    assert_eq!(preview.left_out, []);
    let payout = &preview.payouts[0];
    assert_eq!(payout.total, Money::new(70_001, Currency::DKK));
    let order: Vec<_> = payout.lines.iter().map(|(id, _)| *id).collect();
    assert_eq!(order, [commission(1), commission(2), commission(3)]);
    assert_eq!(preview.totals().unwrap(), [Money::new(70_001, Currency::DKK)]);
}

#[test]
fn each_reason_and_their_order() {
    use LeftOutReason::*;
    let below = BelowThreshold { threshold: Money::new(50_000, Currency::DKK) };
    let held = BankDetails::Held(HeldReason::Changed);
    let cases = [
        (BankDetails::Missing, -1, Currency::DKK, Some(NegativeBalance)),
        (danish(), 0, Currency::DKK, Some(NothingDue)),
        (BankDetails::Missing, 49_999, Currency::DKK, Some(below)),
        (BankDetails::Missing, 50_000, Currency::DKK, Some(NoBankDetails)),
        (held, 50_000, Currency::DKK, Some(DetailsHeld(HeldReason::Changed))),
        (danish(), 50_000, Currency::DKK, None),
        (danish(), 1, Currency::SEK, Some(AccountCannotReceive)),
        (danish(), 900_000, Currency::EUR, Some(AccountCannotReceive)),
    ];
    for (bank, minor, currency, expected) in cases {
        let balances = [balance(1, bank.clone(), vec![line(1, minor, currency)])];
        let preview = plan_payouts(&balances, &thresholds()).unwrap();
        let reason = preview.left_out.first().map(|left| left.reason);
        assert_eq!(reason, expected, "{bank:?} {minor} {currency}");
        assert_eq!(preview.payouts.len() + preview.left_out.len(), 1);
    }
}

#[test]
fn test_money_stays_apart_from_real_money() {
    let test = ApprovedLine { test: true, ..line(1, 900_000, Currency::DKK) };
    let lines = vec![test, line(2, 60_000, Currency::DKK)];
    let preview = plan_payouts(&[balance(1, danish(), lines)], &thresholds()).unwrap();
    assert_eq!(preview.payouts[0].total.minor, 60_000);
    assert_eq!(preview.left_out[0].reason, LeftOutReason::TestMoney);
    assert_eq!(preview.left_out[0].lines, [(commission(1), Money::new(900_000, Currency::DKK))]);
}

#[test]
fn one_commission_twice_pays_nobody() {
    let balances = [
        balance(1, danish(), vec![line(1, 60_000, Currency::DKK)]),
        balance(2, danish(), vec![line(1, 60_000, Currency::DKK)]),
    ];
    let error = plan_payouts(&balances, &thresholds()).unwrap_err();
    assert_eq!(error, PlanError::CommissionTwice { commission: commission(1) });
    let balances = [balance(1, danish(), vec![]), balance(1, danish(), vec![])];
    let error = plan_payouts(&balances, &thresholds()).unwrap_err();
    let (partner, currency) = (partner(1), Currency::DKK);
    assert_eq!(error, PlanError::BalanceTwice { partner, currency });
    let mixed = vec![line(1, 60_000, Currency::DKK), line(2, 60_000, Currency::SEK)];
    let error = plan_payouts(&[balance(1, danish(), mixed)], &thresholds()).unwrap_err();
    assert_eq!(error, PlanError::Currency { commission: commission(2) });
}

#[test]
fn a_sum_beyond_64_bits_is_an_error_only_at_the_end() {
    let lines = |last| {
        vec![
            line(1, i64::MAX, Currency::DKK),
            line(2, 9, Currency::DKK),
            line(3, last, Currency::DKK),
        ]
    };
    let fits = plan_payouts(&[balance(1, danish(), lines(-9))], &thresholds()).unwrap();
    assert_eq!(fits.payouts[0].total.minor, i64::MAX);
    let error = plan_payouts(&[balance(1, danish(), lines(0))], &thresholds()).unwrap_err();
    assert!(matches!(error, PlanError::Sum { .. }));
}

#[test]
fn a_full_run_leaves_the_rest_for_the_next() {
    let balances: Vec<_> = (0..=RUN_PAYOUTS_MAX)
        .map(|n| {
            let n = u16::try_from(n).unwrap();
            let mut bytes = [0; 16];
            bytes[..2].copy_from_slice(&n.to_be_bytes());
            PartnerBalance {
                partner: PartnerId::from_bytes(bytes),
                currency: Currency::DKK,
                bank: danish(),
                lines: vec![line(n, 60_000, Currency::DKK)],
            }
        })
        .collect();
    let preview = plan_payouts(&balances, &thresholds()).unwrap();
    assert_eq!(preview.payouts.len(), RUN_PAYOUTS_MAX);
    assert_eq!(preview.left_out.len(), 1);
    assert_eq!(preview.left_out[0].reason, LeftOutReason::RunFull);
}

fn any_bank() -> impl Strategy<Value = BankDetails> {
    prop_oneof![
        Just(BankDetails::Missing),
        Just(BankDetails::Held(HeldReason::Changed)),
        Just(danish()),
        Just(BankDetails::Active(BankAccount::bankgiro("5050-1055").unwrap())),
        Just(BankDetails::Active(BankAccount::iban("DK5000400440116243", None).unwrap())),
    ]
}

fn any_balances() -> impl Strategy<Value = Vec<PartnerBalance>> {
    let currencies = [Currency::DKK, Currency::SEK, Currency::EUR, Currency::JPY];
    let lines = prop::collection::vec((-80_000i64..120_000, any::<bool>()), 0..12);
    let one = (0u8..4, 0usize..4, any_bank(), lines);
    prop::collection::vec(one, 0..12).prop_map(move |drawn| {
        let mut next = 0;
        let mut balances = BTreeMap::new();
        for (n, currency, bank, lines) in drawn {
            let currency = currencies[currency];
            let lines = lines.into_iter().map(|(minor, test)| {
                next += 1;
                ApprovedLine { test, ..line(next, minor, currency) }
            });
            let lines = lines.collect();
            let balance = PartnerBalance { partner: partner(n), currency, bank, lines };
            balances.insert((n, currency), balance);
        }
        balances.into_values().collect()
    })
}

proptest! {
    #[test]
    fn every_commission_is_in_exactly_one_place_and_sums_hold(balances in any_balances()) {
        let preview = plan_payouts(&balances, &thresholds()).unwrap();
        let paid = preview.payouts.iter().map(|p| (p.partner, p.currency, &p.lines, p.total));
        let left = preview.left_out.iter().map(|l| (l.partner, l.currency, &l.lines, l.total));
        let mut seen = BTreeMap::new();
        for (partner, currency, lines, total) in paid.chain(left) {
            prop_assert!(!lines.is_empty());
            prop_assert_eq!(lines.iter().map(|(_, m)| m.minor).sum::<i64>(), total.minor);
            for (commission, amount) in lines {
                prop_assert_eq!(amount.currency, currency);
                prop_assert!(seen.insert(*commission, (partner, *amount)).is_none());
            }
        }
        let given: BTreeMap<_, _> = balances
            .iter()
            .flat_map(|b| b.lines.iter().map(|l| (l.commission, (b.partner, l.amount))))
            .collect();
        prop_assert_eq!(seen, given);
        for payout in &preview.payouts {
            prop_assert!(payout.total.minor > 0);
            prop_assert!(payout.total.minor >= thresholds().of(payout.currency).minor);
            prop_assert!(payout.account.can_receive(payout.currency));
        }
        let keys: Vec<_> = preview.payouts.iter().map(|p| (p.partner, p.currency)).collect();
        prop_assert!(keys.is_sorted_by(|a, b| a < b), "at most one payout per partner and currency");
    }

    #[test]
    fn order_of_the_input_does_not_matter(balances in any_balances()) {
        let mut turned = balances.clone();
        turned.reverse();
        turned.iter_mut().for_each(|balance| balance.lines.reverse());
        prop_assert_eq!(plan_payouts(&balances, &thresholds()), plan_payouts(&turned, &thresholds()));
    }
}
