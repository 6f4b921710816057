//! Every route x everybody: who gets in, who is not told that there is anything, and that looking
//! changes nothing.

use std::collections::BTreeSet;

use http::Method;
use tributary_app::life::{LifeChange, Selection, approve_commissions};
use tributary_console::{Audience, ROUTES, Route, paths};
use tributary_directory::Role;

use crate::tenant::{Tenant, tenant};
use crate::world::World;

/// Fields with which a form gets as far as it can: sure of everything, with a choice of each kind.
const FORM: [(&str, &str); 13] = [
    ("sure", "yes"),
    ("move", "pause"),
    ("answer", "dismiss"),
    ("decision", "approve"),
    ("vouch", "accept"),
    ("scope", "read"),
    ("name", "x"),
    ("seen", "x"),
    ("role", "viewer"),
    ("status", "off"),
    ("amount", "1.00"),
    ("email", "x@x.example"),
    ("language", "en"),
];

/// Two organisations, each with one of everything.
async fn two() -> (World, Tenant, Tenant) {
    let world = World::empty().await;
    let acme = tenant(&world, "Acme", "Anna").await;
    let other = tenant(&world, "Other", "Bo").await;
    (world, acme, other)
}

#[test]
fn every_route_is_a_path_that_pages_know_and_the_other_way_round() {
    let mounted: BTreeSet<&str> = ROUTES.iter().map(|route| route.path).collect();
    let known: BTreeSet<&str> =
        paths::PATHS.iter().copied().filter(|it| *it != "/design").collect();
    assert_eq!(mounted, known);
}

/// Rows of an upload and a proof file are no pages; looking at a proof may have the ledger's head signed.
fn is_file(route: &Route) -> bool {
    ["/proof", "/table", "/pdf", "/ubl"].iter().any(|end| route.path.ends_with(end))
}

