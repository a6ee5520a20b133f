//! Every operation of the document, called by everybody: who may, who may not, and who learns nothing.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use base::id::UserId;
use base::{Permission, Role};
use serde_json::{Value, json};

use crate::harness::{Answer, Caller, Server};

/// What an operation outside of workspaces asks for; inside, it is a permission.
const SIGNED_IN: &[&str] = &[
    "accept_invite",
    "avatar",
    "change_password",
    "check_device",
    "confirm_second_factor",
    "create_token",
    "create_workspace",
    "decide_device",
    "delete_me",
    "end_session",
    "export_me",
    "forget_trusted_browsers",
    "me",
    "my_linked_accounts",
    "my_second_factor",
    "my_sessions",
    "my_tokens",
    "my_workspaces",
    "offer_second_factor",
    "permissions",
    "remove_avatar",
    "remove_second_factor",
    "renew_recovery_codes",
    "revoke_my_session",
    "revoke_token",
    "session",
    "set_avatar",
    "sign_out",
    "unlink_account",
    "update_me",
];
/// Changes that need no more than being there, and would take their caller out of what follows.
const ENDS: &[&str] = &["end_session", "leave_workspace", "sign_out"];

/// The permission of each operation in a workspace.
const NEEDED: &[(Permission, &[&str])] = &[
    (
        Permission::WorkspaceRead,
        &[
            "leave_workspace",
            "live",
            "live_sse",
            "members",
            "model_use",
            "models",
            "request_access",
            "settings",
            "workspace",
        ],
    ),
    (
        Permission::RepoRead,
        &[
            "advisories",
            "analyses",
            "analysis",
            "behind",
            "blame",
            "commit",
            "compare",
            "dependencies",
            "diagram",
            "explain",
            "export_cyclonedx",
            "export_json",
            "export_sarif",
            "findings",
            "folder",
            "graph",
            "hosts",
            "hotspots",
            "insights",
            "overview",
            "past_secrets",
            "repo",
            "repos",
            "search_code",
            "source_lines",
            "suppressions",
        ],
    ),
    (Permission::TaskRead, &["task", "tasks"]),
    (Permission::MemoryRead, &["memories", "memory", "recall"]),
    (Permission::MentorRead, &["chat_thread", "chat_threads"]),
    (
        Permission::MentorAsk,
        &[
            "ask_mentor",
            "begin_chat",
            "chat_sent",
            "delete_chat",
            "preview_chat",
            "rate_chat_message",
            "update_chat",
        ],
    ),
    (
        Permission::RepoConnect,
        &[
            "connect_repo",
            "import_repositories",
            "local_paths",
            "offered_repositories",
            "probe",
            "remove_repo",
            "update_repo",
        ],
    ),
    (Permission::RepoAnalyze, &["cancel_analysis", "start_analysis"]),
    (
        Permission::FindingTriage,
        &[
            "check_insight",
            "dismiss_insight",
            "judge_finding",
            "preview_suppression",
            "restore_insight",
            "set_baseline",
            "suppress",
            "unsuppress",
        ],
    ),
    (Permission::TaskWrite, &["create_task", "delete_task", "make_task", "restore_task", "update_task"]),
    (
        Permission::MemoryWrite,
        &[
            "archive_memory",
            "confirm_memory",
            "forget_memory",
            "note_memory_use",
            "relate_memory",
            "remember",
            "restore_memory",
            "supersede_memory",
            "update_memory",
        ],
    ),
    (
        Permission::MembersManage,
        &[
            "access_requests",
            "answer_request",
            "invites",
            "remove_member",
            "resend_invite",
            "revoke_invite",
            "send_invite",
            "set_role",
        ],
    ),
    (Permission::HostManage, &["check_host", "connect_host", "disconnect_host", "reconnect_host"]),
    (
        Permission::WorkspaceManage,
        &[
            "add_model_provider",
            "check_model_provider",
            "import_advisories",
            "remove_model_provider",
            "rename_workspace",
            "set_advisory_mode",
            "set_models",
            "set_settings",
            "update_model_provider",
        ],
    ),
    (Permission::AuditRead, &["audit", "export_audit"]),
    (Permission::WorkspaceDelete, &["delete_workspace"]),
];

/// An operation of the document, with ids in its path that nothing has.
struct Operation {
    name: String,
    method: String,
    path: String,
}

fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(server::openapi()).unwrap();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path
            .replace("{workspace}", "team")
            .replace("{id}", "00000000-0000-7000-8000-000000000000")
            .replace("{memory}", "00000000-0000-7000-8000-000000000000")
            .replace("{key}", "DEV-999");
        let parts = path.split('/').map(|part| if part.starts_with('{') { "unknown" } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        for (method, operation) in item.as_object().unwrap() {
            all.push(Operation {
                name: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
            });
        }
    }
    all
}

/// Somebody with that role in the workspace `team`, or in none, and the token of their session.
async fn person(server: &Server, handle: &str, role: Option<Role>) -> String {
    let user: UserId = server.app.ids.new_id();
    let mut tx = server.app.db.begin().await.unwrap();
    tx.query(
        "INSERT INTO identity_user (id, handle, name, operator, created_at, version) VALUES ($1, $2, $3, FALSE, 0, 1)",
    )
    .bind(user)
    .bind(handle)
    .bind(format!("The {handle}"))
    .execute()
    .await
    .unwrap();
    let own: base::id::WorkspaceId = server.app.ids.new_id();
    tx.query(
        "INSERT INTO identity_workspace (id, slug, name, created_at, version) VALUES ($1, $2, $2, 0, 1)",
    )
    .bind(own)
    .bind(handle)
    .execute()
    .await
    .unwrap();
    tx.query(
        "INSERT INTO identity_member (workspace_id, user_id, role, created_at) VALUES ($1, $2, 'owner', 0)",
    )
    .bind(own)
    .bind(user)
    .execute()
    .await
    .unwrap();
    if let Some(role) = role {
        tx.query(
            "INSERT INTO identity_member (workspace_id, user_id, role, created_at)
             SELECT id, $1, $2, 0 FROM identity_workspace WHERE slug = 'team'",
        )
        .bind(user)
        .bind(role.as_str())
        .execute()
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
    let link = server.app.identity.new_link(user).await.unwrap();
    let body = json!({ "token": link.expose(), "hand_over": "token" });
    let answer = server.anonymous().post("/api/v1/session", body).await;
    answer.json()["token"].as_str().unwrap().to_owned()
}

async fn team(server: &Server) {
    let mut tx = server.app.db.begin().await.unwrap();
    tx.query("INSERT INTO identity_workspace (id, slug, name, created_at, version) VALUES ($1, 'team', 'Canary', 0, 1)")
        .bind(server.app.ids.new_id::<base::id::WorkspaceId>())
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

fn bearer<'a>(server: &'a Server, token: &str) -> Caller<'a> {
    server.anonymous().with("authorization", &format!("Bearer {token}"))
}

/// Status and code, where it is a problem.
fn outcome(answer: &Answer) -> (u16, String) {
    let problem = answer.header("content-type") == "application/problem+json";
    (answer.status.as_u16(), if problem { answer.problem() } else { String::new() })
}

