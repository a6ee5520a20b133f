//! Work that costs much, a little at a time.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};

/// What a client that came too late is told to wait.
const COME_BACK: Duration = Duration::from_secs(2);

/// Too much waits already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being looked at; try again in a moment")]
pub struct Busy {
    /// How long to wait before trying again.
    pub retry_after: Duration,
}

/// A piece of work, with everything it needs to tell what came of it.
type Work = Box<dyn FnOnce() + Send>;

/// Runs work on threads of its own, so many at once, and lets so many more wait.
///
/// The threads are always the same ones, as many as work at once: allocators keep memory for each thread, so that on a
/// pool for everything the memory of one hash would stay behind on every thread that ever made one. And they stand back
/// behind everybody else's work.
pub(super) struct Queue {
    slots: Arc<Semaphore>,
    threads: usize,
    /// Where the threads get their work; they are made when there is some, and end with the queue.
    work: OnceLock<mpsc::Sender<Work>>,
    /// Those that wait or work.
    inside: AtomicUsize,
    most: usize,
}

/// How far the threads stand back, of nineteen steps.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// Does work until there is none to come.
fn work_off(source: &Mutex<mpsc::Receiver<Work>>) {
    // Only on Linux it is the thread that stands back, and not the whole process; and where it may not, it works all the same.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, NICE);
    loop {
        let next = source.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(work) => work(),
            Err(_) => return,
        }
    }
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
            threads: slots,
            work: OnceLock::new(),
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
        let (tell, told) = oneshot::channel();
        // The slot goes with the work: a client that leaves does not make room for another while its hash is made.
        let work: Work = Box::new(move || {
            let done = catch_unwind(AssertUnwindSafe(work));
            drop(slot);
            // Whoever asked may have left.
            let _ = tell.send(done);
        });
        self.threads().send(work).map_err(|_| busy)?;
        match told.await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(panic)) => resume_unwind(panic),
            // No thread could be made, or the process is stopping.
            Err(_) => Err(busy),
        }
    }

    fn threads(&self) -> &mpsc::Sender<Work> {
        self.work.get_or_init(|| {
            let (sender, receiver) = mpsc::channel();
            let receiver = Arc::new(Mutex::new(receiver));
            for _ in 0..self.threads {
                let receiver = Arc::clone(&receiver);
                let made =
                    thread::Builder::new().name("passwords".to_owned()).spawn(move || work_off(&receiver));
                if let Err(error) = made {
                    tracing::error!(%error, "no thread for passwords can be made");
                }
            }
            sender
        })
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

    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "a panic of the task is what the test looks at")]
    async fn a_panic_reaches_whoever_asked_and_the_thread_lives_on() {
        let queue = Arc::new(Queue::new(1, 1));
        let asked = Arc::clone(&queue);
        let broken = tokio::spawn(async move { asked.run::<()>(|| panic!("a broken piece of work")).await });
        assert!(broken.await.is_err_and(|error| error.is_panic()));
        assert_eq!(queue.run(|| 7).await, Ok(7));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn the_threads_stand_back() {
        let queue = Queue::new(1, 1);
        let nice = queue.run(|| rustix::process::getpriority_process(None).unwrap()).await.unwrap();
        assert!(nice >= NICE, "{nice}");
    }
}
