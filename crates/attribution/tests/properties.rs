//! What holds for every journey.

use proptest::prelude::*;
use tributary_attribution::{
    ClickRef, Consent, Journey, JourneyTouch, Policy, Precedence, Promoter, Proof, Standing,
    TouchKind, TouchVerdict, credit,
};
use tributary_kernel::limits::JOURNEY_TOUCHES_MAX;
use tributary_kernel::{CouponId, PartnerId, PartnershipId, Timestamp, Zone};
use tributary_money::Share;

const OCCURRED: i64 = 1_790_000_000;

prop_compose! {
    /// Few ids, moments and partners, so that ties and repetitions are common.
    fn touches(max: usize)(
        touches in prop::collection::vec(one_touch(), 0..max)
    ) -> Vec<JourneyTouch> { touches }
}

fn one_touch() -> impl Strategy<Value = JourneyTouch> {
    let consent = prop::sample::select(Consent::ALL);
    let proof = prop::sample::select(Proof::ALL);
    let standing = prop::sample::select(Standing::ALL);
    (0u8..3, 0u8..12, -40i64..2, 0u8..5, any::<bool>(), consent, proof, standing).prop_map(
        |(kind, id, days, who, nobody, consent, proof, standing)| {
            let at = Timestamp::from_microsecond((OCCURRED + days * 86_400) * 1_000_000);
            let promoter = Promoter {
                partnership: PartnershipId::from_bytes([who; 16]),
                partner: PartnerId::from_bytes([who; 16]),
                standing,
            };
            let touch = match kind {
                0 => JourneyTouch::click(ClickRef::from_bytes([id; 16]), at, promoter),
                1 => JourneyTouch::coupon(CouponId::from_bytes([id; 16]), at, promoter),
                _ => JourneyTouch::assignment(at, promoter),
            };
            let promoter = touch.promoter.filter(|_| !(nobody && kind == 0));
            JourneyTouch { promoter, consent, proof, ..touch }
        },
    )
}

fn policies() -> impl Strategy<Value = Policy> {
    (1u16..60, 1u16..60, prop::sample::select(Precedence::ALL), any::<bool>()).prop_map(
        |(click_window_days, coupon_window_days, precedence, customer_stays)| Policy {
            click_window_days,
            coupon_window_days,
            precedence,
            customer_stays,
            ..Policy::default()
        },
    )
}

