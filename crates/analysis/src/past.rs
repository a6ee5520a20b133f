//! Credentials in the history: what once stood in a file is in every copy of the repository, also when it is gone.
//!
//! The rules and exceptions are those of the analysed commit's own files ([`crate::inventory`]); who reads the contents
//! of the history, and how far back, is the caller's business. A repository can wish for it in its `devmentor.toml`:
//!
//! ```toml
//! [history]
//! secrets = true
//! ```

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::finding::{RawFinding, findings_of_file, fingerprint};
use crate::inventory::{self, Attributes, FileInventory};
use crate::report::{CommitRef, Finding, PastSecret, PastSecrets};
use crate::source::SourceFile;

/// What was found in the contents of the history.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastInput {
    /// Commits whose contents were looked at.
    pub commits: u32,
    /// Whether there are others.
    pub truncated: bool,
    /// What looks like a credential, in the order of the commits.
    pub sightings: Vec<Sighting>,
    /// The commits that brought them, by their numbers.
    pub named: BTreeMap<u32, CommitRef>,
}

/// Something that looks like a credential and was not in the file before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// The number of the commit that brought it: the newest one is 0.
    pub commit: u32,
    /// The file.
    pub path: String,
    /// What was found.
    pub secret: RawFinding,
}

/// What looks like a credential in one content of the history; `None` where the content has nothing of the kind,
/// whatever it is called.
pub fn examine(file: &SourceFile<'_>) -> Option<Vec<RawFinding>> {
    inventory::secrets_of(file)
}

/// What the analysed commit says about what was found.
pub(crate) struct Tip<'a> {
    /// What its own findings of this kind are about, whichever rule saw it: their anchors.
    secrets: BTreeSet<&'a str>,
    attributes: Attributes,
}

impl<'a> Tip<'a> {
    /// `attributes` are the texts of the `.gitattributes` files, by path.
    pub(crate) fn new(secrets: impl Iterator<Item = &'a RawFinding>, attributes: &[(&str, &str)]) -> Self {
        Self {
            secrets: secrets.map(|raw| raw.anchor.as_str()).collect(),
            attributes: Attributes::parse(attributes),
        }
    }

    /// Whether somebody else's file, or one that a program wrote, by the word of the repository.
    fn leaves_out(&self, path: &str) -> bool {
        let mut inventory = FileInventory::default();
        self.attributes.apply(path, &mut inventory);
        inventory.vendored || inventory.generated
    }
}

/// What the history holds, under the fingerprints that findings at those places have in files.
pub(crate) struct Joined {
    pub(crate) past: PastSecrets,
    /// For each of these fingerprints the one that stays when the history is searched further back, or less far: it is
    /// made of rule and anchor alone.
    pub(crate) lasting: HashMap<String, String>,
}

/// One entry for each credential: where it came first, outside tests and examples where it ever was there.
pub(crate) fn join(past: &PastInput, tip: &Tip<'_>) -> Joined {
    let mut known: BTreeMap<(&str, &str), Vec<&Sighting>> = BTreeMap::new();
    let mut ruled_out: HashMap<&str, bool> = HashMap::new();
    for sighting in &past.sightings {
        if !*ruled_out.entry(&sighting.path).or_insert_with(|| tip.leaves_out(&sighting.path)) {
            let secret = &sighting.secret;
            known.entry((&secret.rule, &secret.anchor)).or_default().push(sighting);
        }
    }
    let mut lasting = HashMap::new();
    let mut secrets = Vec::new();
    for ((rule, anchor), sightings) in known {
        if let Some(secret) = entry(&sightings, &past.named, tip.secrets.contains(anchor)) {
            let own = fingerprint(&["past", rule, anchor]);
            lasting.insert(secret.finding.fingerprint.clone(), own);
            secrets.push(secret);
        }
    }
    secrets.sort_by(|a, b| {
        let rank =
            |one: &PastSecret| (one.finding.in_test, one.at_tip, std::cmp::Reverse(one.finding.severity));
        let place = |one: &PastSecret| (one.finding.span.clone(), one.finding.rule.clone());
        let last = || a.finding.fingerprint.cmp(&b.finding.fingerprint);
        rank(a).cmp(&rank(b)).then_with(|| place(a).cmp(&place(b))).then_with(last)
    });
    let past = PastSecrets {
        commits: past.commits,
        truncated: past.truncated,
        total: u32::try_from(secrets.len()).unwrap_or(u32::MAX),
        secrets,
    };
    Joined { past, lasting }
}

