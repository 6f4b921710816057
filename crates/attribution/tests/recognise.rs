//! The default table of channels, arrival by arrival.

#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

use tributary_attribution::{Arrival, Channel, ChannelTable, Condition, Rule, recognise};

/// `?query` of the landing page, then the referrer's host; either may be absent.
fn arrival(text: &str) -> Arrival {
    let (query, host) = match text.strip_prefix('?') {
        Some(rest) => rest.split_once(' ').unwrap_or((rest, "")),
        None => ("", text),
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap());
    Arrival::new(pairs, Some(host).filter(|host| !host.is_empty()))
}

#[test]
fn the_default_table() {
    let table = ChannelTable::default();
    let cases = [
        ("", "direct"),
        ("?utm_campaign=spring", "direct"),
        ("?gclid=Cj0 www.google.com", "paid_search"),
        ("?GCLID=Cj0", "paid_search"),
        ("?gclid=", "direct"),
        ("?msclkid=1 bing.com", "paid_search"),
        ("?wbraid=1&utm_source=newsletter&utm_medium=email", "paid_search"),
        ("?fbclid=1 l.facebook.com", "organic_social"),
        ("?fbclid=1&utm_medium=cpc", "paid_social"),
        ("?ttclid=1", "paid_social"),
        ("?li_fat_id=1 www.linkedin.com", "paid_social"),
        ("?dclid=1", "display"),
        ("?awc=123_456", "other_network"),
        ("?utm_source=awin&utm_medium=Affiliate", "other_network"),
        ("?utm_source=google&utm_medium=cpc", "paid_search"),
        ("?utm_source=Google&utm_medium=organic", "organic_search"),
        ("?utm_source=facebook&utm_medium=paid", "paid_social"),
        ("?utm_source=linkedin.com&utm_medium=paid_social", "paid_social"),
        ("?utm_source=somewhere&utm_medium=cpc", "display"),
        ("?utm_source=somewhere&utm_medium=banner", "display"),
        ("?utm_source=november&utm_medium=email", "email"),
        ("?utm_source=newsletter mail.google.com", "email"),
        ("?utm_source=linkedin", "organic_social"),
        ("?utm_source=tv&utm_medium=social", "organic_social"),
        ("www.google.dk", "organic_search"),
        ("google.co.uk", "organic_search"),
        ("news.google.com.au", "organic_search"),
        ("www.google.com:443", "organic_search"),
        ("google.com.", "organic_search"),
        ("mail.google.com", "email"),
        ("docs.google.com", "referral"),
        ("duckduckgo.com", "organic_search"),
        ("lnkd.in", "organic_social"),
        ("t.co", "organic_social"),
        ("out.reddit.com", "organic_social"),
        ("blog.example", "referral"),
        // Names that only look like it.
        ("notgoogle.com", "referral"),
        ("google.evil.example", "referral"),
        ("google.com.evil.example", "referral"),
        ("bing.com.example", "referral"),
        ("best.com", "referral"),
        ("fast.co", "referral"),
    ];
    for (text, expected) in cases {
        let found = recognise(&table, &arrival(text));
        assert_eq!(found.channel.as_str(), expected, "{text} by {:?}", found.rule);
    }
    assert!(table.errors().is_empty());
}

#[test]
fn the_advertisers_own_pages_refer_nobody() {
    let table = ChannelTable { own_hosts: vec!["acme.dk".into()], ..ChannelTable::default() };
    for (host, expected) in
        [("acme.dk", "direct"), ("shop.acme.dk", "direct"), ("notacme.dk", "referral")]
    {
        assert_eq!(recognise(&table, &arrival(host)).channel.as_str(), expected);
    }
}

#[test]
fn a_table_is_data_and_the_first_rule_decides() {
    let text = r#"{"rules":[
        {"name":"our podcast","when":[{"source":["podcast"]},{"campaign_contains":["acme"]}],"channel":"podcast"},
        {"name":"any podcast","when":[{"source":["podcast"]}],"channel":"referral"}]}"#;
    let table: ChannelTable = serde_json::from_str(text).unwrap();
    assert!(table.errors().is_empty());
    let ours = arrival("?utm_source=podcast&utm_campaign=2026-acme-1");
    let found = recognise(&table, &ours);
    assert_eq!((found.channel.as_str(), &*found.rule.unwrap().name), ("podcast", "our podcast"));
    assert_eq!(recognise(&table, &arrival("?utm_source=podcast")).channel, Channel::REFERRAL);
    let again: ChannelTable =
        serde_json::from_str(&serde_json::to_string(&ChannelTable::default()).unwrap()).unwrap();
    assert_eq!(again, ChannelTable::default());
}

#[test]
fn mistakes_in_a_table_are_named() {
    let rule = |when| Rule { name: "x".into(), when, channel: Channel::EMAIL };
    let table = ChannelTable {
        rules: vec![
            rule(vec![]),
            rule(vec![Condition::Source(vec![])]),
            rule(vec![Condition::Medium(vec!["CPC".into()])]),
        ],
        own_hosts: vec![],
    };
    let errors = table.errors();
    let told: Vec<_> = errors.iter().map(|error| (&*error.pointer, error.code)).collect();
    assert_eq!(
        told,
        [
            ("/rules/0/when", "missing"),
            ("/rules/1/when/0", "out_of_range"),
            ("/rules/2/when/0", "never_fits")
        ]
    );
    // A rule without conditions fits nothing rather than everything.
    assert_eq!(recognise(&table, &arrival("blog.example")).channel, Channel::REFERRAL);
}
