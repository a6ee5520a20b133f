//! The words of the HTTP interface: what travels as JSON, with its schema.
//!
//! This crate deliberately knows no database, no domain rule and no HTTP server: `server` turns domain values
//! into these types with plain functions, and clients are generated from the schemas. A change here is a change
//! of the public contract.
//!
//! Rules that hold for every type: members are `snake_case`; instants are RFC 3339 in UTC; a member of an answer
//! is always present and `null` when there is nothing to say (so that "not measured" and "zero" never look
//! alike); in a request what is optional may be left out, and unknown members are refused. Objects say with
//! `can` what the caller may do, and carry `version` where two people may edit them.
//!
//! Reading order: [`meta`] (freshness and paging, around every read), [`problem`] (every failure), [`auth`]
//! (getting in), [`session`], [`account`] (one's own),
//! [`instance`] (this server), [`host`], [`repo`], [`run`] (one analysis), then what it found: [`overview`], [`finding`],
//! [`past`], [`dependency`], [`graph`], [`hotspot`], [`ownership`], [`suppressed`], [`suppression`], [`insight`], [`explain`], [`compare`], [`source`],
//! [`search`];
//! then [`task`], [`people`], [`token`], [`memory`], [`model`], [`chat`], [`advisory`], [`settings`], [`live`] and [`event`];
//! and [`operation`] (running the server).

pub mod account;
pub mod advisory;
pub mod auth;
pub mod chat;
pub mod compare;
pub mod dependency;
pub mod event;
pub mod explain;
pub mod finding;
pub mod graph;
pub mod host;
pub mod hotspot;
pub mod insight;
pub mod instance;
pub mod live;
pub mod memory;
pub mod meta;
pub mod model;
pub mod operation;
pub mod overview;
pub mod ownership;
pub mod past;
pub mod people;
pub mod problem;
pub mod provider;
pub mod repo;
pub mod run;
pub mod search;
pub mod second_factor;
pub mod session;
pub mod settings;
pub mod source;
pub mod suppressed;
pub mod suppression;
pub mod task;
pub mod time;
pub mod token;

