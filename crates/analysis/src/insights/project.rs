//! Tests that are missing where changes are frequent, lockfiles, continuous integration.

use std::collections::BTreeSet;

use super::Draft;
use super::code::of_them_fixes;
use super::rank::Proposal;
use super::security::{file, metric};
use crate::check::{Check, count_tests, test_of};
use crate::report::{
    Effort, Evidence, FileSummary, FunctionSummary, HARD_FUNCTION, Hotspot, Severity, Span, TechCategory,
    counted,
};

/// Source files before anything is said about tests.
const MIN_FILES: u32 = 8;

/// Changes of a file without any test before it is said that none goes with it.
const MIN_UNTESTED: u32 = 6;

/// Files with tests before it is said that nothing runs them.
const MIN_TESTS: u32 = 3;

/// A test for the file that needs one most, where the grade loses for missing tests.
pub(super) fn untested_file(draft: &Draft<'_>, out: &mut Vec<Proposal>) {
    let lost = draft.quality.parts.iter().find(|part| part.part == "tests").and_then(|part| part.lost);
    let (tests, sources) = count_tests(draft.files);
    // Without a single test it is not one function that lacks them, or they are kept elsewhere.
    if tests == 0 || sources < MIN_FILES || lost.is_none_or(|lost| lost <= 0.0) {
        return;
    }
    let Some((file, hotspot)) = least_tested(draft).filter(|(file, _)| is_tested_elsewhere(draft, file))
    else {
        return;
    };
    let hardest = file.complexity.as_ref().and_then(|complexity| complexity.worst.first());
    let hard = |function: &&FunctionSummary| function.cognitive > HARD_FUNCTION && !is_page(file, function);
    let Some(function) = hardest.filter(hard) else { return };
    let changes = hotspot.map(|hotspot| {
        format!(
            "{} in {}{}",
            counted(hotspot.commits as usize, "commit"),
            draft.history.window_text(),
            of_them_fixes(hotspot.fixes)
        )
    });
    let have = if tests == 1 { "is 1 test file".to_owned() } else { format!("are {tests} test files") };
    let reason = changes.as_ref().map_or_else(
        || "none imports this one or is named after it, and it is the hardest of them".to_owned(),
        |changes| {
            format!("none imports this one or is named after it, and none changed with it in {changes}")
        },
    );
    let mut evidence = vec![
        metric("Test files", format!("{tests} for {sources} source files with functions")),
        Evidence::Span {
            span: Span::lines(&file.path, function.start, function.end),
            note: format!("`{}`: cognitive complexity {}", function.name, function.cognitive),
        },
    ];
    evidence
        .extend(changes.map(|changes| metric("Changes of the file", format!("{changes}, none with a test"))));
    evidence.extend(hotspot.and_then(corrected));
    out.push(Proposal {
        kind: "missing_tests",
        subject: format!("tests {}", file.path),
        severity: Severity::Medium,
        title: match function.name.as_str() {
            "(anonymous)" => format!("Put a test around `{}`", file.path),
            name => format!("Put a test around `{name}` in `{}`", file.path),
        },
        why: format!("There {have} for {sources} source files; {reason}."),
        evidence,
        effort: Effort {
            min_minutes: 60,
            max_minutes: 240,
            reason: "1 file, and a place for tests to live".to_owned(),
        },
        check: Check::FileTested { path: file.path.clone() },
        value: 48.0,
    });
}

/// Whether anything of the package that a file belongs to is tested: where nothing is, that holds as for a repository
/// without tests.
fn is_tested_elsewhere(draft: &Draft<'_>, file: &FileSummary) -> bool {
    let within =
        |path: &str, folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let folders = draft.manifests.iter().filter_map(|manifest| manifest.path.rsplit_once('/'));
    let around = folders.map(|(folder, _)| folder).filter(|folder| within(&file.path, folder));
    let Some(package) = around.max_by_key(|folder| folder.len()) else { return true };
    let has_tests = |one: &FileSummary| (one.test && !one.example) || one.tests > 0;
    draft.files.iter().any(|other| has_tests(other) && within(&other.path, package))
}

/// Whether a function is a page or a part of one, by its name and the kind of its file: what it draws is looked at.
fn is_page(file: &FileSummary, function: &FunctionSummary) -> bool {
    let extension = file.path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "jsx" | "tsx" => function.name.starts_with(|letter: char| letter.is_ascii_uppercase()),
        "vue" => function.name == "setup",
        _ => false,
    }
}

/// Lines of the file that a fix replaced soon after they were written.
fn corrected(hotspot: &Hotspot) -> Option<Evidence> {
    let correction = hotspot.corrections.iter().min_by_key(|one| one.days)?;
    let days = counted(correction.days as usize, "day");
    let lines = counted(correction.lines as usize, "line");
    Some(Evidence::Commit {
        id: correction.fixed.id.clone(),
        note: format!(
            "{}: replaces {lines} written {days} before by \"{}\"",
            correction.fixed.subject, correction.introduced.subject
        ),
    })
}

/// The source file that changes most and that no test changes with; where the repository has no test at all, else the
/// hardest one. A file that a test imports, or is named after, has one.
fn least_tested<'a>(draft: &Draft<'a>) -> Option<(&'a FileSummary, Option<&'a Hotspot>)> {
    let files = draft.files;
    let untested = |at: &usize| {
        let file = files.get(*at);
        file.is_some_and(|file| file.is_shipped() && !draft.is_beside(&file.path))
            && test_of(files, draft.graph, *at).is_none()
    };
    let file_of = |path: &str| files.binary_search_by(|file| file.path.as_str().cmp(path)).ok();
    let mut alone =
        draft.hotspots.iter().filter(|hotspot| hotspot.with_tests == 0 && hotspot.commits >= MIN_UNTESTED);
    let changing =
        alone.find_map(|hotspot| Some((files.get(file_of(&hotspot.path).filter(untested)?)?, Some(hotspot))));
    if changing.is_some() || files.iter().any(|file| file.test) {
        return changing;
    }
    let weight = |file: &FileSummary| file.complexity.as_ref().map_or(0, |one| one.cognitive);
    let candidates = files.iter().filter(|file| file.is_shipped() && file.tests == 0 && weight(file) > 0);
    let hardest = candidates.reduce(|best, other| if weight(other) > weight(best) { other } else { best });
    hardest.map(|file| (file, None))
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
        let (packages, pronoun) = match manifest.dependencies {
            1 => ("1 package".to_owned(), "it"),
            more => (format!("{more} packages"), "them"),
        };
        let mut evidence =
            vec![file(&manifest.path, format!("names {packages}, and no lockfile pins {pronoun}"))];
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
                "Each build resolves {packages} anew, so two builds of this commit can differ, and known vulnerabilities cannot be looked up."
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
    if has_ci || tests < MIN_TESTS || draft.history.contributors < 2 {
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
            "{tests} test files are here and {} people changed the code in {}, but nothing in the repository runs them.",
            draft.history.contributors,
            draft.history.window_text()
        ),
        evidence: vec![
            file(&test.path, format!("one of {}", counted(tests as usize, "test file"))),
            metric(
                "Continuous integration",
                format!("no configuration of a known service beside {} top-level entries", folders.len()),
            ),
        ],
        effort: Effort { min_minutes: 30, max_minutes: 90, reason: "1 file".to_owned() },
        check: Check::AnyFileExists { globs: CI.iter().map(|glob| (*glob).to_owned()).collect() },
        value: 30.0,
    });
}
