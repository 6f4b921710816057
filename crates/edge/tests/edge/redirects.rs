use tributary_click::{Class, Consent, Device, Entry};

use crate::world::{NOT_FOUND, PERSON, World};

#[test]
fn links_are_found_by_host_and_path() {
    let world = World::new();
    for (host, target, expected) in [
        ("trib.example", "/anna", "https://www.acme.dk/start?trib=ID"),
        ("trib.example", "/ANNA", "https://www.acme.dk/start?trib=ID"),
        ("trib.example", "/anna/", "https://www.acme.dk/start?trib=ID"),
        ("trib.example", "/%61nna", "https://www.acme.dk/start?trib=ID"),
        ("trib.example", "/anna/crm", "https://www.acme.dk/crm?x=1&trib=ID#top"),
        ("go.acme.dk", "/anna", "https://www.acme.dk/own-host?trib=ID"),
        ("GO.acme.DK.:8080", "/anna", "https://www.acme.dk/own-host?trib=ID"),
        ("go.acme.dk", "/anna/crm", "https://www.acme.dk/crm?x=1&trib=ID#top"),
        ("trib.example", "http://go.acme.dk/anna", "https://www.acme.dk/own-host?trib=ID"),
    ] {
        let reply = world.get(target).host(host).send();
        assert_eq!(reply.shape(), expected, "{host}{target}");
        assert!(world.believes(&reply.id().unwrap()));
    }
}

#[test]
fn a_click_is_on_record_before_its_answer() {
    let world = World::new();
    let reply = world
        .get("/anna?sub1=newsletter-14&sub5=a%20b+c&sub2=%00x&utm_source=blog&else=1")
        .header("Referer", "https://Blog.example.org:8443/a/page?q=secret")
        .send();
    assert_eq!(reply.shape(), "https://www.acme.dk/start?trib=ID&utm_source=blog");
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("content-length"), Some("0"));
    assert_eq!(reply.header("set-cookie"), None, "consent comes first");
    assert_eq!(reply.header("referrer-policy"), None);
    let click = world.only_click();
    assert_eq!(click.click_id.unwrap().to_string(), reply.id().unwrap());
    assert_eq!(click.link_number, 1);
    assert_eq!(click.class, Class::Countable);
    assert_eq!(click.consent, Consent::Unknown);
    assert_eq!(click.device, Device::Phone);
    assert_eq!(click.referrer_host.as_deref(), Some("blog.example.org"));
    let [one, two, .., five] = &click.sub_ids;
    assert_eq!(one.as_deref(), Some("newsletter-14"));
    assert_eq!(two.as_deref(), None, "control characters");
    assert_eq!(five.as_deref(), Some("a b c"));
    assert!(click.visitor_key.is_some());
    assert!(!click.by_parameter && !click.test);
    assert_eq!(click.destination, None);
}

#[test]
fn deep_links_go_to_the_programs_domains_only() {
    let world = World::new();
    let taken = [
        ("https://acme.dk/a?b=c%23d%23e", "https://acme.dk/a?b=c%23d%23e&trib=ID"),
        ("https://deep.er.acme.dk", "https://deep.er.acme.dk/?trib=ID"),
        ("HTTPS://ACME.DK/a%23frag", "https://acme.dk/a%23frag?trib=ID"),
        ("https://acme.dk/x?trib=clk_other", "https://acme.dk/x?trib=ID"),
    ];
    for (to, expected) in taken {
        let encoded = to.replace('%', "%25").replace('&', "%26");
        let reply = world.get(&format!("/anna?to={encoded}")).send();
        assert_eq!(reply.shape(), expected, "{to}");
    }
    let refused = [
        "https://evil.example/",
        "https://acme.dk.evil.example/",
        "https://notacme.dk/",
        "https://acme.dk@evil.example/",
        "https://evil.example\\@acme.dk/",
        "https:\\\\evil.example",
        "//evil.example/",
        "/relative",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://acme.dk/",
        "https:acme.dk",
        "https:///evil.example",
        "https://acme.dk%0d%0aSet-Cookie:x=y",
        "ht%09tps://acme.dk/",
        "%01https://acme.dk/",
        "https://acme.dk./",
        "",
    ];
    for to in refused {
        let reply = world.get(&format!("/anna?to={to}")).send();
        assert_eq!(reply.shape(), "https://www.acme.dk/start?trib=ID", "{to}");
    }
    assert_eq!(world.metrics().deep_links_refused.get(), refused.len() as u64);
    let entries = world.entries(taken.len() + refused.len());
    let deep = entries.iter().filter(|entry| match entry {
        Entry::Click(click) => click.destination.is_some(),
        _ => false,
    });
    assert_eq!(deep.count(), taken.len());
}

