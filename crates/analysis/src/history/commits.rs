//! Which commits are work on the files they touch.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;
use foldhash::fast::RandomState;
use serde::Deserialize;

use crate::source::{CommitRecord, HistoryInput};
use crate::table;

const DATA: &str = table!("rules/commits");

/// Files a commit may always touch without being sweeping, and the share of all files above that.
const SWEEPING_FILES: usize = 50;
const SWEEPING_PERCENT: usize = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    bot_parts: Vec<String>,
    bot_endings: Vec<String>,
    fixes: Vec<String>,
    faults: Vec<String>,
    mending: Vec<String>,
    not_fixes: Vec<String>,
    not_code: Vec<String>,
    taken_back: Vec<String>,
    sweeping_texts: Vec<String>,
}

/// What a commit counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Merge,
    Bot,
    Sweeping,
    Work,
}

/// What a word of a subject says: which of the lists of [`Words`] name it.
mod says {
    pub(super) const FIX: u8 = 1;
    pub(super) const FAULT: u8 = 1 << 1;
    pub(super) const MENDING: u8 = 1 << 2;
    pub(super) const NO_FIX: u8 = 1 << 3;
    pub(super) const NO_CODE: u8 = 1 << 4;
    pub(super) const TAKEN_BACK: u8 = 1 << 5;
}

/// Tells commits apart.
pub(super) struct Classifier {
    /// Finds the texts about layout; `None` where there are none.
    layout: Option<AhoCorasick>,
    /// What each word says, of those that say something.
    words: HashMap<String, u8, RandomState>,
    /// For each person, whether it is a program.
    bots: Vec<bool>,
    most_files: usize,
}

impl Classifier {
    /// For the commits after a time; of who wrote none of them nothing is known.
    pub(super) fn new(input: &HistoryInput, files: usize, since: i64) -> Self {
        // A test reads the data, so that it is never empty here.
        let words: Words = table::read(DATA).unwrap_or_default();
        let parts = AhoCorasick::new(&words.bot_parts).ok();
        let is_bot = |person: &crate::source::Person| {
            let (name, email) = (person.name.to_lowercase(), person.email.to_lowercase());
            parts.as_ref().is_some_and(|parts| parts.is_match(&name) || parts.is_match(&email))
                || words.bot_endings.iter().any(|ending| name.ends_with(ending))
        };
        let mut wrote = vec![false; input.people.len()];
        for commit in input.commits.iter().filter(|commit| commit.time > since) {
            if let Some(wrote) = usize::try_from(commit.author).ok().and_then(|author| wrote.get_mut(author))
            {
                *wrote = true;
            }
        }
        let bots = input.people.iter().zip(wrote).map(|(person, wrote)| wrote && is_bot(person)).collect();
        let Words { fixes, faults, mending, not_fixes, not_code, taken_back, sweeping_texts, .. } = words;
        let lists = [
            (fixes, says::FIX),
            (faults, says::FAULT),
            (mending, says::MENDING),
            (not_fixes, says::NO_FIX),
            (not_code, says::NO_CODE),
            (taken_back, says::TAKEN_BACK),
        ];
        let mut words: HashMap<String, u8, RandomState> = HashMap::default();
        for (list, says) in lists {
            for word in list {
                *words.entry(word).or_default() |= says;
            }
        }
        let most_files = SWEEPING_FILES.max(files * SWEEPING_PERCENT / 100);
        Self { layout: AhoCorasick::new(sweeping_texts).ok(), words, bots, most_files }
    }

    /// What the words of a text say together.
    fn said(&self, text: &str) -> u8 {
        let words = text.split(|letter: char| !letter.is_alphanumeric());
        words.filter_map(|word| self.words.get(word)).fold(0, |all, said| all | said)
    }

