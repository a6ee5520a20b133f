-- People in workspaces: invitations, requests for another role, tokens of programs, and sign-in by a code. Of tokens and
-- codes only the hash is kept.

-- Sessions can begin with a code that was approved elsewhere. The words of a column cannot be changed on both engines,
-- so another column takes its place.
ALTER TABLE identity_session ADD COLUMN way TEXT NOT NULL DEFAULT 'link'
    CHECK (way IN ('link', 'password', 'sign_up', 'reset', 'device'));
UPDATE identity_session SET way = means;
ALTER TABLE identity_session DROP COLUMN means;
ALTER TABLE identity_session RENAME COLUMN way TO means;

-- One that waits for its person, or how it ended. An address has one at a time in a workspace.
CREATE TABLE identity_invite (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES identity_workspace (id),
    email TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'member', 'admin', 'owner')),
    token_hash BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL REFERENCES identity_user (id),
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_how TEXT CHECK (ended_how IN ('accepted', 'revoked'))
);
CREATE UNIQUE INDEX identity_invite_open ON identity_invite (workspace_id, email) WHERE ended_at IS NULL;
CREATE INDEX identity_invite_age ON identity_invite (expires_at);

-- Somebody in a workspace asks for a role that permits more. What it is for is told by the name of a permission.
CREATE TABLE identity_request (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES identity_workspace (id),
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    permission TEXT NOT NULL,
    note TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT REFERENCES identity_user (id),
    granted BOOLEAN
);
CREATE UNIQUE INDEX identity_request_open ON identity_request (workspace_id, user_id) WHERE decided_at IS NULL;

-- A token acts for its person in one workspace, within its scopes: names of permissions, each once, by a space.
CREATE TABLE identity_token (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    workspace_id TEXT NOT NULL REFERENCES identity_workspace (id),
    name TEXT NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    used_from TEXT,
    revoked_at BIGINT
);
CREATE INDEX identity_token_user ON identity_token (user_id, created_at, id);

-- A program that waits to be signed in, until somebody who is approves its code (RFC 8628).
CREATE TABLE identity_device (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    code_hash BYTEA NOT NULL UNIQUE,
    client TEXT NOT NULL,
    place TEXT,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    pause BIGINT NOT NULL,
    polled_at BIGINT,
    user_id TEXT REFERENCES identity_user (id),
    allowed BOOLEAN,
    decided_at BIGINT,
    used_at BIGINT
);
CREATE INDEX identity_device_age ON identity_device (expires_at);
