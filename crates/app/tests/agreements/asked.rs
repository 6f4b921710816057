//! What conditions, bases and grades ask of a report, a journey and a partner.

use tributary_app::conversion::{
    ReportedDetails, ReportedItem, ReportedSubscription, correct_conversion, redecide_queued,
};
use tributary_app::directory::{CreateLink, create_link};
use tributary_directory::PromotionMethod;
use tributary_store::redecision;

use super::*;

fn item(product: &str, category: &str, minor: i64) -> ReportedItem {
    ReportedItem {
        product: Some(product.into()),
        category: Some(category.into()),
        sku: None,
        price: None,
        quantity: 1,
        amount: dkk(minor),
        net_amount: None,
        margin: None,
    }
}

fn with(report: ReportConversion, details: ReportedDetails) -> ReportConversion {
    ReportConversion { details: Some(Box::new(details)), ..report }
}

on_both! {
    /// Lines of an order are paid by their own rules; what was sent is kept and decided again alike.
    async fn lines_of_an_order(world: World) {
        plan(&world, r#""rules": [
            {"id": "hard", "events": ["sale"], "amount": {"percent": "5", "of": "gross"},
             "when": {"field": "item.category", "is": "equals", "value": "hardware"}},
            {"id": "soft", "events": ["sale"], "amount": {"percent": "20", "of": "gross"}}
        ]"#).await.unwrap();
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let details = ReportedDetails {
            items: vec![item("laptop", "hardware", 80_000), item("crm", "software", 20_000)],
            ..ReportedDetails::default()
        };
        let report = with(world.sale("1", 100_000, click), details);
        let id = world.apply(report.clone()).await;
        assert_eq!(amounts(&world, id).await, [4_000, 4_000]);
        assert!(world.conversion(id).await.0.given.contains("laptop"));
        assert!(matches!(world.send(report).await, ReportOutcome::Duplicate(_)));
        let mut tx = world.app.record.begin().await.unwrap();
        redecision::queue_redecision(&mut *tx, &[(world.owner, id)], world.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(redecide_queued(&world.app, 10).await.unwrap().changed, 0);
        assert_eq!(amounts(&world, id).await, [4_000, 4_000]);
        sound(&world, &[id]).await;
    }

    /// Margin, tax, first year, months, upgrade: each base is asked for by its own field.
    async fn bases(world: World) {
        plan(&world, r#""rules": [
            {"id": "margin", "events": ["sale"], "amount": {"percent": "50", "of": "margin"}},
            {"id": "less", "events": ["purchase"],
             "amount": {"percent": "10", "of": "gross", "less": ["tax", "shipping"]}},
            {"id": "year", "events": ["invoice"],
             "amount": {"percent": "10", "of": "first_year_contracted"}, "recurring": "once"},
            {"id": "up", "events": ["upgrade"], "amount": {"percent": "30", "of": "increase"}},
            {"id": "month", "events": ["subscription"],
             "amount": {"percent": "100", "of": "gross", "one_month": true}}
        ]"#).await.unwrap();
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let of = |kind: &str, details: ReportedDetails| {
            let sale = sale_to(&world, kind, kind, 120_000, click);
            let sale = ReportConversion { kind: kind.into(), ..sale };
            with(sale, details)
        };
        let none = ReportedDetails::default;
        let table = [
            ("sale", "/margin", ReportedDetails { margin: Some(dkk(30_000)), ..none() }, 15_000),
            ("purchase", "/tax", ReportedDetails {
                tax: Some(dkk(24_000)), shipping: Some(dkk(6_000)), ..none()
            }, 9_000),
            ("invoice", "/first_year", ReportedDetails {
                first_year: Some(dkk(500_000)), ..none()
            }, 50_000),
            ("upgrade", "/previous_amount", ReportedDetails {
                previous_amount: Some(dkk(100_000)), ..none()
            }, 6_000),
        ];
        let mut ids = Vec::new();
        for (kind, missing, details, expected) in table {
            // A first payment is all increase.
            if kind != "upgrade" {
                let lacking = ReportConversion { details: None, ..of(kind, none()) };
                assert_eq!(refused(&world.send(lacking).await).0, missing, "{kind}");
            }
            let id = world.apply(of(kind, details)).await;
            assert_eq!(amounts(&world, id).await, [expected], "{kind}");
            ids.push(id);
        }
        let yearly = ReportedDetails { covers_months: Some(12), ..none() };
        let id = world.apply(of("subscription", yearly)).await;
        assert_eq!(amounts(&world, id).await, [10_000], "a twelfth");
        ids.push(id);
        sound(&world, &ids).await;
    }

    /// The link that was clicked, the partner's group, tag, option and number, metadata and grade.
    async fn conditions(world: World) {
        let (anna, _) = world.partner("Anna").await;
        let (bo, plain) = world.partner("Bo").await;
        assert_eq!((anna.number, bo.number), (Some(1), Some(2)));
        put(&world, &Partnership {
            group: Some("gold".into()),
            tags: vec!["press".into(), "nordic".into()],
            option: None,
            ..anna.clone()
        }).await;
        let rule = |id: &str, event: &str, percent: u32, when: &str| format!(
            r#"{{"id": "{id}", "events": ["{event}"],
                "amount": {{"percent": "{percent}", "of": "gross"}}, "when": {when}}}"#
        );
        let test = |field: &str, value: &str| {
            format!(r#"{{"field": "{field}", "is": "equals", "value": {value}}}"#)
        };
        let of = [
            ("campaign", r#""autumn""#), ("promotion_method", r#""review""#),
            ("link", r#""special/offer""#), ("partner.group", r#""gold""#),
            ("partner.tag", r#""nordic""#), ("partner.number", "1"),
            ("partner.country", r#""DK""#), ("partner.type", r#""content""#),
            ("metadata.seats", r#""12""#), ("customer.country", r#""SE""#),
            ("customer.source", r#""fair""#), ("order.product", r#""crm""#),
            ("channel", r#""partner_link""#), ("customer.state", r#""new""#),
        ];
        let rules = of.iter().enumerate().map(|(place, (field, value))| {
            rule(&format!("r{place}"), &format!("e{place}"), 10, &test(field, value))
        });
        let mut rules: Vec<String> = rules.collect();
        rules.push(r#"{"id": "lead", "events": ["qualified_lead"],
            "amount": {"fixed": {"amount": 5000, "currency": "DKK"}},
            "grades": [{"grade": "A", "amount": {"fixed": {"amount": 50000, "currency": "DKK"}}}]}"#
            .to_owned());
        rules.push(r#"{"id": "scoped", "events": ["sale"], "for": {"group": "gold"},
            "amount": {"percent": "30", "of": "gross"}}"#.to_owned());
        rules.push(r#"{"id": "usual", "events": ["sale"],
            "amount": {"percent": "10", "of": "gross"}}"#.to_owned());
        plan(&world, &format!(r#""rules": [{}]"#, rules.join(","))).await.unwrap();
        let link = create_link(&world.app, &world.admin, CreateLink {
            partnership: anna.id,
            path: Some("special/offer".into()),
            host: None,
            destination: None,
            campaign: Some("autumn".into()),
            method: Some(PromotionMethod::Review),
        }).await.unwrap();
        let click = world.click(&link).await;
        let details = || ReportedDetails {
            customer_country: Some("SE".into()),
            customer_source: Some("fair".into()),
            items: vec![item("crm", "software", 10_000)],
            metadata: [("seats".to_owned(), "12".to_owned())].into(),
            ..ReportedDetails::default()
        };
        let mut ids = Vec::new();
        for (place, (field, _)) in of.iter().enumerate() {
            let kind = format!("e{place}");
            let sale = ReportConversion {
                kind: kind.clone(),
                ..sale_to(&world, &kind, &kind, 10_000, click)
            };
            let id = world.apply(with(sale, details())).await;
            assert_eq!(amounts(&world, id).await, [1_000], "{field}");
            ids.push(id);
        }
        let other = world.click(&plain).await;
        let unmet = ReportConversion { kind: "e3".into(), ..world.sale("x", 10_000, other) };
        let id = world.apply(unmet).await;
        assert!(amounts(&world, id).await.is_empty(), "Bo is in no group");
        let lead = |id: &str, grade: Option<&str>| with(
            ReportConversion {
                click_id: Some(click.to_string()),
                ..world.report("qualified_lead", id)
            },
            ReportedDetails { grade: grade.map(Into::into), ..ReportedDetails::default() },
        );
        let (a, none) = (world.apply(lead("a", Some("A"))).await, world.apply(lead("b", None)).await);
        assert_eq!(amounts(&world, a).await, [50_000]);
        assert_eq!(amounts(&world, none).await, [5_000]);
        let gold = world.apply(world.sale("gold", 10_000, click)).await;
        let usual = world.apply(world.sale("usual", 10_000, other)).await;
        assert_eq!(amounts(&world, gold).await, [3_000], "the group before the program");
        assert_eq!(amounts(&world, usual).await, [1_000]);
        ids.extend([id, a, none, gold, usual]);
        sound(&world, &ids).await;
    }

    /// A pause that was reported extends the months of a recurring commission.
    async fn a_pause_extends(world: World) {
        plan(&world, r#""rules": [{"id": "sale", "events": ["sale"],
            "amount": {"percent": "10", "of": "gross"}, "recurring": {"months": 1},
            "subscription": {"pause": "extends"}}]"#).await.unwrap();
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let first = world.apply(sale_to(&world, "c", "1", 10_000, click)).await;
        world.advance_days(40);
        let paused = |days| ReportedDetails {
            subscription: Some(ReportedSubscription { paused_days: days, ..Default::default() }),
            ..ReportedDetails::default()
        };
        let late = world.apply(sale_to(&world, "c", "2", 10_000, click)).await;
        assert!(amounts(&world, late).await.is_empty());
        let again = with(sale_to(&world, "c", "3", 10_000, click), paused(30));
        let again = world.apply(again).await;
        assert_eq!(amounts(&world, again).await, [1_000]);
        let nobody = with(world.sale("4", 10_000, click), paused(30));
        assert_eq!(refused(&world.send(nobody).await).0, "/customer_id");
        let right = tributary_app::conversion::CorrectConversion {
            conversion: again,
            correction_id: "k".into(),
            amount: dkk(20_000),
            net_amount: None,
        };
        correct_conversion(&world.app, &world.admin, right).await.unwrap();
        assert_eq!(amounts(&world, again).await, [1_000, 2_000], "taken back, and right");
        sound(&world, &[first, late, again]).await;
    }

    /// Wrong details are named by field, and nothing is kept.
    async fn wrong_details_are_refused(world: World) {
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        let none = ReportedDetails::default;
        let euro = tributary_money::Money::new(1, tributary_money::Currency::EUR);
        let table = [
            (ReportedDetails { tax: Some(dkk(-1)), ..none() }, "/tax", "negative"),
            (ReportedDetails { tax: Some(dkk(101)), ..none() }, "/tax", "above_gross"),
            (ReportedDetails { margin: Some(euro), ..none() }, "/margin/currency", "currency_mismatch"),
            (ReportedDetails { covers_months: Some(0), ..none() }, "/covers_months", "range"),
            (ReportedDetails { grade: Some(" ".into()), ..none() }, "/grade", "length"),
            (
                ReportedDetails { customer_country: Some("dk".into()), ..none() },
                "/customer_country", "country_malformed",
            ),
            (
                ReportedDetails { items: vec![ReportedItem { quantity: 0, ..item("a", "b", 1) }], ..none() },
                "/items/0/quantity", "range",
            ),
            (
                ReportedDetails { items: vec![item("a", "b", 1); 129], ..none() },
                "/items", "too_many",
            ),
            (
                ReportedDetails { metadata: [("a/b".into(), "\u{7}".into())].into(), ..none() },
                "/metadata/a~1b", "characters",
            ),
        ];
        for (details, pointer, code) in table {
            let outcome = world.send(with(world.sale("1", 100, click), details)).await;
            assert_eq!(refused(&outcome), (pointer.to_owned(), code));
        }
        assert!(world.audited().await.0.is_empty());
    }
}
