-- Whether the history of a repository is searched for credentials, and whether pages name people. What was there before
-- was neither searched nor hidden.
ALTER TABLE repo_repository ADD COLUMN secrets_in_history BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE repo_setting ADD COLUMN name_people BOOLEAN NOT NULL DEFAULT TRUE;
