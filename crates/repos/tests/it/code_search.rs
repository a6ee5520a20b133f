//! Searches of the code of a repository, as a child behind its walls makes them.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use base::id::WorkspaceId;
use base::{Actor, Role};
use repos::child::{Passage, SearchFound, Sought, Supervisor, What};
use repos::kept::{Kept, Slot};
use repos::{FailureCode, Limits, RepoError, SearchCode};
use retrieval::Embedder;
use retrieval::passages::Weights;
use storage::testing::each_engine;

use crate::context::World;
use crate::support::{Repo, limited, supervisor};

const RETRY: &str =
    "/// Waits longer each time.\npub fn retry_after(attempt: u32) -> u64 {\n    2_u64.pow(attempt)\n}\n";
const BREAD: &str = "/// Bakes.\npub fn bake(minutes: u32) -> bool {\n    minutes > 40\n}\n";

fn sought(text: &str, what: What) -> Sought {
    let vector = Some(Embedder::new().embed(text).unwrap().to_bytes());
    Sought { commit: None, text: text.to_owned(), vector, what, limit: 10, milliseconds: 60_000 }
}

fn passages(text: &str) -> Sought {
    sought(text, What::Passages { weights: Weights { dense: 0.0, ..Weights::default() }, per_file: 3 })
}

async fn found(supervisor: &Supervisor, repo: &Repo, text: &str) -> SearchFound {
    supervisor.search(repo.path(), &[], passages(text)).await.unwrap()
}

fn paths(found: &SearchFound) -> Vec<&str> {
    found.passages.iter().map(|passage| passage.path.as_str()).collect()
}

fn slot(folder: &Path) -> Slot {
    Kept::new(folder.join("facts"), 1 << 30).slot("one")
}

#[tokio::test]
async fn a_passage_says_where_it_is_and_is_what_the_source_page_shows() {
    let secret = format!("TOKEN = '{}_{}'\n# retry with it\n", "ghp", "a1B2".repeat(9));
    let repo = Repo::with(&[("src/retry.rs", RETRY), ("src/bread.rs", BREAD), ("keys.py", &secret)]);
    let supervisor = supervisor();
    let searched = found(&supervisor, &repo, "how long does a retry wait").await;
    assert_eq!(paths(&searched)[0], "src/retry.rs");
    let Passage { blob, lines, symbol, text, score, terms, .. } = &searched.passages[0];
    assert_eq!(
        (lines.clone(), symbol.as_deref(), text.as_str()),
        (1..=4, Some("retry_after"), RETRY.trim_end())
    );
    assert_eq!(*blob, repo.git(["rev-parse", "HEAD:src/retry.rs"]));
    assert!((0.0..=1.0).contains(score) && terms.contains(&"retri".to_owned()), "{score} {terms:?}");
    assert_eq!((searched.files, searched.partial.len()), (3, 0));
    let keys = searched.passages.iter().find(|it| it.path == "keys.py").unwrap();
    let shown = supervisor.lines(repo.path(), &[], &searched.commit, "keys.py", 1..=9).await.unwrap();
    assert_eq!(keys.text, shown.lines.join("\n"));
    let names = supervisor.search(repo.path(), &[], sought("retryafter", What::Symbols)).await.unwrap();
    assert_eq!(names.symbols, [], "what is typed has no such letters in a row");
    let names = supervisor.search(repo.path(), &[], sought("retry", What::Symbols)).await.unwrap();
    assert_eq!(names.symbols.len(), 1);
    assert_eq!((names.symbols[0].name.as_str(), names.symbols[0].lines.clone()), ("retry_after", 2..=4));
}

#[tokio::test]
async fn strange_names_and_bytes_are_found_as_they_are_shown_and_others_work_is_left_out() {
    let mut repo = Repo::with(&[
        ("src/a.rs", RETRY),
        ("node_modules/x/retry.js", "function retry() {}\n"),
        ("made/retry.rs", RETRY),
        (".gitattributes", "made/* linguist-generated\n"),
    ]);
    let odd = std::ffi::OsStr::from_bytes(b"retry\n\x1b[31m\xff.py");
    std::fs::write(repo.path().join(odd), b"retry = '\xff\xfe'\n").unwrap();
    repo.write("retry.bin", b"retry\0retry");
    repo.write("retry.txt", "retry ".repeat(400_000));
    repo.write("empty-retry.rs", "");
    repo.commit("More");
    let searched = found(&supervisor(), &repo, "retry").await;
    let mut paths = paths(&searched);
    paths.sort_unstable();
    assert_eq!(paths, ["retry\\x0A\\x1B[31m\\xFF.py", "src/a.rs"]);
    let odd = searched.passages.iter().find(|it| it.path.ends_with("py")).unwrap();
    assert_eq!(odd.text, "retry = '\u{fffd}\u{fffd}'");
    // What the repository says of its files counts again where it says otherwise.
    repo.write(".gitattributes", "");
    repo.commit("Ours");
    let again = found(&supervisor(), &repo, "retry").await;
    assert!(self::paths(&again).contains(&"made/retry.rs"), "{:?}", self::paths(&again));
}

