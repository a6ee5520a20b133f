//! The use cases, on both engines.

use std::path::PathBuf;
use std::time::Duration;

use base::id::{UserId, WorkspaceId};
use base::{Actor, Clock, Ids, PageSize, Role, Timestamp};
use events::{Events, Hub};
use jobs::{Handlers, Jobs, Runner, RunnerOptions};
use outbound::{Options, Outbound};
use repos::advisories::Advisories;
use repos::child::Supervisor;
use repos::fetch::{FetchConfig, Fetcher};
use repos::kept::Kept;
use repos::{
    AdvisoryMode, AnalysisState, Config, FailureCode, FindingFilter, FindingStand, FindingState, Hosting,
    InsightState, Parts, RepoError, Repos,
};
use secrets::Keyring;
use storage::testing::{TestDb, each_engine};
use tempfile::TempDir;

use crate::support::{Repo, supervisor};

/// The context with a queue that runs when it is told to.
pub(crate) struct World {
    pub(crate) repos: Repos,
    pub(crate) db: storage::Db,
    pub(crate) jobs: Jobs,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) actor: Actor,
    pub(crate) hosting: Hosting,
    clones: TempDir,
}

impl World {
    pub(crate) async fn new(test: &TestDb) -> Self {
        Self::with(test, supervisor(), FetchConfig::default(), None).await
    }

    pub(crate) async fn with(
        test: &TestDb,
        supervisor: Supervisor,
        fetch: FetchConfig,
        roots: Option<Vec<PathBuf>>,
    ) -> Self {
        Self::hosted(test, supervisor, fetch, roots, Options::default()).await
    }

    /// The same, with a way to code hosts.
    pub(crate) async fn hosted(
        test: &TestDb,
        supervisor: Supervisor,
        fetch: FetchConfig,
        roots: Option<Vec<PathBuf>>,
        outbound: Options,
    ) -> Self {
        let db = test.open().await;
        let clock = Clock::manual(Timestamp::from_seconds(1_790_000_000));
        let ids = Ids::counted();
        let jobs = Jobs::new(db.clone(), clock.clone(), ids.clone());
        let clones = tempfile::tempdir().unwrap();
        let hosting = Hosting {
            outbound: Outbound::new(outbound, clock.clone(), ids.clone()).unwrap(),
            keyring: Keyring::from_file(clones.path().join("secrets.key"), ids.clone()).unwrap(),
            public_url: Some("https://mentor.example".to_owned()),
        };
        let repos = Repos::new(Parts {
            db: db.clone(),
            events: Events::without_hub(clock.clone(), ids.clone()),
            hub: None,
            jobs: jobs.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            advisories: Advisories::new(db.clone(), clock.clone(), None),
            config: Config {
                clones: clones.path().join("clones"),
                roots,
                supervisor,
                fetcher: Fetcher::new(fetch),
                kept: Kept::new(clones.path().join("facts"), 1 << 30),
            },
            hosting: hosting.clone(),
        });
        let actor = Actor::new(ids.new_id::<UserId>(), ids.new_id::<WorkspaceId>(), Role::Owner);
        Self { repos, db, jobs, clock, ids, actor, hosting, clones }
    }

    /// Where the copies of other machines' repositories are.
    pub(crate) fn clones(&self) -> PathBuf {
        self.clones.path().join("clones")
    }

    /// Where analyses leave what the next ones need not examine again.
    pub(crate) fn kept(&self) -> Kept {
        Kept::new(self.clones.path().join("facts"), 1 << 30)
    }

    /// The same workspace, served by another process.
    pub(crate) fn beside(&self, supervisor: Supervisor, jobs: Jobs, clones: PathBuf) -> Repos {
        self.heard(None, supervisor, jobs, clones)
    }

