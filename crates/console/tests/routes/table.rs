//! Every route x everybody: who gets in, who is not told that there is anything, and that looking
//! changes nothing.

use std::collections::BTreeSet;

use http::Method;
use tributary_app::life::{LifeChange, Selection, approve_commissions};
use tributary_console::{Audience, ROUTES, Route, paths};
use tributary_directory::Role;
use tributary_kernel::KeyId;

use crate::browser::Browser;
use crate::world::{Owner, World};

/// What stands for the placeholders of a path.
struct Ids {
    program: String,
    partnership: String,
    conversion: String,
    commission: String,
    link: String,
}

impl Ids {
    fn path(&self, route: &Route) -> String {
        let nobody = "0".repeat(26);
        route
            .path
            .replace("{program}", &self.program)
            .replace("{partnership}", &self.partnership)
            .replace("{conversion}", &self.conversion)
            .replace("{commission}", &self.commission)
            .replace("{link}", &self.link)
            .replace("{run}", &format!("run_{nobody}"))
            .replace("{statement}", &format!("pay_{nobody}"))
            .replace("{key}", &KeyId::from_bytes([0; 16]).to_string())
            .replace("{fact}", &format!("quar_{nobody}"))
            .replace("{token}", "no-invitation")
    }
}

/// Routes whose last id names something that the small world does not have.
fn names_nothing(route: &Route) -> bool {
    ["{run}", "{statement}", "{fact}", "{key}"].iter().any(|part| route.path.contains(part))
}

async fn ids(world: &World, owner: &Owner, name: &str) -> (Ids, tributary_kernel::UserId) {
    let (partnership, link, user) = world.partner(owner, name).await;
    let conversion = world.sale(owner, &format!("order-{name}"), 100_000, &link).await;
    let mut conn = world.app.record.read().await.unwrap();
    let key = [(owner.id, conversion)];
    let commissions = tributary_store::decision::commissions_of(&mut *conn, &key).await.unwrap();
    let ids = Ids {
        program: owner.program.id.to_string(),
        partnership: partnership.id.to_string(),
        conversion: conversion.to_string(),
        commission: commissions[0].id.to_string(),
        link: link.id.to_string(),
    };
    (ids, user)
}

/// Two organisations, each with a partner who sold something.
async fn two() -> (World, [Owner; 2], [Ids; 2], [tributary_kernel::UserId; 2]) {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let other = world.owner("Other").await;
    let (ours, anna) = ids(&world, &acme, "Anna").await;
    let (theirs, bo) = ids(&world, &other, "Bo").await;
    (world, [acme, other], [ours, theirs], [anna, bo])
}

#[test]
fn every_route_is_a_path_that_pages_know_and_the_other_way_round() {
    let mounted: BTreeSet<&str> = ROUTES.iter().map(|route| route.path).collect();
    let known: BTreeSet<&str> =
        paths::PATHS.iter().copied().filter(|it| *it != "/design").collect();
    assert_eq!(mounted, known);
}

#[tokio::test]
async fn looking_changes_nothing_and_everybody_sees_their_own_in_four_languages() {
    let (world, [acme, _], [ours, _], [anna, _]) = two().await;
    let before = {
        // Sessions are opened first: they are rows too.
        let mut manager = world.browser_of(acme.user).await;
        let mut partner = world.browser_of(anna).await;
        let before = world.dump().await;
        for route in ROUTES.iter().filter(|route| route.method == Method::GET) {
            let path = ours.path(route);
            let browser = match route.audience {
                Audience::Partner => &mut partner,
                Audience::Manager | Audience::SignedIn => &mut manager,
                Audience::Anybody => continue,
            };
            for language in ["en", "da", "sv", "id"] {
                browser.cookies.insert("trib_language".to_owned(), language.to_owned());
                let seen = browser.open(&path).await;
                let expected = if names_nothing(route) {
                    404
                } else if route.path == "/manage" || route.path.ends_with("/live") {
                    303
                } else {
                    200
                };
                assert_eq!(seen.status.as_u16(), expected, "{path}: {}", seen.text);
                if seen.status == 303 {
                    continue;
                }
                assert!(seen.text.contains(&format!("<html lang=\"{language}\">")), "{path}");
                assert!(!seen.text.contains('⟦'), "{path} lacks a message: {}", seen.text);
                let policy = seen.headers["content-security-policy"].to_str().unwrap();
                assert!(policy.contains("form-action 'self'"), "{path}: {policy}");
                assert_eq!(seen.headers["cache-control"], "no-store", "{path}");
            }
            browser.cookies.remove("trib_flash");
        }
        before
    };
    assert_eq!(world.dump().await, before);
}

#[tokio::test]
async fn what_belongs_to_others_is_not_found_and_stays_as_it_is() {
    let (world, [acme, _], [ours, theirs], [anna, _]) = two().await;
    let mut manager = world.browser_of(acme.user).await;
    manager.open(&format!("/manage/{}", ours.program)).await.is(200);
    let mut partner = world.browser_of(anna).await;
    partner.open("/my").await.is(200);
    // Their ids under their program, and their ids slipped in under ours.
    let mixed = Ids { program: ours.program.clone(), ..theirs };
    let theirs = Ids { program: theirs.program.clone(), ..mixed_clone(&mixed) };
    let before = world.dump().await;
    for route in ROUTES {
        let named = route.path.matches('{').count();
        for (ids, least) in [(&theirs, 1), (&mixed, 2)] {
            let path = ids.path(route);
            let browser: &mut Browser = match route.audience {
                Audience::Manager if named >= least => &mut manager,
                Audience::Partner if named >= 1 => &mut partner,
                _ => continue,
            };
            let seen = if route.method == Method::GET {
                browser.open(&path).await
            } else {
                let fields = [("sure", "yes"), ("move", "end"), ("answer", "dismiss")];
                browser.submit(&path, &fields).await
            };
            let code = seen.status.as_u16();
            assert_eq!(code, 404, "{} {path}: {}", route.method, seen.text);
        }
    }
    assert_eq!(world.dump().await, before);
}

