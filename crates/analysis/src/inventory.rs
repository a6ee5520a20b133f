//! What is in the tree: languages and lines, technologies, dependencies, and credentials that should not be there.
//!
//! [`examine`] looks at one file, once, and knows nothing of any other file, so that its answer can be kept for as
//! long as path and content stay the same. Everything that needs several files ([`languages`], [`stack`],
//! [`dependencies`]) is computed from those answers alone.
//!
//! Deliberately unknown here: syntax trees, the history, the network. What a language, a technology or a credential
//! looks like is data (`data/inventory/*.toml`); the code only applies it. The time taken is linear in the size of
//! the file, whatever it holds.
//!
//! Reading order: [`catalogue`] and [`detect`] (which language), [`classify`] (what counts), [`lines`],
//! [`tree`] (one located value tree for JSON, TOML and YAML), [`manifest`] and its formats, [`join`] (manifests and
//! lockfiles together), [`technologies`], [`secrets`]; [`survey`] for languages and lines alone.

mod catalogue;
mod classify;
mod detect;
mod generated;
mod globs;
mod join;
mod left_out;
mod lines;
mod manifest;
mod role;
mod secrets;
mod shares;
mod survey;
mod technologies;
pub(crate) mod tree;

pub mod attributes;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::finding::RawFinding;
use crate::report::{LineCount, SkipReason};
use crate::source::SourceFile;

pub use attributes::Attributes;
pub use catalogue::LanguageKind;
pub use classify::is_migration;
pub use join::{dependencies, manifests, narrow_go_scopes, taken_along};
pub use left_out::LeftOut;
pub(crate) use manifest::folder;
pub use manifest::{Locked, ManifestFacts, Pin, Requirement, Root};
pub use role::role_of;
pub(crate) use secrets::{
    DATA as SECRET_RULES, PlaceOfSecrets, SecretsAcross, USUAL as SECRET_SEVERITY, places as secret_places,
    together as secrets_together,
};
pub use secrets::{credentials, masked, rules as secret_rules};
pub use shares::languages;
pub use survey::{NotCounted, Survey, Surveyed, survey, survey_unread};
pub use technologies::{Signal, stack};

/// A file as the functions over several files take it: path, size in bytes, and what [`examine`] said.
pub type Examined<'a> = (&'a str, u64, &'a FileInventory);

/// Everything the inventory says about one file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each with its own reader")]
pub struct FileInventory {
    /// The language, spelled as GitHub Linguist spells it; `None` for binary and unknown content.
    pub language: Option<String>,
    /// Whether it is source code of the repository's own: a programming or markup language in a file that is neither
    /// vendored nor generated nor documentation.
    pub counted: bool,
    /// Why it does not add to the shares of languages, which go by GitHub Linguist's own rules.
    pub left_out: LeftOut,
    /// Whether the repository says that its language counts for the shares, or does not.
    pub detectable: Option<bool>,
    /// Whether the content is not text.
    pub binary: bool,
    /// Whether a program wrote it.
    pub generated: bool,
    /// Whether it is somebody else's code, copied in.
    pub vendored: bool,
    /// Whether it is documentation or a sample of its own kind.
    pub documentation: bool,
    /// Whether it is a test, an example or a fixture.
    pub test: bool,
    /// Lines by kind; all zero for binary content.
    pub lines: LineCount,
    /// Whether it only points to content that Git LFS keeps elsewhere.
    pub lfs_pointer: bool,
    /// What it says about dependencies, where it is a manifest or lockfile of a known format.
    pub manifest: Option<Box<ManifestFacts>>,
    /// What it shows about the technologies in use.
    pub signals: Vec<Signal>,
    /// What looks like a credential in it, by line.
    pub secrets: Vec<RawFinding>,
    /// Whether the certificates in it are made out to names that only tests and one's own machine have; `None` without any.
    pub certified_for_samples: Option<bool>,
    /// What could not be looked at, and why.
    pub diagnostics: Vec<SkipReason>,
}

/// Looks at one file.
pub fn examine(file: &SourceFile) -> FileInventory {
    examine_changed(file, None)
}