    /// The same with somebody who listens.
    pub(crate) fn heard(
        &self,
        hub: Option<Hub>,
        supervisor: Supervisor,
        jobs: Jobs,
        clones: PathBuf,
    ) -> Repos {
        Repos::new(Parts {
            db: self.db.clone(),
            events: Events::without_hub(self.clock.clone(), self.ids.clone()),
            hub,
            jobs,
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            advisories: self.repos.advisories().clone(),
            config: Config {
                kept: Kept::new(clones.with_file_name("facts"), 1 << 30),
                clones,
                roots: None,
                supervisor,
                fetcher: Fetcher::new(FetchConfig::default()),
            },
            hosting: self.hosting.clone(),
        })
    }

    pub(crate) async fn run_jobs(&self) {
        let handlers = self.repos.handlers(Handlers::new());
        let mut runner = Runner::new(self.jobs.clone(), handlers, RunnerOptions::default());
        runner.run_until_idle().await.unwrap();
    }

    /// Connects and analyses, and gives the analysis as it ended.
    pub(crate) async fn analyzed(&self, source: &str) -> repos::Analysis {
        let repo = self.repos.connect(&self.actor, source, None, None).await.unwrap().repo;
        let requested = self.repos.analyze(&self.actor, repo.id, false).await.unwrap();
        self.run_jobs().await;
        self.repos.analysis(&self.actor, requested.analysis.id).await.unwrap().unwrap()
    }

    pub(crate) async fn events(&self) -> Vec<String> {
        let rows =
            self.db.query("SELECT kind FROM event_outbox ORDER BY seq").all::<(String,)>().await.unwrap();
        rows.into_iter().map(|(kind,)| kind).collect()
    }
}

fn path(repo: &Repo) -> &str {
    repo.path().to_str().unwrap()
}

const SECRETIVE: &str = concat!(
    "import subprocess\n\nKEY = \"AKIA",
    "Q3EGRTBNCVJ2ZDLW\"\n\ndef run(name):\n",
    "    subprocess.call(\"ls \" + name, shell=True)\n    eval(name)\n",
);

#[tokio::test]
async fn a_repository_is_connected_analysed_and_read_back() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let git = Repo::with(&[("app/run.py", SECRETIVE), ("README.md", "# App\n")]);
        let connected = world.repos.connect(&world.actor, path(&git), None, None).await.unwrap();
        assert!(connected.fresh);
        let again =
            world.repos.connect(&world.actor, &format!("{}/", path(&git)), None, Some("x")).await.unwrap();
        assert!(!again.fresh);
        assert_eq!(again.repo, connected.repo);

        let repo = connected.repo.id;
        let first = world.repos.analyze(&world.actor, repo, false).await.unwrap();
        let joined = world.repos.analyze(&world.actor, repo, false).await.unwrap();
        assert!(first.fresh && !joined.fresh);
        assert_eq!(first.analysis.id, joined.analysis.id);
        world.run_jobs().await;

        let done = world.repos.analysis(&world.actor, first.analysis.id).await.unwrap().unwrap();
        assert_eq!((done.state, done.percent), (AnalysisState::Done, 100), "{done:?}");
        let summary = done.summary.as_ref().unwrap();
        assert_eq!(summary.files, 2);
        assert_eq!(summary.branch.as_deref(), Some("main"));
        assert_eq!(summary.vulnerable, None, "nobody decided about advisories");
        let (analysis, report) = world.repos.report(&world.actor, repo).await.unwrap().unwrap();
        assert_eq!(analysis.id, done.id);
        assert_eq!(Some(&report.commit.id), done.commit.as_ref());

        let page = world
            .repos
            .findings(&world.actor, repo, &FindingFilter::default(), None, PageSize::DEFAULT)
            .await
            .unwrap();
        assert_eq!(page.page.total, report.findings.len() as u64);
        assert_eq!(page.page.items.len(), report.findings.len());
        assert!(page.page.items.iter().all(|finding| finding.detail.is_some()));

        // The same commit again is answered by what is known; a day later it is not.
        let reused = world.repos.analyze(&world.actor, repo, false).await.unwrap();
        assert!(!reused.fresh);
        assert_eq!(reused.analysis.id, done.id);
        world.clock.advance(Duration::from_hours(25));
        assert!(world.repos.analyze(&world.actor, repo, false).await.unwrap().fresh);
        world.run_jobs().await;

        let runs = world.repos.analyses(&world.actor, repo).await.unwrap();
        assert_eq!(runs.len(), 2);
        assert_eq!(runs[1], done, "the newest first");
        let listed = world.repos.list(&world.actor).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert!(listed[0].latest.is_some() && listed[0].running.is_none());
        let kinds = world.events().await;
        assert_eq!(kinds[..3], ["repo.connected", "analysis.queued", "analysis.started"]);
        assert_eq!(kinds.iter().filter(|kind| *kind == "analysis.phase_finished").count(), 14);
        assert_eq!(kinds.iter().filter(|kind| *kind == "analysis.finished").count(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_failed_look_up_of_advisories_is_not_remembered() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        // Wanted, but there is no service.
        world.repos.set_advisory_mode(&world.actor, AdvisoryMode::Online).await.unwrap();
        let git = Repo::with(&[("a.rs", "fn a() {}\n")]);
        let done = world.analyzed(path(&git)).await;
        assert_eq!(done.state, AnalysisState::Done, "{done:?}");
        assert!(world.repos.analyze(&world.actor, done.repo, false).await.unwrap().fresh);
    })
    .await;
}

