//! Whose touches count: one person by several ids, and the people of a company.

use tributary_app::conversion::{domain_of_mail, redecide_queued};
use tributary_attribution::People;

use super::*;

/// A report of somebody with a mail address, as the API reads it.
fn by(
    world: &World,
    report: ReportConversion,
    customer: Option<&str>,
    mail: &str,
) -> ReportConversion {
    let company_domain = domain_of_mail(mail);
    let details = ReportedDetails { company_domain, ..ReportedDetails::default() };
    ReportConversion {
        customer_id: customer.map(str::to_owned),
        mail_key: Some(world.app.mail_key(world.owner, mail).unwrap()),
        details: Some(Box::new(details)),
        ..report
    }
}

fn of_company(report: ReportConversion, id: &str) -> ReportConversion {
    let mut details = report.details.clone().unwrap_or_default();
    details.company_id = Some(id.to_owned());
    ReportConversion { details: Some(details), ..report }
}

fn clicked(report: ReportConversion, click: ClickId) -> ReportConversion {
    ReportConversion { click_id: Some(click.to_string()), ..report }
}

fn paid(report: ReportConversion, minor: i64) -> ReportConversion {
    ReportConversion { amount: Some(common::dkk(minor)), ..report }
}

async fn whose(world: &World, id: ConversionId) -> Vec<PartnershipId> {
    shares(world, id).await.into_keys().collect()
}

on_both! {
    /// One reads on a phone, another asks for a meeting at a desk, sales close five months later.
    async fn a_company_reads_asks_and_buys(world: World) {
        set(&world, |policy| policy.people = People::Company).await;
        let (blogger, link) = world.partner("Anna").await;
        let phone = world.click(&link).await;
        let read = clicked(world.report("signup", "reader"), phone);
        world.apply(by(&world, read, Some("c1"), "reader@bolt.dk")).await;
        world.advance_days(3);
        let asked = world.report("qualified_lead", "meeting");
        let asked = world.apply(by(&world, asked, Some("c2"), "boss@bolt.dk")).await;
        assert_eq!(whose(&world, asked).await, [blogger.id]);
        assert_eq!(amounts(&world, asked).await[&blogger.id], 50_000);
        world.advance_days(150);
        let closed = paid(world.report("sale", "deal"), 10_000_000);
        let closed = world.apply(by(&world, closed, Some("c3"), "cfo@bolt.dk")).await;
        assert_eq!(amounts(&world, closed).await[&blogger.id], 2_000_000);

        let partner = world.partner_actor(&blogger);
        let told = explain_conversion(&world.app, &partner, asked).await.unwrap();
        assert!(told.credit.touches.iter().any(|touch| touch.other_person));
        assert!(told.credit.touches.iter().all(|touch| touch.person.is_none()), "nobody is named");
        let told = explain_conversion(&world.app, &world.admin, asked).await.unwrap();
        assert!(told.credit.touches.iter().any(|touch| touch.person.is_some()));
        sound(&world, &[asked, closed]).await;
    }

    /// Nothing joins people where the program does not say so, in public mail, or across companies.
    async fn others_stay_apart(world: World) {
        let (_, link) = world.partner("Anna").await;
        let read = clicked(world.report("signup", "r1"), world.click(&link).await);
        world.apply(by(&world, read, Some("c1"), "reader@bolt.dk")).await;
        let alone = paid(world.report("sale", "1"), 10_000);
        let alone = world.apply(by(&world, alone, Some("c2"), "boss@bolt.dk")).await;
        assert!(whose(&world, alone).await.is_empty(), "the program counts each customer alone");

        set(&world, |policy| policy.people = People::Company).await;
        let read = clicked(world.report("signup", "r2"), world.click(&link).await);
        world.apply(by(&world, read, Some("c3"), "reader@gmail.com")).await;
        let public = paid(world.report("sale", "2"), 10_000);
        let public = world.apply(by(&world, public, Some("c4"), "boss@gmail.com")).await;
        assert!(whose(&world, public).await.is_empty());

        // Two companies of a group, with one domain.
        let read = clicked(world.report("signup", "r3"), world.click(&link).await);
        let read = of_company(by(&world, read, Some("c5"), "reader@group.dk"), "north");
        world.apply(read).await;
        let south = paid(world.report("sale", "3"), 10_000);
        let south = of_company(by(&world, south, Some("c6"), "boss@group.dk"), "south");
        let south = world.apply(south).await;
        assert!(whose(&world, south).await.is_empty());
        let north = of_company(paid(world.report("sale", "4"), 10_000), "north");
        let north = ReportConversion { customer_id: Some("c7".into()), ..north };
        assert_eq!(whose(&world, world.apply(north).await).await.len(), 1);
        sound(&world, &[alone, public, south]).await;
    }

    /// The same address under two ids, and without any.
    async fn a_mail_address_is_one_person(world: World) {
        set(&world, |policy| policy.people = People::Person).await;
        let (anna, link) = world.partner("Anna").await;
        let read = clicked(world.report("signup", "r1"), world.click(&link).await);
        world.apply(by(&world, read, None, "reader@gmail.com")).await;
        let sale = paid(world.report("sale", "1"), 10_000);
        let first = world.apply(by(&world, sale, Some("c1"), "Reader@gmail.com")).await;
        assert_eq!(whose(&world, first).await, [anna.id]);
        let sale = paid(world.report("sale", "2"), 10_000);
        let second = world.apply(by(&world, sale, None, "reader@gmail.com")).await;
        assert_eq!(whose(&world, second).await, [anna.id]);
        let sale = paid(world.report("sale", "3"), 10_000);
        let other = world.apply(by(&world, sale, None, "writer@gmail.com")).await;
        assert!(whose(&world, other).await.is_empty());
        sound(&world, &[first, second, other]).await;
    }

    /// What is learnt of people later decides what is still pending once more.
    async fn learnt_late(world: World) {
        set(&world, |policy| policy.people = People::Company).await;
        let (anna, link) = world.partner("Anna").await;
        let phone = world.click(&link).await;
        world.advance_days(1);
        let asked = world.report("qualified_lead", "meeting");
        let asked = world.apply(by(&world, asked, Some("c2"), "boss@bolt.dk")).await;
        assert!(whose(&world, asked).await.is_empty());
        world.advance_days(1);
        let read = clicked(world.report("signup", "reader"), phone);
        world.apply(by(&world, read, Some("c1"), "reader@bolt.dk")).await;
        let report = redecide_queued(&world.app, 100).await.unwrap();
        assert_eq!(report.changed, 1);
        assert_eq!(amounts(&world, asked).await[&anna.id], 50_000);
        let report = redecide_queued(&world.app, 100).await.unwrap();
        assert_eq!(report.looked_at, 0);
        sound(&world, &[asked]).await;
    }
}
