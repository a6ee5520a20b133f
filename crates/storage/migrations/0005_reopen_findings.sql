-- When a finding that was gone came back, and which analysis saw it; nothing where it was there since it was first seen.
ALTER TABLE repo_finding ADD COLUMN opened_at BIGINT;
ALTER TABLE repo_finding ADD COLUMN opened_in TEXT;
