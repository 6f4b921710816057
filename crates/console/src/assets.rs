//! Style, script and icons, compiled in and served under names that carry their content's hash:
//! a browser keeps each for ever, and a new build has new names.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};

/// One file as it is served.
#[derive(Debug)]
struct Asset {
    name: &'static str,
    media_type: &'static str,
    content: &'static str,
    served_as: String,
}

const STYLE: &str = concat!(
    include_str!("../assets/tokens.css"),
    include_str!("../assets/base.css"),
    include_str!("../assets/layout.css"),
    include_str!("../assets/parts.css"),
    include_str!("../assets/forms.css"),
    include_str!("../assets/lists.css"),
    include_str!("../assets/figures.css"),
    include_str!("../assets/phone.css"),
);

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        asset("app.css", "text/css; charset=utf-8", STYLE),
        asset("app.js", "text/javascript; charset=utf-8", include_str!("../assets/app.js")),
        asset("icon.svg", "image/svg+xml", include_str!("../assets/icon.svg")),
    ]
});

fn asset(name: &'static str, media_type: &'static str, content: &'static str) -> Asset {
    let (stem, extension) = name.split_once('.').expect("asset names have one extension");
    let served_as = format!("{stem}.{:016x}.{extension}", content_hash(content.as_bytes()));
    Asset { name, media_type, content, served_as }
}

/// FNV-1a of 64 bits: tells two builds' files apart; nothing is trusted because of it.
const fn content_hash(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    hash
}

/// Where a page finds an asset.
///
/// # Panics
/// When no asset has that name: the test that renders every page would find it.
#[must_use]
pub fn href(name: &str) -> String {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    format!("/assets/{}", asset.expect("pages name assets that exist").served_as)
}

/// Serves `/assets/…`.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{name}", get(serve))
}

async fn serve(Path(name): Path<String>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.served_as == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, asset.content).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use http::Request;
    use tower::ServiceExt;

    async fn answer(path: &str) -> Response {
        let request = Request::get(path).body(Body::empty()).unwrap();
        router::<()>().oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn an_asset_is_served_for_ever_under_its_hash_and_under_no_other_name() {
        let response = answer(&href("app.css")).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(answer("/assets/app.css").await.status(), StatusCode::NOT_FOUND);
        assert_eq!(answer("/assets/..%2Fapp.css").await.status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn the_hash_is_fnv_1a() {
        assert_eq!(content_hash(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(content_hash(b"a"), 0xaf63_dc4c_8601_ec8c);
    }
}
