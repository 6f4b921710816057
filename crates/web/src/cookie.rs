use http::HeaderMap;
use http::header::COOKIE;

/// The cookies of a request. Few and short, so they are looked for, not collected.
#[derive(Debug, Clone, Copy)]
pub struct Cookies<'a> {
    headers: &'a HeaderMap,
}

impl<'a> Cookies<'a> {
    /// Those of these headers.
    #[must_use]
    pub const fn of(headers: &'a HeaderMap) -> Self {
        Self { headers }
    }

    /// The value of the first cookie of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "a=1; __Host-trib=secret;b=".parse().unwrap());
        headers.append(COOKIE, "c=x=y".parse().unwrap());
        let cookies = Cookies::of(&headers);
        assert_eq!(cookies.get("__Host-trib"), Some("secret"));
        assert_eq!(cookies.get("trib"), None);
        assert_eq!(cookies.get("b"), Some(""));
        assert_eq!(cookies.get("c"), Some("x=y"));
    }
}
