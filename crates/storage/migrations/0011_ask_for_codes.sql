-- A second factor beside the password: the key that an app and this server share (sealed; the key it is sealed under stands
-- beside it), codes for the day the app is lost, browsers that ask for no code, and sign-ins that wait for one. Of codes and
-- tokens only the hash is kept.
CREATE TABLE identity_factor (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES identity_user (id),
    secret BYTEA NOT NULL,
    sealed_key TEXT NOT NULL,
    used_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT
);
CREATE INDEX identity_factor_key ON identity_factor (sealed_key, user_id);

CREATE TABLE identity_recovery (
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    code_hash BYTEA NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE identity_browser (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX identity_browser_user ON identity_browser (user_id);
CREATE INDEX identity_browser_age ON identity_browser (expires_at);

CREATE TABLE identity_pending (
    ticket_hash BYTEA NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    means TEXT NOT NULL CHECK (means IN ('password', 'reset')),
    tries BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX identity_pending_user ON identity_pending (user_id);
CREATE INDEX identity_pending_age ON identity_pending (expires_at);