#[tokio::test]
async fn what_is_kept_changes_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let slot = slot(folder.path());
    let keeping = supervisor().keeping(slot.clone());
    let mut repo = Repo::with(&[("src/a.rs", RETRY), ("src/b.rs", BREAD)]);
    let first = found(&keeping, &repo, "retry").await;
    assert!(slot.search().exists());
    assert_eq!(found(&keeping, &repo, "retry").await, first);
    repo.write("src/c.rs", "pub fn retry_never() {}\n");
    repo.write("src/b.rs", "");
    repo.write(".gitattributes", "src/a.rs linguist-generated\n");
    repo.commit("Change");
    let warm = found(&keeping, &repo, "retry").await;
    assert_eq!(warm, found(&supervisor(), &repo, "retry").await);
    assert_eq!(paths(&warm), ["src/c.rs", ".gitattributes"][..1]);
    // Damage is as good as nothing.
    let mut bytes = std::fs::read(slot.search()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(slot.search(), &bytes).unwrap();
    assert_eq!(found(&keeping, &repo, "retry").await, warm);
    slot.clear().unwrap();
    assert!(!slot.search().exists());
}

#[tokio::test]
async fn without_time_the_answer_says_what_is_missing_and_the_next_search_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let keeping = supervisor().keeping(slot(folder.path()));
    let repo = Repo::with(&[("src/a.rs", RETRY), ("src/b.rs", BREAD)]);
    let hurried = Sought { milliseconds: 0, ..passages("retry") };
    let nothing = keeping.search(repo.path(), &[], hurried.clone()).await.unwrap();
    assert_eq!((nothing.passages.len(), nothing.files, nothing.whole), (0, 0, false));
    assert_eq!(nothing.partial, ["2 files were not read yet: search again to look into more of them."]);
    assert_eq!(paths(&found(&keeping, &repo, "retry").await), ["src/a.rs"]);
    let now = keeping.search(repo.path(), &[], hurried).await.unwrap();
    assert_eq!((now.partial.len(), now.passages.len()), (0, 1), "nothing had to be read");
    assert!(now.whole);
}

#[tokio::test]
async fn nobody_types_names_of_many_letters() {
    let long = "aB".repeat(101);
    let repo = Repo::with(&[("a.js", &format!("function {long}() {{}}\nfunction aBc() {{}}\n"))]);
    let names = supervisor().search(repo.path(), &[], sought("aB", What::Symbols)).await.unwrap();
    let names: Vec<&str> = names.symbols.iter().map(|symbol| symbol.name.as_str()).collect();
    assert_eq!(names, ["aBc"]);
}

#[tokio::test]
async fn a_child_that_is_ended_is_a_failure_and_nothing_else() {
    let repo = Repo::with(&[("src/a.rs", RETRY)]);
    let starved = limited(Limits { memory_bytes: 40 << 20, ..Limits::default() });
    let failure = starved.search(repo.path(), &[], passages("retry")).await.unwrap_err();
    assert!(matches!(failure.code, FailureCode::AnalysisLimit | FailureCode::AnalysisCrashed), "{failure:?}");
    assert_eq!(paths(&found(&supervisor(), &repo, "retry").await), ["src/a.rs"]);
    let nowhere = Sought { commit: Some("0".repeat(40)), ..passages("retry") };
    assert!(supervisor().search(repo.path(), &[], nowhere).await.is_err());
}

#[tokio::test]
async fn only_what_the_workspace_analysed_is_searched() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let mut git = Repo::with(&[("src/a.rs", RETRY)]);
        let repo = world.analyzed(git.path().to_str().unwrap()).await.repo;
        let first = git.git(["rev-parse", "HEAD"]);
        git.write("src/later.rs", RETRY);
        let later = git.commit("Later");
        let found = world.repos.search(&world.actor, repo, SearchCode::passages("retry", 5)).await.unwrap();
        assert_eq!((found.commit, found.passages.len()), (first.clone(), 1));
        let of =
            |commit: &str| SearchCode { commit: Some(commit.to_owned()), ..SearchCode::passages("retry", 5) };
        assert!(world.repos.search(&world.actor, repo, of(&first)).await.is_ok());
        let refused = world.repos.search(&world.actor, repo, of(&later)).await;
        assert!(matches!(refused, Err(RepoError::NotAnalysed)));
        let empty = world.repos.search(&world.actor, repo, SearchCode::passages(" ", 5)).await;
        assert!(matches!(empty, Err(RepoError::Unsuitable { .. })));
        let stranger = Actor::new(world.actor.user, WorkspaceId::from(uuid::Uuid::from_u128(9)), Role::Owner);
        let foreign = world.repos.search(&stranger, repo, SearchCode::passages("retry", 5)).await;
        assert!(matches!(foreign, Err(RepoError::NotFound)));
        world.repos.remove(&world.actor, repo).await.unwrap();
        let gone = world.repos.search(&world.actor, repo, SearchCode::passages("retry", 5)).await;
        assert!(matches!(gone, Err(RepoError::NotFound)));
    })
    .await;
}