#[tokio::test]
async fn every_operation_asks_for_what_the_table_says_and_strangers_learn_nothing() {
    let server = Server::start().await;
    team(&server).await;
    let roles = [Role::Viewer, Role::Member, Role::Admin, Role::Owner];
    let mut people = Vec::new();
    for role in roles {
        people.push((role, person(&server, &format!("the-{}", role.as_str()), Some(role)).await));
    }
    let stranger = person(&server, "stranger", None).await;
    let operator = server.owner_token().await;
    let needed: BTreeMap<&str, Permission> = NEEDED
        .iter()
        .flat_map(|(permission, names)| names.iter().map(move |name| (*name, *permission)))
        .collect();
    let mut seen = 0;
    for Operation { name, method, path } in operations() {
        // It never ends; what it asks for is what `live` asks for.
        let endless = name == "live_sse";
        let inside = path.starts_with("/api/v1/w/");
        assert_eq!(inside, needed.contains_key(name.as_str()), "{name} has no permission in this table");
        let anonymous = outcome(&server.anonymous().call(&method, &path, None).await);
        if inside {
            seen += 1;
            assert_eq!(anonymous, (401, "signed_out".to_owned()), "{name}");
            for token in [&stranger, &operator] {
                let foreign = bearer(&server, token).call(&method, &path, None).await;
                let unknown = path.replace("/w/team", "/w/nowhere");
                let unknown = bearer(&server, token).call(&method, &unknown, None).await;
                let text = |answer: &Answer| answer.text().replace(answer.header("x-request-id"), "");
                assert_eq!(outcome(&foreign), (404, "not_found".to_owned()), "{name}");
                assert_eq!(text(&foreign), text(&unknown), "{name}");
                assert!(!foreign.text().contains("Canary"), "{name}");
            }
            let permission = needed[name.as_str()];
            for (role, token) in &people {
                if *role >= permission.role() && (endless || ENDS.contains(&name.as_str())) {
                    continue;
                }
                let (status, code) = outcome(&bearer(&server, token).call(&method, &path, None).await);
                if *role >= permission.role() {
                    // What is not possible here for another reason has another code.
                    assert!(status != 401 && code != "role_needed", "{name} as {role:?}: {status} {code}");
                } else {
                    assert_eq!((status, code.as_str()), (403, "role_needed"), "{name} as {role:?}");
                }
            }
        } else if path.starts_with("/api/v1/admin/") {
            assert_eq!(anonymous, (401, "signed_out".to_owned()), "{name}");
            for (role, token) in &people {
                let found = outcome(&bearer(&server, token).call(&method, &path, None).await);
                assert_eq!(found, (404, "not_found".to_owned()), "{name} as {role:?}");
            }
            let (status, code) = outcome(&bearer(&server, &operator).call(&method, &path, None).await);
            assert!(status != 401 && status != 403, "{name}: {status} {code}");
        } else if SIGNED_IN.contains(&name.as_str()) {
            assert!(matches!(anonymous.0, 401 | 415), "{name}: {anonymous:?}");
        } else {
            assert!(
                anonymous.1 != "signed_out",
                "{name} is not in the table of what a session is needed for"
            );
        }
    }
    assert_eq!(seen, needed.len(), "the table names operations that are not there");
}

#[tokio::test]
async fn who_is_refused_is_told_who_can_grant_it_and_asks() {
    let server = Server::start().await;
    team(&server).await;
    let viewer = person(&server, "vi", Some(Role::Viewer)).await;
    let admin = person(&server, "adam", Some(Role::Admin)).await;
    let (viewer, admin) = (bearer(&server, &viewer), bearer(&server, &admin));
    let refused = viewer.post("/api/v1/w/team/tasks", json!({ "title": "x" })).await;
    assert_eq!(outcome(&refused), (403, "role_needed".to_owned()));
    let problem = refused.json();
    assert_eq!(problem["permission"], "task.write");
    assert_eq!(problem["grantors"], json!([{ "name": "The adam", "role": "admin" }]));
    assert_eq!(
        problem["detail"],
        "To create and change tasks takes the role member in this workspace. Ask The adam for it."
    );
    let asked = viewer.post("/api/v1/w/team/access-requests", json!({ "permission": "task.write" })).await;
    assert_eq!(asked.status, StatusCode::CREATED, "{}", asked.text());
    let id = asked.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/w/team/access-requests/{id}");
    assert_eq!(
        admin.call("PUT", &path, Some(json!({ "granted": true }))).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        viewer.post("/api/v1/w/team/tasks", json!({ "title": "x" })).await.status,
        StatusCode::CREATED
    );
    let log = admin.get("/api/v1/w/team/audit?done=false").await.json();
    assert_eq!(
        (&log["items"][0]["action"], &log["items"][0]["object"]),
        (&json!("permission.used"), &json!("task.write"))
    );
    let file = admin.get("/api/v1/w/team/audit/export?format=csv").await;
    assert!(file.text().contains("\"vi\",\"permission.used\",\"task.write\",\"refused\""), "{}", file.text());
}

