//! Small histories with known answers.

use super::*;
use crate::source::{Change, CommitRecord, HistoryInput, Older, Person};

const HEAD: i64 = 1_700_000_000;

fn file(path: &str, cognitive: u32) -> FileView<'_> {
    FileView { path, code: 100, cognitive: Some(cognitive), test: false, counted: true }
}

fn input(paths: &[&str]) -> HistoryInput {
    HistoryInput {
        commits: Vec::new(),
        older: Older::default(),
        people: vec![
            Person { name: "One".into(), email: "one@example.com".into() },
            Person { name: "Two".into(), email: "two@example.com".into() },
            Person { name: "dependabot[bot]".into(), email: "support@example.com".into() },
        ],
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        heads: Vec::new(),
        truncated: false,
    }
}

fn summarised(
    input: &HistoryInput,
    files: &[FileView<'_>],
) -> (History, Vec<Hotspot>, HashMap<String, Churn>) {
    summarise(&Window::of(input, HEAD, files.len()), files)
}

fn change(path: u32) -> Change {
    Change { path, added: 2, removed: 1, before: 0, after: 0, hunks: Vec::new() }
}

fn commit(input: &mut HistoryInput, days_ago: i64, author: u32, subject: &str, parents: u32, paths: &[u32]) {
    input.commits.push(CommitRecord {
        id: format!("{:040x}", input.commits.len()),
        time: HEAD - days_ago * DAY,
        authored: i64::try_from(input.commits.len()).unwrap(),
        author,
        subject: subject.into(),
        parents,
        changes: paths.iter().map(|path| change(*path)).collect(),
        changes_cut: false,
    });
}

#[test]
fn merges_bots_sweeps_and_old_commits_do_not_count() {
    let mut input = input(&["a.rs", "gone.rs"]);
    commit(&mut input, 0, 0, "Work", 1, &[0, 1]);
    commit(&mut input, 1, 0, "Merge branch", 2, &[]);
    commit(&mut input, 2, 2, "Bump x", 1, &[0]);
    commit(&mut input, 3, 1, "cargo fmt", 1, &[0]);
    commit(&mut input, 4, 1, "Fix it", 1, &[0]);
    commit(&mut input, 366, 1, "Long ago", 1, &[0]);
    let (history, hotspots, counts) = summarised(&input, &[file("a.rs", 5)]);
    assert_eq!((history.commits, history.window_commits, history.contributors), (6, 2, 2));
    let left_out = (history.left_out.merges, history.left_out.bots, history.left_out.sweeping);
    assert_eq!(left_out, (1, 1, 1));
    assert_eq!(history.monthly.iter().sum::<u32>(), 2);
    assert_eq!(history.monthly.last(), Some(&2));
    assert_eq!(history.first, Some(HEAD - 366 * DAY));
    assert_eq!(counts, HashMap::from([("a.rs".to_owned(), Churn { commits: 2, last: HEAD })]));
    assert!(hotspots.is_empty(), "two commits are no ranking");
    let why = "Too little history: 2 commits that count in the 365 days before the newest commit, and a ranking of files takes 30.";
    assert_eq!(history.unranked.as_deref(), Some(why));
}

#[test]
fn what_changes_most_and_is_hardest_comes_first() {
    let mut input = input(&["hot.rs", "easy.rs", "calm.rs", "test.rs"]);
    for day in 0..40 {
        commit(
            &mut input,
            day,
            u32::try_from(day % 2).unwrap(),
            if day % 4 == 0 { "Fix x" } else { "Work" },
            1,
            &[0, 1, 3],
        );
    }
    commit(&mut input, 50, 0, "Calm", 1, &[2]);
    let files = [
        file("hot.rs", 80),
        file("easy.rs", 2),
        file("calm.rs", 90),
        FileView { test: true, ..file("test.rs", 99) },
    ];
    let (history, hotspots, counts) = summarised(&input, &files);
    assert_eq!(history.window_commits, 41);
    assert_eq!(counts["test.rs"].commits, 40, "tests have counts but are no hotspots");
    let hot = &hotspots[0];
    assert_eq!((hot.path.as_str(), hot.commits, hot.fixes, hot.authors), ("hot.rs", 40, 10, 2));
    assert_eq!((hot.changed_lines, hot.complexity), (120, 80));
    assert!(hotspots.iter().all(|hotspot| hotspot.path != "calm.rs" && hotspot.path != "test.rs"));
    let coupled: Vec<(&str, u32, u32)> =
        hot.coupled.iter().map(|other| (other.path.as_str(), other.together, other.of)).collect();
    assert_eq!(coupled, [("easy.rs", 40, 40), ("test.rs", 40, 40)]);
}

#[test]
fn shorter_windows_rank_what_changed_in_them() {
    let mut input = input(&["new.rs", "old.rs", "easy.rs"]);
    for day in 0..35 {
        commit(&mut input, day, 0, if day < 3 { "Fix x" } else { "Work" }, 1, &[0]);
        commit(&mut input, 100 + day, 0, "Fix y", 1, &[1, 2]);
    }
    commit(&mut input, 91, 0, "Fix z", 1, &[0]);
    let (history, whole, _) =
        summarised(&input, &[file("new.rs", 50), file("old.rs", 60), file("easy.rs", 1)]);
    let paths = |hotspots: &[Hotspot]| -> Vec<(String, u32, u32, u32)> {
        let told = hotspots.iter().map(|it| (it.path.clone(), it.commits, it.fixes, it.recent_fixes));
        told.collect()
    };
    let new = |commits, fixes| ("new.rs".to_owned(), commits, fixes, 3);
    assert_eq!(paths(&whole), [new(36, 4)], "the easy and the less changed half rank lowest");
    let windows = &history.windows;
    let days: Vec<(u32, u32)> = windows.iter().map(|window| (window.days, window.commits)).collect();
    // The commit of the 91st day is outside the quarter, as that of the 365th is outside the year.
    assert_eq!(days, [(91, 35), (182, 71)]);
    assert_eq!(paths(&windows[0].hotspots), [new(35, 3)]);
    assert_eq!(paths(&windows[1].hotspots), paths(&whole));
    assert_eq!(windows[0].unranked, None);
}

#[test]
fn a_window_with_too_little_says_so_with_its_own_length() {
    let mut input = input(&["a.rs", "b.rs"]);
    for day in 0..40 {
        commit(&mut input, 80 + day, 0, "Work", 1, &[0]);
    }
    let (history, whole, _) = summarised(&input, &[file("a.rs", 50), file("b.rs", 1)]);
    assert_eq!((whole.len(), history.windows[0].commits), (1, 11));
    let why = "Too little history: 11 commits that count in the 91 days before the newest commit, and a ranking of files takes 30.";
    assert_eq!(history.windows[0].unranked.as_deref(), Some(why));
    assert!(history.windows[0].hotspots.is_empty());
}

#[test]
fn a_commit_that_touches_most_files_is_sweeping() {
    let paths: Vec<String> = (0..60).map(|n| format!("{n:02}.rs")).collect();
    let names: Vec<&str> = paths.iter().map(String::as_str).collect();
    let mut input = input(&names);
    commit(&mut input, 1, 0, "Move everything", 1, &(0..51).collect::<Vec<_>>());
    commit(&mut input, 1, 0, "Move much", 1, &(0..50).collect::<Vec<_>>());
    let files: Vec<FileView<'_>> = names.iter().map(|path| file(path, 1)).collect();
    let (history, _, counts) = summarised(&input, &files);
    assert_eq!((history.left_out.sweeping, history.window_commits), (1, 1));
    assert_eq!(counts.len(), 50);
}

#[test]
fn a_handful_of_changes_is_no_ranking() {
    let ranked = |changes: i64| {
        let mut input = input(&["a.rs", "b.rs", "elsewhere.rs"]);
        for day in 0..40 {
            let path = if day < changes { 0 } else { 2 };
            commit(&mut input, day, 0, "Work", 1, &[path]);
        }
        let (history, hotspots, _) = summarised(&input, &[file("a.rs", 50), file("b.rs", 1)]);
        assert_eq!(history.window_commits, 40);
        (hotspots.len(), history.unranked)
    };
    let why = |said: &str| {
        let often = "with functions changed 3 times or more in the 365 days before the newest commit";
        Some(format!("Too few changes: {}.", said.replace("OFTEN", often)))
    };
    assert_eq!(ranked(2), (0, why("no source file outside tests OFTEN")));
    let few = "1 source file outside tests OFTEN, together 19 times, and a ranking takes 20";
    assert_eq!(ranked(19), (0, why(few)));
    assert_eq!(ranked(20), (1, None));
}

#[test]
fn ownership_weighs_lines_and_age() {
    let mut input = input(&["core/a.rs", "web/b.rs", "core/a_test.rs"]);
    input.people[1].name = "two@example.com".into();
    for day in 0..6 {
        commit(&mut input, day, 0, "Work", 1, &[0]);
    }
    commit(&mut input, 7, 1, "Fix a crash", 1, &[0]);
    for _ in 0..4 {
        commit(&mut input, 360, 1, "Work", 1, &[1]);
    }
    commit(&mut input, 0, 0, "Revert \"Work\"", 1, &[1]);
    commit(&mut input, 0, 0, "Tests alone", 1, &[2]);
    let files = [
        file("core/a.rs", 5),
        FileView { test: true, ..file("core/a_test.rs", 5) },
        file("core/quiet.rs", 5),
        file("web/b.rs", 5),
    ];
    let (history, ..) = summarised(&input, &files);
    assert_eq!((history.fixes, history.reverts, history.unchanged_files), (1, 1, 1));
    assert_eq!(history.absence_factor, Some(1));
    let rows: Vec<(&str, u32, u32, u32, u32, u32)> = history
        .ownership
        .iter()
        .map(|row| {
            (row.folder.as_str(), row.commits, row.fixes, row.people, row.main_share, row.absence_factor)
        })
        .collect();
    // Four old commits of another person count a quarter each: as much as the one of today.
    assert_eq!(rows, [("core", 7, 1, 2, 86, 1), ("web", 5, 0, 2, 50, 2)]);
    assert_eq!(history.ownership[1].last_change, HEAD);

    let people: Vec<(&str, u32, u32)> =
        history.people.iter().map(|each| (each.name.as_str(), each.commits, each.percent)).collect();
    assert_eq!(people, [("One", 8, 78), ("two", 5, 22)]);
    let shares: Vec<Vec<(u32, u32)>> = history
        .ownership
        .iter()
        .map(|row| row.shares.iter().map(|share| (share.person, share.percent)).collect())
        .collect();
    assert_eq!(shares, [[(0, 86), (1, 14)], [(0, 50), (1, 50)]]);
    assert_eq!(history.ownership[0].shares[1].last_change, HEAD - 7 * 86_400);
    let told = serde_json::to_string(&history).unwrap();
    assert!(!told.contains('@'), "an address is in {told}");
}
