//! What hosts send by themselves, and how they prove that it is theirs.
//!
//! [`verify`] comes first: nothing of a body is read before its sender is known.

use base::Secret;
use ring::hmac;
use serde::Deserialize;

use crate::endpoint::Kind;
use crate::model::some;

/// The parts of a delivery's head that matter. A closure gives a header by its name in lower case.
pub type Header<'a> = &'a (dyn Fn(&str) -> Option<String> + Sync);

/// Whether a delivery was sent by somebody who knows the secret. The comparison takes the same time wherever two texts
/// differ.
pub fn verify(kind: Kind, header: Header<'_>, body: &[u8], secret: &Secret) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    let signed = |hex: &str| hex::decode(hex).is_ok_and(|tag| hmac::verify(&key, body, &tag).is_ok());
    match kind {
        Kind::GitHub => header("x-hub-signature-256")
            .is_some_and(|value| value.strip_prefix("sha256=").is_some_and(signed)),
        Kind::Gitea => header("x-gitea-signature").is_some_and(|value| signed(&value)),
        // The secret itself. Both are hashed under it before they are compared, so that their lengths do not matter.
        Kind::GitLab => header("x-gitlab-token").is_some_and(|value| {
            let tag = hmac::sign(&key, value.as_bytes());
            hmac::verify(&key, secret.expose().as_bytes(), tag.as_ref()).is_ok()
        }),
    }
}

/// What identifies a delivery: the same one may be sent again, by its host or by somebody who listened.
pub fn delivery(kind: Kind, header: Header<'_>) -> Option<String> {
    let names: &[&str] = match kind {
        Kind::GitHub => &["x-github-delivery"],
        Kind::Gitea => &["x-gitea-delivery"],
        Kind::GitLab => &["x-gitlab-event-uuid", "x-gitlab-webhook-uuid"],
    };
    let found = names.iter().find_map(|name| header(name));
    found.filter(|id| (1..=100).contains(&id.len()) && id.bytes().all(|it| it.is_ascii_graphic()))
}

/// What happened at the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The repository: its id on the host, and its path as it is now.
    pub repo: Option<(String, String)>,
    /// The repository's default branch as it is now, where the host says it.
    pub default_branch: Option<String>,
    /// What happened to it.
    pub what: What,
}

/// What happened to a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A branch has a new newest commit.
    Pushed {
        /// The branch.
        branch: String,
    },
    /// It is called otherwise, or belongs to somebody else.
    Renamed,
    /// It is gone.
    Deleted,
    /// Only those who were let in see it now.
    MadePrivate,
    /// Everybody sees it now.
    MadePublic,
    /// Something that changes nothing here, such as the first word of a new hook.
    Nothing,
}

#[derive(Deserialize)]
struct Body {
    #[serde(rename = "ref")]
    reference: Option<String>,
    #[serde(default)]
    deleted: bool,
    after: Option<String>,
    action: Option<String>,
    repository: Option<Repository>,
    // GitLab's.
    project_id: Option<u64>,
    project: Option<Project>,
}

#[derive(Deserialize)]
struct Repository {
    id: Option<u64>,
    full_name: Option<String>,
    default_branch: Option<String>,
}

#[derive(Deserialize)]
struct Project {
    path_with_namespace: String,
    default_branch: Option<String>,
}

/// Reads a delivery whose sender was verified; `None` when it is not what that host sends.
pub fn read(kind: Kind, header: Header<'_>, body: &[u8]) -> Option<Delivery> {
    let event = match kind {
        Kind::GitHub => header("x-github-event")?,
        Kind::Gitea => header("x-gitea-event")?,
        Kind::GitLab => header("x-gitlab-event")?,
    };
    let body: Body = serde_json::from_slice(body).ok()?;
    let repo = match kind {
        Kind::GitLab => body.project_id.zip(body.project.as_ref().map(|it| it.path_with_namespace.clone())),
        _ => body.repository.as_ref().and_then(|it| it.id.zip(it.full_name.clone())),
    };
    let what = match event.as_str() {
        "push" | "Push Hook" => pushed(&body),
        "repository" => became(&body),
        _ => What::Nothing,
    };
    let default_branch = match kind {
        Kind::GitLab => body.project.and_then(|it| it.default_branch),
        _ => body.repository.and_then(|it| it.default_branch),
    };
    Some(Delivery {
        repo: repo.map(|(id, path)| (id.to_string(), path)),
        default_branch: some(default_branch),
        what,
    })
}

fn pushed(body: &Body) -> What {
    let gone = body.deleted || body.after.as_ref().is_some_and(|id| id.bytes().all(|it| it == b'0'));
    match body.reference.as_deref().and_then(|it| it.strip_prefix("refs/heads/")) {
        Some(branch) if !gone => What::Pushed { branch: branch.to_owned() },
        _ => What::Nothing,
    }
}

fn became(body: &Body) -> What {
    match body.action.as_deref() {
        Some("renamed" | "transferred") => What::Renamed,
        Some("deleted") => What::Deleted,
        Some("privatized") => What::MadePrivate,
        Some("publicized") => What::MadePublic,
        _ => What::Nothing,
    }
}

#[cfg(test)]
mod tests;
