//! Waiting for the spool, no longer than a visitor should.
//!
//! The tasks of an edge thread do not wait for their receipts themselves: they stand in one
//! queue, in the order in which they were appended, and one pump per thread waits for the receipt
//! at its head. So the longest wait is kept by one timer instead of one per request, a commit
//! wakes one waiter in the spool's lane, and the tasks of a whole commit are woken from within
//! their own thread, where a wake is a push to a local list.

use std::collections::{HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tributary_kernel::Stopwatch;

use crate::metrics::EdgeMetrics;

/// How a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Committed<E> {
    /// The record is safe.
    Yes,
    /// Not within the time; it may become so yet.
    Unconfirmed,
    /// It is not, and will not be.
    No(E),
}

/// The queue of one thread.
#[derive(Debug)]
pub(crate) struct CommitQueue<R, E> {
    inner: Mutex<Inner<R, E>>,
    wait_max: Duration,
}

#[derive(Debug)]
struct Inner<R, E> {
    /// Number of the waiter at the front of `waiting`.
    head: u64,
    waiting: VecDeque<Waiter<R>>,
    /// Outcomes other than [`Committed::Yes`] of waiters that left the queue and have not been
    /// told yet.
    told_other: HashMap<u64, Committed<E>>,
    pump: Option<Waker>,
    closed: bool,
}

#[derive(Debug)]
struct Waiter<R> {
    receipt: R,
    since: Stopwatch,
    task: Option<Waker>,
    abandoned: bool,
}

impl<R, E> CommitQueue<R, E>
where
    R: Future<Output = Result<(), E>> + Unpin,
    E: Copy,
{
    pub(crate) fn new(wait_max: Duration) -> Arc<Self> {
        let inner = Inner {
            head: 0,
            waiting: VecDeque::new(),
            told_other: HashMap::new(),
            pump: None,
            closed: false,
        };
        Arc::new(Self { inner: Mutex::new(inner), wait_max })
    }

    fn lock(&self) -> MutexGuard<'_, Inner<R, E>> {
        self.inner.lock().expect("nothing panics while it holds the queue")
    }

    /// Puts a receipt at the end of the queue.
    pub(crate) fn wait(self: &Arc<Self>, receipt: R) -> Waiting<R, E> {
        let mut inner = self.lock();
        let number = inner.head + inner.waiting.len() as u64;
        let since = Stopwatch::start();
        inner.waiting.push_back(Waiter { receipt, since, task: None, abandoned: false });
        if inner.waiting.len() == 1
            && let Some(pump) = inner.pump.take()
        {
            pump.wake();
        }
        drop(inner);
        Waiting { queue: Arc::clone(self), number, done: false }
    }

    /// Runs until [`CommitQueue::close`] and the queue is empty.
    pub(crate) async fn pump(self: Arc<Self>, metrics: Arc<EdgeMetrics>) {
        // Armed for a head's deadline and left to run when that head is gone: later deadlines
        // are later, so it never ends too late, and it is set up once per `wait_max` instead of
        // once per batch.
        let mut timer: Option<Pin<Box<tokio::time::Sleep>>> = None;
        poll_fn(|context| {
            loop {
                let left = {
                    let mut inner = self.lock();
                    let left = inner.take_ready(self.wait_max, context, &metrics);
                    if inner.closed && inner.waiting.is_empty() {
                        return Poll::Ready(());
                    }
                    match &mut inner.pump {
                        Some(pump) => pump.clone_from(context.waker()),
                        none => *none = Some(context.waker().clone()),
                    }
                    left
                };
                let Some(left) = left else { return Poll::Pending };
                // Nothing else wakes it when a disk does not answer in time.
                let armed = timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(left)));
                match armed.as_mut().poll(context) {
                    Poll::Ready(()) => timer = None,
                    Poll::Pending => return Poll::Pending,
                }
            }
        })
        .await;
    }

    /// Lets the pump end once nobody waits any more.
    pub(crate) fn close(&self) {
        let mut inner = self.lock();
        inner.closed = true;
        if let Some(pump) = inner.pump.take() {
            pump.wake();
        }
    }
}

impl<R, E> Inner<R, E>
where
    R: Future<Output = Result<(), E>> + Unpin,
    E: Copy,
{
    /// Lets go all at the front that are resolved or have waited too long. Returns how long the
    /// next may wait yet; `None` when there is none.
    fn take_ready(
        &mut self,
        wait_max: Duration,
        context: &mut Context<'_>,
        metrics: &EdgeMetrics,
    ) -> Option<Duration> {
        let mut run: Option<(Duration, u64)> = None;
        let left = loop {
            let Some(front) = self.waiting.front_mut() else { break None };
            let outcome = match Pin::new(&mut front.receipt).poll(context) {
                Poll::Ready(Ok(())) => Committed::Yes,
                Poll::Ready(Err(error)) => Committed::No(error),
                Poll::Pending => match wait_max.checked_sub(front.since.elapsed()) {
                    Some(left) if !left.is_zero() => break Some(left),
                    _ => Committed::Unconfirmed,
                },
            };
            // The clock is read once per run: those behind the first have waited less.
            match &mut run {
                Some((_, times)) => *times += 1,
                none => *none = Some((front.since.elapsed(), 1)),
            }
            self.let_go(outcome);
        };
        if let Some((longest, times)) = run {
            metrics.commit_wait.record(longest, times);
        }
        left
    }

    fn let_go(&mut self, outcome: Committed<E>) {
        let waiter = self.waiting.pop_front().expect("the caller has seen it");
        if !matches!(outcome, Committed::Yes) && !waiter.abandoned {
            self.told_other.insert(self.head, outcome);
        }
        self.head += 1;
        if let Some(task) = waiter.task {
            task.wake();
        }
    }
}

