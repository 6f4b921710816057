//! Runs of the jobs.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tributary_kernel::Timestamp;

use super::text::{Durations, Page, seconds};

#[derive(Debug, Default)]
struct Job {
    failures: u64,
    took: Durations,
    last_success: Option<Timestamp>,
}

/// By name; a job is there from its first run on.
#[derive(Debug, Default)]
pub(crate) struct JobRuns(Mutex<BTreeMap<&'static str, Job>>);

impl JobRuns {
    /// A run has ended.
    pub(crate) fn ended(&self, job: &'static str, took: Duration, success: Option<Timestamp>) {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let job = jobs.entry(job).or_default();
        job.took.saw(took);
        match success {
            Some(at) => job.last_success = Some(at),
            None => job.failures += 1,
        }
    }

    pub(crate) fn write(&self, page: &mut Page) {
        let jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        page.family("job_runs_total", "counter");
        for (name, job) in &*jobs {
            page.value("job_runs_total", &format!("job=\"{name}\""), job.took.count());
        }
        page.family("job_failures_total", "counter");
        for (name, job) in &*jobs {
            page.value("job_failures_total", &format!("job=\"{name}\""), job.failures);
        }
        page.family("job_seconds", "histogram");
        for (name, job) in &*jobs {
            job.took.write(page, "job_seconds", &format!("job=\"{name}\""));
        }
        // A moment, not an age: an age would stand still when nobody asks.
        page.family("job_last_success_timestamp_seconds", "gauge");
        for (name, job) in &*jobs {
            let at = job.last_success.map_or(0, Timestamp::as_microsecond);
            let at = seconds(u64::try_from(at).unwrap_or(0));
            page.value("job_last_success_timestamp_seconds", &format!("job=\"{name}\""), at);
        }
    }
}
