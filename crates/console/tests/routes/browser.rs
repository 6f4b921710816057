//! A browser without script: keeps cookies, fills forms, follows where it is sent.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE, USER_AGENT};
use http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt;

/// See the module.
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
    /// Token of the last page with a form.
    pub(crate) csrf: String,
    pub(crate) languages: &'static str,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Seen {
    pub(crate) fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |it| it.to_str().unwrap())
    }

    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{} {}", self.location(), self.text);
        self
    }

    #[track_caller]
    pub(crate) fn leads_to(self, path: &str) -> Self {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        assert_eq!(self.location(), path);
        self
    }

    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(self.text.contains(words), "`{words}` is not in {}", self.text);
        self
    }

    #[track_caller]
    pub(crate) fn does_not_say(self, words: &str) -> Self {
        assert!(!self.text.contains(words), "`{words}` is in {}", self.text);
        self
    }

    /// The value of the first hidden field of that name.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let start = self.text.find(&format!("name=\"{name}\" value=\""))?;
        let rest = &self.text[start..];
        let value = rest.split("value=\"").nth(1)?.split('"').next()?;
        Some(value.replace("&#38;", "&").replace("&amp;", "&"))
    }

    /// Ids with a prefix that stand in the page.
    pub(crate) fn ids(&self, prefix: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for (at, _) in self.text.match_indices(prefix) {
            let id: String = self.text[at..].chars().take(prefix.len() + 26).collect();
            if id.len() == prefix.len() + 26 && !found.contains(&id) {
                found.push(id);
            }
        }
        found
    }
}

impl Browser {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), csrf: String::new(), languages: "en" }
    }

    async fn send(&mut self, request: http::request::Builder, body: String) -> Seen {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request
            .header(COOKIE, cookies.join("; "))
            .header(USER_AGENT, "test browser")
            .header("accept-language", self.languages);
        let request = request.body(Body::from(body)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for cookie in headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 22).await.unwrap();
        let seen = Seen { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() };
        if let Some(token) = seen.field("csrf") {
            self.csrf = token;
        }
        seen
    }

    pub(crate) async fn open(&mut self, path: &str) -> Seen {
        self.send(Request::get(path), String::new()).await
    }

    /// Submits a form with the token of the last page.
    pub(crate) async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let token = self.csrf.clone();
        let mut all = vec![("csrf", token.as_str())];
        all.extend_from_slice(fields);
        self.submit_plain(path, &all).await
    }

    /// Submits exactly these fields.
    pub(crate) async fn submit_plain(&mut self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let encoded: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        let request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, encoded.join("&")).await
    }

    /// Submits a form that is nothing but a file, with the token of the last page.
    pub(crate) async fn upload(&mut self, path: &str, field: &str, name: &str, file: &str) -> Seen {
        let token = self.csrf.clone();
        let body = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n\
             --edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n{file}\r\n--edge--\r\n"
        );
        let request =
            Request::post(path).header(CONTENT_TYPE, "multipart/form-data; boundary=edge");
        self.send(request, body).await
    }

    /// Submits, and opens where it leads.
    pub(crate) async fn submit_and_follow(&mut self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let seen = self.submit(path, fields).await.is(303);
        let next = seen.location().to_owned();
        self.open(&next).await.is(200)
    }
}

fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