#[tokio::test]
async fn a_token_of_a_program_does_what_its_scopes_say_in_its_workspace_and_nothing_else() {
    let server = Server::start().await;
    team(&server).await;
    let owner = person(&server, "olga", Some(Role::Owner)).await;
    let session = bearer(&server, &owner);
    let body = json!({ "name": "CI", "workspace": "team", "scopes": ["task.read"] });
    let made = session.post("/api/v1/me/tokens", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let (secret, id) =
        (made.json()["secret"].as_str().unwrap().to_owned(), made.json()["token"]["id"].clone());
    let listed = session.get("/api/v1/me/tokens").await.text();
    assert!(listed.contains("\"CI\"") && !listed.contains(&secret));
    let program = bearer(&server, &secret);
    assert_eq!(program.get("/api/v1/w/team/tasks").await.status, StatusCode::OK);
    let written = program.post("/api/v1/w/team/tasks", json!({ "title": "x" })).await;
    assert_eq!(outcome(&written), (403, "scope_needed".to_owned()));
    assert_eq!(outcome(&program.get("/api/v1/w/olga/tasks").await), (404, "not_found".to_owned()));
    for path in ["/api/v1/me", "/api/v1/me/tokens", "/api/v1/workspaces"] {
        assert_eq!(outcome(&program.get(path).await), (403, "session_needed".to_owned()), "{path}");
    }
    // What decides about the person in the workspace takes the person.
    let body = json!({ "name": "Dashboard", "workspace": "team", "scopes": ["ws.read"] });
    let made = session.post("/api/v1/me/tokens", body).await.json();
    let dashboard = bearer(&server, made["secret"].as_str().unwrap());
    assert_eq!(dashboard.get("/api/v1/w/team/members").await.status, StatusCode::OK);
    let left = dashboard.call("DELETE", "/api/v1/w/team/membership", None).await;
    assert_eq!(outcome(&left), (403, "session_needed".to_owned()));
    let body = json!({ "permission": "ws.manage", "note": "please" });
    let asked = dashboard.post("/api/v1/w/team/access-requests", body).await;
    assert_eq!(outcome(&asked), (403, "session_needed".to_owned()));
    let path = format!("/api/v1/me/tokens/{}", id.as_str().unwrap());
    assert_eq!(session.call("DELETE", &path, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(outcome(&program.get("/api/v1/w/team/tasks").await), (401, "token_refused".to_owned()));
}

#[tokio::test]
async fn what_all_workspaces_look_up_is_replaced_by_whoever_runs_the_server() {
    let server = Server::start().await;
    team(&server).await;
    let olga = person(&server, "olga", Some(Role::Owner)).await;
    let (olga, operator) = (bearer(&server, &olga), server.owner().await);
    for (caller, workspace, can) in [(&olga, "olga", false), (&operator, "home", true)] {
        let path = format!("/api/v1/w/{workspace}/advisories");
        let told = &caller.get(&path).await.json()["data"]["can"];
        assert_eq!(told, &json!({ "set_mode": true, "import": can }), "{workspace}");
    }
    let body = json!({ "path": "/nowhere" });
    let refused = olga.post("/api/v1/w/olga/advisories/import", body.clone()).await;
    assert_eq!(outcome(&refused), (404, "not_found".to_owned()));
    let tried = operator.post("/api/v1/w/home/advisories/import", body).await;
    assert_ne!(tried.status, StatusCode::NOT_FOUND, "{}", tried.text());
}

#[tokio::test]
async fn a_program_is_signed_in_by_a_code_that_somebody_approves() {
    let server = Server::start().await;
    let begun = server.anonymous().post("/api/v1/auth/device", json!({ "client": "devmentor" })).await.json();
    let poll = async || {
        let body = json!({ "device_code": begun["device_code"] });
        server.anonymous().post("/api/v1/auth/device/token", body).await
    };
    assert_eq!(outcome(&poll().await), (400, "authorization_pending".to_owned()));
    let slow = poll().await;
    assert_eq!((outcome(&slow), slow.header("retry-after")), ((400, "slow_down".to_owned()), "10"));
    let owner = server.owner().await;
    let body = json!({ "user_code": begun["user_code"] });
    let shown = owner.post("/api/v1/auth/device/check", body).await;
    assert_eq!(shown.json()["client"], "devmentor", "{}", shown.text());
    let body = json!({ "user_code": begun["user_code"], "allow": true });
    assert_eq!(owner.post("/api/v1/auth/device/decide", body).await.status, StatusCode::NO_CONTENT);
    let session: Value = poll().await.json();
    let token = session["token"].as_str().unwrap().to_owned();
    assert_eq!(
        bearer(&server, &token).get("/api/v1/session").await.json()["data"]["user"]["handle"],
        "owner"
    );
    assert_eq!(outcome(&poll().await), (400, "expired_token".to_owned()));
}
