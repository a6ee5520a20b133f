//! Checks: what will prove that an insight is done, as data that any later report can be held against.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::{AdvisoryState, Dependency, FileSummary, Graph, Report, counted};

/// A condition over a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "check", rename_all = "snake_case")]
pub enum Check {
    /// No finding with any of these fingerprints is left.
    FindingsGone {
        /// The fingerprints.
        fingerprints: Vec<String>,
    },
    /// No version of the package in use is affected by these advisories. Needs advisory data.
    PackageClean {
        /// The ecosystem as OSV spells it.
        ecosystem: String,
        /// The package.
        name: String,
        /// The advisories that were found.
        advisories: Vec<String>,
    },
    /// None of these versions of the packages is asked for or pinned any more.
    VersionsLeft {
        /// The ecosystem as OSV spells it.
        ecosystem: String,
        /// The package.
        name: String,
        /// Others that are raised together with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        also: Vec<String>,
        /// The versions as they were written.
        versions: Vec<String>,
    },
    /// The function is gone, or its cognitive complexity is at most this.
    FunctionAtMost {
        /// The file it was in.
        path: String,
        /// The function's name.
        function: String,
        /// The highest permitted value.
        cognitive: u32,
    },
    /// These files no longer import each other in a circle.
    CycleGone {
        /// Members of the cycle.
        paths: Vec<String>,
    },
    /// Some file matches one of these globs.
    AnyFileExists {
        /// Globs over paths.
        globs: Vec<String>,
    },
    /// No duplicate of so many lines has two of its places in these files.
    CloneGone {
        /// The files.
        paths: Vec<String>,
        /// Lines from which on a duplicate counts.
        lines: u32,
    },
    /// Less than this share of the changes to the folder in the window is by one person.
    ChangesShared {
        /// The folder; empty for the root.
        folder: String,
        /// The share, in percent.
        percent: u32,
    },
    /// One file imports the other, or less than this share of the first one's commits changes both.
    NoLongerCoupled {
        /// The first file.
        path: String,
        /// The other.
        other: String,
        /// The share, in percent.
        percent: u32,
    },
    /// The file has tests of its own, or a test imports it or is named after it.
    FileTested {
        /// The file.
        path: String,
    },
    /// None of these credentials is in the history, or the repository says why they do not matter. Needs a search of
    /// the history.
    PastSecretsGone {
        /// The fingerprints of their findings.
        fingerprints: Vec<String>,
    },
    /// A condition that another version of the program wrote down and this one does not know.
    #[serde(other)]
    Unknown,
}

/// The result of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// Whether the condition holds. `None`: it could not be checked.
    pub passed: Option<bool>,
    /// One sentence that says what was seen: plain text, without marks for code.
    pub detail: String,
}

impl Check {
    /// Holds the condition against a report.
    ///
    /// `None` is for what the report cannot say: advisory data that is missing, a file that was not read.
    /// [`Check::AnyFileExists`] sees the files a report names: sources, manifests and what shows a technology.
    pub fn evaluate(&self, report: &Report) -> Outcome {
        match self {
            Self::FindingsGone { fingerprints } => findings_gone(report, fingerprints),
            Self::PackageClean { ecosystem, name, advisories } => {
                package_clean(report, ecosystem, name, advisories)
            }
            Self::VersionsLeft { ecosystem, name, also, versions } => {
                versions_left(report, ecosystem, (name, also), versions)
            }
            Self::FunctionAtMost { path, function, cognitive } => {
                function_at_most(report, path, function, *cognitive)
            }
            Self::CycleGone { paths } => cycle_gone(report, paths),
            Self::AnyFileExists { globs } => any_file_exists(report, globs),
            Self::CloneGone { paths, lines } => clone_gone(report, paths, *lines),
            Self::ChangesShared { folder, percent } => changes_shared(report, folder, *percent),
            Self::NoLongerCoupled { path, other, percent } => {
                no_longer_coupled(report, path, other, *percent)
            }
            Self::FileTested { path } => file_tested(report, path),
            Self::PastSecretsGone { fingerprints } => past_secrets_gone(report, fingerprints),
            Self::Unknown => unknown("Another version of the program wrote this check down.".to_owned()),
        }
    }
}

