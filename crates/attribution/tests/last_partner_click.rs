//! The rule of the last partner click as a table: one line per touch, then who earned.

#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

use std::fmt::Write as _;

use tributary_attribution::{
    Channel, ClickRef, Consent, Journey, JourneyTouch, Policy, Precedence, Promoter, Proof,
    Standing, TouchRef, credit,
};
use tributary_kernel::{CouponId, PartnerId, PartnershipId, Timestamp, Zone};
use tributary_money::Share;

fn promoter(name: u8) -> Promoter {
    Promoter {
        partnership: PartnershipId::from_bytes([name; 16]),
        partner: PartnerId::from_bytes([name; 16]),
        standing: Standing::Active,
    }
}

/// A touch from words: `A 2026-03-01T10:00:00Z click denied`. A lower-case letter is a partnership
/// that is not active, `-` a channel that is nobody's.
fn touch(line: &str, number: u8) -> JourneyTouch {
    let mut words = line.split_whitespace();
    let who = words.next().unwrap();
    let at: Timestamp = words.next().unwrap().parse().unwrap();
    let mut behind = promoter(who.as_bytes()[0].to_ascii_uppercase());
    if who.as_bytes()[0].is_ascii_lowercase() {
        behind.standing = Standing::NotActive;
    }
    let mut touch = match words.next().unwrap() {
        "click" => JourneyTouch::click(ClickRef::from_bytes([number; 16]), at, behind),
        "coupon" => JourneyTouch::coupon(CouponId::from_bytes([number; 16]), at, behind),
        "customer" => JourneyTouch::assignment(at, behind),
        other => panic!("{other}"),
    };
    if who == "-" {
        touch.promoter = None;
        touch.channel = "google_ads".parse().unwrap();
    }
    for word in words {
        match word.parse::<Consent>() {
            Ok(consent) => touch.consent = consent,
            Err(_) => touch.proof = word.parse::<Proof>().unwrap(),
        }
    }
    touch
}

/// Verdict of every touch, and the letters of those who earned.
fn judge(lines: &[&str], occurred_at: &str, policy: &Policy, zone: &str) -> String {
    let touches = (1..).zip(lines).map(|(number, line)| touch(line, number)).collect();
    let journey = Journey::new(touches);
    let zone = Zone::named(zone).unwrap();
    let answer = credit(&journey, occurred_at.parse().unwrap(), policy, &zone);
    assert_eq!(answer.verdicts.len(), journey.touches().len());
    let mut text = String::new();
    for verdict in &answer.verdicts {
        write!(text, "{}", verdict.code()).unwrap();
        if let Some(winner) = verdict.winner() {
            write!(text, "@{winner}").unwrap();
        }
        if let tributary_attribution::TouchVerdict::OutsideWindow { age_days, window_days } =
            verdict
        {
            write!(text, "({age_days}>{window_days})").unwrap();
        }
        text.push(' ');
    }
    text.push_str("=>");
    for credit in &answer.credits {
        assert_eq!(credit.share, Share::ONE);
        write!(text, " {}", char::from(credit.partnership.as_bytes()[0])).unwrap();
    }
    if let Some(held) = answer.held {
        write!(text, " held@{held}").unwrap();
    }
    text
}

fn policy(days: u16) -> Policy {
    Policy { click_window_days: days, coupon_window_days: days, ..Policy::default() }
}

const NOON: &str = "2026-04-01T12:00:00Z";

