//! `tributary attribute`: a report over aggregated paths, from CSV to CSV. Needs no installation.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use tributary_attribution::paths::{
    ChannelResult, Game, HeuristicModel, Method, PathRow, Paths, PathsError,
    SHAPLEY_PERMUTATIONS_DEFAULT, heuristic, markov, shapley,
};

use crate::Failure;

/// `tributary attribute`.
#[derive(Debug, Args)]
pub(crate) struct Attribute {
    /// The formula; docs/attribution.md has each.
    #[arg(long, value_enum)]
    model: Model,
    /// The order of the Markov chain: how many of the last channels are remembered.
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=3))]
    order: Option<u8>,
    /// The seed where Shapley values of more than 20 channels are sampled.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Columns `path,conversions,value,nulls`, a path like `A > B > C`; `-` is the standard input.
    file: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Model {
    First,
    Last,
    Linear,
    LinearDistinct,
    Position,
    Decay,
    Markov,
    ShapleySet,
    ShapleyRate,
}

/// The largest file taken: some ten million paths.
const FILE_BYTES_MAX: u64 = 1 << 30;
/// Values are read to a millionth.
const VALUE_DECIMALS: usize = 6;
const VALUE_SCALE: f64 = 1e6;

impl Attribute {
    pub(crate) fn run(&self) -> Result<ExitCode, Failure> {
        if self.order.is_some() && self.model != Model::Markov {
            return Err("--order is for --model markov".into());
        }
        let (rows, lines) = rows(&self.bytes()?)?;
        let paths = Paths::new(rows).map_err(|error| in_file(error, &lines))?;
        let untouched = paths.untouched();
        if untouched.conversions > 0 {
            let count = untouched.conversions;
            eprintln!("tributary: {count} conversions have no path; nobody is credited with them");
        }
        print(&self.report(&paths)?)?;
        Ok(ExitCode::SUCCESS)
    }

    fn bytes(&self) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        let limit = FILE_BYTES_MAX + 1;
        if self.file == Path::new("-") {
            std::io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
        } else {
            let name = self.file.display();
            let file = std::fs::File::open(&self.file).map_err(|it| format!("{name}: {it}"))?;
            file.take(limit).read_to_end(&mut bytes).map_err(|it| format!("{name}: {it}"))?;
        }
        if u64::try_from(bytes.len()).is_ok_and(|length| length > FILE_BYTES_MAX) {
            return Err("the file has more than 1 GiB; aggregate its paths first".into());
        }
        Ok(bytes)
    }

    fn report(&self, paths: &Paths) -> Result<Vec<ChannelResult>, PathsError> {
        let model = match self.model {
            Model::Markov => return Ok(markov(paths, self.order.unwrap_or(1))?.channels),
            Model::ShapleySet => return self.shapley(paths, Game::Set),
            Model::ShapleyRate => return self.shapley(paths, Game::Rate),
            Model::First => HeuristicModel::First,
            Model::Last => HeuristicModel::Last,
            Model::Linear => HeuristicModel::Linear,
            Model::LinearDistinct => HeuristicModel::LinearDistinct,
            Model::Position => HeuristicModel::Position,
            Model::Decay => HeuristicModel::Decay,
        };
        Ok(heuristic(paths, model))
    }

    fn shapley(&self, paths: &Paths, game: Game) -> Result<Vec<ChannelResult>, PathsError> {
        let method = match Method::for_channels(paths.channels().len()) {
            Method::Sampled { permutations, .. } => {
                Method::Sampled { permutations, seed: self.seed }
            }
            exact @ Method::Exact => exact,
        };
        let report = shapley(paths, game, method)?;
        if let Some(errors) = &report.standard_errors {
            let sum: f64 = report.values.iter().map(|value| value.max(0.0)).sum();
            let largest = errors.iter().copied().fold(0.0, f64::max);
            let percent = if sum > 0.0 { largest / sum * 100.0 } else { 0.0 };
            eprintln!(
                "tributary: {} channels, so values are sampled from {SHAPLEY_PERMUTATIONS_DEFAULT} \
                 orders with seed {}; standard error at most {percent:.3} % of all conversions",
                paths.channels().len(),
                self.seed,
            );
        }
        Ok(report.channels)
    }
}

/// An error of the library, with the line of the file instead of the row's index.
fn in_file(error: PathsError, lines: &[u64]) -> Failure {
    match error {
        PathsError::PathTooLong { row } | PathsError::EmptyChannel { row } => {
            let said = error.to_string();
            let said = said.split_once(": ").map_or(&*said, |(_, said)| said).to_owned();
            format!("line {}, column path: {said}", lines[row]).into()
        }
        _ => error.into(),
    }
}

