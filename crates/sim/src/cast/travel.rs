//! A German travel brand whose partners are other brands along the traveller's way: a fixed amount
//! per transfer and ticket, and per cent of a journey.

use tributary_directory::PartnerKind::{Brand, Content};
use tributary_directory::PromotionMethod::{Article, Event, Mail, Post};
use tributary_directory::Role;
use tributary_money::Currency;

use super::Account::Iban;
use super::{Fate, PartnerCast, Person, ProgramCast, link, partner};
use crate::calendar::{Peak, Rhythm};

const DE: (&str, &str) = ("DE", "en");

const PLAN: &str = r#"{
  "format": 1, "name": "Wanderfluss brand partners", "rounding": "half_even",
  "rules": [
    {"id": "transfer", "name": "Transfer booking", "events": ["transfer_booking"],
     "amount": {"fixed": {"amount": 600, "currency": "EUR"}}, "hold_days": 21},
    {"id": "ticket", "name": "Event ticket", "events": ["event_ticket"],
     "amount": {"fixed": {"amount": 150, "currency": "EUR"}, "per": "item"}},
    {"id": "journey", "name": "4 % of the journey", "events": ["sale"],
     "amount": {"percent": "4", "of": "net"}, "hold_days": 45}
  ]
}"#;

pub(super) const PROGRAM: ProgramCast = ProgramCast {
    organisation: "Wanderfluss Reisen GmbH",
    country: "DE",
    administrator: Person {
        name: "Katrin Möhring",
        email: "katrin@wanderfluss.example",
        language: "en",
    },
    team: &[(
        Person { name: "Timo Rasch", email: "timo@wanderfluss.example", language: "en" },
        Role::Finance,
    )],
    name: "Wanderfluss brand partners",
    currency: Currency::EUR,
    time_zone: "Europe/Berlin",
    landing_url: "https://www.wanderfluss.example/en",
    window_days: 60,
    hold_days: 30,
    approve_after_hold: false,
    payout_minimum: 2_500,
    pay_day_offset: 11,
    integration: "Booking engine",
    payer: Iban("DE", "120300000417755200"),
    plan: PLAN,
    second_plan: None,
    clicks: 34_000,
    rhythm: Rhythm {
        hours: [
            10, 5, 3, 2, 2, 6, 20, 38, 48, 54, 58, 66, 84, 70, 58, 54, 56, 64, 78, 100, 110, 92,
            52, 24,
        ],
        weekdays: [108, 96, 92, 90, 82, 94, 130],
        months: [140, 118, 112, 108, 112, 118, 110, 92, 76, 72, 74, 68],
        growth: (75, 125),
        peak: Peak::EarlyBooking,
        peak_tenths: 17,
    },
    countries: &[(b"DE", 70), (b"AT", 9), (b"CH", 6), (b"DK", 6), (b"SE", 5), (b"ID", 4)],
    partners: PARTNERS,
};

