//! The whole product in one process.

use std::path::PathBuf;
use std::time::Duration;

use base::id::{UserId, WorkspaceId};
use base::{Clock, Ids, Timestamp};
use devmentor::config::{Config, Environment};
use devmentor::wiring::{self, Outside, System};
use jobs::{Counts, RunnerOptions};
use storage::testing::{TestDb, each_engine};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::{Caller, OrFail};

/// When every test begins: 2026-01-01 00:00 UTC.
const BEGINNING: Timestamp = Timestamp::from_seconds(1_767_225_600);

/// Runs a test against the application on SQLite and, where there is a server for tests, on PostgreSQL.
///
/// # Panics
/// When the test does, and when it leaves work undone or given up behind.
pub async fn on_each_engine<F, R>(test: F)
where
    F: Fn(TestApp) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = ()> + Send + 'static,
{
    each_engine(move |db| {
        let test = test.clone();
        async move { test(TestApp::start(db).await).await }
    })
    .await;
}

/// The application. Dropping it asserts that no work waits and none was given up.
pub struct TestApp {
    /// The parts, for what cannot be seen over HTTP.
    pub system: System,
    /// Stands still until it is moved.
    pub clock: Clock,
    base: String,
    client: reqwest::Client,
    stop: CancellationToken,
    /// Holds the copies of repositories.
    _folder: TempDir,
    /// Set by a test that means to leave work behind.
    pub may_leave_work: bool,
}

impl TestApp {
    async fn start(db: TestDb) -> Self {
        let folder = tempfile::tempdir().or_fail("a folder for data");
        let mut config = Config::in_folder(folder.path()).or_fail("the configuration");
        match &db.config {
            storage::Config::Sqlite { path } => {
                config.data_dir = path.parent().or_fail("a database in no folder").to_path_buf();
            }
            storage::Config::Postgres { url } => config.database.url = Some(url.clone()),
        }
        let clock = Clock::manual(BEGINNING);
        let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
        let ids = Ids::counted();
        let outside =
            Outside::new(&config, &Environment::empty(), binary(), &clock, &ids).or_fail("the ways out");
        let system = System::build(&config, outside, clock.clone(), ids, &tracker, &stop)
            .await
            .or_fail("the parts do not join");

        let listener = TcpListener::bind(("127.0.0.1", 0)).await.or_fail("no port");
        let address = listener.local_addr().or_fail("no address");
        let behavior = wiring::server_config(&config, &Environment::empty(), address)
            .or_fail("the server's configuration");
        let app = system.app(behavior, None);
        tracker.spawn(server::serve(listener, app, stop.clone(), tracker.clone()));
        Self {
            system,
            clock,
            base: format!("http://{address}"),
            client: reqwest::Client::builder().build().or_fail("no HTTP client"),
            stop,
            _folder: folder,
            may_leave_work: false,
        }
    }

    /// Somebody without a session.
    pub fn anonymous(&self) -> Caller {
        Caller { client: self.client.clone(), base: self.base.clone(), token: None }
    }

    /// The owner of the server, in the workspace `home`.
    ///
    /// # Panics
    /// When signing in fails.
    pub async fn owner(&self) -> Caller {
        let owner = self.system.identity.ensure_owner().await.or_fail("no owner");
        self.sign_in(owner.user).await
    }

    /// The owner of another workspace with that name in addresses, who is nobody in `home`.
    ///
    /// # Panics
    /// When the workspace cannot be made.
    pub async fn stranger(&self, slug: &str) -> Caller {
        let (user, workspace): (UserId, WorkspaceId) = (self.system.ids.new_id(), self.system.ids.new_id());
        let now = self.clock.now();
        let make = async {
            let mut tx = self.system.db.begin().await?;
            tx.query("INSERT INTO identity_user (id, handle, name, created_at, version) VALUES ($1, $2, $2, $3, 1)")
                .bind(user)
                .bind(slug)
                .bind(now)
                .execute()
                .await?;
            tx.query("INSERT INTO identity_workspace (id, slug, name, created_at, version) VALUES ($1, $2, $2, $3, 1)")
                .bind(workspace)
                .bind(slug)
                .bind(now)
                .execute()
                .await?;
            tx.query("INSERT INTO identity_member (workspace_id, user_id, role, created_at) VALUES ($1, $2, 'owner', $3)")
                .bind(workspace)
                .bind(user)
                .bind(now)
                .execute()
                .await?;
            tx.commit().await
        };
        make.await.or_fail("no other workspace");
        self.sign_in(user).await
    }

    async fn sign_in(&self, user: UserId) -> Caller {
        let link = self.system.identity.new_link(user).await.or_fail("no link");
        self.anonymous().signed_in(link.expose()).await
    }

    /// Does the background work that is due, and what follows from it, until nothing is.
    ///
    /// # Panics
    /// When the queue fails.
    pub async fn run_jobs(&self) {
        self.system.runner(RunnerOptions::default()).run_until_idle().await.or_fail("the queue");
    }

    /// Moves the clock.
    pub fn later(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Work by state.
    ///
    /// # Panics
    /// When the queue fails.
    pub async fn work(&self) -> Counts {
        self.system.jobs.counts().await.or_fail("the queue")
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop.cancel();
        if std::thread::panicking() || self.may_leave_work {
            return;
        }
        // Needs the runtime with several threads that every test here has.
        let work = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(self.work()));
        assert_eq!(
            (work.ready, work.running, work.dead),
            (0, 0, 0),
            "work was left behind: waiting, running, dead"
        );
    }
}

/// The binary beside the test's own executable, which it is built with.
fn binary() -> PathBuf {
    let here = std::env::current_exe().or_fail("the test does not know where it is");
    let name = format!("devmentor{}", std::env::consts::EXE_SUFFIX);
    let found = here.ancestors().skip(1).take(2).map(|folder| folder.join(&name)).find(|path| path.exists());
    found.or_fail("the binary is missing: `cargo build --package devmentor` first")
}
