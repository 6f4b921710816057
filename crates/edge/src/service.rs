//! What hyper calls for each request of a connection.
//!
//! A click is decided within the call and then waits for the spool, so its future is written by
//! hand: it holds what is needed after the wait and nothing else. An `async fn` that covers all
//! endpoints would be five times as large, and it is copied for every request.

use std::convert::Infallible;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use http::Request;
use hyper::body::Incoming;
use hyper::service::Service;

use crate::answer::{self, Answer};
use crate::connections::{Connection, Connections};
use crate::link::Redirecting;
use crate::worker::Worker;

/// One connection, as its requests see it.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) worker: Arc<Worker>,
    pub(crate) connections: Arc<Connections>,
    pub(crate) connection: Arc<Connection>,
    pub(crate) peer: IpAddr,
}

/// Answers the requests of one connection.
#[derive(Debug)]
pub(crate) struct ConnectionService(pub(crate) Arc<Served>);

/// How far an answer has come.
pub(crate) enum Started {
    Done(Option<Answer>),
    /// A click that waits for the spool.
    Redirecting(Redirecting),
    /// Anything that does more than one thing; rare beside clicks.
    Slow(Pin<Box<dyn Future<Output = Answer> + Send>>),
}

/// An answer on its way.
pub(crate) struct Answering {
    served: Arc<Served>,
    started: Started,
}

impl Service<Request<Incoming>> for ConnectionService {
    type Response = Answer;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, request: Request<Incoming>) -> Answering {
        let served = Arc::clone(&self.0);
        served.connection.busy();
        let started = served.worker.start(request, served.peer);
        Answering { served, started }
    }
}

impl Future for Answering {
    type Output = Result<Answer, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let worker = &this.served.worker;
        let answer = match &mut this.started {
            Started::Redirecting(redirecting) => match redirecting.poll(context) {
                Poll::Ready(outcome) => worker.finish(redirecting, outcome),
                Poll::Pending => return Poll::Pending,
            },
            Started::Slow(future) => match future.as_mut().poll(context) {
                Poll::Ready(answer) => answer,
                Poll::Pending => return Poll::Pending,
            },
            Started::Done(answer) => answer.take().expect("hyper polls no answer that it has"),
        };
        this.served.connection.idle(&this.served.connections);
        let draining = worker.shared.draining.load(Ordering::Relaxed);
        Poll::Ready(Ok(if draining { answer::last(answer) } else { answer }))
    }
}
