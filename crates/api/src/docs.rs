//! `/docs` and `/openapi.json`: the document, and a page that shows it without any script.

use std::fmt::Write;
use std::sync::Arc;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;
use tributary_web::ProblemKind;

use crate::ApiState;

const STYLE: &str = include_str!("../assets/docs.css");
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

pub(crate) fn routes(document: Arc<Value>) -> Router<ApiState> {
    let page: Arc<str> = page(&document).into();
    let json: Arc<str> = document.to_string().into();
    Router::new()
        .route("/docs", get(async move || answer("text/html; charset=utf-8", page.to_string())))
        .route("/docs/style.css", get(async || answer("text/css; charset=utf-8", STYLE.to_owned())))
        .route("/openapi.json", get(async move || answer("application/json", json.to_string())))
}

fn answer(content_type: &'static str, body: String) -> Response {
    let headers = [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, "public, max-age=300"),
        (CONTENT_SECURITY_POLICY, POLICY),
    ];
    (headers, body).into_response()
}

/// The page. Everything in it comes from the document.
fn page(document: &Value) -> String {
    let mut out = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Tributary API</title><link rel=\"stylesheet\" href=\"/docs/style.css\"></head>\
         <body><header><h1>Tributary API</h1><p><a href=\"/openapi.json\">openapi.json</a></p>\
         </header><main>",
    );
    paragraphs(&mut out, text(&document["info"]["description"]));
    contents(&mut out, document);
    problems(&mut out);
    for tag in list(&document["tags"]) {
        let name = text(&tag["name"]);
        let _ = write!(out, "<section><h2 id=\"{0}\">{0}</h2>", escaped(name));
        paragraphs(&mut out, text(&tag["description"]));
        for (path, method, operation) in operations(document) {
            if operation["tags"][0] == *name {
                show_operation(&mut out, path, method, operation);
            }
        }
        out.push_str("</section>");
    }
    schemas(&mut out, document);
    out.push_str("</main></body></html>");
    out
}

fn contents(out: &mut String, document: &Value) {
    out.push_str("<nav aria-label=\"Operations\"><ul>");
    for (path, method, operation) in operations(document) {
        let _ = write!(
            out,
            "<li><a href=\"#{}\"><b>{}</b> <code>{}</code></a></li>",
            escaped(text(&operation["operationId"])),
            method.to_uppercase(),
            escaped(path),
        );
    }
    out.push_str("</ul></nav>");
}

/// Kinds of problems: what the `type` of a problem document leads to.
fn problems(out: &mut String) {
    out.push_str("<section><h2 id=\"problems\">Problems</h2><dl>");
    for kind in ProblemKind::ALL {
        let _ = write!(
            out,
            "<dt id=\"{0}\"><code>{1}</code> {0}</dt><dd>{2}</dd>",
            kind.name(),
            kind.status().as_u16(),
            escaped(kind.title()),
        );
    }
    out.push_str("</dl></section>");
}

fn show_operation(out: &mut String, path: &str, method: &str, operation: &Value) {
    let _ = write!(
        out,
        "<article><h3 id=\"{}\">{}</h3><p class=\"address\"><b>{}</b> <code>{}</code></p>",
        escaped(text(&operation["operationId"])),
        escaped(text(&operation["summary"])),
        method.to_uppercase(),
        escaped(path),
    );
    paragraphs(out, text(&operation["description"]));
    let parameters = list(&operation["parameters"]);
    if !parameters.is_empty() {
        out.push_str("<h4>Parameters</h4><dl>");
        for parameter in parameters {
            let place = text(&parameter["in"]);
            let needed = if parameter["required"] == true { ", required" } else { "" };
            let _ = write!(
                out,
                "<dt><code>{}</code> {} <small>{place}{needed}</small></dt><dd>{}</dd>",
                escaped(text(&parameter["name"])),
                type_of(&parameter["schema"]),
                escaped(text(&parameter["description"])),
            );
        }
        out.push_str("</dl>");
    }
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    if !body.is_null() {
        let _ = write!(out, "<h4>Body</h4><p>{}</p>", type_of(body));
    }
    out.push_str("<h4>Answers</h4><dl>");
    for (status, response) in fields(&operation["responses"]) {
        let schema = response["content"]
            .as_object()
            .and_then(|content| content.values().next())
            .map(|media| type_of(&media["schema"]))
            .unwrap_or_default();
        let lines: Vec<String> =
            text(&response["description"]).lines().map(|line| marked(&escaped(line))).collect();
        let lines = lines.join("<br>");
        let _ = write!(out, "<dt><code>{status}</code> {schema}</dt><dd>{lines}</dd>");
    }
    out.push_str("</dl></article>");
}

