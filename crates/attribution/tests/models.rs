//! Each model as a table: the touches, then the share of each touch.

#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

use std::fmt::Write as _;

use tributary_attribution::{
    Against, Base, Channel, ClickRef, Consent, CreditKey, Fitted, Journey, JourneyTouch,
    Milestones, Model, ModelSettings, Noted, Outcome, Policy, Precedence, Promoter, Proof,
    Standing, TouchKind, TouchRef, TouchVerdict, UWeights, WeightsDraft, WeightsTable, WindowRule,
    credit, explain,
};
use tributary_kernel::{CouponId, LocalDate, PartnerId, PartnershipId, Timestamp, UserId, Zone};
use tributary_money::Share;

const DAY: i64 = 86_400 * 1_000_000;
/// When every conversion here occurs: day 100.
const OCCURRED: Timestamp = Timestamp::from_microsecond(100 * DAY);

fn promoter(letter: u8) -> Promoter {
    Promoter {
        partnership: PartnershipId::from_bytes([letter; 16]),
        partner: PartnerId::from_bytes([letter; 16]),
        standing: Standing::Active,
    }
}

/// `A@90` is a click of partner A on day 90; `A@90:lead` another kind; `paid_search@95` a visit by
/// that channel. Ids follow the order of words.
fn touch(word: &str, number: u8) -> JourneyTouch {
    let (who, rest) = word.split_once('@').unwrap();
    let (day, kind) = rest.split_once(':').unwrap_or((rest, "click"));
    let day: f64 = day.parse().unwrap();
    let at = Timestamp::from_microsecond((day * DAY as f64) as i64);
    let id = [number; 16];
    if who.len() > 1 {
        return JourneyTouch::visit(id, at, who.parse().unwrap());
    }
    let who = promoter(who.as_bytes()[0]);
    match kind {
        "click" => JourneyTouch::click(ClickRef::from_bytes(id), at, who),
        "coupon" => JourneyTouch::coupon(CouponId::from_bytes(id), at, who),
        "customer" => JourneyTouch::assignment(at, who),
        noted => JourneyTouch::noted(noted.parse::<Noted>().unwrap(), id, at, who),
    }
}

fn journey(words: &str) -> Journey {
    Journey::new((1..).zip(words.split_whitespace()).map(|(n, word)| touch(word, n)).collect())
}

fn policy(model: Model) -> Policy {
    Policy { model, ..Policy::default() }
}

/// Shares in parts of the whole, or the code of the verdict.
fn told(journey: &Journey, policy: &Policy) -> String {
    let answer = credit(journey, OCCURRED, policy, &Zone::utc());
    let sum: u32 = answer.verdicts.iter().filter_map(TouchVerdict::share).map(Share::get).sum();
    assert!(sum == 0 || sum == 1_000_000_000, "{answer:?}");
    let mut text = String::new();
    for verdict in &answer.verdicts {
        match verdict {
            TouchVerdict::Credited { share } => write!(text, "{} ", share.get()),
            TouchVerdict::ChannelCredited { share } => write!(text, "[{}] ", share.get()),
            other => match other.winner() {
                Some(winner) => write!(text, "{}@{winner} ", other.code()),
                None => write!(text, "{} ", other.code()),
            },
        }
        .unwrap();
    }
    text.trim_end().to_owned()
}