fn outcome(passed: bool, detail: String) -> Outcome {
    Outcome { passed: Some(passed), detail }
}

fn unknown(detail: String) -> Outcome {
    Outcome { passed: None, detail }
}

fn findings_gone(report: &Report, fingerprints: &[String]) -> Outcome {
    let left = report.findings.iter().filter(|finding| fingerprints.contains(&finding.fingerprint)).count();
    match left {
        0 if fingerprints.len() == 1 => outcome(true, "The finding is gone.".to_owned()),
        0 => outcome(true, format!("All {} findings are gone.", fingerprints.len())),
        left => outcome(false, format!("{left} of {} still there.", counted(fingerprints.len(), "finding"))),
    }
}

fn package_clean(report: &Report, ecosystem: &str, name: &str, advisories: &[String]) -> Outcome {
    if let AdvisoryState::NotChecked { reason } = &report.advisories.state {
        return unknown(format!("Known vulnerabilities could not be looked up: {reason}"));
    }
    if report.advisories.uncovered.iter().any(|uncovered| uncovered == ecosystem) {
        return unknown(format!("The advisory data does not cover {ecosystem}."));
    }
    let packages = report.findings.iter().filter_map(|finding| finding.package.as_ref());
    let mut left: Vec<&str> = packages
        .filter(|hit| hit.ecosystem == ecosystem && hit.name == name)
        .filter(|hit| advisories.iter().any(|id| *id == hit.advisory || hit.aliases.contains(id)))
        .map(|hit| hit.advisory.as_str())
        .collect();
    left.sort_unstable();
    left.dedup();
    if left.is_empty() {
        outcome(true, format!("No version of {name} in use is affected any more."))
    } else {
        outcome(false, format!("{name} is still affected by {}.", left.join(", ")))
    }
}

fn versions_left(
    report: &Report,
    ecosystem: &str,
    (name, also): (&str, &[String]),
    versions: &[String],
) -> Outcome {
    let ours =
        |one: &&Dependency| one.ecosystem == ecosystem && (one.name == name || also.contains(&one.name));
    let written = report.dependencies.iter().filter(ours).flat_map(|one| {
        let written = [one.requirement.as_ref(), one.version.as_ref()];
        written.into_iter().flatten().map(|version| (one.name.as_str(), version))
    });
    match written.filter(|(_, version)| versions.contains(version)).min() {
        Some((name, version)) => outcome(false, format!("{name} {version} is still in use.")),
        None => outcome(true, format!("{} of {name} is no longer in use.", versions.join(", "))),
    }
}

fn function_at_most(report: &Report, path: &str, function: &str, limit: u32) -> Outcome {
    let Some(file) = report.files.iter().find(|file| file.path == path) else {
        return match report.coverage.skipped.iter().find(|skipped| skipped.path == path) {
            Some(_) => unknown(format!("{path} was not read.")),
            None => outcome(true, format!("{path} is gone.")),
        };
    };
    let Some(complexity) = &file.complexity else {
        return unknown(format!("The syntax of {path} was not understood."));
    };
    match complexity.worst.iter().filter(|one| one.name == function).map(|one| one.cognitive).max() {
        Some(value) => outcome(
            value <= limit,
            format!("{function} has a cognitive complexity of {value}; at most {limit} is wanted."),
        ),
        // A file lists its three hardest functions: one that is not among them is no harder than the last of them.
        None if complexity.worst.len() < 3 || complexity.worst.iter().any(|one| one.cognitive <= limit) => {
            outcome(true, format!("{function} is gone or no longer among the hardest functions of {path}."))
        }
        None => unknown(format!("Three harder functions of {path} hide {function}.")),
    }
}

fn cycle_gone(report: &Report, paths: &[String]) -> Outcome {
    let still = report
        .graph
        .cycles
        .iter()
        .filter(|cycle| paths.iter().filter(|path| cycle.contains(path)).count() > 1);
    match still.map(Vec::len).max() {
        None => outcome(true, "These files no longer import each other in a circle.".to_owned()),
        Some(files) => outcome(false, format!("A circle of {files} files still has several of them.")),
    }
}

