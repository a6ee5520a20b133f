-- What lists of findings are narrowed and ordered by, so that a page is read without the rest. Languages and owners (by
-- their place among the people of the newest report) of findings of older analyses are unknown until the next one.
ALTER TABLE repo_finding ADD COLUMN rank BIGINT NOT NULL DEFAULT 4;
ALTER TABLE repo_finding ADD COLUMN folder TEXT NOT NULL DEFAULT '';
ALTER TABLE repo_finding ADD COLUMN language TEXT;
ALTER TABLE repo_finding ADD COLUMN owner BIGINT;
-- The folder of the root: what is left of a path when everything from its first slash on is taken away.
UPDATE repo_finding SET
    rank = CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END,
    folder = CASE WHEN replace(path, '/', '') = path THEN ''
        ELSE substr(path, 1, length(path) - length(ltrim(path, replace(path, '/', '')))) END;
CREATE INDEX repo_finding_order ON repo_finding (workspace_id, repo_id, state, in_test, rank, place, fingerprint);
