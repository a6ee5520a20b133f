-- Only the issuer and its name for somebody say who it is: the operator may write another address under the same name, and
-- subjects are small numbers in many places. A link that was made without its issuer leads nowhere, so none is kept: whoever
-- had one links the account again.
DROP TABLE identity_linked;
CREATE TABLE identity_linked (
    provider TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES identity_user (id),
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (provider, issuer, subject)
);
CREATE UNIQUE INDEX identity_linked_user ON identity_linked (user_id, provider);