#[test]
fn what_names_no_link_gets_the_page_or_the_fallback() {
    let world = World::new();
    for target in ["/", "/nobody", "/anna/else", "/anna/crm/more", "/%E0%B8%81", "//anna"] {
        let reply = world.get(target).send();
        assert_eq!((reply.status, reply.body.as_str()), (404, NOT_FOUND), "{target}");
        assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
    }
    assert_eq!(world.metrics().unknown_links.get(), 6);
    let fallback = "https://www.network.example/".to_owned();
    let world = World::with(|config| config.fallback_url = Some(fallback.clone()));
    assert_eq!(world.get("/nobody").send().location(), fallback);
    assert_eq!(world.get("/favicon.ico").send().status, 404);
}

#[test]
fn paused_links_and_programs_give_no_credit() {
    let world = World::new();
    assert_eq!(world.get("/old?sub1=x").send().location(), "https://paused.example/");
    assert_eq!(world.get("/gone").send().location(), "https://www.acme.dk/gone");
    assert_eq!(world.get("/anna").send().shape(), "https://www.acme.dk/start?trib=ID");
    assert_eq!(world.only_click().link_number, 1, "the others left no record");
    assert_eq!(world.metrics().paused_links.get(), 2);
}

#[test]
fn machines_are_sent_on_and_marked_and_get_no_id() {
    let world = World::new();
    let plain = "https://www.acme.dk/start";
    let by_code = "https://www.acme.dk/start?via=anna";
    type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], Class, &'a str);
    let rows: [Row<'_>; 7] = [
        ("HEAD", &[("User-Agent", PERSON)], Class::Head, plain),
        ("GET", &[("User-Agent", "curl/8.5.0")], Class::Bot, plain),
        ("GET", &[], Class::Bot, plain),
        ("GET", &[("User-Agent", PERSON), ("Sec-Purpose", "prefetch")], Class::Prefetch, by_code),
        ("GET", &[("User-Agent", PERSON), ("Sec-Fetch-Dest", "iframe")], Class::Hidden, plain),
        ("GET", &[("User-Agent", PERSON), ("Sec-Fetch-Mode", "no-cors")], Class::Hidden, plain),
        ("GET", &[("User-Agent", PERSON), ("Accept", "image/webp,*/*")], Class::Hidden, plain),
    ];
    for (method, headers, _, expected) in &rows {
        let reply = world.request(method, "/anna").headers(headers).send();
        assert_eq!(reply.location(), *expected, "{method} {headers:?}");
    }
    let mut classes: Vec<Class> = (world.entries(rows.len()).iter())
        .map(|entry| match entry {
            Entry::Click(click) => {
                assert_eq!((click.click_id, click.visitor_key), (None, None));
                click.class
            }
            other => panic!("not a click: {other:?}"),
        })
        .collect();
    let mut expected: Vec<Class> = rows.iter().map(|row| row.2).collect();
    classes.sort();
    expected.sort();
    assert_eq!(classes, expected);
    assert_eq!(world.metrics().clicks_countable.get(), 0);
    assert_eq!(world.metrics().clicks_machine.get(), rows.len() as u64);
}

#[test]
fn who_denies_is_counted_and_nothing_else() {
    for header in [("Sec-GPC", "1"), ("Cookie", "a=b; _trib=denied")] {
        let world = World::new();
        for target in ["/anna", "/bjorn"] {
            let reply = world.get(target).headers(&[header]).send();
            // The script of the landing page is told that the click is counted.
            let end = format!("?via={}&trib_seen=1", &target[1..]);
            assert!(reply.location().ends_with(&end), "{reply:?}");
            assert_eq!(reply.header("set-cookie"), None);
        }
        for entry in world.entries(2) {
            let Entry::Click(click) = entry else { panic!("{entry:?}") };
            assert_eq!((click.click_id, click.visitor_key), (None, None));
            assert_eq!((click.consent, click.class), (Consent::Denied, Class::Countable));
        }
        assert_eq!(world.metrics().clicks_denied.get(), 2);
    }
}

