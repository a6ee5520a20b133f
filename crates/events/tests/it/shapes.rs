//! The JSON of everything that is said. A change here changes what clients get: fields may only be added.

use base::id::{AnalysisId, FindingId, InsightId, MemoryId, RepoId, SuppressionId, TaskId};
use base::{Ids, Timestamp};
use events::{Closed, Event, MemoryFacts, SeverityCounts, TaskFacts, Tick};
use expect_test::expect;

fn samples() -> Vec<Event> {
    let ids = Ids::counted();
    let (analysis, repo, insight): (AnalysisId, RepoId, InsightId) =
        (ids.new_id(), ids.new_id(), ids.new_id());
    let task = TaskFacts {
        id: ids.new_id::<TaskId>(),
        key: "DM-1".into(),
        title: "Raise `tokio`".into(),
        status: "todo".into(),
        deleted: false,
        version: 1,
    };
    let memory = MemoryFacts {
        id: Ids::counted().new_id::<MemoryId>(),
        kind: "decision".into(),
        state: "active".into(),
        version: 2,
    };
    let suppression: SuppressionId = ids.new_id();
    let finding: FindingId = ids.new_id();
    let findings = SeverityCounts { critical: 1, high: 2, medium: 3, low: 4, info: 5 };
    vec![
        Event::AnalysisQueued { analysis, repo },
        Event::AnalysisStarted { analysis, repo, attempt: 1 },
        Event::AnalysisPhaseFinished {
            analysis,
            repo,
            phase: "languages".into(),
            percent: 20,
            facts: vec!["Rust 61 %".into()],
        },
        Event::AnalysisFinished {
            analysis,
            repo,
            commit: "c0ffee".into(),
            grade: Some("B".into()),
            files: 120,
            findings,
            insights: 5,
        },
        Event::AnalysisFailed { analysis, repo, code: "too_large".into(), detail: "It is too large.".into() },
        Event::AnalysisCancelled { analysis, repo },
        Event::RepoConnected { repo, name: "Web".into(), slug: "web".into() },
        Event::RepoRemoved { repo },
        Event::InsightOpened {
            insight,
            repo,
            kind: "vulnerable_dependency".into(),
            severity: "high".into(),
            title: "Raise `tokio`".into(),
        },
        Event::InsightClosed { insight, repo, reason: Closed::CheckPassed },
        Event::InsightClosed { insight, repo, reason: Closed::Gone },
        Event::InsightClosed { insight, repo, reason: Closed::Dismissed },
        Event::TaskCreated { task: task.clone() },
        Event::TaskUpdated { task },
        Event::AdvisoriesImported { ecosystem: "npm".into(), records: 9, as_of: Timestamp::from_seconds(7) },
        Event::SessionRevoked { session: ids.new_id() },
        Event::RepoUpdated { repo },
        Event::SettingsUpdated { name_people: false },
        Event::FindingSuppressed {
            suppression,
            repo,
            kind: "accepted_risk".into(),
            scope: "file".into(),
            findings: 3,
        },
        Event::FindingUnsuppressed { suppression, repo },
        Event::FindingJudged { finding, repo, rule: "js.eval".into(), useful: Some(false) },
        Event::FindingBaselineSet { repo, analysis: Some(analysis) },
        Event::HostUpdated { host: ids.new_id() },
        Event::MemorySaved { memory: memory.clone() },
        Event::MemoryUpdated { memory },
        Event::MemoryForgotten { memory: ids.new_id() },
        Event::MemberUpdated { user: ids.new_id(), role: Some("member".into()) },
        Event::RoleChanged { workspace: ids.new_id(), role: None },
        Event::WorkspaceUpdated { name: "Team".into() },
        Event::InviteUpdated { invite: ids.new_id() },
        Event::AccessRequestUpdated { request: ids.new_id() },
        Event::TokenUpdated { token: ids.new_id() },
    ]
}

/// A number for each variant. A new one does not compile until it has a number here, and fails the test below
/// until it has a sample.
fn number(event: &Event) -> usize {
    match event {
        Event::AnalysisQueued { .. } => 0,
        Event::AnalysisStarted { .. } => 1,
        Event::AnalysisPhaseFinished { .. } => 2,
        Event::AnalysisFinished { .. } => 3,
        Event::AnalysisFailed { .. } => 4,
        Event::AnalysisCancelled { .. } => 5,
        Event::RepoConnected { .. } => 6,
        Event::RepoRemoved { .. } => 7,
        Event::InsightOpened { .. } => 8,
        Event::InsightClosed { .. } => 9,
        Event::TaskCreated { .. } => 10,
        Event::TaskUpdated { .. } => 11,
        Event::AdvisoriesImported { .. } => 12,
        Event::SessionRevoked { .. } => 13,
        Event::RepoUpdated { .. } => 14,
        Event::SettingsUpdated { .. } => 15,
        Event::FindingSuppressed { .. } => 16,
        Event::FindingUnsuppressed { .. } => 17,
        Event::FindingJudged { .. } => 18,
        Event::FindingBaselineSet { .. } => 19,
        Event::MemberUpdated { .. } => 24,
        Event::RoleChanged { .. } => 25,
        Event::WorkspaceUpdated { .. } => 26,
        Event::InviteUpdated { .. } => 27,
        Event::AccessRequestUpdated { .. } => 28,
        Event::TokenUpdated { .. } => 29,
        Event::HostUpdated { .. } => 20,
        Event::MemorySaved { .. } => 21,
        Event::MemoryUpdated { .. } => 22,
        Event::MemoryForgotten { .. } => 23,
    }
}