#[tokio::test]
async fn looking_changes_nothing_and_everybody_sees_their_own_in_four_languages() {
    let (world, acme, _) = two().await;
    // Sessions are opened first, and heads signed: they are rows too.
    let mut manager = world.browser_of(acme.owner.user).await;
    let mut partner = world.browser_of(acme.partner).await;
    for route in ROUTES.iter().filter(|route| is_file(route)) {
        let mine = route.audience == Audience::Partner;
        let browser = if mine { &mut partner } else { &mut manager };
        browser.open(&acme.ids.path(route)).await.is(200);
    }
    let before = world.dump().await;
    for route in ROUTES.iter().filter(|route| route.method == Method::GET && !is_file(route)) {
        let path = acme.ids.path(route);
        let browser = match route.audience {
            Audience::Partner => &mut partner,
            Audience::Manager | Audience::SignedIn => &mut manager,
            Audience::Anybody => continue,
        };
        for language in ["en", "da", "sv", "id"] {
            browser.cookies.insert("trib_language".to_owned(), language.to_owned());
            let seen = browser.open(&path).await;
            let leads_on = route.path == "/manage"
                || route.path.ends_with("/live")
                || route.path.ends_with("/finance/vouchers");
            let expected = if leads_on { 303 } else { 200 };
            assert_eq!(seen.status.as_u16(), expected, "{path}: {}", seen.text);
            if leads_on {
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
    assert_eq!(world.dump().await, before);
}

#[tokio::test]
async fn what_belongs_to_others_is_not_found_by_anybody_and_stays_as_it_is() {
    let (world, acme, other) = two().await;
    // Their ids under their program, and their ids slipped in under ours. Each names something: the
    // test before this one opens them all.
    let slipped = other.ids.under(acme.ids.get("program"));
    let mut people = Vec::new();
    for (role, user) in &acme.people {
        let mut browser = world.browser_of(*user).await;
        browser.open(&format!("/manage/{}", acme.ids.get("program"))).await.is(200);
        people.push((Audience::Manager, Some(*role), browser));
    }
    let mut browser = world.browser_of(acme.partner).await;
    browser.open("/my").await.is(200);
    people.push((Audience::Partner, None, browser));
    let before = world.dump().await;
    let mut tried = 0;
    for (audience, role, browser) in &mut people {
        for route in ROUTES.iter().filter(|route| route.audience == *audience) {
            let named = route.path.matches('{').count();
            let of_theirs = (named >= 1).then_some(&other.ids);
            // A person's own pages have no program in them.
            let mixed = (named >= 2).then_some(&slipped);
            for (ids, is_mixed) in [(of_theirs, false), (mixed, true)] {
                let Some(ids) = ids else { continue };
                let path = ids.path(route);
                let seen = if route.method == Method::GET {
                    browser.open(&path).await
                } else {
                    browser.submit(&path, &FORM).await
                };
                let code = seen.status.as_u16();
                // Who may not do it at all may be told that instead.
                let lacks_right = *role != Some(Role::Administrator) && is_mixed && code == 403;
                let good = code == 404 || lacks_right;
                assert!(good, "{role:?} {} {path}: {code} {}", route.method, seen.text);
                for id in ["partnership", "conversion", "commission", "run"] {
                    let id = other.ids.get(id);
                    // A page of a no names its own path, to come back to in another language.
                    assert!(path.contains(id) || !seen.text.contains(id), "{path} shows {id}");
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried} paths were tried");
    assert_eq!(world.dump().await, before);
}

/// Pages that somebody without the right is not shown, though they are of their own organisation.
const CLOSED: &[(&str, &[Role])] = &[
    ("/manage/{program}/partners/invite", &[Role::Finance, Role::Viewer]),
    ("/manage/{program}/links/new", &[Role::Finance, Role::Viewer]),
    ("/manage/{program}/leads/new", &[Role::Finance, Role::Viewer]),
    ("/manage/{program}/conversions/{conversion}/refund", &[Role::Finance, Role::Viewer]),
    ("/manage/{program}/conversions/{conversion}/correct", &[Role::Finance, Role::Viewer]),
    ("/manage/{program}/conversions/{conversion}/departure", &[Role::Finance, Role::Viewer]),
    ("/manage/{program}/partners/{partnership}/amount", &[Role::Viewer]),
    ("/manage/{program}/partners/{partnership}/tax", &[Role::Manager, Role::Viewer]),
    ("/manage/{program}/settings/live", &[Role::Finance, Role::Viewer]),
    ("/manage/{program}/settings/people", &[Role::Manager, Role::Finance, Role::Viewer]),
];

#[tokio::test]
async fn every_role_sees_every_page_of_its_own_but_those_that_need_another_right() {
    let (world, acme, _) = two().await;
    for (role, user) in &acme.people {
        let mut browser = world.browser_of(*user).await;
        for route in ROUTES.iter().filter(|route| route.method == Method::GET) {
            if route.audience != Audience::Manager {
                continue;
            }
            let path = acme.ids.path(route);
            let seen = browser.open(&path).await;
            let closed = CLOSED.iter().any(|(it, to)| *it == route.path && to.contains(role));
            let leads_on =
                route.path.ends_with("/live") || route.path.ends_with("/finance/vouchers");
            let expected = match (closed, leads_on) {
                (true, _) => 403,
                (false, true) => 303,
                (false, false) => 200,
            };
            assert_eq!(seen.status.as_u16(), expected, "{role} {path}: {}", seen.text);
        }
    }
}

#[tokio::test]
async fn without_the_token_nothing_is_taken_and_without_a_session_nothing_is_shown() {
    let (world, acme, _) = two().await;
    let ours = &acme.ids;
    let mut manager = world.browser_of(acme.owner.user).await;
    let mut partner = world.browser_of(acme.partner).await;
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
    let (world, acme, _) = two().await;
    let ours = &acme.ids;
    let mut manager = world.browser_of(acme.owner.user).await;
    let mut partner = world.browser_of(acme.partner).await;
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
    let (world, acme, _) = two().await;
    let (_, viewer) = acme.people.iter().find(|(role, _)| *role == Role::Viewer).unwrap();
    let mut browser = world.browser_of(*viewer).await;
    browser.open(&format!("/manage/{}", acme.ids.get("program"))).await.is(200);
    let before = world.dump().await;
    let mut fields = FORM.to_vec();
    fields.extend([("id", acme.ids.get("commission")), ("payout", acme.ids.get("statement"))]);
    for route in ROUTES {
        if route.audience != Audience::Manager || route.method != Method::POST {
            continue;
        }
        let path = acme.ids.path(route);
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
    let (world, Tenant { owner: acme, ids: ours, .. }, _) = two().await;
    let terms =
        tributary_directory::ProgramTerms { name: "Second".into(), ..acme.program.terms.clone() };
    let second = tributary_app::directory::create_program(&world.app, &acme.actor, acme.id, terms);
    let second = second.await.unwrap();
    let mut browser = world.browser_of(acme.user).await;
    let base = format!("/manage/{}", second.id);
    browser.open(&base).await.is(200).says("Second").says("Acme CRM");
    for rest in [
        format!("/partners/{}", ours.get("partnership")),
        format!("/conversions/{}", ours.get("conversion")),
    ] {
        browser.open(&format!("{base}{rest}")).await.is(404);
    }
    let commission = ours.get("commission").parse().unwrap();
    let decide = format!("{base}/commissions/decide");
    let fields = [("decision", "approve"), ("id", ours.get("commission"))];
    browser.submit(&decide, &fields).await.leads_to(&format!("{base}/commissions"));
    let change = LifeChange {
        owner: acme.id,
        selection: Selection::Ids(vec![commission]),
        expected: Some(1),
    };
    let changed = approve_commissions(&world.app, &acme.actor, change).await.unwrap();
    assert!(changed[0].result.is_ok(), "it was still pending");
}
