//! Whether somebody who is not the program's own user can reach what a finding is about.
//!
//! Text that becomes a command or code is a hole where strangers send text. In a build script, or in a tool that its
//! users run on their own files, it is mostly meant so; such findings stay findings, but are not what to do first.

use std::collections::BTreeSet;

use super::Draft;
use crate::report::{Finding, TechCategory};

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

/// Whether a file is beside the program, by its folders.
pub(super) fn is_beside(path: &str) -> bool {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split('/').any(|folder| BESIDE.contains(&folder))
}

/// The families of the rules about infrastructure files.
const INFRASTRUCTURE: &[&str] = &["actions.", "compose.", "docker.", "gitlab.", "infra.", "k8s."];

/// Whether a rule is about infrastructure files.
pub(super) fn is_infrastructure(rule: &str) -> bool {
    INFRASTRUCTURE.iter().any(|family| rule.starts_with(family))
}

/// What the repository is for.
pub(super) struct Reach<'a> {
    draft: &'a Draft<'a>,
    /// Whether it answers requests.
    serves: bool,
    /// Owners that its packages name: what they publish is not somebody else's.
    owners: BTreeSet<&'a str>,
}

impl<'a> Reach<'a> {
    pub(super) fn of(draft: &'a Draft<'a>) -> Self {
        let serves = draft.stack.iter().any(|one| {
            one.category == TechCategory::Framework && !IN_THE_BROWSER.contains(&one.name.as_str())
        });
        let packages = draft.manifests.iter().filter_map(|manifest| manifest.package.as_deref());
        Self { draft, serves, owners: packages.filter_map(owner).collect() }
    }

    /// Whether a finding is worth being told first.
    pub(super) fn reached(&self, finding: &Finding) -> bool {
        if is_infrastructure(&finding.rule) {
            return !self.is_about_own(finding);
        }
        let weakness = self.draft.rules.get(&finding.rule).map_or(&[][..], |rule| &rule.cwe);
        let needs_a_stranger = weakness.iter().any(|cwe| NEEDS_A_STRANGER.contains(cwe));
        if !needs_a_stranger || finding.message.contains("request") {
            return true;
        }
        let folders = finding.span.path.rsplit_once('/').map_or("", |(folders, _)| folders);
        let of_the_workshop = folders.split('/').any(|folder| OF_THE_WORKSHOP.contains(&folder))
            || finding.span.path.contains(".config.")
            || !finding.span.path.contains('/');
        self.serves && !of_the_workshop
    }

    /// Whether all that the message lists behind its colon belongs to the repository's own owner.
    fn is_about_own(&self, finding: &Finding) -> bool {
        let Some((_, names)) = finding.message.rsplit_once(": ") else { return false };
        // The repository `.github` of an organisation holds what its others share.
        let own = |name: &str| {
            let mut parts = name.split('/');
            parts.next().is_some_and(|owner| self.owners.contains(owner)) || parts.next() == Some(".github")
        };
        finding.rule.ends_with("-action") && names.split(", ").all(own)
    }
}

/// The owner that a package's name begins with: `github.com/owner/name`, `@owner/name`, `owner/name`.
fn owner(package: &str) -> Option<&str> {
    let name = package.strip_prefix("github.com/").or_else(|| package.strip_prefix('@')).unwrap_or(package);
    let (owner, _) = name.split_once('/')?;
    (!owner.is_empty() && !owner.contains('.')).then_some(owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_read_from_the_names_of_packages() {
        assert_eq!(owner("github.com/gin-gonic/gin"), Some("gin-gonic"));
        assert_eq!(owner("@babel/core"), Some("babel"));
        assert_eq!(owner("laravel/laravel"), Some("laravel"));
        assert_eq!(owner("go.uber.org/zap"), None);
        assert_eq!(owner("express"), None);
    }
}
