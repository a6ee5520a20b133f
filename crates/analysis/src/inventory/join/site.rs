//! A site about the project, kept beside it as a program of its own.

use super::{Located, folders_above, names_member};
use crate::report::{Dependency, Manifest, Role};

/// Folders at the root that hold such a site where the project itself stands around them; the second kind only where it is
/// made by what makes documentation, as programs that are shipped are called so as well.
const FOLDERS: &[(&str, bool)] = &[("website", false), ("www", true)];

/// What makes documentation, by the beginning of its name.
const MAKERS: &[&str] = &[
    "@11ty/eleventy",
    "@astrojs/starlight",
    "@docusaurus/",
    "docsify",
    "docusaurus",
    "fumadocs",
    "gatsby",
    "hexo",
    "jekyll",
    "mkdocs",
    "nextra",
    "sphinx",
    "vitepress",
    "vuepress",
];

/// The sites of a repository: folders with a lockfile of their own, where another one of the same ecosystem is at the root
/// and does not count the folder among its members. What belongs to one is documentation.
pub(super) struct Sites(Vec<&'static str>);

impl Sites {
    pub(super) fn of(all: &[Located]) -> Self {
        let sites =
            FOLDERS.iter().filter(|(folder, made)| is_site(all, folder) && (!made || is_made(all, folder)));
        Self(sites.map(|(folder, _)| *folder).collect())
    }

    pub(super) fn hold(&self, path: &str) -> bool {
        path.split_once('/').is_some_and(|(first, _)| self.0.contains(&first))
    }

    pub(super) fn mark(&self, manifests: &mut [Manifest], dependencies: &mut [Dependency]) {
        for manifest in manifests.iter_mut().filter(|one| one.role < Role::Docs && self.hold(&one.path)) {
            manifest.role = Role::Docs;
        }
        for one in dependencies.iter_mut().filter(|one| one.role < Role::Docs) {
            if !one.evidence.is_empty() && one.evidence.iter().all(|place| self.hold(&place.path)) {
                one.role = Role::Docs;
            }
        }
    }
}

fn is_site(all: &[Located], site: &str) -> bool {
    let locks = |ecosystem: &str, folder: &str| {
        all.iter().any(|one| one.facts.lockfile && one.facts.ecosystem == ecosystem && one.folder() == folder)
    };
    let mut own = all.iter().filter(|one| folders_above(one.folder()).any(|above| above == site));
    own.any(|one| {
        let ecosystem = one.facts.ecosystem.as_str();
        locks(ecosystem, site) && locks(ecosystem, "") && !names_member(all, "", *one)
    })
}

fn is_made(all: &[Located], site: &str) -> bool {
    let of = all.iter().filter(|one| folders_above(one.folder()).any(|above| above == site));
    let mut asked = of.flat_map(|one| &one.facts.requirements);
    asked.any(|one| MAKERS.iter().any(|maker| one.name.to_ascii_lowercase().starts_with(maker)))
}