fn clone_gone(report: &Report, paths: &[String], lines: u32) -> Outcome {
    let groups = &report.duplication.groups;
    let left = groups.iter().find(|group| {
        let here = group.places.iter().filter(|place| paths.contains(&place.path)).count();
        group.lines >= lines && !group.in_test && here > 1
    });
    match left {
        Some(group) => outcome(
            false,
            format!(
                "{} of code still stand in {} places.",
                counted(group.lines as usize, "line"),
                group.places_total
            ),
        ),
        None if groups.len() < report.duplication.groups_total as usize
            && groups.iter().filter(|group| !group.in_test).all(|group| group.saved() > lines) =>
        {
            unknown("A report lists only the largest duplicates, and these are larger.".to_owned())
        }
        None => outcome(true, format!("No duplicate of {lines} lines or more is left in these files.")),
    }
}

fn changes_shared(report: &Report, folder: &str, percent: u32) -> Outcome {
    match report.history.ownership.iter().find(|row| row.folder == folder) {
        Some(row) => outcome(
            row.main_share < percent,
            format!("{} % of the changes to {folder} are by one person.", row.main_share),
        ),
        None if report.history.window_commits == 0 => unknown("No history was read.".to_owned()),
        None => outcome(true, format!("Hardly anything in {folder} was changed.")),
    }
}

fn no_longer_coupled(report: &Report, path: &str, other: &str, percent: u32) -> Outcome {
    let named = |index: u32| report.files.get(index as usize).map(|file| file.path.as_str());
    let imports = report.graph.file_edges.iter().any(|edge| {
        let ends = (named(edge.from), named(edge.to));
        ends == (Some(path), Some(other)) || ends == (Some(other), Some(path))
    });
    if imports {
        return outcome(true, "One of the two imports the other.".to_owned());
    }
    let hotspot = report.hotspots.iter().find(|hotspot| hotspot.path == path);
    let coupling = hotspot.and_then(|hotspot| hotspot.coupled.iter().find(|one| one.path == other));
    match coupling.filter(|one| one.together * 100 >= one.of * percent) {
        Some(one) => outcome(false, format!("{} of {} commits still changed both.", one.together, one.of)),
        None if hotspot.is_none() && report.history.window_commits == 0 => {
            unknown("No history was read.".to_owned())
        }
        None => outcome(true, "The two no longer change together.".to_owned()),
    }
}

fn any_file_exists(report: &Report, globs: &[String]) -> Outcome {
    let mut set = globset::GlobSetBuilder::new();
    for glob in globs {
        match globset::GlobBuilder::new(glob).literal_separator(true).build() {
            Ok(glob) => set.add(glob),
            Err(_) => return unknown(format!("{glob} is not a pattern.")),
        };
    }
    let Ok(set) = set.build() else { return unknown("The patterns are too large.".to_owned()) };
    let files = report.files.iter().map(|file| file.path.as_str());
    let manifests = report.manifests.iter().map(|manifest| manifest.path.as_str());
    let evidence =
        report.stack.iter().flat_map(|technology| &technology.evidence).map(|span| span.path.as_str());
    let found = files.chain(manifests).chain(evidence).filter(|path| set.is_match(path)).min();
    match found {
        Some(path) => outcome(true, format!("{path} is there.")),
        None => outcome(false, format!("No file matches {}.", globs.join(", "))),
    }
}

fn file_tested(report: &Report, path: &str) -> Outcome {
    let Ok(at) = report.files.binary_search_by(|file| file.path.as_str().cmp(path)) else {
        return match report.coverage.skipped.iter().find(|skipped| skipped.path == path) {
            Some(_) => unknown(format!("{path} was not read.")),
            None => outcome(true, format!("{path} is gone.")),
        };
    };
    match test_of(&report.files, &report.graph, at) {
        Some(test) if test.path == path => outcome(true, format!("{path} has tests inside.")),
        Some(test) => outcome(true, format!("{} tests it.", test.path)),
        None => outcome(false, format!("No test imports {path} or is named after it.")),
    }
}

