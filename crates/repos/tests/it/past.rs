//! Credentials that are in the history, of files that had them and no longer do.

use std::path::Path;

use analysis::report::{PastSecrets, Report};
use repos::Limits;
use repos::child::{Supervisor, Target};
use repos::kept::Kept;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::contained::unchecked;
use crate::support::{Repo, limited, supervisor};

fn token(of: &str) -> String {
    ["glpat-", of].concat()
}

fn searching() -> Supervisor {
    limited(Limits { past_secrets: true, ..Limits::default() })
}

async fn analyzed(supervisor: &Supervisor, path: &Path) -> Report {
    let target = Target { path, roots: &[], branch: None, commit: None };
    *supervisor.analyze(target, &CancellationToken::new(), |_| {}, unchecked).await.unwrap().report
}

/// Place, subject of the commit that brought it, whether it is still there.
fn told(past: &PastSecrets) -> Vec<(String, u32, String, bool)> {
    let row = |one: &analysis::report::PastSecret| {
        (one.finding.span.path.clone(), one.finding.span.start, one.commit.subject.clone(), one.at_tip)
    };
    past.secrets.iter().map(row).collect()
}

/// One secret that was removed, one that moved and stayed, one that came by a merge and went, one in a copied folder.
fn repo() -> Repo {
    let (gone, stays, merged) =
        (token("aZ3kQ9wL2mX7vB5nR8tY"), token("qX8rT1yU4iO7pA2sD5fG"), token("mN6bV3cX9zL1kJ4hG7fD"));
    let mut repo = Repo::with(&[("README.md", "# A\n")]);
    repo.write("deploy.sh", format!("#!/bin/sh\nexport A={gone}\n"));
    repo.commit("Deploy");
    repo.write("deploy.sh", format!("#!/bin/sh\n# two\nexport A={gone}\n"));
    repo.commit("Comment");
    repo.write("deploy.sh", "#!/bin/sh\n");
    repo.write("conf/a.txt", format!("{stays}\n"));
    repo.write("vendor/b.txt", token("wE5rT8yU2iO6pA9sD3fG"));
    repo.commit("Clean up");
    std::fs::remove_file(repo.path().join("conf/a.txt")).unwrap();
    repo.write("conf/b.txt", format!("moved\n{stays}\n"));
    repo.commit("Move");
    repo.git(["checkout", "-q", "-B", "side"]);
    repo.write("side.txt", &merged);
    repo.commit("Aside");
    std::fs::remove_file(repo.path().join("side.txt")).unwrap();
    repo.commit("Aside again");
    repo.git(["checkout", "-q", "main"]);
    repo.write("main.txt", "x\n");
    repo.commit("Meanwhile");
    repo.git(["merge", "-q", "--no-ff", "-m", "Merge", "side"]);
    repo
}

#[tokio::test]
async fn what_files_once_held_is_told_with_the_commit_that_brought_it() {
    let repo = repo();
    assert_eq!(analyzed(&supervisor(), repo.path()).await.past_secrets, None, "nobody asked");
    let report = analyzed(&searching(), repo.path()).await;
    let past = report.past_secrets.unwrap();
    let row = |path: &str, line, subject: &str, at_tip| (path.to_owned(), line, subject.to_owned(), at_tip);
    let expected = [
        row("deploy.sh", 2, "Deploy", false),
        row("side.txt", 1, "Aside", false),
        row("conf/a.txt", 1, "Clean up", true),
    ];
    assert_eq!(told(&past), expected);
    assert_eq!(past.secrets[2].files, 2);
    assert_eq!((past.total, past.truncated), (3, false));
    assert_eq!(report.findings.len(), 1, "the one that is still there: {:?}", report.findings);
    assert!(report.rules.contains_key("secret.gitlab-token"), "{:?}", report.rules.keys());
    let insight = report.insights.iter().find(|one| one.kind == "past_secret").unwrap();
    assert_eq!(insight.title, "Revoke 2 secrets that files once held");
}

#[tokio::test]
async fn a_repository_may_ask_for_it_and_say_why_one_does_not_matter() {
    let mut repo = repo();
    repo.write(
        "devmentor.toml",
        "[history]\nsecrets = true\n\n[[suppress]]\nrule = \"secret.*\"\npath = \"{deploy.sh,side.txt}\"\nreason = \"Revoked\"\nkind = \"false_positive\"\n",
    );
    repo.commit("Ask");
    let report = analyzed(&supervisor(), repo.path()).await;
    let past = report.past_secrets.unwrap();
    assert_eq!(told(&past).len(), 1, "{:?}", told(&past));
    assert_eq!(report.suppressed, [], "they are in no file");
    assert!(report.coverage.notes.iter().all(|note| note.code != "suppression_unused"));
    assert!(report.insights.iter().all(|one| one.kind != "past_secret"));
}

