//! Whether somebody who is not the program's own user can reach what a finding is about.
//!
//! Text that becomes a command or code is a hole where strangers send text. In a build script, or in a tool that its
//! users run on their own files, it is mostly meant so; such findings stay findings, but are not what to do first.

use super::Draft;
use crate::inventory;
use crate::report::{Confidence, Finding, Role, Severity, TechCategory};

/// Kinds of weakness that need a stranger's text: commands, programs and code put together at run time.
const NEEDS_A_STRANGER: &[u32] = &[77, 78, 88, 94, 95];

/// Frameworks of pages, not of servers.
const IN_THE_BROWSER: &[&str] = &[
    "Alpine.js",
    "Angular",
    "Ember",
    "Lit",
    "Preact",
    "Qwik",
    "React",
    "React Native",
    "Solid",
    "Svelte",
    "Vue",
];

/// Folders of what is run by those who build the program, or only read.
const OF_THE_WORKSHOP: &[&str] = &[
    ".github", "bin", "build", "ci", "dev", "doc", "docs", "hack", "release", "scripts", "script", "tools",
    "tool", "utils", "website",
];

/// Folders of what is beside the program: nobody waits for its code to become simpler.
const BESIDE: &[&str] = &[".github", "ci", "doc", "docs", "hack", "script", "scripts", "website"];

/// Whether a file is beside the program, by its folders, or helps tests.
pub(super) fn is_beside(path: &str) -> bool {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    let first = folders.split('/').next().unwrap_or_default().to_ascii_lowercase();
    FIRST_BESIDE.contains(&first.as_str())
        || folders.split('/').any(|folder| BESIDE.contains(&folder))
        || inventory::is_test_helper_of_go(path)
}

impl Draft<'_> {
    /// Whether a file is beside the program: by its folders, or since it belongs to a manifest that is.
    pub(super) fn is_beside(&self, path: &str) -> bool {
        let apart = self.manifests.iter().filter(|manifest| manifest.role != Role::Project);
        let mut folders =
            apart.filter_map(|manifest| manifest.path.rsplit_once('/').map(|(folder, _)| folder));
        let within = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        is_beside(path) || folders.any(within)
    }
}

/// Whether what a manifest in that place asks for is there for those who build the program or write about it.
pub(super) fn is_for_the_workshop(path: &str) -> bool {
    let first = path.split_once('/').map_or("", |(first, _)| first).to_ascii_lowercase();
    is_beside(path) || OF_THE_WORKSHOP.contains(&first.as_str()) || first == "kotlin-js-store"
}

/// Whether the message says that a stranger's text gets there: with a request, or in an archive.
pub(super) fn is_from_outside(finding: &Finding) -> bool {
    finding.message.contains("request") || finding.message.contains("archive")
}

/// Folders at the root of what is beside the program, in any case; deeper down they often hold the program itself.
const FIRST_BESIDE: &[&str] = &["tool", "tools", "tooling", "util", "utils", "extra", "contrib", "misc"];

/// The families of the rules about infrastructure files.
const INFRASTRUCTURE: &[&str] = &["actions.", "compose.", "docker.", "gitlab.", "infra.", "k8s."];

/// Whether a rule is about infrastructure files.
pub(super) fn is_infrastructure(rule: &str) -> bool {
    INFRASTRUCTURE.iter().any(|family| rule.starts_with(family))
}

/// The weakness of running what others can change at any time.
const OF_OTHERS: u32 = 829;

/// Whether a finding is strong enough to be told among the first things to do: of high severity, and either hardly a
/// mistake of ours or text of a request that plainly gets there. What is asked or passed on on its way is of low severity
/// already, and looked at among the findings by those who look for such.
///
/// What pipelines take from a branch of somebody else is worth its line of work although it is of medium severity, but
/// whole workflows are mostly taken from one's own organisation.
pub(super) fn is_strong(finding: &Finding, weakness: &[u32]) -> bool {
    let pinned = is_infrastructure(&finding.rule)
        && weakness.contains(&OF_OTHERS)
        && finding.severity >= Severity::Medium
        && !finding.message.contains("/.github/workflows/");
    let sure = finding.confidence == Confidence::High;
    let plain = finding.confidence == Confidence::Medium && is_from_outside(finding);
    (finding.severity >= Severity::High && (sure || plain)) || (pinned && sure)
}

/// What the repository is for.
pub(super) struct Reach<'a> {
    draft: &'a Draft<'a>,
    /// Whether it answers requests.
    serves: bool,
}

impl<'a> Reach<'a> {
    pub(super) fn of(draft: &'a Draft<'a>) -> Self {
        let serves = draft.stack.iter().any(|one| {
            one.category == TechCategory::Framework && !IN_THE_BROWSER.contains(&one.name.as_str())
        });
        Self { draft, serves }
    }

    /// Whether a finding is worth being told first.
    pub(super) fn reached(&self, finding: &Finding) -> bool {
        if is_infrastructure(&finding.rule) {
            return true;
        }
        let weakness = self.draft.rules.get(&finding.rule).map_or(&[][..], |rule| &rule.cwe);
        let needs_a_stranger = weakness.iter().any(|cwe| NEEDS_A_STRANGER.contains(cwe));
        if !needs_a_stranger || is_from_outside(finding) {
            return true;
        }
        let folders = finding.span.path.rsplit_once('/').map_or("", |(folders, _)| folders);
        let of_the_workshop = folders.split('/').any(|folder| OF_THE_WORKSHOP.contains(&folder))
            || finding.span.path.contains(".config.")
            || !finding.span.path.contains('/');
        self.serves && !of_the_workshop
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beside_the_program_is_told_by_its_folders() {
        for path in ["docs/a.py", "a/scripts/x.js", "Tools/AutoTune/Program.cs", "promql/promqltest/test.go"]
        {
            assert!(is_beside(path), "{path}");
        }
        for path in ["src/utils/a.py", "lib/tools.py", "src/latest/a.rs", "test.go", "pentest/run.go"] {
            assert!(!is_beside(path), "{path}");
        }
        assert!(is_for_the_workshop("hack/go.mod") && is_for_the_workshop("kotlin-js-store/yarn.lock"));
        assert!(!is_for_the_workshop("package.json") && !is_for_the_workshop("src/tools/package.json"));
    }
}
