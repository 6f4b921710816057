//! Open-loop load: requests are due at fixed moments, whether or not earlier ones were answered,
//! and each one's time counts from the moment it was due. A closed loop (wrk) sends less while the
//! server stalls and so hides the stall from its percentiles.
//!
//! Limit: one thread. It must have a core of its own, which it keeps busy; a sender that is late
//! itself would count its own delay, so [`Report::sender_late_max`] tells.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::{JoinSet, LocalSet, yield_now};
use tributary_kernel::Stopwatch;

use crate::error::{BenchError, During};
use crate::http_probe::{ANSWER_BYTES_MAX, response_length};
use crate::stats::percentile;

/// Longest wait for the last answers.
const DRAIN_MAX: Duration = Duration::from_secs(10);

/// What is sent, how often, how long.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) address: SocketAddr,
    pub(crate) request: Vec<u8>,
    /// First bytes of every right answer.
    pub(crate) answer_start: &'static [u8],
    pub(crate) rate: u32,
    pub(crate) connections: usize,
    /// Sent first and not counted.
    pub(crate) warm_up: Duration,
    pub(crate) duration: Duration,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Report {
    /// Times from due to answered, sorted.
    pub(crate) times: Vec<Duration>,
    /// Longest time a request was handed to a connection's queue after it was due.
    pub(crate) sender_late_max: Duration,
}

impl Report {
    pub(crate) fn percentile(&self, per_mille: usize) -> Duration {
        percentile(&self.times, per_mille)
    }
}

/// Requests that are due and wait for a free connection, by the moment they were due.
#[derive(Debug, Default)]
struct Due {
    queue: RefCell<VecDeque<Duration>>,
    more: Notify,
    /// No more will come.
    closed: std::cell::Cell<bool>,
}

impl Due {
    async fn next(&self) -> Option<Duration> {
        loop {
            if let Some(due) = self.queue.borrow_mut().pop_front() {
                return Some(due);
            }
            if self.closed.get() {
                return None;
            }
            self.more.notified().await;
        }
    }
}

/// Runs the plan on the current thread.
pub(crate) async fn run(plan: Plan) -> Result<Report, BenchError> {
    LocalSet::new().run_until(run_local(Rc::new(plan))).await
}

async fn run_local(plan: Rc<Plan>) -> Result<Report, BenchError> {
    let due = Rc::new(Due::default());
    let clock = Rc::new(Stopwatch::start());
    let mut senders = JoinSet::new();
    for _ in 0..plan.connections {
        let stream = TcpStream::connect(plan.address).await.during("connect")?;
        stream.set_nodelay(true).during("TCP_NODELAY")?;
        let (plan, due, clock) = (Rc::clone(&plan), Rc::clone(&due), Rc::clone(&clock));
        senders.spawn_local(async move { send(&plan, &due, &clock, stream).await });
    }
    let start = clock.elapsed();
    let sender_late_max = dispatch(&plan, &due, &clock, start).await;
    let counted_from = start + plan.warm_up;
    let mut times = Vec::new();
    let all = async {
        while let Some(done) = senders.join_next().await {
            let done = done.map_err(|error| BenchError::Unfit(error.to_string()))??;
            let counted = done.into_iter().filter(|(due, _)| *due >= counted_from);
            times.extend(counted.map(|(_, time)| time));
        }
        Ok::<(), BenchError>(())
    };
    tokio::time::timeout(DRAIN_MAX, all)
        .await
        .map_err(|_| BenchError::Unfit("the server did not keep up with the rate".into()))??;
    times.sort_unstable();
    Ok(Report { times, sender_late_max })
}

/// Makes every request due at its moment; busy, because a timer is a millisecond late.
async fn dispatch(plan: &Plan, due: &Due, clock: &Stopwatch, start: Duration) -> Duration {
    let count = (plan.warm_up + plan.duration).as_secs() * u64::from(plan.rate);
    let mut late_max = Duration::ZERO;
    for number in 0..count {
        let moment = start + Duration::from_nanos(number * 1_000_000_000 / u64::from(plan.rate));
        while clock.elapsed() < moment {
            yield_now().await;
        }
        if moment >= start + plan.warm_up {
            late_max = late_max.max(clock.elapsed().saturating_sub(moment));
        }
        due.queue.borrow_mut().push_back(moment);
        due.more.notify_one();
    }
    due.closed.set(true);
    // `notify_waiters` reaches those that wait now; who is at work sees `closed` when it returns.
    due.more.notify_waiters();
    late_max
}

/// One connection: takes what is due, sends it, reads its answer. Returns (due, time) of each.
async fn send(
    plan: &Plan,
    due: &Due,
    clock: &Stopwatch,
    mut stream: TcpStream,
) -> Result<Vec<(Duration, Duration)>, BenchError> {
    let mut done = Vec::new();
    let mut buffer = vec![0; ANSWER_BYTES_MAX];
    while let Some(moment) = due.next().await {
        stream.write_all(&plan.request).await.during("send")?;
        let mut filled = 0;
        while response_length(&buffer[..filled]).is_none() {
            let read = stream.read(&mut buffer[filled..]).await.during("receive")?;
            if read == 0 {
                return Err(BenchError::Unfit("the server closed a connection".into()));
            }
            filled += read;
        }
        done.push((moment, clock.elapsed().saturating_sub(moment)));
        if !buffer[..filled].starts_with(plan.answer_start) {
            let answer = String::from_utf8_lossy(&buffer[..filled]).into_owned();
            return Err(BenchError::Unfit(format!("a wrong answer: {answer}")));
        }
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that answers each request after `answers_before_stall`, and then stalls for
    /// `stall` once.
    async fn stalling_server(stall_at: u64, stall: Duration) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let listener = listener.into_std().unwrap();
            listener.set_nonblocking(false).unwrap();
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; 1024];
            let mut answered = 0;
            while let Ok(read @ 1..) = std::io::Read::read(&mut stream, &mut buffer) {
                assert!(buffer[..read].ends_with(b"\r\n\r\n"));
                if answered == stall_at {
                    let watch = Stopwatch::start();
                    while watch.elapsed() < stall {
                        std::hint::spin_loop();
                    }
                }
                answered += 1;
                std::io::Write::write_all(&mut stream, b"HTTP/1.1 302 Found\r\n\r\n").unwrap();
            }
        });
        address
    }

    fn plan(address: SocketAddr, answer_start: &'static [u8]) -> Plan {
        Plan {
            address,
            request: crate::http_probe::request("/", &[]),
            answer_start,
            rate: 100,
            connections: 1,
            warm_up: Duration::ZERO,
            duration: Duration::from_secs(1),
        }
    }

    #[tokio::test]
    async fn a_stall_counts_for_every_request_that_was_due_in_it() {
        let stall = Duration::from_millis(300);
        let address = stalling_server(10, stall).await;
        let report = run(plan(address, b"HTTP/1.1 302")).await.unwrap();
        assert_eq!(report.times.len(), 100);
        // Thirty requests fell due while the server stood still; the k-th waited 10 ms less.
        let slow = report.times.iter().filter(|time| **time > Duration::from_millis(45)).count();
        assert!(slow >= 25, "only {slow} of 100 saw a stall of {stall:?}");
        assert!(report.percentile(1000) >= stall);
    }

    #[tokio::test]
    async fn a_wrong_answer_is_no_measurement() {
        let address = stalling_server(0, Duration::ZERO).await;
        let error = run(plan(address, b"HTTP/1.1 200")).await.unwrap_err();
        assert!(error.to_string().contains("a wrong answer"), "{error}");
    }
}
