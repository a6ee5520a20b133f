//! What a code host answers to programs: GitHub's paths and fields, as far as they are asked for.

use std::sync::Mutex;

use base64::Engine as _;
use serde_json::{Value, json};

/// The interface of a host. Everything about it can be changed while it runs.
#[derive(Default)]
pub(crate) struct Api(Mutex<State>);

#[derive(Default)]
pub(crate) struct State {
    /// The token that it accepts; none while it is empty.
    pub(crate) token: String,
    /// Whose it is.
    pub(crate) login: String,
    /// The repositories: id, path, default branch.
    pub(crate) repos: Vec<(u64, String, String)>,
    /// When it answers questions again, in seconds since 1970.
    pub(crate) limited_until: Option<i64>,
    /// How long whoever wants to make something has to wait, in seconds.
    pub(crate) pause: Option<u64>,
    /// What it says when it makes no hook although the token may: status and body.
    pub(crate) declines: Option<(&'static str, Value)>,
    /// Requests for a hook.
    pub(crate) wished: u32,
    /// Whether the token may make hooks.
    pub(crate) hooks_allowed: bool,
    /// The hooks there are: id, repository, configuration.
    pub(crate) hooks: Vec<(u64, String, Value)>,
    /// Hooks made so far.
    made: u64,
}

impl Api {
    pub(crate) fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.lock().unwrap());
    }

    pub(crate) fn get<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.0.lock().unwrap())
    }

    /// Whether git may read, by the header that it sent.
    pub(crate) fn admits(&self, authorization: Option<&str>) -> bool {
        let state = self.0.lock().unwrap();
        let pair = format!("x-access-token:{}", state.token);
        let expected = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair));
        !state.token.is_empty() && authorization == Some(expected.as_str())
    }

    pub(crate) fn answer(
        &self,
        method: &str,
        path: &str,
        query: &str,
        authorization: Option<&str>,
        body: &[u8],
    ) -> String {
        let mut state = self.0.lock().unwrap();
        let expected = format!("Bearer {}", state.token);
        if state.token.is_empty() || authorization != Some(expected.as_str()) {
            return reply("401 Unauthorized", "", &json!({ "message": "Bad credentials" }));
        }
        if let Some(until) = state.limited_until {
            let headers = format!("x-ratelimit-remaining: 0\r\nx-ratelimit-reset: {until}\r\n");
            return reply("403 Forbidden", &headers, &json!({ "message": "API rate limit exceeded" }));
        }
        let parts: Vec<&str> = path.split('/').collect();
        if let (Some(pause), "POST") = (state.pause, method) {
            let headers = format!("retry-after: {pause}\r\n");
            return reply("403 Forbidden", &headers, &json!({ "message": "secondary rate limit" }));
        }
        match (method, parts.as_slice()) {
            ("GET", ["user"]) => reply(
                "200 OK",
                "x-oauth-scopes: repo, admin:repo_hook\r\n",
                &json!({ "login": state.login, "name": "Octo Cat", "avatar_url": "https://a.example/1" }),
            ),
            ("GET", ["user", "repos"]) => state.page(query),
            ("GET", ["repos", owner, name]) => match state.repo(owner, name) {
                Some(repo) => reply("200 OK", "", &repo),
                None => reply("404 Not Found", "", &json!({ "message": "Not Found" })),
            },
            ("POST", ["repos", owner, name, "hooks"]) if state.hooks_allowed => {
                state.wished += 1;
                if let Some((status, body)) = &state.declines {
                    return reply(status, "", body);
                }
                state.made += 1;
                let body: Value = serde_json::from_slice(body).unwrap();
                let (id, path) = (state.made, format!("{owner}/{name}"));
                state.hooks.push((id, path, body["config"].clone()));
                reply("201 Created", "", &json!({ "id": id }))
            }
            ("DELETE", ["repos", _, _, "hooks", id]) => {
                state.hooks.retain(|(hook, ..)| hook.to_string() != *id);
                reply("204 No Content", "", &Value::Null)
            }
            _ => reply("404 Not Found", "", &json!({ "message": "Not Found" })),
        }
    }
}

impl State {
    fn page(&self, query: &str) -> String {
        let number = |name: &str| {
            query
                .split('&')
                .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse::<usize>().ok())
        };
        let (size, page) = (number("per_page").unwrap(), number("page").unwrap());
        let from = (page - 1) * size;
        let items: Vec<Value> = self
            .repos
            .iter()
            .skip(from)
            .take(size)
            .map(|(id, path, branch)| described(*id, path, branch))
            .collect();
        let more = self.repos.len() > from + size;
        let link = "link: <https://api.example/user/repos?page=2>; rel=\"next\", <https://api.example/x>; rel=\"last\"\r\n";
        reply("200 OK", if more { link } else { "" }, &Value::Array(items))
    }

    fn repo(&self, owner: &str, name: &str) -> Option<Value> {
        let path = format!("{owner}/{name}");
        self.repos
            .iter()
            .find(|(_, it, _)| *it == path)
            .map(|(id, path, branch)| described(*id, path, branch))
    }
}

fn described(id: u64, path: &str, branch: &str) -> Value {
    json!({
        "id": id, "full_name": path, "private": true, "visibility": "private", "description": null,
        "language": "Rust", "pushed_at": "2026-01-02T03:04:05Z", "size": 12, "default_branch": branch,
        "archived": false,
    })
}

fn reply(status: &str, headers: &str, body: &Value) -> String {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
