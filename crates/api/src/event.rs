//! What travels on the live channels: every event and tick, as its JSON is.
//!
//! The server passes events on as they were written; these types say what is in them. A test of the server holds
//! the two against each other.

use base::id::{
    AccessRequestId, AnalysisId, FindingId, HostId, InsightId, InviteId, MemoryId, RepoId, SessionId,
    SuppressionId, TaskId, TokenId, UserId, WorkspaceId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    MemoryKind, MemoryState, Phase, Role, Severity, SeverityCounts, SuppressionKind, SuppressionScope,
    TaskStatus,
};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", deny_unknown_fields)]
pub enum Event {
    /// Somebody asked for an analysis.
    #[serde(rename = "analysis.queued")]
    AnalysisQueued {
        /// The analysis.
        #[schema(value_type = String, format = "uuid")]
        analysis: AnalysisId,
        /// Of which repository.
        #[schema(value_type = String, format = "uuid")]
        repo: RepoId,
    },
    /// A worker began, or began again after the one before it died.
    #[serde(rename = "analysis.started")]
    AnalysisStarted {
        /// The analysis.
        #[schema(value_type = String, format = "uuid")]
        analysis: AnalysisId,
        /// Of which repository.
        #[schema(value_type = String, format = "uuid")]
        repo: RepoId,
        /// Which try this is, from 1.
        attempt: u32,
    },
    /// One phase is done.
    #[serde(rename = "analysis.phase_finished")]
    AnalysisPhaseFinished {
        /// The analysis.
        #[schema(value_type = String, format = "uuid")]
        analysis: AnalysisId,
        /// Of which repository.
        #[schema(value_type = String, format = "uuid")]
        repo: RepoId,
        /// The phase.
        phase: Phase,
        /// How far the whole analysis is, 0 to 100.
        percent: u8,
        /// What the phase found out, in short sentences.
        facts: Vec<String>,
    },
    /// The report is there.
    #[serde(rename = "analysis.finished")]
    AnalysisFinished {
        /// The analysis.
        #[schema(value_type = String, format = "uuid")]
        analysis: AnalysisId,
        /// Of which repository.
        #[schema(value_type = String, format = "uuid")]
        repo: RepoId,
        /// The analysed commit.
        commit: String,
        /// The grade's letter; `null` when too little could be measured.
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
        #[schema(value_type = String, format = "uuid")]
        analysis: AnalysisId,
        /// Of which repository.
        #[schema(value_type = String, format = "uuid")]
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
        #[schema(value_type = String, format = "uuid")]
        analysis: AnalysisId,
        /// Of which repository.
        #[schema(value_type = String, format = "uuid")]
        repo: RepoId,
    },
    /// A repository was connected.
    #[serde(rename = "repo.connected")]
    RepoConnected {
        /// The repository.
        #[schema(value_type = String, format = "uuid")]
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
        #[schema(value_type = String, format = "uuid")]
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
        #[schema(value_type = String, format = "uuid")]
        host: HostId,
    },
    /// A repository was taken away, with what was known about it.
    #[serde(rename = "repo.removed")]
    RepoRemoved {
        /// The repository.
        #[schema(value_type = String, format = "uuid")]
        repo: RepoId,
    },
    /// There is something new worth doing, or something that was closed came back.
    #[serde(rename = "insight.opened")]
    InsightOpened {
        /// The insight.
        #[schema(value_type = String, format = "uuid")]
        insight: InsightId,
        /// Of which repository.
        #[schema(value_type = String, format = "uuid")]
        repo: RepoId,
        /// Stable code of its kind.
        kind: String,
        /// How much it matters.
        severity: Severity,
        /// What to do.
        title: String,
    },
    /// An insight needs no more attention.
    #[serde(rename = "insight.closed")]
    InsightClosed {
        /// The insight.
        #[schema(value_type = String, format = "uuid")]
        insight: InsightId,
        /// Of which repository.
        #[schema(value_type = String, format = "uuid")]
        repo: RepoId,
        /// Why.
        reason: Closed,
    },
    /// Somebody decided not to act on findings.
    #[serde(rename = "finding.suppressed")]
    FindingSuppressed {
        /// The decision.
        #[schema(value_type = String, format = "uuid")]
        suppression: SuppressionId,
        /// Of which repository.
        #[schema(value_type = String, format = "uuid")]
        repo: RepoId,
        /// What kind of reason there is.
        kind: SuppressionKind,
        /// What it is about.
        scope: SuppressionScope,
        /// How many open findings it covers.
        findings: u64,
    },
    /// Somebody took such a decision back.
    #[serde(rename = "finding.unsuppressed")]
    FindingUnsuppressed {
        /// The decision.
        #[schema(value_type = String, format = "uuid")]
        suppression: SuppressionId,
        /// Of which repository.
        #[schema(value_type = String, format = "uuid")]
        repo: RepoId,
    },
    /// Somebody said whether a finding is useful, or took that back.
    #[serde(rename = "finding.judged")]
    FindingJudged {
        /// The finding.
        #[schema(value_type = String, format = "uuid")]
        finding: FindingId,
        /// Of which repository.
        #[schema(value_type = String, format = "uuid")]
        repo: RepoId,
        /// The rule that gave it.
        rule: String,
        /// What they said; `null`: nothing any more.
        useful: Option<bool>,
    },
    /// Somebody decided from when on findings count as new, or that all do.
    #[serde(rename = "finding.baseline_set")]
    FindingBaselineSet {
        /// Of which repository.
        #[schema(value_type = String, format = "uuid")]
        repo: RepoId,
        /// The analysis whose findings are hidden; `null`: none are.
        #[schema(value_type = Option<String>, format = "uuid")]
        analysis: Option<AnalysisId>,
    },
    /// A task was made.
    #[serde(rename = "task.created")]
    TaskCreated {
        /// The task as it is now.
        task: TaskFacts,
    },
    /// A task was changed, deleted or brought back.
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
        #[schema(value_type = String, format = "uuid")]
        memory: MemoryId,
    },
    /// The known vulnerabilities of an ecosystem were replaced.
    #[serde(rename = "advisories.imported")]
    AdvisoriesImported {
        /// The ecosystem.
        ecosystem: String,
        /// Records now known.
        records: u64,
        /// Time of the newest one, in microseconds since 1970.
        as_of: i64,
    },
    /// Somebody joined the workspace, has another role in it, or is no longer in it.
    #[serde(rename = "member.updated")]
    MemberUpdated {
        /// Who.
        #[schema(value_type = String, format = "uuid")]
        user: UserId,
        /// Their role; `null`: they are not in it any more.
        role: Option<Role>,
    },
    /// The person's own role in a workspace is another one. A connection to a workspace they left ends.
    #[serde(rename = "role.changed")]
    RoleChanged {
        /// In which workspace.
        #[schema(value_type = String, format = "uuid")]
        workspace: WorkspaceId,
        /// The role; `null`: they are not in it any more.
        role: Option<Role>,
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
        #[schema(value_type = String, format = "uuid")]
        invite: InviteId,
    },
    /// Somebody asks for more than their role permits, or was answered.
    #[serde(rename = "access_request.updated")]
    AccessRequestUpdated {
        /// The request.
        #[schema(value_type = String, format = "uuid")]
        request: AccessRequestId,
    },
    /// The person made or revoked a token.
    #[serde(rename = "token.updated")]
    TokenUpdated {
        /// The token.
        #[schema(value_type = String, format = "uuid")]
        token: TokenId,
    },
    /// A session ended; its connections end with it.
    #[serde(rename = "session.revoked")]
    SessionRevoked {
        /// The session.
        #[schema(value_type = String, format = "uuid")]
        session: SessionId,
    },
}

