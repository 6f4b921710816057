use askama::Template;
use askama::filters::HtmlSafe;
use tributary_i18n::{Arg, Language, MinorUnitsShown, Texts};
use tributary_kernel::LocalDate;
use tributary_money::{Currency, Money};

/// What a chart counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartUnit {
    /// Things.
    Count,
    /// Minor units of a currency.
    Money(Currency),
}

/// How far apart the points are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartStep {
    /// A day each.
    Day,
    /// A month each.
    Month,
}

/// One point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartPoint {
    /// The day, or the first day of the month.
    pub day: LocalDate,
    /// The value.
    pub value: i64,
    /// The value one period earlier.
    pub previous: Option<i64>,
}

/// A line or bar chart over time. Bars and lines begin at zero; negative values are drawn at it
/// and told in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Key of what is counted.
    pub title_key: &'static str,
    /// Unit of all values.
    pub unit: ChartUnit,
    /// Distance of the points.
    pub step: ChartStep,
    /// Bars instead of a line.
    pub bars: bool,
    /// Oldest first; at most 400.
    pub points: Vec<ChartPoint>,
}

/// Height of the drawing in its own units; the width is stretched to the page.
const HEIGHT: i64 = 1_000;
const WIDTH: i64 = 1_000;
const LABELS_MAX: usize = 5;

/// A row of the table behind the chart.
#[derive(Debug)]
struct Row {
    label: String,
    value: String,
    previous: Option<String>,
}

/// A word under the axis; `x` in per cent of the width, so that the words do not stretch with
/// the drawing.
#[derive(Debug)]
struct Label {
    x: String,
    anchor: &'static str,
    word: String,
}

#[derive(Debug)]
struct Bar {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
    title: String,
}

/// The drawing with its axes, and the table one key away.
#[derive(Debug, Template)]
#[template(path = "parts/chart.html")]
pub struct ChartFigure<'a> {
    chart: &'a Chart,
    title: String,
    ticks: Vec<String>,
    labels: Vec<Label>,
    line: String,
    area: String,
    previous_line: String,
    last_dot: String,
    bars: Vec<Bar>,
    rows: Vec<Row>,
    /// What the drawing says, in a sentence.
    said: Option<String>,
    words: Words,
}

#[derive(Debug)]
struct Words {
    now: String,
    previous: String,
    show: String,
    when: String,
}

impl HtmlSafe for ChartFigure<'_> {}

impl<'a> ChartFigure<'a> {
    pub(crate) fn new(language: Language, chart: &'a Chart) -> Self {
        let highest = chart
            .points
            .iter()
            .flat_map(|point| [Some(point.value), point.previous])
            .flatten()
            .max()
            .unwrap_or(0);
        let top = round_up(highest, chart.unit);
        let series = |of: fn(&ChartPoint) -> Option<i64>| -> Vec<Option<i64>> {
            chart.points.iter().map(of).collect()
        };
        let now = series(|point| Some(point.value));
        let line = path(&now, top);
        let area = if line.is_empty() { String::new() } else { format!("{line}V{HEIGHT}H0Z") };
        let last_dot = last_point(&now, top);
        let word = |key| Texts::get(language, key, &[]);
        Self {
            chart,
            title: word(chart.title_key),
            ticks: [top, top / 2, 0].map(|value| axis(language, chart.unit, value)).to_vec(),
            labels: labels(language, chart),
            line,
            area,
            previous_line: path(&series(|point| point.previous), top),
            last_dot,
            bars: if chart.bars { bars(language, chart, top) } else { Vec::new() },
            said: said(language, chart),
            rows: chart.points.iter().rev().map(|point| row(language, chart, point)).collect(),
            words: Words {
                now: word("chart-now"),
                previous: word("chart-previous"),
                show: word("chart-show-table"),
                when: word(match chart.step {
                    ChartStep::Day => "chart-day",
                    ChartStep::Month => "chart-month",
                }),
            },
        }
    }

    fn has_previous(&self) -> bool {
        !self.previous_line.is_empty()
    }

    fn is_empty(&self) -> bool {
        self.chart.points.is_empty()
    }
}

fn full(language: Language, unit: ChartUnit, value: i64) -> String {
    match unit {
        ChartUnit::Count => language.number(value),
        ChartUnit::Money(currency) => language.money(Money::new(value, currency)),
    }
}

