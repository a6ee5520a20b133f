//! Everything that can happen. The set is closed: whoever handles events handles all of them, or does not compile.
//!
//! Names are `object.past_tense`. An event carries ids and what a screen needs to show it without asking. Fields
//! may be added, never removed or given another meaning; a snapshot of every variant keeps that promise.

use base::Timestamp;
use base::id::{
    AccessRequestId, AnalysisId, FindingId, HostId, InsightId, InviteId, MemoryId, RepoId, SessionId,
    SuppressionId, TaskId, TokenId, UserId, WorkspaceId,
};
use serde::{Deserialize, Serialize};

/// Something that happened, durably.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Event {
    /// Somebody asked for an analysis.
    #[serde(rename = "analysis.queued")]
    AnalysisQueued {
        /// The analysis.
        analysis: AnalysisId,
        /// Of which repository.
        repo: RepoId,
    },
    /// A worker began, or began again after the one before it died.
    #[serde(rename = "analysis.started")]
    AnalysisStarted {
        /// The analysis.
        analysis: AnalysisId,
        /// Of which repository.
        repo: RepoId,
        /// Which try this is, from 1.
        attempt: u32,
    },
    /// One phase is done.
    #[serde(rename = "analysis.phase_finished")]
    AnalysisPhaseFinished {
        /// The analysis.
        analysis: AnalysisId,
        /// Of which repository.
        repo: RepoId,
        /// The phase's name.
        phase: String,
        /// How far the whole analysis is, 0 to 100.
        percent: u8,
        /// What the phase found out, in short sentences: "TypeScript 61 %".
        facts: Vec<String>,
    },
    /// The report is there.
    #[serde(rename = "analysis.finished")]
    AnalysisFinished {
        /// The analysis.
        analysis: AnalysisId,
        /// Of which repository.
        repo: RepoId,
        /// The analysed commit, in hexadecimal.
        commit: String,
        /// The grade's letter; `None` when too little could be measured.
        grade: Option<String>,
        /// Files in the commit.
        files: u64,
        /// Open findings by severity.
        findings: SeverityCounts,
        /// Open insights.
        insights: u32,
    },
    /// It ended without a report.
    #[serde(rename = "analysis.failed")]
    AnalysisFailed {
        /// The analysis.
        analysis: AnalysisId,
        /// Of which repository.
        repo: RepoId,
        /// Stable code of the reason.
        code: String,
        /// The reason in one sentence.
        detail: String,
    },
    /// Somebody stopped it.
    #[serde(rename = "analysis.cancelled")]
    AnalysisCancelled {
        /// The analysis.
        analysis: AnalysisId,
        /// Of which repository.
        repo: RepoId,
    },
    /// A repository was connected.
    #[serde(rename = "repo.connected")]
    RepoConnected {
        /// The repository.
        repo: RepoId,
        /// Its name.
        name: String,
        /// Its name in addresses.
        slug: String,
    },
    /// A person changed how a repository is analysed.
    #[serde(rename = "repo.updated")]
    RepoUpdated {
        /// The repository.
        repo: RepoId,
    },
    /// A person decided something for all pages of the workspace.
    #[serde(rename = "settings.updated")]
    SettingsUpdated {
        /// Whether people are named.
        name_people: bool,
    },
    /// A code host was connected or disconnected, or something about it or its repositories is different now.
    #[serde(rename = "host.updated")]
    HostUpdated {
        /// The connection.
        host: HostId,
    },
    /// A repository was taken away, with what was known about it.
    #[serde(rename = "repo.removed")]
    RepoRemoved {
        /// The repository.
        repo: RepoId,
    },
    /// An analysis found something new worth doing, or something that was closed came back.
    #[serde(rename = "insight.opened")]
    InsightOpened {
        /// The insight.
        insight: InsightId,
        /// Of which repository.
        repo: RepoId,
        /// Stable code of its kind.
        kind: String,
        /// How much it matters.
        severity: String,
        /// What to do, as an imperative.
        title: String,
    },
    /// An insight needs no more attention.
    #[serde(rename = "insight.closed")]
    InsightClosed {
        /// The insight.
        insight: InsightId,
        /// Of which repository.
        repo: RepoId,
        /// Why.
        reason: Closed,
    },
    /// Somebody decided not to act on findings.
    #[serde(rename = "finding.suppressed")]
    FindingSuppressed {
        /// The decision.
        suppression: SuppressionId,
        /// Of which repository.
        repo: RepoId,
        /// What kind of reason there is.
        kind: String,
        /// What it is about: single findings, or a rule in a file, a folder or everywhere.
        scope: String,
        /// How many open findings it covers.
        findings: u64,
    },
    /// Somebody took such a decision back.
    #[serde(rename = "finding.unsuppressed")]
    FindingUnsuppressed {
        /// The decision.
        suppression: SuppressionId,
        /// Of which repository.
        repo: RepoId,
    },
    /// Somebody said whether a finding is useful, or took that back.
    #[serde(rename = "finding.judged")]
    FindingJudged {
        /// The finding.
        finding: FindingId,
        /// Of which repository.
        repo: RepoId,
        /// The rule that gave it.
        rule: String,
        /// What they said; `None`: nothing any more.
        useful: Option<bool>,
    },
    /// Somebody decided from when on findings count as new, or that all do.
    #[serde(rename = "finding.baseline_set")]
    FindingBaselineSet {
        /// Of which repository.
        repo: RepoId,
        /// The analysis whose findings are hidden; `None`: none are.
        analysis: Option<AnalysisId>,
    },
    /// A task was made.
    #[serde(rename = "task.created")]
    TaskCreated {
        /// The task as it is now.
        task: TaskFacts,
    },
    /// A task was changed or deleted.
    #[serde(rename = "task.updated")]
    TaskUpdated {
        /// The task as it is now.
        task: TaskFacts,
    },
    /// Something was remembered.
    #[serde(rename = "memory.saved")]
    MemorySaved {
        /// The memory as it is now.
        memory: MemoryFacts,
    },
    /// A memory was changed, confirmed, replaced or put away.
    #[serde(rename = "memory.updated")]
    MemoryUpdated {
        /// The memory as it is now.
        memory: MemoryFacts,
    },
    /// A memory was deleted for good.
    #[serde(rename = "memory.forgotten")]
    MemoryForgotten {
        /// Which it was.
        memory: MemoryId,
    },
    /// The known vulnerabilities of an ecosystem were replaced.
    #[serde(rename = "advisories.imported")]
    AdvisoriesImported {
        /// The ecosystem as OSV spells it.
        ecosystem: String,
        /// Records now known.
        records: u64,
        /// Modification time of the newest one.
        as_of: Timestamp,
    },
    /// Somebody joined the workspace, has another role in it, or is no longer in it.
    #[serde(rename = "member.updated")]
    MemberUpdated {
        /// Who.
        user: UserId,
        /// Their role; `None`: they are not in it any more.
        role: Option<String>,
    },
    /// The person's own role in a workspace is another one: their connections to one they left must end.
    #[serde(rename = "role.changed")]
    RoleChanged {
        /// In which workspace.
        workspace: WorkspaceId,
        /// The role; `None`: they are not in it any more.
        role: Option<String>,
    },
    /// The workspace has another name.
    #[serde(rename = "workspace.updated")]
    WorkspaceUpdated {
        /// The name to show.
        name: String,
    },
    /// Somebody was invited, or an invitation is no longer open.
    #[serde(rename = "invite.updated")]
    InviteUpdated {
        /// The invitation.
        invite: InviteId,
    },
    /// Somebody asks for more than their role permits, or was answered.
    #[serde(rename = "access_request.updated")]
    AccessRequestUpdated {
        /// The request.
        request: AccessRequestId,
    },
    /// The person made or revoked a token.
    #[serde(rename = "token.updated")]
    TokenUpdated {
        /// The token.
        token: TokenId,
    },
    /// A session ended: its connections must end too.
    #[serde(rename = "session.revoked")]
    SessionRevoked {
        /// The session.
        session: SessionId,
    },
}

