//! Credentials of the history among the other findings: suppressions cover both alike.

use std::collections::{BTreeMap, HashSet};

use super::parts::{accepted, rules_in_use, suppressing};
use super::{FileEntry, Input, Joins};
use crate::finding;
use crate::past::{self, Joined, Tip};
use crate::quality::suppressions;
use crate::report::{Finding, Note, PastSecrets, RuleInfo, Suppressed};

/// What is left of the findings, and what is not.
pub(super) struct Judged {
    pub(super) findings: Vec<Finding>,
    pub(super) suppressed: Vec<Suppressed>,
    /// The rules of both, and of the credentials of the history.
    pub(super) rules: BTreeMap<String, RuleInfo>,
    pub(super) past_secrets: Option<PastSecrets>,
    /// Suppressions that expired or cover nothing.
    pub(super) notes: Vec<Note>,
}

/// Puts the findings in order and takes out what the repository suppresses. `advisories` are the rules of vulnerabilities.
pub(super) fn judge(
    input: &Input,
    mut findings: Vec<Finding>,
    advisories: BTreeMap<String, RuleInfo>,
    joins: &mut Joins,
) -> Judged {
    let joined = found(input);
    let of_past = add(joined.as_ref().map(|joined| &joined.past), &mut findings);
    finding::sort(&mut findings);
    let in_source = accepted(&input.files);
    let told = findings.iter().chain(in_source.iter().map(|one| &one.finding));
    let rules = rules_in_use(told, advisories, joins);
    let (mut findings, mut suppressed, notes) =
        suppressions::apply(findings, &suppressing(&input.files), input.commit.time);
    suppressed.extend(in_source);
    let past_secrets = part(joined, &of_past, &mut findings, &mut suppressed);
    Judged { findings, suppressed, rules, past_secrets, notes }
}

/// The credentials of the history, where it was searched for them.
fn found(input: &Input) -> Option<Joined> {
    let past = input.past.as_ref()?;
    let attributes = |file: &FileEntry| Some((file.path.clone(), file.facts.rare().attributes.clone()?));
    let attributes: Vec<(String, String)> = input.files.iter().filter_map(attributes).collect();
    let attributes: Vec<(&str, &str)> =
        attributes.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let secrets = input.files.iter().flat_map(|file| &file.facts.inventory.secrets);
    Some(past::join(past, &Tip::new(secrets, &attributes)))
}

/// Adds those of the history to the findings, but for what is there already; the fingerprints of what was added.
fn add(past: Option<&PastSecrets>, findings: &mut Vec<Finding>) -> HashSet<String> {
    let Some(past) = past else { return HashSet::new() };
    let known: HashSet<&str> = findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
    let of_past = past.secrets.iter().map(|secret| &secret.finding);
    let new: Vec<Finding> =
        of_past.filter(|finding| !known.contains(finding.fingerprint.as_str())).cloned().collect();
    let added = new.iter().map(|finding| finding.fingerprint.clone()).collect();
    findings.extend(new);
    added
}

/// Takes out again what was added, and out of the history what is suppressed; what is left gets the fingerprints that
/// last.
fn part(
    joined: Option<Joined>,
    added: &HashSet<String>,
    findings: &mut Vec<Finding>,
    suppressed: &mut Vec<Suppressed>,
) -> Option<PastSecrets> {
    let Joined { mut past, mut lasting } = joined?;
    let covered: HashSet<String> = suppressed.iter().map(|one| one.finding.fingerprint.clone()).collect();
    findings.retain(|finding| !added.contains(&finding.fingerprint));
    suppressed.retain(|one| !added.contains(&one.finding.fingerprint));
    past.secrets.retain(|secret| !covered.contains(&secret.finding.fingerprint));
    past.total = u32::try_from(past.secrets.len()).unwrap_or(u32::MAX);
    past.secrets.truncate(PastSecrets::LISTED);
    for secret in &mut past.secrets {
        if let Some(own) = lasting.remove(&secret.finding.fingerprint) {
            secret.finding.fingerprint = own;
        }
    }
    Some(past)
}

#[cfg(test)]
mod tests {
    use crate::advisories::AdvisoryAnswer;
    use crate::pipeline::{FileEntry, Input, assemble, examine};
    use crate::report::{AdvisoryState, Commit, Report, Span, SuppressionKind};
    use crate::source::{HistoryInput, SourceFile};

    fn report(path: &str, text: &str) -> Report {
        let facts = examine(&SourceFile { path, executable: false, bytes: text.as_bytes() }).into();
        let input = Input {
            commit: Commit { id: "0".repeat(40), branch: None, time: 0, subject: String::new() },
            files: vec![FileEntry { path: path.to_owned(), bytes: text.len() as u64, facts }],
            skipped: Vec::new(),
            notes: Vec::new(),
            history: HistoryInput::default(),
            past: None,
            tree_files: 1,
            tree_bytes: text.len() as u64,
        };
        let answer = AdvisoryAnswer {
            state: AdvisoryState::NotChecked { reason: String::new() },
            covered: Vec::new(),
            records: Vec::new(),
        };
        assemble(input, &mut |_| {}, &mut |_| answer.clone())
    }

    #[test]
    fn what_the_source_accepts_is_among_the_suppressed_and_explained() {
        let text = "import os\ndef f(a):\n    os.system('ls ' + a)\n";
        let open = report("a.py", text);
        assert_eq!((open.findings.len(), open.suppressed.len()), (1, 0));
        let marked = report("a.py", &text.replace("+ a)", "+ a)  # nosec"));
        let [suppressed] = marked.suppressed.as_slice() else { panic!("{:?}", marked.suppressed) };
        assert!(marked.findings.is_empty() && marked.rules.contains_key(&suppressed.finding.rule));
        assert_eq!(
            (suppressed.kind, &suppressed.by),
            (SuppressionKind::InSource, &Span::lines("a.py", 3, 3))
        );
        assert_eq!(suppressed.reason, "Accepted in the source by `nosec`");
    }
}
