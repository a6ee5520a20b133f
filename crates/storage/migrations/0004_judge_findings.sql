-- What people decide about findings, and the order in which they are read. A finding that nobody suppressed has an end
-- of suppression that is long over.
ALTER TABLE repo_finding ADD COLUMN place BIGINT NOT NULL DEFAULT 0;
ALTER TABLE repo_finding ADD COLUMN suppressed_by TEXT;
ALTER TABLE repo_finding ADD COLUMN suppressed_until BIGINT NOT NULL DEFAULT 0;
DROP INDEX repo_finding_list;
CREATE INDEX repo_finding_list ON repo_finding (workspace_id, repo_id, state, in_test, severity, suppressed_until);
CREATE INDEX repo_finding_suppressed ON repo_finding (suppressed_by) WHERE suppressed_by IS NOT NULL;

CREATE TABLE repo_suppression (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    repo_id TEXT NOT NULL REFERENCES repo_repository (id),
    kind TEXT NOT NULL CHECK (kind IN
        ('false_positive', 'accepted_risk', 'test_code', 'generated_code', 'tracked', 'wont_fix')),
    reason TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('findings', 'file', 'folder', 'rule')),
    rule TEXT,
    path TEXT,
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT,
    version BIGINT NOT NULL
);
CREATE INDEX repo_suppression_list ON repo_suppression (workspace_id, repo_id, created_at, id) WHERE ended_at IS NULL;

-- The findings that a suppression of single findings is about.
CREATE TABLE repo_suppressed (
    suppression_id TEXT NOT NULL REFERENCES repo_suppression (id),
    finding_id TEXT NOT NULL,
    PRIMARY KEY (suppression_id, finding_id)
);

-- Since when a repository's findings count as new; what was there before is hidden from the list.
CREATE TABLE repo_baseline (
    repo_id TEXT NOT NULL PRIMARY KEY REFERENCES repo_repository (id),
    workspace_id TEXT NOT NULL,
    analysis_id TEXT,
    before BIGINT,
    set_by TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

-- Whether somebody found a finding useful: how often its rule is right is told from this.
CREATE TABLE repo_verdict (
    finding_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    workspace_id TEXT NOT NULL,
    repo_id TEXT NOT NULL REFERENCES repo_repository (id),
    rule TEXT NOT NULL,
    useful BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (finding_id, user_id)
);
CREATE INDEX repo_verdict_rule ON repo_verdict (workspace_id, rule);