/// What tests one of the files: itself, where its tests are inside; a test that imports it; one that is named after it.
pub(crate) fn test_of<'a>(files: &'a [FileSummary], graph: &Graph, at: usize) -> Option<&'a FileSummary> {
    let file = files.get(at)?;
    if file.tests > 0 {
        return Some(file);
    }
    let imports = graph.file_edges.iter().filter(|edge| edge.to as usize == at);
    let importing = imports.filter_map(|edge| files.get(edge.from as usize)).find(|file| file.test);
    let named = |test: &&FileSummary| test.test && is_named_after(&test.path, &file.path);
    importing.or_else(|| files.iter().find(named))
}

/// Whether the name of a test has the name of the file in it, as whole words: `main` is not in `domain_test`.
fn is_named_after(test: &str, file: &str) -> bool {
    let name = words(stem(file)).concat();
    let (mut joined, mut bounds) = (String::new(), vec![0]);
    for word in words(stem(test)) {
        joined.push_str(&word);
        bounds.push(joined.len());
    }
    let begins = |start: &usize| joined.get(*start..).is_some_and(|rest| rest.starts_with(&name));
    let ends = |start: &usize| bounds.binary_search(&(start + name.len())).is_ok();
    !name.is_empty() && bounds.iter().any(|start| begins(start) && ends(start))
}

/// The words of a name, in lower case: `HTTPServer`, `httpServer` and `http_server` have the same two.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let lower_next = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        let begins = letter.is_uppercase()
            && before.is_some_and(|before| before.is_lowercase() || before.is_numeric() || lower_next);
        if begins || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if let (true, Some(word)) = (letter.is_alphanumeric(), words.last_mut()) {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The file's name up to its first dot.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

fn past_secrets_gone(report: &Report, fingerprints: &[String]) -> Outcome {
    let Some(past) = &report.past_secrets else {
        return unknown("The history was not searched.".to_owned());
    };
    let left = past.secrets.iter().filter(|one| fingerprints.contains(&one.finding.fingerprint)).count();
    let unread = report.coverage.notes.iter().any(|note| note.code == "past_unreadable");
    match left {
        0 if past.truncated || unread => {
            unknown("Only a part of the history was searched; the rest may still have it.".to_owned())
        }
        0 if (past.total as usize) > past.secrets.len() => unknown(
            "A report lists only some of the secrets of the history, and these are others.".to_owned(),
        ),
        0 if fingerprints.len() == 1 => {
            outcome(true, "The secret is gone, or suppressed with a reason.".to_owned())
        }
        0 => outcome(
            true,
            format!("All {} secrets are gone, or suppressed with a reason.", fingerprints.len()),
        ),
        left => outcome(
            false,
            format!("{left} of {} still in the history.", counted(fingerprints.len(), "secret")),
        ),
    }
}

/// Files with tests and source files, of those with functions. A source file that has its tests inside is both.
pub(crate) fn count_tests(files: &[FileSummary]) -> (u32, u32) {
    let with_functions =
        files.iter().filter(|file| file.complexity.as_ref().is_some_and(|one| one.functions > 0));
    with_functions.fold((0, 0), |(tests, sources), file| {
        let has_tests = u32::from(file.test || file.tests > 0);
        (tests + has_tests, sources + u32::from(file.is_shipped()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_named_after_a_file_by_whole_words() {
        for (test, file, named) in [
            ("tests/domain_test.rs", "src/main.rs", false),
            ("src/mapper.test.ts", "src/app.ts", false),
            ("tests/test_x.py", ".eslintrc.js", false),
            ("tests/test_x.py", "_.js", false),
            ("src/app.test.ts", "src/app.ts", true),
            ("tests/test-user_service.py", "src/user_service.py", true),
            ("UserServiceTests.cs", "UserService.cs", true),
            ("HTTPServerTest.java", "HttpServer.java", true),
            ("httpserver_test.go", "httpServer.go", true),
            ("tests/go_names.rs", "src/go.rs", true),
            ("tests/category.rs", "src/go.rs", false),
        ] {
            assert_eq!(is_named_after(test, file), named, "{test} of {file}");
        }
    }
}