const PARTNERS: &[PartnerCast] = &[
    partner(
        "Startbahn Shuttle",
        "partner@startbahn-shuttle.example",
        Brand,
        DE,
        "startbahn",
        Iban("DE", "100100100418822901"),
    )
    .traffic(140, 1_300)
    .group("Primary: on the way")
    .from("booking.startbahn-shuttle.example")
    .links(&[link("bestaetigung", "Booking confirmation", Mail, "/en/transfers")]),
    partner(
        "Rollwerk Koffer",
        "brand@rollwerk-koffer.example",
        Brand,
        DE,
        "rollwerk",
        Iban("DE", "500500500093312246"),
    )
    .traffic(120, 900)
    .group("Affinity: luggage")
    .from("www.rollwerk-koffer.example")
    .links(&[link("paket", "Card in the parcel", Mail, "/en/city-breaks")]),
    partner(
        "Klangkarte",
        "kooperation@klangkarte.example",
        Brand,
        DE,
        "klangkarte",
        Iban("DE", "300300300771204553"),
    )
    .traffic(115, 1_150)
    .group("Secondary: events")
    .from("tickets.klangkarte.example")
    .links(&[link("konzert", "Trips around a concert", Event, "/en/events")]),
    partner(
        "Gepäckpaten",
        "hallo@gepaeckpaten.example",
        Brand,
        DE,
        "gepaeckpaten",
        Iban("DE", "200200200115577302"),
    )
    .traffic(70, 1_000)
    .group("Primary: on the way")
    .from("www.gepaeckpaten.example"),
    partner(
        "Stadtlöffel Touren",
        "team@stadtloeffel.example",
        Brand,
        DE,
        "stadtloeffel",
        Iban("DE", "700700700664190127"),
    )
    .joins(9)
    .traffic(60, 1_050)
    .group("Secondary: food")
    .from("www.stadtloeffel.example"),
    partner(
        "Küstenlicht Brillen",
        "marketing@kuestenlicht.example",
        Brand,
        DE,
        "kuestenlicht",
        Iban("DE", "600600600208846615"),
    )
    .joins(21)
    .traffic(65, 700)
    .group("Affinity: summer")
    .posts()
    .links(&[link("sommer", "Summer letter", Mail, "/en/beach")]),
    partner(
        "Nordhavn Transfer",
        "partnere@nordhavntransfer.example",
        Brand,
        ("DK", "da"),
        "nordhavn-transfer",
        Iban("DK", "84010007719026"),
    )
    .joins(36)
    .traffic(75, 1_200)
    .group("Primary: on the way")
    .from("www.nordhavntransfer.example"),
    partner(
        "Hverdag på Farten",
        super::EVERYWHERE,
        Content,
        ("DK", "da"),
        "hverdag",
        Iban("DK", "00400440116243"),
    )
    .joins(41)
    .traffic(55, 1_100)
    .group("Content")
    .from("www.hverdagpaafarten.example")
    .links(&[link("workation", "Workation-guide", Article, "/en/workation")]),
    partner(
        "Scenbiljetten",
        "partner@scenbiljetten.example",
        Brand,
        ("SE", "sv"),
        "scenbiljetten",
        Iban("SE", "60000000000884105527"),
    )
    .joins(59)
    .traffic(55, 1_000)
    .group("Secondary: events")
    .from("www.scenbiljetten.example"),
    partner(
        "Badebucht Schwimmwear",
        "kooperation@badebucht.example",
        Brand,
        DE,
        "badebucht",
        Iban("DE", "400400400551983340"),
    )
    .joins(84)
    .traffic(50, 800)
    .group("Affinity: summer")
    .posts()
    .links(&[link("strand", "Beach looks", Post, "/en/beach")]),
    partner(
        "Pesona Surf Camp",
        "halo@pesonasurf.example",
        Brand,
        ("ID", "id"),
        "pesona",
        super::Account::None,
    )
    .joins(97)
    .traffic(40, 1_000)
    .group("Secondary: experiences")
    .from("www.pesonasurf.example"),
    partner(
        "Reiseruhe Versicherung",
        "partner@reiseruhe.example",
        Brand,
        DE,
        "reiseruhe",
        Iban("DE", "800800800347712098"),
    )
    .joins(126)
    .traffic(45, 1_250)
    .group("Primary: before the way")
    .from("www.reiseruhe.example"),
    partner(
        "Sprachkoffer",
        "hello@sprachkoffer.example",
        Brand,
        DE,
        "sprachkoffer",
        Iban("DE", "900900900120056781"),
    )
    .joins(170)
    .traffic(48, 750)
    .group("Affinity: languages")
    .from("app.sprachkoffer.example"),
    partner(
        "Trillebag",
        "hej@trillebag.example",
        Brand,
        ("DK", "da"),
        "trillebag",
        Iban("DK", "67710005519873"),
    )
    .joins(221)
    .traffic(35, 850)
    .group("Affinity: luggage")
    .from("www.trillebag.example"),
    partner(
        "Bukit Tour",
        "info@bukittour.example",
        Brand,
        ("ID", "id"),
        "bukit",
        super::Account::None,
    )
    .joins(330)
    .group("Secondary: experiences")
    .fate(Fate::Unanswered),
];