impl Event {
    /// Its name, as in its JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::AnalysisQueued { .. } => "analysis.queued",
            Self::AnalysisStarted { .. } => "analysis.started",
            Self::AnalysisPhaseFinished { .. } => "analysis.phase_finished",
            Self::AnalysisFinished { .. } => "analysis.finished",
            Self::AnalysisFailed { .. } => "analysis.failed",
            Self::AnalysisCancelled { .. } => "analysis.cancelled",
            Self::RepoConnected { .. } => "repo.connected",
            Self::RepoUpdated { .. } => "repo.updated",
            Self::SettingsUpdated { .. } => "settings.updated",
            Self::HostUpdated { .. } => "host.updated",
            Self::RepoRemoved { .. } => "repo.removed",
            Self::InsightOpened { .. } => "insight.opened",
            Self::InsightClosed { .. } => "insight.closed",
            Self::FindingSuppressed { .. } => "finding.suppressed",
            Self::FindingUnsuppressed { .. } => "finding.unsuppressed",
            Self::FindingJudged { .. } => "finding.judged",
            Self::FindingBaselineSet { .. } => "finding.baseline_set",
            Self::TaskCreated { .. } => "task.created",
            Self::TaskUpdated { .. } => "task.updated",
            Self::MemorySaved { .. } => "memory.saved",
            Self::MemoryUpdated { .. } => "memory.updated",
            Self::MemoryForgotten { .. } => "memory.forgotten",
            Self::AdvisoriesImported { .. } => "advisories.imported",
            Self::MemberUpdated { .. } => "member.updated",
            Self::RoleChanged { .. } => "role.changed",
            Self::WorkspaceUpdated { .. } => "workspace.updated",
            Self::InviteUpdated { .. } => "invite.updated",
            Self::AccessRequestUpdated { .. } => "access_request.updated",
            Self::TokenUpdated { .. } => "token.updated",
            Self::SessionRevoked { .. } => "session.revoked",
        }
    }
}

/// How many findings of each severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeverityCounts {
    /// Fix now.
    pub critical: u32,
    /// Fix next.
    pub high: u32,
    /// Fix soon.
    pub medium: u32,
    /// Fix when passing by.
    pub low: u32,
    /// Worth knowing.
    pub info: u32,
}

/// Why an insight was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    /// Its check passed.
    CheckPassed,
    /// An analysis no longer finds it.
    Gone,
    /// Somebody decided that it does not matter.
    Dismissed,
}

/// What changed of a memory. What it says is asked for: nothing of that stays here when it is forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryFacts {
    /// The memory.
    pub id: MemoryId,
    /// What kind of thing it is.
    pub kind: String,
    /// Whether it holds.
    pub state: String,
    /// Counts edits; an older one than a screen holds is no news.
    pub version: i64,
}

/// What a list shows of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskFacts {
    /// The task.
    pub id: TaskId,
    /// Its human id: `WEB-12`.
    pub key: String,
    /// What to do.
    pub title: String,
    /// Where it stands.
    pub status: String,
    /// Whether it was deleted.
    pub deleted: bool,
    /// Counts edits; an older one than a screen holds is no news.
    pub version: i64,
}