fn mixed_clone(ids: &Ids) -> Ids {
    Ids {
        program: ids.program.clone(),
        partnership: ids.partnership.clone(),
        conversion: ids.conversion.clone(),
        commission: ids.commission.clone(),
        link: ids.link.clone(),
    }
}

#[tokio::test]
async fn without_the_token_nothing_is_taken_and_without_a_session_nothing_is_shown() {
    let (world, [acme, _], [ours, _], [anna, _]) = two().await;
    let mut manager = world.browser_of(acme.user).await;
    let mut partner = world.browser_of(anna).await;
    let mut nobody = world.browser();
    let before = world.dump().await;
    for route in ROUTES {
        let path = ours.path(route);
        if route.audience != Audience::Anybody {
            let seen = if route.method == Method::GET {
                nobody.open(&path).await
            } else {
                nobody.submit_plain(&path, &[]).await
            };
            assert_eq!(seen.status.as_u16(), 303, "{} {path}: {}", route.method, seen.text);
            assert!(seen.location().starts_with("/login"), "{path} leads to {}", seen.location());
        }
        if route.method == Method::POST {
            let browser = match route.audience {
                Audience::Partner => &mut partner,
                _ => &mut manager,
            };
            for fields in [&[][..], &[("csrf", "guess")][..]] {
                let seen = browser.submit_plain(&path, fields).await;
                assert_eq!(seen.status.as_u16(), 403, "{path}: {}", seen.text);
            }
        }
    }
    assert_eq!(world.dump().await, before);
}

#[tokio::test]
async fn a_partner_has_no_desk_and_a_manager_no_pocket() {
    let (world, [acme, _], [ours, _], [anna, _]) = two().await;
    let mut manager = world.browser_of(acme.user).await;
    let mut partner = world.browser_of(anna).await;
    for route in ROUTES.iter().filter(|route| route.method == Method::GET) {
        let path = ours.path(route);
        match route.audience {
            Audience::Manager => partner.open(&path).await.is(404),
            Audience::Partner => manager.open(&path).await.is(404),
            _ => continue,
        };
    }
}

#[tokio::test]
async fn who_may_only_read_changes_nothing() {
    let (world, [acme, _], [ours, _], _) = two().await;
    let viewer = world.member(&acme, Role::Viewer).await;
    let mut browser = world.browser_of(viewer).await;
    browser.open(&format!("/manage/{}", ours.program)).await.is(200);
    let before = world.dump().await;
    for route in ROUTES {
        if route.audience != Audience::Manager || route.method != Method::POST {
            continue;
        }
        let path = ours.path(route);
        let fields = [
            ("sure", "yes"),
            ("move", "pause"),
            ("answer", "dismiss"),
            ("decision", "approve"),
            ("id", ours.commission.as_str()),
            ("vouch", "accept"),
            ("scope", "read"),
            ("name", "x"),
            ("seen", "x"),
        ];
        let seen = browser.submit(&path, &fields).await;
        let code = seen.status.as_u16();
        // An act that cannot even begin (no such thing, not waiting) may say that instead.
        assert!(matches!(code, 303 | 403 | 404 | 422), "{path}: {code} {}", seen.text);
        if code == 303 {
            assert!(browser.cookies["trib_flash"].starts_with("0."), "{path} says it was done");
        }
    }
    assert_eq!(world.dump().await, before);
}

#[tokio::test]
async fn conversions_of_another_program_of_the_same_owner_are_not_on_this_ones_pages() {
    let (world, [acme, _], [ours, _], _) = two().await;
    let terms =
        tributary_directory::ProgramTerms { name: "Second".into(), ..acme.program.terms.clone() };
    let second = tributary_app::directory::create_program(&world.app, &acme.actor, acme.id, terms);
    let second = second.await.unwrap();
    let mut browser = world.browser_of(acme.user).await;
    let base = format!("/manage/{}", second.id);
    browser.open(&base).await.is(200).says("Second").says("Acme CRM");
    for rest in
        [format!("/partners/{}", ours.partnership), format!("/conversions/{}", ours.conversion)]
    {
        browser.open(&format!("{base}{rest}")).await.is(404);
    }
    let commission = ours.commission.parse().unwrap();
    let decide = format!("{base}/commissions/decide");
    let fields = [("decision", "approve"), ("id", ours.commission.as_str())];
    browser.submit(&decide, &fields).await.leads_to(&format!("{base}/commissions"));
    let change = LifeChange {
        owner: acme.id,
        selection: Selection::Ids(vec![commission]),
        expected: Some(1),
    };
    let changed = approve_commissions(&world.app, &acme.actor, change).await.unwrap();
    assert!(changed[0].result.is_ok(), "it was still pending");
}
