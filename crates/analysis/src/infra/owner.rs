//! Whose repository this is, by the word of its own files: a manifest at the root that gives its address, the teams of
//! its code owners, a workflow that runs only there.

use std::sync::LazyLock;

use regex::Regex;

/// Files at the root that may give the repository's address, and the ends of such names.
const MANIFESTS: &[&str] = &[
    "package.json",
    "Cargo.toml",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "gradle.properties",
    "Directory.Build.props",
    "composer.json",
    "mix.exs",
    "pubspec.yaml",
    "go.mod",
];
const ENDINGS: &[&str] = &[".gemspec", ".podspec"];

/// Where code owners are named.
const CODE_OWNERS: &[&str] = &["CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS"];

/// Lines that are looked at; an address stands near the top.
const MOST_LINES: usize = 3_000;

/// Longer lines are no settings.
const LONGEST: usize = 1_000;

/// An address of GitHub on a line that says what it is the address of.
#[expect(clippy::expect_used, reason = "the pattern is part of the program, and tests run it")]
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)(?:repository|source|scm|connection|homepage|project|url|issues|tracker|changelog|documentation)[0-9a-z_ -]{0,20}["']?[\t ]*\]?[\t ]*(?:[:=>]|=>)[^#]{0,40}?github\.com[/:]([A-Za-z0-9][A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]+"#,
    )
    .expect("the pattern is well formed")
});

/// npm's short form.
#[expect(clippy::expect_used, reason = "the pattern is part of the program, and tests run it")]
static SHORT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""repository"[\t ]*:[\t ]*"(?:github:)?([A-Za-z0-9][A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]+""#)
        .expect("the pattern is well formed")
});

/// A workflow's condition on where it runs.
#[expect(clippy::expect_used, reason = "the pattern is part of the program, and tests run it")]
static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"github\.repository(?:_owner)?\s*==\s*["']([A-Za-z0-9][A-Za-z0-9-]{0,38})[/"']"#)
        .expect("the pattern is well formed")
});

/// Whether a file may name the owner.
pub(super) fn names_one(path: &str) -> bool {
    MANIFESTS.contains(&path)
        || CODE_OWNERS.contains(&path)
        || (!path.contains('/') && ENDINGS.iter().any(|ending| path.ends_with(ending)))
}

/// The owners that a file at the root names, in lower case: of a manifest the first one, of the code owners those of
/// teams, since only an organisation's own can own its code.
pub(super) fn of_file(path: &str, text: &str) -> Vec<String> {
    let mut lines = text.lines().take(MOST_LINES).filter(|line| line.len() <= LONGEST);
    let mut owners: Vec<String> = if CODE_OWNERS.contains(&path) {
        let names = lines.filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
        let teams = names.filter_map(|name| name.strip_prefix('@')?.split_once('/').map(|(owner, _)| owner));
        teams.map(str::to_ascii_lowercase).collect()
    } else if path == "go.mod" {
        let module = lines.find_map(|line| line.strip_prefix("module github.com/"));
        module.and_then(|module| module.split('/').next()).map(str::to_ascii_lowercase).into_iter().collect()
    } else {
        // Most lines say nothing of the kind: they are not worth making the patterns ready for.
        let named = |line: &str| {
            let address = line.to_ascii_lowercase().contains("github.com");
            let address = if address { ADDRESS.captures(line) } else { None };
            let short = || if line.contains("\"repository\"") { SHORT.captures(line) } else { None };
            let found = address.or_else(short)?;
            found.get(1).map(|owner| owner.as_str().to_ascii_lowercase())
        };
        lines.find_map(named).into_iter().collect()
    };
    owners.sort();
    owners.dedup();
    owners
}

/// The owners that a workflow's conditions name, in lower case.
pub(super) fn of_workflow(text: &str) -> Vec<String> {
    let found = CONDITION.captures_iter(text).filter_map(|found| found.get(1));
    let mut owners: Vec<String> = found.map(|owner| owner.as_str().to_ascii_lowercase()).collect();
    owners.sort();
    owners.dedup();
    owners
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_at_the_root_name_the_owner() {
        for (path, text, owner) in [
            (
                "package.json",
                "\"repository\": {\n \"url\": \"git+https://github.com/Babel/babel.git\"\n",
                "babel",
            ),
            ("package.json", "\"repository\": \"expressjs/express\",", "expressjs"),
            ("Cargo.toml", "repository = \"https://github.com/BurntSushi/ripgrep\"", "burntsushi"),
            ("pyproject.toml", "Source = \"https://github.com/pallets/flask/\"", "pallets"),
            ("pom.xml", "<url>https://github.com/apache/dubbo</url>", "apache"),
            ("pom.xml", "<connection>scm:git:git@github.com:google/gson.git</connection>", "google"),
            ("devise.gemspec", "s.homepage = \"https://github.com/heartcombo/devise\"", "heartcombo"),
            ("a.gemspec", "\"source_code_uri\" => \"https://github.com/rails/rails/tree/v8\",", "rails"),
            ("go.mod", "module github.com/Shopify/toxiproxy/v2\n", "shopify"),
            (".github/CODEOWNERS", "# @none/team\n*.cs @bitwarden/team-x\n", "bitwarden"),
        ] {
            assert!(names_one(path), "{path}");
            assert_eq!(of_file(path, text), [owner.to_owned()], "{text}");
        }
        assert_eq!(of_file("Cargo.toml", "x = { git = \"https://github.com/other/x\" }"), [] as [String; 0]);
        assert_eq!(of_file("CODEOWNERS", "* @someone"), [] as [String; 0]);
    }

    #[test]
    fn a_workflow_names_the_only_place_where_it_runs() {
        let text = "if: ${{ github.repository == 'curl/curl' }}\nif: github.repository_owner == 'Laravel'\n";
        assert_eq!(of_workflow(text), ["curl", "laravel"]);
        assert_eq!(of_workflow("if: github.repository != 'a/b'"), [] as [String; 0]);
    }
}