fn schemas(out: &mut String, document: &Value) {
    out.push_str("<section><h2 id=\"types\">Types</h2>");
    for (name, schema) in fields(&document["components"]["schemas"]) {
        let _ = write!(out, "<article><h3 id=\"type-{0}\">{0}</h3>", escaped(name));
        paragraphs(out, text(&schema["description"]));
        let properties = fields(&schema["properties"]);
        if properties.is_empty() {
            let _ = write!(out, "<p>{}</p>", type_of(schema));
        } else {
            out.push_str("<dl>");
            let required = list(&schema["required"]);
            for (field, of) in properties {
                let needed = if required.iter().any(|it| it == field) { "required" } else { "" };
                let _ = write!(
                    out,
                    "<dt><code>{}</code> {} <small>{needed}</small></dt><dd>{}</dd>",
                    escaped(field),
                    type_of(of),
                    marked(&escaped(text(&of["description"]))),
                );
            }
            out.push_str("</dl>");
        }
        out.push_str("</article>");
    }
    out.push_str("</section>");
}

/// A schema in a few words, with links to the types it names.
fn type_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|it| it.rsplit('/').next()) {
        return format!("<a href=\"#type-{0}\">{0}</a>", escaped(name));
    }
    for key in ["oneOf", "anyOf"] {
        let choices: Vec<String> =
            list(&schema[key]).iter().filter(|it| it["type"] != "null").map(type_of).collect();
        if !choices.is_empty() {
            return choices.join(" or ");
        }
    }
    let words = list(&schema["enum"]);
    if !words.is_empty() {
        let words: Vec<String> =
            words.iter().map(|it| format!("<code>{}</code>", escaped(text(it)))).collect();
        return words.join(" | ");
    }
    let names = match &schema["type"] {
        Value::Array(names) => {
            names.iter().map(text).filter(|it| *it != "null").collect::<Vec<_>>().join(" or ")
        }
        other => text(other).to_owned(),
    };
    match names.as_str() {
        "array" => format!("list of {}", type_of(&schema["items"])),
        "string" => match schema["format"].as_str() {
            Some(format) => format!("string <small>{}</small>", escaped(format)),
            None => "string".to_owned(),
        },
        _ => escaped(&names),
    }
}

fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let mut found = Vec::new();
    for (path, item) in fields(&document["paths"]) {
        for (method, operation) in fields(item) {
            found.push((path, method, operation));
        }
    }
    found
}

fn fields(value: &Value) -> Vec<(&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value)).collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Paragraphs and bullet points of a description.
fn paragraphs(out: &mut String, description: &str) {
    for block in description.split("\n\n").filter(|block| !block.trim().is_empty()) {
        if block.starts_with("* ") {
            out.push_str("<ul>");
            for line in block.lines() {
                let line = line.strip_prefix("* ").unwrap_or(line);
                let _ = write!(out, "<li>{}</li>", marked(&escaped(line)));
            }
            out.push_str("</ul>");
        } else {
            let _ = write!(out, "<p>{}</p>", marked(&escaped(block)));
        }
    }
}

/// Turns `code` and **strong** of an escaped text into marks.
fn marked(escaped: &str) -> String {
    let mut out = String::new();
    for (index, part) in escaped.split('`').enumerate() {
        if index % 2 == 1 {
            let _ = write!(out, "<code>{part}</code>");
            continue;
        }
        for (index, part) in part.split("**").enumerate() {
            let _ = if index % 2 == 1 {
                write!(out, "<strong>{part}</strong>")
            } else {
                write!(out, "{part}")
            };
        }
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_every_operation_and_type_and_no_script() {
        let document = crate::document();
        let page = page(&document);
        for (path, _, operation) in operations(&document) {
            assert!(
                page.contains(&format!("id=\"{}\"", text(&operation["operationId"]))),
                "{path}"
            );
            let tag = text(&operation["tags"][0]);
            assert!(list(&document["tags"]).iter().any(|it| it["name"] == *tag), "{path}: {tag}");
        }
        for (name, _) in fields(&document["components"]["schemas"]) {
            assert!(page.contains(&format!("id=\"type-{name}\"")), "{name}");
        }
        for link in page.split("href=\"#").skip(1) {
            let target = link.split('"').next().unwrap();
            assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
        }
        for kind in ProblemKind::ALL {
            assert!(page.contains(&format!("id=\"{}\"", kind.name())));
        }
        assert!(!page.contains("<script") && !page.contains("style=\""));
    }

    #[test]
    fn what_a_description_says_is_escaped() {
        assert_eq!(
            marked(&escaped("a `<b>` **c**")),
            "a <code>&lt;b&gt;</code> <strong>c</strong>"
        );
    }
}
