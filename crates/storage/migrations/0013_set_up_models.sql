-- Which language models workspaces ask, and what that came to. Keys are sealed; the key that they are sealed under stands
-- beside them, so that a change of keys finds what is left to do.
CREATE TABLE model_provider (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('anthropic', 'openai', 'ollama')),
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    api_key BYTEA,
    sealed_key TEXT,
    enabled BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('untested', 'working', 'key_refused', 'unreachable')),
    detail TEXT,
    checked_at BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX model_provider_name ON model_provider (workspace_id, name);
CREATE INDEX model_provider_key ON model_provider (sealed_key, id) WHERE sealed_key IS NOT NULL;

-- Whom a workspace asks, in order, and what may be spent in a day: by all together, and by each person.
CREATE TABLE model_settings (
    workspace_id TEXT NOT NULL PRIMARY KEY,
    routes TEXT NOT NULL,
    workspace_tokens BIGINT,
    workspace_micros BIGINT,
    person_tokens BIGINT,
    person_micros BIGINT,
    version BIGINT NOT NULL
);

-- What each account spent on a day (days since 1970, UTC).
CREATE TABLE model_spend (
    workspace_id TEXT NOT NULL,
    account TEXT NOT NULL,
    day BIGINT NOT NULL,
    questions BIGINT NOT NULL,
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    micros BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, account, day)
);
CREATE INDEX model_spend_age ON model_spend (day);
