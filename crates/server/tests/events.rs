//! The events as they are said, held against what the API says of them.

use base::{Ids, Timestamp};
use events::{Closed, Event, MemoryFacts, SeverityCounts, TaskFacts, Tick};

/// One of each. The `match` below does not compile when a variant is added and not listed here.
fn every_event() -> Vec<Event> {
    let ids = Ids::counted();
    let (analysis, repo, insight) = (ids.new_id(), ids.new_id(), ids.new_id());
    let suppression = ids.new_id();
    let task = TaskFacts {
        id: ids.new_id(),
        key: "WEB-1".into(),
        title: "t".into(),
        status: "in_progress".into(),
        deleted: false,
        version: 1,
    };
    let memory =
        MemoryFacts { id: ids.new_id(), kind: "error_fix".into(), state: "needs_review".into(), version: 1 };
    vec![
        Event::AnalysisQueued { analysis, repo },
        Event::AnalysisStarted { analysis, repo, attempt: 1 },
        Event::AnalysisPhaseFinished {
            analysis,
            repo,
            phase: "fetch".into(),
            percent: 10,
            facts: vec!["f".into()],
        },
        Event::AnalysisFinished {
            analysis,
            repo,
            commit: "c".into(),
            grade: None,
            files: 1,
            findings: SeverityCounts::default(),
            insights: 1,
        },
        Event::AnalysisFailed { analysis, repo, code: "c".into(), detail: "d".into() },
        Event::AnalysisCancelled { analysis, repo },
        Event::RepoConnected { repo, name: "n".into(), slug: "s".into() },
        Event::RepoUpdated { repo },
        Event::SettingsUpdated { name_people: false },
        Event::HostUpdated { host: ids.new_id() },
        Event::RepoRemoved { repo },
        Event::InsightOpened { insight, repo, kind: "k".into(), severity: "high".into(), title: "t".into() },
        Event::InsightClosed { insight, repo, reason: Closed::Gone },
        Event::FindingSuppressed {
            suppression,
            repo,
            kind: "wont_fix".into(),
            scope: "folder".into(),
            findings: 1,
        },
        Event::FindingUnsuppressed { suppression, repo },
        Event::FindingJudged { finding: ids.new_id(), repo, rule: "r".into(), useful: None },
        Event::FindingBaselineSet { repo, analysis: None },
        Event::TaskCreated { task: task.clone() },
        Event::TaskUpdated { task },
        Event::MemorySaved { memory: memory.clone() },
        Event::MemoryUpdated { memory },
        Event::MemoryForgotten { memory: ids.new_id() },
        Event::AdvisoriesImported { ecosystem: "npm".into(), records: 1, as_of: Timestamp::from_seconds(1) },
        Event::MemberUpdated { user: ids.new_id(), role: Some("member".into()) },
        Event::RoleChanged { workspace: ids.new_id(), role: None },
        Event::WorkspaceUpdated { name: "Team".into() },
        Event::InviteUpdated { invite: ids.new_id() },
        Event::AccessRequestUpdated { request: ids.new_id() },
        Event::TokenUpdated { token: ids.new_id() },
        Event::SessionRevoked { session: ids.new_id() },
    ]
}

fn is_listed(event: &Event) -> bool {
    match event {
        Event::AnalysisQueued { .. }
        | Event::AnalysisStarted { .. }
        | Event::AnalysisPhaseFinished { .. }
        | Event::AnalysisFinished { .. }
        | Event::AnalysisFailed { .. }
        | Event::AnalysisCancelled { .. }
        | Event::RepoConnected { .. }
        | Event::RepoUpdated { .. }
        | Event::SettingsUpdated { .. }
        | Event::HostUpdated { .. }
        | Event::RepoRemoved { .. }
        | Event::InsightOpened { .. }
        | Event::InsightClosed { .. }
        | Event::FindingSuppressed { .. }
        | Event::FindingUnsuppressed { .. }
        | Event::FindingJudged { .. }
        | Event::FindingBaselineSet { .. }
        | Event::TaskCreated { .. }
        | Event::TaskUpdated { .. }
        | Event::MemorySaved { .. }
        | Event::MemoryUpdated { .. }
        | Event::MemoryForgotten { .. }
        | Event::AdvisoriesImported { .. }
        | Event::MemberUpdated { .. }
        | Event::RoleChanged { .. }
        | Event::WorkspaceUpdated { .. }
        | Event::InviteUpdated { .. }
        | Event::AccessRequestUpdated { .. }
        | Event::TokenUpdated { .. }
        | Event::SessionRevoked { .. } => true,
    }
}

#[test]
fn every_event_is_what_the_api_says() {
    for event in every_event() {
        assert!(is_listed(&event));
        let said = serde_json::to_value(&event).unwrap();
        let typed: api::Event =
            serde_json::from_value(said.clone()).unwrap_or_else(|error| panic!("{}: {error}", event.kind()));
        assert_eq!(serde_json::to_value(&typed).unwrap(), said, "{}", event.kind());
    }
}

#[test]
fn every_tick_is_what_the_api_says() {
    for phase in analysis::pipeline::Phase::ALL {
        let tick = Tick::AnalysisProgressed {
            analysis: Ids::counted().new_id(),
            phase: phase.as_str().into(),
            percent: phase.percent(),
            done: 1,
            total: None,
            unit: "files".into(),
            facts: vec![],
        };
        let said = serde_json::to_value(&tick).unwrap();
        let typed: api::Tick = serde_json::from_value(said.clone()).unwrap();
        assert_eq!(serde_json::to_value(&typed).unwrap(), said);
    }
    let said = serde_json::to_value(Tick::RepoMoved { repo: Ids::counted().new_id() }).unwrap();
    let typed: api::Tick = serde_json::from_value(said.clone()).unwrap();
    assert_eq!(serde_json::to_value(&typed).unwrap(), said);
}

#[test]
fn words_mean_the_same_on_both_sides() {
    for status in projects::Status::ALL {
        assert!(serde_json::from_value::<api::TaskStatus>(status.as_str().into()).is_ok(), "{status:?}");
    }
    for severity in analysis::report::Severity::ALL {
        assert!(serde_json::from_value::<api::Severity>(severity.as_str().into()).is_ok(), "{severity:?}");
    }
}
