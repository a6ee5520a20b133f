//! Tests that are missing where changes are frequent, lockfiles, continuous integration.

use std::collections::BTreeSet;

use super::Draft;
use super::code::of_them_fixes;
use super::rank::{Proposal, counted};
use super::security::{file, metric};
use crate::check::{Check, count_tests};
use crate::report::{Effort, Evidence, Severity, Span, TechCategory};

/// Fewer test files than this for each hundred source files count as none to speak of.
const FEW_TESTS: u32 = 10;

/// Source files before anything is said about tests.
const MIN_FILES: u32 = 8;

/// A first test for the file that changes most, in a repository that hardly has any.
pub(super) fn untested_hotspot(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let (tests, sources) = count_tests(draft.files);
    if sources < MIN_FILES || tests * 100 >= sources * FEW_TESTS {
        return;
    }
    let Some(hotspot) = draft.hotspots.first() else { return };
    let Some(function) = draft
        .files
        .iter()
        .find(|file| file.path == hotspot.path)
        .and_then(|file| file.complexity.as_ref())
        .and_then(|complexity| complexity.worst.first())
    else {
        return;
    };
    let wanted = (tests * 100 / sources.max(1)) + 1;
    out.push(Proposal {
        kind: "missing_tests",
        subject: "tests".to_owned(),
        severity: Severity::Medium,
        title: format!("Put a first test around `{}`", hotspot.path),
        why: format!(
            "There {} for {sources} source files, and this is the file where a mistake is likeliest: {} in a year{}.",
            if tests == 1 { "is 1 test file".to_owned() } else { format!("are {tests} test files") },
            counted(hotspot.commits as usize, "commit"),
            of_them_fixes(hotspot.fixes)
        ),
        evidence: vec![
            metric("Test files", format!("{tests} for {sources} source files with functions")),
            Evidence::Span {
                span: Span::lines(&hotspot.path, function.start, function.end),
                note: format!("`{}`: cognitive complexity {}", function.name, function.cognitive),
            },
            metric("Changes in a year", format!("{} commits", hotspot.commits)),
        ],
        effort: Effort { min_minutes: 60, max_minutes: 240, reason: "1 file, and a place for tests to live".to_owned() },
        check: Check::TestFilesAtLeast { percent: wanted },
        value: 48.0,
    });
}

/// Lockfiles by ecosystem: (ecosystem, file names).
const LOCKFILES: &[(&str, &[&str])] = &[
    (
        "npm",
        &["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"],
    ),
    ("crates.io", &["Cargo.lock"]),
];

/// An application without pinned versions.
pub(super) fn no_lockfile(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    for (ecosystem, names) in LOCKFILES {
        let mut of_ecosystem = draft.manifests.iter().filter(|manifest| manifest.ecosystem == *ecosystem);
        if of_ecosystem.clone().any(|manifest| manifest.lockfile) {
            continue;
        }
        // A library may leave its versions open; what is deployed may not. A Dockerfile or a deployment shows it.
        let deployed = draft.stack.iter().find(|technology| technology.category == TechCategory::Deploy);
        let (Some(manifest), Some(deployed)) =
            (of_ecosystem.find(|manifest| manifest.dependencies > 0), deployed)
        else {
            continue;
        };
        let mut evidence = vec![file(
            &manifest.path,
            format!("names {} dependencies, and no lockfile pins them", manifest.dependencies),
        )];
        evidence.extend(deployed.evidence.first().map(|span| Evidence::Span {
            span: span.clone(),
            note: format!("{}: what is built here changes without a commit", deployed.name),
        }));
        out.push(Proposal {
            kind: "missing_lockfile",
            subject: (*ecosystem).to_owned(),
            severity: Severity::Low,
            title: format!("Commit a lockfile beside `{}`", manifest.path),
            why: format!(
                "{} direct dependencies are resolved anew at each build, so two builds of this commit can differ, and known vulnerabilities cannot be looked up.",
                manifest.dependencies
            ),
            evidence,
            effort: Effort { min_minutes: 5, max_minutes: 20, reason: "1 command, 1 file".to_owned() },
            check: Check::AnyFileExists { globs: names.iter().map(|name| format!("**/{name}")).collect() },
            value: 36.0,
        });
    }
}

/// Files that show continuous integration.
const CI: &[&str] = &[
    ".github/workflows/*",
    ".gitlab-ci.yml",
    ".circleci/config.yml",
    "azure-pipelines.yml",
    "Jenkinsfile",
    ".travis.yml",
    "bitbucket-pipelines.yml",
    ".woodpecker.yml",
    ".woodpecker/*",
    ".drone.yml",
    ".buildkite/*",
    ".forgejo/workflows/*",
    ".gitea/workflows/*",
    ".cirrus.yml",
    "appveyor.yml",
    ".appveyor.yml",
    ".builds/*",
    ".build.yml",
];

/// Tests that nobody runs by themselves.
pub(super) fn no_ci(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let has_ci = draft.stack.iter().any(|technology| technology.category == TechCategory::Ci);
    let (tests, _) = count_tests(draft.files);
    if has_ci || tests == 0 || draft.history.contributors < 2 {
        return;
    }
    let Some(test) = draft.files.iter().find(|file| file.test && file.complexity.is_some()) else { return };
    let folders: BTreeSet<&str> = draft.files.iter().filter_map(|file| file.path.split('/').next()).collect();
    out.push(Proposal {
        kind: "missing_ci",
        subject: "ci".to_owned(),
        severity: Severity::Low,
        title: "Run the tests on every push".to_owned(),
        why: format!(
            "{tests} test files are there and {} people changed the code within a year, but nothing in the repository runs them.",
            draft.history.contributors
        ),
        evidence: vec![
            file(&test.path, format!("one of {tests} test files")),
            metric("Continuous integration", format!("no configuration of a known service beside {} top-level entries", folders.len())),
        ],
        effort: Effort { min_minutes: 30, max_minutes: 90, reason: "1 file".to_owned() },
        check: Check::AnyFileExists { globs: CI.iter().map(|glob| (*glob).to_owned()).collect() },
        value: 30.0,
    });
}
