use proptest::prelude::*;

use super::*;

#[test]
fn hosts_have_one_form() {
    for (host, expected) in [
        ("go.acme.dk", Some("go.acme.dk")),
        ("Go.ACME.dk:8080", Some("go.acme.dk")),
        ("go.acme.dk.", Some("go.acme.dk")),
        ("go.acme.dk.:443", Some("go.acme.dk")),
        ("127.0.0.1:80", Some("127.0.0.1")),
        ("[2001:DB8::1]:80", Some("[2001:db8::1]")),
        ("smørrebrød.dk", Some("xn--smrrebrd-64af.dk")),
        ("", None),
        (":80", None),
        (".", None),
        ("[::1", None),
        ("a b", None),
        ("a/b", None),
        ("user@acme.dk", None),
    ] {
        assert_eq!(normal_host(host).as_deref(), expected, "{host:?}");
    }
    assert_eq!(normal_host(&"a".repeat(300)), None);
}

#[test]
fn the_host_of_an_address() {
    for (text, expected) in [
        ("https://Blog.example.org/a?b", Some("blog.example.org")),
        ("http://blog.example.org:8080", Some("blog.example.org")),
        ("https://user@blog.example.org/", Some("blog.example.org")),
        ("https://evil.example\\@acme.dk", Some("evil.example")),
        ("android-app://com.google", None),
        ("null", None),
        ("https://", None),
    ] {
        assert_eq!(host_of_address(text).as_deref(), expected, "{text}");
    }
}

fn with(name: &'static str, value: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(name, HeaderValue::from_str(value).unwrap());
    headers
}

#[test]
fn cookies_are_found_by_their_whole_name() {
    let headers = with("cookie", "a=1; x_trib=2;_trib=3; _trib=4; b");
    let heads = Heads::of(&headers);
    assert_eq!(heads.cookie("_trib"), Some("3"));
    assert_eq!(heads.cookie("a"), Some("1"));
    assert_eq!(heads.cookie("b"), None);
    assert_eq!(heads.cookie("trib"), None);
}

#[test]
fn sub_ids_have_limits() {
    let long = "æ".repeat(100);
    let [one, two, three, four, five] =
        sub_ids(&format!("sub1=&sub2=a%0ab&sub3={long}&sub4=x&sub4=y&sub5=%ff&sub6=z&sub=z"));
    assert_eq!((one, two, five), (None, None, None));
    assert_eq!(three.as_deref(), Some(&long[..SUB_ID_BYTES_MAX]));
    assert_eq!(four.as_deref(), Some("x"));
}

proptest! {
    #[test]
    fn no_text_of_a_request_panics(text in any::<String>(), name in any::<String>()) {
        let _ = normal_host(&text);
        let _ = host_of_address(&text);
        for sub_id in sub_ids(&text).into_iter().flatten() {
            prop_assert!(sub_id.len() <= SUB_ID_BYTES_MAX);
            prop_assert!(!sub_id.chars().any(char::is_control));
        }
        if let Ok(value) = HeaderValue::from_str(&text) {
            let mut headers = HeaderMap::new();
            headers.insert("cookie", value);
            let _ = Heads::of(&headers).cookie(&name);
        }
    }

    #[test]
    fn a_normal_host_stays_as_it_is(text in "[a-zA-Z0-9.:\\-]{0,40}") {
        if let Some(normal) = normal_host(&text) {
            let again = normal_host(&normal).map(Cow::into_owned);
            prop_assert_eq!(again.as_deref(), Some(&*normal));
        }
    }
}
