-- The first schema. One text for SQLite and PostgreSQL:
-- ids are UUIDs as text, made by the program; instants are microseconds since 1970 UTC; JSON is opaque text;
-- a word from a closed set has a CHECK; nothing is computed by the engine. References stay inside one owner.

-- identity: people, workspaces, sessions ------------------------------------------------------------------

CREATE TABLE identity_user (
    id TEXT NOT NULL PRIMARY KEY,
    handle TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE identity_workspace (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE identity_member (
    workspace_id TEXT NOT NULL REFERENCES identity_workspace (id),
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    role TEXT NOT NULL CHECK (role IN ('viewer', 'member', 'admin', 'owner')),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX identity_member_user ON identity_member (user_id, workspace_id);

-- Of tokens only the hash is kept.
CREATE TABLE identity_session (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    token_hash BYTEA NOT NULL UNIQUE,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX identity_session_user ON identity_session (user_id, created_at);

CREATE TABLE identity_link (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX identity_link_user ON identity_link (user_id, expires_at);

-- events: the outbox ------------------------------------------------------------------------------------

-- The identity of this log. Positions of another epoch mean nothing here.
CREATE TABLE event_epoch (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    epoch TEXT NOT NULL
);

-- The last position given on each channel. The row's lock orders the commits of a channel.
CREATE TABLE event_channel (
    channel TEXT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE event_outbox (
    channel TEXT NOT NULL,
    seq BIGINT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (channel, seq)
);
CREATE INDEX event_outbox_age ON event_outbox (created_at);

-- jobs --------------------------------------------------------------------------------------------------

CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'dead', 'cancelled')),
    priority BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    max_attempts BIGINT NOT NULL,
    timeout_us BIGINT NOT NULL,
    dedupe TEXT,
    worker TEXT,
    lease_until BIGINT,
    cancel BOOLEAN NOT NULL,
    progress TEXT,
    error_kind TEXT CHECK (error_kind IN ('retry', 'fail', 'panic', 'timeout', 'lost')),
    error TEXT,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT
);
CREATE INDEX job_ready ON job (priority DESC, run_at, id) WHERE state = 'ready';
CREATE INDEX job_running ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL;
CREATE UNIQUE INDEX job_dedupe ON job (kind, dedupe) WHERE dedupe IS NOT NULL AND state IN ('ready', 'running');

CREATE TABLE job_schedule (
    name TEXT NOT NULL PRIMARY KEY,
    next_at BIGINT NOT NULL
);

-- repos: repositories, analyses, findings, insights, advisories -----------------------------------------

CREATE TABLE repo_repository (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    source_kind TEXT NOT NULL CHECK (source_kind IN ('local', 'git')),
    source TEXT NOT NULL,
    branch TEXT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    removed_at BIGINT,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX repo_repository_slug ON repo_repository (workspace_id, slug) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX repo_repository_source ON repo_repository (workspace_id, source, COALESCE(branch, ''))
    WHERE removed_at IS NULL;

CREATE TABLE repo_analysis (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    repo_id TEXT NOT NULL REFERENCES repo_repository (id),
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    phase TEXT,
    percent BIGINT NOT NULL,
    progress TEXT,
    cache_key TEXT,
    commit_id TEXT,
    analyzer TEXT,
    error_code TEXT,
    error_detail TEXT,
    requested_by TEXT NOT NULL,
    job_id TEXT,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    summary TEXT
);
CREATE INDEX repo_analysis_repo ON repo_analysis (workspace_id, repo_id, created_at, id);
CREATE INDEX repo_analysis_cache ON repo_analysis (workspace_id, cache_key) WHERE state = 'done';
-- A repository has one analysis under way at most: whoever asks for another one joins it.
CREATE UNIQUE INDEX repo_analysis_active ON repo_analysis (repo_id) WHERE state IN ('queued', 'running');

CREATE TABLE repo_report (
    analysis_id TEXT NOT NULL PRIMARY KEY REFERENCES repo_analysis (id),
    encoding TEXT NOT NULL CHECK (encoding IN ('json', 'json+zstd')),
    body BYTEA NOT NULL
);

CREATE TABLE repo_finding (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    repo_id TEXT NOT NULL REFERENCES repo_repository (id),
    fingerprint TEXT NOT NULL,
    rule TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('advisory', 'secret', 'security', 'smell')),
    severity TEXT NOT NULL CHECK (severity IN ('info', 'low', 'medium', 'high', 'critical')),
    path TEXT NOT NULL,
    line BIGINT NOT NULL,
    message TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'gone')),
    first_analysis TEXT NOT NULL,
    last_analysis TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    UNIQUE (repo_id, fingerprint)
);
CREATE INDEX repo_finding_list ON repo_finding (workspace_id, repo_id, state, severity, path, line, id);

CREATE TABLE repo_insight (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    repo_id TEXT NOT NULL REFERENCES repo_repository (id),
    fingerprint TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('info', 'low', 'medium', 'high', 'critical')),
    rank BIGINT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'dismissed')),
    check_result TEXT,
    task_id TEXT,
    first_analysis TEXT NOT NULL,
    last_analysis TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT,
    version BIGINT NOT NULL,
    UNIQUE (repo_id, fingerprint)
);
CREATE INDEX repo_insight_list ON repo_insight (workspace_id, repo_id, state, rank, id);

-- Advisories are public knowledge: the only rows of this owner that belong to no workspace.
CREATE TABLE repo_advisory (
    ecosystem TEXT NOT NULL,
    package TEXT NOT NULL,
    id TEXT NOT NULL,
    modified BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (ecosystem, package, id)
);

CREATE TABLE repo_advisory_source (
    ecosystem TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    as_of BIGINT NOT NULL,
    imported_at BIGINT NOT NULL,
    records BIGINT NOT NULL
);

CREATE TABLE repo_setting (
    workspace_id TEXT NOT NULL PRIMARY KEY,
    advisory_mode TEXT NOT NULL CHECK (advisory_mode IN ('undecided', 'online', 'mirror', 'none')),
    version BIGINT NOT NULL
);

-- projects: tasks ---------------------------------------------------------------------------------------

CREATE TABLE task_project (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    next_number BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (workspace_id, key)
);

CREATE TABLE task_task (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    project_id TEXT NOT NULL REFERENCES task_project (id),
    number BIGINT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('todo', 'in_progress', 'review', 'done')),
    priority TEXT NOT NULL CHECK (priority IN ('none', 'low', 'medium', 'high', 'urgent')),
    origin TEXT,
    assignee TEXT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL,
    UNIQUE (project_id, number)
);
CREATE INDEX task_task_list ON task_task (workspace_id, project_id, number) WHERE deleted_at IS NULL;

-- server ------------------------------------------------------------------------------------------------

-- The answers given to requests with an Idempotency-Key. While the first request runs, it has no answer yet.
CREATE TABLE http_idempotency (
    workspace_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    key TEXT NOT NULL,
    route TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    status BIGINT,
    body BYTEA,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, user_id, key)
);
CREATE INDEX http_idempotency_age ON http_idempotency (created_at);
