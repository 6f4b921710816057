//! A Swedish shop for life outdoors, whose creators have links and codes.

use tributary_directory::PartnerKind::{Aggregator, Content, Creator, Review};
use tributary_directory::PromotionMethod::{Article, Mail, Post, Review as ReviewOf, Story};
use tributary_directory::Role;
use tributary_money::Currency;

use super::Account::{Bankgiro, Iban, Swedish};
use super::{Fate, PartnerCast, Person, ProgramCast, link, partner};
use crate::calendar::{Peak, Rhythm};

const SE: (&str, &str) = ("SE", "sv");

/// 10 % of the net amount; later 12 %.
const PLAN: &str = r#"{
  "format": 1, "name": "Granstigens kreatörer", "rounding": "half_even",
  "rules": [
    {"id": "sale", "name": "10 % av nettobeloppet", "events": ["sale"],
     "amount": {"percent": "10", "of": "net"}}
  ]
}"#;

const SECOND_PLAN: &str = r#"{
  "format": 1, "name": "Granstigens kreatörer", "rounding": "half_even",
  "rules": [
    {"id": "sale", "name": "12 % av nettobeloppet", "events": ["sale"],
     "amount": {"percent": "12", "of": "net"}}
  ]
}"#;

pub(super) const PROGRAM: ProgramCast = ProgramCast {
    organisation: "Granstigen Friluft AB",
    country: "SE",
    administrator: Person {
        name: "Linnéa Åkerlund",
        email: "linnea@granstigen.example",
        language: "sv",
    },
    team: &[(
        Person { name: "Per Hedvall", email: "per@granstigen.example", language: "sv" },
        Role::Manager,
    )],
    name: "Granstigens kreatörer",
    currency: Currency::SEK,
    time_zone: "Europe/Stockholm",
    landing_url: "https://www.granstigen.example/",
    window_days: 30,
    hold_days: 30,
    approve_after_hold: true,
    payout_minimum: 30_000,
    pay_day_offset: -2,
    integration: "Webbutiken",
    payer: Bankgiro("504411"),
    plan: PLAN,
    second_plan: Some((214, SECOND_PLAN)),
    clicks: 90_000,
    rhythm: Rhythm {
        hours: [
            12, 6, 3, 2, 2, 5, 18, 34, 40, 42, 46, 52, 60, 54, 50, 52, 58, 66, 80, 98, 112, 104,
            64, 28,
        ],
        weekdays: [92, 88, 92, 98, 96, 108, 126],
        months: [78, 74, 88, 100, 118, 126, 118, 104, 92, 88, 106, 108],
        growth: (70, 130),
        peak: Peak::BlackWeek,
        peak_tenths: 34,
    },
    countries: &[(b"SE", 90), (b"NO", 4), (b"FI", 3), (b"DK", 3)],
    partners: PARTNERS,
};

