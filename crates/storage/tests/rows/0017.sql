INSERT INTO identity_user (id, handle, name, created_at, version, email, password, password_at, operator)
    VALUES ('u1', 'owner', 'Owner', 1, 1, 'owner@example.org', 'p', 1, TRUE);
INSERT INTO identity_workspace VALUES ('w1', 'home', 'Home', 1, 1);
INSERT INTO identity_member VALUES ('w1', 'u1', 'owner', 1);
INSERT INTO identity_session (id, user_id, means, user_agent, place, created_at, used_at, expires_at)
    VALUES ('s1', 'u1', 'link', '', '127.0.0.1', 1, 1, 2);
INSERT INTO identity_refresh (token_hash, session_id, created_at) VALUES ('x', 's1', 1);
INSERT INTO identity_key VALUES ('k1', 'x', 1, 2);
INSERT INTO identity_sign_up (ticket_hash, link_hash, code_hash, email, name, password, known, tries, created_at, expires_at)
    VALUES ('x', 'y', 'z', 'a@example.org', 'A', 'p', FALSE, 0, 1, 2);
INSERT INTO identity_reset (token_hash, user_id, created_at, expires_at) VALUES ('x', 'u1', 1, 2);
INSERT INTO identity_mail (id, recipient, subject, body, state, created_at) VALUES ('m1', 'a@example.org', 'S', 'B', 'waiting', 1);
INSERT INTO identity_audit (id, at, workspace_id, actor, action, result, user_agent, detail) VALUES ('d1', 1, 'w1', 'u1', 'session.started', 'done', '', '{}');
INSERT INTO identity_link (token_hash, user_id, created_at, expires_at) VALUES ('x', 'u1', 1, 2);
INSERT INTO event_epoch VALUES (1, 'e');
INSERT INTO event_channel VALUES ('workspace:w1', 1);
INSERT INTO event_outbox VALUES ('workspace:w1', 1, 'o1', 'task.created', '{}', 'u1', 1);
INSERT INTO job (id, workspace_id, kind, payload, state, priority, run_at, attempt, max_attempts, timeout_us, cancel, created_at)
    VALUES ('j1', 'w1', 'repo.analyze', '{}', 'ready', 0, 1, 0, 3, 1, FALSE, 1);
INSERT INTO job_schedule VALUES ('trim', 1);
INSERT INTO repo_repository (id, workspace_id, name, slug, source_kind, source, created_at, created_by, version, secrets_in_history)
    VALUES ('r1', 'w1', 'Repo', 'repo', 'local', 'repo', 1, 'u1', 1, TRUE);
INSERT INTO repo_analysis (id, workspace_id, repo_id, state, percent, requested_by, created_at)
    VALUES ('a1', 'w1', 'r1', 'queued', 0, 'u1', 1);
INSERT INTO repo_report VALUES ('a1', 'json', 'x');
INSERT INTO repo_finding VALUES ('f1', 'w1', 'r1', 'p', 'rule', 'smell', 'low', 'a.rs', 1, 'm', 'open', 'a1', 'a1', 1, 1, FALSE, 3, 'p1', 9, 2, 'a1', 3, '', 'Rust', 0);
INSERT INTO repo_insight (id, workspace_id, repo_id, fingerprint, kind, severity, rank, title, body, state, first_analysis, last_analysis, created_at, version)
    VALUES ('i1', 'w1', 'r1', 'p', 'kind', 'low', 1, 't', '{}', 'open', 'a1', 'a1', 1, 1);
INSERT INTO repo_advisory VALUES ('npm', 'left-pad', 'X-1', 1, '{}');
INSERT INTO repo_advisory_source VALUES ('npm', 'mirror', 1, 1, 1);
INSERT INTO repo_setting VALUES ('w1', 'undecided', 1, FALSE);
INSERT INTO task_project VALUES ('p1', 'w1', 'DM', 'Tasks', 2, 1, 1);
INSERT INTO task_task (id, workspace_id, project_id, number, title, description, status, priority, created_at, created_by, updated_at, version)
    VALUES ('t1', 'w1', 'p1', 1, 'T', '', 'todo', 'none', 1, 'u1', 1, 1);
