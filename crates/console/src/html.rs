use std::fmt;

use askama::filters::HtmlSafe;

/// Markup that is already safe to write as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html(pub(crate) String);

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

/// Text with the five characters of HTML made harmless, for the few places that build markup
/// without a template.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c => fmt::Write::write_char(f, c)?,
            }
        }
        Ok(())
    }
}

/// One drawing of 24 x 24, stroked in the text's colour; hidden from screen readers, since a word
/// always stands beside it.
pub(crate) fn icon(name: &str) -> Html {
    let path = match name {
        "home" => "M4 11 12 4l8 7v8.5a.5.5 0 0 1-.5.5H15v-6H9v6H4.5a.5.5 0 0 1-.5-.5z",
        "inbox" => "M4 13 6.5 5h11L20 13v6H4zM4 13h5a3 3 0 0 0 6 0h5",
        "leads" => "M5.500 20.500V4.500h12.500l-2.800 4.200 2.800 4.300H5.500",
        "partners" => {
            "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3.500 19a5.500 5.500 0 0 1 11 0M16 11.500a2.500 2.500 0 1 0-1-4.800M17 14.500a4.800 4.800 0 0 1 3.800 4.500"
        }
        "links" => {
            "M10 14a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-1.200 1.200M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1.200-1.200"
        }
        "conversions" => "M4 12h6M4 6c5 0 5 6 10 6M4 18c5 0 5-6 10-6M14 12h6M17 9l3 3-3 3",
        "commissions" => {
            "M5 4h14v16l-2.300-1.500L14.300 20 12 18.500 9.700 20l-2.400-1.500L5 20zM9 9h6M9 13h6"
        }
        "payouts" => {
            "M3.500 7h17v10h-17zM12 14.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM6.500 12h.01M17.500 12h.01"
        }
        "settings" => {
            "M4 7h10M18 7h2M4 17h2M10 17h10M16 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"
        }
        "language" => {
            "M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17zM3.500 12h17M12 3.500c5 5 5 12 0 17M12 3.500c-5 5-5 12 0 17"
        }
        "menu" => "M4 7h16M4 12h16M4 17h16",
        "chevron" => "m7 10 5 5 5-5",
        "back" => "m14 6-6 6 6 6",
        "next" => "m10 6 6 6-6 6",
        "copy" => "M9 9h10v11H9zM15 9V4H5v11h4",
        "download" => "M12 4v11M7.500 11l4.500 4.500 4.500-4.500M5 20h14",
        "plus" => "M12 5v14M5 12h14",
        "search" => "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500 20 20",
        "out" => "M14 5H5v14h9M10 12h10M17 9l3 3-3 3",
        "check" => "m5 12.500 4.500 4.500L19 7.500",
        "cross" => "M6.500 6.500l11 11M17.500 6.500l-11 11",
        "clock" => "M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17zM12 7.500V12l3 2",
        "warning" => "M12 4.500 21 20H3zM12 10.500v4M12 17.200v.01",
        "info" => "M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17zM12 11v5M12 8v.01",
        "dash" => "M6 12h12",
        "code" => "M4 9V5h16v4a3 3 0 0 0 0 6v4H4v-4a3 3 0 0 0 0-6zM14 5v14",
        "bank" => "M4 10 12 5l8 5zM6 10v7M10 10v7M14 10v7M18 10v7M4 20h16",
        _ => "",
    };
    debug_assert!(!path.is_empty(), "no icon is called {name}");
    Html(format!(
        "<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\"><path d=\"{path}\"/></svg>"
    ))
}

/// The mark: three thin lines that meet in one thicker line.
pub(crate) fn mark() -> Html {
    Html(
        "<svg class=\"mark\" viewBox=\"0 0 32 32\" aria-hidden=\"true\" focusable=\"false\">\
         <path class=\"mark-stream\" d=\"M3 6c9 0 9 10 16 10M3 16h16M3 26c9 0 9-10 16-10\"/>\
         <path class=\"mark-river\" d=\"M18.500 16H29\"/></svg>"
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_break_out() {
        let text = Escaped("<a href=\"x\" onclick='y'>&</a>").to_string();
        assert!(!text.contains(['<', '>', '"', '\'']), "{text}");
    }
}
