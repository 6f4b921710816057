//! What every measurement has in common: a quiet machine, the figures printed, and recorded if
//! asked.

use crate::error::{BenchError, During};
use crate::{machine, record};

/// What a bench found.
pub(crate) trait Findings {
    /// As they stand in the document.
    fn text(&self, provenance: &str) -> String;
    /// Whether they are what they must be.
    fn reached(&self) -> bool;
}

/// Threads that the measuring process works with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Threads {
    /// What is measured runs elsewhere, or on one core.
    One,
    /// What is measured runs in this process, on every core.
    All,
}

/// Measures, prints, and writes the section of `bench` if asked. The answer is whether everything
/// was reached. The caller takes the provenance before anything is measured: a process that is held
/// to one core by then would count no other.
pub(crate) fn run<F: Findings>(
    bench: &str,
    recording: bool,
    provenance: &str,
    threads: Threads,
    measure: impl Future<Output = Result<F, BenchError>>,
) -> Result<bool, BenchError> {
    let mut builder = match threads {
        Threads::One => tokio::runtime::Builder::new_current_thread(),
        Threads::All => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = builder.enable_all().build().during("an executor")?;
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
