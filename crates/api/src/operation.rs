//! Running the server: what its operator sees and does.

use base::id::{JobId, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Time;

/// The background work there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobQueues {
    /// What waits, runs or was given up, by kind.
    pub queues: Vec<JobQueue>,
    /// What is enqueued again and again, by name.
    pub schedules: Vec<JobSchedule>,
}

/// The jobs of one kind that need attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobQueue {
    /// What handles them: `repo.analyze`, `mail.send`, ...
    pub kind: String,
    /// How many may run and wait for a runner.
    pub waiting: u64,
    /// How many wait for their time.
    pub scheduled: u64,
    /// How many a runner has.
    pub running: u64,
    /// How many were given up.
    pub dead: u64,
    /// Since when the one that waits longest could run; `null` when none waits.
    pub waiting_since: Option<Time>,
}

/// Something that is enqueued again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobSchedule {
    /// Its name.
    pub name: String,
    /// When it is due.
    pub next_at: Time,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobSituation {
    /// A runner has it.
    Running,
    /// It may run, and waits for a runner.
    Waiting,
    /// It waits for its time: a later one that was asked for, or the pause before another try.
    Scheduled,
    /// It was given up.
    Dead,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    /// Identifies it.
    #[schema(value_type = String, format = "uuid")]
    pub id: JobId,
    /// What handles it.
    pub kind: String,
    /// The workspace it works for, where it works for one.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub workspace: Option<WorkspaceId>,
    /// Where it stands.
    pub situation: JobSituation,
    /// The ids it is about, as JSON text.
    pub payload: String,
    /// Higher runs first.
    pub priority: i32,
    /// Tries so far.
    pub attempt: u32,
    /// Tries at most.
    pub max_attempts: u32,
    /// Not before that time.
    pub run_at: Time,
    /// When it was enqueued.
    pub created_at: Time,
    /// When the last try began.
    pub started_at: Option<Time>,
    /// When it was given up.
    pub finished_at: Option<Time>,
    /// How far it is, as JSON text in the words of its handler.
    pub progress: Option<String>,
    /// Whether it was asked to stop.
    pub stopping: bool,
    /// How the last try failed, where one did.
    pub failure: Option<JobFailure>,
    /// How many dead letters of its kind failed for the same reason, itself among them; 0 while it is none.
    pub alike: u64,
    /// What may be done.
    pub can: JobCan,
}

/// How a try failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobFailure {
    /// In which way.
    pub kind: JobFailureKind,
    /// Why, in words for an operator.
    pub detail: String,
}

/// In which way a try failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobFailureKind {
    /// It asked for another try.
    Retry,
    /// It said that trying again is no use.
    Fail,
    /// It ended in the middle, by a mistake of the program.
    Panic,
    /// It took too long.
    Timeout,
    /// Its process was not heard of any more.
    Lost,
}

/// What may be done with a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobCan {
    /// Stop it.
    pub cancel: bool,
    /// Try it again.
    pub retry: bool,
    /// Put it away.
    pub discard: bool,
}

/// Gives a dead letter all its tries again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryJob {
    /// Also those of its kind that failed for the same reason.
    #[serde(default)]
    pub alike: bool,
}

/// What was tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RetriedJobs {
    /// How many; at most 1,000 at a time.
    pub retried: u64,
}

/// Puts a dead letter away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscardJob {
    /// Why, for the audit log: 1 to 500 characters.
    pub note: String,
}

/// What is kept for a while, because it took work to make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Caches {
    /// Values that this process holds.
    pub values: u64,
    /// Their size, in bytes.
    pub bytes: u64,
    /// The most it may be.
    pub limit: u64,
    /// Whether Redis keeps them too, for all nodes.
    pub shared: bool,
    /// How they were used since this process began, by name.
    pub families: Vec<CacheFamily>,
}

/// Values of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CacheFamily {
    /// Its name.
    pub name: String,
    /// How long this process keeps one, in seconds.
    pub in_process_seconds: u64,
    /// How long Redis does.
    pub shared_seconds: u64,
    /// Found in this process.
    pub in_process: u64,
    /// Found in Redis.
    pub in_redis: u64,
    /// Found nowhere, and made.
    pub made: u64,
    /// The share that was found, 0 to 1; `null` before anybody asked.
    pub hit_rate: Option<f64>,
}

/// Forgets what is kept, on every node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClearCaches {
    /// Only this family; without it, all.
    #[serde(default)]
    pub family: Option<String>,
}

/// A service of somebody else that this server calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DependencyStatus {
    /// Its name.
    pub name: String,
    /// Whether calls reach it.
    pub condition: DependencyCondition,
    /// Since when.
    pub since: Time,
    /// When the next call is let through, while it rests.
    pub next_try: Option<Time>,
    /// Calls in the last while, since the condition changed.
    pub calls: u32,
    /// Those of them that failed.
    pub failures: u32,
    /// Repetitions that may be made at this moment.
    pub retries_left: u32,
    /// The last failure, in words.
    pub last_error: Option<String>,
    /// When that was.
    pub last_error_at: Option<Time>,
}

/// Whether calls reach a dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DependencyCondition {
    /// They do.
    Working,
    /// It failed too often and is left in peace.
    Resting,
    /// A few calls pass, to see whether it works again.
    Probing,
}

/// How often somebody may ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RateLimits {
    /// Whether requests are counted: by default only on a server that other machines can reach.
    pub applied: bool,
    /// Whether all nodes count together, through Redis.
    pub shared: bool,
    /// The rules, by name. Those of requests come in three widths: for a session or token, for a person, for an address.
    pub rules: Vec<RateLimitRule>,
}

/// So many times in so much time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RateLimitRule {
    /// Its name.
    pub name: String,
    /// How often; `null` for a rule that is only known here by its refusals.
    pub quota: Option<u32>,
    /// In how many seconds.
    pub window_seconds: Option<u64>,
    /// How often this process refused something because of it.
    pub refused: u64,
}

/// How the server is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemHealth {
    /// Whether it can do its work.
    pub ready: bool,
    /// The version that runs.
    pub version: String,
    /// Since when this process runs.
    pub started_at: Time,
    /// Its parts, in a fixed order.
    pub components: Vec<SystemComponent>,
}

/// A part of the server, or something it depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemComponent {
    /// Its name: `database`, `queue`, `cache`, `nodes`, or that of a dependency.
    pub name: String,
    /// How it is.
    pub state: ComponentState,
    /// What that means here, in one sentence.
    pub detail: String,
    /// Since when, where that is known.
    pub since: Option<Time>,
    /// The last failure, in words.
    pub last_error: Option<String>,
    /// When that was.
    pub last_error_at: Option<Time>,
}

/// How a part of the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComponentState {
    /// It works.
    Ok,
    /// It works, and somebody should look.
    Attention,
    /// It does not work; what needs it does without or waits.
    Failing,
    /// It is not configured, and not needed.
    Off,
}
