//! What is read of a history, against what git itself says.

use std::collections::BTreeMap;
use std::path::Path;

use gix::ObjectId;
use gix::objs::Kind;
use repos::Limits;
use repos::git::history::KnownCommits;
use repos::git::{ObjectError, Repository, history};

use crate::support::Repo;

type Numbers = BTreeMap<String, BTreeMap<String, (u32, u32)>>;

fn ours(path: &Path) -> Numbers {
    let limits = Limits::default();
    let repository = Repository::open(path, &[], &limits).unwrap();
    let head = repository.resolve(None).unwrap().id;
    let read =
        history::read(&repository, head, &limits, &KnownCommits::default(), &|_, _| {}).unwrap().history;
    let named = |change: &analysis::source::Change| {
        (read.paths[change.path as usize].clone(), (change.added, change.removed))
    };
    read.commits
        .iter()
        .map(|commit| (commit.id.clone(), commit.changes.iter().map(named).collect()))
        .collect()
}

fn gits(repo: &Repo) -> Numbers {
    let log = repo.git([
        "log",
        "--format=@%H",
        "--numstat",
        "--no-renames",
        "--diff-algorithm=histogram",
        "--no-merges",
    ]);
    let mut numbers = Numbers::new();
    let mut commit = String::new();
    for line in log.lines().filter(|line| !line.is_empty()) {
        if let Some(id) = line.strip_prefix('@') {
            id.clone_into(&mut commit);
            numbers.entry(commit.clone()).or_default();
        } else {
            let mut parts = line.splitn(3, '\t');
            let mut number = || parts.next().unwrap().parse().unwrap_or(0);
            let counts = (number(), number());
            numbers.get_mut(&commit).unwrap().insert(parts.next().unwrap().to_owned(), counts);
        }
    }
    numbers
}

#[test]
fn changes_and_their_lines_are_those_of_git() {
    let mut repo = Repo::with(&[("a.rs", "one\ntwo\nthree\n"), ("dir/b.rs", "x\n"), ("dir/sub/c.rs", "y\n")]);
    repo.write("a.rs", "one\n2\nthree\nfour\n");
    repo.commit("Change");
    repo.git(["mv", "dir/b.rs", "moved.rs"]);
    repo.commit("Move");
    repo.git(["rm", "-q", "-r", "dir"]);
    repo.write("dir", "a file where a folder was\n");
    repo.commit("Replace a folder by a file");
    repo.write("binary", [0_u8, 1, 2, 3]);
    repo.write("no newline at end", "x");
    repo.commit("Odd files");
    repo.git(["checkout", "-q", "-b", "side"]);
    repo.write("side.rs", "s\n");
    repo.commit("Beside");
    repo.git(["checkout", "-q", "main"]);
    repo.write("main.rs", "m\n");
    repo.commit("On main");
    repo.git(["merge", "-q", "--no-ff", "-m", "Merge side", "side"]);
    for round in 0..20_u32 {
        let kept = (0..60_u32).filter(|line| (line * 7 + round) % 5 != 0);
        let lines = kept.map(|line| line.to_string()).collect::<Vec<_>>().join("\n");
        repo.write("a.rs", lines);
        repo.commit("Shuffle");
    }
    repo.git(["gc", "-q"]);
    let (mut ours, theirs) = (ours(repo.path()), gits(&repo));
    let merge = repo.git(["log", "--merges", "--format=%H"]);
    assert_eq!(ours.remove(&merge), Some(BTreeMap::new()), "merges are not compared");
    assert_eq!(ours, theirs);
}