/// Why an insight was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemoryFacts {
    /// The memory.
    #[schema(value_type = String, format = "uuid")]
    pub id: MemoryId,
    /// What kind of thing it is.
    pub kind: MemoryKind,
    /// Whether it holds.
    pub state: MemoryState,
    /// Counts edits; an older one than a screen holds is no news.
    pub version: i64,
}

/// What a list shows of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskFacts {
    /// The task.
    #[schema(value_type = String, format = "uuid")]
    pub id: TaskId,
    /// Its human id.
    pub key: String,
    /// What to do.
    pub title: String,
    /// Where it stands.
    pub status: TaskStatus,
    /// Whether it was deleted.
    pub deleted: bool,
    /// Counts edits; an older one than a screen holds is no news.
    pub version: i64,
}

/// A passing message: progress. It has no position and may be missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", deny_unknown_fields)]
pub enum Tick {
    /// How far an analysis is; at most ten a second.
    #[serde(rename = "analysis.progressed")]
    AnalysisProgressed {
        /// The analysis.
        #[schema(value_type = String, format = "uuid")]
        analysis: AnalysisId,
        /// The phase.
        phase: Phase,
        /// How far the whole analysis is, 0 to 100.
        percent: u8,
        /// How much of the phase is done, in `unit`.
        done: u64,
        /// How much there is, where that is known.
        total: Option<u64>,
        /// What is counted: `files`, `commits`.
        unit: String,
        /// What was found out since the last tick, in short sentences.
        facts: Vec<String>,
    },
    /// A repository that somebody looks at has moved on, or may have: ask again how far.
    #[serde(rename = "repo.moved")]
    RepoMoved {
        /// Which.
        #[schema(value_type = String, format = "uuid")]
        repo: RepoId,
    },
}