fn entry(sightings: &[&Sighting], named: &BTreeMap<u32, CommitRef>, at_tip: bool) -> Option<PastSecret> {
    let place = |one: &&&Sighting| {
        let newest_first = std::cmp::Reverse(one.commit);
        (inventory::is_test_path(&one.path), newest_first, one.path.clone(), one.secret.start)
    };
    let first = sightings.iter().min_by_key(place)?;
    let commit = named.get(&first.commit)?.clone();
    let in_test = inventory::is_test_path(&first.path);
    let finding: Finding =
        findings_of_file(&first.path, in_test, std::slice::from_ref(&first.secret)).pop()?;
    let paths: BTreeSet<&str> = sightings.iter().map(|one| one.path.as_str()).collect();
    Some(PastSecret { finding, commit, at_tip, files: u32::try_from(paths.len()).unwrap_or(u32::MAX) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::reference;

    fn named<const COUNT: usize>(subjects: [&str; COUNT]) -> BTreeMap<u32, CommitRef> {
        let names = subjects.iter().map(|subject| reference((*subject).to_owned(), subject, 0));
        (0..).zip(names).collect()
    }

    fn secret(token: &str, path: &str) -> RawFinding {
        let token = ["glpat-", token].concat();
        let text = format!("x\n{token}\n");
        examine(&SourceFile { path, executable: false, bytes: text.as_bytes() }).expect("one").remove(0)
    }

    fn seen(commit: u32, path: &str, token: &str) -> Sighting {
        Sighting { commit, path: path.into(), secret: secret(token, path) }
    }

    #[test]
    fn each_credential_is_told_once_where_it_came_first() {
        let in_subject = ["Try glpat-", "aZ3kQ9wL2mX7vB5nR8tY"].concat();
        let past = PastInput {
            commits: 3,
            truncated: false,
            named: named(["c", "b", &in_subject]),
            sightings: vec![
                seen(0, "b.txt", "aZ3kQ9wL2mX7vB5nR8tY"),
                seen(1, "tests/a.txt", "qX8rT1yU4iO7pA2sD5fG"),
                seen(2, "a.txt", "aZ3kQ9wL2mX7vB5nR8tY"),
            ],
        };
        let tip = [secret("aZ3kQ9wL2mX7vB5nR8tY", "b.txt")];
        let found = join(&past, &Tip::new(tip.iter(), &[])).past;
        let told: Vec<(&str, &str, bool, bool, u32)> = found
            .secrets
            .iter()
            .map(|one| {
                let finding = &one.finding;
                (&*finding.span.path, &*one.commit.subject, one.at_tip, finding.in_test, one.files)
            })
            .collect();
        assert_eq!(told, [("a.txt", "Try ***", true, false, 2), ("tests/a.txt", "b", false, true, 1)]);
        assert_eq!((found.total, found.commits), (2, 3));
    }

    #[test]
    fn a_credential_has_one_fingerprint_wherever_it_was_seen_and_whichever_rule_sees_it_now() {
        let lasting = |path: &str| {
            let sightings = vec![seen(0, path, "aZ3kQ9wL2mX7vB5nR8tY")];
            let past = PastInput { sightings, named: named(["a"]), ..PastInput::default() };
            let mut tip = secret("aZ3kQ9wL2mX7vB5nR8tY", "now.txt");
            tip.rule = "secret.other".into();
            let joined = join(&past, &Tip::new([&tip].into_iter(), &[]));
            let secret = &joined.past.secrets[0];
            assert!(secret.at_tip, "what another rule sees is there as well");
            joined.lasting[&secret.finding.fingerprint].clone()
        };
        assert_eq!(lasting("a.txt"), lasting("b/c.txt"));
    }

    #[test]
    fn what_the_repository_calls_others_code_is_left_out() {
        let past = PastInput {
            sightings: vec![seen(0, "copied/a.txt", "aZ3kQ9wL2mX7vB5nR8tY")],
            named: named(["a"]),
            ..PastInput::default()
        };
        let attributes = [(".gitattributes", "copied/** linguist-vendored\n")];
        let found = join(&past, &Tip::new(std::iter::empty(), &attributes)).past;
        assert_eq!(found.secrets, []);
    }

    #[test]
    fn lockfiles_and_others_code_have_no_credentials_and_clean_contents_are_known_as_such() {
        let examine =
            |path: &str, text: &str| examine(&SourceFile { path, executable: false, bytes: text.as_bytes() });
        let token = ["glpat-", "aZ3kQ9wL2mX7vB5nR8tY"].concat();
        assert_eq!(examine("a.txt", "nothing\n"), None);
        assert_eq!(examine("vendor/a.txt", &token).map(|found| found.len()), Some(0));
        assert_eq!(examine("a.txt", &token).map(|found| found.len()), Some(1));
    }
}
