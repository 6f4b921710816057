use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{mpsc, oneshot};
use tributary_directory::Actor;
use tributary_kernel::limits;

use super::input::ReportConversion;
use super::report::{ReportOutcome, Submission, decide_group, each_for_itself, reporter_of};
use crate::{App, AppError};

/// Reports in the queue before callers are told to come back.
const QUEUE_REQUESTS_MAX: usize = 1_024;
/// Reports decided in one transaction.
const GROUP_REPORTS_MAX: usize = 1_000;

/// Gathers concurrent requests into one transaction. A group begins as soon as the one before it
/// has committed, with whatever has come meanwhile: nobody waits for company.
#[derive(Debug, Clone)]
pub struct Reporter {
    queue: mpsc::Sender<Request>,
    groups: Arc<GroupSizes>,
}

/// How many reports were decided together: a histogram.
#[derive(Debug, Default)]
pub struct GroupSizes {
    counts: [AtomicU64; GroupSizes::BOUNDS.len() + 1],
    reports: AtomicU64,
}

impl GroupSizes {
    /// The most reports of each bucket; the last bucket has no bound.
    pub const BOUNDS: [usize; 7] = [1, 2, 5, 10, 50, 100, 500];

    fn saw(&self, size: usize) {
        let bucket = Self::BOUNDS.partition_point(|bound| *bound < size);
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        self.reports.fetch_add(size as u64, Ordering::Relaxed);
    }

    /// Groups in each bucket.
    #[must_use]
    pub fn counts(&self) -> [u64; Self::BOUNDS.len() + 1] {
        self.counts.each_ref().map(|count| count.load(Ordering::Relaxed))
    }

    /// Reports in all groups.
    #[must_use]
    pub fn reports(&self) -> u64 {
        self.reports.load(Ordering::Relaxed)
    }
}

#[derive(Debug)]
struct Request {
    submissions: Vec<Submission>,
    answer: oneshot::Sender<Result<Vec<ReportOutcome>, AppError>>,
}

impl Reporter {
    /// Starts the gathering task on the current runtime; it ends when the last handle is dropped.
    #[must_use]
    pub fn start(app: App) -> Self {
        let (queue, requests) = mpsc::channel(QUEUE_REQUESTS_MAX);
        let groups = Arc::new(GroupSizes::default());
        tokio::spawn(run(Arc::new(app), requests, Arc::clone(&groups)));
        Self { queue, groups }
    }

    /// How large groups were so far.
    #[must_use]
    pub fn group_sizes(&self) -> Arc<GroupSizes> {
        Arc::clone(&self.groups)
    }

    /// Reports conversions, each independent of the others.
    ///
    /// # Errors
    /// A refusal of the whole request, or the fault that all of its reports met. A fault that some
    /// met is their outcome.
    pub async fn report(
        &self,
        actor: &Actor,
        reports: Vec<ReportConversion>,
    ) -> Result<Vec<ReportOutcome>, AppError> {
        let owner = reporter_of(actor)?;
        if reports.is_empty() || reports.len() > limits::CONVERSIONS_PER_REQUEST_MAX {
            let most = limits::CONVERSIONS_PER_REQUEST_MAX;
            let detail = format!("Send 1 to {most} conversions in one request.");
            return Err(super::input::wrong("", "batch_size", detail).into());
        }
        let submissions = reports
            .into_iter()
            .map(|report| Submission { actor: actor.clone(), owner, report })
            .collect();
        let (answer, answered) = oneshot::channel();
        let stopped = || {
            let detail = "the server is stopping".to_owned();
            AppError::Engine(tributary_store::engine::EngineError::Away(detail))
        };
        self.queue.send(Request { submissions, answer }).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

async fn run(app: Arc<App>, mut requests: mpsc::Receiver<Request>, groups: Arc<GroupSizes>) {
    let mut carried: Option<Request> = None;
    loop {
        let first = match carried.take() {
            Some(request) => request,
            None => match requests.recv().await {
                Some(request) => request,
                None => return,
            },
        };
        let mut group = vec![first];
        let mut size = group[0].submissions.len();
        while size < GROUP_REPORTS_MAX
            && let Ok(next) = requests.try_recv()
        {
            if size + next.submissions.len() > GROUP_REPORTS_MAX {
                carried = Some(next);
                break;
            }
            size += next.submissions.len();
            group.push(next);
        }
        groups.saw(size);
        decide(&app, group).await;
    }
}

async fn decide(app: &App, group: Vec<Request>) {
    let mut all = Vec::new();
    let mut callers = Vec::with_capacity(group.len());
    for request in group {
        callers.push((request.submissions.len(), request.answer));
        all.extend(request.submissions);
    }
    let mut outcomes = decide_group(app, all).await.into_iter();
    for (count, answer) in callers {
        let own: Vec<_> = outcomes.by_ref().take(count).collect();
        // A caller that has gone away has its fact all the same.
        let _ = answer.send(each_for_itself(own));
    }
}