#[tokio::test]
async fn findings_come_and_go_and_are_paged() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let mut git = Repo::with(&[
            ("a.py", SECRETIVE),
            ("a/tests/test_c.py", SECRETIVE),
            ("b_x/c.py", SECRETIVE),
            ("bax/c.py", SECRETIVE),
        ]);
        let done = world.analyzed(path(&git)).await;
        let repo = done.repo;
        let all = async |filter: FindingFilter| {
            world.repos.findings(&world.actor, repo, &filter, None, PageSize::clamped(500)).await.unwrap()
        };
        let whole = all(FindingFilter::default()).await;
        assert!(whole.page.total >= 3, "{}", whole.page.total);
        let (_, severities) = &whole.facets[0];
        assert_eq!(severities.iter().map(|(_, count)| count).sum::<u64>(), whole.page.total);

        // Pages of one row give the same rows in the same order.
        let mut rows = Vec::new();
        let mut cursor = None;
        loop {
            let page = world
                .repos
                .findings(
                    &world.actor,
                    repo,
                    &FindingFilter::default(),
                    cursor.as_ref(),
                    PageSize::clamped(1),
                )
                .await
                .unwrap();
            rows.extend(page.page.items);
            cursor = page.page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(rows, whole.page.items);
        assert!(!rows[0].in_test, "{:?}", rows[0]);
        assert!(rows.last().unwrap().in_test, "tests come last");
        assert!(rows.is_sorted_by_key(|finding| (finding.in_test, std::cmp::Reverse(finding.severity))));

        let below = all(FindingFilter { path: Some("b_x".into()), ..FindingFilter::default() }).await;
        assert!(below.page.total > 0);
        assert!(below.page.items.iter().all(|finding| finding.path.starts_with("b_x/")));
        let text = FindingFilter { text: Some("B_X/".into()), ..FindingFilter::default() };
        assert_eq!(all(text).await.page.total, below.page.total);

        git.write("b_x/c.py", "x = 1\n");
        git.commit("Mend it");
        world.clock.advance(Duration::from_mins(1));
        world.analyzed(path(&git)).await;
        let gone = all(FindingFilter { state: Some(FindingStand::Gone), ..FindingFilter::default() }).await;
        assert_eq!(gone.page.total, below.page.total);
        assert!(gone.page.items.iter().all(|finding| finding.detail.is_none()));
        let one = world.repos.finding(&world.actor, gone.page.items[0].id).await.unwrap().unwrap();
        assert_eq!(one.state, FindingState::Gone);
    })
    .await;
}

