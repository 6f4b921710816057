use proptest::prelude::*;

use super::*;

fn acme() -> AllowedDomains {
    AllowedDomains::new(&["acme.dk", "*.Shop.example", "smørrebrød.dk", "192.0.2.7", "localhost"])
}

#[test]
fn domains_contain_themselves_and_what_is_below() {
    let domains = acme();
    for host in [
        "acme.dk",
        "www.acme.dk",
        "a.b.acme.dk",
        "shop.example",
        "x.shop.example",
        "xn--smrrebrd-64af.dk",
        "192.0.2.7",
        "localhost",
    ] {
        assert!(domains.contain(host), "{host}");
    }
    for host in [
        "notacme.dk",
        "acme.dk.evil.example",
        "dk",
        ".acme.dk",
        "1.192.0.2.7",
        "acme.dk.",
        "",
        "evil.example",
    ] {
        assert!(!domains.contain(host), "{host}");
    }
    for useless in ["", "dk", ".", "*.", "acme.dk/path", "a b", "acme.dk.", "user@acme.dk"] {
        assert_eq!(AllowedDomains::new(&[useless]), AllowedDomains::default(), "{useless:?}");
    }
}

#[test]
fn origins_are_compared_by_their_host() {
    let domains = acme();
    for origin in ["https://acme.dk", "http://www.acme.dk:8080", "https://ACME.dk/page?x"] {
        assert!(domains.contain_origin(origin), "{origin}");
    }
    for origin in ["null", "acme.dk", "file://acme.dk/x", "https://acme.dk.evil.example", ""] {
        assert!(!domains.contain_origin(origin), "{origin}");
    }
}

#[test]
fn deep_links() {
    let domains = acme();
    for (text, expected) in [
        ("https://acme.dk", "https://acme.dk/"),
        ("http://www.acme.dk:8080/a?b#c", "http://www.acme.dk:8080/a?b#c"),
        ("https://acme.dk/../a/./b", "https://acme.dk/a/b"),
        ("https://smørrebrød.dk/æ?ø=å", "https://xn--smrrebrd-64af.dk/%C3%A6?%C3%B8=%C3%A5"),
        // Full-width letters and dots are folded by the parser; what is sent is the folded form.
        ("https://ａｃｍｅ。dk/", "https://acme.dk/"),
        ("https://192.0.2.7/x", "https://192.0.2.7/x"),
        ("https://0xC0.0.2.7/x", "https://192.0.2.7/x"),
        ("https://acme.dk/@evil.example", "https://acme.dk/@evil.example"),
        ("https://acme.dk?x=https://evil.example", "https://acme.dk/?x=https://evil.example"),
    ] {
        assert_eq!(deep_link(text, &domains).as_deref(), Ok(expected), "{text}");
    }
    let long = format!("https://acme.dk/{}", "x".repeat(URL_BYTES_MAX));
    let swells = format!("https://acme.dk/{}", "æ".repeat(500));
    for (text, expected) in [
        ("https://evil.example", DeepLinkRefusal::Foreign),
        ("https://acme.dk.evil.example", DeepLinkRefusal::Foreign),
        ("https://аcme.dk", DeepLinkRefusal::Foreign), // a Cyrillic а
        ("https://192.0.2.8", DeepLinkRefusal::Foreign),
        ("https://[::1]/", DeepLinkRefusal::Foreign),
        ("https://acme.dk@evil.example", DeepLinkRefusal::Form),
        ("https://user:pass@acme.dk", DeepLinkRefusal::Form),
        ("//acme.dk", DeepLinkRefusal::Form),
        ("https:acme.dk", DeepLinkRefusal::Form),
        ("https:///acme.dk", DeepLinkRefusal::Form),
        ("https://", DeepLinkRefusal::Form),
        ("https://acme.dk.", DeepLinkRefusal::Form),
        ("ftp://acme.dk/", DeepLinkRefusal::Form),
        ("javascript://acme.dk/%0aalert(1)", DeepLinkRefusal::Form),
        ("/path", DeepLinkRefusal::Form),
        ("", DeepLinkRefusal::Form),
        ("https://acme.dk\\@evil.example", DeepLinkRefusal::Characters),
        ("https:\\\\acme.dk", DeepLinkRefusal::Characters),
        ("https://acme.dk/\r\nSet-Cookie: a=b", DeepLinkRefusal::Characters),
        ("https://ac\tme.dk/", DeepLinkRefusal::Characters),
        (" https://acme.dk/", DeepLinkRefusal::Characters),
        ("https://acme.dk/\u{2028}", DeepLinkRefusal::Characters),
        ("\u{0}https://acme.dk/", DeepLinkRefusal::Characters),
        (&long, DeepLinkRefusal::TooLong),
        (&swells, DeepLinkRefusal::TooLong),
    ] {
        assert_eq!(deep_link(text, &domains), Err(expected), "{text:?}");
    }
}

