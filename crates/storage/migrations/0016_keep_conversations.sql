-- Conversations with the mentor. A thread is its author's alone until it is shared.
CREATE TABLE chat_thread (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    author_id TEXT NOT NULL,
    title TEXT NOT NULL,
    repo_id TEXT,
    pinned BOOLEAN NOT NULL,
    archived BOOLEAN NOT NULL,
    shared BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX chat_thread_author ON chat_thread (workspace_id, author_id, updated_at);
CREATE INDEX chat_thread_shared ON chat_thread (workspace_id, updated_at) WHERE shared;

-- What was said, in order. `detail` holds what else is known of a question or an answer, `sent` what a model was sent for it;
-- both are JSON. While an answer is written, `seen_at` says when that was last heard of; whoever reads it much later knows
-- that nobody writes any more.
CREATE TABLE chat_message (
    id TEXT NOT NULL PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    thread_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    speaker TEXT NOT NULL CHECK (speaker IN ('person', 'mentor')),
    question_id TEXT,
    body TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('answer', 'guide', 'review')),
    state TEXT NOT NULL CHECK (state IN ('answering', 'done', 'partial', 'stopped', 'failed')),
    detail TEXT NOT NULL,
    sent TEXT,
    rating TEXT CHECK (rating IN ('up', 'down')),
    reasons TEXT NOT NULL,
    replaced BOOLEAN NOT NULL,
    seen_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX chat_message_place ON chat_message (thread_id, number);
CREATE UNIQUE INDEX chat_message_answering ON chat_message (thread_id) WHERE state = 'answering';
CREATE INDEX chat_message_workspace ON chat_message (workspace_id);
