//! The calls that the page's script makes.

use tributary_click::{Class, Consent, Entry};

use crate::world::{Request, World};

const PAGE: (&str, &str) = ("Origin", "https://www.acme.dk");
const FOREIGN: (&str, &str) = ("Origin", "https://evil.example");

fn landing(world: &World, query: &str) -> Request {
    world.get(&format!("/_trib/landing?program=pk_acme&{query}"))
}

#[test]
fn a_landing_page_with_a_code_is_a_click() {
    let world = World::new();
    let reply = landing(&world, "via=ANNA&sub3=x&r=blog.example&consent=unknown")
        .headers(&[PAGE, ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Dest", "empty")])
        .send();
    let id = reply.json_id().unwrap();
    assert!(world.believes(&id));
    assert_eq!(reply.header("access-control-allow-origin"), Some(PAGE.1));
    assert_eq!(reply.header("vary"), Some("origin"));
    assert_eq!(reply.header("set-cookie"), None);
    let click = world.only_click();
    assert_eq!(click.click_id.unwrap().to_string(), id);
    assert!(click.by_parameter);
    assert_eq!((click.class, click.consent), (Class::Countable, Consent::Unknown));
    assert_eq!((click.link_number, click.sub_ids[2].as_deref()), (1, Some("x")));
    assert_eq!(click.referrer_host.as_deref(), Some("blog.example"));
    assert!(click.visitor_key.is_some());
}

#[test]
fn a_landing_tells_what_is_known_of_consent() {
    for (query, gpc, expected) in [
        ("via=anna&consent=granted", None, Consent::Granted),
        ("ref=anna", None, Consent::Unknown),
        ("aff=anna&consent=denied", None, Consent::Denied),
        ("via=anna&consent=granted", Some(("Sec-GPC", "1")), Consent::Denied),
    ] {
        let world = World::new();
        let reply = landing(&world, query).header(PAGE.0, PAGE.1).headers(gpc.as_slice()).send();
        let click = world.only_click();
        assert_eq!(click.consent, expected, "{query}");
        let identified = expected != Consent::Denied;
        assert_eq!(reply.json_id().is_some(), identified, "{query}");
        assert_eq!(click.click_id.is_some(), identified, "{query}");
        assert_eq!(click.visitor_key.is_some(), identified, "{query}");
    }
}

#[test]
fn landings_that_are_none_are_refused() {
    let world = World::new();
    for (query, headers, status, code) in [
        ("via=nobody", vec![PAGE], 404, "unknown_code"),
        ("via=gone", vec![PAGE], 404, "unknown_code"),
        ("else=anna", vec![PAGE], 404, "unknown_code"),
        ("via=anna", vec![FOREIGN], 403, "foreign_page"),
        ("via=anna", vec![("Origin", "null")], 403, "foreign_page"),
        ("via=anna", vec![], 403, "foreign_page"),
        ("via=anna", vec![("Sec-Fetch-Site", "cross-site")], 403, "foreign_page"),
        ("via=anna", vec![("Referer", "https://acme.dk.evil.example/")], 403, "foreign_page"),
    ] {
        let reply = landing(&world, query).headers(&headers).send();
        assert_eq!((reply.status, reply.body.contains(code)), (status, true), "{query} {reply:?}");
    }
    let reply = world.get("/_trib/landing?program=pk_none&via=anna").send();
    assert_eq!(reply.status, 404);
    assert_eq!(world.metrics().calls_refused.get(), 9);
    assert_eq!(landing(&world, "via=anna").header(PAGE.0, PAGE.1).send().status, 200);
    assert_eq!(world.only_click().link_number, 1);
    let preflight =
        world.request("OPTIONS", "/_trib/landing?program=pk_acme").header(PAGE.0, PAGE.1);
    let preflight = preflight.send();
    assert_eq!(preflight.header("access-control-allow-origin"), Some(PAGE.1));
}

#[test]
fn a_yes_through_the_own_host_sets_the_cookie_and_a_no_deletes_it() {
    let world = World::new();
    let id = world.get("/anna").send().id().unwrap();
    let own = [("Sec-Fetch-Site", "same-origin"), PAGE];
    let yes = world
        .request("POST", "/_trib/consent")
        .headers(&own)
        .host("www.acme.dk")
        .body(&format!("state=granted&id={id}"))
        .send();
    assert_eq!(yes.status, 204, "{yes:?}");
    let cookie = format!("_trib={id}; Max-Age=7776000; Path=/; SameSite=Lax; Secure");
    assert_eq!(yes.header("set-cookie"), Some(cookie.as_str()));
    // A later click of the same browser: the older id is found in its cookie.
    let next = world.get("/anna/crm").send().id().unwrap();
    let again = world
        .get(&format!("/_trib/consent?state=granted&id={next}"))
        .headers(&own)
        .header("Cookie", &format!("_trib={id}"))
        .send();
    assert_eq!(again.status, 204);
    // The cookie says which click a no is about.
    let no = world
        .request("POST", "/_trib/consent")
        .headers(&own)
        .header("Cookie", &format!("_trib={next}"))
        .body("state=withdrawn")
        .send();
    assert_eq!(no.status, 204);
    assert_eq!(no.header("set-cookie"), Some("_trib=; Max-Age=0; Path=/; SameSite=Lax; Secure"));
    let told: Vec<_> = (world.consents(5).into_iter())
        .map(|c| (c.click_id.to_string(), c.state, c.previous.map(|p| p.to_string())))
        .collect();
    let expected = [
        (id.clone(), Consent::Granted, None),
        (next.clone(), Consent::Granted, Some(id)),
        (next, Consent::Denied, None),
    ];
    assert_eq!(told, expected);
}

#[test]
fn who_may_speak_for_a_visitor() {
    let world = World::new();
    let id = world.get("/anna").send().id().unwrap();
    let site = |value| ("Sec-Fetch-Site", value);
    let referer = |value| ("Referer", value);
    // method, host, headers -> status and cookie for a yes, status for a no
    type Row<'a> = (&'a str, &'a str, Vec<(&'a str, &'a str)>, (u16, bool), u16);
    let own = "www.acme.dk";
    let edge = "trib.example";
    let rows: Vec<Row<'_>> = vec![
        ("POST", own, vec![site("same-origin"), PAGE], (204, true), 204),
        // A proxy that calls us by our own name: the browser's word is enough.
        ("POST", edge, vec![site("same-origin"), PAGE], (204, true), 204),
        ("GET", own, vec![site("same-origin")], (204, true), 204),
        ("GET", own, vec![referer("https://www.acme.dk/page")], (204, true), 204),
        ("POST", edge, vec![site("cross-site"), PAGE], (204, false), 204),
        ("GET", edge, vec![referer("https://www.acme.dk/page")], (204, false), 204),
        // The image on a stranger's page.
        ("GET", own, vec![site("cross-site"), referer("https://evil.example/")], (403, false), 403),
        ("GET", own, vec![site("cross-site")], (403, false), 403),
        ("POST", own, vec![FOREIGN], (403, false), 403),
        ("POST", own, vec![("Origin", "null")], (403, false), 403),
        ("GET", own, vec![referer("https://evil.example/www.acme.dk")], (403, false), 403),
        ("GET", own, vec![referer("https://www.acme.dk@evil.example/")], (403, false), 403),
        ("POST", edge, vec![site("same-origin")], (403, false), 403),
        // Nobody says anything: a server by POST, never a cookie.
        ("POST", own, vec![], (204, false), 204),
        ("GET", own, vec![], (403, false), 204),
        ("GET", own, vec![site("none")], (403, false), 204),
    ];
    for (method, host, headers, yes, no) in rows {
        let tell = |state: &str| {
            let target = format!("/_trib/consent?state={state}&id={id}");
            world.request(method, &target).host(host).headers(&headers).send()
        };
        let told = tell("granted");
        assert_eq!((told.status, told.header("set-cookie").is_some()), yes, "{method} {headers:?}");
        assert_eq!(tell("denied").status, no, "{method} {host} {headers:?}");
    }
}

#[test]
fn a_browser_that_refuses_for_everybody_gets_no_cookie() {
    let world = World::new();
    let id = world.get("/anna").send().id().unwrap();
    let reply = world
        .get(&format!("/_trib/consent?state=granted&id={id}"))
        .host("www.acme.dk")
        .headers(&[("Sec-Fetch-Site", "same-origin"), ("Sec-GPC", "1")])
        .send();
    assert_eq!((reply.status, reply.header("set-cookie")), (204, None));
    assert!(world.consents(1).is_empty());
}

#[test]
fn malformed_and_forged_consents_are_refused_and_then_limited() {
    let world = World::new();
    let id = world.get("/anna").send().id().unwrap();
    let big = format!("state=granted&id={id}&x={}", "y".repeat(3_000));
    for (body, status) in [
        ("state=perhaps", 400),
        (&*format!("state=granted&id={id}&state=denied"), 204),
        ("state=granted", 400),
        ("state=granted&id=clk_", 400),
        ("state=granted&id=%ff", 400),
        (&*big, 400),
    ] {
        let reply = world.request("POST", "/_trib/consent").headers(&[PAGE]).body(body).send();
        assert_eq!(reply.status, status, "{body}");
    }
    assert_eq!(world.request("PUT", "/_trib/consent").send().status, 405);
    // Another link's number under the same MAC is no id of ours.
    let mut forged = id.into_bytes();
    let last = forged.len() - 1;
    forged[last] = if forged[last] == b'0' { b'1' } else { b'0' };
    let target = format!("/_trib/consent?state=granted&id={}", String::from_utf8(forged).unwrap());
    let mut statuses = Vec::new();
    for _ in 0..61 {
        statuses.push(world.request("POST", &target).headers(&[PAGE]).send().status);
    }
    assert_eq!(statuses.first(), Some(&400));
    assert_eq!(statuses.last(), Some(&429));
    assert!(world.metrics().rate_limited.get() > 0);
    let good = world.get("/anna").send();
    assert!(good.id().is_some(), "clicks are never limited");
    world.clock.advance_seconds(60);
    assert_eq!(world.request("POST", &target).headers(&[PAGE]).send().status, 400);
    let clicks = world.entries(3).iter().filter(|e| matches!(e, Entry::Click(_))).count();
    assert_eq!(clicks, 2);
}

#[test]
fn the_script_is_served_with_its_etag() {
    let world = World::new();
    for target in ["/t.js", "/_trib/t.js"] {
        let reply = world.get(target).send();
        assert_eq!(reply.status, 200);
        assert_eq!(reply.header("content-type"), Some("text/javascript; charset=utf-8"));
        assert!(reply.header("cache-control").unwrap().contains("max-age"));
        assert!(reply.body.contains("tributary"));
        let etag = reply.header("etag").unwrap().to_owned();
        let again = world.get(target).header("If-None-Match", &format!("\"x\", W/{etag}")).send();
        assert_eq!((again.status, again.body.as_str()), (304, ""));
        assert_eq!(world.get(target).header("If-None-Match", "\"x\"").send().status, 200);
    }
}
