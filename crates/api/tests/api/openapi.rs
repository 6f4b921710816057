//! The document: committed, up to date, sound.

use std::collections::BTreeSet;

use http::Method;
use serde_json::Value;
use tributary_api::document;

use crate::common::TestApp;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

#[test]
fn the_committed_document_is_up_to_date() {
    let made = format!("{}\n", serde_json::to_string_pretty(&document()).unwrap());
    if std::env::var_os("TRIBUTARY_UPDATE").is_some() {
        std::fs::write(FILE, &made).unwrap();
    }
    let committed = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        made == committed,
        "crates/api/openapi.json is out of date: TRIBUTARY_UPDATE=1 cargo test -p tributary-api"
    );
}

#[test]
fn the_document_is_sound() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap().to_owned();
        assert!(ids.insert(id.clone()), "{id} is there twice");
        let words = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        assert!(words(&id), "{id}");
        for part in path.split('/').filter(|part| !part.is_empty()) {
            let good = words(part.trim_matches(['{', '}'])) || part == "v1" || part == "p.gif";
            assert!(good, "{path}");
        }
        let public = ["/postback", "/p.gif", "/v1/plan_schema"].contains(&path.as_str());
        assert_eq!(operation["security"].is_null(), public, "{method} {path}");
        assert!(operation["responses"].as_object().is_some_and(|it| !it.is_empty()));
    }
    let mut missing = Vec::new();
    references(&document, &mut |name| {
        let pointer = name.trim_start_matches('#');
        if document.pointer(pointer).is_none() {
            missing.push(name.to_owned());
        }
    });
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn the_document_and_its_page_are_served_without_a_key() {
    let app = TestApp::new().await;
    let get = async |path: &str| app.call(Method::GET, None, path, None).await.expect(200);
    let json = get("/openapi.json").await;
    assert_eq!(json.headers["content-type"], "application/json");
    assert_eq!(json.json, document());
    let page = get("/docs").await;
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("style-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(get("/docs/style.css").await.headers["content-type"], "text/css; charset=utf-8");
    let nowhere = app.call(Method::GET, None, "/v1/nothing", None).await.expect(404);
    assert_eq!(nowhere.json["code"], "no_such_address");
}

fn references(value: &Value, found: &mut dyn FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            if let Some(name) = fields.get("$ref").and_then(Value::as_str) {
                found(name);
            }
            fields.values().for_each(|it| references(it, found));
        }
        Value::Array(items) => items.iter().for_each(|it| references(it, found)),
        _ => {}
    }
}

/// Every operation: path, method in upper case, description.
pub(crate) fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.push((path.clone(), method.to_uppercase(), operation.clone()));
        }
    }
    found
}
