//! What the other files of a repository say of the credentials in one: that its folder is one of tests, that a certificate
//! beside it is made out to nobody, that the same text stands in many places, samples among them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::RandomState;

use crate::finding::RawFinding;
use crate::inventory::{FileInventory, folder};
use crate::report::{Confidence, Severity};

/// The rule about private keys.
const PRIVATE_KEY: &str = "secret.private-key";

/// The rule about what is known only by the name it is assigned to.
const ASSIGNED: &str = "secret.assigned-secret";

/// Tests that a folder must have, right inside it, to be theirs.
const TESTS: usize = 2;

/// Files of one folder with private keys from which on nobody uses them all.
const MANY_KEYS: usize = 5;

/// Files with the same text assigned from which on it is an example, where it is one in any of them: alone, that many
/// programs share it says nothing.
const SAME_TEXT: usize = 3;

/// One file as it is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub path: &'a str,
    pub inventory: &'a FileInventory,
    /// Whether it is source code.
    pub source: bool,
    /// Whether it is no test itself, but is written with what tests are written with.
    pub helps_tests: bool,
}

/// What was seen in all files.
#[derive(Debug, Default)]
pub(crate) struct SecretsAcross<'a> {
    /// Folders of tests, and whether all sources below them are tests or help them. Where a part is not, only keys are
    /// less likely to be real.
    tested: BTreeMap<&'a str, bool>,
    /// Folders with certificates, and whether all of them are those of samples.
    certified: BTreeMap<&'a str, bool>,
    /// How many files with private keys a folder has.
    keys: BTreeMap<&'a str, usize>,
    /// In how many files a text was seen, and whether any of them makes a sample of it.
    same: BTreeMap<&'a str, (usize, bool)>,
}

#[derive(Default)]
struct Sources {
    tests: usize,
    helpers: usize,
    others: usize,
}

/// A folder and those it lies in.
fn upwards(within: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(within), |at| (!at.is_empty()).then(|| folder(at)))
}

/// The folders of tests, by the sources right inside each folder: those with tests right inside, and below, at any depth,
/// with nothing else, or with enough that helps tests.
fn tested<'a>(sources: &HashMap<&'a str, Sources, RandomState>) -> BTreeMap<&'a str, bool> {
    let mut below: HashMap<&str, (usize, usize), RandomState> = HashMap::default();
    for (within, seen) in sources {
        for at in upwards(within) {
            let (helpers, others) = below.entry(at).or_default();
            *helpers += seen.helpers;
            *others += seen.others;
        }
    }
    let of_tests = sources
        .iter()
        .filter(|(within, seen)| !within.is_empty() && seen.tests >= TESTS)
        .filter_map(|(within, _)| {
            let (helpers, others) = below.get(within).copied().unwrap_or_default();
            let helped = helpers > 0 && helpers * 4 >= helpers + others;
            (others == 0 || helped).then_some((*within, others == 0))
        });
    of_tests.collect()
}

impl<'a> SecretsAcross<'a> {
    pub(crate) fn of(files: impl Iterator<Item = Place<'a>>) -> Self {
        let mut across = Self::default();
        let mut sources: HashMap<&str, Sources, RandomState> = HashMap::default();
        for file in files {
            let within = folder(file.path);
            if file.source {
                let seen = sources.entry(within).or_default();
                match (file.inventory.test, file.helps_tests) {
                    (true, _) => seen.tests += 1,
                    (false, true) => seen.helpers += 1,
                    (false, false) => seen.others += 1,
                }
            }
            if let Some(sample) = file.inventory.certified_for_samples {
                *across.certified.entry(within).or_insert(true) &= sample;
            }
            let secrets = &file.inventory.secrets;
            if secrets.iter().any(|one| one.rule == PRIVATE_KEY) {
                *across.keys.entry(within).or_default() += 1;
            }
            let texts: BTreeSet<&str> = secrets.iter().map(|one| one.anchor.as_str()).collect();
            for text in texts {
                across.same.entry(text).or_default().0 += 1;
            }
            for sample in secrets.iter().filter(|one| one.severity <= Severity::Low) {
                across.same.entry(&sample.anchor).or_default().1 = true;
            }
        }
        across.tested = tested(&sources);
        across
    }

