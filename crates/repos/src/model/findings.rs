//! Findings, and what people decide about them.

use analysis::report::{self, FindingKind, Severity};
use base::Timestamp;
use base::id::{AnalysisId, FindingId, RepoId, SuppressionId, UserId};
use events::SeverityCounts;
use serde::{Deserialize, Serialize};

words! {
    /// Whether a finding is still there.
    FindingState {
        /// The newest analysis has it.
        Open = "open",
        /// The newest analysis no longer has it.
        Gone = "gone",
    }
    /// Where a finding stands for people.
    FindingStand {
        /// Still there and to be looked at.
        Open = "open",
        /// Still there, and somebody decided not to act on it.
        Suppressed = "suppressed",
        /// No longer there.
        Gone = "gone",
    }
    /// How long ago a finding was first seen.
    FindingAge {
        /// Within a day.
        Day = "day",
        /// Within a week.
        Week = "week",
        /// Within 30 days.
        Month = "month",
        /// Within a quarter.
        Quarter = "quarter",
        /// Longer ago.
        Older = "older",
    }
    /// What findings are counted by.
    FindingFacet {
        /// How bad they are.
        Severity = "severity",
        /// What kind.
        Kind = "kind",
        /// The rule.
        Rule = "rule",
        /// Shipped code or not.
        Code = "code",
        /// The folder of the root.
        Folder = "folder",
        /// The language.
        Language = "language",
        /// Who made most of the changes to the folder.
        Owner = "owner",
        /// Since when.
        Age = "age",
        /// New or not.
        New = "new",
        /// Where they stand.
        State = "state",
    }
    /// Reasons not to act on a finding.
    SuppressionKind {
        /// The rule is wrong here.
        FalsePositive = "false_positive",
        /// It is right, and somebody answers for leaving it, for a while.
        AcceptedRisk = "accepted_risk",
        /// It is only in code for tests.
        TestCode = "test_code",
        /// Nobody writes that code by hand.
        GeneratedCode = "generated_code",
        /// A task has it.
        Tracked = "tracked",
        /// It is right, and stays.
        WontFix = "wont_fix",
    }
    /// What a suppression is about.
    SuppressionScope {
        /// Single findings.
        Findings = "findings",
        /// A rule in a file.
        File = "file",
        /// A rule below a folder.
        Folder = "folder",
        /// A rule anywhere in the repository.
        Rule = "rule",
    }
}

/// Open findings of a repository by severity. What people suppressed is in neither half.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FindingTally {
    /// In code that is shipped.
    pub shipped: SeverityCounts,
    /// In tests, examples and fixtures.
    pub tests: SeverityCounts,
    /// How many people suppressed.
    pub suppressed: u64,
}

/// A finding as it lives on across analyses.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Identifies it.
    pub id: FindingId,
    /// Of which repository.
    pub repo: RepoId,
    /// Identifies it inside reports.
    pub fingerprint: String,
    /// The rule that gave it.
    pub rule: String,
    /// What kind.
    pub kind: FindingKind,
    /// How bad.
    pub severity: Severity,
    /// The file.
    pub path: String,
    /// The first line; 0 means the file as a whole.
    pub line: u32,
    /// What was found, in one sentence.
    pub message: String,
    /// Whether it is in code that is not shipped: tests, examples, fixtures.
    pub in_test: bool,
    /// Whether it is still there.
    pub state: FindingState,
    /// The analysis that first had it.
    pub first_analysis: AnalysisId,
    /// The analysis that last had it.
    pub last_analysis: AnalysisId,
    /// When it was first seen.
    pub first_seen_at: Timestamp,
    /// When it was last seen.
    pub last_seen_at: Timestamp,
    /// Since when it is there without a break: when it was first seen, or came back after it was gone.
    pub opened_at: Timestamp,
    /// The analysis that saw it then.
    pub opened_in: AnalysisId,
    /// Where it stands among those of its severity: worse ones first.
    pub place: u32,
    /// Who suppressed it, where somebody did; also when that is over.
    pub suppression: Option<SuppressionMark>,
    /// The whole finding, where the newest report still has it.
    pub detail: Option<report::Finding>,
    /// The language of its file, where the newest report knows one.
    pub language: Option<String>,
    /// Who made most of the changes to its folder, as pages call them. Only lists have it, as what follows.
    pub owner: Option<String>,
    /// Whether the newest analysis has it and the one before did not; never after the first of all.
    pub is_new: bool,
}

/// That somebody suppressed a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuppressionMark {
    /// The decision.
    pub id: SuppressionId,
    /// When it ends; `None`: when somebody takes it back.
    pub until: Option<Timestamp>,
}

impl Finding {
    /// Whether somebody suppressed it, and that is not over.
    pub fn is_suppressed(&self, now: Timestamp) -> bool {
        self.suppression.is_some_and(|mark| mark.until.is_none_or(|until| until > now))
    }
}

/// Which findings are wanted. Empty lists and `None` do not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingFilter {
    /// Any of these severities.
    pub severities: Vec<Severity>,
    /// Any of these kinds.
    pub kinds: Vec<FindingKind>,
    /// Any of these rules.
    pub rules: Vec<String>,
    /// In shipped code or not.
    pub in_test: Option<bool>,
    /// Any of these folders of the root; empty for the root itself.
    pub folders: Vec<String>,
    /// Any of these languages.
    pub languages: Vec<String>,
    /// Any of these people, as pages call them.
    pub owners: Vec<String>,
    /// Any of these ages.
    pub ages: Vec<FindingAge>,
    /// Only those that the newest analysis has and the one before did not.
    pub new: bool,
    /// Also those that the baseline hides.
    pub before_baseline: bool,
    /// Exactly this file, or any file below this folder; letters in the case they are written in.
    pub path: Option<String>,
    /// Text in the message, the path or the rule's id. It is taken literally; the letters a to z are found in any
    /// case, all others as they are written.
    pub text: Option<String>,
    /// Where they stand; `None`: anywhere.
    pub state: Option<FindingStand>,
}

