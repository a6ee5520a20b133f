//! What people decide about findings, on both engines.

use std::time::Duration;

use base::id::RepoId;
use base::{Actor, PageSize, Role};
use repos::{
    FindingFilter, FindingPage, FindingStand, NewSuppression, RepoError, SuppressionKind, SuppressionTarget,
};
use storage::testing::each_engine;

use crate::context::World;
use crate::support::{CALLS_A_SHELL, Repo};

const DAY: Duration = Duration::from_hours(24);

fn open() -> FindingFilter {
    FindingFilter { state: Some(FindingStand::Open), ..FindingFilter::default() }
}

async fn list(world: &World, repo: RepoId, filter: &FindingFilter) -> FindingPage {
    world.repos.findings(&world.actor, repo, filter, None, PageSize::clamped(500)).await.unwrap()
}

async fn paths(world: &World, repo: RepoId) -> Vec<String> {
    let mut paths: Vec<String> =
        list(world, repo, &open()).await.page.items.into_iter().map(|finding| finding.path).collect();
    paths.sort();
    paths.dedup();
    paths
}

async fn world_with_three(test: &storage::testing::TestDb) -> (World, Repo, RepoId) {
    let world = World::new(test).await;
    let git = Repo::with(&[
        ("src/a.py", CALLS_A_SHELL),
        ("src0/b.py", CALLS_A_SHELL),
        ("tests/test_c.py", CALLS_A_SHELL),
    ]);
    let repo = world.analyzed(git.path().to_str().unwrap()).await.repo;
    (world, git, repo)
}

fn new(kind: SuppressionKind, days: Option<u32>, target: SuppressionTarget) -> NewSuppression {
    NewSuppression { kind, reason: "behind a login".into(), target, days }
}