#[test]
fn each_model_by_itself() {
    let table: &[(Model, &str, &str)] = &[
        (
            Model::LastPartnerClick,
            "A@90 B@95 paid_search@99",
            "later_touch_won@1 1000000000 not_a_partner",
        ),
        (
            Model::LastClick,
            "A@90 paid_search@95 organic_search@99",
            "channel_won@2 channel_won@2 [1000000000]",
        ),
        (Model::LastClick, "A@90 direct@99", "channel_won@1 [1000000000]"),
        (Model::LastNonDirect, "A@90 direct@99", "1000000000 direct"),
        (Model::LastNonDirect, "A@90 email@95 direct@99", "channel_won@1 [1000000000] direct"),
        (Model::FirstTouch, "A@90 B@95 A@99", "1000000000 earlier_touch_won@0 earlier_touch_won@0"),
        (Model::LinearTouches, "A@90 B@95 A@99", "333333334 333333333 333333333"),
        (Model::LinearDistinct, "A@90 B@95 A@99", "250000000 500000000 250000000"),
        // Seven days are a half-life: weights 1/4, 1/2, 1.
        (Model::TimeDecay, "A@80 B@87 C@94", "142857143 285714286 571428571"),
        (Model::TimeDecay, "A@80", "1000000000"),
        (Model::PositionU, "A@80", "1000000000"),
        (Model::PositionU, "A@80 B@90", "500000000 500000000"),
        (Model::PositionU, "A@80 B@85 C@90", "400000000 200000000 400000000"),
        (Model::PositionU, "A@80 B@85 C@90 D@95", "400000000 100000000 100000000 400000000"),
        // Without stages, the W is its first touch against the others.
        (Model::PositionW, "A@80 B@85 C@90", "750000000 125000000 125000000"),
    ];
    for (model, words, expected) in table {
        assert_eq!(told(&journey(words), &policy(*model)), *expected, "{model}: {words}");
    }
}

#[test]
fn the_w_and_its_stages() {
    let at = |day: Option<i64>| day.map(|day| Timestamp::from_microsecond(day * DAY));
    let table: &[(&str, Option<i64>, Option<i64>, &str)] = &[
        ("A@80 B@85 C@90 D@95", Some(86), Some(91), "300000000 300000000 300000000 100000000"),
        // A touch at the very moment still makes the stage; two others share the ten.
        (
            "A@80 B@85 C@90 D@95 E@96",
            Some(85),
            Some(90),
            "300000000 300000000 300000000 50000000 50000000",
        ),
        // One touch that holds two anchors gets both.
        ("A@80 B@85 C@95", Some(86), Some(91), "300000000 600000000 100000000"),
        ("A@80 C@95", Some(81), Some(82), "900000000 100000000"),
        // Nobody else: the ten goes to the anchors in proportion.
        ("A@80 B@85 C@90", Some(86), Some(91), "333333334 333333333 333333333"),
        ("A@80", Some(81), Some(91), "1000000000"),
        // First and lead only: 3/7, 3/7, 1/7.
        ("A@80 B@85 C@90", Some(86), None, "428571429 428571428 142857143"),
        // No touch before the lead: it drops out.
        ("A@80 B@85 C@90", Some(70), Some(86), "428571429 428571428 142857143"),
    ];
    for (words, lead, opportunity, expected) in table {
        let milestones = Milestones { lead_at: at(*lead), opportunity_at: at(*opportunity) };
        let journey = journey(words).with_milestones(milestones);
        assert_eq!(told(&journey, &policy(Model::PositionW)), *expected, "{words} {lead:?}");
        let text = serde_json::to_string(&journey).unwrap();
        assert_eq!(serde_json::from_str::<Journey>(&text).unwrap(), journey);
    }
    // Equal times: of B and C the lower id comes first, so C made the lead.
    let journey = journey("A@80 B@85 C@85 D@90")
        .with_milestones(Milestones { lead_at: at(Some(85)), opportunity_at: at(None) });
    assert_eq!(told(&journey, &policy(Model::PositionW)), "428571429 71428571 428571429 71428571");
}