#[test]
fn parameters_are_put_where_they_belong() {
    let id = Some(("trib", "clk_1"));
    for (destination, own, carried, expected) in [
        ("https://a.dk/", id, None, "https://a.dk/?trib=clk_1"),
        ("https://a.dk/?x=1", id, None, "https://a.dk/?x=1&trib=clk_1"),
        ("https://a.dk/?", id, None, "https://a.dk/?trib=clk_1"),
        ("https://a.dk/?x=1&", id, None, "https://a.dk/?x=1&trib=clk_1"),
        ("https://a.dk/#top", id, None, "https://a.dk/?trib=clk_1#top"),
        ("https://a.dk/?x#a?b=c", id, None, "https://a.dk/?x&trib=clk_1#a?b=c"),
        ("https://a.dk/?trib=old&y=2", id, None, "https://a.dk/?y=2&trib=clk_1"),
        ("https://a.dk/?tribe=1", id, None, "https://a.dk/?tribe=1&trib=clk_1"),
        ("https://a.dk/?x=1#y", None, None, "https://a.dk/?x=1#y"),
        ("https://a.dk/", id, Some("utm_source=b&c=d"), "https://a.dk/?trib=clk_1&utm_source=b"),
        ("https://a.dk/", None, Some("utm_source=b"), "https://a.dk/?utm_source=b"),
        (
            "https://a.dk/?utm_source=kept",
            id,
            Some("utm_source=lost&utm_medium=m"),
            "https://a.dk/?utm_source=kept&trib=clk_1&utm_medium=m",
        ),
        ("https://a.dk/", None, Some("utm_x=<\"a\">"), "https://a.dk/?utm_x=%3C%22a%22%3E"),
    ] {
        assert_eq!(with_parameters(destination, own, carried), expected);
    }
}

#[test]
fn values_are_decoded_strictly() {
    for (text, expected) in [
        ("plain", Some("plain")),
        ("a+b%20c%2B", Some("a b c+")),
        ("%C3%A6", Some("æ")),
        ("%", None),
        ("%1", None),
        ("%zz", None),
        ("%ff", None),
    ] {
        assert_eq!(decoded(text).as_deref(), expected, "{text}");
    }
    assert_eq!(decoded_path("/a+b%2F").as_deref(), Some("/a+b/"));
    assert_eq!(parameter("a=1&b=2&a=3&c", "a"), Some("1"));
    assert_eq!(parameter("a=1&b=2&c", "c"), Some(""));
    assert_eq!(parameter("a=1", "b"), None);
}

/// Addresses made of the pieces that confuse parsers, around one allowed host.
fn crooked() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "https",
        "http",
        "HTTPS",
        ":",
        "/",
        "//",
        "///",
        "\\",
        "@",
        "?",
        "#",
        "&",
        ".",
        "..",
        "%",
        "%2f",
        "%5c",
        "%40",
        "%00",
        "%0d%0a",
        "%09",
        "\t",
        "\r\n",
        "\0",
        " ",
        "acme.dk",
        "ACME.dk",
        "evil.example",
        "acme.dk.evil.example",
        "www.",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "0x7f.1",
        "user",
        ":80",
        ":443",
        "：",
        "／",
        "。",
        "\u{200b}",
        "\u{ad}",
        "xn--",
        "ß",
        "javascript:",
        "data:",
        "x",
        "=",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// The one property that matters: whatever was asked for, a browser that reads what we send
    /// ends up on an allowed host.
    #[test]
    fn no_deep_link_leads_elsewhere(text in prop_oneof![
        crooked(),
        crooked().prop_map(|rest| format!("https://{rest}")),
        crooked().prop_map(|rest| format!("https://acme.dk{rest}")),
        crooked().prop_map(|rest| format!("https://{rest}acme.dk/")),
        any::<String>(),
    ]) {
        let domains = AllowedDomains::new(&["acme.dk"]);
        if let Ok(sent) = deep_link(&text, &domains) {
            let sent = with_parameters(&sent, Some(("trib", "clk_1")), None);
            prop_assert!(sent.bytes().all(|byte| byte.is_ascii_graphic()), "{sent:?}");
            prop_assert!(sent.starts_with("https://") || sent.starts_with("http://"));
            let url = Url::parse(&sent).unwrap();
            let host = url.host_str().unwrap();
            prop_assert!(host == "acme.dk" || host.ends_with(".acme.dk"), "{sent}");
            prop_assert!(url.username().is_empty() && url.password().is_none());
            prop_assert_eq!(url.as_str(), sent.as_str(), "what is sent reads one way only");
            prop_assert!(url.query_pairs().any(|(name, value)| name == "trib" && value == "clk_1"));
            // As browsers of old read it, `\` being `/`.
            let authority = sent.split("//").nth(1).unwrap().split(['/', '\\', '?', '#']).next();
            let host = authority.unwrap().split(':').next().unwrap();
            prop_assert!(host == "acme.dk" || host.ends_with(".acme.dk"), "{sent}");
        }
    }

    #[test]
    fn what_is_carried_cannot_leave_the_query(query in "[ -~]{0,60}", tail in any::<String>()) {
        let query = format!("utm_source={query}{tail}");
        let sent = with_parameters("https://acme.dk/a?b=c#d", Some(("trib", "clk_1")), Some(&query));
        prop_assert!(sent.bytes().all(|byte| byte.is_ascii_graphic()), "{sent:?}");
        let url = Url::parse(&sent).unwrap();
        prop_assert_eq!(url.host_str(), Some("acme.dk"));
        prop_assert_eq!(url.path(), "/a");
        prop_assert_eq!(url.fragment(), Some("d"));
        prop_assert!(url.query().unwrap().starts_with("b=c&trib=clk_1"));
    }

    #[test]
    fn decoding_undoes_encoding(text in any::<String>()) {
        let mut encoded = String::new();
        for byte in text.bytes() {
            encoded.push_str(&format!("%{byte:02x}"));
        }
        let decoded = decoded(&encoded);
        prop_assert_eq!(decoded.as_deref(), Some(text.as_str()));
    }
}