proptest! {
    #[test]
    fn the_order_handed_in_does_not_matter(
        (given, shuffled) in touches(30).prop_flat_map(|t| (Just(t.clone()), Just(t).prop_shuffle())),
        policy in policies(),
    ) {
        let zone = Zone::named("Europe/Copenhagen").unwrap();
        let occurred = Timestamp::from_microsecond(OCCURRED * 1_000_000);
        let (one, other) = (Journey::new(given), Journey::new(shuffled));
        prop_assert_eq!(&one, &other);
        let answer = credit(&one, occurred, &policy, &zone);
        prop_assert_eq!(&answer, &credit(&other, occurred, &policy, &zone));

        let text = serde_json::to_string(&one).unwrap();
        prop_assert_eq!(serde_json::from_str::<Journey>(&text).unwrap(), one);
    }

    #[test]
    fn one_verdict_each_and_shares_sum_to_one_or_nothing(
        given in touches(30), policy in policies(),
    ) {
        let journey = Journey::new(given);
        let occurred = Timestamp::from_microsecond(OCCURRED * 1_000_000);
        let answer = credit(&journey, occurred, &policy, &Zone::utc());
        prop_assert_eq!(answer.verdicts.len(), journey.touches().len());
        let sum: u32 = answer.credits.iter().map(|credit| credit.share.get()).sum();
        prop_assert!(sum == 0 && answer.credits.is_empty() || sum == Share::PARTS);
        prop_assert!(answer.held.is_none() || answer.credits.is_empty());

        let decided = answer.held.or(answer.credits.first().map(|credit| credit.touch));
        for (place, verdict) in (0u16..).zip(&answer.verdicts) {
            let earned = matches!(verdict, TouchVerdict::Credited { share } if *share == Share::ONE);
            prop_assert_eq!(earned, answer.credits.iter().any(|credit| credit.touch == place));
            prop_assert_eq!(*verdict == TouchVerdict::UnrecordedHeld, answer.held == Some(place));
            prop_assert!(verdict.winner().is_none() || verdict.winner() == decided);
        }
        for credit in &answer.credits {
            let promoter = journey.touches()[usize::from(credit.touch)].promoter.unwrap();
            prop_assert_eq!(promoter.partnership, credit.partnership);
            prop_assert_eq!(promoter.partner, credit.partner);
            prop_assert_eq!(promoter.standing, Standing::Active);
        }
    }

    /// The rule once more, naively: filter, sort by rank, time and id, take the last.
    #[test]
    fn agrees_with_the_rule_read_aloud(given in touches(30), policy in policies()) {
        let journey = Journey::new(given);
        let occurred = Timestamp::from_microsecond(OCCURRED * 1_000_000);
        let answer = credit(&journey, occurred, &policy, &Zone::utc());
        let mut able: Vec<(u8, JourneyTouch, u16)> = Vec::new();
        for (place, touch) in (0u16..).zip(journey.touches()) {
            let Some(promoter) = touch.promoter else { continue };
            let age = occurred.microseconds_since(touch.at);
            let day = 86_400 * 1_000_000;
            let (rank, in_time) = match (touch.touch.kind(), policy.precedence) {
                (TouchKind::Assignment, _) => (9, policy.customer_stays),
                (TouchKind::Coupon, Precedence::CouponOverClick) =>
                    (5, age <= i64::from(policy.coupon_window_days) * day),
                (TouchKind::Coupon, Precedence::ClickOverCoupon) =>
                    (3, age <= i64::from(policy.coupon_window_days) * day),
                (TouchKind::Coupon, Precedence::Alike) =>
                    (4, age <= i64::from(policy.coupon_window_days) * day),
                (TouchKind::Click, _) => (4, age <= i64::from(policy.click_window_days) * day
                    && touch.consent != Consent::Denied),
                (other, _) => unreachable!("{other} is not made here"),
            };
            if age >= 0 && in_time && promoter.standing == Standing::Active
                && touch.proof != Proof::Rejected {
                able.push((rank, touch.clone(), place));
            }
        }
        able.sort_by_key(|(rank, touch, _)| (*rank, touch.at, touch.touch));
        let expected = able.last();
        let held = expected.filter(|(_, touch, _)| touch.proof == Proof::Unrecorded);
        prop_assert_eq!(answer.held, held.map(|(.., place)| *place));
        let earned = expected.filter(|_| held.is_none()).map(|(.., place)| *place);
        prop_assert_eq!(answer.credits.first().map(|credit| credit.touch), earned);
    }

    #[test]
    fn a_click_counts_once_and_old_touches_are_counted_out(given in touches(400)) {
        let total = given.len();
        let journey = Journey::new(given);
        let kept = journey.touches();
        let clicks: Vec<_> =
            kept.iter().filter(|t| t.touch.kind() == TouchKind::Click).map(|t| t.touch).collect();
        let distinct: std::collections::BTreeSet<_> = clicks.iter().collect();
        prop_assert_eq!(distinct.len(), clicks.len());
        prop_assert!(kept.is_sorted());
        let others = kept.iter().filter(|t| t.touch.kind() != TouchKind::Assignment).count();
        prop_assert!(kept.len() <= JOURNEY_TOUCHES_MAX);
        prop_assert!(journey.left_out() == 0 || others > 0 || kept.len() == JOURNEY_TOUCHES_MAX);
        prop_assert!(kept.len() + journey.left_out() as usize <= total);
    }
}

#[test]
fn the_newest_touches_stay_and_the_assignment_too() {
    let promoter = Promoter {
        partnership: PartnershipId::from_bytes([1; 16]),
        partner: PartnerId::from_bytes([1; 16]),
        standing: Standing::Active,
    };
    let at = |hour: i64| Timestamp::from_microsecond(hour * 3_600_000_000);
    let mut touches = vec![JourneyTouch::assignment(at(0), promoter)];
    for hour in 1..=150u8 {
        let click = ClickRef::from_bytes([hour; 16]);
        touches.push(JourneyTouch::click(click, at(i64::from(hour)), promoter));
    }
    let journey = Journey::new(touches);
    assert_eq!(journey.touches().len(), JOURNEY_TOUCHES_MAX);
    assert_eq!(journey.left_out(), 51);
    assert_eq!(journey.touches()[0].touch.kind(), TouchKind::Assignment);
    assert_eq!(journey.touches()[1].at, at(52));
}