#[test]
fn weights_are_editable() {
    let settings = ModelSettings {
        u: UWeights { first: 1, last: 0, inner: 1 },
        half_life_days: 1,
        ..ModelSettings::default()
    };
    let with = |model| Policy { settings, ..policy(model) };
    let u = |words| told(&journey(words), &with(Model::PositionU));
    assert_eq!(u("A@80 B@85 C@90"), "500000000 500000000 no_share");
    assert_eq!(u("A@80 B@85"), "1000000000 no_share");
    // Ages of 1000 half-lives and more weigh nothing, and nothing breaks.
    let long = Policy { click_window_days: 400, ..with(Model::TimeDecay) };
    assert_eq!(told(&journey("A@-290 B@99"), &long), "no_share 1000000000");
    assert!(settings.errors().is_empty());
    let wrong = ModelSettings {
        half_life_days: 0,
        u: UWeights { first: 0, last: 0, inner: 0 },
        ..settings
    };
    let pointers: Vec<_> = wrong.errors().into_iter().map(|error| error.pointer).collect();
    assert_eq!(pointers, ["/half_life_days", "/u"]);
    let policy = Policy { settings: wrong, skew_seconds: 90_000, ..policy(Model::WeightsTable) };
    let pointers: Vec<_> = policy.errors().into_iter().map(|error| error.pointer).collect();
    assert_eq!(pointers, ["/skew_seconds", "/settings/half_life_days", "/settings/u", "/table"]);
}

#[test]
fn other_channels_compete_where_the_policy_says_so() {
    let listed = Against::Channels([Channel::PAID_SEARCH, Channel::OTHER_NETWORK].into());
    let last = Policy { against: listed.clone(), ..policy(Model::LastPartnerClick) };
    let of = |words, policy: &Policy| told(&journey(words), policy);
    assert_eq!(of("A@90 other_network@95", &last), "channel_won@1 [1000000000]");
    assert_eq!(of("other_network@90 A@95", &last), "later_touch_won@1 1000000000");
    assert_eq!(of("A@90 email@95", &last), "1000000000 not_a_partner");
    // Its own window: thirty days.
    assert_eq!(of("paid_search@69 A@60", &last), "1000000000 outside_window");
    let linear = Policy { against: listed, ..policy(Model::LinearTouches) };
    assert_eq!(of("A@90 paid_search@95 email@96", &linear), "500000000 [500000000] not_a_partner");
    let every = Policy { against: Against::EveryChannel, ..policy(Model::LinearTouches) };
    assert_eq!(of("A@90 email@95 direct@96", &every), "500000000 [500000000] direct");
    // The visitor's no holds for visits as for clicks.
    let mut denied = journey("A@90 email@95").touches().to_vec();
    denied[1].consent = Consent::Denied;
    assert_eq!(told(&Journey::new(denied), &every), "1000000000 consent_denied");
}

#[test]
fn partners_first_with_a_floor() {
    let with = |floor: u32, base| {
        let settings = ModelSettings {
            partner_floor: Share::new(floor).unwrap(),
            partner_first_base: base,
            ..ModelSettings::default()
        };
        Policy { settings, ..policy(Model::PartnerFirst) }
    };
    let of = |words, policy: &Policy| told(&journey(words), policy);
    let half = with(500_000_000, Base::LinearTouches);
    // A quarter by the base, lifted to a half; the three share the other.
    assert_eq!(
        of("A@90 email@91 paid_search@92 email@93", &half),
        "500000000 [166666667] [166666667] [166666666]"
    );
    // Above the floor already.
    assert_eq!(of("A@90 B@91 email@93", &half), "333333334 333333333 [333333333]");
    assert_eq!(of("A@90 B@91", &half), "500000000 500000000");
    assert_eq!(of("email@93", &half), "[1000000000]");
    // The base gives partners nothing: the floor goes to their last touch.
    let last = with(300_000_000, Base::LastTouch);
    assert_eq!(of("A@90 B@91 email@93", &last), "no_share 300000000 [700000000]");
    let all = with(1_000_000_000, Base::TimeDecay);
    assert_eq!(of("A@90 email@93", &all), "1000000000 no_share");
    assert_eq!(of("A@90 email@93", &with(0, Base::LastTouch)), "no_share [1000000000]");
}

