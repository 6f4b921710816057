use askama::Template;
use askama::filters::HtmlSafe;
use tributary_i18n::{Arg, Language, Texts};
use tributary_money::{Money, Share};

/// What a stream brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamKind {
    /// The credit that the page is about.
    Own,
    /// Somebody else's credit.
    Other,
    /// A touch that earned nothing: its line stops short.
    Dry,
}

/// One stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// Who or what; none: another partner, whose name the reader may not see.
    pub label: Option<String>,
    /// How much of the whole.
    pub share: Share,
    /// What that came to, where it may be told.
    pub amount: Option<Money>,
    /// Its part in the figure.
    pub kind: StreamKind,
}

/// Many small streams join one river.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Streams {
    /// Key of the words at the river: what the sum is.
    pub total_key: &'static str,
    /// The sum.
    pub total: Money,
    /// At most eight are drawn.
    pub streams: Vec<Stream>,
}

const STREAMS_MAX: usize = 8;
/// At 13 px and the widest system font this ends where the curves begin.
const LABEL_CHARACTERS_MAX: usize = 20;
const ROW_HEIGHT: i64 = 52;
const TOP: i64 = 0;
const BEND_X: i64 = 168;
const JOIN_X: i64 = 246;
const END_X: i64 = 360;

#[derive(Debug)]
struct Line {
    class: &'static str,
    label: String,
    full_label: String,
    value: String,
    text_y: i64,
    line_y: i64,
    path: String,
    width: String,
}

/// The drawing: 360 units wide, so that a phone shows it at its own size, and the same facts as a
/// list for those who do not see it.
#[derive(Debug, Template)]
#[template(path = "parts/streams.html")]
pub struct StreamsFigure {
    height: i64,
    lines: Vec<Line>,
    middle: i64,
    total_label: String,
    total: String,
    described: String,
    /// A long sum is set smaller, so that it stays beside the curves.
    long: bool,
}

impl HtmlSafe for StreamsFigure {}

impl StreamsFigure {
    pub(crate) fn new(language: Language, figure: &Streams) -> Self {
        let drawn = figure.streams.len().min(STREAMS_MAX);
        let rows = i64::try_from(drawn.max(2)).expect("at most eight");
        let height = TOP + rows * ROW_HEIGHT;
        let middle = TOP + rows * ROW_HEIGHT / 2 - 4;
        let mut lines = Vec::with_capacity(drawn);
        let mut described = Vec::with_capacity(drawn);
        let lead = if drawn == 1 { ROW_HEIGHT / 2 } else { 0 };
        for (row, stream) in (0i64..).zip(figure.streams.iter().take(drawn)) {
            let text_y = TOP + lead + row * ROW_HEIGHT + 14;
            let line = Line::new(language, stream, text_y, middle);
            described.push(format!("{}: {}", line.full_label, line.value));
            lines.push(line);
        }
        let total = language.money(figure.total);
        let total_label = Texts::get(language, figure.total_key, &[]);
        let described = Texts::get(
            language,
            "streams-described",
            &[
                ("total", Arg::Text(total.as_str().into())),
                ("parts", Arg::Text(described.join("; ").into())),
            ],
        );
        let long = total.chars().count() > 13;
        Self { height, lines, middle, total_label, total, described, long }
    }
}

impl Line {
    fn new(language: Language, stream: &Stream, text_y: i64, middle: i64) -> Self {
        let line_y = text_y + 8;
        let share = language.share(stream.share);
        let value = match (stream.kind, stream.amount) {
            (StreamKind::Dry, _) => Texts::get(language, "streams-nothing", &[]),
            (_, Some(amount)) => format!("{share} · {}", language.money(amount)),
            (_, None) => share,
        };
        let (class, path) = match stream.kind {
            StreamKind::Dry => ("stream-dry", format!("M0 {line_y}H{BEND_X}")),
            kind => {
                let bend = (BEND_X + JOIN_X) / 2;
                let path = format!(
                    "M0 {line_y}H{BEND_X}C{bend} {line_y} {bend} {middle} {JOIN_X} {middle}"
                );
                (if kind == StreamKind::Own { "stream-own" } else { "stream-other" }, path)
            }
        };
        // From a hair to 7 units, by share; in tenths, so that no float is needed.
        let tenths = 12 + u64::from(stream.share.get()) * 58 / u64::from(Share::PARTS);
        let width = format!("{}.{}", tenths / 10, tenths % 10);
        let another = || Texts::get(language, "another-partner", &[]);
        let full_label = stream.label.clone().unwrap_or_else(another);
        let label = shortened(&full_label);
        Self { class, label, full_label, value, text_y, line_y, path, width }
    }
}

fn shortened(label: &str) -> String {
    if label.chars().count() <= LABEL_CHARACTERS_MAX {
        return label.to_owned();
    }
    let mut short: String = label.chars().take(LABEL_CHARACTERS_MAX - 1).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}
