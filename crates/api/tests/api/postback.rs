//! Reporting by address alone.

use axum::body::Body;
use http::{Method, Request};
use tributary_api::sign_postback;
use tributary_directory::Scope;
use tributary_kernel::Clock;
use tributary_web::{Rate, WebConfig};

use crate::common::{Answer, TestApp};

fn encoded(pairs: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|b| match b {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                    char::from(b).to_string()
                }
                _ => format!("%{b:02X}"),
            })
            .collect()
    };
    let parts: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    parts.join("&")
}

async fn fetch(app: &TestApp, path: &str) -> Answer {
    app.call(Method::GET, None, path, None).await
}

fn result(answer: &Answer) -> String {
    answer.headers["tributary-result"].to_str().unwrap().to_owned()
}

async fn low_key(app: &TestApp) -> String {
    app.key(app.ours.owner, &[Scope::Postback]).await.secret
}

#[tokio::test]
async fn a_postback_with_a_token_reports_once() {
    let app = TestApp::new().await;
    let token = low_key(&app).await;
    let query = encoded(&[
        ("program", &app.ours.program),
        ("type", "sale"),
        ("order_id", "1009"),
        ("amount", "12500.00"),
        ("currency", "DKK"),
        ("code", "anna10"),
        ("click_id", ""),
        ("token", &token),
    ]);
    let first = fetch(&app, &format!("/postback?{query}")).await.expect(200);
    assert_eq!(first.text(), "ok");
    assert!(result(&first).starts_with("applied; conversion=conv_"), "{}", result(&first));
    let again = fetch(&app, &format!("/postback?{query}")).await.expect(200);
    assert_eq!((again.text().as_str(), &result(&again)[..9]), ("ok", "duplicate"));
    let list = app.get(&app.ours.key, "/v1/conversions").await.expect(200);
    assert_eq!(list.json["items"].as_array().unwrap().len(), 1);
    assert_eq!(list.json["items"][0]["amount"]["amount"], 1_250_000);
    assert!(!list.text().contains(&token));
}

