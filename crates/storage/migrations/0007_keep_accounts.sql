-- Accounts with a password, sessions whose tokens rotate, mail, and what was done. An address is that of a person only
-- once they have shown that they read its mail. A deleted person is a row without a name: what they made stays theirs.
ALTER TABLE identity_user ADD COLUMN email TEXT;
ALTER TABLE identity_user ADD COLUMN password TEXT;
ALTER TABLE identity_user ADD COLUMN password_at BIGINT;
ALTER TABLE identity_user ADD COLUMN operator BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE identity_user ADD COLUMN disabled_at BIGINT;
ALTER TABLE identity_user ADD COLUMN deleted_at BIGINT;
CREATE UNIQUE INDEX identity_user_email ON identity_user (email) WHERE email IS NOT NULL;
-- Until now a server had one owner, who also ran it.
UPDATE identity_user SET operator = TRUE WHERE id IN (SELECT user_id FROM identity_member WHERE role = 'owner');

-- Sessions of before had one token for a month. They cannot become what sessions are now; whoever had one signs in again.
DROP TABLE identity_session;
CREATE TABLE identity_session (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    means TEXT NOT NULL CHECK (means IN ('link', 'password', 'sign_up', 'reset')),
    user_agent TEXT NOT NULL,
    place TEXT,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_why TEXT CHECK (ended_why IN ('signed_out', 'revoked', 'replayed', 'password_changed', 'disabled', 'deleted'))
);
CREATE INDEX identity_session_user ON identity_session (user_id, created_at, id);

-- The refresh tokens of a session, each good for one use. Of tokens only the hash is kept; the one that follows is kept
-- under a key that only the one before it opens, so that an answer that got lost can be given again.
CREATE TABLE identity_refresh (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES identity_session (id),
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    successor BYTEA
);
CREATE INDEX identity_refresh_session ON identity_refresh (session_id);

-- The public halves of the keys that sign access tokens. The private ones never leave the node that made them.
CREATE TABLE identity_key (
    kid TEXT NOT NULL PRIMARY KEY,
    public BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Accounts that somebody asked for, until the address is shown to be theirs.
CREATE TABLE identity_sign_up (
    ticket_hash BYTEA NOT NULL PRIMARY KEY,
    link_hash BYTEA NOT NULL UNIQUE,
    code_hash BYTEA NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    password TEXT NOT NULL,
    known BOOLEAN NOT NULL,
    tries BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX identity_sign_up_age ON identity_sign_up (expires_at);

-- Passwords that somebody wants to set anew. One for an unknown address belongs to nobody and does nothing.
CREATE TABLE identity_reset (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    user_id TEXT REFERENCES identity_user (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX identity_reset_user ON identity_reset (user_id);
CREATE INDEX identity_reset_age ON identity_reset (expires_at);

-- Mail. What was handed over keeps no text; without a mail server it is held for the operator to read.
CREATE TABLE identity_mail (
    id TEXT NOT NULL PRIMARY KEY,
    recipient TEXT,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'held', 'failed')),
    error TEXT,
    created_at BIGINT NOT NULL,
    done_at BIGINT
);
CREATE INDEX identity_mail_list ON identity_mail (state, created_at, id);

-- Who did what, where from, and whether it was allowed. Rows are only ever added.
CREATE TABLE identity_audit (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    workspace_id TEXT,
    actor TEXT,
    action TEXT NOT NULL,
    object TEXT,
    result TEXT NOT NULL CHECK (result IN ('done', 'refused')),
    place TEXT,
    user_agent TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX identity_audit_list ON identity_audit (at, id);
CREATE INDEX identity_audit_actor ON identity_audit (actor, at, id);
CREATE INDEX identity_audit_workspace ON identity_audit (workspace_id, at, id);
