-- Accounts on code hosts, and which repositories came through them. Tokens and the secrets of hooks are sealed; the key
-- that they are sealed under stands beside them, so that a change of keys finds what is left to do.
CREATE TABLE repo_host (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('github', 'gitlab', 'gitea')),
    address TEXT NOT NULL,
    login TEXT NOT NULL,
    name TEXT,
    avatar TEXT,
    scopes TEXT,
    token BYTEA NOT NULL,
    hook_secret BYTEA NOT NULL,
    sealed_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('working', 'token_refused', 'forbidden', 'unreachable')),
    detail TEXT,
    checked_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    left_at BIGINT,
    version BIGINT NOT NULL
);
-- The same account again is the same connection. One that was left stays until its hooks are taken away at the host.
CREATE UNIQUE INDEX repo_host_account ON repo_host (workspace_id, kind, address, login) WHERE left_at IS NULL;
CREATE INDEX repo_host_key ON repo_host (sealed_key, id);

-- What a connected repository is on its host.
CREATE TABLE repo_remote (
    repo_id TEXT NOT NULL PRIMARY KEY REFERENCES repo_repository (id),
    workspace_id TEXT NOT NULL,
    host_id TEXT NOT NULL REFERENCES repo_host (id),
    path TEXT NOT NULL,
    remote_id TEXT,
    default_branch TEXT,
    hook_id TEXT,
    hook_detail TEXT,
    state TEXT NOT NULL CHECK (state IN ('there', 'renamed', 'gone', 'hidden')),
    state_at BIGINT NOT NULL
);
CREATE INDEX repo_remote_host ON repo_remote (host_id, remote_id, repo_id);

-- Deliveries of hooks that were taken in, so that one that is sent twice counts once.
CREATE TABLE repo_delivery (
    host_id TEXT NOT NULL REFERENCES repo_host (id),
    delivery TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (host_id, delivery)
);
CREATE INDEX repo_delivery_age ON repo_delivery (received_at);