fn print(report: &[ChannelResult]) -> Result<(), Failure> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["channel", "conversions", "value"])?;
    for channel in report {
        let value = channel.value / VALUE_SCALE;
        out.write_record([&channel.channel, &channel.conversions.to_string(), &value.to_string()])?;
    }
    match std::io::stdout().lock().write_all(&out.into_inner()?) {
        // Whoever read as much as was wanted, as `head` does, is content.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Where each column stands in the file.
struct Columns {
    path: usize,
    conversions: usize,
    value: Option<usize>,
    nulls: Option<usize>,
}

impl Columns {
    fn of(header: &csv::ByteRecord) -> Result<Self, Failure> {
        let mut found = [None; 4];
        const NAMES: [&str; 4] = ["path", "conversions", "value", "nulls"];
        for (place, cell) in header.iter().enumerate() {
            let name = String::from_utf8_lossy(cell).trim().to_ascii_lowercase();
            let known = NAMES.iter().position(|known| *known == name).ok_or_else(|| {
                format!("line 1, column {name:?}: the columns are {}", NAMES.join(", "))
            })?;
            if found[known].replace(place).is_some() {
                return Err(format!("line 1, column {name}: it is there twice").into());
            }
        }
        let [path, conversions, value, nulls] = found;
        let needed = |it: Option<usize>, name| it.ok_or(format!("line 1: no column {name}"));
        Ok(Self {
            path: needed(path, "path")?,
            conversions: needed(conversions, "conversions")?,
            value,
            nulls,
        })
    }
}

/// The rows of a file, and the line of each.
fn rows(bytes: &[u8]) -> Result<(Vec<PathRow>, Vec<u64>), Failure> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = reader.byte_headers()?.clone();
    if header.is_empty() {
        return Err("line 1: the file is empty; its first line names the columns".into());
    }
    let columns = Columns::of(&header)?;
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() > header.len() {
            let (has, columns) = (record.len(), header.len());
            return Err(format!("line {line}: {has} cells for {columns} columns").into());
        }
        rows.push(Line { line, record: &record }.row(&columns)?);
        lines.push(line);
    }
    Ok((rows, lines))
}

struct Line<'a> {
    line: u64,
    record: &'a csv::ByteRecord,
}

impl Line<'_> {
    fn row(&self, columns: &Columns) -> Result<PathRow, Failure> {
        let path = self.cell(columns.path, "path")?;
        let steps = if path.is_empty() { None } else { Some(path.split('>')) };
        Ok(PathRow {
            path: steps.into_iter().flatten().map(|step| step.trim().to_owned()).collect(),
            conversions: self.count(Some(columns.conversions), "conversions")?,
            value: self.value(columns.value)?,
            nulls: self.count(columns.nulls, "nulls")?,
        })
    }

    fn cell(&self, place: usize, name: &str) -> Result<&str, Failure> {
        let bytes = self
            .record
            .get(place)
            .ok_or_else(|| format!("line {}, column {name}: the line ends before it", self.line))?;
        let text = std::str::from_utf8(bytes)
            .map_err(|_| format!("line {}, column {name}: not UTF-8", self.line))?;
        Ok(text.trim())
    }

    fn count(&self, place: Option<usize>, name: &str) -> Result<u64, Failure> {
        let Some(place) = place else { return Ok(0) };
        let cell = self.cell(place, name)?;
        // Tables that were through other hands say 10.0.
        let whole = match cell.split_once('.') {
            Some((whole, zeros)) if zeros.bytes().all(|it| it == b'0') => whole,
            _ => cell,
        };
        let digits = !whole.is_empty() && whole.bytes().all(|it| it.is_ascii_digit());
        whole.parse().ok().filter(|_| digits).ok_or_else(|| {
            let line = self.line;
            format!("line {line}, column {name}: {cell:?} is not a whole number from 0").into()
        })
    }

    /// In millionths.
    fn value(&self, place: Option<usize>) -> Result<i64, Failure> {
        let Some(place) = place else { return Ok(0) };
        let cell = self.cell(place, "value")?;
        if cell.is_empty() {
            return Ok(0);
        }
        let (sign, digits) = cell.strip_prefix('-').map_or(("", cell), |rest| ("-", rest));
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let number = |text: &str| text.bytes().all(|it| it.is_ascii_digit());
        let decimals = decimals.trim_end_matches('0');
        let fits = decimals.len() <= VALUE_DECIMALS && !whole.is_empty();
        let scaled = format!("{sign}{whole}{decimals:0<VALUE_DECIMALS$}");
        scaled.parse().ok().filter(|_| fits && number(whole) && number(decimals)).ok_or_else(|| {
            let line = self.line;
            format!(
                "line {line}, column value: {cell:?} is not a number with a point and at most \
                 {VALUE_DECIMALS} decimals, or too large"
            )
            .into()
        })
    }
}
