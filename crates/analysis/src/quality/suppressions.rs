//! Findings that the repository itself says are not to be acted on, each with its reason.
//!
//! They are written in `devmentor.toml` or `.devmentor/suppressions.toml` at the root:
//!
//! ```toml
//! [[suppress]]
//! rule = "go.ssrf"            # the id of a rule; `secret.*` is all that begin so
//! path = "internal/proxy/**"  # a glob
//! reason = "The address comes from the operator's own configuration"
//! kind = "accepted_risk"      # or "false_positive", "not_used"
//! expires = 2027-01-31        # the last day; a must for an accepted risk
//! ```
//!
//! A suppressed finding stays in the report, apart from the others. What expired, names nothing any more or cannot be
//! read is said in a note. Days are those of the analysed commit, not of the reader, so that the same commit always
//! gives the same report.

use globset::{Glob, GlobBuilder, GlobMatcher};
use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::value::{Date, Datetime};

use super::settings::line_of;
use crate::report::{Finding, Note, Span, Suppressed, SuppressionKind};

/// Entries of one file; nobody writes more by hand.
const MAX_ENTRIES: usize = 2_000;

const DAY: i64 = 86_400;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    /// The id of a rule, or the beginning of one and `*`.
    pub rule: String,
    /// A glob over paths.
    pub path: String,
    /// Why, in the words of whoever wrote it.
    pub reason: String,
    /// What kind of reason that is.
    pub kind: SuppressionKind,
    /// The last day on which it counts, in days since the epoch.
    pub expires: Option<i64>,
    /// The line of the entry's rule.
    pub line: u32,
}

/// One entry as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    rule: Spanned<String>,
    path: String,
    reason: String,
    kind: SuppressionKind,
    expires: Option<Datetime>,
}

/// The entries of a file; `None` when there are too many or one is not whole: half of a list of exceptions is not what
/// its author meant. An entry needs a reason, and an accepted risk a last day.
pub(super) fn of_file(entries: Vec<Entry>, text: &str) -> Option<Vec<Suppression>> {
    if entries.len() > MAX_ENTRIES {
        return None;
    }
    entries.into_iter().map(|entry| entry_of(entry, text)).collect()
}

fn entry_of(entry: Entry, text: &str) -> Option<Suppression> {
    let expires = match &entry.expires {
        Some(moment) => Some(day(moment.date?)),
        None => None,
    };
    let must_expire = entry.kind == SuppressionKind::AcceptedRisk;
    // Only the source itself can say that.
    if entry.kind == SuppressionKind::InSource {
        return None;
    }
    if entry.reason.trim().is_empty() || glob(&entry.path).is_none() || (must_expire && expires.is_none()) {
        return None;
    }
    let line = line_of(text, entry.rule.span().start);
    let (rule, path) = (entry.rule.into_inner(), entry.path);
    Some(Suppression { rule, path, reason: entry.reason, kind: entry.kind, expires, line })
}