fn table(weights: &[(CreditKey, u64)], unlisted: u64) -> WeightsTable {
    let draft = WeightsDraft {
        fitted_by: Fitted::Markov2,
        from: LocalDate::from_days(1),
        to: LocalDate::from_days(90),
        version: 3,
        weights: weights.iter().cloned().collect(),
        unlisted,
    };
    draft.publish(UserId::from_bytes([9; 16]), OCCURRED).unwrap()
}

fn key(letter: u8) -> CreditKey {
    CreditKey::Partnership(promoter(letter).partnership)
}

#[test]
fn a_published_table_pays() {
    let weights = [(key(b'A'), 300), (key(b'B'), 100), (CreditKey::Channel(Channel::EMAIL), 600)];
    let whole = table(&weights, 0);
    assert_eq!(whole.is_intact(), Some(true));
    let with = |table: &WeightsTable, against| Policy {
        table: Some(table.clone()),
        against,
        ..policy(Model::WeightsTable)
    };
    let cases = [
        ("A@90 B@91", Against::Nobody, "750000000 250000000"),
        // Two touches of A share what is A's.
        ("A@90 B@91 A@92", Against::Nobody, "375000000 250000000 375000000"),
        ("A@90 B@91 email@92", Against::EveryChannel, "300000000 100000000 [600000000]"),
        ("A@90 C@91", Against::Nobody, "1000000000 no_share"),
        ("C@91", Against::Nobody, "no_share"),
    ];
    for (words, against, expected) in cases {
        let journey = journey(words);
        let policy = with(&whole, against.clone());
        assert_eq!(told(&journey, &policy), expected, "{words}");
        // What is stored with the decision gives the same, and says which table it was.
        let excerpt = whole.excerpt(&journey);
        assert_eq!((excerpt.hash(), excerpt.is_intact()), (whole.hash(), None));
        let stored = Policy { table: Some(excerpt), ..policy };
        assert_eq!(told(&journey, &stored), expected, "{words}");
        let text = serde_json::to_string(&stored).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), stored);
    }
    assert_eq!(
        told(&journey("A@90 C@91"), &with(&table(&weights, 100), Against::Nobody)),
        "750000000 250000000"
    );
    // No table at all: nobody has a weight.
    assert_eq!(told(&journey("A@90"), &policy(Model::WeightsTable)), "no_share");

    let policy = with(&whole, Against::Nobody);
    let journey = journey("A@90 B@91");
    let answer = credit(&journey, OCCURRED, &policy, &Zone::utc());
    let told = explain(&journey, &answer, OCCURRED, &policy, &Zone::utc());
    let used = told.table.unwrap();
    assert_eq!(
        (used.version, used.fitted_by, used.hash),
        (3, Fitted::Markov2, whole.hash().to_owned())
    );
    assert_eq!(used.weights, [(key(b'A'), 300), (key(b'B'), 100)]);
    assert_eq!(told.outcome, Outcome::Credited);
}

#[test]
fn a_table_is_its_content() {
    let one = table(&[(key(b'A'), 1), (key(b'B'), 2)], 0);
    let same = table(&[(key(b'B'), 2), (key(b'A'), 1)], 0);
    assert_eq!(one.hash(), same.hash());
    assert_ne!(one.hash(), table(&[(key(b'A'), 1), (key(b'B'), 3)], 0).hash());
    let text = serde_json::to_string(&one).unwrap().replace(":2}", ":5}");
    assert_eq!(serde_json::from_str::<WeightsTable>(&text).unwrap().is_intact(), Some(false));
    let draft = |version, weight, to| WeightsDraft {
        fitted_by: Fitted::ShapleySet,
        from: LocalDate::from_days(5),
        to: LocalDate::from_days(to),
        version,
        weights: [(key(b'A'), weight)].into(),
        unlisted: 0,
    };
    for (draft, pointer) in [
        (draft(0, 1, 9), "/version"),
        (draft(1, 0, 9), "/weights"),
        (draft(1, 1, 4), "/to"),
        (draft(1, 1_000_000_001, 9), "/weights/pship_"),
    ] {
        let refusal = draft.publish(UserId::from_bytes([9; 16]), OCCURRED).unwrap_err();
        assert!(refusal.errors[0].pointer.starts_with(pointer), "{refusal:?}");
    }
}

