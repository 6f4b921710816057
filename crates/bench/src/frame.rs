//! What every measurement over time has in common: a quiet machine, the figures printed, and
//! recorded if asked.

use crate::error::{BenchError, During};
use crate::{machine, record};

/// What a bench found.
pub(crate) trait Findings {
    /// As they stand in the document.
    fn text(&self, provenance: &str) -> String;
    /// Whether they are what they must be.
    fn reached(&self) -> bool;
}

/// Measures on one thread, prints, and writes the section of `bench` if asked. The answer is
/// whether everything was reached.
pub(crate) fn run<F: Findings>(
    bench: &str,
    recording: bool,
    provenance: &str,
    measure: impl Future<Output = Result<F, BenchError>>,
) -> Result<bool, BenchError> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().during("an executor")?;
    let figures = runtime.block_on(async {
        machine::quiet(recording).await?;
        measure.await
    })?;
    let text = figures.text(provenance);
    println!("{text}");
    if recording {
        record::replace(bench, &text)?;
    }
    Ok(figures.reached())
}
