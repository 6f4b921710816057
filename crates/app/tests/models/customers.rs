//! Whose a customer is when several were credited.

use tributary_app::conversion::{DecidedJourney, ReportConversion};
use tributary_attribution::{Against, Model};

use super::common::{World, dkk};
use super::{amounts, clicks, set, shares, sound, visit, with_visits};

fn of(customer: &str, report: ReportConversion) -> ReportConversion {
    ReportConversion { customer_id: Some(customer.into()), ..report }
}

on_both! {
    /// Later payments are divided as the first was, whatever the model is by then; what was nobody's
    /// stays nobody's.
    async fn payments_follow_the_first(world: World) {
        let (a, link_a) = world.partner("Anna").await;
        let (b, link_b) = world.partner("Bo").await;
        let (_, link_c) = world.partner("Cleo").await;
        set(&world, |policy| {
            policy.model = Model::LinearTouches;
            policy.against = Against::EveryChannel;
        }).await;
        let click = clicks(&world, &[&link_a, &link_b, &link_b]).await;
        let visits = vec![visit(&world, "email", 0)];
        let sale = with_visits(of("c-1", world.sale("1", 40_000, click)), visits);
        let first = world.apply(sale).await;
        assert_eq!(amounts(&world, first).await, [(a.id, 2_000), (b.id, 4_000)].into());

        world.advance_days(30);
        set(&world, |policy| policy.model = Model::LastPartnerClick).await;
        let click = clicks(&world, &[&link_c]).await;
        let second = world.apply(of("c-1", world.sale("2", 40_000, click))).await;
        assert_eq!(amounts(&world, second).await, [(a.id, 2_000), (b.id, 4_000)].into());
        assert_eq!(shares(&world, second).await, shares(&world, first).await);
        sound(&world, &[first, second]).await;
    }

    /// Where a model divides, the lead is a stage of the journey: the sale is divided between all
    /// who led to it, and the W knows when lead and opportunity were made.
    async fn a_lead_assigns_nobody_where_models_divide(world: World) {
        let (a, link_a) = world.partner("Anna").await;
        let (b, link_b) = world.partner("Bo").await;
        set(&world, |policy| policy.model = Model::PositionW).await;
        let first = clicks(&world, &[&link_a]).await;
        let lead = ReportConversion {
            click_id: Some(first.to_string()),
            ..of("c-1", world.report("qualified_lead", "lead-1"))
        };
        let lead = world.apply(lead).await;
        assert_eq!(amounts(&world, lead).await, [(a.id, 50_000)].into());
        world.advance_days(10);
        let click = clicks(&world, &[&link_b]).await;
        let sale = world.apply(of("c-1", world.sale("1", 100_000, click))).await;
        // First, lead and opportunity were Anna's: 90; the other touch has 10.
        assert_eq!(amounts(&world, sale).await, [(a.id, 18_000), (b.id, 2_000)].into());
        let (conversion, _) = world.conversion(sale).await;
        let decided = DecidedJourney::of(&conversion).unwrap();
        assert!(decided.journey.milestones().lead_at.is_some());
        assert!(decided.journey.milestones().opportunity_at.is_some());
        sound(&world, &[lead, sale]).await;
    }

    /// However often a customer comes, a decision reads no more clicks than a journey holds.
    async fn a_customer_of_many_clicks(world: World) {
        let (_, link_a) = world.partner("Anna").await;
        let mut oldest = None;
        for number in 0..120 {
            let click = clicks(&world, &[&link_a]).await;
            oldest.get_or_insert(click);
            world.apply(of("c-1", world.sale(&format!("o{number}"), 100, click))).await;
        }
        let mut conn = world.app.record.read().await.unwrap();
        let rows = conn
            .query("SELECT customer_id, click_id FROM customer_click ORDER BY click_id", vec![])
            .await
            .unwrap();
        assert_eq!(rows.len(), 100);
        assert!(rows.iter().all(|row| row.array::<16>(1).unwrap() != *oldest.unwrap().as_bytes()));
    }

    /// One winner owns the customer from the first conversion on, as ever.
    async fn one_winner_has_the_customer(world: World) {
        let (a, link_a) = world.partner("Anna").await;
        let (_, link_b) = world.partner("Bo").await;
        let click = clicks(&world, &[&link_a]).await;
        let lead = ReportConversion {
            click_id: Some(click.to_string()),
            ..of("c-1", world.report("qualified_lead", "lead-1"))
        };
        let lead = world.apply(lead).await;
        let click = clicks(&world, &[&link_b]).await;
        let sale = world.apply(of("c-1", world.sale("1", 100_000, click))).await;
        assert_eq!(amounts(&world, sale).await, [(a.id, 20_000)].into());
        let amount = Some(dkk(10_000));
        let without = ReportConversion { amount, ..of("c-1", world.report("renewal", "2")) };
        let renewal = world.apply(without).await;
        assert_eq!(amounts(&world, renewal).await, [(a.id, 2_000)].into());
        sound(&world, &[lead, sale, renewal]).await;
    }
}
