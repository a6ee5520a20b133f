-- What teams learn. A memory's vector stands beside its text, so that the search index can be built again from here; the
-- number of its last change says what an index has not seen yet.
CREATE TABLE memory_memory (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    owner_id TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('note', 'decision', 'error_fix', 'discussion', 'bookmark', 'pattern')),
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    tags TEXT NOT NULL,
    evidence TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'needs_review', 'superseded', 'archived', 'expired')),
    trust TEXT NOT NULL CHECK (trust IN ('low', 'normal', 'high')),
    origin TEXT NOT NULL CHECK (origin IN ('person', 'repository', 'model', 'import')),
    superseded_by TEXT,
    used BIGINT NOT NULL,
    confirmed_at BIGINT,
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    change BIGINT NOT NULL,
    model TEXT NOT NULL,
    vector BYTEA NOT NULL
);
CREATE INDEX memory_memory_list ON memory_memory (workspace_id, id);
CREATE INDEX memory_memory_change ON memory_memory (change, id);
CREATE INDEX memory_memory_expiry ON memory_memory (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE memory_tag (
    memory_id TEXT NOT NULL REFERENCES memory_memory (id),
    workspace_id TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (memory_id, tag)
);
CREATE INDEX memory_tag_name ON memory_tag (workspace_id, tag);

CREATE TABLE memory_link (
    workspace_id TEXT NOT NULL,
    from_id TEXT NOT NULL REFERENCES memory_memory (id),
    to_id TEXT NOT NULL REFERENCES memory_memory (id),
    kind TEXT NOT NULL CHECK (kind IN ('related', 'caused_by', 'supersedes', 'follows')),
    PRIMARY KEY (from_id, to_id, kind)
);
CREATE INDEX memory_link_back ON memory_link (to_id);

-- That there was one, and nothing of what it said: so that every index takes it out.
CREATE TABLE memory_forgotten (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    change BIGINT NOT NULL
);
CREATE INDEX memory_forgotten_change ON memory_forgotten (change, id);

-- The number of the last change, in the order of commits, in one life of the database.
CREATE TABLE memory_counter (
    name TEXT NOT NULL PRIMARY KEY,
    epoch TEXT NOT NULL,
    last BIGINT NOT NULL
);
