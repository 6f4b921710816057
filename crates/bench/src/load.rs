//! Closed-loop load: prepared requests over a number of connections, each sending the next one as
//! soon as the last was answered. One thread; what it costs is part of the figure, as the client of
//! a database benchmark is.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, LocalSet};
use tokio::time::interval;
use tributary_kernel::Stopwatch;
use tributary_testkit::HttpClient;

use crate::error::{BenchError, During};
use crate::http_probe::response_length;
use crate::wait::{self, Patience};

/// What is read from a socket at once.
const READ_BYTES: usize = 64 * 1024;

/// What came of it.
#[derive(Debug)]
pub(crate) struct Load {
    /// From the first request to the last answer; connecting is not in it.
    pub(crate) elapsed: Duration,
    /// Whole answers, in the order of the requests.
    pub(crate) answers: Vec<Vec<u8>>,
}

#[derive(Debug)]
struct Shared {
    requests: Vec<Vec<u8>>,
    next: Cell<usize>,
    answers: RefCell<Vec<Vec<u8>>>,
}

/// Sends all of them.
pub(crate) async fn closed_loop(
    address: SocketAddr,
    requests: Vec<Vec<u8>>,
    connections: usize,
) -> Result<Load, BenchError> {
    LocalSet::new().run_until(run(address, requests, connections)).await
}

async fn run(
    address: SocketAddr,
    requests: Vec<Vec<u8>>,
    connections: usize,
) -> Result<Load, BenchError> {
    let answers = RefCell::new(vec![Vec::new(); requests.len()]);
    let shared = Rc::new(Shared { requests, next: Cell::new(0), answers });
    let mut streams = Vec::with_capacity(connections);
    for _ in 0..connections {
        let stream = TcpStream::connect(address).await.during("connect")?;
        stream.set_nodelay(true).during("TCP_NODELAY")?;
        streams.push(stream);
    }
    let watch = Stopwatch::start();
    let mut senders = JoinSet::new();
    for stream in streams {
        senders.spawn_local(send(Rc::clone(&shared), stream));
    }
    while let Some(done) = senders.join_next().await {
        done.map_err(|error| BenchError::Unfit(error.to_string()))??;
    }
    let elapsed = watch.elapsed();
    Ok(Load { elapsed, answers: shared.answers.take() })
}

async fn send(shared: Rc<Shared>, mut stream: TcpStream) -> Result<(), BenchError> {
    let mut buffer = vec![0; READ_BYTES];
    loop {
        let number = shared.next.get();
        let Some(request) = shared.requests.get(number) else { return Ok(()) };
        shared.next.set(number + 1);
        stream.write_all(request).await.during("send")?;
        let mut answer = Vec::new();
        while response_length(&answer).is_none() {
            let read = stream.read(&mut buffer).await.during("receive")?;
            if read == 0 {
                return Err(BenchError::Unfit("the server hung up".into()));
            }
            answer.extend_from_slice(&buffer[..read]);
        }
        shared.answers.borrow_mut()[number] = answer;
    }
}

/// How often requests become due, so that many share one wake-up.
const TICK: Duration = Duration::from_millis(2);

/// Sends a request `rate` times a second for `duration`, over connections that each wait for their
/// answer; how many were answered in that time. Unlike `open_loop` it leaves the core to others
/// between two ticks, and so cannot time single requests.
pub(crate) async fn paced(
    address: SocketAddr,
    request: Vec<u8>,
    rate: f64,
    connections: usize,
    duration: Duration,
) -> Result<u64, BenchError> {
    let due = Rc::new(Semaphore::new(0));
    let answered = Rc::new(Cell::new(0));
    let request = Rc::new(request);
    let sending = async {
        let mut senders = JoinSet::new();
        for _ in 0..connections {
            let stream = TcpStream::connect(address).await.during("connect")?;
            stream.set_nodelay(true).during("TCP_NODELAY")?;
            let (due, answered) = (Rc::clone(&due), Rc::clone(&answered));
            senders.spawn_local(send_when_due(due, Rc::clone(&request), answered, stream));
        }
        let watch = Stopwatch::start();
        let mut made_due = 0;
        let mut ticks = interval(TICK);
        while watch.elapsed() < duration {
            ticks.tick().await;
            let until_now = (watch.elapsed().as_secs_f64() * rate) as usize;
            due.add_permits(until_now - made_due);
            made_due = until_now;
        }
        due.close();
        let answered = answered.get();
        while let Some(done) = senders.join_next().await {
            done.map_err(|error| BenchError::Unfit(error.to_string()))??;
        }
        Ok(answered)
    };
    LocalSet::new().run_until(sending).await
}

