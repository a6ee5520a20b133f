-- Whether a finding stands in tests or examples, so that lists can show what is shipped first. Findings of older
-- analyses count as shipped until the next one.
ALTER TABLE repo_finding ADD COLUMN in_test BOOLEAN NOT NULL DEFAULT FALSE;
DROP INDEX repo_finding_list;
CREATE INDEX repo_finding_list ON repo_finding (workspace_id, repo_id, state, in_test, severity, path, line, id);
