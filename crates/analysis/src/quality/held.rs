//! What holds a score down although little was lost: an average over seven parts must not hide it.
//!
//! Quality gates and ratings elsewhere work the same way: `SonarQube` rates security by the worst issue and not by the
//! mean, and a single failed condition fails its gate. Each sentence here says what would lift its hold.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{GRADES, GradeInput, tenth};
use crate::report::{
    Confidence, Dependency, Finding, FindingKind, GradeNeed, GradePart, Scope, Severity, counted,
};

/// Points of weight that must have been measured for an A.
const MEASURED_FOR_A: f64 = 75.0;

/// The best score below an A, and the best one of a D.
const BELOW_A: u32 = GRADES[0].0 - 1;
const BEST_D: u32 = GRADES[2].0 - 1;

/// From here on the part for security is lost twice over, and so many findings it takes: two mistakes of ours must not
/// cost a small repository two grades.
const TWICE_LOST: f64 = 2.0;
const LEAST_FINDINGS: usize = 5;

/// What stands between a project and an A besides points, each as a sentence.
pub(super) struct AgainstA {
    unmeasured: Option<String>,
    vulnerable: Option<String>,
    exposed: Option<String>,
}

impl AgainstA {
    /// Where the weight that counts in all is `measured`.
    pub(super) fn of(input: &GradeInput<'_>, measured: f64) -> Self {
        Self { unmeasured: too_little(measured), vulnerable: vulnerable(input), exposed: exposed(input) }
    }
}

/// The score that `reached` is held at, with the reasons.
pub(super) fn hold(
    input: &GradeInput<'_>,
    parts: &[GradePart],
    against: &AgainstA,
    reached: u32,
) -> (u32, Option<String>) {
    let riddled = riddled(input, parts);
    let reasons = [
        (BELOW_A, &against.unmeasured),
        (BELOW_A, &against.vulnerable),
        (BELOW_A, &against.exposed),
        (BEST_D, &riddled),
    ];
    let holding = || reasons.iter().filter(|(score, reason)| *score < reached && reason.is_some());
    let Some(score) = holding().map(|(score, _)| *score).min() else { return (reached, None) };
    let said: Vec<&str> =
        holding().filter(|(at, _)| *at == score).filter_map(|(_, reason)| reason.as_deref()).collect();
    (score, Some(format!("Held at {score}: {}.", said.join("; "))))
}

/// What an A needs besides points, and what is not so now, whether or not it is what holds the score.
pub(super) fn needs(against: &AgainstA, measured: f64) -> Vec<GradeNeed> {
    let need = |text: String, part: Option<&str>| GradeNeed {
        text,
        parts: part.into_iter().map(str::to_owned).collect(),
    };
    let vulnerable = against.vulnerable.as_ref().map(|_| {
        let text = "No known vulnerability of high severity or more in what the program runs with.";
        need(text.to_owned(), Some("dependencies"))
    });
    let exposed = against.exposed.as_ref().map(|_| {
        let text = "No sure secret or insecure pattern of high severity or more in shipped code.";
        need(text.to_owned(), Some("security"))
    });
    let unmeasured = against.unmeasured.as_ref().map(|_| {
        let text =
            format!("{MEASURED_FOR_A} of the 100 points of weight measured; {} were.", tenth(measured));
        need(text, None)
    });
    [vulnerable, exposed, unmeasured].into_iter().flatten().collect()
}

fn too_little(measured: f64) -> Option<String> {
    (measured < MEASURED_FOR_A).then(|| {
        format!(
            "an A needs {MEASURED_FOR_A} of the 100 points of weight to be measured, and {} were",
            tenth(measured)
        )
    })
}