fn axis(language: Language, unit: ChartUnit, value: i64) -> String {
    match unit {
        ChartUnit::Count => language.number(value),
        ChartUnit::Money(currency) => {
            let amount = Money::new(value, currency);
            language.money_parts(amount, MinorUnitsShown::WhenNotZero).number
        }
    }
}

fn point_label(language: Language, step: ChartStep, day: LocalDate) -> String {
    match step {
        ChartStep::Day => language.date(day),
        ChartStep::Month => language.month(day),
    }
}

fn row(language: Language, chart: &Chart, point: &ChartPoint) -> Row {
    Row {
        label: point_label(language, chart.step, point.day),
        value: full(language, chart.unit, point.value),
        previous: point.previous.map(|value| full(language, chart.unit, value)),
    }
}

/// The drawing in a sentence: the sum, that of the period before, and the highest point.
fn said(language: Language, chart: &Chart) -> Option<String> {
    let most = chart.points.iter().max_by_key(|point| (point.value, point.day))?;
    let total = chart.points.iter().map(|point| point.value).sum();
    if total == 0 {
        return None;
    }
    let before: Option<i64> = chart.points.iter().map(|point| point.previous).sum();
    let word = |value| full(language, chart.unit, value);
    let (total, highest) = (word(total), word(most.value));
    let when = point_label(language, chart.step, most.day);
    let mut args = vec![
        ("total", Arg::Text(total.into())),
        ("most", Arg::Text(highest.into())),
        ("when", Arg::Text(when.into())),
    ];
    let key = match before {
        Some(before) => {
            args.push(("before", Arg::Text(word(before).into())));
            "chart-said-before"
        }
        None => "chart-said",
    };
    Some(Texts::get(language, key, &args))
}

/// The least of 1.5, 2, 3, 4, 5, 6, 8 or 10 times a power of ten that is not below `highest` and
/// whose half is whole. Money goes by whole units.
fn round_up(highest: i64, unit: ChartUnit) -> i64 {
    let smallest = match unit {
        ChartUnit::Count => 1,
        ChartUnit::Money(currency) => 10i64.pow(u32::from(currency.exponent())),
    };
    let mut power = smallest;
    loop {
        let tenths: &[i64] =
            if power == smallest { &[20, 40, 60, 80] } else { &[10, 15, 20, 30, 40, 50, 60, 80] };
        for step in tenths {
            let Some(top) = power.checked_mul(*step).map(|top| top / 10) else { return highest };
            if top >= highest {
                return top;
            }
        }
        let Some(next) = power.checked_mul(10) else { return highest };
        power = next;
    }
}

fn x_of(index: usize, count: usize) -> i64 {
    let (index, last) = (index as i64, count.saturating_sub(1).max(1) as i64);
    index * WIDTH / last
}

fn y_of(value: i64, top: i64) -> i64 {
    let part = i128::from(value.clamp(0, top)) * i128::from(HEIGHT) / i128::from(top.max(1));
    HEIGHT - i64::try_from(part).expect("a part of the height")
}

/// A line through the values there are; empty when there are fewer than two.
fn path(values: &[Option<i64>], top: i64) -> String {
    let mut path = String::new();
    let known = values.iter().filter(|value| value.is_some()).count();
    if known < 2 {
        return path;
    }
    let mut drawing = false;
    for (index, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let command = if drawing { 'L' } else { 'M' };
            path.push_str(&format!("{command}{} {}", x_of(index, values.len()), y_of(*value, top)));
        }
        drawing = value.is_some();
    }
    path
}

/// A line of no length with round ends: a dot that does not stretch with the drawing.
fn last_point(values: &[Option<i64>], top: i64) -> String {
    match values.last() {
        Some(Some(value)) if values.len() > 1 => {
            format!("M{} {}h0", x_of(values.len() - 1, values.len()), y_of(*value, top))
        }
        _ => String::new(),
    }
}