#[tokio::test]
async fn gone_findings_follow_the_people_and_files_of_the_newest_report() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let mut git = Repo::with(&[("lib/kept.py", SECRETIVE), ("lib/left.py", SECRETIVE)]);
        for number in 0..5 {
            git.write("lib/more.py", format!("x = {number}\n"));
            git.commit("Write more");
        }
        let repo = world.analyzed(path(&git)).await.repo;
        let of = async |owner: Option<&str>| {
            let filter = FindingFilter {
                owners: owner.map(str::to_owned).into_iter().collect(),
                ..FindingFilter::default()
            };
            let found = world.repos.findings(&world.actor, repo, &filter, None, PageSize::clamped(500)).await;
            found.unwrap().page.items
        };
        let before = of(None).await;
        assert!(before.len() >= 2, "{before:?}");
        assert!(before.iter().all(|finding| finding.language.as_deref() == Some("Python")), "{before:?}");
        assert_eq!(of(Some("Ada Example")).await, before);

        // Somebody else does more in another folder, so the order of people changes; one file loses its findings, the
        // other goes.
        git.write("lib/kept.py", "x = 1\n");
        std::fs::remove_file(git.path().join("lib/left.py")).unwrap();
        git.commit("Mend one and remove one");
        for number in 0..9 {
            git.write(&format!("app/b{number}.py"), format!("y = {number}\n"));
            git.git(["add", "-A"]);
            git.git(["commit", "-q", "--author", "Ben Example <ben@example.org>", "-m", "Add another"]);
        }
        world.clock.advance(Duration::from_mins(1));
        world.analyzed(path(&git)).await;

        let gone = of(Some("Ada Example")).await;
        assert_eq!(gone.len(), before.len());
        for finding in &gone {
            assert_eq!(finding.state, FindingState::Gone);
            let language = (finding.path == "lib/kept.py").then_some("Python");
            assert_eq!(finding.language.as_deref(), language, "{}", finding.path);
        }
        assert_eq!(of(Some("Ben Example")).await, []);
    })
    .await;
}

#[tokio::test]
async fn insights_open_close_and_are_put_away() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let mut git = Repo::with(&[("app/run.py", SECRETIVE)]);
        let repo = world.analyzed(path(&git)).await.repo;
        let open = world.repos.insights(&world.actor, repo).await.unwrap();
        assert!(!open.is_empty(), "a hard-coded shell command is worth an insight");
        let insight = open[0].clone();
        assert_eq!(insight.state, InsightState::Open);

        let task = world.ids.new_id();
        let mut tx = world.db.begin().await.unwrap();
        let linked =
            world.repos.set_insight_task(&mut tx, &world.actor, insight.id, None, task).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(linked, task);
        let mut tx = world.db.begin().await.unwrap();
        let other =
            world.repos.set_insight_task(&mut tx, &world.actor, insight.id, None, world.ids.new_id()).await;
        assert_eq!(other.unwrap(), task, "it keeps the first task");
        drop(tx);

        let stale = world.repos.dismiss(&world.actor, insight.id, insight.version, None).await;
        assert!(matches!(stale, Err(RepoError::Changed)), "{stale:?}");
        let checked = world.repos.rerun_check(&world.actor, insight.id).await.unwrap();
        assert!(checked.last_check.is_some());
        let away =
            world.repos.dismiss(&world.actor, insight.id, checked.version, Some("not ours")).await.unwrap();
        assert_eq!(away.state, InsightState::Dismissed);

        git.write("app/run.py", "x = 1\n");
        git.commit("Mend it");
        world.clock.advance(Duration::from_mins(1));
        world.analyzed(path(&git)).await;
        let after = world.repos.insights(&world.actor, repo).await.unwrap();
        let dismissed = after.iter().find(|it| it.id == insight.id).unwrap();
        assert_eq!(dismissed.state, InsightState::Dismissed);

        let stale = world.repos.restore_insight(&world.actor, insight.id, away.version - 1).await;
        assert!(matches!(stale, Err(RepoError::Changed)), "{stale:?}");
        let back = world.repos.restore_insight(&world.actor, insight.id, dismissed.version).await.unwrap();
        assert_eq!(back.state, InsightState::Closed, "it was mended while nobody looked");
        assert!(back.closed_at.is_some());
        let again = world.repos.restore_insight(&world.actor, insight.id, back.version).await.unwrap();
        assert_eq!(again.state, InsightState::Closed, "only what was dismissed comes back");
    })
    .await;
}

