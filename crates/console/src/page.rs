use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::Frame;

/// Sent with every page: nothing runs or loads but our own files, nothing frames us, forms go to
/// ourselves alone.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; \
     script-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; \
     base-uri 'none'";

/// What a page shows, as plain values that a handler fills.
pub trait View: Sized {
    /// What a person must be allowed before they may see it.
    type Access: Clone;

    /// Its name in the gallery, `kebab-case`.
    const NAME: &'static str;

    /// Examples of every state it has: the tests and the gallery render them.
    fn samples() -> Vec<Self>;

    /// The whole document.
    ///
    /// # Errors
    /// When a value refuses to be written, which no value of ours does.
    fn render(&self, frame: &Frame<Self::Access>) -> Result<String, askama::Error>;

    /// The status it is sent with.
    fn status(&self) -> StatusCode {
        StatusCode::OK
    }
}

/// A view in its frame: what a handler returns.
#[derive(Debug)]
pub struct Page<T: View> {
    /// Language, person, token, rights.
    pub frame: Frame<T::Access>,
    /// The content.
    pub view: T,
}

impl<T: View> Page<T> {
    /// Puts a view in its frame.
    pub const fn new(frame: Frame<T::Access>, view: T) -> Self {
        Self { frame, view }
    }
}

impl<T: View> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.view.render(&self.frame) {
            Ok(html) => {
                let headers: [(HeaderName, HeaderValue); 5] = [
                    (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
                    (
                        header::CONTENT_SECURITY_POLICY,
                        HeaderValue::from_static(CONTENT_SECURITY_POLICY),
                    ),
                    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
                    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
                    // Pages hold money and names: no shared or back-button copy.
                    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                ];
                (self.view.status(), headers, html).into_response()
            }
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

/// Ties a view to its template, name and access.
macro_rules! view {
    ($view:ty, $name:literal, $access:ty, $path:tt
        $(, section: $kind:ident::$section:ident)? $(, status: $status:expr)?) => {
        $(
            impl $view {
                /// Where in the navigation it belongs.
                pub(crate) const fn section(&self) -> $crate::$kind {
                    $crate::$kind::$section
                }
            }
        )?
        const _: () = {
            #[derive(askama::Template)]
            #[template(path = $path)]
            struct Shape<'a> {
                page: &'a $crate::Frame<$access>,
                view: &'a $view,
            }

            impl $crate::View for $view {
                type Access = $access;
                const NAME: &'static str = $name;

                fn samples() -> Vec<Self> {
                    <$view>::sample_views()
                }

                fn render(&self, frame: &$crate::Frame<$access>) -> Result<String, askama::Error> {
                    askama::Template::render(&Shape { page: frame, view: self })
                }
                $(
                    fn status(&self) -> http::StatusCode {
                        let status: fn(&$view) -> http::StatusCode = $status;
                        status(self)
                    }
                )?
            }
        };
    };
}
pub(crate) use view;