const PARTNERS: &[PartnerCast] = &[
    partner(
        "Sara på Fjället",
        "sara@sarapafjallet.example",
        Creator,
        SE,
        "sara",
        Bankgiro("571204"),
    )
    .traffic(150, 1_200)
    .posts()
    .group("Makro")
    .coupon("SARA10")
    .links(&[link("talt", "Sommarens tält", Post, "/talt"), link("story", "Story", Story, "")]),
    partner(
        "Vandra med Viggo",
        "viggo@vandramedviggo.example",
        Creator,
        SE,
        "viggo",
        Bankgiro("583319"),
    )
    .traffic(110, 1_100)
    .posts()
    .group("Mikro")
    .coupon("VIGGO")
    .links(&[link("kungsleden", "Packlista Kungsleden", Article, "/ryggsackar")]),
    partner(
        "Familjen Tältlund",
        "hej@familjentaltlund.example",
        Creator,
        SE,
        "taltlund",
        Swedish("6120", "481302957"),
    )
    .traffic(95, 1_300)
    .posts()
    .group("Mikro")
    .coupon("TÄLTLUND")
    .links(&[link("barn", "Ute med barn", Post, "/barn")]),
    partner(
        "Elin Norrström",
        "elin@elinnorrstrom.example",
        Creator,
        SE,
        "elin",
        Swedish("5210", "0083471"),
    )
    .traffic(120, 950)
    .posts()
    .group("Makro")
    .coupon("ELIN15")
    .links(&[link("vinter", "Vintergarderob", Story, "/dunjackor")]),
    partner(
        "Ryggsäcksrecensenten",
        "test@ryggsacksrecensenten.example",
        Review,
        SE,
        "ryggsack",
        Bankgiro("540917"),
    )
    .traffic(85, 1_250)
    .from("www.ryggsacksrecensenten.example")
    .group("Tester")
    .links(&[
        link("test-2026", "Stora ryggsäckstestet", ReviewOf, "/ryggsackar"),
        link("dagstur", "Dagstursryggsäckar", ReviewOf, "/ryggsackar/dagstur"),
    ]),
    partner("Utepodden", "red@utepodden.example", Content, SE, "utepodden", Bankgiro("529963"))
        .traffic(50, 900)
        .posts()
        .coupon("UTEPODDEN"),
    partner(
        "Löparlisa",
        "lisa@loparlisa.example",
        Creator,
        SE,
        "loparlisa",
        Swedish("8327", "9943210"),
    )
    .joins(6)
    .traffic(60, 1_000)
    .posts()
    .group("Mikro")
    .coupon("LISA10"),
    partner(
        "Kajsa Packar Lätt",
        "kajsa@kajsapackar.example",
        Creator,
        SE,
        "kajsa",
        Bankgiro("508842"),
    )
    .joins(12)
    .traffic(55, 1_400)
    .posts()
    .group("Mikro")
    .coupon("KAJSA"),
    partner(
        "Skidspår Jämtland",
        "spar@skidsparjamtland.example",
        Content,
        SE,
        "skidspar",
        Swedish("6430", "771028443"),
    )
    .joins(20)
    .traffic(45, 900)
    .from("www.skidsparjamtland.example"),
    partner(
        "Fyndstigen",
        "partner@fyndstigen.example",
        Aggregator,
        SE,
        "fyndstigen",
        Bankgiro("590036"),
    )
    .joins(27)
    .traffic(130, 650)
    .group("Cashback")
    .from("www.fyndstigen.example"),
    partner(
        "Hverdag på Farten",
        super::EVERYWHERE,
        Content,
        ("DK", "da"),
        "hverdag",
        Iban("DK", "00400440116243"),
    )
    .joins(33)
    .traffic(35, 1_000)
    .from("www.hverdagpaafarten.example")
    .links(&[link("rygsaek", "Rygsækken til arbejdsrejsen", Article, "/ryggsackar")]),
    partner(
        "Fiskeliv Johan",
        "johan@fiskelivjohan.example",
        Creator,
        SE,
        "fiskeliv",
        Bankgiro("562271"),
    )
    .joins(48)
    .traffic(40, 850)
    .posts()
    .group("Nano")
    .coupon("FISKELIV"),
    partner(
        "Cykelkompisarna",
        "hej@cykelkompisarna.example",
        Content,
        SE,
        "cykelkompisarna",
        Swedish("9150", "2208137"),
    )
    .joins(55)
    .traffic(38, 800)
    .from("cykelkompisarna.example"),
    partner("Maja Mossig", "maja@majamossig.example", Creator, SE, "maja", Bankgiro("515580"))
        .joins(63)
        .traffic(48, 1_150)
        .posts()
        .group("Mikro")
        .coupon("MAJA10"),
    partner(
        "Oskar Utomhus",
        "oskar@oskarutomhus.example",
        Creator,
        SE,
        "oskar",
        Bankgiro("577713"),
    )
    .joins(79)
    .traffic(65, 1_000)
    .posts()
    .group("Makro")
    .coupon("OSKAR"),
    partner(
        "Barnen i Skogen",
        "hej@barneniskogen.example",
        Content,
        SE,
        "barnen",
        Swedish("6012", "384112907"),
    )
    .joins(92)
    .traffic(36, 1_200)
    .from("www.barneniskogen.example")
    .links(&[link("brev", "Månadsbrevet", Mail, "/barn")]),
    partner(
        "Linnea Långfärd",
        "linnea@linnealangfard.example",
        Creator,
        SE,
        "linnea",
        Bankgiro("533308"),
    )
    .joins(104)
    .traffic(30, 1_100)
    .posts()
    .group("Nano")
    .coupon("LANGFARD"),
    partner(
        "Trailmamman",
        "trail@trailmamman.example",
        Creator,
        SE,
        "trailmamman",
        Swedish("5368", "1190245"),
    )
    .joins(118)
    .traffic(42, 1_050)
    .posts()
    .group("Mikro")
    .coupon("TRAIL15"),
    partner(
        "Friluft med Freja",
        "freja@friluftmedfreja.example",
        Creator,
        ("DK", "da"),
        "freja",
        Iban("SE", "12000000012812005588"),
    )
    .joins(131)
    .traffic(28, 900)
    .posts()
    .group("Mikro")
    .coupon("FREJA"),
    partner(
        "Hängmattslivet",
        "hej@hangmattslivet.example",
        Creator,
        SE,
        "hangmatta",
        Bankgiro("548825"),
    )
    .joins(150)
    .traffic(24, 1_250)
    .posts()
    .group("Nano")
    .coupon("HÄNG10"),
    partner("Paddla Mera", "info@paddlamera.example", Content, SE, "paddla", Bankgiro("586649"))
        .joins(168)
        .traffic(34, 900)
        .from("www.paddlamera.example"),
    partner(
        "Vinterbad Vera",
        "vera@vinterbadvera.example",
        Creator,
        SE,
        "vera",
        Bankgiro("512047"),
    )
    .joins(240)
    .traffic(46, 1_000)
    .posts()
    .group("Mikro")
    .coupon("VERA10"),
    partner(
        "Rabattröset",
        "kontakt@rabattroset.example",
        Aggregator,
        SE,
        "rabattroset",
        Bankgiro("594418"),
    )
    .joins(70)
    .traffic(60, 300)
    .group("Cashback")
    .from("rabattroset.example")
    .fate(Fate::PausedOn(265)),
    partner(
        "Norrskensnatt",
        "foto@norrskensnatt.example",
        Creator,
        SE,
        "norrsken",
        Swedish("6180", "559203417"),
    )
    .joins(290)
    .traffic(3, 300)
    .group("Nano")
    .fate(Fate::StaysSmall),
    partner(
        "Berg och Bröd",
        "hej@bergochbrod.example",
        Creator,
        SE,
        "bergochbrod",
        super::Account::None,
    )
    .joins(348)
    .group("Mikro")
    .fate(Fate::Unanswered),
    partner(
        "Stugvärden",
        "post@stugvarden.example",
        Content,
        SE,
        "stugvarden",
        super::Account::None,
    )
    .joins(200)
    .fate(Fate::Declines),
];