    pub(super) fn class(&self, commit: &CommitRecord) -> Class {
        let bot = usize::try_from(commit.author).ok().and_then(|author| self.bots.get(author));
        if commit.parents > 1 {
            return Class::Merge;
        }
        if bot.copied().unwrap_or(false) {
            return Class::Bot;
        }
        let about_layout =
            || self.layout.as_ref().is_some_and(|texts| texts.is_match(&commit.subject.to_lowercase()));
        if commit.changes_cut || commit.changes.len() > self.most_files || about_layout() {
            return Class::Sweeping;
        }
        Class::Work
    }

    /// Whether a subject says that an earlier commit is taken back.
    pub(super) fn is_revert(subject: &str) -> bool {
        let first = subject.split(|letter: char| !letter.is_alphanumeric()).next();
        first.is_some_and(|word| ["revert", "reverts"].iter().any(|revert| word.eq_ignore_ascii_case(revert)))
    }

    /// Whether a subject says that something was broken and is mended.
    pub(super) fn is_fix(&self, subject: &str) -> bool {
        let subject = without_references(&subject.to_lowercase());
        let (kind, scope, text) = conventional(&subject).unwrap_or(("", "", &subject));
        let said = self.said(text);
        // What takes a commit back may take back a new feature, and mends nothing that the lines themselves had.
        if Self::is_revert(&subject) || said & says::TAKEN_BACK != 0 {
            return false;
        }
        let mended = says::FAULT | says::MENDING;
        let says_so = said & says::FIX != 0 || said & mended == mended;
        let mends = if kind.is_empty() { says_so } else { kind == "fix" };
        mends && said & says::NO_FIX == 0 && self.said(scope) & says::NO_CODE == 0
    }
}

/// Type, scope and description of a subject by the convention `type(scope)!: description`; the scope may be missing.
fn conventional(subject: &str) -> Option<(&str, &str, &str)> {
    const TYPES: [&str; 13] = [
        "build", "chore", "ci", "deps", "docs", "feat", "fix", "perf", "refactor", "release", "revert",
        "style", "test",
    ];
    let (head, text) = subject.split_once(':')?;
    let head = head.trim_end_matches('!');
    let (kind, scope) = head.split_once('(').unwrap_or((head, ""));
    TYPES.contains(&kind).then(|| (kind, scope.trim_end_matches(')'), text))
}

/// The subject without what stands in brackets and names an issue or another change: `(fix #12)` says which one is
/// closed, and new features close issues too.
fn without_references(subject: &str) -> String {
    let mut rest = subject;
    let mut kept = String::with_capacity(subject.len());
    while let Some((before, behind)) = rest.split_once('(') {
        let Some((inside, after)) = behind.split_once(')') else { break };
        kept.push_str(before);
        if !inside.contains('#') {
            kept.push('(');
            kept.push_str(inside);
            kept.push(')');
        }
        rest = after;
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_can_be_read() {
        let words: Words = table::read(DATA).expect("the data of this crate");
        assert!(words.bot_parts.len() > 10 && words.fixes.len() > 5);
    }

    #[test]
    fn fixes_are_told_by_whole_words() {
        let classifier = Classifier::new(&HistoryInput::default(), 0, 0);
        for subject in [
            "Fix a crash when empty",
            "net: fixes #12",
            "fix(hmr)!: keep state (#12)",
            "bug: wrong total",
            "Prevent a leak",
        ] {
            assert!(classifier.is_fix(subject), "{subject}");
        }
        for subject in [
            "Add a prefix tree",
            "Fix typo in README",
            "fix clippy warnings",
            "Debugging aids",
            "Affix label",
            "Compute the leak share of growing objects",
            "Crash when a reference reader surfaces a null reference",
            "feat: a second parser (fix #12)",
            "Add a second parser (fixes #12)",
            "feat(cli): fix the width on demand",
            "fix(deps): update all non-major dependencies",
            "fix(docs): dead link",
            "Revert \"New parser\"",
            "fix: revert, \"fix: resolve from the root\"",
            "revert: fix: resolve from the root",
        ] {
            assert!(!classifier.is_fix(subject), "{subject}");
        }
    }
}