/// What plans of net, margin and grades ask for can stand in an address.
#[tokio::test]
async fn a_postback_tells_more_than_the_gross_amount() {
    let app = TestApp::new().await;
    let token = low_key(&app).await;
    let query = encoded(&[
        ("program", &app.ours.program),
        ("type", "sale"),
        ("order_id", "1010"),
        ("amount", "12500.00"),
        ("net_amount", "10000.00"),
        ("margin", "-1.50"),
        ("grade", "hot"),
        ("customer_country", "DK"),
        ("currency", "DKK"),
        ("code", "anna10"),
        ("token", &token),
    ]);
    fetch(&app, &format!("/postback?{query}")).await.expect(200);
    let list = app.get(&app.ours.key, "/v1/conversions").await.expect(200);
    let path = format!("/v1/conversions/{}", list.str("/items/0/id"));
    let found = app.get(&app.ours.key, &path).await.expect(200);
    assert_eq!(found.json["net_amount"]["amount"], 1_000_000, "{}", found.json);
    let wrong = query.replace("1010", "1011").replace("10000.00", "1,5");
    let answer = fetch(&app, &format!("/postback?{wrong}")).await.expect(422);
    assert!(result(&answer).contains("/net_amount"), "{}", result(&answer));
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_is_written() {
    let app = TestApp::new().await;
    let token = low_key(&app).await;
    app.get(&token, "/v1/programs").await.expect(403);
    let before = app.rows().await;
    let foreign = app.click(app.theirs.link_number);
    let table: Vec<(&str, &str, u16, &str)> = vec![
        ("program", "", 422, "program: required"),
        ("program", &app.theirs.program, 422, "program: unknown_program"),
        ("type", "Big Sale", 422, "type: event_name"),
        ("order_id", "", 422, "order_id: required"),
        ("amount", "-1.00", 422, "amount: negative"),
        ("amount", "1e3", 422, "amount: decimal_malformed"),
        ("amount", "12,50", 422, "amount: decimal_malformed"),
        ("amount", "", 422, "amount: required"),
        ("currency", "", 422, "currency: required"),
        ("currency", "XXX", 422, "currency: currency_unknown"),
        ("currency", "SEK", 422, "currency: currency_mismatch"),
        ("click_id", "{click_id}", 422, "click_id: click_id_malformed"),
        ("click_id", &foreign, 422, "click_id: click_foreign"),
        ("code", "NOBODY", 422, "code: code_unknown"),
        ("occurred_at", "today", 422, "occurred_at: malformed"),
        ("customer_id", "a@b.example", 422, "customer_id: personal_data"),
        ("colour", "red", 422, "colour: unknown_field"),
        ("token", "trib_pb_wrong", 401, "unauthenticated"),
        ("token", "", 401, "unauthenticated"),
        ("token", &app.ours.key, 403, "token_too_strong"),
    ];
    for (name, value, status, expected) in table {
        let mut pairs = vec![
            ("program", app.ours.program.as_str()),
            ("type", "sale"),
            ("order_id", "1009"),
            ("amount", "12500.00"),
            ("currency", "DKK"),
            ("code", "ANNA10"),
            ("token", token.as_str()),
        ];
        pairs.retain(|(known, _)| *known != name);
        pairs.push((name, value));
        let query = encoded(&pairs);
        let answer = fetch(&app, &format!("/postback?{query}")).await;
        assert_eq!(answer.status.as_u16(), status, "{name}={value}: {}", answer.text());
        assert_eq!(answer.headers["content-type"], "text/plain; charset=utf-8");
        assert!(answer.text().contains(expected), "{name}={value}: {}", answer.text());

        let image = fetch(&app, &format!("/p.gif?{query}")).await.expect(200);
        assert_eq!(image.bytes.len(), 43);
        assert!(result(&image).starts_with("refused; "), "{}", result(&image));
    }
    let broken = format!("/postback?program={}&type=%ff&token={token}", app.ours.program);
    let answer = fetch(&app, &broken).await.expect(400);
    assert!(answer.text().contains("type: invalid_utf8"), "{}", answer.text());
    assert_eq!(app.changed_since(&before).await, [""; 0], "nothing was written");
}

#[tokio::test]
async fn a_signed_postback_needs_no_token() {
    let app = TestApp::new().await;
    let key = app.key(app.ours.owner, &[Scope::Report]).await;
    let (id, now) = (key.key.id.to_string(), app.clock.now().as_second().to_string());
    let signed = |pairs: &[(&str, &str)], secret: &str| {
        let owned: Vec<(String, String)> =
            pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let sig = sign_postback(secret, &owned);
        format!("/postback?{}&sig={sig}", encoded(pairs))
    };
    let good = [
        ("program", app.ours.program.as_str()),
        ("type", "sale"),
        ("order_id", "år 1009"),
        ("amount", "100.00"),
        ("currency", "DKK"),
        ("code", "ANNA10"),
        ("click_id", ""),
        ("key", id.as_str()),
        ("ts", now.as_str()),
    ];
    let path = signed(&good, &key.secret);
    assert_eq!(fetch(&app, &path).await.expect(200).text(), "ok");
    let list = app.get(&app.ours.key, "/v1/conversions?order_id=%C3%A5r+1009").await.expect(200);
    assert_eq!(list.json["items"].as_array().unwrap().len(), 1);

    let before = app.rows().await;
    let changed = path.replace("amount=100.00", "amount=900.00");
    let told = fetch(&app, &changed).await.expect(401);
    assert!(told.text().starts_with("unauthenticated: key and sig do not fit"), "{}", told.text());
    fetch(&app, &signed(&good, "trib_sk_another")).await.expect(401);
    fetch(&app, &path.replace("&sig=", "&sig=0")).await.expect(401);
    let mut foreign = good;
    foreign[0].1 = &app.theirs.program;
    fetch(&app, &signed(&foreign, &key.secret)).await.expect(401);
    let reader = app.key(app.ours.owner, &[Scope::Read]).await;
    let reader_id = reader.key.id.to_string();
    let mut weak = good;
    weak[7].1 = &reader_id;
    fetch(&app, &signed(&weak, &reader.secret)).await.expect(401);
    app.clock.advance_seconds(15 * 60 + 1);
    let late = fetch(&app, &path).await.expect(401);
    assert!(late.text().starts_with("signature_expired: ts is more than"), "{}", late.text());
    let conversions =
        |rows: Vec<(String, String)>| rows.into_iter().find(|it| it.0 == "conversion");
    assert_eq!(conversions(app.rows().await), conversions(before));

    let revoke = format!("/v1/keys/{id}/revoke");
    app.post(&app.ours.key, &revoke, serde_json::json!({})).await.expect(200);
    let fresh = app.clock.now().as_second().to_string();
    let mut ended = good;
    ended[8].1 = &fresh;
    fetch(&app, &signed(&ended, &key.secret)).await.expect(401);
}

#[tokio::test]
async fn the_image_is_always_the_image() {
    let app = TestApp::new().await;
    let token = low_key(&app).await;
    let query = encoded(&[
        ("program", &app.ours.program),
        ("type", "sale"),
        ("order_id", "1009"),
        ("amount", "10"),
        ("currency", "DKK"),
        ("code", "ANNA10"),
        ("cb", "0.123"),
        ("token", &token),
    ]);
    let path = format!("/p.gif?{query}");
    let head = app.send(Request::head(&path).body(Body::empty()).unwrap()).await.expect(200);
    assert_eq!(result(&head), "nothing", "asking for headers reports nothing");
    for expected in ["applied", "duplicate"] {
        let answer = fetch(&app, &path).await.expect(200);
        assert_eq!(answer.headers["content-type"], "image/gif");
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.headers["cross-origin-resource-policy"], "cross-origin");
        assert_eq!(answer.bytes.len(), 43);
        assert!(answer.bytes.starts_with(b"GIF89a") && answer.bytes.ends_with(b"\x00\x3b"));
        assert!(result(&answer).starts_with(expected), "{}", result(&answer));
    }
    let nothing = fetch(&app, "/p.gif").await.expect(200);
    assert_eq!(nothing.bytes.len(), 43);
    assert_eq!(result(&nothing), "refused; field=/program; reason=required");
    let odd = fetch(&app, "/p.gif?a%0d%0ab=1").await.expect(200);
    assert!(result(&odd).starts_with("refused; field=/ab; "), "{}", result(&odd));
    let late = query.replace("1009", "1010") + "&occurred_at=2030-01-01T00%3A00%3A00Z";
    let late = fetch(&app, &format!("/p.gif?{late}")).await.expect(200);
    assert!(result(&late).starts_with("quarantined; quarantine=quar_"), "{}", result(&late));
}

#[tokio::test]
async fn a_token_has_its_rate() {
    let per_key = Rate { burst: 5, per_minute: 60 };
    let app = TestApp::with(WebConfig { per_key, ..WebConfig::default() }).await;
    let token = low_key(&app).await;
    let query = encoded(&[("program", &app.ours.program), ("type", "x"), ("order_id", "1")]);
    let path = format!("/postback?{query}&token={token}");
    for _ in 0..5 {
        fetch(&app, &path).await.expect(200);
    }
    let refused = fetch(&app, &path).await.expect(429);
    assert_eq!(refused.headers["retry-after"], "1");
    let image = fetch(&app, &format!("/p.gif?{query}&token={token}")).await.expect(200);
    assert_eq!(result(&image), "refused; reason=rate_limited");
}
