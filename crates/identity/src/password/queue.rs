//! Work that costs much, a little at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;

/// What a client that came too late is told to wait.
const COME_BACK: Duration = Duration::from_secs(2);

/// Too much waits already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being looked at; try again in a moment")]
pub struct Busy {
    /// How long to wait before trying again.
    pub retry_after: Duration,
}

/// Runs work on threads of its own, so many at once, and lets so many more wait.
pub(super) struct Queue {
    slots: Arc<Semaphore>,
    /// Those that wait or work.
    inside: AtomicUsize,
    most: usize,
}

/// A place inside; given back when dropped, also by whoever stopped waiting.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Queue {
    /// `slots` at once, and `waiting` besides.
    pub(super) fn new(slots: usize, waiting: usize) -> Self {
        Self {
            slots: Arc::new(Semaphore::new(slots)),
            inside: AtomicUsize::new(0),
            most: slots.saturating_add(waiting),
        }
    }

    /// Does the work when its turn comes.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let busy = Busy { retry_after: COME_BACK };
        if self.inside.fetch_add(1, Ordering::SeqCst) >= self.most {
            self.inside.fetch_sub(1, Ordering::SeqCst);
            return Err(busy);
        }
        let _place = Place(&self.inside);
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(|_| busy)?;
        // The slot goes with the work: a client that leaves does not make room for another while its hash is made.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(slot);
            done
        });
        match done.await {
            Ok(done) => Ok(done),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The process is stopping.
                Err(_) => Err(busy),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn so_many_work_so_many_wait_and_the_rest_is_sent_away() {
        let queue = Arc::new(Queue::new(2, 8));
        let (working, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let open = Arc::new(AtomicBool::new(false));
        let mut inside = tokio::task::JoinSet::new();
        for _ in 0..10 {
            let (queue, open) = (Arc::clone(&queue), Arc::clone(&open));
            let (working, most) = (Arc::clone(&working), Arc::clone(&most));
            inside.spawn(async move {
                let work = move || {
                    most.fetch_max(working.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    while !open.load(Ordering::SeqCst) {
                        std::thread::yield_now();
                    }
                    working.fetch_sub(1, Ordering::SeqCst);
                };
                queue.run(work).await
            });
        }
        while queue.inside.load(Ordering::SeqCst) < 10 || working.load(Ordering::SeqCst) < 2 {
            tokio::task::yield_now().await;
        }
        for _ in 0..54 {
            assert!(queue.run(|| ()).await.is_err());
        }
        open.store(true, Ordering::SeqCst);
        assert!(inside.join_all().await.iter().all(Result::is_ok));
        assert_eq!(most.load(Ordering::SeqCst), 2);
        assert!(queue.run(|| ()).await.is_ok(), "there is room again");
    }
}
