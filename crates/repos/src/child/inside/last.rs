//! The report of the last analysis, kept whole: where nothing that it depends on has changed, it is told again.
//!
//! What a report says depends on the commit, the branch it was reached by, the versions and limits of [`Key`], how much
//! of it is wanted, and the answer about advisories; all of these stand in front of it. A report in which anything else
//! had a part, such as an object that was missing or the time that was left, is never kept.

use std::fs::File;

use analysis::advisories::{AdvisoryAnswer, PackageKey};
use analysis::pipeline::Progress;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::known::{self, Key};
use crate::git::Resolved;
use crate::kept::SLOT_BYTES;

/// What is kept begins like this, with the conditions and the checksum of the rest behind it.
const MAGIC: &[u8; 8] = b"DMLAST01";

/// Everything that a report depends on and that is known before the repository is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Conditions([u8; 32]);

impl Conditions {
    pub(super) fn new(key: &Key, resolved: &Resolved, brief: bool) -> Self {
        let mut hash = Sha256::new();
        hash.update(key);
        hash.update(resolved.id.as_slice());
        hash.update([u8::from(brief), u8::from(resolved.branch.is_some())]);
        hash.update(resolved.branch.as_deref().unwrap_or_default());
        Self(hash.finalize().into())
    }
}

/// A report as it is kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Last {
    story: Story,
    report: Vec<u8>,
}

/// What was said before the report.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Story {
    packages: Vec<PackageKey>,
    answer: [u8; 32],
    phases: Vec<Progress>,
}

impl Last {
    /// What the file holds; `None` where it was kept under other conditions, or is damaged.
    pub(super) fn read(file: Option<File>, conditions: Conditions) -> Option<Self> {
        Self::parse(&known::load(file), conditions)
    }

    fn parse(bytes: &[u8], conditions: Conditions) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?.strip_prefix(&conditions.0)?;
        let (check, rest) = rest.split_first_chunk::<{ size_of::<u32>() }>()?;
        if crc32fast::hash(rest) != u32::from_le_bytes(*check) {
            return None;
        }
        let (story, report) = postcard::take_from_bytes(rest).ok()?;
        Some(Self { story, report: report.to_owned() })
    }

    /// The packages whose advisories it rests on.
    pub(super) fn packages(&self) -> &[PackageKey] {
        &self.story.packages
    }

    /// The phases that were told, and the report, if it rests on the same answer.
    pub(super) fn told(self, answer: &AdvisoryAnswer) -> Option<(Vec<Progress>, Vec<u8>)> {
        (digest(answer)? == self.story.answer).then_some((self.story.phases, self.report))
    }
}

/// What is to be kept in front of a report; `None` where it is too much.
pub(super) fn head(
    conditions: Conditions,
    (packages, answer): &(Vec<PackageKey>, AdvisoryAnswer),
    phases: Vec<Progress>,
    report: &[u8],
) -> Option<Vec<u8>> {
    let story = Story { packages: packages.clone(), answer: digest(answer)?, phases };
    let story = postcard::to_allocvec(&story).ok()?;
    let mut check = crc32fast::Hasher::new();
    check.update(&story);
    check.update(report);
    let head = [MAGIC, conditions.0.as_slice(), &check.finalize().to_le_bytes(), &story].concat();
    ((head.len() + report.len()) as u64 <= SLOT_BYTES).then_some(head)
}

fn digest(answer: &AdvisoryAnswer) -> Option<[u8; 32]> {
    Some(Sha256::digest(serde_json::to_vec(answer).ok()?).into())
}

#[cfg(test)]
mod tests {
    use analysis::pipeline::Phase;
    use gix::ObjectId;

    use super::*;
    use crate::child::inside::unanswered;

    fn conditions(key: u8, commit: u8, branch: Option<&str>, brief: bool) -> Conditions {
        let resolved = Resolved { id: ObjectId::from([commit; 20]), branch: branch.map(str::to_owned) };
        Conditions::new(&[key; 32], &resolved, brief)
    }

    #[test]
    fn a_report_is_told_again_under_the_same_conditions_and_only_whole() {
        let same = conditions(1, 2, Some("main"), true);
        let package = PackageKey { ecosystem: "npm".into(), name: "left".into() };
        let said = (vec![package.clone()], unanswered());
        let phases = vec![Progress::finished(Phase::Fetch, 3, "files", vec!["3 files".into()])];
        let mut bytes = head(same, &said, phases.clone(), b"{report}").expect("it can be written");
        bytes.extend(b"{report}");

        let last = Last::parse(&bytes, same).expect("it is sound");
        assert_eq!(last.packages(), [package]);
        assert_eq!(last.told(&said.1), Some((phases, b"{report}".to_vec())));
        let other = AdvisoryAnswer { covered: vec!["npm".into()], ..unanswered() };
        assert_eq!(Last::parse(&bytes, same).and_then(|last| last.told(&other)), None, "another answer");
        for other in [
            conditions(9, 2, Some("main"), true),
            conditions(1, 9, Some("main"), true),
            conditions(1, 2, Some("dev"), true),
            conditions(1, 2, None, true),
            conditions(1, 2, Some("main"), false),
        ] {
            assert_eq!(Last::parse(&bytes, other), None);
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(Last::parse(&damaged, same), None, "{at}");
            assert_eq!(Last::parse(&bytes[..at], same), None, "{at}");
        }
    }
}
