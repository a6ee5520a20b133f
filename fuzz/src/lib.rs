//! What a fuzzer does with one input: it goes the way a hostile repository would go, and what must hold is asserted.
//!
//! The crate knows no fuzzer. `fuzz/targets` puts libFuzzer around it, which needs a nightly compiler; the test
//! `corpus` of this crate replays the inputs in `fuzz/corpus` with the compiler of everybody.
//!
//! An input is text that people can read: files with their paths (see [`parts`]), as in a repository. Nothing is
//! said in numbered bytes, so the corpus outlives every list in the product that grows.
//!
//! Reading order: [`Target`], then one module for each.

mod files;
mod objects;
pub mod parts;
mod reports;
mod rules;
mod versions;

/// A way into the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// One file of any kind: manifests, lockfiles, descriptions of infrastructure, texts with credentials.
    Manifests,
    /// One file of source code.
    Sources,
    /// Several files, joined into a report, which is exported in every format.
    Reports,
    /// The folder of a Git repository.
    Objects,
    /// The rules, with any text as the value that they look at.
    Rules,
    /// Versions of packages, and a record of a vulnerability.
    Versions,
}

impl Target {
    /// Every target.
    pub const ALL: [Self; 6] =
        [Self::Manifests, Self::Sources, Self::Reports, Self::Objects, Self::Rules, Self::Versions];

    /// The name of its folder in the corpus, and of the program around it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Manifests => "manifests",
            Self::Sources => "sources",
            Self::Reports => "reports",
            Self::Objects => "objects",
            Self::Rules => "rules",
            Self::Versions => "versions",
        }
    }

    /// Tries one input; says whether it was one, in the form that the target takes.
    ///
    /// # Panics
    /// When something does not hold that must: that is what is looked for.
    pub fn run(self, data: &[u8]) -> bool {
        match self {
            Self::Manifests => files::manifest(data),
            Self::Sources => files::source(data),
            Self::Reports => reports::run(data),
            Self::Objects => objects::run(data),
            Self::Rules => rules::run(data),
            Self::Versions => versions::run(data),
        }
    }
}
