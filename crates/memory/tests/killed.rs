//! A process that is killed while it writes memories: what it acknowledged is there, and table and index agree.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base::id::{UserId, WorkspaceId};
use base::{Actor, Clock, Ids, Role};
use events::Events;
use memory::{Budget, Kind, Memories, NewMemory, Origin, Question};
use retrieval::{Embedder, Retrieval};
use storage::testing::on_sqlite;
use storage::{Config, Db};
use tokio::task::JoinSet;

const PATH: &str = "DEVMENTOR_TEST_KILLED_DB";

/// How often the process is killed, and after how many acknowledgements: at first, in the middle, and beyond.
const KILLS: [usize; 3] = [1, 12, 40];

/// The same person in every process.
fn actor() -> Actor {
    let ids = Ids::counted();
    Actor::new(ids.new_id::<UserId>(), ids.new_id::<WorkspaceId>(), Role::Member)
}

fn memories(db: &Db, folder: PathBuf) -> Memories {
    let clock = Clock::system();
    let ids = Ids::random(clock.clone());
    let events = Events::without_hub(clock.clone(), ids.clone());
    Memories::new(db.clone(), Retrieval::in_process(Some(folder)), Embedder::new(), events, clock, ids)
}

/// Not a test by itself: the process that is killed. Every third memory is forgotten again; it says what was done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "how the test tells its other process what to do")]
async fn victim() {
    let Some(path) = std::env::var_os(PATH) else { return };
    let db = Db::open(&Config::sqlite(&path)).await.unwrap();
    let memories = memories(&db, index(Path::new(&path)));
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        let memories = memories.clone();
        writers.spawn(async move {
            for turn in 0.. {
                let title = format!("{writer}-{turn}");
                let new = NewMemory {
                    kind: Kind::Note,
                    title: title.clone(),
                    text: "learned".into(),
                    tags: Vec::new(),
                    evidence: Vec::new(),
                    private: false,
                    origin: Origin::Person,
                    expires_at: None,
                };
                let saved = memories.remember(&actor(), new).await.unwrap();
                println!("saved {title} .");
                if turn % 3 == 2 {
                    memories.forget(&actor(), saved.id, 1).await.unwrap();
                    println!("forgot {title} .");
                }
            }
        });
    }
    while writers.join_next().await.is_some() {}
}

fn index(database: &Path) -> PathBuf {
    database.with_extension("index")
}

#[tokio::test]
async fn table_and_index_agree_after_a_kill_and_nothing_acknowledged_is_lost() {
    on_sqlite(|test| async move {
        let Config::Sqlite { path } = &test.config else { unreachable!() };
        for kill_after in KILLS {
            let _fresh = std::fs::remove_dir_all(path.parent().unwrap());
            let (saved, forgotten) = kill_a_writer(path, kill_after);
            let db = test.open().await;
            let memories = memories(&db, index(path));
            let rows =
                db.query("SELECT title FROM memory_memory ORDER BY id").all::<(String,)>().await.unwrap();
            let table: BTreeSet<String> = rows.into_iter().map(|(title,)| title).collect();
            let budget = Budget { memories: 10_000, characters: 1_000_000 };
            let (kinds, tags) = (Vec::new(), Vec::new());
            let question = Question { text: "learned".into(), kinds, tags, shared: false, budget };
            let found = memories.recall(&actor(), &question).await.unwrap();
            let found: BTreeSet<String> = found.into_iter().map(|it| it.memory.title).collect();
            assert_eq!(found, table, "table and index");
            for title in saved.difference(&forgotten) {
                // Its forgetting may have been done and not yet said.
                let third = title.rsplit('-').next().unwrap().parse::<usize>().unwrap() % 3 == 2;
                assert!(third || table.contains(title), "{title} was acknowledged and is lost");
            }
            assert!(forgotten.is_disjoint(&table), "what was forgotten is there");
            db.close().await;
        }
    })
    .await;
}

/// Lets a process write until it has acknowledged so much, kills it, and gives what it said.
fn kill_a_writer(path: &Path, kill_after: usize) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["victim", "--exact", "--nocapture"])
        .env(PATH, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (mut saved, mut forgotten) = (BTreeSet::new(), BTreeSet::new());
    let mut take = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        // A line that the kill has cut has no end; the first one stands behind the name of the test.
        match words[words.len().saturating_sub(3)..] {
            ["saved", title, "."] => drop(saved.insert(title.to_owned())),
            ["forgot", title, "."] => drop(forgotten.insert(title.to_owned())),
            _ => return false,
        }
        true
    };
    let mut heard = 0;
    while heard < kill_after {
        let line = lines.next().unwrap().unwrap();
        heard += usize::from(take(&line));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    for line in lines.map_while(Result::ok) {
        take(&line);
    }
    (saved, forgotten)
}
