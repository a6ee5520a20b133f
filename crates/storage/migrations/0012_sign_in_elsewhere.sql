-- Signing in with an account of a provider: accounts there that are linked to people here, and sign-ins that are on their
-- way there and back. Of what a browser holds only the hash is kept.
CREATE TABLE identity_linked (
    provider TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (provider, subject)
);
CREATE UNIQUE INDEX identity_linked_user ON identity_linked (user_id, provider);

CREATE TABLE identity_journey (
    state_hash BYTEA NOT NULL PRIMARY KEY,
    browser_hash BYTEA NOT NULL,
    provider TEXT NOT NULL,
    session_id TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX identity_journey_age ON identity_journey (expires_at);

-- Sessions can begin with such an account. The words of a column cannot be changed on both engines, so another column takes
-- its place.
ALTER TABLE identity_session ADD COLUMN way TEXT NOT NULL DEFAULT 'link'
    CHECK (way IN ('link', 'password', 'sign_up', 'reset', 'device', 'provider'));
UPDATE identity_session SET way = means;
ALTER TABLE identity_session DROP COLUMN means;
ALTER TABLE identity_session RENAME COLUMN way TO means;

ALTER TABLE identity_pending ADD COLUMN way TEXT NOT NULL DEFAULT 'password'
    CHECK (way IN ('password', 'reset', 'provider'));
UPDATE identity_pending SET way = means;
ALTER TABLE identity_pending DROP COLUMN means;
ALTER TABLE identity_pending RENAME COLUMN way TO means;
