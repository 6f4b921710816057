//! `Idempotency-Key` on every POST: the same again does nothing again and is told so.

use http::Method;
use serde_json::{Value, json};
use tributary_directory::Scope;

use crate::authorisation::{Row, table};
use crate::common::{Answer, TestApp};

async fn keyed(app: &TestApp, secret: &str, path: &str, key: &str, body: &str) -> Answer {
    let request = http::Request::post(path)
        .header("authorization", format!("Bearer {secret}"))
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(axum::body::Body::from(body.to_owned()))
        .unwrap();
    app.send(request).await
}

fn is_replayed(answer: &Answer) -> bool {
    answer.headers.get("idempotency-replayed").is_some_and(|it| it == "true")
}

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    let mut conn = app.app.record.read().await.unwrap();
    conn.query(sql, vec![]).await.unwrap()[0].int(0).unwrap()
}

#[tokio::test]
async fn every_post_of_the_document() {
    let posts: Vec<Row> = table()
        .into_iter()
        .filter(|it| it.operation.starts_with("POST ") && it.name() != "POST /v1/conversions")
        .collect();
    assert!(posts.len() > 15);
    for row in posts {
        check(&row).await;
    }
}

async fn check(row: &Row) {
    let app = TestApp::new().await;
    let filled = row.filled(&app).await;
    let (name, path, body) = (&row.operation, filled.path.as_str(), filled.body.as_str());
    let secret = app.key(app.ours.owner, &[row.scope.unwrap()]).await.secret;
    let first = keyed(&app, &secret, path, "k", body).await.expect(row.status);
    assert!(!is_replayed(&first), "{name}");
    let rows = app.rows().await;
    let again = keyed(&app, &secret, path, "\"k\"", body).await.expect(row.status);
    assert_eq!(app.changed_since(&rows).await, [""; 0], "{name}: did something again");
    let is_good = first.status.is_success();
    assert_eq!(is_replayed(&again), is_good, "{name}: a no is not kept");
    if !is_good {
        assert_eq!(count(&app, "SELECT COUNT(*) FROM request_key").await, 0, "{name}");
        return;
    }
    assert_eq!(again.bytes, first.bytes, "{name}");
    assert_eq!(again.headers["content-type"], first.headers["content-type"], "{name}");
    let effected = count(&app, "SELECT COUNT(*) FROM request_key WHERE effected = 1").await;
    // A look changes nothing, and the link of the table is on already.
    let nothing = ["/preview", "/simulations", "/enable"];
    let writes = !nothing.iter().any(|part| name.contains(part));
    assert_eq!(effected == 1, writes, "{name}: the effect and its mark are one transaction");

    let other = keyed(&app, &secret, path, "k", "{\"other\":1}").await.expect(409);
    assert_eq!(other.json["code"], "idempotency_key_reused", "{name}");
    let elsewhere = if path == "/v1/programs" { "/v1/coupons" } else { "/v1/programs" };
    let elsewhere = keyed(&app, &secret, elsewhere, "k", body).await.expect(409);
    assert_eq!(elsewhere.json["code"], "idempotency_key_reused", "{name}");
    assert_eq!(app.changed_since(&rows).await, [""; 0], "{name}: other content did something");
    // Nobody without a key, and nobody else with one, is told the answer.
    let nobody = app.call(Method::POST, None, path, Some(body.into())).await;
    assert_eq!(nobody.status.as_u16(), 401);
    let foreign = keyed(&app, &app.theirs.key, path, "k", body).await;
    assert!(!is_replayed(&foreign), "{name}");
}

#[tokio::test]
async fn order_and_spaces_of_json_do_not_make_another_request() {
    let app = TestApp::new().await;
    let key = app.ours.key.as_str();
    let text = |name: &str| {
        format!("{{\"partnership\":\"{}\", \"code\": \"{name}\"}}", app.ours.partnership)
    };
    let turned = format!("{{ \"code\":\"SPRING\",\"partnership\":\"{}\"}}", app.ours.partnership);
    let first = keyed(&app, key, "/v1/coupons", "k", &text("SPRING")).await.expect(201);
    let again = keyed(&app, key, "/v1/coupons", "k", &turned).await.expect(201);
    assert!(is_replayed(&again));
    assert_eq!(again.json, first.json);
    keyed(&app, key, "/v1/coupons", "k", &text("AUTUMN")).await.expect(409);
    keyed(&app, key, "/v1/coupons", &"x".repeat(201), &text("WINTER")).await.expect(422);
    let weak = app.key(app.ours.owner, &[Scope::Read]).await.secret;
    let told = keyed(&app, &weak, "/v1/coupons", "k", &text("SPRING")).await.expect(409);
    assert!(!told.text().contains("SPRING"), "a key with fewer rights is not told the answer");
}

/// A no frees the key: what was wrong can be mended under the same key.
#[tokio::test]
async fn a_refused_request_can_be_mended_under_its_key() {
    let app = TestApp::new().await;
    let key = app.ours.key.as_str();
    let before = app.rows().await;
    let body = |code: &str| json!({ "partnership": app.ours.partnership, "code": code });
    keyed(&app, key, "/v1/coupons", "k", &body("a b").to_string()).await.expect(422);
    keyed(&app, key, "/v1/coupons", "k", "{").await.expect(400);
    assert_eq!(app.changed_since(&before).await, [""; 0], "nothing was written");
    keyed(&app, key, "/v1/coupons", "k", &body("SUMMER").to_string()).await.expect(201);
}

/// Two at once: one is carried out, and the other gets its answer or is told to come back.
#[tokio::test(flavor = "multi_thread")]
async fn at_the_same_time() {
    let app = TestApp::new().await;
    let key = app.ours.key.as_str();
    let body = json!({ "integration": "erp", "name": "n", "scopes": ["read"] }).to_string();
    for round in 0..8 {
        let name = format!("k{round}");
        let before = count(&app, "SELECT COUNT(*) FROM api_key").await;
        let send = || keyed(&app, key, "/v1/keys", &name, &body);
        let answers = tokio::join!(send(), send(), send());
        let answers: [Answer; 3] = answers.into();
        let mut secrets: Vec<Value> = Vec::new();
        for answer in answers {
            match answer.status.as_u16() {
                201 => secrets.push(answer.json["secret"].clone()),
                409 => {
                    assert_eq!(answer.json["code"], "idempotency_in_progress");
                    assert_eq!(answer.headers["retry-after"], "1");
                }
                other => panic!("{other}: {}", answer.text()),
            }
        }
        secrets.push(send().await.expect(201).json["secret"].clone());
        assert!(secrets[0].is_string());
        assert!(secrets.iter().all(|it| *it == secrets[0]), "one answer for all");
        assert_eq!(count(&app, "SELECT COUNT(*) FROM api_key").await, before + 1);
    }
    // The answers carry secrets, so they are sealed.
    let sealed = count(
        &app,
        "SELECT COUNT(*) FROM request_key WHERE instr(answer, CAST('trib_' AS BLOB)) > 0",
    )
    .await;
    assert_eq!(sealed, 0);
}
