-- Whether a workspace decided to ask no model. Otherwise one without routes asks those of the server's configuration.
ALTER TABLE model_settings ADD COLUMN nobody BOOLEAN NOT NULL DEFAULT FALSE;

-- What people asked of the server's providers on a day (days since 1970, UTC), in all workspaces together.
CREATE TABLE model_house_spend (
    user_id TEXT NOT NULL,
    day BIGINT NOT NULL,
    tokens BIGINT NOT NULL,
    micros BIGINT NOT NULL,
    PRIMARY KEY (user_id, day)
);
CREATE INDEX model_house_spend_age ON model_house_spend (day);