/// Days since the epoch (Howard Hinnant's `days_from_civil`).
fn day(date: Date) -> i64 {
    let (month, day) = (i64::from(date.month), i64::from(date.day));
    let year = i64::from(date.year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn glob(path: &str) -> Option<GlobMatcher> {
    GlobBuilder::new(path).literal_separator(true).build().ok().as_ref().map(Glob::compile_matcher)
}

impl Suppression {
    fn covers_rule(&self, rule: &str) -> bool {
        self.rule.strip_suffix('*').map_or(self.rule == rule, |start| rule.starts_with(start))
    }
}

/// Takes the suppressed findings out of the others, on the day of the commit. `files` are those with entries, by path;
/// the notes say which entries expired and which cover nothing.
pub fn apply(
    findings: Vec<Finding>,
    files: &[(&str, &[Suppression])],
    commit_time: i64,
) -> (Vec<Finding>, Vec<Suppressed>, Vec<Note>) {
    let today = commit_time.div_euclid(DAY);
    let mut entries: Vec<(Span, &Suppression, GlobMatcher, u32)> = Vec::new();
    let mut expired = Vec::new();
    for (path, entry) in files.iter().flat_map(|(path, list)| list.iter().map(move |entry| (path, entry))) {
        let place = Span::lines(*path, entry.line, entry.line);
        if entry.expires.is_some_and(|last| last < today) {
            expired.push(place);
        } else if let Some(matcher) = glob(&entry.path) {
            entries.push((place, entry, matcher, 0));
        }
    }
    let (mut open, mut suppressed) = (Vec::new(), Vec::new());
    for finding in findings {
        let covering = entries.iter_mut().find(|(_, entry, matcher, _)| {
            entry.covers_rule(&finding.rule) && matcher.is_match(&finding.span.path)
        });
        match covering {
            Some((place, entry, _, used)) => {
                *used += 1;
                suppressed.push(Suppressed {
                    finding,
                    kind: entry.kind,
                    reason: entry.reason.clone(),
                    by: place.clone(),
                });
            }
            None => open.push(finding),
        }
    }
    let unused: Vec<Span> =
        entries.into_iter().filter(|(.., used)| *used == 0).map(|(place, ..)| place).collect();
    let notes = note("suppression_expired", "expired and count no more", &expired).into_iter().chain(note(
        "suppression_unused",
        "cover no finding and can go",
        &unused,
    ));
    (open, suppressed, notes.collect())
}

fn note(code: &str, what: &str, places: &[Span]) -> Option<Note> {
    let named: Vec<String> =
        places.iter().take(3).map(|place| format!("{} line {}", place.path, place.start)).collect();
    let more = if places.len() > named.len() { " and others" } else { "" };
    (!places.is_empty()).then(|| Note {
        code: code.to_owned(),
        text: format!("Suppressions that {what}: {} ({}{more}).", places.len(), named.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::settings;
    use crate::report::{Confidence, FindingKind, Severity, SkipReason};
    use crate::source::SourceFile;

    const TEXT: &str = "[other]\nx = 1\n\n[[suppress]]\nrule = \"go.ssrf\"\npath = \"internal/**\"\nreason = \"Our own address\"\nkind = \"accepted_risk\"\nexpires = 2023-11-14\n\n[[suppress]]\nrule = \"secret.*\"\npath = \"**/*.pem\"\nreason = \"Made up\"\nkind = \"false_positive\"\n";

    fn read_text(path: &str, text: &str) -> Option<Result<Vec<Suppression>, SkipReason>> {
        let read = settings::examine(&SourceFile { path, executable: false, bytes: text.as_bytes() })?;
        Some(read.map(|settings| settings.suppressions))
    }

    fn finding(rule: &str, path: &str) -> Finding {
        Finding {
            fingerprint: crate::finding::fingerprint(&[rule, path]),
            rule: rule.into(),
            kind: FindingKind::Security,
            severity: Severity::High,
            confidence: Confidence::High,
            message: "m".into(),
            span: Span::lines(path, 3, 3),
            symbol: None,
            package: None,
            in_test: false,
            in_example: false,
        }
    }

    #[test]
    fn suppressed_findings_stay_in_sight_and_expire_on_the_day_of_the_commit() {
        let entries = read_text("devmentor.toml", TEXT).expect("its name").expect("whole");
        assert_eq!(entries.iter().map(|entry| entry.line).collect::<Vec<_>>(), [5, 12]);
        let findings = || vec![finding("go.ssrf", "internal/a/b.go"), finding("go.ssrf", "cmd/b.go")];
        let last_second = 1_700_006_399;
        assert_eq!(entries[0].expires, Some(last_second / DAY), "2023-11-14 ends in that second");
        let files = [("devmentor.toml", entries.as_slice())];
        let (open, suppressed, notes) = apply(findings(), &files, last_second);
        assert_eq!((open.len(), suppressed.len()), (1, 1));
        assert_eq!(suppressed[0].by, Span::lines("devmentor.toml", 5, 5));
        let codes: Vec<&str> = notes.iter().map(|note| note.code.as_str()).collect();
        assert_eq!(codes, ["suppression_unused"], "no secret was found");
        let (open, suppressed, notes) = apply(findings(), &files, last_second + 1);
        assert_eq!((open.len(), suppressed.len()), (2, 0));
        assert_eq!(notes[0].code, "suppression_expired");
        assert_eq!(notes[0].text, "Suppressions that expired and count no more: 1 (devmentor.toml line 5).");
    }

    #[test]
    fn half_a_list_is_no_list() {
        assert!(read_text("sub/devmentor.toml", TEXT).is_none(), "only at the root");
        for wrong in [
            TEXT.replace("expires = 2023-11-14\n", ""),
            TEXT.replace("Our own address", " "),
            TEXT.replace("\"accepted_risk\"", "\"never_mind\""),
            TEXT.replace("\"false_positive\"", "\"in_source\""),
            TEXT.replace("internal/**", "{"),
            "[[suppress".to_owned(),
        ] {
            assert_eq!(read_text("devmentor.toml", &wrong), Some(Err(SkipReason::Malformed)), "{wrong}");
        }
        assert_eq!(read_text("devmentor.toml", "[other]\n"), Some(Ok(Vec::new())));
    }
}