#[test]
fn who_goes_before_whom() {
    let linear = policy(Model::LinearTouches);
    let of = |words, policy: &Policy| told(&journey(words), policy);
    let words = "A@90 B@91:lead C@92:coupon";
    assert_eq!(of(words, &linear), "registration_won@1 1000000000 registration_won@1");
    let not_first = Policy { registration_first: false, ..linear.clone() };
    assert_eq!(of(words, &not_first), "coupon_won@2 coupon_won@2 1000000000");
    let alike = Policy { precedence: Precedence::Alike, ..not_first };
    assert_eq!(of(words, &alike), "333333334 333333333 333333333");
    assert_eq!(
        of("D@1:customer A@90 B@91:lead", &linear),
        "1000000000 assignment_won@0 assignment_won@0"
    );
    assert_eq!(
        of("A@90 B@91:att C@92:cont D@93:ans", &linear),
        "250000000 250000000 250000000 250000000"
    );
    // A view counts by a window of its own only, and where nothing stronger can.
    assert_eq!(of("A@99:imp", &linear), "not_used_by_policy");
    let rule = WindowRule { event: None, kind: TouchKind::Impression, days: 7 };
    let views = Policy { windows: vec![rule], ..linear };
    assert_eq!(of("A@99:imp", &views), "1000000000");
    assert_eq!(of("A@98 B@99:imp", &views), "1000000000 click_won@0");
    assert_eq!(of("A@98:att B@99:imp", &views), "1000000000 stronger_touch_won@0");
}

#[test]
fn windows_by_event_and_kind() {
    let rule = |event: Option<&str>, kind, days| WindowRule {
        event: event.map(ToOwned::to_owned),
        kind,
        days,
    };
    let policy = Policy {
        windows: vec![
            rule(None, TouchKind::Click, 20),
            rule(Some("signup"), TouchKind::Click, 5),
            rule(Some("sale"), TouchKind::Attendance, 60),
        ],
        ..policy(Model::LinearTouches)
    };
    let words = "A@50:att B@85 C@96";
    // Of equal remainders the lower touch gets the unit over, and clicks are below other touches.
    let of = |event| told(&journey(words), &policy.for_event(event));
    assert_eq!(of("signup"), "500000000 outside_window 500000000");
    assert_eq!(of("sale"), "333333333 333333334 333333333");
    assert_eq!(of("renewal"), "333333333 333333334 333333333");
    let narrow = |it: &Policy| Policy { click_window_days: 30, ..it.clone() };
    assert_eq!(
        told(&journey(words), &narrow(&policy).for_event("renewal")),
        "outside_window 500000000 500000000"
    );
    assert_eq!(
        told(&journey(words), &narrow(&policy).for_event("sale")),
        "333333333 333333334 333333333"
    );
    let wrong = Policy { windows: vec![rule(None, TouchKind::Click, 0)], ..policy };
    assert_eq!(wrong.errors()[0].pointer, "/windows/0/days");
}