#[tokio::test]
async fn a_risk_that_was_accepted_comes_back_when_its_time_is_over() {
    each_engine(|test| async move {
        let (world, mut git, repo) = world_with_three(&test).await;
        let whole = list(&world, repo, &open()).await;
        let rule = whole.page.items[0].rule.clone();
        let target = SuppressionTarget::Folder { rule, path: "src/".into() };
        let preview = world.repos.preview_suppression(&world.actor, repo, &target).await.unwrap();
        let made = world
            .repos
            .suppress(&world.actor, repo, new(SuppressionKind::AcceptedRisk, Some(30), target))
            .await
            .unwrap();
        assert_eq!((made.findings, made.path.as_deref()), (preview.first.len() as u64, Some("src")));
        assert_eq!(paths(&world, repo).await, ["src0/b.py", "tests/test_c.py"]);
        let overview = world.repos.repo(&world.actor, repo).await.unwrap().unwrap();
        assert_eq!(overview.findings.suppressed, made.findings);

        // What the rule finds there later is covered too.
        git.write("src/new.py", CALLS_A_SHELL);
        git.commit("Add one");
        world.clock.advance(DAY);
        world.analyzed(git.path().to_str().unwrap()).await;
        assert_eq!(paths(&world, repo).await, ["src0/b.py", "tests/test_c.py"]);

        world.clock.advance(DAY * 30);
        assert_eq!(paths(&world, repo).await, ["src/a.py", "src/new.py", "src0/b.py", "tests/test_c.py"]);
        let back = list(&world, repo, &open()).await;
        let ended = back.page.items.iter().find(|finding| finding.path == "src/a.py").unwrap();
        assert!(
            ended.suppression.is_some() && !ended.is_suppressed(world.clock.now()),
            "it says that it was"
        );
        assert_eq!(back.suppressions.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn taking_one_back_leaves_what_another_covers() {
    each_engine(|test| async move {
        let (world, _git, repo) = world_with_three(&test).await;
        let first = list(&world, repo, &open()).await.page.items[0].clone();
        let one = SuppressionTarget::Findings(vec![first.id]);
        let of_rule = SuppressionTarget::Rule { rule: first.rule.clone() };
        let suppress = async |target| {
            let wanted = new(SuppressionKind::FalsePositive, None, target);
            world.repos.suppress(&world.actor, repo, wanted).await
        };
        let single = suppress(one.clone()).await.unwrap();
        let all = suppress(of_rule).await.unwrap();
        assert_eq!((single.findings, all.findings > 1), (1, true));
        assert!(
            matches!(suppress(one).await, Err(RepoError::Unsuitable { .. })),
            "nothing open is left of it"
        );
        let stale = world.repos.unsuppress(&world.actor, repo, all.id, all.version + 1).await;
        assert!(matches!(stale, Err(RepoError::Changed)), "{stale:?}");
        world.repos.unsuppress(&world.actor, repo, all.id, all.version).await.unwrap();
        let left = list(&world, repo, &open()).await;
        assert!(left.page.items.iter().all(|finding| finding.id != first.id));
        world.repos.unsuppress(&world.actor, repo, single.id, single.version).await.unwrap();
        assert!(list(&world, repo, &open()).await.page.items.iter().any(|finding| finding.id == first.id));
        assert!(world.repos.suppressions(&world.actor, repo).await.unwrap().is_empty());
        let told: Vec<(String, Option<String>)> = world
            .db
            .query("SELECT kind, actor FROM event_outbox WHERE kind LIKE 'finding.%' ORDER BY seq")
            .all()
            .await
            .unwrap();
        let kinds: Vec<&str> = told.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(
            kinds,
            ["finding.suppressed", "finding.suppressed", "finding.unsuppressed", "finding.unsuppressed"]
        );
        assert!(
            told.iter().all(|(_, actor)| *actor == Some(world.actor.user.to_string())),
            "who decided is kept"
        );
    })
    .await;
}

#[tokio::test]
async fn a_baseline_hides_what_was_there_and_nothing_else() {
    each_engine(|test| async move {
        let (world, mut git, repo) = world_with_three(&test).await;
        let before = list(&world, repo, &open()).await;
        let analysis = before.page.items[0].last_analysis;
        let set = world.repos.set_baseline(&world.actor, repo, 0, Some(analysis)).await.unwrap();
        git.write("src/new.py", CALLS_A_SHELL);
        git.commit("Add one");
        world.clock.advance(DAY);
        world.analyzed(git.path().to_str().unwrap()).await;
        assert_eq!(paths(&world, repo).await, ["src/new.py"]);
        let shown = list(&world, repo, &open()).await;
        let all = list(&world, repo, &FindingFilter { before_baseline: true, ..open() }).await;
        assert_eq!(shown.page.total + shown.before_baseline, all.page.total);
        assert!(shown.page.items.iter().all(|finding| finding.is_new));
        let stale = world.repos.set_baseline(&world.actor, repo, 0, None).await;
        assert!(matches!(stale, Err(RepoError::Changed)), "{stale:?}");
        world.repos.set_baseline(&world.actor, repo, set.version, None).await.unwrap();
        assert_eq!(list(&world, repo, &open()).await.before_baseline, 0);
        let other = world.repos.set_baseline(&world.actor, repo, 2, Some(world.ids.new_id())).await;
        assert!(matches!(other, Err(RepoError::Unsuitable { field: "/analysis", .. })), "{other:?}");
    })
    .await;
}

#[tokio::test]
async fn rules_are_judged_and_strangers_decide_nothing() {
    each_engine(|test| async move {
        let (world, _git, repo) = world_with_three(&test).await;
        let whole = list(&world, repo, &open()).await;
        let (first, second) = (&whole.page.items[0], &whole.page.items[1]);
        assert_eq!(first.rule, second.rule);
        let (_, said) = world.repos.judge_finding(&world.actor, first.id, Some(false)).await.unwrap();
        assert_eq!((said.judged, said.useful), (1, 0));
        world.repos.judge_finding(&world.actor, second.id, Some(true)).await.unwrap();
        let (_, said) = world.repos.judge_finding(&world.actor, first.id, Some(true)).await.unwrap();
        assert_eq!((said.judged, said.useful), (2, 2));
        let (_, said) = world.repos.judge_finding(&world.actor, first.id, None).await.unwrap();
        assert_eq!((said.judged, said.useful), (1, 1));
        assert_eq!(list(&world, repo, &open()).await.own_verdicts, [(second.id, true)]);

        let stranger = Actor::new(world.ids.new_id(), world.ids.new_id(), Role::Owner);
        let target = SuppressionTarget::Findings(vec![first.id]);
        let wanted = new(SuppressionKind::FalsePositive, None, target);
        assert!(matches!(
            world.repos.suppress(&stranger, repo, wanted.clone()).await,
            Err(RepoError::NotFound)
        ));
        assert!(matches!(
            world.repos.judge_finding(&stranger, first.id, None).await,
            Err(RepoError::NotFound)
        ));
        assert!(matches!(world.repos.set_baseline(&stranger, repo, 0, None).await, Err(RepoError::NotFound)));
        let made = world.repos.suppress(&world.actor, repo, wanted).await.unwrap();
        let taken = world.repos.unsuppress(&stranger, repo, made.id, made.version).await;
        assert!(matches!(taken, Err(RepoError::NotFound)));
        world.repos.set_baseline(&world.actor, repo, 0, None).await.unwrap();
        world.repos.remove(&world.actor, repo).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_comes_back_after_the_baseline_is_shown_and_new() {
    each_engine(|test| async move {
        let (world, mut git, repo) = world_with_three(&test).await;
        let whole = list(&world, repo, &open()).await;
        let before = whole.page.items.iter().find(|finding| finding.path == "src/a.py").unwrap().clone();
        git.write("src/a.py", "print(1)\n");
        git.commit("Remove it");
        world.clock.advance(DAY);
        let without = world.analyzed(git.path().to_str().unwrap()).await;
        world.repos.set_baseline(&world.actor, repo, 0, Some(without.id)).await.unwrap();
        assert!(paths(&world, repo).await.is_empty());

        git.write("src/a.py", CALLS_A_SHELL);
        git.commit("Put it back");
        world.clock.advance(DAY);
        let with = world.analyzed(git.path().to_str().unwrap()).await;
        assert_eq!(paths(&world, repo).await, ["src/a.py"]);
        let all = list(&world, repo, &FindingFilter { before_baseline: true, ..open() }).await.page.items;
        for finding in &all {
            assert_eq!(finding.is_new, finding.path == "src/a.py", "{}", finding.path);
        }
        let back = all.iter().find(|finding| finding.id == before.id).unwrap();
        assert_eq!(back.first_seen_at, before.first_seen_at);
        assert_eq!((back.first_analysis, back.opened_in), (before.first_analysis, with.id));
        assert!(back.opened_at > before.opened_at);

        git.write("README.md", "# Later\n");
        git.commit("Say more");
        world.clock.advance(DAY);
        world.analyzed(git.path().to_str().unwrap()).await;
        let later = list(&world, repo, &open()).await.page.items;
        assert!(later.iter().all(|finding| finding.path == "src/a.py" && !finding.is_new), "still shown");
    })
    .await;
}

#[tokio::test]
async fn what_follows_a_clean_analysis_is_new() {
    each_engine(|test| async move {
        let world = World::new(&test).await;
        let mut git = Repo::with(&[("src/a.py", "print(1)\n")]);
        let repo = world.analyzed(git.path().to_str().unwrap()).await.repo;
        assert!(paths(&world, repo).await.is_empty());
        git.write("src/a.py", CALLS_A_SHELL);
        git.commit("Call a shell");
        world.clock.advance(DAY);
        world.analyzed(git.path().to_str().unwrap()).await;
        let found = list(&world, repo, &FindingFilter { new: true, ..open() }).await.page.items;
        assert!(!found.is_empty() && found.iter().all(|finding| finding.is_new));
    })
    .await;
}

#[tokio::test]
async fn what_was_hidden_before_is_counted_by_neither_preview_nor_result() {
    each_engine(|test| async move {
        let (world, _git, repo) = world_with_three(&test).await;
        let first = list(&world, repo, &open()).await.page.items[0].clone();
        let one = SuppressionTarget::Findings(vec![first.id]);
        let dated = new(SuppressionKind::AcceptedRisk, Some(5), one);
        let dated = world.repos.suppress(&world.actor, repo, dated).await.unwrap();
        let target = SuppressionTarget::Rule { rule: first.rule.clone() };
        let preview = world.repos.preview_suppression(&world.actor, repo, &target).await.unwrap();
        assert_eq!(
            (preview.hidden_already, preview.first.iter().any(|finding| finding.id == first.id)),
            (1, false)
        );
        let made = new(SuppressionKind::FalsePositive, None, target);
        let made = world.repos.suppress(&world.actor, repo, made).await.unwrap();
        assert_eq!(made.findings, preview.first.len() as u64);
        let listed = world.repos.suppressions(&world.actor, repo).await.unwrap();
        let count = |id| listed.iter().find(|each| each.id == id).unwrap().findings;
        assert_eq!((count(made.id), count(dated.id)), (made.findings + preview.hidden_already, 0));
        // One that names findings has open ones alone, and so takes nothing over.
        let shorter = SuppressionTarget::Findings(vec![first.id]);
        let preview = world.repos.preview_suppression(&world.actor, repo, &shorter).await.unwrap();
        assert_eq!((preview.hidden_already, preview.first.len()), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn hundreds_of_decisions_over_thousands_of_findings_are_judged_in_no_time() {
    each_engine(|test| async move {
        let (world, _git, repo) = world_with_three(&test).await;
        let first = list(&world, repo, &open()).await.page.items[0].clone();
        let mut tx = world.db.begin().await.unwrap();
        for chunk in 0..50_u32 {
            let mut insert = storage::SqlBuilder::new(
                "INSERT INTO repo_finding (id, workspace_id, repo_id, fingerprint, rule, kind, severity, path, line,
                     message, in_test, state, first_analysis, last_analysis, first_seen_at, last_seen_at) VALUES ",
            );
            for number in chunk * 200..(chunk + 1) * 200 {
                insert.push(if number % 200 == 0 { "(" } else { ", (" });
                insert.bind(world.ids.new_id::<base::id::FindingId>()).push(", ").bind(world.actor.workspace);
                insert.push(", ").bind(repo).push(", ").bind(format!("made{number}")).push(", 'rule', 'smell', ");
                insert.push("'low', ").bind(format!("made/f{}/a/b/c{number}.py", number % 400));
                insert.push(", 1, 'm', FALSE, 'open', ").bind(first.first_analysis).push(", ");
                insert.bind(first.first_analysis).push(", 1, 1)");
            }
            tx.query(insert).execute().await.unwrap();
        }
        let mut insert = storage::SqlBuilder::new(
            "INSERT INTO repo_suppression (id, workspace_id, repo_id, kind, reason, scope, rule, path, created_at,
                 created_by, version) VALUES ",
        );
        for number in 0..400 {
            insert.push(if number == 0 { "(" } else { ", (" });
            insert.bind(world.ids.new_id::<base::id::SuppressionId>()).push(", ").bind(world.actor.workspace);
            insert.push(", ").bind(repo).push(", 'wont_fix', 'm', 'folder', 'rule', ");
            insert.bind(format!("made/f{number}")).push(", 1, ").bind(world.actor.user).push(", 1)");
        }
        tx.query(insert).execute().await.unwrap();
        tx.commit().await.unwrap();

        let begun = std::time::Instant::now();
        let target = SuppressionTarget::Findings(vec![first.id]);
        let made = new(SuppressionKind::FalsePositive, None, target);
        let made = world.repos.suppress(&world.actor, repo, made).await.unwrap();
        world.repos.unsuppress(&world.actor, repo, made.id, made.version).await.unwrap();
        let listed = world.repos.suppressions(&world.actor, repo).await.unwrap();
        assert!(listed.len() == 400 && listed.iter().all(|each| each.findings == 25));
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    })
    .await;
}