#[tokio::test]
async fn what_was_searched_is_not_searched_again_and_the_answer_is_the_same() {
    let mut repo = repo();
    let folder = TempDir::new().unwrap();
    let slot = Kept::new(folder.path().join("facts"), 1 << 30).slot("repo");
    let warm = searching().keeping(slot.clone());
    let json = |report: &Report| serde_json::to_string(report).unwrap();
    analyzed(&warm, repo.path()).await;
    let first = std::fs::read(slot.past()).unwrap();
    for number in 0..3 {
        repo.write("more.txt", token(&format!("hT4rE7wQ1aS8dF5gH2j{number}")));
        repo.commit(&format!("More {number}"));
        let cold = json(&analyzed(&searching(), repo.path()).await);
        assert!(json(&analyzed(&warm, repo.path()).await) == cold);
        assert!(json(&analyzed(&warm, repo.path()).await) == cold, "nothing is new");
    }
    assert!(std::fs::read(slot.past()).unwrap().len() > first.len());
    std::fs::write(slot.past(), b"DMPAST01 and nothing sound").unwrap();
    let cold = json(&analyzed(&searching(), repo.path()).await);
    assert!(json(&analyzed(&warm, repo.path()).await) == cold, "damaged");
    slot.clear().unwrap();
    assert!(!slot.past().exists() && !slot.path().exists());
}

#[tokio::test]
async fn how_far_back_is_bounded_and_said() {
    let repo = repo();
    let some = limited(Limits { past_secrets: true, past_bytes: 60, ..Limits::default() });
    let past = analyzed(&some, repo.path()).await.past_secrets.unwrap();
    assert!(past.truncated && past.commits > 0, "{past:?}");
    assert!(told(&past).iter().all(|one| one.0 != "deploy.sh"), "too far back: {past:?}");
}

fn notes<'a>(report: &'a Report, code: &str) -> Vec<&'a str> {
    let notes = report.coverage.notes.iter().filter(|note| note.code == code);
    notes.map(|note| note.text.as_str()).collect()
}

/// Puts a commit with these parents on top.
fn follow(repo: &Repo, parents: &[String]) {
    let tree = repo.git(["rev-parse", "HEAD^{tree}"]);
    let parents: Vec<String> = parents.iter().map(|parent| format!("parent {parent}")).collect();
    let who = "Ada Example <ada@example.org> 1790000000 +0000";
    let text = format!("tree {tree}\n{}\nauthor {who}\ncommitter {who}\n\nMany\n", parents.join("\n"));
    let id = repo.git_with(["hash-object", "-w", "--literally", "-t", "commit", "--stdin"], text.as_bytes());
    repo.git(["update-ref", "refs/heads/main", &id]);
}

#[tokio::test]
async fn a_parent_that_is_named_often_costs_no_more_than_one() {
    let mut repo = repo();
    for number in 0..3_000 {
        repo.write(&format!("many/{number}.txt"), "x");
    }
    let parent = repo.commit("Many files");
    repo.write("many/0.txt", "y");
    repo.commit("Change");
    follow(&repo, &vec![parent; 20_000]);
    let report = analyzed(&searching(), repo.path()).await;
    let past = report.past_secrets.as_ref().unwrap();
    assert_eq!((notes(&report, "past_unreadable"), past.truncated), (vec![], false));
    assert_eq!(past.total, 3);
}

#[tokio::test]
async fn a_commit_with_too_many_parents_is_left_out_and_counted() {
    let repo = repo();
    let parents = |count: usize| -> Vec<String> {
        (0..count)
            .map(|number| repo.git(["commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", &number.to_string()]))
            .collect()
    };
    let parents = parents(65);
    follow(&repo, &parents[..64]);
    assert_eq!(notes(&analyzed(&searching(), repo.path()).await, "past_unreadable"), [""; 0]);
    follow(&repo, &parents);
    let notes = notes(&analyzed(&searching(), repo.path()).await, "past_unreadable").join("\n");
    assert!(notes.starts_with("What 1 commit brought could not all be read"), "{notes}");
}

#[tokio::test]
async fn what_cannot_be_read_is_counted_and_searched_when_it_is_there_again() {
    let repo = repo();
    let blob = repo.git(["rev-parse", "side~1:side.txt"]);
    let folder = TempDir::new().unwrap();
    let warm = searching().keeping(Kept::new(folder.path().join("facts"), 1 << 30).slot("repo"));
    let object = repo.path().join(".git/objects").join(&blob[..2]).join(&blob[2..]);
    let aside = folder.path().join("aside");
    std::fs::rename(&object, &aside).unwrap();
    let report = analyzed(&warm, repo.path()).await;
    assert_eq!(notes(&report, "past_unreadable").len(), 1, "{:?}", report.coverage.notes);
    let without = report.past_secrets.unwrap();
    std::fs::rename(&aside, &object).unwrap();
    let report = analyzed(&warm, repo.path()).await;
    assert_eq!(notes(&report, "past_unreadable"), [""; 0]);
    let whole = report.past_secrets.unwrap();
    assert_eq!((whole.total, whole.commits > without.commits), (3, true));
}

#[tokio::test]
async fn what_is_too_large_to_be_searched_is_counted() {
    let mut repo = repo();
    repo.write("large.txt", "x".repeat(5_000));
    repo.commit("Large");
    let small = limited(Limits { past_secrets: true, file_bytes: 4_000, ..Limits::default() });
    let report = analyzed(&small, repo.path()).await;
    assert_eq!(
        notes(&report, "past_large"),
        ["1 content of the history is too large to be searched for secrets."]
    );
    assert_eq!(report.past_secrets.unwrap().total, 3);
}
