//! What the server answers beside the API's document and the pages' table: webhooks, what an
//! operator asks, documents and files. A route that is mounted without a row here fails the test.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;
use tributary_testkit::HttpClient;

use crate::installation::Installation;

/// `path | a path of it | what anybody is answered who looks | who posts`. Nothing here asks for a
/// key: a webhook proves itself by its signature, and the rest tells nothing of anybody.
const TABLE: &str = "
    /hooks/{kind}/{id}      | /hooks/stripe/int_00000000000000000000000000 | 405 | 400
    /docs                   | /docs                                        | 200 | 405
    /docs/style.css         | /docs/style.css                              | 200 | 405
    /openapi.json           | /openapi.json                                | 200 | 405
    /assets/{name}          | /assets/nothing.css                          | 404 | 405
    /design                 | /design                                      | 200 | 405
    /health                 | /health                                      | 200 | 405
    /ready                  | /ready                                       | 200 | 405
    /metrics                | /metrics                                     | 404 | 404
    /demo/{token}           | /demo/anything                               | 404 | 404
    /gallery/{page}/{sample} | /gallery/log-in/0                           | 404 | 404
";

/// Paths that sources mount by name. Those of the document (`api_route`) and of the pages' own table
/// (`$path`) have tests of their own.
fn mounted(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            mounted(&path, into);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for rest in [".route(", ".nest(", ".route_service(", ".nest_service("]
                .iter()
                .flat_map(|call| text.split(call).skip(1))
            {
                let rest = rest.trim_start();
                if let Some(rest) = rest.strip_prefix('"') {
                    into.insert(rest.split('"').next().unwrap_or_default().to_owned());
                } else {
                    assert!(rest.starts_with("$path"), "{}: a path by name", path.display());
                }
            }
        }
    }
}

fn rows() -> Vec<Vec<&'static str>> {
    let lines = TABLE.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| line.split('|').map(str::trim).collect()).collect()
}

#[test]
fn every_route_beside_the_document_and_the_pages_has_a_row() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = BTreeSet::new();
    for name in ["api", "console", "web", "connectors", "tributary"] {
        mounted(&crates.join(name).join("src"), &mut found);
    }
    let known: BTreeSet<String> = rows().iter().map(|row| row[0].to_owned()).collect();
    assert_eq!(found, known);
}

#[tokio::test(flavor = "multi_thread")]
async fn they_answer_anybody_the_same_and_tell_nothing_of_anybody() {
    let installation = Installation::with_a_link("").await;
    let mut serving = installation.serve().await;
    let secrets = [&installation.key, &installation.program, "mette@acme.example", "Anna"];
    for row in rows() {
        let (path, look, post) = (row[1], row[2], row[3]);
        let mut nobody = HttpClient::new(serving.web);
        let mut owner = installation.api(serving.web);
        for client in [&mut nobody, &mut owner] {
            let answer = client.get(path).await.unwrap();
            assert_eq!(answer.status.to_string(), look, "GET {path}: {answer:?}");
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            for secret in secrets {
                // The document's own examples name people; nothing else does.
                let example = path == "/openapi.json" || path == "/docs" || path == "/design";
                assert!(example || !text.contains(secret), "GET {path} tells {secret}");
            }
            let answer = client.post(path, None, &json!({"id": "evt_1"})).await.unwrap();
            assert_eq!(answer.status.to_string(), post, "POST {path}: {answer:?}");
        }
    }
    assert!(serving.process.stop().await.success());
}