/// Findings with what a filter bar shows beside them.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingPage {
    /// The rows: shipped code first, then the most severe, each in the order in which they are read.
    pub page: base::Page<Finding>,
    /// How many more would pass the filters without the baseline.
    pub before_baseline: u64,
    /// The baseline, where there is one.
    pub baseline: Option<Baseline>,
    /// For each facet and value, how many rows pass all other filters, the most first. A facet has at most 100 values.
    pub facets: Vec<(FindingFacet, Vec<(String, u64)>)>,
    /// What people said of the rules of these rows.
    pub verdicts: Vec<(String, RuleVerdicts)>,
    /// What the reader said of these rows.
    pub own_verdicts: Vec<(FindingId, bool)>,
    /// The decisions behind these rows.
    pub suppressions: Vec<Suppression>,
}

/// How often people found a rule useful.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleVerdicts {
    /// Findings that somebody judged.
    pub judged: u64,
    /// Of these judgements, how many found the finding useful.
    pub useful: u64,
}

/// From when on findings count as new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// The analysis that had them last.
    pub analysis: Option<AnalysisId>,
    /// What is there without a break since then or before is hidden.
    pub before: Option<Timestamp>,
    /// When that was decided.
    pub set_at: Timestamp,
    /// By whom.
    pub set_by: UserId,
    /// Counts edits.
    pub version: i64,
}

/// A decision not to act on findings. It is kept here, not in the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// Identifies it.
    pub id: SuppressionId,
    /// Of which repository.
    pub repo: RepoId,
    /// What kind of reason there is.
    pub kind: SuppressionKind,
    /// The reason in words; may be empty where the kind says enough.
    pub reason: String,
    /// What it is about.
    pub scope: SuppressionScope,
    /// The rule; `None` where it is about single findings.
    pub rule: Option<String>,
    /// The file or the folder, where it is about one.
    pub path: Option<String>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: UserId,
    /// Counts edits.
    pub version: i64,
    /// Open findings that it keeps out of the counts; where several cover one, that which ends last.
    pub findings: u64,
}

/// What a suppression is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SuppressionTarget {
    /// These findings.
    Findings(Vec<FindingId>),
    /// Every finding that passes a filter now.
    Filter(Box<FindingFilter>),
    /// What a rule finds in a file.
    File {
        /// The rule.
        rule: String,
        /// The file.
        path: String,
    },
    /// What a rule finds below a folder.
    Folder {
        /// The rule.
        rule: String,
        /// The folder.
        path: String,
    },
    /// What a rule finds anywhere.
    Rule {
        /// The rule.
        rule: String,
    },
}

/// A suppression to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSuppression {
    /// What kind of reason there is.
    pub kind: SuppressionKind,
    /// The reason in words.
    pub reason: String,
    /// What it is about.
    pub target: SuppressionTarget,
    /// After how many days it ends by itself.
    pub days: Option<u32>,
}

impl SuppressionTarget {
    /// What it is about.
    pub fn scope(&self) -> SuppressionScope {
        match self {
            Self::Findings(_) | Self::Filter(_) => SuppressionScope::Findings,
            Self::File { .. } => SuppressionScope::File,
            Self::Folder { .. } => SuppressionScope::Folder,
            Self::Rule { .. } => SuppressionScope::Rule,
        }
    }

    /// The rule and the place, where it is about these.
    pub fn rule_and_path(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Self::Findings(_) | Self::Filter(_) => (None, None),
            Self::File { rule, path } | Self::Folder { rule, path } => (Some(rule), Some(path)),
            Self::Rule { rule } => (Some(rule), None),
        }
    }
}

impl FindingAge {
    /// How old something is that was first seen then.
    pub fn of(seen: Timestamp, now: Timestamp) -> Self {
        match now.since(seen).as_secs() / 86_400 {
            0 => Self::Day,
            1..7 => Self::Week,
            7..30 => Self::Month,
            30..92 => Self::Quarter,
            _ => Self::Older,
        }
    }
}

/// What somebody is called where nobody is to be named: `Contributor A`, after `Z` comes `AA`.
pub fn unnamed(position: usize) -> String {
    let mut left = position + 1;
    let mut letters = String::new();
    while left > 0 {
        left -= 1;
        letters.insert(0, char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    format!("Contributor {letters}")
}

/// Whether a path is below a folder of the repository; with `/` at its end or not.
pub(crate) fn is_below(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_after_the_last_one() {
        let shown = [0, 1, 25, 26, 51, 52, 701, 702].map(unnamed);
        let expected = ["A", "B", "Z", "AA", "AZ", "BA", "ZZ", "AAA"].map(|it| format!("Contributor {it}"));
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_folder_has_what_is_below_it_alone() {
        let below = |path, folder| is_below(path, folder);
        assert!(below("src/a.rs", "src") && below("src/a/b.rs", "src/") && below("src/a.rs", "src//"));
        assert!(!below("src", "src") && !below("src0/a.rs", "src") && !below("lib/src/a.rs", "src"));
    }
}
