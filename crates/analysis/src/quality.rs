//! The grade: seven parts, each a measured value between a good and a bad threshold.
//!
//! Every part has a weight. It costs nothing up to its good value, all of its weight from its bad value on, and a
//! straight share in between. What was not measured does not count: its weight is spread over the others in
//! proportion, and the part says why. The score is 100 less what was lost.
//!
//! | part | measured | good | bad | weight |
//! |---|---|---|---|---|
//! | complexity | functions with cognitive complexity above 15, the limit that Campbell's paper and the tools after it use, in percent | 2 | 15 | 20 |
//! | duplication | not measured yet | 3 | 20 | 10 |
//! | tests | test files for each hundred source files with functions | 50 | 5 | 20 |
//! | dependencies | packages with a known vulnerability of medium severity or more, in percent of those compared | 0 | 5 | 15 |
//! | security | weighted findings (critical 10, high 4, medium 1) for each 10,000 lines of code | 0 | 10 | 20 |
//! | `change_risk` | commits on files that say they fix something, in percent of all, over the ten worst hotspots | 15 | 60 | 10 |
//! | documentation | public functions and types with a documentation comment, in percent | 60 | 5 | 5 |
//!
//! The thresholds for complexity and duplication follow what the published quality models treat as usual (SIG's
//! maintainability model, `SonarQube`'s default gate: 3 % duplication). The others are ours: they are chosen so that
//! well-kept public projects lose little, and they are printed beside every grade.

mod parts;
#[cfg(test)]
mod tests;

use crate::report::{
    AdvisoryCheck, Coverage, Dependency, FileSummary, Finding, GradePart, Graph, History, Hotspot,
    LanguageShare, Manifest, Quality, Span,
};
use crate::syntax::DocCount;

/// The parts of a report that the grade is made of.
#[derive(Debug, Clone, Copy)]
pub struct GradeInput<'a> {
    /// What was read.
    pub coverage: &'a Coverage,
    /// Languages by bytes.
    pub languages: &'a [LanguageShare],
    /// Manifests and lockfiles.
    pub manifests: &'a [Manifest],
    /// Packages in use.
    pub dependencies: &'a [Dependency],
    /// Whether vulnerabilities could be looked up.
    pub advisories: &'a AdvisoryCheck,
    /// All findings.
    pub findings: &'a [Finding],
    /// Source files.
    pub files: &'a [FileSummary],
    /// Imports.
    pub graph: &'a Graph,
    /// The history.
    pub history: &'a History,
    /// Hotspots.
    pub hotspots: &'a [Hotspot],
    /// Documentation comments of the files that are not tests, summed.
    pub docs: DocCount,
    /// Whether the commit's root has a README.
    pub readme: bool,
}

/// What one part measured.
struct Measured {
    /// As a sentence.
    text: String,
    value: f64,
    worst: Vec<Span>,
}

/// A part, with what it measured or why it did not.
struct Part {
    code: &'static str,
    good: f64,
    bad: f64,
    weight: u32,
    result: Result<Measured, String>,
}

/// Lowest scores of the grades A to D.
const GRADES: [(u32, char); 4] = [(85, 'A'), (70, 'B'), (55, 'C'), (40, 'D')];

/// The grade and the table that produced it.
pub fn grade(input: &GradeInput<'_>) -> Quality {
    let parts = parts::all(input);
    let measured: u32 = parts.iter().filter(|part| part.result.is_ok()).map(|part| part.weight).sum();
    let mut lost_in_all = 0.0;
    let mut lines = Vec::with_capacity(parts.len());
    for part in parts {
        let share = if measured == 0 { 0.0 } else { f64::from(part.weight) * 100.0 / f64::from(measured) };
        let (result, missing) = match part.result {
            Ok(result) => (Some(result), None),
            Err(reason) => (None, Some(reason)),
        };
        let lost = result.as_ref().map(|result| tenth(share * badness(result.value, part.good, part.bad)));
        lost_in_all += lost.unwrap_or_default();
        let (text, value, worst) = result
            .map_or((None, None, Vec::new()), |result| (Some(result.text), Some(result.value), result.worst));
        lines.push(GradePart {
            part: part.code.to_owned(),
            measured: text,
            value,
            good: part.good,
            bad: part.bad,
            weight: part.weight,
            lost,
            missing,
            worst,
        });
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
    let score = (measured > 0).then(|| (100.0 - lost_in_all).clamp(0.0, 100.0).round() as u32);
    let letter =
        |score: u32| GRADES.iter().find(|(least, _)| score >= *least).map_or('E', |(_, letter)| *letter);
    Quality { grade: score.map(letter), score, parts: lines }
}

/// How far a value is from good (0) to bad (1); `good` may be the larger or the smaller of the two.
fn badness(value: f64, good: f64, bad: f64) -> f64 {
    ((value - good) / (bad - good)).clamp(0.0, 1.0)
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