fn bars(language: Language, chart: &Chart, top: i64) -> Vec<Bar> {
    let count = chart.points.len().max(1) as i64;
    let slot = WIDTH / count;
    let width = (slot * 7 / 10).max(1);
    let bar = |(index, point): (i64, &ChartPoint)| {
        let y = y_of(point.value, top);
        let label = point_label(language, chart.step, point.day);
        Bar {
            x: index * WIDTH / count + (slot - width) / 2,
            y,
            width,
            height: HEIGHT - y,
            title: format!("{label}: {}", full(language, chart.unit, point.value)),
        }
    };
    (0i64..).zip(&chart.points).map(bar).collect()
}

/// At most five labels under the axis, each exactly under its point.
fn labels(language: Language, chart: &Chart) -> Vec<Label> {
    let count = chart.points.len();
    let wanted = count.min(LABELS_MAX);
    let label = |slot: usize| {
        let index = slot * (count - 1) / (wanted - 1).max(1);
        let day = chart.points[index].day;
        let word = match chart.step {
            ChartStep::Day => language.day_month(day),
            ChartStep::Month => language.month_short(day).to_owned(),
        };
        // Tenths of a per cent of the width: a bar's middle, or the line's point.
        let x = if chart.bars {
            (2 * index + 1) * 1_000 / (2 * count)
        } else {
            index * 1_000 / (count - 1).max(1)
        };
        let anchor = match slot {
            0 => "start",
            _ if slot + 1 == wanted => "end",
            _ => "middle",
        };
        let x = match anchor {
            "start" => 0,
            "end" => 1_000,
            _ => x,
        };
        Label { x: format!("{}.{}%", x / 10, x % 10), anchor, word }
    };
    (0..wanted).map(label).collect()
}

/// A line the size of a word, for tables; the numbers stand beside it.
#[derive(Debug, Template)]
#[template(
    source = "<svg class=\"sparkline\" viewBox=\"0 -40 1000 1080\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\"><path class=\"spark-line\" d=\"{{ line }}\"/><path class=\"spark-dot\" d=\"{{ dot }}\"/></svg>",
    ext = "html"
)]
pub struct Sparkline {
    line: String,
    dot: String,
}

impl HtmlSafe for Sparkline {}

impl Sparkline {
    /// Draws the values, oldest first, from zero.
    #[must_use]
    pub fn new(values: &[i64]) -> Self {
        let values: Vec<Option<i64>> = values.iter().copied().map(Some).collect();
        let top = values.iter().flatten().copied().max().unwrap_or(0).max(1);
        Self { line: path(&values, top), dot: last_point(&values, top) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_on_round_numbers_whose_half_is_whole() {
        for (highest, top) in
            [(0, 2), (1, 2), (7, 8), (9, 10), (11, 15), (16, 20), (41, 50), (1_234, 1_500)]
        {
            assert_eq!(round_up(highest, ChartUnit::Count), top, "{highest}");
            assert!(top == 15 || top % 2 == 0, "its half is whole: {top}");
        }
        assert_eq!(round_up(1, ChartUnit::Money(Currency::DKK)), 200, "two whole kroner");
        assert_eq!(round_up(i64::MAX, ChartUnit::Count), i64::MAX);
    }

    #[test]
    fn lines_begin_at_zero_and_break_where_nothing_is_known() {
        assert_eq!(path(&[Some(0), Some(10)], 10), "M0 1000L1000 0");
        assert_eq!(path(&[Some(0), None, Some(5), Some(-5)], 10), "M0 1000M666 500L1000 1000");
        assert_eq!(path(&[Some(1)], 10), "", "one point is no line");
    }

    #[test]
    fn labels_are_few_and_keep_both_ends() {
        let day = |days| LocalDate::from_days(20_000 + days);
        let points: Vec<ChartPoint> = (0..30)
            .map(|n| ChartPoint { day: day(n), value: i64::from(n), previous: None })
            .collect();
        let chart = Chart {
            title_key: "metric-clicks",
            unit: ChartUnit::Count,
            step: ChartStep::Day,
            bars: true,
            points,
        };
        let labels = labels(Language::En, &chart);
        assert_eq!(labels.len(), LABELS_MAX);
        assert_eq!(labels[0].word, Language::En.day_month(day(0)));
        assert_eq!(labels[4].word, Language::En.day_month(day(29)));
        let bars = bars(Language::En, &chart, 40);
        assert_eq!(bars.len(), 30);
        assert!(bars.iter().all(|bar| bar.x + bar.width <= WIDTH && bar.y + bar.height == HEIGHT));
    }
}
