//! Programs, plans, partners, links, codes and keys.

use http::Method;
use serde_json::json;
use tributary_directory::Scope;

use crate::common::{TestApp, plan};

#[tokio::test]
async fn a_program_is_made_changed_and_goes_live() {
    let app = TestApp::new().await;
    let key = &app.ours.key;
    let path = format!("/v1/programs/{}", app.ours.program);
    let made = app.get(key, &path).await.expect(200);
    assert_eq!(made.json["mode"], "test");
    assert_eq!(made.json["link_parameters"], json!(["via", "ref", "aff"]));
    assert_eq!(made.json["payout_minimum"], json!({ "amount": 0, "currency": "DKK" }));

    let change = json!({
        "hold_days": 14, "fallback_url": "https://www.acme.example/",
        "payout_minimum": { "amount": "250.00", "currency": "DKK" },
    });
    let patch = |body: serde_json::Value| {
        app.call(Method::PATCH, Some(key), &path, Some(body.to_string().into_bytes()))
    };
    let after = patch(change).await.expect(200);
    assert_eq!(after.json["hold_days"], 14);
    assert_eq!(after.json["payout_minimum"]["amount"], 25_000);
    assert_eq!(after.json["name"], "CRM", "what is left out stays");
    let back = patch(json!({ "fallback_url": null })).await.expect(200);
    assert_eq!(back.json["fallback_url"], serde_json::Value::Null);
    assert_eq!(back.json["hold_days"], 14);
    for (body, expected) in [
        (json!({ "payout_day": 31 }), "/payout_day range"),
        (json!({ "landing_url": "ftp://x" }), "/landing_url url_scheme"),
        (json!({ "currency": "SEK" }), "/currency unknown_field"),
        (
            json!({ "payout_minimum": { "amount": 1, "currency": "SEK" } }),
            "/payout_minimum/currency currency_mismatch",
        ),
    ] {
        assert_eq!(patch(body).await.expect(422).mistake(), expected);
    }

    app.post(key, "/v1/conversions", app.ours.sale("t-1")).await.expect(201);
    let live = app.post(key, &format!("{path}/go_live"), json!({})).await.expect(200);
    assert_eq!(live.json["mode"], "live");
    let wiped = app.get(key, "/v1/conversions").await.expect(200);
    assert_eq!(wiped.json["items"], json!([]));
    let again = app.post(key, &format!("{path}/go_live"), json!({})).await.expect(409);
    assert_eq!(again.json["code"], "already_live");
}