/// The same, where another content of the file was looked at `before`: what its path says is not asked again.
pub fn examine_changed(file: &SourceFile, before: Option<&FileInventory>) -> FileInventory {
    let (mut inventory, text) = look(file, before);
    (inventory.vendored, inventory.documentation, inventory.test) = match before {
        Some(before) => (before.vendored, before.documentation, before.test),
        None => (
            classify::is_vendored(file.path),
            classify::is_documentation(file.path),
            classify::is_test(file.path),
        ),
    };
    if inventory.lfs_pointer {
        inventory.diagnostics.push(SkipReason::LfsPointer);
    }
    let Some((text, language)) = text else { return inventory };
    inventory.generated = generated::is_generated(file.path, &text);
    inventory.counted = language.is_some_and(|language| language.kind.counts())
        && !(inventory.vendored
            || inventory.generated
            || inventory.documentation
            || classify::is_uncounted(file.path));
    match manifest::read(file.path, &text) {
        None => {}
        Some(Ok(facts)) => inventory.manifest = Some(facts.into()),
        Some(Err(reason)) => inventory.diagnostics.push(reason),
    }
    inventory.signals = technologies::signals(file.path, &text);
    let lockfile = inventory.manifest.as_ref().is_some_and(|manifest| manifest.lockfile);
    if !(lockfile || inventory.generated || inventory.vendored) {
        let place = place_of(file.path, inventory.test || inventory.documentation);
        inventory.secrets = secrets::find(&text, place);
        inventory.certified_for_samples = secrets::certified_for_samples(&text);
    }
    inventory
}

/// A file's text and its language, where that is known.
type Text<'a> = (Cow<'a, str>, Option<&'static catalogue::Language>);

/// The language and the lines of a file, and what decides whether they count; its text, where it has one.
fn look<'a>(file: &SourceFile<'a>, before: Option<&FileInventory>) -> (FileInventory, Option<Text<'a>>) {
    let lfs_pointer = classify::is_lfs_pointer(file.bytes);
    let binary = !lfs_pointer && classify::is_binary(file.path, file.bytes);
    let mut inventory = FileInventory { binary, lfs_pointer, ..FileInventory::default() };
    if lfs_pointer || binary {
        return (inventory, None);
    }
    let text = String::from_utf8_lossy(file.bytes);
    let language = detect::language(file.path, &text);
    // Of what is no text nothing was said.
    let before = before.filter(|before| !(before.binary || before.lfs_pointer)).map(|before| before.left_out);
    inventory.left_out = LeftOut::new(file.path, &text, before);
    inventory.lines = lines::count(&text, language);
    inventory.language = language.map(|language| language.name.to_owned());
    (inventory, Some((text, language)))
}

/// What looks like a credential in one file, as [`examine`] says it; `None` where the content has nothing of the kind,
/// whatever the file is called.
pub(crate) fn secrets_of(file: &SourceFile<'_>) -> Option<Vec<RawFinding>> {
    if classify::is_lfs_pointer(file.bytes) || classify::is_binary(file.path, file.bytes) {
        return Some(Vec::new());
    }
    let text = String::from_utf8_lossy(file.bytes);
    let of_tests = classify::is_test(file.path) || classify::is_documentation(file.path);
    let found = secrets::find(&text, place_of(file.path, of_tests));
    if found.is_empty() {
        return None;
    }
    let lockfile = || matches!(manifest::read(file.path, &text), Some(Ok(facts)) if facts.lockfile);
    let foreign = classify::is_vendored(file.path) || generated::is_generated(file.path, &text) || lockfile();
    Some(if foreign { Vec::new() } else { found })
}

/// What the path of a file says of the credentials in it, besides whether it is that of a test or of documentation.
fn place_of(path: &str, of_tests: bool) -> secrets::Place {
    if of_tests || secrets::is_sample_key(path) {
        secrets::Place::OfTests
    } else if secrets::is_of_pipeline(path) {
        secrets::Place::OfPipelines
    } else if secrets::is_place_of_samples(path) {
        secrets::Place::OfSamples
    } else {
        secrets::Place::Usual
    }
}

/// Whether a text has what looks like a credential.
pub(crate) fn has_secret(text: &str) -> bool {
    !secrets::find(text, secrets::Place::Usual).is_empty()
}

/// Whether a path is that of helpers for tests written in Go, or of their sample keys.
pub(crate) fn is_test_helper_of_go(path: &str) -> bool {
    classify::is_helper_of_go(path)
}

/// Whether a path that [`is_test_path`] knows is that of an example.
pub fn is_example_path(path: &str) -> bool {
    classify::is_example(path)
}

/// Whether a path is that of a test, an example or a fixture, by its folders and its name.
pub fn is_test_path(path: &str) -> bool {
    classify::is_test(path)
}