pub use account::{
    AccountSession, ChangePassword, DeleteMe, HeldMail, Me, MeCan, MyAct, MyData, MyWorkspace, Outbox,
    SignInMeans, UpdateMe,
};
pub use advisory::{
    AdvisoryEcosystem, AdvisoryMode, AdvisoryStatus, AdvisoryStatusCan, ImportAdvisories, SetAdvisoryMode,
};
pub use auth::{
    AuthMethods, CheckReset, EmailVerified, ForgotPassword, PasswordForgotten, RefreshSession, ResetPassword,
    ResetPreview, SetUp, SetupState, SignIn, SignOut, SignOutWhich, SignUp, SignUpAsked, SignUpMode,
    SignedOut, VerifyEmail,
};
pub use chat::{
    AskMentor, ChatAdded, ChatAnswer, ChatAttachment, ChatCitation, ChatDestination, ChatEvent, ChatMessage,
    ChatMissed, ChatMode, ChatNoWriter, ChatPlace, ChatPreview, ChatPrompt, ChatRating, ChatRemoved,
    ChatSent, ChatSource, ChatSourceKind, ChatSpeaker, ChatState, ChatStepState, ChatThread, ChatThreadCan,
    ChatThreadDetail, ChatTurn, ChatWriter, NewChatThread, PreviewChat, RateChatMessage, UpdateChatThread,
};
pub use compare::{Compare, ComparedDependency, ComparedFinding, ComparedFindings, ComparedPart, Comparison};
pub use dependency::{AdvisoryHit, Dependencies, Dependency, DependencyScope, PackageRole};
pub use event::{Closed, Event, MemoryFacts, TaskFacts, Tick};
pub use explain::{Explain, ExplainInput};
pub use finding::{
    Baseline, Confidence, Facet, Finding, FindingCounts, FindingKind, FindingState, Findings, FindingsCan,
    JudgeFinding, PackageHit, RuleInfo, RuleVerdicts, SetBaseline, Severity, SuppressedBy,
};
pub use graph::{
    Diagram, DiagramEdge, DiagramLevel, DiagramNode, EntryKind, Graph, GraphEdge, GraphEntry, GraphModule,
};
pub use host::{
    ConnectHost, Host, HostCan, HostKind, HostRepository, HostRepositoryState, HostState, ImportRepositories,
    ImportRepository, ImportedRepositories, ImportedRepository, OfferedRepositories, OfferedRepository,
    ReconnectHost, RepositoryVisibility,
};
pub use hotspot::{ChangedFunction, CommitRef, Correction, Coupling, Duplicate, Hotspot, Hotspots};
pub use insight::{
    Check, CheckResult, DismissInsight, Effort, Evidence, Insight, InsightCan, InsightState, Insights,
    Origin, TaskRef,
};
pub use instance::{LocalPaths, ServerInfo, WhatItListensOn};
pub use memory::{
    Memories, Memory, MemoryCan, MemoryEvidence, MemoryEvidenceKind, MemoryKind, MemoryOrigin, MemoryScope,
    MemoryState, MemoryTrust, NewMemory, Recall, RecallReasons, Recalled, RecalledMemory, RelateMemory,
    SupersedeMemory, UpdateMemory,
};
pub use meta::{Answer, Freshness, Listing, Meta};
pub use model::{
    AddModelProvider, ModelAccount, ModelAccountKind, ModelBudget, ModelCheck, ModelDay, ModelLimit,
    ModelProvider, ModelProviderKind, ModelProviderState, ModelRoute, ModelSettings, ModelSettingsCan,
    ModelSpend, ModelUse, OfferedModel, SetModels, UpdateModelProvider,
};
pub use operation::{
    CacheFamily, Caches, ClearCaches, ComponentState, DependencyCondition, DependencyStatus, DiscardJob, Job,
    JobCan, JobFailure, JobFailureKind, JobQueue, JobQueues, JobSchedule, JobSituation, RateLimitRule,
    RateLimits, RetriedJobs, RetryJob, SystemComponent, SystemHealth,
};
pub use overview::{
    AdvisoryCheck, AdvisoryState, Commit, Counts, Coverage, GradePart, GradeStep, History, Language,
    LineCount, Manifest, Note, Overview, Quality, SeverityCounts, Skipped, StepInsight, Technology, WayToA,
};
pub use ownership::{Contributor, Ownership, OwnershipShare};
pub use past::{PastSecret, PastSecrets};
pub use people::{
    AccessRequest, AnswerRequest, AuditEntry, CreateWorkspace, DeleteWorkspace, Invitation, Invite,
    InviteLink, InviteSent, Member, MemberCan, OwnWorkspace, Permission, PermissionInfo, RenameWorkspace,
    RequestAccess, SendInvite, SetRole, WorkspaceDetails, WorkspaceHolds,
};
pub use problem::{FieldError, Grantor, Problem};
pub use provider::{
    AuthProvider, AuthProviderKind, BeginProvider, FinishProvider, LinkedAccount, ProviderAddress,
    ProviderFinished, UnlinkAccount,
};
pub use repo::{
    Behind, BehindState, ConnectRepo, LocalPath, LocalPathList, Probe, ProbeSource, Repo, RepoCan, RepoRef,
    RepoSource, SourceKind, UpdateRepo,
};
pub use run::{
    Analysis, AnalysisCan, AnalysisDetail, AnalysisState, Failure, Phase, PhaseState, PhaseStatus, Summary,
};
pub use search::{CodeFound, CodePassage, CodeSymbol};
pub use second_factor::{
    CodeNeeded, ConfirmSecondFactor, OfferSecondFactor, ProveSecondFactor, RecoveryCodes, SecondFactor,
    SecondFactorOffer, SecondStep,
};
pub use session::{Person, RedeemLink, Role, Session, SessionAs, SessionCan, Workspace};
pub use settings::{SetWorkspaceSettings, WorkspaceSettings, WorkspaceSettingsCan};
pub use source::{
    Blame, BlameCommit, BlameRun, ChangedFile, ChangedFileFate, CommitChanges, SourceDefinition,
    SourceDefinitionKind, SourceEntry, SourceEntryKind, SourceFolder, SourceForm, SourceLine, SourceLines,
    Span,
};
pub use suppressed::{Gate, Suppressed};
pub use suppression::{
    NewSuppression, Suppression, SuppressionKind, SuppressionPreview, SuppressionScope, SuppressionTarget,
    Suppressions,
};
pub use task::{CreateTask, Task, TaskCan, TaskOrigin, TaskPriority, TaskStatus, UpdateTask};
pub use time::Time;
pub use token::{
    ApiToken, BeginDevice, CheckDevice, CreateToken, DecideDevice, DeviceCode, DeviceRequest, PollDevice,
    TokenCreated,
};