/// One wait in the queue.
#[derive(Debug)]
pub(crate) struct Waiting<R, E> {
    queue: Arc<CommitQueue<R, E>>,
    number: u64,
    done: bool,
}

impl<R, E> Future for Waiting<R, E>
where
    R: Future<Output = Result<(), E>> + Unpin,
    E: Copy,
{
    type Output = Committed<E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Committed<E>> {
        let this = &mut *self;
        let mut inner = this.queue.inner.lock().expect("nothing panics while it holds the queue");
        if this.number < inner.head {
            this.done = true;
            // Nearly always empty, and hashing the number for nothing is not free.
            let other = (!inner.told_other.is_empty())
                .then(|| inner.told_other.remove(&this.number))
                .flatten();
            return Poll::Ready(other.unwrap_or(Committed::Yes));
        }
        let place =
            usize::try_from(this.number - inner.head).expect("a place in a queue in memory");
        match &mut inner.waiting[place].task {
            Some(task) => task.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}

impl<R, E> Drop for Waiting<R, E> {
    /// A client that went away leaves its record in the spool, but nobody to tell.
    fn drop(&mut self) {
        if self.done {
            return;
        }
        let Ok(mut inner) = self.queue.inner.lock() else { return };
        if self.number < inner.head {
            inner.told_other.remove(&self.number);
        } else if let Ok(place) = usize::try_from(self.number - inner.head)
            && let Some(waiter) = inner.waiting.get_mut(place)
        {
            waiter.abandoned = true;
            waiter.task = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    #[derive(Debug)]
    struct TestReceipt(oneshot::Receiver<Result<(), u8>>);

    impl Future for TestReceipt {
        type Output = Result<(), u8>;

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
            Pin::new(&mut self.0).poll(context).map(|told| told.unwrap_or(Err(255)))
        }
    }

    type TestQueue = Arc<CommitQueue<TestReceipt, u8>>;

    fn queue(wait_max: Duration) -> (TestQueue, Arc<EdgeMetrics>, tokio::task::JoinHandle<()>) {
        let queue = CommitQueue::new(wait_max);
        let metrics = Arc::new(EdgeMetrics::default());
        let pump = tokio::spawn(Arc::clone(&queue).pump(Arc::clone(&metrics)));
        (queue, metrics, pump)
    }

    #[tokio::test]
    async fn each_waiter_gets_its_own_outcome_in_order() {
        let (queue, metrics, pump) = queue(Duration::from_secs(60));
        let (senders, receivers): (Vec<_>, Vec<_>) = (0..10).map(|_| oneshot::channel()).unzip();
        let waits: Vec<_> =
            receivers.into_iter().map(|receiver| queue.wait(TestReceipt(receiver))).collect();
        for (place, sender) in senders.into_iter().enumerate().rev() {
            let told = if place % 3 == 0 { Err(u8::try_from(place).unwrap()) } else { Ok(()) };
            sender.send(told).unwrap();
        }
        for (place, wait) in waits.into_iter().enumerate() {
            let expected = match place % 3 {
                0 => Committed::No(u8::try_from(place).unwrap()),
                _ => Committed::Yes,
            };
            assert_eq!(wait.await, expected, "waiter {place}");
        }
        queue.close();
        pump.await.unwrap();
        assert_eq!(metrics.commit_wait.counts().iter().sum::<u64>(), 10);
        assert!(queue.lock().told_other.is_empty());
    }

    #[tokio::test]
    async fn who_waits_too_long_goes_unconfirmed_and_does_not_hold_up_the_next() {
        let (queue, _, pump) = queue(Duration::from_millis(5));
        let (_never, receiver) = oneshot::channel();
        let (sender, second) = oneshot::channel();
        let late = queue.wait(TestReceipt(receiver));
        assert_eq!(late.await, Committed::Unconfirmed);
        let quick = queue.wait(TestReceipt(second));
        sender.send(Ok(())).unwrap();
        assert_eq!(quick.await, Committed::Yes);
        queue.close();
        pump.await.unwrap();
    }

    #[tokio::test]
    async fn an_abandoned_wait_leaves_nothing_behind() {
        let (queue, _, pump) = queue(Duration::from_secs(60));
        let (first, receiver) = oneshot::channel();
        let (second, other) = oneshot::channel();
        drop(queue.wait(TestReceipt(receiver)));
        let kept = queue.wait(TestReceipt(other));
        first.send(Err(7)).unwrap();
        second.send(Ok(())).unwrap();
        assert_eq!(kept.await, Committed::Yes);
        assert!(queue.lock().told_other.is_empty());
        queue.close();
        pump.await.unwrap();
    }
}