INSERT INTO http_idempotency (workspace_id, user_id, key, route, request_hash, created_at) VALUES ('w1', 'u1', 'k', 'r', 'x', 1);
INSERT INTO repo_suppression (id, workspace_id, repo_id, kind, reason, scope, created_at, created_by, version)
    VALUES ('p1', 'w1', 'r1', 'false_positive', '', 'findings', 1, 'u1', 1);
INSERT INTO repo_suppressed VALUES ('p1', 'f1');
INSERT INTO repo_baseline VALUES ('r1', 'w1', 'a1', 1, 'u1', 1, 1);
INSERT INTO repo_verdict VALUES ('f1', 'u1', 'w1', 'r1', 'rule', TRUE, 1);
INSERT INTO repo_host (id, workspace_id, kind, address, login, token, hook_secret, sealed_key, state, checked_at, created_at, created_by, version)
    VALUES ('h1', 'w1', 'github', 'https://github.com', 'octo', 'x', 'x', 'k', 'working', 1, 1, 'u1', 1);
INSERT INTO repo_remote (repo_id, workspace_id, host_id, path, state, state_at) VALUES ('r1', 'w1', 'h1', 'octo/hello', 'there', 1);
INSERT INTO repo_delivery VALUES ('h1', 'd1', 1);
INSERT INTO memory_memory (id, workspace_id, kind, title, body, tags, evidence, state, trust, origin, used, created_at, created_by, updated_at, version, change, model, vector)
    VALUES ('m1', 'w1', 'note', 'T', '', '[]', '[]', 'active', 'normal', 'person', 0, 1, 'u1', 1, 1, 1, 'x', 'v');
INSERT INTO memory_tag VALUES ('m1', 'w1', 'tag');
INSERT INTO memory_link VALUES ('w1', 'm1', 'm1', 'related');
INSERT INTO memory_forgotten VALUES ('m2', 'w1', 1);
INSERT INTO memory_counter VALUES ('memory', 'e', 1);
INSERT INTO identity_invite (id, workspace_id, email, role, token_hash, created_at, created_by, expires_at)
    VALUES ('i1', 'w1', 'a@example.org', 'member', 'x', 1, 'u1', 9);
INSERT INTO identity_request (id, workspace_id, user_id, permission, note, created_at) VALUES ('q1', 'w1', 'u1', 'task.write', '', 1);
INSERT INTO identity_token (id, user_id, workspace_id, name, token_hash, hint, scopes, created_at, expires_at)
    VALUES ('t1', 'u1', 'w1', 'CI', 'x', 'dm_1', 'task.read', 1, 9);
INSERT INTO identity_device (token_hash, code_hash, client, user_agent, created_at, expires_at, pause)
    VALUES ('x', 'y', 'the command line', '', 1, 9, 5);
INSERT INTO identity_factor VALUES ('u1', 'x', 'k', 1, 1, 2);
INSERT INTO identity_recovery VALUES ('u1', 'x');
INSERT INTO identity_browser VALUES ('x', 'u1', 1, 2);
INSERT INTO identity_pending VALUES ('x', 'u1', 0, 1, 2, 'password');
INSERT INTO identity_linked VALUES ('github', 'https://github.com', '1', 'u1', 'octo', 1, NULL);
INSERT INTO identity_journey VALUES ('s', 'b', 'github', NULL, 1, 2);
INSERT INTO model_provider (id, workspace_id, kind, name, address, enabled, state, created_at, created_by, version)
    VALUES ('p1', 'w1', 'ollama', 'here', 'http://127.0.0.1:11434', TRUE, 'untested', 1, 'u1', 1);
INSERT INTO model_settings VALUES ('w1', '[]', 1, 1, 1, 1, 1, TRUE);
INSERT INTO model_spend VALUES ('w1', 'workspace:', 1, 1, 1, 1, 1);
INSERT INTO identity_avatar VALUES ('u1', 'image/png', 'x');
INSERT INTO chat_thread VALUES ('h1', 'w1', 'u1', 'T', NULL, FALSE, FALSE, FALSE, 1, 1, 1);
INSERT INTO chat_message (id, workspace_id, thread_id, number, speaker, body, mode, state, detail, reasons, replaced, seen_at, created_at)
    VALUES ('q1', 'w1', 'h1', 1, 'person', 'Why?', 'answer', 'done', '{}', '[]', FALSE, 1, 1);
INSERT INTO model_house_spend VALUES ('u1', 1, 1, 1);
