//! What computes for long, on threads of its own and few at a time: answers that are written, and all else that the node does,
//! go on meanwhile.

use std::sync::Arc;

use retrieval::Error;
use tokio::sync::Semaphore;

/// How much of a node weighs questions at once.
const AT_ONCE: usize = 2;

/// Turns of what computes for long. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Thinking(Arc<Semaphore>);

impl Default for Thinking {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Thinking {
    /// Does something in its turn. Its turn is over when it is done, also when nobody waits for it any more.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        // Nobody closes it.
        let turn = Arc::clone(&self.0).acquire_owned().await;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.unwrap_or_else(|error| Err(Error::Engine(error.to_string())))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn everything_else_goes_on_and_few_compute_at_once() {
        let (thinking, now, most) = (Thinking::default(), Arc::default(), Arc::<AtomicUsize>::default());
        let mut works = tokio::task::JoinSet::new();
        let mut starts = Vec::new();
        for _ in 0..3 * AT_ONCE {
            let (start, started) = mpsc::channel();
            starts.push(start);
            let (thinking, now, most) =
                (thinking.clone(), Arc::<AtomicUsize>::clone(&now), Arc::clone(&most));
            works.spawn(async move {
                thinking
                    .run(move || {
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        // It would wait for ever if whoever gives the sign stood still meanwhile.
                        let told = started.recv();
                        now.fetch_sub(1, Ordering::SeqCst);
                        told.map_err(|error| Error::Engine(error.to_string()))
                    })
                    .await
            });
        }
        while most.load(Ordering::SeqCst) < AT_ONCE {
            tokio::task::yield_now().await;
        }
        for start in starts {
            start.send(()).unwrap();
        }
        while let Some(done) = works.join_next().await {
            done.unwrap().unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), AT_ONCE);
    }
}
