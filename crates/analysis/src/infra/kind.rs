//! Which kind of infrastructure file a path and its content show.

use memchr::memmem;
use serde::{Deserialize, Serialize};

use super::owner;

/// Kinds of file, as the rules name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// A Dockerfile or Containerfile.
    Dockerfile,
    /// A compose file.
    Compose,
    /// Manifests of Kubernetes.
    Kubernetes,
    /// A GitHub workflow.
    Workflow,
    /// The pipeline of GitLab.
    GitLab,
    /// A Procfile.
    Procfile,
    /// A template of Helm.
    Template,
    /// The images that Kustomize fills in.
    Kustomize,
    /// Settings that a program takes from its environment.
    Settings,
    /// A file at the root that names whose repository this is.
    Owner,
}

/// The kind of a file, if it is one that is read.
pub(super) fn of(path: &str, bytes: &[u8]) -> Option<Kind> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name == "Procfile" {
        return Some(Kind::Procfile);
    }
    if is_dockerfile(name) {
        return Some(Kind::Dockerfile);
    }
    if owner::names_one(path) {
        return Some(Kind::Owner);
    }
    if is_settings(name) {
        return Some(Kind::Settings);
    }
    if matches!(name, "kustomization.yaml" | "kustomization.yml" | "Kustomization") {
        return has(bytes, b"images").then_some(Kind::Kustomize);
    }
    let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml"))?;
    if is_compose(stem) {
        return has(bytes, b"services").then_some(Kind::Compose);
    }
    if path.strip_prefix(".github/workflows/").is_some_and(|rest| !rest.contains('/')) {
        return Some(Kind::Workflow);
    }
    if stem == ".gitlab-ci" || stem.ends_with(".gitlab-ci") || path.starts_with(".gitlab/ci/") {
        return Some(Kind::GitLab);
    }
    if !(has(bytes, b"apiVersion:") && has(bytes, b"kind:")) {
        return None;
    }
    let template = has(bytes, b"{{") && path.split('/').any(|folder| folder == "templates");
    Some(if template { Kind::Template } else { Kind::Kubernetes })
}

fn has(bytes: &[u8], word: &[u8]) -> bool {
    memmem::find(bytes, word).is_some()
}

fn is_dockerfile(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let base = ["dockerfile", "containerfile"];
    let ends = |other: &str| {
        // `Dockerfile.md` describes one, and `Dockerfile.j2` is a template.
        ![
            "md",
            "txt",
            "rst",
            "j2",
            "jinja",
            "jinja2",
            "tmpl",
            "tpl",
            "template",
            "erb",
            "tt",
            "hbs",
            "ejs",
            "mustache",
            "in",
            "bak",
            "dockerignore",
            "sh",
            "py",
        ]
        .contains(&other.rsplit('.').next().unwrap_or(other))
    };
    base.iter().any(|base| {
        lower == *base
            || lower.strip_prefix(base).and_then(|rest| rest.strip_prefix(['.', '-'])).is_some_and(ends)
            || lower.strip_suffix(base).is_some_and(|rest| rest.ends_with('.'))
    })
}

/// `.env`, `.env.production`; not what is copied to make one.
fn is_settings(name: &str) -> bool {
    let of = name
        .strip_prefix(".env")
        .and_then(|rest| if rest.is_empty() { Some("") } else { rest.strip_prefix('.') });
    of.is_some_and(|of| {
        !of.split('.').any(|part| matches!(part, "example" | "sample" | "dist" | "template" | "tmpl"))
    })
}

/// What a file is for, by its place and its name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// What runs, or anything else.
    #[default]
    Usual,
    /// A part that is started only where somebody asks for it: `compose.profiling.yaml`.
    Optional,
    /// What developers and pipelines start for themselves, and samples: all that is said of it is a hint.
    Development,
}