#[test]
fn without_need_of_consent_the_edge_keeps_its_own_cookie_and_chains_journeys() {
    let world = World::new();
    let first = world.get("/bjorn").send();
    let id = first.id().unwrap();
    let cookie = format!("_trib={id}; Max-Age=7776000; Path=/; SameSite=Lax; Secure");
    assert_eq!(first.header("set-cookie"), Some(cookie.as_str()));
    let second = world.get("/bjorn").header("Cookie", &format!("_trib={id}")).send();
    let next = second.id().unwrap();
    assert_ne!(next, id);
    let consents = world.consents(3);
    assert_eq!(consents.len(), 1);
    assert_eq!(consents[0].click_id.to_string(), next);
    assert_eq!(consents[0].previous.unwrap().to_string(), id);
    assert_eq!(consents[0].state, Consent::Granted);
    // A cookie that is not ours starts no chain.
    let forged = "clk_01000000000000000000000000";
    world.get("/bjorn").header("Cookie", &format!("_trib={forged}")).send();
    assert_eq!(world.metrics().ids_forged.get(), 1);
    assert_eq!(world.consents(4).len(), 1);
    // On the advertiser's own domain the cookie may be for all of it.
    let own = world.get("/bjorn").host("go.shop.se").send();
    assert!(own.header("set-cookie").unwrap().ends_with("; Secure; Domain=shop.se"), "{own:?}");
    // And in a program on consent a cookie changes nothing.
    let third = world.get("/anna").header("Cookie", &format!("_trib={id}")).send();
    assert_eq!(third.header("set-cookie"), None);
    let entries = world.entries(6);
    let Some(Entry::Click(click)) = entries.last() else { panic!("{entries:?}") };
    assert_eq!(click.consent, Consent::Unknown);
}

#[test]
fn test_programs_are_marked() {
    let world = World::new();
    world.get("/tester").send();
    assert!(world.only_click().test);
}

#[test]
fn visitors_are_told_apart_by_network_agent_and_day() {
    let world = World::with(|config| {
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        config.country_header = Some(::http::HeaderName::from_static("cf-ipcountry"));
    });
    let visits = [
        ("203.0.113.7", PERSON, "/anna"),
        ("203.0.113.200", PERSON, "/anna/crm"), // the same /24: the same visitor
        ("203.0.114.7", PERSON, "/anna"),
        ("203.0.113.7", "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0", "/anna"),
        ("203.0.113.7", PERSON, "/bjorn"), // another owner
    ];
    for (address, agent, target) in visits {
        let chain = format!("198.51.100.1, {address}, 127.0.0.9");
        let request = world.request("GET", target).header("User-Agent", agent);
        request.header("X-Forwarded-For", &chain).header("CF-IPCountry", "dk").send();
    }
    world.clock.advance_seconds(24 * 3_600);
    let tomorrow = "the salt of the next day";
    crate::world::wait_for(tomorrow, || {
        world.get("/anna").header("X-Forwarded-For", "203.0.113.7").send();
        let keys = keys(&world);
        keys.last() != keys.first()
    });
    let keys = keys(&world);
    assert_eq!(keys[0], keys[1]);
    for (place, key) in keys.iter().enumerate().skip(2).take(3) {
        assert_ne!(keys[0], *key, "{:?}", visits[place]);
    }
    let entries = world.entries(1);
    let Entry::Click(click) = &entries[0] else { panic!("{entries:?}") };
    assert_eq!(click.country, Some(*b"DK"));
}

fn keys(world: &World) -> Vec<[u8; 16]> {
    let clicks = world.entries(5).into_iter().filter_map(|entry| match entry {
        Entry::Click(click) => click.visitor_key,
        _ => None,
    });
    clicks.collect()
}

#[test]
fn forwarded_headers_count_from_trusted_proxies_only() {
    let trusting = World::with(|config| {
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    });
    let wary = World::new();
    for (name, value) in [
        ("X-Forwarded-Host", "go.acme.dk"),
        ("X-Forwarded-Host", "else.example, go.acme.dk:443"),
        ("Forwarded", "for=192.0.2.1;host=\"go.acme.dk\";proto=https"),
    ] {
        let reply = trusting.get("/anna").header(name, value).send();
        assert_eq!(reply.shape(), "https://www.acme.dk/own-host?trib=ID", "{name}: {value}");
        let reply = wary.get("/anna").header(name, value).send();
        assert_eq!(reply.shape(), "https://www.acme.dk/start?trib=ID", "{name}: {value}");
    }
}

#[test]
fn no_two_clicks_have_one_id() {
    let world = World::new();
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let mut client = world.connect();
            let request = world.get("/anna").text();
            std::thread::spawn(move || {
                let one = |_| {
                    client.write(request.as_bytes());
                    client.reply(false).id().unwrap()
                };
                (0..250).map(one).collect::<Vec<_>>()
            })
        })
        .collect();
    let mut ids: Vec<String> = threads.into_iter().flat_map(|t| t.join().unwrap()).collect();
    let mut recorded: Vec<String> = (world.entries(ids.len()).iter())
        .filter_map(|entry| match entry {
            Entry::Click(click) => click.click_id.map(|id| id.to_string()),
            _ => None,
        })
        .collect();
    ids.sort();
    recorded.sort();
    assert_eq!(ids, recorded, "what was sent is what is on record");
    ids.dedup();
    assert_eq!(ids.len(), 1_000);
}
