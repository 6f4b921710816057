//! A Danish vendor of customer management that pays for qualified leads and for subscriptions.

use tributary_directory::PartnerKind::{Consultant, Content, Customer, Review, Technology};
use tributary_directory::PromotionMethod::{
    Article, Comparison, Event, Mail, Post, Tutorial, Webinar,
};
use tributary_directory::Role;
use tributary_money::Currency;

use super::Account::{Danish, Iban};
use super::{Fate, PartnerCast, Person, ProgramCast, link, partner};
use crate::calendar::{Peak, Rhythm};

const DK: (&str, &str) = ("DK", "da");

/// 500 kr. per first qualified lead of a customer; 15 % of its payments for 24 months.
const PLAN: &str = r#"{
  "format": 1, "name": "Nordlys Partner", "rounding": "half_even",
  "rules": [
    {"id": "lead", "name": "Kvalificeret lead", "events": ["qualified_lead"],
     "amount": {"fixed": {"amount": 50000, "currency": "DKK"}}, "recurring": "once",
     "hold_days": 7},
    {"id": "subscription", "name": "Abonnement i 24 måneder", "events": ["sale", "renewal"],
     "amount": {"percent": "15", "of": "net"}, "recurring": {"months": 24}}
  ]
}"#;

pub(super) const PROGRAM: ProgramCast = ProgramCast {
    organisation: "Nordlys CRM ApS",
    country: "DK",
    administrator: Person {
        name: "Mette Holm",
        email: "mette@nordlys-crm.example",
        language: "da",
    },
    team: &[
        (
            Person { name: "Jonas Lindgaard", email: "jonas@nordlys-crm.example", language: "da" },
            Role::Manager,
        ),
        (
            Person {
                name: "Birgit Aagaard",
                email: "bogholderi@nordlys-crm.example",
                language: "da",
            },
            Role::Finance,
        ),
    ],
    name: "Nordlys Partner",
    currency: Currency::DKK,
    time_zone: "Europe/Copenhagen",
    landing_url: "https://www.nordlys-crm.example/partner-tilbud",
    window_days: 90,
    hold_days: 30,
    approve_after_hold: false,
    payout_minimum: 50_000,
    pay_day_offset: 6,
    integration: "CRM",
    payer: Danish("9001", "4578112903"),
    plan: PLAN,
    second_plan: None,
    clicks: 26_000,
    rhythm: Rhythm {
        hours: [
            2, 1, 1, 1, 2, 5, 12, 30, 70, 95, 100, 90, 60, 85, 90, 75, 50, 30, 22, 24, 28, 22, 12,
            5,
        ],
        weekdays: [100, 110, 112, 104, 78, 22, 26],
        months: [105, 100, 108, 92, 98, 84, 42, 88, 115, 112, 110, 66],
        growth: (60, 140),
        peak: Peak::None,
        peak_tenths: 10,
    },
    countries: &[(b"DK", 88), (b"SE", 5), (b"NO", 4), (b"DE", 3)],
    partners: PARTNERS,
};

