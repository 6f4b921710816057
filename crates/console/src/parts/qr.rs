use std::fmt;

use askama::filters::HtmlSafe;
use qrcode::types::Color;
use qrcode::{EcLevel, QrCode as Code};

/// Light modules around a code, which readers need.
const MARGIN: usize = 4;

/// A link as a QR code, drawn as one path. Always dark on light, also on a dark page: many readers
/// cannot read it the other way round.
#[derive(Debug)]
pub struct QrCode {
    side: usize,
    path: String,
}

impl HtmlSafe for QrCode {}

impl QrCode {
    pub(crate) fn new(text: &str) -> Self {
        // A tracking link has some 60 characters; a code carries over 2,000 at this level. Longer
        // text draws nothing, and the page still shows the link itself.
        let Ok(code) = Code::with_error_correction_level(text, EcLevel::M) else {
            return Self { side: 0, path: String::new() };
        };
        let width = code.width();
        let mut path = String::new();
        for (index, color) in code.to_colors().iter().enumerate() {
            if *color == Color::Dark {
                let (x, y) = (index % width + MARGIN, index / width + MARGIN);
                path.push_str(&format!("M{x} {y}h1v1h-1z"));
            }
        }
        Self { side: width + 2 * MARGIN, path }
    }
}

impl fmt::Display for QrCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"QR\" \
             shape-rendering=\"crispEdges\"><rect class=\"qr-light\" width=\"{side}\" \
             height=\"{side}\"/><path class=\"qr-dark\" d=\"{path}\"/></svg>",
            side = self.side,
            path = self.path
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_its_margin() {
        let code = QrCode::new("https://go.acme.example/anna");
        assert!(code.side >= 21 + 2 * MARGIN);
        let far = code.side - MARGIN - 7;
        for (x, y) in [(MARGIN, MARGIN), (far, MARGIN), (MARGIN, far)] {
            for step in 0..7 {
                assert!(code.path.contains(&format!("M{} {y}h", x + step)), "finder at {x} {y}");
            }
        }
        assert!(!code.path.contains("M3 "), "the margin is light");
        assert_eq!(QrCode::new(&"x".repeat(5_000)).side, 0);
    }
}