/// Packages that the program runs with and that have a known vulnerability of high severity or more.
fn vulnerable(input: &GradeInput<'_>) -> Option<String> {
    let reached: BTreeMap<(&str, &str, Option<&str>), bool> = input
        .dependencies
        .iter()
        .filter(|dependency| runs(dependency, input.imported))
        .map(|dependency| {
            let (ecosystem, name) = (dependency.ecosystem.as_str(), dependency.name.as_str());
            ((ecosystem, name, dependency.version.as_deref()), dependency.direct)
        })
        .collect();
    let severe = input.findings.iter().filter(|finding| {
        finding.kind == FindingKind::Advisory && finding.severity >= Severity::High && !finding.in_test
    });
    let hits = severe.filter_map(|finding| {
        let hit = finding.package.as_ref()?;
        let direct = reached.get(&(hit.ecosystem.as_str(), hit.name.as_str(), Some(hit.version.as_str())))?;
        Some((Reverse((finding.severity, *direct)), hit.name.as_str(), hit.version.as_str()))
    });
    // The worst first, and of these what the repository asks for itself.
    let hits: BTreeSet<_> = hits.collect();
    let packages: BTreeSet<(&str, &str)> = hits.iter().map(|(_, name, version)| (*name, *version)).collect();
    let (_, name, version) = hits.first()?;
    let (others, have) = match packages.len() - 1 {
        0 => (String::new(), "has"),
        others => (format!(" and {}", counted(others, "other package")), "have"),
    };
    Some(format!(
        "an A needs packages without a known vulnerability of high severity or more in what the program runs with, and \
         `{name}` {version}{others} {have} one"
    ))
}

/// Whether the running program has the package in it, as far as the manifests and the code show. A package that a
/// lockfile names for no visible reason counts as not running; one for development that shipped code imports is bundled.
fn runs(dependency: &Dependency, imported: &BTreeSet<&str>) -> bool {
    match dependency.scope {
        Scope::Runtime => dependency.direct || !dependency.via.is_empty(),
        Scope::Dev | Scope::Build => is_bundled(dependency, imported),
        Scope::Optional => false,
    }
}

/// Whether a package becomes part of the program although it is named for development: `imported` is what shipped code
/// imports and what that takes along.
pub(crate) fn is_bundled(dependency: &Dependency, imported: &BTreeSet<&str>) -> bool {
    dependency.ecosystem == "npm" && is_imported(&dependency.name, imported)
}

/// Whether one of these specifiers of JavaScript names a package, or a part of it.
fn is_imported(name: &str, imported: &BTreeSet<&str>) -> bool {
    let part = format!("{name}/");
    let first = imported.range(part.as_str()..).next();
    imported.contains(name) || first.is_some_and(|first| first.starts_with(&part))
}

/// Secrets and patterns in shipped code of high severity or more that are hardly a mistake of ours.
fn exposed(input: &GradeInput<'_>) -> Option<String> {
    let sure: Vec<&Finding> =
        serious(input).filter(|finding| finding.confidence == Confidence::High).collect();
    let worst = sure.iter().min_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.span.cmp(&b.span)))?;
    let (others, have) = match sure.len() - 1 {
        0 => (String::new(), "has"),
        others => (format!(" and {}", counted(others, "other place")), "have"),
    };
    Some(format!(
        "an A needs shipped code without a secret or an insecure pattern of high severity or more, and `{}:{}`{others} \
         {have} one",
        worst.span.path, worst.span.start
    ))
}

fn serious<'a>(input: &GradeInput<'a>) -> impl Iterator<Item = &'a Finding> + use<'a> {
    input.findings.iter().filter(|finding| {
        matches!(finding.kind, FindingKind::Secret | FindingKind::Security)
            && finding.severity >= Severity::High
            && finding.confidence >= Confidence::Medium
            && !finding.in_test
    })
}

/// Far beyond the value at which the part for security is lost.
fn riddled(input: &GradeInput<'_>, parts: &[GradePart]) -> Option<String> {
    let part = parts.iter().find(|part| part.part == "security")?;
    let limit = part.bad * TWICE_LOST;
    let value = part.value.filter(|value| *value >= limit)?;
    (serious(input).count() >= LEAST_FINDINGS).then(|| {
        format!(
            "a C needs less than {limit} weighted secrets and insecure patterns for each 10,000 lines of code, and \
             there are {value}"
        )
    })
}
