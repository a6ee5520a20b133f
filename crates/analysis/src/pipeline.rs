//! From facts about single files to one report.
//!
//! [`examine`] says all there is to say about one file on its own; it may run on any thread, and its answer may be
//! kept for as long as the analyser's [`version`] stays. [`assemble`] joins the answers with the history and the
//! advisories. Both are deterministic: the order in which files were examined does not show.

mod assemble;
mod brief;
mod go;
mod joins;
mod kept;
mod parts;
mod past;
mod phase;
mod used;

use serde::{Deserialize, Serialize};

use crate::advisories;
use crate::finding::RawFinding;
use crate::infra::{self, InfraFacts};
use crate::inventory::{self, Attributes, FileInventory};
use crate::later::Digest;
use crate::past::PastInput;
use crate::quality::settings::{self, Settings};
use crate::quality::suppressions::Suppression;
use crate::report::{Commit, FileComplexity, Gate, Note, SkipReason, Skipped};
use crate::source::{HistoryInput, SourceFile};
use crate::structure::{self, ConfigFacts, EntryFact};
use crate::syntax::{self, FileSyntax};
use crate::templates;
use parts::{complexity, is_go};

pub use assemble::{assemble, join};
pub use brief::shorten;
pub use joins::Joins;
pub use kept::Written;
pub use phase::{Phase, Progress};

/// The analyser's version: changes with its code, its rules and its grammars.
pub fn version() -> &'static str {
    env!("ANALYSIS_VERSION")
}

/// Everything that can be said about one file on its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FileFacts {
    /// Language, lines, dependencies, technologies, credentials.
    pub inventory: FileInventory,
    /// Its syntax; `None` when the language's syntax is not understood or the parser gave up.
    pub syntax: Option<Box<FileSyntax>>,
    /// How hard it is to read, where its syntax is understood: what most files are asked for, so that their functions
    /// need not be.
    pub complexity: Option<FileComplexity>,
    /// Of its syntax what decides where its imports and those of others lead: see [`structure::reads`].
    pub links: Digest,
    /// What most files say nothing of, for those that do.
    rare: Option<Box<Rare>>,
}

/// What only some files say anything of. It stands apart from the rest of their facts, of which an analysis reads and
/// passes over all.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Rare {
    /// What a Go file imports, whether or not its syntax is looked at; `None` for other files and unread content.
    pub go_imports: Option<Vec<String>>,
    /// Where imports of other files lead, for configuration files.
    pub config: Option<Box<ConfigFacts>>,
    /// What it says of where execution starts.
    pub entries: Vec<EntryFact>,
    /// What it says about the infrastructure, for files that describe some.
    pub infra: Option<Box<InfraFacts>>,
    /// What it writes into a page as it is, for templates.
    pub templates: Vec<RawFinding>,
    /// The text of a `.gitattributes` file: what it says concerns the files around it.
    pub attributes: Option<String>,
    /// The findings that the repository says are not to be acted on, for files that say so.
    pub suppressions: Vec<Suppression>,
    /// The gate that the repository sets for itself, for the file that does so.
    pub gate: Option<Gate>,
    /// Whether it wishes that the history is searched for credentials.
    pub past_secrets: bool,
    /// What could not be looked at, and why.
    pub skipped: Vec<SkipReason>,
}

/// Of a file that says nothing rare.
static NOTHING_RARE: Rare = Rare {
    go_imports: None,
    config: None,
    entries: Vec::new(),
    infra: None,
    templates: Vec::new(),
    attributes: None,
    suppressions: Vec::new(),
    gate: None,
    past_secrets: false,
    skipped: Vec::new(),
};

impl FileFacts {
    /// What most files say nothing of.
    pub fn rare(&self) -> &Rare {
        self.rare.as_deref().unwrap_or(&NOTHING_RARE)
    }
}

/// A file of the commit with what was found in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path from the root.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// What was found in it.
    pub facts: Box<FileFacts>,
}

/// Everything that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The commit.
    pub commit: Commit,
    /// The files whose content was read, in any order.
    pub files: Vec<FileEntry>,
    /// The files whose content was not read.
    pub skipped: Vec<Skipped>,
    /// What limits the whole report.
    pub notes: Vec<Note>,
    /// The history.
    pub history: HistoryInput,
    /// Credentials of the history, where it was searched for them.
    pub past: Option<PastInput>,
    /// Files in the commit's tree.
    pub tree_files: u64,
    /// Bytes in the commit's tree.
    pub tree_bytes: u64,
}

/// Looks at one file, once.
pub fn examine(file: &SourceFile) -> FileFacts {
    examine_changed(file, None)
}

/// The same, where another content of the file was looked at `before`: what its path says is not asked again.
pub fn examine_changed(file: &SourceFile, before: Option<&FileFacts>) -> FileFacts {
    let inventory = inventory::examine_changed(file, before.map(|before| &before.inventory));
    let mut skipped = inventory.diagnostics.clone();
    // Nobody maintains vendored and generated code here, so its complexity and its imports are no one's work.
    let ours = !(inventory.vendored || inventory.generated || inventory.binary);
    let language = inventory.language.as_deref().filter(|language| ours && syntax::supports(language));
    let syntax = language.and_then(|language| match syntax::examine(file, language) {
        Ok(syntax) => Some(syntax),
        Err(reason) => {
            skipped.push(reason);
            None
        }
    });
    let go_imports = (is_go(file.path) && !inventory.lfs_pointer)
        .then(|| advisories::go_imports(&String::from_utf8_lossy(file.bytes)));
    let config = if inventory.vendored { None } else { structure::examine_config(file) };
    // What only tests and documentation start is not the project's own.
    let entries = if ours && !(inventory.test || inventory.documentation) {
        structure::examine_entries(file, inventory.language.as_deref(), syntax.as_ref())
    } else {
        Vec::new()
    };
    let infra = match infra::examine(file, inventory.test || inventory.documentation)
        .filter(|_| !(inventory.vendored || inventory.binary))
    {
        Some(Ok(infra)) => Some(infra),
        Some(Err(reason)) => {
            skipped.push(reason);
            None
        }
        None => None,
    };
    let Settings { suppressions, gate, past_secrets } = match settings::examine(file) {
        Some(Ok(settings)) => settings,
        Some(Err(reason)) => {
            skipped.push(reason);
            Settings::default()
        }
        None => Settings::default(),
    };
    let templates = if ours { templates::examine(file) } else { Vec::new() };
    let attributes = Attributes::are_in(file).then(|| String::from_utf8_lossy(file.bytes).into_owned());
    let rare = Rare {
        go_imports,
        config: config.map(Box::new),
        entries,
        infra: infra.map(Box::new),
        templates,
        attributes,
        suppressions,
        gate,
        past_secrets,
        skipped,
    };
    FileFacts {
        complexity: syntax.as_ref().map(complexity),
        links: syntax
            .as_ref()
            .zip(language)
            .map(|(syntax, language)| structure::reads(syntax, language))
            .unwrap_or_default(),
        inventory,
        syntax: syntax.map(Box::new),
        rare: (rare != NOTHING_RARE).then(|| rare.into()),
    }
}
