//! The grade: seven parts, each a measured value between a good and a bad threshold, and what holds it down.
//!
//! Every part has a weight. It costs nothing up to its good value, all of its weight from its bad value on, and a
//! straight share in between. What was not measured does not count: its weight is spread over the others in
//! proportion, and the part says why. A part that was seen in a share `s` only (of 44 packages 8 could be compared)
//! counts with `weight * s`. The score is 100 less what was lost, and each part that lost something says what would
//! bring the points back.
//!
//! | part | measured | good | bad | weight |
//! |---|---|---|---|---|
//! | complexity | functions with cognitive complexity above 15, the limit that Campbell's paper and the tools after it use, in percent | 2 | 15 | 20 |
//! | duplication | lines outside tests that are in a duplicate, original and copies alike, in percent (see [`crate::duplication`]) | 3 | 20 | 10 |
//! | tests | test files for each hundred source files with functions, or lines of test code for each hundred lines of source files with functions: whichever is more | 30 | 0 | 15 |
//! | dependencies | packages with a known vulnerability of medium severity or more, in percent of those compared; without those that only tests and examples name | 0 | 5 | 15 |
//! | security | weighted findings (critical 10, high 4, medium 1) for each 10,000 lines of code | 0 | 10 | 25 |
//! | `change_risk` | how often changes of the ten worst hotspots are fixes, in percent of how often changes of all other source files are; where the history ranks any | 150 | 300 | 10 |
//! | documentation | public functions and types with a documentation comment, in percent | 60 | 5 | 5 |
//!
//! The thresholds for complexity and duplication follow what the published quality models treat as usual (SIG's
//! maintainability model, `SonarQube`'s default gate: 3 % duplication). The others are ours: they are chosen so that
//! well-kept public projects lose little, and they are printed beside every grade.
//!
//! Two of them are held against the repository itself, because habits differ. Teams divide tests into few large files or
//! many small ones, so files and lines both count. Where every second subject begins with `fix:`, a hotspot of which
//! every second change is a fix is like the rest.
//!
//! An average hides the one thing that matters, so some facts hold the score down whatever else is good: below an A,
//! less than 75 points of weight measured, a known vulnerability of high severity in what the program runs with, a sure
//! secret or insecure pattern of that severity in shipped code; and below a C, a part for security that is lost twice
//! over.

mod gate;
mod held;
mod parts;
pub mod settings;
pub mod suppressions;
#[cfg(test)]
mod tests;

pub(crate) use held::is_bundled;

use std::collections::BTreeSet;

use crate::report::{
    AdvisoryCheck, Coverage, Dependency, Duplication, FileSummary, Finding, GradePart, Graph, History,
    Hotspot, LanguageShare, Manifest, Quality, Span,
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
    /// What shipped code imports, as it is written there: neither tests nor the configuration of tools are shipped.
    pub imported: &'a BTreeSet<&'a str>,
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
    /// Code that stands in several places.
    pub duplication: &'a Duplication,
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
    /// How much of what the part is about was seen, 0 to 1.
    seen: f64,
    worst: Vec<Span>,
    /// What must become true for nothing to be lost, as a sentence.
    regain: String,
}

/// A part, with what it measured or why it did not.
struct Part {
    code: &'static str,
    good: f64,
    bad: f64,
    weight: u32,
    result: Result<Measured, String>,
}

/// How the score comes about, for people.
pub const FORMULA: &str = "100 less the points each part lost. A part loses nothing at its good value, its whole weight \
                           at its bad value, and in between in proportion; the weights of parts that were not measured \
                           are spread over the others, and a part that was seen in part counts in part.";

/// Lowest scores of the grades A to D.
pub const GRADES: [(u32, char); 4] = [(85, 'A'), (70, 'B'), (55, 'C'), (40, 'D')];

/// Points of weight that must have been measured for any grade.
const MEASURED_FOR_GRADE: f64 = 40.0;

/// The grade and the table that produced it.
pub fn grade(input: &GradeInput<'_>) -> Quality {
    let parts = parts::all(input);
    let measured: f64 = parts.iter().map(Part::counted).sum();
    let lines: Vec<GradePart> = parts.into_iter().map(|part| line(part, measured)).collect();
    if measured < MEASURED_FOR_GRADE {
        let held = format!(
            "No grade: it needs {MEASURED_FOR_GRADE} of the 100 points of weight to be measured, and {} were.",
            tenth(measured)
        );
        return Quality { grade: None, score: None, parts: lines, held: Some(held), needs: Vec::new() };
    }
    let lost: f64 = lines.iter().filter_map(|part| part.lost).sum();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
    let reached = (100.0 - lost).clamp(0.0, 100.0).round() as u32;
    let against = held::AgainstA::of(input, measured);
    let (score, held) = held::hold(input, &lines, &against, reached);
    let letter = GRADES.iter().find(|(least, _)| score >= *least).map_or('E', |(_, letter)| *letter);
    let needs = held::needs(&against, measured);
    Quality { grade: Some(letter), score: Some(score), parts: lines, held, needs }
}

impl Part {
    /// The weight that counts: as much of it as was seen.
    fn counted(&self) -> f64 {
        self.result.as_ref().map_or(0.0, |result| f64::from(self.weight) * result.seen)
    }
}

/// The line of a part, where `measured` is the weight that counts in all.
fn line(part: Part, measured: f64) -> GradePart {
    let counted = part.counted();
    let mut line = GradePart {
        part: part.code.to_owned(),
        measured: None,
        value: None,
        good: part.good,
        bad: part.bad,
        weight: part.weight,
        seen: None,
        points: None,
        lost: None,
        regain: None,
        missing: None,
        worst: Vec::new(),
    };
    match part.result {
        Ok(result) => {
            let share = if measured > 0.0 { counted * 100.0 / measured } else { 0.0 };
            let lost = tenth(share * badness(result.value, part.good, part.bad));
            line.points = Some(tenth(share));
            line.lost = Some(lost);
            line.regain = (lost > 0.0).then_some(result.regain);
            line.measured = Some(result.text);
            line.value = Some(result.value);
            line.seen = Some(result.seen);
            line.worst = result.worst;
        }
        Err(reason) => line.missing = Some(reason),
    }
    line
}

/// How far a value is from good (0) to bad (1); `good` may be the larger or the smaller of the two.
fn badness(value: f64, good: f64, bad: f64) -> f64 {
    ((value - good) / (bad - good)).clamp(0.0, 1.0)
}

/// To one decimal, and never `-0.0`.
fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0 + 0.0
}
