//! What holds for every model and every journey.

#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use tributary_attribution::{
    Action, Against, Attribution, Base, Cause, Channel, ClickRef, CreditKey, Decided, Fitted,
    Journey, JourneyTouch, Milestones, Model, ModelSettings, Noted, Outcome, Policy, Precedence,
    Promoter, Settled, Standing, TouchVerdict, WeightsDraft, WindowRule, compare, credit, explain,
};
use tributary_kernel::limits::JOURNEY_TOUCHES_MAX;
use tributary_kernel::{CouponId, LocalDate, PartnerId, PartnershipId, Timestamp, UserId, Zone};
use tributary_money::Share;

const HOUR: i64 = 3_600_000_000;
const OCCURRED: Timestamp = Timestamp::from_microsecond(500_000 * HOUR);

fn promoter(who: u8) -> Promoter {
    Promoter {
        partnership: PartnershipId::from_bytes([who; 16]),
        partner: PartnerId::from_bytes([who; 16]),
        standing: Standing::Active,
    }
}

/// Few ids, moments and partners: ties and repetitions are common.
fn one_touch() -> impl Strategy<Value = JourneyTouch> {
    let channel = prop::sample::select(vec![
        Channel::PAID_SEARCH,
        Channel::EMAIL,
        Channel::DIRECT,
        Channel::OTHER_NETWORK,
    ]);
    let noted = prop::sample::select(Noted::ALL);
    (0u8..8, 0u8..20, -60i64..2, 0u8..5, channel, noted).prop_map(
        |(kind, id, hours, who, channel, noted)| {
            let at = Timestamp::from_microsecond(OCCURRED.as_microsecond() + hours * HOUR * 8);
            match kind {
                0..=2 => JourneyTouch::click(ClickRef::from_bytes([id; 16]), at, promoter(who)),
                3 => JourneyTouch::coupon(CouponId::from_bytes([id; 16]), at, promoter(who)),
                4 => JourneyTouch::noted(noted, [id; 16], at, promoter(who)),
                _ => JourneyTouch::visit([id; 16], at, channel),
            }
        },
    )
}

fn milestones() -> impl Strategy<Value = Milestones> {
    let moment = || prop::option::of(-60i64..1);
    let at = |hours: i64| Timestamp::from_microsecond(OCCURRED.as_microsecond() + hours * HOUR * 8);
    (moment(), moment()).prop_map(move |(lead, opportunity)| Milestones {
        lead_at: lead.map(at),
        opportunity_at: opportunity.map(at),
    })
}

prop_compose! {
    fn policies()(
        model in prop::sample::select(Model::ALL),
        against in prop::sample::select(vec![
            Against::Nobody,
            Against::EveryChannel,
            Against::Channels([Channel::EMAIL, Channel::DIRECT].into()),
        ]),
        base in prop::sample::select(Base::ALL),
        floor in 0u32..=1_000_000_000,
        (first, last, inner) in (0u32..5, 0u32..5, 0u32..5),
        half_life_days in 1u16..30,
        precedence in prop::sample::select(Precedence::ALL),
        (repeat_seconds, registration_first, unlisted) in (0u32..90_000, any::<bool>(), 0u64..3),
        days in 1u16..30,
    ) -> Policy {
        let mut settings = ModelSettings {
            partner_floor: Share::new(floor).unwrap(),
            partner_first_base: base,
            half_life_days,
            ..ModelSettings::default()
        };
        (settings.u.first, settings.u.last, settings.u.inner) = (first, last, inner);
        (settings.w.first, settings.w.lead, settings.w.others) = (inner, first, last);
        let key = |who| CreditKey::Partnership(promoter(who).partnership);
        let table = WeightsDraft {
            fitted_by: Fitted::Markov1,
            from: LocalDate::from_days(0),
            to: LocalDate::from_days(1),
            version: 1,
            weights: [(key(0), 7), (key(1), 0), (CreditKey::Channel(Channel::EMAIL), 3)].into(),
            unlisted,
        };
        let table = table.publish(UserId::from_bytes([1; 16]), OCCURRED).unwrap();
        let kind = tributary_attribution::TouchKind::Impression;
        Policy {
            model, against, settings, precedence, repeat_seconds, registration_first,
            windows: vec![WindowRule { event: None, kind, days }],
            table: Some(table),
            ..Policy::default()
        }
    }
}

