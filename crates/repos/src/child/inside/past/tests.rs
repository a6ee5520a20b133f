//! What a search does at its bounds: on outcomes that are made up, and on a real repository.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicU32;

use super::*;
use crate::git::history::{self, KnownCommits};

fn known(bytes: u64, found: usize) -> Known {
    let token = ["glpat-", "aZ3kQ9wL2mX7vB5nR8tY"].concat();
    let file = SourceFile { path: "a.txt", executable: false, bytes: token.as_bytes() };
    let secret = past::examine(&file).expect("a secret").remove(0);
    Known { bytes, large: 0, found: vec![("a.txt".to_owned(), secret); found] }
}

fn outcome(bytes: u64, found: usize) -> Outcome {
    Outcome::Searched { known: known(bytes, found), whole: true }
}

#[test]
fn of_a_commit_with_too_much_as_many_are_told_as_fit() {
    let (searched, fresh) = gather(vec![Some(outcome(1, 5)), Some(outcome(1, 1))], 10, 3);
    assert_eq!((searched.past.commits, searched.past.sightings.len()), (1, 3));
    assert!(searched.past.truncated);
    assert_eq!(fresh, [], "what was cut is not known");
}

#[test]
fn a_search_ends_at_its_bounds_and_where_time_ran_out() {
    for last in [Some(outcome(8, 1)), Some(Outcome::Beyond), None] {
        let (searched, fresh) = gather(vec![Some(outcome(5, 1)), last, Some(outcome(1, 1))], 10, 9);
        assert_eq!((searched.past.commits, searched.past.sightings.len(), fresh.len()), (1, 1, 1));
        assert!(searched.past.truncated);
    }
    let limits = |cpu_seconds| Limits { cpu_seconds, ..Limits::default() };
    assert!(End::of(&limits(0)).is_here() && !End::of(&limits(1_000_000)).is_here());
}

#[test]
fn commits_that_could_not_all_be_read_are_counted_and_not_remembered() {
    let torn = Some(Outcome::Searched { known: known(1, 1), whole: false });
    let (searched, fresh) = gather(vec![torn, Some(Outcome::Unreadable), Some(outcome(1, 0))], 10, 9);
    assert_eq!((searched.past.commits, searched.past.sightings.len(), searched.unreadable), (1, 1, 2));
    assert!(!searched.past.truncated);
    assert_eq!(fresh, [(2, known(1, 0))]);
}

/// A repository of three commits, each of which brings one file with a token: `c.txt` is the newest.
fn repository(folder: &Path) -> Repository {
    let git = |arguments: &[&str]| {
        let who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
        let done = Command::new("git")
            .current_dir(folder)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .args(who)
            .args(arguments)
            .output()
            .expect("git runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    git(&["init", "-q", "-b", "main"]);
    for (name, end) in [("a.txt", "Y"), ("b.txt", "Z"), ("c.txt", "W")] {
        let token = ["glpat-", "aZ3kQ9wL2mX7vB5nR8t", end].concat();
        std::fs::write(folder.join(name), token).expect("it can be written");
        git(&["add", "."]);
        git(&["commit", "-q", "-m", name]);
    }
    Repository::open(folder, &[], &Limits::default()).expect("it is one")
}

/// The parts of a search that a test puts in.
struct Parts<'a> {
    examine: fn(&SourceFile<'_>) -> Option<Vec<RawFinding>>,
    over: &'a (dyn Fn() -> bool + Sync),
    most_seen: usize,
    memory: &'a Memory,
}

fn searched(repository: &Repository, parts: &Parts<'_>) -> (Searched, Vec<(usize, Known)>) {
    let limits = Limits { threads: 1, ..Limits::default() };
    let head = repository.resolve(None).expect("it has commits").id;
    let read = history::read(repository, head, &limits, &KnownCommits::default(), &|_, _| ());
    let steps = steps(repository, &read.expect("it can be read").order);
    let trees = steps.iter().flatten().map(|step| (step.id, step.tree)).collect();
    let work = Work {
        limits: &limits,
        trees: &trees,
        memory: parts.memory,
        examine: parts.examine,
        over: parts.over,
        most_seen: parts.most_seen,
        spent: Mutex::new(vec![Spent::default(); 1]),
        seen: Mutex::default(),
    };
    gather(work.each(repository, &steps, &|_, _| ()), limits.past_bytes, MOST_SIGHTINGS)
}

fn paths(searched: &Searched) -> Vec<&str> {
    searched.past.sightings.iter().map(|one| one.path.as_str()).collect()
}

#[test]
fn a_content_that_makes_a_rule_panic_costs_itself_and_its_commit_is_searched_again() {
    fn fails(file: &SourceFile<'_>) -> Option<Vec<RawFinding>> {
        assert!(file.path != "b.txt", "a rule that cannot deal with it");
        past::examine(file)
    }
    let folder = tempfile::tempdir().expect("a folder");
    let repository = repository(folder.path());
    let (memory, over) = (Memory::new(), || false);
    let parts = Parts { examine: fails, over: &over, most_seen: 100, memory: &memory };
    let (found, fresh) = searched(&repository, &parts);
    assert_eq!(paths(&found), ["c.txt", "a.txt"]);
    assert_eq!((found.past.commits, found.unreadable, found.past.truncated), (2, 1, false));
    assert_eq!(fresh.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [0, 2], "not that one");
    let notes: Vec<Note> = found.notes().collect();
    assert_eq!(notes.iter().map(|note| note.code.as_str()).collect::<Vec<_>>(), ["past_unreadable"]);
}

#[test]
fn a_search_that_runs_out_of_time_gets_further_the_next_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = repository(folder.path());
    let nothing = Memory::new();
    // Asked before each commit, and before each of its contents.
    let search = |times: u32, memory: &Memory| {
        let asked = AtomicU32::new(0);
        let over = || asked.fetch_add(1, Ordering::Relaxed) >= times;
        searched(&repository, &Parts { examine: past::examine, over: &over, most_seen: 100, memory })
    };
    let (first, fresh) = search(2, &nothing);
    assert_eq!((paths(&first), first.past.truncated, first.past.commits), (vec!["c.txt"], true, 1));
    assert_eq!(search(3, &nothing).0, first, "a commit is searched wholly or not at all");
    let head = repository.resolve(None).expect("it has commits").id;
    let memory: Memory = fresh.into_iter().map(|(_, known)| (head.as_slice().to_vec(), known)).collect();
    // What is known has no contents to look at: the same time leads one commit further.
    let (second, _) = search(3, &memory);
    assert_eq!((paths(&second), second.past.truncated), (vec!["c.txt", "b.txt"], true));
    let whole = search(100, &nothing).0;
    assert_eq!((paths(&whole), whole.past.truncated), (vec!["c.txt", "b.txt", "a.txt"], false));
    assert_eq!(search(100, &memory).0, whole, "whatever is known");
}

#[test]
fn contents_that_were_forgotten_are_looked_at_again_and_the_answer_is_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = repository(folder.path());
    let memory = Memory::new();
    let over = || false;
    let search = |most_seen| {
        searched(&repository, &Parts { examine: past::examine, over: &over, most_seen, memory: &memory }).0
    };
    let all = search(100);
    assert_eq!(paths(&all).len(), 3);
    for most_seen in [0, 1, 2] {
        assert_eq!(search(most_seen), all, "{most_seen}");
    }
}