async fn send_when_due(
    due: Rc<Semaphore>,
    request: Rc<Vec<u8>>,
    answered: Rc<Cell<u64>>,
    mut stream: TcpStream,
) -> Result<(), BenchError> {
    let mut buffer = vec![0; READ_BYTES];
    // Closed at the end: what is still due then is not sent.
    while let Ok(permit) = due.acquire().await {
        permit.forget();
        stream.write_all(&request).await.during("send")?;
        let mut filled = 0;
        while response_length(&buffer[..filled]).is_none() {
            let read = stream.read(&mut buffer[filled..]).await.during("receive")?;
            if read == 0 {
                return Err(BenchError::Unfit("the server hung up".into()));
            }
            filled += read;
        }
        if !buffer.starts_with(b"HTTP/1.1 302 ") {
            let answer = String::from_utf8_lossy(&buffer[..filled]);
            return Err(BenchError::Unfit(format!("not a redirect: {answer}")));
        }
        answered.set(answered.get() + 1);
    }
    Ok(())
}

/// One of the program's own figures.
pub(crate) async fn metric(figures: SocketAddr, name: &str) -> Result<f64, BenchError> {
    let answer = HttpClient::new(figures).get("/metrics").await.during("/metrics")?;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let mut lines = text.lines().filter_map(|line| line.split_once(' '));
    lines
        .find(|(known, _)| *known == name)
        .and_then(|(_, value)| value.parse().ok())
        .ok_or_else(|| BenchError::Unfit(format!("no {name} in {text}")))
}

/// Waits, at most a minute, until one of the program's own figures is as high as this.
pub(crate) async fn reaches(
    figures: SocketAddr,
    name: &str,
    wanted: f64,
) -> Result<(), BenchError> {
    reaches_within(wait::USUAL, figures, name, wanted).await
}

/// The same for what takes its time.
pub(crate) async fn reaches_within(
    patience: Patience,
    figures: SocketAddr,
    name: &str,
    wanted: f64,
) -> Result<(), BenchError> {
    wait::until(patience, async || {
        let found = metric(figures, name).await?;
        Ok(if found >= wanted { Ok(()) } else { Err(format!("{name} is {found} of {wanted}")) })
    })
    .await
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn every_request_is_sent_once_and_keeps_its_place() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serve = async move {
            loop {
                let mut stream = listener.accept().await.unwrap().0;
                tokio::spawn(async move {
                    let mut bytes = [0; 64];
                    while let Ok(count @ 1..) = stream.read(&mut bytes).await {
                        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {count}\r\n\r\n");
                        stream.write_all(head.as_bytes()).await.unwrap();
                        stream.write_all(&bytes[..count]).await.unwrap();
                    }
                });
            }
        };
        let server = tokio::spawn(serve);
        let requests: Vec<Vec<u8>> = (0..50).map(|n| format!("order {n}").into_bytes()).collect();
        let load = closed_loop(address, requests.clone(), 4).await.unwrap();
        server.abort();
        assert_eq!(load.answers.len(), requests.len());
        for (answer, request) in load.answers.iter().zip(&requests) {
            assert!(answer.ends_with(request), "{}", String::from_utf8_lossy(answer));
        }
    }
}
