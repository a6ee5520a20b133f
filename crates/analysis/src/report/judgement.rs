//! The grade and the insights.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Severity, Span};
use crate::check::Check;

/// The grade and what produced it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quality {
    /// `A` to `E`; `None` when too little could be measured.
    pub grade: Option<char>,
    /// 0 to 100; `None` when too little could be measured.
    pub score: Option<u32>,
    /// The parts, in a fixed order. Those that were not measured do not count.
    pub parts: Vec<GradePart>,
    /// Why the score is lower than 100 less what was lost, and at what it is held, or why there is none. One sentence.
    #[serde(default)]
    pub held: Option<String>,
    /// What an A needs besides points, and what is not so now.
    #[serde(default)]
    pub needs: Vec<GradeNeed>,
}

/// Something that holds a score below an A, however little was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GradeNeed {
    /// What must become so. One sentence.
    pub text: String,
    /// The parts that are about the same; none where it is about all of them.
    pub parts: Vec<String>,
}

/// One line of the table that produced the grade.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GradePart {
    /// Stable code: `complexity`, `duplication`, `tests`, `dependencies`, `security`, `change_risk`, `documentation`.
    pub part: String,
    /// What was measured, with its value, as a sentence: "6 % of functions are above 15".
    pub measured: Option<String>,
    /// The measured value in the threshold's unit.
    pub value: Option<f64>,
    /// Value at which nothing is lost.
    pub good: f64,
    /// Value at which the whole weight is lost.
    pub bad: f64,
    /// Points this part can cost where every part was measured; see [`Self::points`].
    pub weight: u32,
    /// How much of what the part is about was seen, from 0 to 1: only this share of the weight counts. `None` when
    /// the part was not measured.
    #[serde(default)]
    pub seen: Option<f64>,
    /// Points this part can cost in this report: its weight as far as it was seen, after the weight of what was not
    /// measured was spread over the others; one decimal. `None` when the part was not measured.
    #[serde(default)]
    pub points: Option<f64>,
    /// Of these points, those that were lost; one decimal.
    pub lost: Option<f64>,
    /// What would bring the lost points back, as the rest of a sentence about what was measured; `None` where none is
    /// lost.
    #[serde(default)]
    pub regain: Option<String>,
    /// Why it was not measured.
    pub missing: Option<String>,
    /// The worst places; at most three.
    pub worst: Vec<Span>,
}

impl GradePart {
    /// Whether doing what an insight of this kind says improves the part. Documentation has none: no single place is
    /// to blame for a missing comment.
    pub fn is_answered_by(&self, kind: &str) -> bool {
        let part = self.part.as_str();
        match kind {
            "vulnerable_dependency" => part == "dependencies",
            "secret" | "insecure_code" => part == "security",
            "hard_function" => matches!(part, "complexity" | "change_risk"),
            "often_fixed" => part == "change_risk",
            "duplicated_code" => part == "duplication",
            "missing_tests" => part == "tests",
            _ => false,
        }
    }

    /// Between which values points are lost, and of what: "all points up to 2 %, none from 15 % of the functions".
    pub fn scale(&self) -> String {
        let (unit, of) = match self.part.as_str() {
            "complexity" => (" %", " of the functions"),
            "duplication" => (" %", " of the lines"),
            "tests" => (" %", " of the source files or of their lines"),
            "dependencies" => (" %", " of the package versions"),
            // The weighted findings of 10,000 lines are no share of anything.
            "security" => {
                ("", " in 10,000 lines: 10 for a critical finding, 4 for a high one, 1 for a medium one")
            }
            "change_risk" => (" %", " of the share elsewhere"),
            "documentation" => (" %", " of the public functions and types"),
            _ => ("", ""),
        };
        let (good, bad) = (self.good, self.bad);
        if good <= bad {
            format!("all points up to {good}{unit}, none from {bad}{unit}{of}")
        } else {
            format!("all points from {good}{unit}, none up to {bad}{unit}{of}")
        }
    }
}

/// Something worth doing, with its proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Insight {
    /// Identifies the insight across analyses. Hexadecimal, 32 digits.
    pub fingerprint: String,
    /// What kind, as a stable code such as `vulnerable_dependency`.
    pub kind: String,
    /// How much it matters.
    pub severity: Severity,
    /// Imperative: "Raise `tokio` to 1.38.2".
    pub title: String,
    /// Why it matters here, in one or two sentences with the numbers.
    pub why: String,
    /// What shows it; two to six.
    pub evidence: Vec<Evidence>,
    /// How much work.
    pub effort: Effort,
    /// What will prove that it is done.
    pub check: Check,
    /// Value for effort, the rank's key; 0 to 100.
    pub rank: u32,
    /// At most half an hour of work, and the check can be run.
    pub quick_win: bool,
}

/// Something a reader can follow to convince themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Evidence {
    /// Lines of a file.
    Span {
        /// Where.
        span: Span,
        /// What is to be seen there.
        note: String,
    },
    /// An advisory.
    Advisory {
        /// Its id.
        id: String,
        /// What it says.
        note: String,
    },
    /// A commit.
    Commit {
        /// Object id, in hexadecimal.
        id: String,
        /// Its subject.
        note: String,
    },
    /// A measured value.
    Metric {
        /// Its name.
        name: String,
        /// Its value, with the unit and the sample.
        note: String,
    },
}

/// How much work, as a range, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Effort {
    /// At least, in minutes.
    pub min_minutes: u32,
    /// At most, in minutes.
    pub max_minutes: u32,
    /// Why: "1 file, 3 callers".
    pub reason: String,
}

/// Effort of a quick win, at most, in minutes. It takes nothing from the worth of an insight.
pub const QUICK_MINUTES: u32 = 30;

impl Effort {
    /// Its middle, in minutes.
    pub fn middle(&self) -> f64 {
        f64::from(self.min_minutes + self.max_minutes) / 2.0
    }

    /// How much of what an insight is worth is left after this effort, from 0.4 to 1: half an hour costs nothing, and
    /// each doubling of the middle beyond it a twentieth. Effort matters, but not as much as what is at stake.
    pub fn leaves(&self) -> f64 {
        let doublings = (self.middle() / f64::from(QUICK_MINUTES)).log2().max(0.0);
        (1.0 - 0.05 * doublings).max(0.4)
    }

    /// The range as people say it: minutes below one and a half hours, hours up to two working days, then working
    /// days of eight hours, all to the nearest half and at least one: "10 to 30 min", "1 to 4 h", "2.5 days".
    pub fn range(&self) -> String {
        let (unit, name) = match self.max_minutes {
            0..90 => (1, "min"),
            90..=960 => (60, "h"),
            _ => (480, "days"),
        };
        let halves = |minutes: u32| ((u64::from(minutes) * 4 + unit) / (2 * unit)).max(1);
        let text =
            |halves: u64| format!("{}{}", halves / 2, if halves.is_multiple_of(2) { "" } else { ".5" });
        let (low, high) = (halves(self.min_minutes), halves(self.max_minutes));
        if low == high {
            format!("{} {name}", text(high))
        } else {
            format!("{} to {} {name}", text(low), text(high))
        }
    }
}