#[test]
fn people_are_those_of_the_mailmap_and_old_commits_are_not_compared() {
    let mut repo = Repo::with(&[("a.rs", "1\n")]);
    repo.write("a.rs", "2\n");
    repo.write(".mailmap", "Ada Lovelace <ada@new.example> <ada@example.org>\n");
    repo.later(400);
    repo.commit("A year later");
    let limits = Limits::default();
    let repository = Repository::open(repo.path(), &[], &limits).unwrap();
    let head = repository.resolve(None).unwrap().id;
    let read =
        history::read(&repository, head, &limits, &KnownCommits::default(), &|_, _| {}).unwrap().history;
    assert_eq!(read.people.len(), 1);
    assert_eq!(
        (read.people[0].name.as_str(), read.people[0].email.as_str()),
        ("Ada Lovelace", "ada@new.example")
    );
    let changed: Vec<usize> = read.commits.iter().map(|commit| commit.changes.len()).collect();
    assert_eq!(changed, [2], "what is older is only counted");
    assert_eq!((read.older.commits, read.total()), (1, 2));
    let few = Limits { commits: 1, ..Limits::default() };
    let read = history::read(&repository, head, &few, &KnownCommits::default(), &|_, _| {}).unwrap();
    assert!(read.history.truncated && read.notes.iter().any(|note| note.code == "history_limit"));
}

#[test]
fn what_lies_beyond_the_limit_is_read_once() {
    let mut repo = Repo::with(&[("a.rs", "1\n")]);
    let oldest = repo.git(["rev-parse", "HEAD"]);
    for text in ["2\n", "3\n"] {
        repo.write("a.rs", text);
        repo.later(1);
        repo.commit("Change");
    }
    let limits = Limits { commits: 2, ..Limits::default() };
    let read = |known: &KnownCommits<'_>| {
        let repository = Repository::open(repo.path(), &[], &limits).unwrap();
        let head = repository.resolve(None).unwrap().id;
        history::read(&repository, head, &limits, known, &|_, _| {}).unwrap()
    };
    let cold = read(&KnownCommits::default());
    let kept = cold.fresh.clone().unwrap();
    let mut known = KnownCommits::default();
    assert!(known.add(&kept));

    let (folder, name) = oldest.split_at(2);
    let git = repo.git(["rev-parse", "--absolute-git-dir"]);
    std::fs::remove_file(Path::new(&git).join("objects").join(folder).join(name)).unwrap();
    let again = read(&known);
    assert_eq!(again.fresh, None, "nothing is new");
    assert_eq!((again.history, again.notes, again.whole), (cold.history, cold.notes, true));
    let unknown = read(&KnownCommits::default());
    assert!(
        unknown.notes.iter().any(|note| note.code == "history_damaged"),
        "it is no longer there to be read"
    );
}

#[test]
fn objects_are_found_wherever_git_moves_them_while_they_are_read() {
    let mut repo = Repo::empty();
    let text = |round: usize| {
        (0..400)
            .map(|line| format!("line {line} of {}", (line * 7 + round) % 11))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let blobs: Vec<(ObjectId, String)> = (0..12)
        .map(|round| {
            repo.write("a.txt", text(round));
            repo.commit("Change");
            let id = repo.git(["rev-parse", "HEAD:a.txt"]);
            (ObjectId::from_hex(id.as_bytes()).unwrap(), text(round))
        })
        .collect();
    let repository = Repository::open(repo.path(), &[], &Limits::default()).unwrap();
    let objects = [repository.objects().clone(), repository.objects().clone()];
    let read_all = |when: &str| {
        for objects in &objects {
            for (id, text) in &blobs {
                let mut buffer = Vec::new();
                let content = objects.read(id, Kind::Blob, 1 << 20, &mut buffer);
                assert!(content == Ok(text.as_bytes()), "{when}: {id}, {:?}", content.map(<[u8]>::len));
            }
        }
    };
    read_all("loose");
    repo.git(["gc", "-q"]);
    read_all("in one pack");
    repo.write("b.txt", "more\n");
    repo.commit("More");
    repo.git(["repack", "-q", "-a", "-d", "-f", "--depth=2"]);
    read_all("in another pack");
    let nobody = ObjectId::from_hex(&[b'1'; 40]).unwrap();
    assert_eq!(objects[0].header(&nobody), Err(ObjectError::Missing));
}
