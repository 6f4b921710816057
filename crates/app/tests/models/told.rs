//! Journeys of a period, models side by side, and what if.

use tributary_app::AppError;
use tributary_app::explain::compare_models;
use tributary_app::report::{JourneyReport, JourneyRequest, journeys};
use tributary_attribution::{Channel, CreditKey, Model, Policy};
use tributary_kernel::LocalDate;
use tributary_money::Share;

use super::common::World;
use super::{clicks, shares, visit, with_visits};

const WHOLE: u64 = Share::PARTS as u64;

async fn report(
    world: &World,
    from: &str,
    what_if: Option<Policy>,
) -> Result<JourneyReport, AppError> {
    let request = JourneyRequest {
        owner: world.owner,
        program: world.program.id,
        from: from.parse::<LocalDate>().unwrap(),
        to: "2026-04-30".parse().unwrap(),
        event: None,
        what_if,
    };
    journeys(&world.app, &world.admin, &request).await
}

on_both! {
    async fn paths_assists_and_models(world: World) {
        let (a, link_a) = world.partner("Anna").await;
        let (b, link_b) = world.partner("Bo").await;
        let both = clicks(&world, &[&link_a, &link_a, &link_b]).await;
        let first = world.apply(world.sale("1", 10_000, both)).await;
        world.apply(world.sale("2", 20_000, both)).await;
        let alone = clicks(&world, &[&link_a]).await;
        let visits = vec![visit(&world, "paid_search", 2)];
        world.apply(with_visits(world.sale("3", 5_001, alone), visits)).await;
        world.apply(world.report("qualified_lead", "l")).await;

        let (key_a, key_b) = (CreditKey::Partnership(a.id), CreditKey::Partnership(b.id));
        let search = CreditKey::Channel(Channel::PAID_SEARCH);
        let policy = Policy { model: Model::FirstTouch, ..Policy::default() };
        let found = report(&world, "2026-03-01", Some(policy)).await.unwrap();
        assert_eq!((found.conversions, found.truncated, found.changed), (4, false, 2));
        let paths: Vec<_> =
            found.paths.iter().map(|it| (it.steps.clone(), it.conversions, it.value)).collect();
        assert_eq!(paths, [
            (vec![key_a.clone(), key_b.clone()], 2, 30_000),
            (vec![search.clone(), key_a.clone()], 1, 5_001),
            (vec![], 1, 0),
        ]);
        assert_eq!(found.lengths[..4], [1, 0, 1, 2]);
        let party = |key: &CreditKey| found.parties.iter().find(|it| it.key == *key).unwrap();
        let anna = party(&key_a);
        assert_eq!((anna.touched, anna.assists), (3, 2));
        assert_eq!((anna.decided.parts, anna.decided.value), (WHOLE, 5_001));
        assert_eq!(anna.what_if.unwrap().parts, 3 * WHOLE);
        assert_eq!(anna.models[&Model::LinearDistinct].parts, 2 * WHOLE);
        assert_eq!(anna.models[&Model::LinearTouches].value, 6_667 + 13_333 + 5_001);
        let bo = party(&key_b);
        assert_eq!((bo.touched, bo.assists, bo.decided.value), (2, 0, 30_000));
        assert_eq!(bo.what_if.unwrap().parts, 0);
        assert_eq!((party(&search).touched, party(&search).decided.parts), (1, 0));
        assert!(!party(&search).models.contains_key(&Model::LastNonDirect));

        // Nothing was written by trying.
        assert_eq!(shares(&world, first).await, [(b.id, 1_000_000_000)].into());
        let none = report(&world, "2026-04-29", None).await.unwrap();
        assert_eq!((none.conversions, none.parties.len()), (0, 0));
        let error = report(&world, "2026-05-01", None).await.unwrap_err();
        assert!(matches!(error, AppError::Refused(it) if it.errors[0].code == "before_from"));

        let models = compare_models(&world.app, &world.admin, first).await.unwrap();
        let of = |model| models.iter().find(|it| it.model == model).unwrap();
        assert!(of(Model::LastPartnerClick).decided && !of(Model::FirstTouch).decided);
        assert_eq!(of(Model::FirstTouch).shares, [(key_a.clone(), Share::ONE)].into());
        let linear = &of(Model::LinearTouches).shares;
        assert_eq!((linear[&key_a].get(), linear[&key_b].get()), (666_666_667, 333_333_333));
        let partner = world.partner_actor(&a);
        assert!(compare_models(&world.app, &partner, first).await.is_err(), "it names everybody");
    }
}