fn sum(answer: &Attribution) -> u64 {
    let partners = answer.credits.iter().map(|it| it.share);
    partners.chain(answer.channels.iter().map(|it| it.share)).map(|it| u64::from(it.get())).sum()
}

fn moved(journey: &Journey, by: i64) -> Journey {
    let at = |at: Timestamp| Timestamp::from_microsecond(at.as_microsecond() + by);
    let touches = journey.touches().iter().cloned();
    let touches = touches.map(|touch| JourneyTouch { at: at(touch.at), ..touch }).collect();
    let Milestones { lead_at, opportunity_at } = journey.milestones();
    Journey::new(touches).with_milestones(Milestones {
        lead_at: lead_at.map(at),
        opportunity_at: opportunity_at.map(at),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn credit_sums_to_one_and_order_does_not_matter(
        (given, shuffled) in prop::collection::vec(one_touch(), 0..24)
            .prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
        milestones in milestones(),
        policy in policies(),
        by in -400_000i64..400_000,
    ) {
        let journey = Journey::new(given).with_milestones(milestones);
        let answer = credit(&journey, OCCURRED, &policy, &Zone::utc());
        let other = Journey::new(shuffled).with_milestones(milestones);
        prop_assert_eq!(&answer, &credit(&other, OCCURRED, &policy, &Zone::utc()));

        let total = sum(&answer);
        let told = explain(&journey, &answer, OCCURRED, &policy, &Zone::utc());
        let divided = matches!(
            told.outcome,
            Outcome::Credited | Outcome::CreditedInPart | Outcome::ChannelTookIt
        );
        prop_assert_eq!(total, if divided { 1_000_000_000 } else { 0 });
        let shown: u64 =
            answer.verdicts.iter().filter_map(TouchVerdict::share).map(|it| u64::from(it.get())).sum();
        prop_assert_eq!(shown, total);
        prop_assert_eq!(answer.verdicts.len(), journey.touches().len());
        // Nobody is paid for what is no partner's, and nothing is credited without a share.
        for credit in &answer.credits {
            let touch = &journey.touches()[usize::from(credit.touch)];
            prop_assert_eq!(touch.promoter.unwrap().partnership, credit.partnership);
            prop_assert!(!credit.share.is_zero());
        }

        // Everything an hour, or forty years, later: the same.
        let later = Timestamp::from_microsecond(OCCURRED.as_microsecond() + by * HOUR);
        let shifted = moved(&journey, by * HOUR);
        prop_assert_eq!(&answer, &credit(&shifted, later, &policy, &Zone::utc()));

        let stored = serde_json::to_string(&policy).unwrap();
        prop_assert_eq!(serde_json::from_str::<Policy>(&stored).unwrap(), policy);
    }

    /// Position and decay read aloud once more, in fractions.
    #[test]
    fn linear_models_agree_with_counting(who in prop::collection::vec(0u8..5, 1..40)) {
        let touches = (1u8..).zip(&who).map(|(number, who)| {
            let at = Timestamp::from_microsecond(OCCURRED.as_microsecond() - HOUR * i64::from(number));
            JourneyTouch::click(ClickRef::from_bytes([number; 16]), at, promoter(*who))
        });
        let journey = Journey::new(touches.collect());
        let mut counts: BTreeMap<PartnershipId, u32> = BTreeMap::new();
        for who in &who {
            *counts.entry(promoter(*who).partnership).or_default() += 1;
        }
        let all = u32::try_from(who.len()).unwrap();
        let distinct = u32::try_from(counts.len()).unwrap();
        for (model, of) in [(Model::LinearTouches, all), (Model::LinearDistinct, distinct)] {
            let policy = Policy { model, ..Policy::default() };
            let answer = credit(&journey, OCCURRED, &policy, &Zone::utc());
            for (partnership, (_, share)) in answer.by_partnership() {
                let mine = if model == Model::LinearTouches { counts[&partnership] } else { 1 };
                let exact = 1e9 * f64::from(mine) / f64::from(of);
                let slack = if model == Model::LinearTouches { f64::from(mine) } else { 1.0 };
                prop_assert!((f64::from(share.get()) - exact).abs() <= slack);
            }
        }
    }
}

#[test]
fn a_thousand_touches() {
    let touches = (0..1_000u64).map(|number| {
        let mut id = [0; 16];
        id[8..].copy_from_slice(&number.to_be_bytes());
        let at = OCCURRED.plus_seconds(-60 * i64::try_from(number).unwrap());
        let who = promoter(u8::try_from(number % 3).unwrap());
        JourneyTouch::click(ClickRef::from_bytes(id), at, who)
    });
    let journey = Journey::new(touches.collect());
    assert_eq!(journey.touches().len(), JOURNEY_TOUCHES_MAX);
    for model in Model::WITHOUT_TABLE {
        let policy = Policy { model: *model, ..Policy::default() };
        let answer = credit(&journey, OCCURRED, &policy, &Zone::utc());
        assert_eq!(sum(&answer), 1_000_000_000, "{model}");
        let told = explain(&journey, &answer, OCCURRED, &policy, &Zone::utc());
        let notes = serde_json::to_value(&told.notes).unwrap();
        assert_eq!(notes[0], serde_json::json!({"note": "oldest_left_out", "touches": 900}));
    }
}

#[test]
fn late_truth_is_a_list_of_changes() {
    let click = |id: u8, who| {
        let at = OCCURRED.plus_seconds(-3_600 * i64::from(id));
        JourneyTouch::click(ClickRef::from_bytes([id; 16]), at, promoter(who))
    };
    let before = Journey::new(vec![click(5, 1)]);
    let after = Journey::new(vec![click(5, 1), click(1, 2)]);
    let linear = Policy { model: Model::LinearTouches, ..Policy::default() };
    let last = Policy::default();
    let judge = |journey: &Journey, policy| credit(journey, OCCURRED, policy, &Zone::utc());
    let (was, is) = (judge(&before, &last), judge(&after, &linear));
    let one = Decided { journey: &before, policy: &last, attribution: &was };
    let other = Decided { journey: &after, policy: &linear, attribution: &is };

    let same = compare(one, one, |_| Settled::Approved);
    assert!(same.is_nothing() && same.causes.is_empty());

    let pending = compare(one, other, |_| Settled::Pending);
    assert_eq!(pending.causes, [Cause::TouchesAdded, Cause::ModelChanged].into());
    let half = Share::new(500_000_000).unwrap();
    let shares: Vec<_> = pending.changes.iter().map(|it| (it.before, it.after)).collect();
    assert_eq!(shares, [(Share::ONE, half), (Share::ZERO, half)]);
    assert!(pending.needs_nobody());

    // What one gains the other loses: with money approved on one side, a person decides both.
    let first = promoter(1).partnership;
    let settled = |it| if it == first { Settled::Approved } else { Settled::Pending };
    let proposed = compare(one, other, settled);
    assert!(proposed.changes.iter().all(|it| it.action == Action::ProposeAdjustment));
    let back = compare(other, one, settled);
    assert_eq!(back.causes, [Cause::TouchesRemoved, Cause::ModelChanged].into());
    assert_eq!(back.changes.len(), 2);

    let narrow = Policy { click_window_days: 1, registration_first: false, ..last.clone() };
    let again = Decided { policy: &narrow, ..one };
    let causes = compare(one, again, settled).causes;
    assert_eq!(causes, [Cause::WindowChanged, Cause::RulesChanged].into());
    let text = serde_json::to_string(&proposed).unwrap();
    assert_eq!(serde_json::from_str::<tributary_attribution::LateTruth>(&text).unwrap(), proposed);
}