const VARIANTS: usize = 30;

#[test]
fn every_event_has_the_shape_it_always_had() {
    let samples = samples();
    let mut numbers: Vec<usize> = samples.iter().map(number).collect();
    numbers.dedup();
    assert_eq!(numbers, (0..VARIANTS).collect::<Vec<_>>());

    let mut shapes = String::new();
    for event in samples {
        let text = serde_json::to_string(&event).unwrap();
        assert!(text.starts_with(&format!("{{\"type\":\"{}\"", event.kind())), "{text}");
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
        // Ids are told apart by their last digits.
        shapes.push_str(&text.replace("00000000-0000-7000-8000-0000000000", "#"));
        shapes.push('\n');
    }
    expect![[r##"
        {"type":"analysis.queued","analysis":"#01","repo":"#02"}
        {"type":"analysis.started","analysis":"#01","repo":"#02","attempt":1}
        {"type":"analysis.phase_finished","analysis":"#01","repo":"#02","phase":"languages","percent":20,"facts":["Rust 61 %"]}
        {"type":"analysis.finished","analysis":"#01","repo":"#02","commit":"c0ffee","grade":"B","files":120,"findings":{"critical":1,"high":2,"medium":3,"low":4,"info":5},"insights":5}
        {"type":"analysis.failed","analysis":"#01","repo":"#02","code":"too_large","detail":"It is too large."}
        {"type":"analysis.cancelled","analysis":"#01","repo":"#02"}
        {"type":"repo.connected","repo":"#02","name":"Web","slug":"web"}
        {"type":"repo.removed","repo":"#02"}
        {"type":"insight.opened","insight":"#03","repo":"#02","kind":"vulnerable_dependency","severity":"high","title":"Raise `tokio`"}
        {"type":"insight.closed","insight":"#03","repo":"#02","reason":"check_passed"}
        {"type":"insight.closed","insight":"#03","repo":"#02","reason":"gone"}
        {"type":"insight.closed","insight":"#03","repo":"#02","reason":"dismissed"}
        {"type":"task.created","task":{"id":"#04","key":"DM-1","title":"Raise `tokio`","status":"todo","deleted":false,"version":1}}
        {"type":"task.updated","task":{"id":"#04","key":"DM-1","title":"Raise `tokio`","status":"todo","deleted":false,"version":1}}
        {"type":"advisories.imported","ecosystem":"npm","records":9,"as_of":7000000}
        {"type":"session.revoked","session":"#07"}
        {"type":"repo.updated","repo":"#02"}
        {"type":"settings.updated","name_people":false}
        {"type":"finding.suppressed","suppression":"#05","repo":"#02","kind":"accepted_risk","scope":"file","findings":3}
        {"type":"finding.unsuppressed","suppression":"#05","repo":"#02"}
        {"type":"finding.judged","finding":"#06","repo":"#02","rule":"js.eval","useful":false}
        {"type":"finding.baseline_set","repo":"#02","analysis":"#01"}
        {"type":"host.updated","host":"#08"}
        {"type":"memory.saved","memory":{"id":"#01","kind":"decision","state":"active","version":2}}
        {"type":"memory.updated","memory":{"id":"#01","kind":"decision","state":"active","version":2}}
        {"type":"memory.forgotten","memory":"#09"}
        {"type":"member.updated","user":"#0a","role":"member"}
        {"type":"role.changed","workspace":"#0b","role":null}
        {"type":"workspace.updated","name":"Team"}
        {"type":"invite.updated","invite":"#0c"}
        {"type":"access_request.updated","request":"#0d"}
        {"type":"token.updated","token":"#0e"}
    "##]].assert_eq(&shapes);
}

#[test]
fn every_tick_has_the_shape_it_always_had() {
    let tick = Tick::AnalysisProgressed {
        analysis: Ids::counted().new_id(),
        phase: "languages".into(),
        percent: 12,
        done: 40,
        total: Some(120),
        unit: "files".into(),
        facts: vec!["Rust 61 %".into()],
    };
    let text = serde_json::to_string(&tick).unwrap();
    assert_eq!(serde_json::from_str::<Tick>(&text).unwrap(), tick);
    expect![[r#"{"type":"analysis.progressed","analysis":"00000000-0000-7000-8000-000000000001","phase":"languages","percent":12,"done":40,"total":120,"unit":"files","facts":["Rust 61 %"]}"#]].assert_eq(&text);
    let moved = serde_json::to_string(&Tick::RepoMoved { repo: Ids::counted().new_id() }).unwrap();
    expect![[r#"{"type":"repo.moved","repo":"00000000-0000-7000-8000-000000000001"}"#]].assert_eq(&moved);
}