#[tokio::test]
async fn another_workspace_sees_nothing() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let git = Repo::with(&[("app/run.py", SECRETIVE)]);
        let done = world.analyzed(path(&git)).await;
        let repos = &world.repos;
        let (finding, insight) = (
            repos
                .findings(&world.actor, done.repo, &FindingFilter::default(), None, PageSize::DEFAULT)
                .await
                .unwrap(),
            repos.insights(&world.actor, done.repo).await.unwrap(),
        );
        let stranger = Actor::new(world.ids.new_id(), world.ids.new_id(), Role::Owner);
        assert!(repos.list(&stranger).await.unwrap().is_empty());
        assert!(repos.repo(&stranger, done.repo).await.unwrap().is_none());
        assert!(repos.repo_by_slug(&stranger, "x").await.unwrap().is_none());
        assert!(repos.analysis(&stranger, done.id).await.unwrap().is_none());
        assert!(repos.report(&stranger, done.repo).await.unwrap().is_none());
        assert!(repos.report_of(&stranger, done.id).await.unwrap().is_none());
        let filter = FindingFilter::default();
        let page = repos.findings(&stranger, done.repo, &filter, None, PageSize::DEFAULT).await.unwrap();
        assert_eq!(page.page.total, 0);
        assert!(repos.finding(&stranger, finding.page.items[0].id).await.unwrap().is_none());
        assert!(repos.insights(&stranger, done.repo).await.unwrap().is_empty());
        assert!(repos.insight(&stranger, insight[0].id).await.unwrap().is_none());
        assert!(matches!(repos.analyze(&stranger, done.repo, false).await, Err(RepoError::NotFound)));
        assert!(matches!(repos.cancel(&stranger, done.id).await, Err(RepoError::NotFound)));
        assert!(matches!(repos.dismiss(&stranger, insight[0].id, 1, None).await, Err(RepoError::NotFound)));
        assert!(matches!(repos.restore_insight(&stranger, insight[0].id, 1).await, Err(RepoError::NotFound)));
        assert!(matches!(
            repos.lines(&stranger, done.repo, None, "app/run.py", 1..=2).await,
            Err(RepoError::NotFound)
        ));
        // Both may connect the same folder; the results stay apart.
        assert!(repos.connect(&stranger, path(&git), None, None).await.unwrap().fresh);
        let (commit, lines) = repos.lines(&world.actor, done.repo, None, "app/run.py", 5..=5).await.unwrap();
        assert_eq!(Some(commit), done.commit);
        assert_eq!(lines.lines, ["def run(name):"]);
    })
    .await;
}

#[tokio::test]
async fn only_folders_that_the_operator_opened_can_be_used() {
    each_engine(|test| async move {
        let inside = Repo::with(&[("a.rs", "fn a() {}\n")]);
        let outside = Repo::with(&[("a.rs", "fn a() {}\n")]);
        let root = std::fs::canonicalize(inside.path()).unwrap();
        let door = inside.path().join("door");
        std::os::unix::fs::symlink(outside.path(), &door).unwrap();
        let world = World::with(&test, supervisor(), FetchConfig::default(), Some(vec![root])).await;
        assert!(world.repos.probe(&world.actor, path(&inside), None).await.is_ok());
        // Whether the folder on the way exists must make no difference.
        let climbs =
            ["etc", "nowhere"].map(|via| format!("{}/../../{via}/..{}", path(&inside), path(&inside)));
        let [there, missing] = climbs.each_ref().map(String::as_str);
        let sources = [path(&outside), door.to_str().unwrap(), "/nowhere", "/etc", there, missing];
        for source in sources {
            match world.repos.connect(&world.actor, source, None, None).await {
                Err(RepoError::Refused(failure)) => {
                    assert_eq!(failure.code, FailureCode::OutsideRoots, "{source}");
                }
                other => panic!("{source}: {other:?}"),
            }
        }
    })
    .await;
}