    /// The credentials of one file, in the light of the others.
    pub(crate) fn judged(&self, path: &str, secrets: &[RawFinding]) -> Vec<RawFinding> {
        if secrets.is_empty() {
            return Vec::new();
        }
        let within = folder(path);
        let around: Vec<bool> = upwards(within).filter_map(|at| self.tested.get(at).copied()).collect();
        let certified = self.certified.get(within) == Some(&true);
        let many = self.keys.get(within).is_some_and(|keys| *keys >= MANY_KEYS);
        let lowered = |one: &RawFinding, to: Severity| {
            (one.severity > to).then(|| RawFinding {
                severity: to,
                confidence: Confidence::Low,
                ..one.clone()
            })
        };
        let judge = |one: &RawFinding| {
            let key = one.rule == PRIVATE_KEY;
            let same = || {
                let seen = self.same.get(one.anchor.as_str());
                seen.is_some_and(|(files, sample)| *files >= SAME_TEXT && *sample)
            };
            let of_tests = around.iter().any(|whole| *whole || key);
            let sample = of_tests || (key && certified) || (one.rule == ASSIGNED && same());
            let to = match (sample, key && many) {
                (true, _) => lowered(one, Severity::Low),
                (false, true) => lowered(one, Severity::Medium),
                (false, false) => None,
            };
            to.unwrap_or_else(|| one.clone())
        };
        secrets.iter().map(judge).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::FindingKind;

    fn key(anchor: &str) -> RawFinding {
        RawFinding {
            rule: PRIVATE_KEY.to_owned(),
            kind: FindingKind::Secret,
            severity: Severity::Critical,
            confidence: Confidence::High,
            message: String::new(),
            start: 1,
            end: 1,
            symbol: None,
            anchor: anchor.to_owned(),
        }
    }

    fn severities(files: &[(&str, FileInventory, bool)], of: &[&str]) -> Vec<Severity> {
        let places = files.iter().map(|(path, inventory, helps_tests)| {
            let source = path.rsplit('.').next() == Some("go");
            Place { path, inventory, source, helps_tests: *helps_tests }
        });
        let across = SecretsAcross::of(places);
        let secrets = |path: &&str| files.iter().find(|(at, ..)| at == path).map(|(_, has, _)| &has.secrets);
        let judged = of.iter().map(|path| across.judged(path, secrets(path).unwrap()));
        judged.map(|found| found[0].severity).collect()
    }

    fn with(secrets: Vec<RawFinding>) -> FileInventory {
        FileInventory { secrets, ..FileInventory::default() }
    }

    fn test() -> FileInventory {
        FileInventory { test: true, ..FileInventory::default() }
    }

    #[test]
    fn keys_in_folders_of_tests_are_samples() {
        let plain = FileInventory::default;
        let files = [
            ("integration/a_test.go", test(), false),
            ("integration/b_test.go", test(), false),
            ("integration/tls/server.key", with(vec![key("k")]), false),
            ("suites/a_test.go", test(), false),
            ("suites/b_test.go", test(), false),
            ("suites/environment.go", plain(), true),
            ("suites/pki/private.pem", with(vec![key("k")]), false),
            ("server/a_test.go", test(), false),
            ("server/b_test.go", test(), false),
            ("server/a.go", plain(), false),
            ("server/server.key", with(vec![key("k")]), false),
            ("root.key", with(vec![key("k")]), false),
        ];
        let of = ["integration/tls/server.key", "suites/pki/private.pem", "server/server.key", "root.key"];
        let (low, critical) = (Severity::Low, Severity::Critical);
        assert_eq!(severities(&files, &of), [low, low, critical, critical]);
    }

    #[test]
    fn tests_beside_code_say_nothing_of_the_credentials_below_them() {
        let token = || with(vec![RawFinding { rule: "secret.gitlab-token".to_owned(), ..key("t") }]);
        let code = FileInventory::default;
        let files = [
            ("src/a_test.go", test(), false),
            ("src/b_test.go", test(), false),
            ("src/lib/config.go", token(), false),
            ("src/server.key", with(vec![key("k")]), false),
            ("suites/a_test.go", test(), false),
            ("suites/b_test.go", test(), false),
            ("suites/environment.go", code(), true),
            ("suites/config.go", token(), false),
            ("suites/server.key", with(vec![key("k")]), false),
            ("only/a_test.go", test(), false),
            ("only/b_test.go", test(), false),
            ("only/data/token.txt", token(), false),
        ];
        let of = [
            "src/lib/config.go",
            "src/server.key",
            "suites/config.go",
            "suites/server.key",
            "only/data/token.txt",
        ];
        let (low, critical) = (Severity::Low, Severity::Critical);
        assert_eq!(severities(&files, &of), [critical, critical, critical, low, low]);
    }

    #[test]
    fn a_certificate_that_is_made_out_to_nobody_makes_a_sample_of_its_key() {
        let certificate =
            |sample| FileInventory { certified_for_samples: Some(sample), ..FileInventory::default() };
        let files = [
            ("a/tls.crt", certificate(true), false),
            ("a/tls.key", with(vec![key("k")]), false),
            ("b/tls.crt", certificate(true), false),
            ("b/real.crt", certificate(false), false),
            ("b/tls.key", with(vec![key("k")]), false),
        ];
        assert_eq!(severities(&files, &["a/tls.key", "b/tls.key"]), [Severity::Low, Severity::Critical]);
    }

    #[test]
    fn many_keys_in_a_folder_are_hardly_real() {
        let paths: Vec<String> = (0..5).map(|number| format!("keys/{number}.pem")).collect();
        let files: Vec<_> = paths.iter().map(|path| (path.as_str(), with(vec![key(path)]), false)).collect();
        assert_eq!(severities(&files, &["keys/0.pem"]), [Severity::Medium]);
        assert_eq!(severities(&files[1..], &["keys/1.pem"]), [Severity::Critical]);
    }

    #[test]
    fn a_text_in_many_files_is_an_example_where_one_of_them_says_so() {
        let seen = |rule: &str, severity, anchor: &str| {
            let rule = rule.to_owned();
            with(vec![RawFinding { rule, severity, confidence: Confidence::Low, ..key(anchor) }])
        };
        let (low, medium) = (Severity::Low, Severity::Medium);
        let files = [
            ("docs/config.yml", seen(ASSIGNED, low, "shown"), false),
            ("a/config.yml", seen(ASSIGNED, medium, "shown"), false),
            ("b/config.yml", seen(ASSIGNED, medium, "shown"), false),
            ("c/config.yml", seen(ASSIGNED, medium, "shared"), false),
            ("d/config.yml", seen(ASSIGNED, medium, "shared"), false),
            ("e/config.yml", seen(ASSIGNED, medium, "shared"), false),
            ("docs/settings.py", seen("secret.url-password", low, "url"), false),
            ("a/settings.py", seen("secret.url-password", medium, "url"), false),
            ("b/settings.py", seen("secret.url-password", medium, "url"), false),
        ];
        let of = ["a/config.yml", "c/config.yml", "a/settings.py"];
        assert_eq!(severities(&files, &of), [low, medium, medium]);
        assert_eq!(severities(&files[..2], &["a/config.yml"]), [medium]);
    }
}