#[tokio::test]
async fn plans_have_versions_and_say_where_they_are_wrong() {
    let app = TestApp::new().await;
    let key = &app.ours.key;
    let path = format!("/v1/programs/{}/plans", app.ours.program);
    let unchanged = app.post(key, &path, json!({ "document": plan() })).await.expect(409);
    assert_eq!(unchanged.json["code"], "plan_unchanged");

    let mut document = plan();
    document["rules"][0]["amount"]["percent"] = json!("fifteen");
    let wrong = app.post(key, &path, json!({ "document": document })).await.expect(422);
    assert!(wrong.str("/errors/0/pointer").starts_with("/document/rules/0/amount"), "{wrong:?}");

    document["rules"][0]["amount"]["percent"] = json!("120");
    let unusual = app.post(key, &path, json!({ "document": document })).await.expect(422);
    assert_eq!(unusual.json["code"], "needs_confirmation");
    let confirmed = json!({ "document": document, "confirmed": true });
    let published = app.post(key, &path, confirmed).await.expect(201);
    assert_eq!(published.json["plan"]["version"], 2);
    assert_eq!(published.json["warnings"][0]["code"], "over_sale");

    let list = app.get(key, &path).await.expect(200);
    let versions: Vec<_> =
        list.json["items"].as_array().unwrap().iter().map(|it| it["version"].clone()).collect();
    assert_eq!(versions, [json!(1), json!(2)]);
    assert_eq!(list.json["items"][0]["document"]["name"], "15 %");

    let schema = app.call(Method::GET, None, "/v1/plan_schema", None).await.expect(200);
    assert_eq!(schema.json["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

#[tokio::test]
async fn partners_links_and_codes() {
    let app = TestApp::new().await;
    let key = &app.ours.key;
    let path = format!("/v1/partnerships/{}", app.ours.partnership);
    let found = app.get(key, "/v1/partnerships?search=anna").await.expect(200);
    assert_eq!(found.json["items"].as_array().unwrap().len(), 1, "not the other tenant's Anna");
    let patch = |body: serde_json::Value| {
        app.call(Method::PATCH, Some(key), &path, Some(body.to_string().into_bytes()))
    };
    let paused = patch(json!({ "status": "paused", "group": "gold" })).await.expect(200);
    assert_eq!((&paused.json["status"], &paused.json["group"]), (&json!("paused"), &json!("gold")));
    assert_eq!(patch(json!({ "group": null })).await.expect(200).json["group"], json!(null));
    let wrong = patch(json!({ "status": "applied" })).await.expect(422);
    assert_eq!(wrong.mistake(), "/status status_order");

    let link = json!({ "partnership": app.ours.partnership, "path": "t.js" });
    let reserved = app.post(key, "/v1/links", link).await.expect(422);
    assert_eq!(reserved.mistake(), "/path path_reserved");
    let foreign = json!({ "partnership": app.theirs.partnership });
    let refused = app.post(key, "/v1/links", foreign.clone()).await.expect(422);
    assert_eq!(refused.mistake(), "/partnership unknown_partnership");
    let disable = format!("/v1/links/{}/disable", app.ours.link);
    let disabled = app.post(key, &disable, json!({})).await.expect(200);
    assert_eq!(disabled.json["status"], "disabled");

    let code = json!({ "partnership": app.ours.partnership, "code": "anna10" });
    let taken = app.post(key, "/v1/coupons", code).await.expect(422);
    assert_eq!(taken.mistake(), "/code coupon_taken");
    let codes = app.get(key, "/v1/coupons").await.expect(200);
    assert_eq!(codes.json["items"].as_array().unwrap().len(), 1);
    let switch = |to: &str| format!("/v1/coupons/{}/{to}", app.ours.coupon);
    let off = app.post(key, &switch("disable"), json!({})).await.expect(200);
    assert_eq!(off.json["status"], "disabled");
    assert!(off.json["valid_until"].is_string(), "from when it earns nothing: {}", off.text());
    let on = app.post(key, &switch("enable"), json!({})).await.expect(200);
    assert_eq!((&on.json["status"], &on.json["valid_until"]), (&json!("active"), &json!(null)));
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let app = TestApp::new().await;
    let key = &app.ours.key;
    let sales: Vec<_> = (0..7).map(|n| app.ours.sale(&format!("o-{n}"))).collect();
    app.post(key, "/v1/conversions", json!(sales)).await.expect(200);
    let mut orders = Vec::new();
    let mut path = "/v1/conversions?limit=3".to_owned();
    loop {
        let page = app.get(key, &path).await.expect(200);
        let items = page.json["items"].as_array().unwrap();
        orders.extend(items.iter().map(|it| it["order_id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page.json["next_cursor"].as_str() else { break };
        path = format!("/v1/conversions?limit=3&cursor={cursor}");
    }
    orders.sort_unstable();
    let expected: Vec<String> = (0..7).map(|n| format!("o-{n}")).collect();
    assert_eq!(orders, expected);
}

#[tokio::test]
async fn keys_are_made_used_and_ended() {
    let app = TestApp::new().await;
    let key = &app.ours.key;
    let wanted = json!({ "integration": "shop", "name": "reader", "scopes": ["read"] });
    let made = app.post(key, "/v1/keys", wanted).await.expect(201);
    let (secret, id) = (made.str("/secret"), made.str("/key/id"));
    app.get(&secret, "/v1/programs").await.expect(200);
    let list = app.get(key, "/v1/keys").await.expect(200);
    assert!(!list.text().contains(&secret));
    app.post(key, &format!("/v1/keys/{id}/revoke"), json!({})).await.expect(200);
    app.get(&secret, "/v1/programs").await.expect(401);
    app.post(key, &format!("/v1/keys/{id}/revoke"), json!({})).await.expect(404);

    for (scopes, expected) in [
        (json!([]), "/scopes required"),
        (json!(["postback", "read"]), "/scopes postback_alone"),
        (json!(["everything"]), "/scopes/0 unknown_value"),
    ] {
        let wanted = json!({ "integration": "shop", "name": "x", "scopes": scopes });
        let refused = app.post(key, "/v1/keys", wanted).await.expect(422);
        assert_eq!(refused.mistake(), expected);
    }
    let low = app.key(app.ours.owner, &[Scope::Postback]).await.secret;
    let refused = app.get(&low, "/v1/programs").await.expect(403);
    assert_eq!(refused.json["code"], "postback_only");
}

#[tokio::test]
async fn a_change_of_a_partnership_is_made_whole_or_not_at_all() {
    let app = TestApp::new().await;
    let path = format!("/v1/partnerships/{}", app.ours.partnership);
    let send = async |body: serde_json::Value| {
        let body = Some(body.to_string().into_bytes());
        app.call(Method::PATCH, Some(&app.ours.key), &path, body).await
    };
    let before = app.rows().await;
    let change = json!({ "tags": ["vip"], "status": "invited" });
    let answer = send(change).await.expect(422);
    assert_eq!(answer.str("/errors/0/pointer"), "/status");
    assert_eq!(app.changed_since(&before).await, [""; 0], "nothing was written");
    let change = json!({ "tags": ["vip"], "status": "paused" });
    let answer = send(change).await.expect(200);
    assert_eq!((&answer.json["tags"][0], answer.str("/status")), (&json!("vip"), "paused".into()));
}
