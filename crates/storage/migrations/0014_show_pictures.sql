-- The picture of a person. It is written anew when it comes in, so what is kept is small and only an image; `avatar` of the
-- person names it, and is all that most pages read.
ALTER TABLE identity_user ADD COLUMN avatar TEXT;

CREATE TABLE identity_avatar (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES identity_user (id),
    media_type TEXT NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png')),
    bytes BYTEA NOT NULL
);