#[test]
fn rules() {
    let table: &[(&[&str], &str)] = &[
        (&[], "=>"),
        (&["A 2026-03-31T12:00:00Z click"], "credited => A"),
        (
            &["A 2026-03-20T12:00:00Z click", "B 2026-03-31T12:00:00Z click"],
            "later_touch_won@1 credited => B",
        ),
        // The journey of the seeds: affiliate, then a Google ad, then nothing of ours.
        (
            &["A 2026-03-20T12:00:00Z click", "- 2026-03-31T12:00:00Z click"],
            "credited not_a_partner => A",
        ),
        (
            &["A 2026-03-20T12:00:00Z click", "b 2026-03-31T12:00:00Z click"],
            "credited partnership_not_active => A",
        ),
        (
            &["A 2026-03-20T12:00:00Z click", "B 2026-03-31T12:00:00Z click denied"],
            "credited consent_denied => A",
        ),
        (
            &["A 2026-03-20T12:00:00Z click", "B 2026-04-01T12:00:00.000001Z click"],
            "credited after_conversion => A",
        ),
        (&["A 2026-04-01T12:00:00Z click"], "credited => A"),
        // 13:00 of the program's winter to 14:00 of its summer: into the 91st day.
        (&["A 2026-01-01T12:00:00Z click"], "outside_window(91>30) =>"),
        // The code goes first, consent or not; the click would have.
        (
            &["A 2026-03-31T12:00:00Z click", "B 2026-04-01T12:00:00Z coupon denied"],
            "coupon_won@1 credited => B",
        ),
        (
            &["A 2026-03-31T12:00:00Z click", "b 2026-04-01T12:00:00Z coupon"],
            "credited partnership_not_active => A",
        ),
        // A code of the trial goes before a later click while its own window lasts.
        (
            &["B 2026-03-10T12:00:00Z coupon", "A 2026-03-31T12:00:00Z click"],
            "credited coupon_won@0 => B",
        ),
        // The customer belongs to C since long before any window.
        (
            &[
                "C 2024-01-01T12:00:00Z customer",
                "A 2026-03-31T12:00:00Z click",
                "B 2026-04-01T12:00:00Z coupon",
            ],
            "credited assignment_won@0 assignment_won@0 => C",
        ),
        (
            &["c 2024-01-01T12:00:00Z customer", "A 2026-03-31T12:00:00Z click"],
            "partnership_not_active credited => A",
        ),
        // Equal times: the lower id is first, so the higher one is last.
        (
            &["A 2026-03-31T12:00:00Z click", "B 2026-03-31T12:00:00Z click"],
            "later_touch_won@1 credited => B",
        ),
        // Proofs.
        (&["A 2026-03-31T12:00:00Z click id_only"], "credited => A"),
        (
            &["A 2026-03-30T12:00:00Z click", "B 2026-03-31T12:00:00Z click unrecorded"],
            "later_touch_won@1 unrecorded_held => held@1",
        ),
        (
            &["A 2026-03-30T12:00:00Z click unrecorded", "B 2026-03-31T12:00:00Z click"],
            "later_touch_won@1 credited => B",
        ),
        (
            &["A 2026-03-30T12:00:00Z click", "B 2026-03-31T12:00:00Z click vouched"],
            "later_touch_won@1 credited => B",
        ),
        (
            &["A 2026-03-30T12:00:00Z click", "B 2026-03-31T12:00:00Z click rejected"],
            "credited rejected => A",
        ),
    ];
    for (lines, expected) in table {
        let answer = judge(lines, NOON, &policy(30), "Europe/Copenhagen");
        assert_eq!(answer, *expected, "{lines:?}");
    }
}

#[test]
fn clicks_before_codes_where_the_program_says_so() {
    let policy = Policy { precedence: Precedence::ClickOverCoupon, ..policy(30) };
    let both = ["A 2026-03-31T12:00:00Z click", "B 2026-04-01T12:00:00Z coupon"];
    assert_eq!(judge(&both, NOON, &policy, "UTC"), "credited click_won@0 => A");
    assert_eq!(judge(&both[1..], NOON, &policy, "UTC"), "credited => B");
}

#[test]
fn customers_do_not_stay_where_the_program_says_so() {
    let policy = Policy { customer_stays: false, ..policy(30) };
    let lines = ["C 2024-01-01T12:00:00Z customer", "A 2026-03-31T12:00:00Z click"];
    assert_eq!(judge(&lines, NOON, &policy, "UTC"), "not_used_by_policy credited => A");
}

#[test]
fn windows_follow_the_calendar_of_the_program() {
    // The clock goes forward on 29 March: the same wall-clock time is 23 hours later.
    let click = ["A 2026-03-28T12:00:00Z click"];
    let cases = [
        ("2026-03-29T11:00:00Z", "Europe/Copenhagen", "credited => A"),
        ("2026-03-29T11:00:00.000001Z", "Europe/Copenhagen", "outside_window(2>1) =>"),
        ("2026-03-29T12:00:00Z", "Asia/Jakarta", "credited => A"),
        ("2026-03-29T12:00:00.000001Z", "Asia/Jakarta", "outside_window(2>1) =>"),
    ];
    for (occurred_at, zone, expected) in cases {
        assert_eq!(judge(&click, occurred_at, &policy(1), zone), expected, "{occurred_at} {zone}");
    }
    // And back on 25 October: 25 hours.
    let click = ["A 2026-10-24T12:00:00Z click"];
    let answer = |at| judge(&click, at, &policy(1), "Europe/Copenhagen");
    assert_eq!(answer("2026-10-25T13:00:00Z"), "credited => A");
    assert_eq!(answer("2026-10-25T13:00:00.000001Z"), "outside_window(2>1) =>");
}

