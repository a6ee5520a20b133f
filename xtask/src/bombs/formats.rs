//! Which texts each format gets: those of its syntax, and those made for it alone.

use anyhow::{Result, bail};

use super::{Set, Text, data};

/// What a format is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Json,
    Toml,
    Yaml,
    Lines,
    Markup,
}

use Syntax::{Json, Lines, Markup, Toml, Yaml};

/// What has no name of its own in the list of manifests, or is no manifest, and is read all the same.
const OTHERS: [&str; 15] = [
    "requirements.txt",
    "tsconfig.json",
    "go.sum",
    "Dockerfile",
    "Procfile",
    "compose.yaml",
    "deployment.yaml",
    ".gitlab-ci.yml",
    ".github/workflows/ci.yml",
    "project.pbxproj",
    "config.xml",
    "page.html",
    "README.md",
    "style.css",
    "gradle/dependency-locks/a.lockfile",
];

/// Where the ending does not say it.
const BY_NAME: [(&str, &[Syntax]); 18] = [
    ("Pipfile", &[Toml]),
    ("Pipfile.lock", &[Json]),
    ("bun.lock", &[Json]),
    ("composer.lock", &[Json]),
    ("conan.lock", &[Json]),
    ("renv.lock", &[Json]),
    ("Package.resolved", &[Json]),
    ("Cargo.lock", &[Toml]),
    ("poetry.lock", &[Toml]),
    ("uv.lock", &[Toml]),
    ("pdm.lock", &[Toml]),
    ("pubspec.lock", &[Yaml]),
    ("Podfile.lock", &[Yaml]),
    ("yarn.lock", &[Yaml, Lines]),
    ("Gemfile.lock", &[Lines]),
    ("gems.locked", &[Lines]),
    ("mix.lock", &[Lines]),
    ("rebar.lock", &[Lines]),
];

/// Endings, without the dot.
const BY_ENDING: [(Syntax, &[&str]); 5] = [
    (Json, &["json"]),
    (Toml, &["toml"]),
    (Yaml, &["yaml", "yml"]),
    (Markup, &["xml", "config", "csproj", "fsproj", "vbproj", "props", "targets", "html", "css", "md"]),
    (
        Lines,
        &[
            "txt",
            "cfg",
            "py",
            "mod",
            "sum",
            "rb",
            "gemspec",
            "exs",
            "swift",
            "gradle",
            "kts",
            "properties",
            "lockfile",
            "freeze",
            "pbxproj",
            "Gemfile",
            "Dockerfile",
            "Procfile",
        ],
    ),
];

/// The bombs of these formats, given by file name or ending, and of whatever else is read.
pub(super) fn sets(names: &[String]) -> Result<Vec<Set>> {
    let mut sets = Vec::new();
    for name in names.iter().map(String::as_str).chain(OTHERS) {
        for syntax in syntaxes(name)? {
            let path = if name.starts_with('.') && names.iter().any(|known| known == name) {
                format!("bomb{name}")
            } else {
                name.to_owned()
            };
            let format = name.to_owned();
            sets.push(Set { of: name.to_owned(), path, make: Box::new(move || texts(&format, syntax)) });
        }
    }
    let single = |path: &str, make: fn() -> Vec<Text>| Set {
        of: path.to_owned(),
        path: path.to_owned(),
        make: Box::new(make),
    };
    sets.extend([single(".gitattributes", data::attributes), single("secrets.txt", data::secrets)]);
    Ok(sets)
}

fn syntaxes(name: &str) -> Result<Vec<Syntax>> {
    if let Some((_, syntaxes)) = BY_NAME.iter().find(|(known, _)| *known == name) {
        return Ok(syntaxes.to_vec());
    }
    let ending = name.rsplit('.').next().unwrap_or(name);
    match BY_ENDING.iter().find(|(_, endings)| endings.contains(&ending)) {
        Some((syntax, _)) => Ok(vec![*syntax]),
        None => bail!("{name} has no bombs: say in xtask/src/bombs/formats.rs what it is written in"),
    }
}

fn texts(name: &str, syntax: Syntax) -> Vec<Text> {
    let mut texts = match syntax {
        Json => data::json(),
        Toml => data::toml(),
        Yaml => data::yaml(before(name)),
        Lines => data::lines(),
        Markup => data::markup(),
    };
    match (name, syntax) {
        ("package.json" | "bun.lock", _) => texts.extend(data::npm_tables()),
        ("package-lock.json", _) => texts.extend(data::npm_tables().into_iter().chain(data::npm_places())),
        ("Cargo.toml", _) => texts.extend(data::cargo_tables()),
        ("Cargo.lock" | "poetry.lock" | "uv.lock" | "pdm.lock", _) => texts.extend(data::locked_packages()),
        ("pyproject.toml", _) => texts.extend(data::python_tables()),
        ("pnpm-lock.yaml", _) => texts.extend(data::pnpm_tables()),
        ("Dockerfile", _) => texts.extend(data::dockerfile()),
        ("go.mod", _) => texts.extend(data::go_lines()),
        _ => {}
    }
    texts
}

/// What makes a reader take a YAML text for its own.
fn before(name: &str) -> &'static str {
    match name {
        "compose.yaml" => "services: {}\n",
        "deployment.yaml" => "apiVersion: v1\nkind: Pod\n",
        ".github/workflows/ci.yml" | ".gitlab-ci.yml" => "jobs: {}\n",
        "Podfile.lock" => "PODS: []\n",
        "pubspec.yaml" | "pubspec.lock" => "packages: {}\n",
        _ => "lockfileVersion: '9.0'\n\n__metadata:\n  version: 8\n\n",
    }
}

/// Those that cost the most, or did once.
pub(super) const WORST: [&str; 11] = [
    "anchors around anchors",
    "many merged keys",
    "arguments",
    "long argument",
    "zeros",
    "many tables",
    "unknown aliases",
    "words in one line",
    "open list",
    "quadratic entity",
    "many rules",
];