/// What a compose file or a Dockerfile is for.
pub(super) fn purpose(kind: Kind, path: &str) -> Purpose {
    if !matches!(kind, Kind::Compose | Kind::Dockerfile) {
        return Purpose::Usual;
    }
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    if folders.split('/').any(|folder| matches!(folder, ".devcontainer" | ".ci" | "ci" | ".gitpod" | "dev")) {
        return Purpose::Development;
    }
    let lower = name.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(['.', '-', '_']).collect();
    let of_developers = |word: &&str| {
        matches!(*word, "dev" | "devel" | "development" | "local" | "ci" | "debug" | "test" | "tests")
    };
    if words.iter().any(of_developers) {
        return Purpose::Development;
    }
    let usual = |word: &&str| {
        matches!(
            *word,
            "" | "docker"
                | "podman"
                | "compose"
                | "yml"
                | "yaml"
                | "prod"
                | "production"
                | "override"
                | "base"
                | "full"
        )
    };
    if kind == Kind::Compose && !words.iter().all(usual) { Purpose::Optional } else { Purpose::Usual }
}

fn is_compose(stem: &str) -> bool {
    ["docker-compose", "compose", "podman-compose"].iter().any(|base| {
        stem.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
            || stem.strip_suffix(base).is_some_and(|rest| rest.ends_with(['.', '-']) && *base != "compose")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_contents_tell_the_kind() {
        let kind = |path: &str, text: &str| of(path, text.as_bytes());
        for path in [
            "Dockerfile",
            "a/Dockerfile.dev",
            "web.Dockerfile",
            "x/web.dockerfile",
            "Containerfile",
            "Dockerfile-alpine",
        ] {
            assert_eq!(kind(path, ""), Some(Kind::Dockerfile), "{path}");
        }
        for path in
            ["Dockerfile.md", "dockerfile.rs.txt", "mydockerfile", "Dockerfiles/a.txt", "Dockerfile.tmpl"]
        {
            assert_eq!(kind(path, ""), None, "{path}");
        }
        for path in
            ["docker-compose.yml", "a/compose.prod.yaml", "docker-compose-dev.yml", "dev.docker-compose.yml"]
        {
            assert_eq!(kind(path, "services:\n"), Some(Kind::Compose), "{path}");
        }
        assert_eq!(kind("composer.yml", "services:\n"), None);
        assert_eq!(kind(".github/workflows/ci.yml", ""), Some(Kind::Workflow));
        assert_eq!(kind("a/.github/workflows/ci.yml", ""), None);
        assert_eq!(kind(".gitlab-ci.yml", ""), Some(Kind::GitLab));
        assert_eq!(kind("deploy/a.yaml", "apiVersion: v1\nkind: Pod\n"), Some(Kind::Kubernetes));
        assert_eq!(kind("deploy/a.yaml", "a: 1\n"), None);
        assert_eq!(
            kind("chart/templates/a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {{ .Values.x }}\n"),
            Some(Kind::Template)
        );
        assert_eq!(kind("Procfile", ""), Some(Kind::Procfile));
        assert_eq!(kind("a/.env.production", ""), Some(Kind::Settings));
        assert_eq!(kind(".env.example", ""), None);
        assert_eq!(kind("base/kustomization.yaml", "images: []"), Some(Kind::Kustomize));
        assert_eq!(kind("package.json", ""), Some(Kind::Owner));
        assert_eq!(kind("web/package.json", ""), None);
    }

    #[test]
    fn a_file_is_for_what_its_place_and_name_say() {
        for (path, expected) in [
            ("compose.yaml", Purpose::Usual),
            ("docker-compose.prod.yml", Purpose::Usual),
            ("compose.profiling.yaml", Purpose::Optional),
            ("docker-compose-dev.yml", Purpose::Development),
            (".devcontainer/docker-compose.yml", Purpose::Development),
            (".ci/compose.cypress.yaml", Purpose::Development),
            ("deploy/compose.yaml", Purpose::Usual),
        ] {
            assert_eq!(purpose(Kind::Compose, path), expected, "{path}");
        }
        assert_eq!(purpose(Kind::Dockerfile, "Dockerfile.worker"), Purpose::Usual);
        assert_eq!(purpose(Kind::Workflow, ".github/workflows/ci.yml"), Purpose::Usual);
    }
}