#[test]
fn repeats_and_clocks() {
    let linear = Policy { repeat_seconds: 60, ..policy(Model::LinearTouches) };
    // 0.0005 days are 43 seconds.
    let words = "A@90 A@90.0005 B@90.0006 A@91";
    let answer = credit(&journey(words), OCCURRED, &linear, &Zone::utc());
    assert_eq!(answer.verdicts[1], TouchVerdict::Duplicate { of: 0 });
    assert_eq!(told(&journey(words), &linear), "333333334 duplicate 333333333 333333333");

    let skewed = Policy { skew_seconds: 60, ..policy(Model::TimeDecay) };
    let ahead = journey("A@100.0005 B@100.001");
    assert_eq!(told(&ahead, &policy(Model::TimeDecay)), "after_conversion after_conversion");
    assert_eq!(told(&ahead, &skewed), "1000000000 after_conversion");
    let answer = credit(&ahead, OCCURRED, &skewed, &Zone::utc());
    let explained = explain(&ahead, &answer, OCCURRED, &skewed, &Zone::utc());
    let notes = serde_json::to_value(&explained.notes).unwrap();
    assert_eq!(notes, serde_json::json!([{"note": "clock_ahead", "touch": 0, "seconds": 44}]));
}

#[test]
fn a_touch_without_record_holds_everything() {
    let mut touches = journey("A@90 B@91 C@92").touches().to_vec();
    touches[1].proof = Proof::Unrecorded;
    let journey = Journey::new(touches);
    assert_eq!(told(&journey, &policy(Model::LinearTouches)), "waits unrecorded_held waits");
    let first = policy(Model::FirstTouch);
    assert_eq!(told(&journey, &first), "1000000000 earlier_touch_won@0 earlier_touch_won@0");
}

#[test]
fn outcomes_have_words() {
    let outcome = |words: &str, policy: &Policy| {
        let journey = journey(words);
        let answer = credit(&journey, OCCURRED, policy, &Zone::utc());
        let explained = explain(&journey, &answer, OCCURRED, policy, &Zone::utc());
        assert!(!explained.outcome.detail().is_empty());
        assert_eq!(explained.touches.len(), journey.touches().len());
        explained.outcome
    };
    let every = Policy { against: Against::EveryChannel, ..policy(Model::LinearTouches) };
    for (words, policy, expected) in [
        ("", &every, Outcome::NoTouches),
        ("direct@90 direct@95", &every, Outcome::OnlyDirect),
        ("direct@90 direct@95", &policy(Model::LastClick), Outcome::OnlyDirect),
        ("A@-50", &every, Outcome::NobodyAble),
        ("A@90", &every, Outcome::Credited),
        ("A@90 email@91", &every, Outcome::CreditedInPart),
        ("email@91", &every, Outcome::ChannelTookIt),
        ("A@90", &policy(Model::WeightsTable), Outcome::NoWeight),
    ] {
        assert_eq!(outcome(words, policy), expected, "{words}");
    }
}

#[test]
fn touches_that_were_noted_have_names() {
    for noted in Noted::ALL {
        let touch = TouchRef::Noted(*noted, [7; 16]);
        let text = touch.to_string();
        assert!(text.starts_with(&format!("{noted}_")), "{text}");
        assert_eq!(text.parse(), Ok(touch));
    }
    for channel in Channel::KNOWN {
        assert_eq!(channel.as_str().parse(), Ok(channel.clone()));
    }
}

#[test]
fn absurd_times_have_answers() {
    let extremes = [i64::MIN, i64::MIN / 2, 0, i64::MAX / 2, i64::MAX];
    for model in Model::ALL {
        for (a, b) in extremes.iter().flat_map(|a| extremes.map(|b| (*a, b))) {
            let at = Timestamp::from_microsecond(a);
            let mut touches = journey("A@90 B@91").touches().to_vec();
            touches[0].at = at;
            let journey = Journey::new(touches);
            let policy =
                Policy { skew_seconds: u32::MAX, click_window_days: u16::MAX, ..policy(*model) };
            let occurred = Timestamp::from_microsecond(b);
            let answer = credit(&journey, occurred, &policy, &Zone::utc());
            let sum: u32 =
                answer.verdicts.iter().filter_map(TouchVerdict::share).map(Share::get).sum();
            assert!(sum == 0 || sum == 1_000_000_000);
            let explained = explain(&journey, &answer, occurred, &policy, &Zone::utc());
            assert_eq!(explained.touches.len(), 2);
        }
    }
}
