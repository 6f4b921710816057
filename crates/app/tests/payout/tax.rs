//! What partners are for tax: who may say it, what is kept of it, what registers answered.

use tributary_app::tax::{
    GiveTaxProfile, KeepVatAnswer, TaxForm, give_tax_profile, keep_vat_answer, list_vat_answers,
    tax_profile_of,
};
use tributary_directory::{Actor, Partnership, Role};
use tributary_kernel::{OrganisationId, UserId};

use crate::common::{World, code};
use crate::payees::second_person;

/// A Danish sole trader, registered for VAT.
pub(crate) fn danish_trader(name: &str) -> TaxForm {
    TaxForm {
        person: "sole_trader".into(),
        name: name.into(),
        street: "Strædet 5".into(),
        post_code: "1456".into(),
        town: "København".into(),
        country: "DK".into(),
        company_number: "13585628".into(),
        vat: "registered".into(),
        vat_number: "DK 13585628".into(),
        pays_own_tax: None,
    }
}

pub(crate) async fn give(world: &World, of: &Partnership, form: TaxForm) -> String {
    let input = GiveTaxProfile { partner: of.partner, form };
    code(give_tax_profile(&world.app, &world.partner_actor(of), input).await)
}

async fn count(world: &World, sql: &'static str) -> i64 {
    let mut conn = world.app.record.read().await.unwrap();
    conn.query(sql, vec![]).await.unwrap()[0].int(0).unwrap()
}

on_both! {
    async fn a_profile_is_given_changed_and_kept_in_versions(world: World) {
        let (anna, _) = world.partner("Anna").await;
        let (bo, _) = world.partner("Bo").await;
        let (app, own) = (&world.app, world.partner_actor(&anna));
        assert_eq!(tax_profile_of(app, &own, anna.partner).await.unwrap(), None);
        let wrong = TaxForm { vat_number: "DK13585627".into(), ..danish_trader("Anna") };
        assert_eq!(give(&world, &anna, wrong).await, "/vat_number number_checksum");
        assert_eq!(give(&world, &anna, danish_trader("Anna")).await, "done");
        assert_eq!(give(&world, &anna, danish_trader("Anna")).await, "done");
        assert_eq!(count(&world, "SELECT COUNT(*) FROM tax_profile").await, 1, "the same again");

        // While nobody else works with it, who pays it may say it too.
        let lars = second_person(&world).await;
        let form = TaxForm { person: "company".into(), ..danish_trader("Anna ApS") };
        let input = GiveTaxProfile { partner: anna.partner, form };
        let given = give_tax_profile(app, &lars, input.clone()).await.unwrap();
        assert_eq!(given.profile.name, "Anna ApS");
        let seen = tax_profile_of(app, &own, anna.partner).await.unwrap().unwrap();
        assert_eq!(seen, given, "the newest, for both sides");
        assert_eq!(count(&world, "SELECT COUNT(*) FROM tax_profile").await, 2);
        let in_use = "SELECT COUNT(*) FROM tax_profile WHERE replaced_at IS NULL";
        assert_eq!(count(&world, in_use).await, 1);

        let stranger = world.partner_actor(&bo);
        let manager =
            Actor::Member { user: UserId::from_bytes([8; 16]), owner: world.owner, role: Role::Manager };
        let foreign = Actor::Member {
            user: UserId::from_bytes([8; 16]),
            owner: OrganisationId::from_bytes([7; 16]),
            role: Role::Administrator,
        };
        for (actor, expected) in
            [(&stranger, "not_found"), (&manager, "missing_permission"), (&foreign, "not_found")]
        {
            assert_eq!(code(tax_profile_of(app, actor, anna.partner).await), expected);
            assert_eq!(code(give_tax_profile(app, actor, input.clone()).await), expected);
        }

        // The trail names no person, and the rows tell nothing without the key.
        let mut conn = app.record.read().await.unwrap();
        let sql = "SELECT detail FROM audit WHERE action = 'tax_profile.given' ORDER BY id";
        let trail = conn.query(sql, vec![]).await.unwrap();
        assert_eq!(trail.len(), 2);
        assert!(trail.iter().all(|row| !row.text(0).unwrap().contains("Anna")), "{trail:?}");
        let rows = conn.query("SELECT sealed FROM tax_profile", vec![]).await.unwrap();
        for row in rows {
            let bytes = row.bytes(0).unwrap();
            assert!(!bytes.windows(8).any(|it| it == b"13585628"), "a number lies open");
        }
    }

    async fn what_a_register_answered_is_kept_by_who_asked(world: World) {
        let (anna, _) = world.partner("Anna").await;
        let (app, admin) = (&world.app, &world.admin);
        let answer = |number: &str, valid, day: &str| KeepVatAnswer {
            owner: world.owner,
            partner: anna.partner,
            number: number.into(),
            valid,
            registered_name: "ANNA HOLM".into(),
            reference: " ".into(),
            asked_on: day.parse().unwrap(),
        };
        keep_vat_answer(app, admin, answer("DK 1358 5628", false, "2026-03-01")).await.unwrap();
        world.clock.advance_seconds(1);
        keep_vat_answer(app, admin, answer("dk13585628", true, "2026-03-02")).await.unwrap();
        for (number, day, expected) in [
            ("?", "2026-03-02", "/number number_form"),
            ("DK13585628", "2026-03-04", "/asked_on in_the_future"),
        ] {
            assert_eq!(code(keep_vat_answer(app, admin, answer(number, true, day)).await), expected);
        }
        let page = world.first_page();
        let list = list_vat_answers(app, admin, world.owner, anna.partner, page).await.unwrap();
        let told: Vec<_> = list.items.iter().map(|it| (it.number.as_str(), it.valid)).collect();
        assert_eq!(told, [("DK13585628", true), ("DK13585628", false)], "newest first");
        assert_eq!(list.items[0].reference, None);
        let own = world.partner_actor(&anna);
        let seen = list_vat_answers(app, &own, world.owner, anna.partner, page).await;
        assert_eq!(code(seen), "not_found", "it is the owner's own note");
    }
}
