//! Names of commits and common ancestors, against what git itself says.

use repos::git::Repository;
use repos::{FailureCode, Limits};

use crate::support::{Repo, supervisor};

/// Two branches that parted and met, tags of both kinds, and a branch of another repository.
fn branched() -> Repo {
    let mut repo = Repo::with(&[("a.txt", "1\n")]);
    repo.git(["tag", "v1"]);
    repo.write("a.txt", "2\n");
    repo.commit("Second");
    repo.git(["tag", "-a", "v2", "-m", "Two"]);
    repo.git(["switch", "-q", "-c", "topic"]);
    repo.write("b.txt", "1\n");
    repo.commit("Topic");
    repo.git(["switch", "-q", "main"]);
    repo.write("a.txt", "3\n");
    repo.commit("Third");
    repo.git(["merge", "-q", "--no-edit", "topic"]);
    repo.git(["switch", "-q", "topic"]);
    repo.write("b.txt", "2\n");
    repo.commit("Topic goes on");
    repo.git(["switch", "-q", "main"]);
    repo.git(["update-ref", "refs/remotes/origin/main", "v1"]);
    repo.git(["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    repo
}

fn open(repo: &Repo) -> Repository {
    Repository::open(repo.path(), &[], &Limits::default()).unwrap()
}

#[test]
fn revisions_name_the_commits_that_git_says() {
    let repo = branched();
    let short = repo.git(["rev-parse", "--short=7", "topic"]);
    let full = repo.git(["rev-parse", "topic"]);
    let names = [
        "HEAD",
        "@",
        "main",
        "topic",
        "v1",
        "v2",
        "origin/main",
        "origin",
        "refs/heads/topic",
        "HEAD~1",
        "HEAD^2",
        "HEAD^2~1",
        "@~2",
        "HEAD^0",
        "v2~1",
        "v2^",
        &short,
        &full,
    ];
    let packed = |repo: &Repo| {
        let repository = open(repo);
        for name in names {
            let wanted = repo.git(["rev-parse", &format!("{name}^{{commit}}")]);
            assert_eq!(repository.revision(name).unwrap().to_string(), wanted, "{name}");
        }
    };
    packed(&repo);
    repo.git(["gc", "-q"]);
    packed(&repo);
}

#[test]
fn what_names_no_commit_is_refused() {
    let repo = branched();
    let repository = open(&repo);
    let blob = repo.git(["rev-parse", "HEAD:a.txt"]);
    for name in [
        "",
        "nowhere",
        "HEAD~99",
        "HEAD^3",
        "../HEAD",
        "refs/../HEAD",
        "--all",
        "HEAD:a.txt",
        "main@{1}",
        "0000000",
        "x\u{1b}[2J",
    ] {
        let refused = repository.revision(name).unwrap_err();
        assert_eq!(refused.code, FailureCode::NoSuchBranch, "{name}");
        assert!(!refused.detail.contains('\u{1b}'), "{}", refused.detail);
    }
    assert_eq!(repository.revision(&blob).unwrap_err().code, FailureCode::Unreadable);
}

#[tokio::test]
async fn changes_are_counted_from_the_commit_that_both_follow() {
    let repo = branched();
    let since = |revision: &'static str, branch: Option<&'static str>| {
        let path = repo.path().to_owned();
        async move { supervisor().since(&path, &[], branch, revision).await }
    };
    for (revision, branch) in
        [("topic", "main"), ("main", "topic"), ("v1", "main"), ("main", "main"), ("origin", "topic")]
    {
        let wanted = repo.git(["merge-base", revision, branch]);
        assert_eq!(since(revision, Some(branch)).await.unwrap().commit, wanted, "{revision} {branch}");
    }
    repo.git(["switch", "-q", "--orphan", "lonely"]);
    repo.git(["commit", "-q", "--allow-empty", "-m", "Alone"]);
    let refused = since("main", Some("lonely")).await.unwrap_err();
    assert!(refused.detail.contains("follow no common commit"), "{refused}");
}
