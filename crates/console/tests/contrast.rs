//! Text and ground of every pair that pages use, at WCAG 2.2 AA, in light, dark and the fallback.
//! Colours come from `tokens.css` itself: OKLCH to OKLab to linear sRGB (Ottosson's matrices), then
//! relative luminance.

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../assets/tokens.css");

/// Text of ordinary size.
const TEXT: f64 = 4.5;
/// Borders of fields, focus rings, drawings that mean something.
const SHAPE: f64 = 3.0;

type Luminances = BTreeMap<String, f64>;

fn linear_from_oklch(lightness: f64, chroma: f64, hue: f64) -> [f64; 3] {
    let (a, b) = (chroma * hue.to_radians().cos(), chroma * hue.to_radians().sin());
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ]
}

fn luminance([r, g, b]: [f64; 3]) -> f64 {
    let in_gamut = |channel: f64| channel.clamp(0.0, 1.0);
    0.2126 * in_gamut(r) + 0.7152 * in_gamut(g) + 0.0722 * in_gamut(b)
}

fn oklch(text: &str) -> f64 {
    let inside =
        text.split("oklch(").nth(1).and_then(|rest| rest.split(')').next()).expect("an oklch()");
    let mut numbers =
        inside.split_whitespace().take(3).map(|n| n.parse::<f64>().expect("a number"));
    let mut next = || numbers.next().expect("three numbers");
    luminance(linear_from_oklch(next(), next(), next()))
}

fn hex(text: &str) -> f64 {
    let digits = text.trim().trim_start_matches('#').trim_end_matches(';');
    let wide: String = match digits.len() {
        3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
        _ => digits.to_owned(),
    };
    let channel = |at: usize| {
        let value =
            f64::from(u8::from_str_radix(&wide[at..at + 2], 16).expect("hex digits")) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    luminance([channel(0), channel(2), channel(4)])
}

fn themes() -> [(&'static str, Luminances); 3] {
    let (mut light, mut dark, mut fallback) =
        (Luminances::new(), Luminances::new(), Luminances::new());
    for line in TOKENS.lines() {
        let Some((name, value)) = line.trim().strip_prefix("--").and_then(|l| l.split_once(':'))
        else {
            continue;
        };
        if name == "shadow" {
            continue;
        }
        if let Some((first, second)) =
            value.split_once("light-dark(").and_then(|(_, both)| both.split_once("),"))
        {
            light.insert(name.to_owned(), oklch(&format!("{first})")));
            dark.insert(name.to_owned(), oklch(second));
        } else if value.trim().starts_with('#') {
            fallback.insert(name.to_owned(), hex(value));
        }
    }
    assert_eq!(light.keys().collect::<Vec<_>>(), fallback.keys().collect::<Vec<_>>());
    assert!(light.len() > 20, "the tokens were read");
    [("light", light), ("dark", dark), ("fallback", fallback)]
}

fn ratio(colours: &Luminances, text: &str, ground: &str) -> f64 {
    let (a, b) = (colours[text], colours[ground]);
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn pairs() -> Vec<(String, String, f64)> {
    let mut pairs = Vec::new();
    let mut pair = |text: &str, ground: &str, least| {
        pairs.push((text.to_owned(), ground.to_owned(), least));
    };
    for ground in ["surface", "surface-raised", "surface-sunk"] {
        for text in ["ink", "ink-soft", "accent", "accent-strong", "declined"] {
            pair(text, ground, TEXT);
        }
        pair("line-strong", ground, SHAPE);
    }
    for tone in ["earned", "waiting", "declined", "attention", "info"] {
        pair(tone, &format!("{tone}-soft"), TEXT);
        pair("ink", &format!("{tone}-soft"), TEXT);
        pair("ink-soft", &format!("{tone}-soft"), TEXT);
        pair(tone, "surface-raised", TEXT);
        pair(tone, "surface", TEXT);
    }
    for (text, ground) in [
        ("ink", "accent-soft"),
        ("ink-soft", "accent-soft"),
        ("accent", "accent-soft"),
        ("on-accent", "accent"),
        ("on-accent", "accent-strong"),
        ("on-hero", "hero"),
        ("on-danger", "declined"),
    ] {
        pair(text, ground, TEXT);
    }
    pairs
}

#[test]
fn every_pair_of_text_and_ground_is_readable() {
    let mut poor = Vec::new();
    for (theme, colours) in themes() {
        for (text, ground, least) in pairs() {
            let found = ratio(&colours, &text, &ground);
            if found < least {
                poor.push(format!("{theme}: {text} on {ground} is {found:.2}, least {least}"));
            }
        }
    }
    assert!(poor.is_empty(), "{poor:#?}");
}

#[test]
fn the_arithmetic_agrees_with_known_colours() {
    let near = |a: f64, b: f64| assert!((a - b).abs() < 0.002, "{a} {b}");
    near(hex("#fff;"), 1.0);
    near(hex("#767676"), 0.181_164);
    near(oklch("oklch(1 0 0)"), 1.0);
    // sRGB red, as CSS Color 4 gives it in OKLCH.
    near(oklch("oklch(0.62796 0.25768 29.2339)"), hex("#ff0000"));
}