#[test]
fn the_window_is_inclusive_and_by_kind() {
    let policy = Policy { click_window_days: 30, coupon_window_days: 7, ..Policy::default() };
    let at = |line| judge(&[line], NOON, &policy, "UTC");
    assert_eq!(at("A 2026-03-02T12:00:00Z click"), "credited => A");
    assert_eq!(at("A 2026-03-02T11:59:59.999999Z click"), "outside_window(31>30) =>");
    assert_eq!(at("A 2026-03-25T12:00:00Z coupon"), "credited => A");
    assert_eq!(at("A 2026-03-25T11:59:59Z coupon"), "outside_window(8>7) =>");
    assert_eq!(at("A 2020-04-01T12:00:00Z click"), "outside_window(2191>30) =>");
}

#[test]
fn stored_form_is_small_and_stable() {
    let link = tributary_kernel::LinkId::from_bytes([9; 16]);
    let mut click = touch("A 2026-03-31T12:00:00Z click", 1);
    click.link = Some(link);
    let code = touch("b 2026-04-01T12:00:00Z coupon", 2);
    let journey = Journey::new(vec![code, click]);
    let json = serde_json::to_string(&journey).unwrap();
    let expected = concat!(
        r#"{"touches":[{"at":"2026-03-31T12:00:00Z","touch":"clk_01040g2081040g2081040g2081","#,
        r#""promoter":{"partnership":"pship_21850m2ga1850m2ga1850m2ga1","#,
        r#""partner":"part_21850m2ga1850m2ga1850m2ga1"},"#,
        r#""link":"link_09144gj289144gj289144gj289","channel":"partner_link","#,
        r#""consent":"unknown"},"#,
        r#"{"at":"2026-04-01T12:00:00Z","touch":"coup_02081040g2081040g2081040g2","#,
        r#""promoter":{"partnership":"pship_2289144gj289144gj289144gj2","#,
        r#""partner":"part_2289144gj289144gj289144gj2","standing":"not_active"},"#,
        r#""channel":"coupon","consent":"unknown"}]}"#,
    );
    assert_eq!(json, expected);
    assert_eq!(serde_json::from_str::<Journey>(&json).unwrap(), journey);
    let answer = credit(&journey, NOON.parse().unwrap(), &policy(30), &Zone::named("UTC").unwrap());
    let stored = serde_json::to_value(&answer).unwrap();
    assert_eq!(
        stored["verdicts"],
        serde_json::json!([
            { "verdict": "credited", "share": 1_000_000_000 },
            { "verdict": "partnership_not_active" },
        ])
    );
    for (verdict, stored) in answer.verdicts.iter().zip(stored["verdicts"].as_array().unwrap()) {
        assert_eq!(stored["verdict"], verdict.code());
    }
    assert_eq!(
        serde_json::from_value::<tributary_attribution::Attribution>(stored).unwrap(),
        answer
    );
    assert!(serde_json::from_str::<Journey>(r#"{"touches":[],"more":1}"#).is_err());
}

#[test]
fn names_of_touches_and_channels() {
    let click = TouchRef::Click(ClickRef::from_bytes([255; 16]));
    for touch in [
        click,
        TouchRef::Coupon(CouponId::from_bytes([7; 16])),
        TouchRef::Assignment(PartnershipId::from_bytes([8; 16])),
    ] {
        assert_eq!(touch.to_string().parse(), Ok(touch));
    }
    assert!("clk_1".parse::<TouchRef>().is_err());
    assert!("conv_00000000000000000000000000".parse::<TouchRef>().is_err());
    assert!("clk_00000000000000000000000000".parse::<TouchRef>().is_ok());
    assert!("Partner link".parse::<Channel>().is_err());
    assert!("".parse::<Channel>().is_err());
    assert!("x".repeat(41).parse::<Channel>().is_err());
    assert_eq!("partner_link".parse(), Ok(Channel::PARTNER_LINK));
}

#[test]
fn windows_have_limits() {
    let errors = policy(0).errors();
    assert_eq!(errors[0].pointer, "/click_window_days");
    assert_eq!(errors[1].pointer, "/coupon_window_days");
    assert_eq!(policy(401).errors().len(), 2);
    assert!(policy(400).errors().is_empty());
    let read: Policy = serde_json::from_str(r#"{"click_window_days":30}"#).unwrap();
    assert_eq!(read, Policy { click_window_days: 30, ..Policy::default() });
    assert!(serde_json::from_str::<Policy>(r#"{"window":30}"#).is_err());
}