const PARTNERS: &[PartnerCast] = &[
    partner(
        "Systemkompasset",
        "redaktion@systemkompasset.example",
        Review,
        DK,
        "systemkompasset",
        Danish("9570", "0012874455"),
    )
    .traffic(260, 1_150)
    .group("Review sites")
    .from("www.systemkompasset.example")
    .links(&[
        link("crm-sammenligning", "Bedste CRM-systemer", Comparison, "/crm-til-smaa-virksomheder"),
        link("priser", "CRM-priser", Comparison, "/priser"),
    ]),
    partner(
        "Kontorklogt",
        "hej@kontorklogt.example",
        Review,
        DK,
        "kontorklogt",
        Danish("2191", "8896120043"),
    )
    .traffic(170, 900)
    .group("Review sites")
    .from("kontorklogt.example")
    .links(&[link("anmeldelse", "Anmeldelse af Nordlys", Comparison, "/funktioner")]),
    partner(
        "Salgsværkstedet",
        "post@salgsvaerkstedet.example",
        Content,
        DK,
        "salgsvaerkstedet",
        Danish("3409", "4370018822"),
    )
    .traffic(130, 1_000)
    .group("Pilot")
    .from("www.salgsvaerkstedet.example")
    .links(&[
        link("webinar", "Webinar: pipeline på 30 minutter", Webinar, "/webinar"),
        link("skabelon", "Skabelon til salgsmøder", Article, "/skabeloner"),
    ]),
    partner(
        "Lindgren & Ravn Rådgivning",
        "kontakt@lindgrenravn.example",
        Consultant,
        DK,
        "lindgren-ravn",
        Danish("5301", "0000243376"),
    )
    .traffic(40, 3_100)
    .group("Pilot")
    .links(&[link("kunder", "Anbefalet til kunder", Mail, "/implementering")]),
    partner(
        "Bilagsbroen",
        "partner@bilagsbroen.example",
        Technology,
        DK,
        "bilagsbroen",
        Danish("8117", "4421987650"),
    )
    .traffic(90, 1_900)
    .group("Pilot")
    .from("app.bilagsbroen.example")
    .links(&[link(
        "integration",
        "Integration i appen",
        Tutorial,
        "/integrationer/bilagsbroen",
    )]),
    partner(
        "Kundekraft Podcast",
        "studie@kundekraft.example",
        Content,
        DK,
        "kundekraft",
        Danish("6610", "0002953118"),
    )
    .traffic(70, 1_100)
    .group("Pilot")
    .posts()
    .links(&[link("lyt", "Afsnit om opfølgning", Post, "")]),
    partner(
        "Ida Vestergaard",
        "ida@idavestergaard.example",
        Content,
        DK,
        "ida",
        Danish("1551", "0010334879"),
    )
    .traffic(80, 1_250)
    .group("Pilot")
    .posts()
    .links(&[link("opslag", "Opslag om kundedata", Post, "/kundedata")]),
    partner(
        "Pipeline på Dansk",
        "nyhedsbrev@pipelinepaadansk.example",
        Content,
        DK,
        "pipeline",
        Danish("7854", "0001120956"),
    )
    .joins(24)
    .traffic(85, 1_000)
    .posts()
    .links(&[link("nyhedsbrev-14", "Nyhedsbrev 14", Mail, "/demo")]),
    partner(
        "Tidsro Kalender",
        "hej@tidsro.example",
        Technology,
        DK,
        "tidsro",
        Danish("9070", "1624410078"),
    )
    .joins(38)
    .traffic(60, 1_500)
    .from("www.tidsro.example"),
    partner(
        "Nordvest Konsulenterne",
        "info@nordvestkonsulenterne.example",
        Consultant,
        DK,
        "nordvest",
        Danish("7670", "0003418802"),
    )
    .joins(45)
    .traffic(30, 2_800),
    partner(
        "Håndværkets CRM-guide",
        "guide@haandvaerketscrm.example",
        Review,
        DK,
        "haandvaerk",
        Danish("6695", "2004417319"),
    )
    .joins(61)
    .traffic(95, 850)
    .from("haandvaerketscrm.example"),
    partner(
        "Anders Thorup",
        "anders@thorup-raad.example",
        Consultant,
        DK,
        "thorup",
        Danish("5036", "0001298745"),
    )
    .joins(74)
    .traffic(22, 3_400),
    partner(
        "Fakturaflow",
        "partnere@fakturaflow.example",
        Technology,
        DK,
        "fakturaflow",
        Danish("4183", "4180057721"),
    )
    .joins(88)
    .traffic(75, 1_400)
    .from("hjaelp.fakturaflow.example")
    .links(&[link("hjaelp", "Hjælpecenter", Tutorial, "/integrationer/fakturaflow")]),
    partner(
        "Malmö Säljlabb",
        "hej@saljlabbet.example",
        Content,
        ("SE", "sv"),
        "saljlabbet",
        Iban("DK", "30000009861377"),
    )
    .joins(103)
    .traffic(45, 800)
    .from("www.saljlabbet.example"),
    partner(
        "Webinarhuset",
        "program@webinarhuset.example",
        Content,
        DK,
        "webinarhuset",
        Danish("2520", "6275540012"),
    )
    .joins(121)
    .traffic(60, 1_300)
    .posts()
    .links(&[link("efteraar", "Efterårets webinarrække", Webinar, "/webinar")]),
    partner(
        "Ayu Lestari",
        "ayu@ayulestari.example",
        Content,
        ("DK", "id"),
        "ayu",
        Danish("5479", "0001986604"),
    )
    .joins(140)
    .traffic(40, 950)
    .posts(),
    partner(
        "Skovgaard Digital",
        "mail@skovgaarddigital.example",
        Consultant,
        DK,
        "skovgaard",
        Danish("6771", "0006220418"),
    )
    .joins(66)
    .traffic(38, 2_600)
    .fate(Fate::ChangesBank(Danish("9305", "4560118734"))),
    partner(
        "Kvist Media",
        "kontor@kvistmedia.example",
        Content,
        DK,
        "kvist",
        Danish("1344", "0008413395"),
    )
    .joins(52)
    .traffic(4, 0)
    .fate(Fate::PaidBack),
    partner(
        "Lillelejr Bogføring",
        "hej@lillelejr.example",
        Customer,
        DK,
        "lillelejr",
        Danish("9213", "0006671520"),
    )
    .joins(180)
    .traffic(5, 0)
    .fate(Fate::StaysSmall),
    partner(
        "Vækstnetværket Øst",
        "sekretariat@vaekstoest.example",
        Consultant,
        DK,
        "vaekst-oest",
        Danish("3572", "3572118840"),
    )
    .joins(212)
    .traffic(34, 2_200)
    .links(&[link("moede", "Netværksmøde", Event, "/demo")]),
    partner(
        "Brightdesk Reviews",
        "editors@brightdesk.example",
        Review,
        ("GB", "en"),
        "brightdesk",
        Iban("DK", "50510001947733"),
    )
    .joins(233)
    .traffic(70, 700)
    .from("www.brightdesk.example"),
    partner(
        "Hverdag på Farten",
        super::EVERYWHERE,
        Content,
        DK,
        "hverdag",
        Iban("DK", "00400440116243"),
    )
    .joins(17)
    .traffic(90, 1_050)
    .from("www.hverdagpaafarten.example")
    .links(&[link("kontor", "Kontoret i rygsækken", Article, "/app")]),
    partner(
        "Åben Kalender",
        "hej@aabenkalender.example",
        Technology,
        DK,
        "aaben-kalender",
        super::Account::None,
    )
    .joins(341)
    .fate(Fate::Unanswered),
];
