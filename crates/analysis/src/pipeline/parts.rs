//! The parts of a report that come from the facts of several files.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::used::{Used, used};
use super::{FileEntry, Input, Joins};
use crate::duplication;
use crate::finding::{Accepted, RawFinding, findings_of_file};
use crate::history::{self, Churn, FileView, Window};
use crate::infra::{self, Across, Unit};
use crate::inventory::{self, Examined, PlaceOfSecrets, SecretsAcross};
use crate::later::{Digest, digest, short};
use crate::quality::suppressions::Suppression;
use crate::report::{
    Coverage, Dependency, Duplication, FileComplexity, FileSummary, Finding, FunctionSummary, Graph,
    HARD_FUNCTION, Hotspot, Limit, Manifest, Note, RuleInfo, SkipReason, Skipped, Suppressed,
};
use crate::structure::{self, ConfigFacts, Saying, Services, StructureFile};
use crate::syntax::{self, DocCount, FileSyntax};
use crate::templates;

/// Whether the file is the project's own source code.
pub(super) fn is_source(file: &FileEntry) -> bool {
    file.facts.inventory.counted || file.facts.syntax.is_some()
}

pub(super) fn coverage(input: &Input) -> Coverage {
    let mut skipped = input.skipped.clone();
    for file in &input.files {
        let reasons = file.facts.rare().skipped.iter();
        skipped.extend(reasons.map(|reason| Skipped { path: file.path.clone(), reason: *reason }));
    }
    skipped.sort();
    skipped.dedup();
    let skipped_total = skipped.len() as u64;
    skipped.truncate(Coverage::SKIPPED_LISTED);
    Coverage {
        files: input.tree_files,
        files_read: input.files.len() as u64,
        files_parsed: input.files.iter().filter(|file| file.facts.syntax.is_some()).count() as u64,
        bytes: input.tree_bytes,
        skipped,
        skipped_total,
        notes: input.notes.clone(),
        limits: limits(input).map(Limit::note).collect(),
    }
}

/// What this analysis did not look at, as no analysis of its kind does.
fn limits(input: &Input) -> impl Iterator<Item = Limit> {
    let searched = input.past.is_some();
    Limit::ALL.into_iter().filter(move |limit| !(searched && matches!(limit, Limit::HistoryNotSearched)))
}

/// What code imports, as it is written, in order.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Imported {
    /// Outside tests.
    all: Vec<String>,
    /// In shipped code: without the files that configure tools or are scripts.
    bundled: Vec<String>,
}

impl Imported {
    fn of(files: &[FileEntry]) -> Self {
        let named = |ships: &dyn Fn(&FileEntry) -> bool| {
            let own = files.iter().filter(|file| !file.facts.inventory.test && ships(file));
            let imports =
                own.filter_map(|file| file.facts.syntax.as_ref()).flat_map(|syntax| &syntax.imports);
            let names: BTreeSet<&str> = imports.map(|import| import.specifier.as_str()).collect();
            names.into_iter().map(str::to_owned).collect()
        };
        Self { all: named(&|_| true), bundled: named(&|file| !is_of_a_tool(&file.path)) }
    }

    pub(super) fn all(&self) -> BTreeSet<&str> {
        self.all.iter().map(String::as_str).collect()
    }

    pub(super) fn bundled(&self) -> BTreeSet<&str> {
        self.bundled.iter().map(String::as_str).collect()
    }
}

fn is_of_a_tool(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let tools =
        |part: &str| part.starts_with('.') || matches!(part, "scripts" | "script" | "tools" | "build");
    name.starts_with('.') || name.contains(".config.") || parts.any(tools)
}

/// The files that say which findings are not to be acted on.
pub(super) fn suppressing(files: &[FileEntry]) -> Vec<(&str, &[Suppression])> {
    let own = files.iter().map(|file| (file.path.as_str(), file.facts.rare().suppressions.as_slice()));
    own.filter(|(_, entries)| !entries.is_empty()).collect()
}

pub(super) fn is_go(path: &str) -> bool {
    path.as_bytes().ends_with(b".go")
}

/// What Go code imports, tests and generated files included; `None` where there is none, or some may not have been read.
pub(super) fn go_imports(input: &Input) -> Option<BTreeSet<&str>> {
    let unread = |skipped: &Skipped| match skipped.reason {
        // These can be whole folders, but none that is called like a script or a source map.
        SkipReason::PathLimit | SkipReason::Unreadable => !is_of_the_web(&skipped.path),
        _ => is_go(&skipped.path),
    };
    if input.notes.iter().any(|note| note.code == "file_limit") || input.skipped.iter().any(unread) {
        return None;
    }
    let own = |file: &&FileEntry| is_go(&file.path) && !file.facts.inventory.vendored;
    let mut files = input.files.iter().filter(own).peekable();
    files.peek()?;
    let lists: Option<Vec<&Vec<String>>> = files.map(|file| file.facts.rare().go_imports.as_ref()).collect();
    Some(lists?.into_iter().flatten().map(String::as_str).collect())
}

/// Whether the name is that of a file for browsers, which holds no Go.
fn is_of_the_web(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension
        .is_some_and(|one| matches!(one, "css" | "html" | "js" | "json" | "map" | "mjs" | "svg" | "wasm"))
}

/// Where the imports of the repository lead, and what they name.
pub(super) struct Structure {
    pub(super) graph: Graph,
    /// What limits it.
    pub(super) cut: Vec<Note>,
    pub(super) imported: Imported,
    /// Which files import what of other packages; nothing where the report is to be brief.
    pub(super) used: Option<Vec<Used>>,
}

pub(super) fn structure(
    files: &[FileEntry],
    sources: &[&FileEntry],
    brief: bool,
    joins: &mut Joins,
) -> Structure {
    let nodes: Vec<StructureFile<'_>> = sources
        .iter()
        .map(|file| StructureFile {
            path: &file.path,
            language: file.facts.inventory.language.as_deref().unwrap_or_default(),
            lines: file.facts.inventory.lines.code,
            test: file.facts.inventory.test,
            syntax: file.facts.syntax.as_deref(),
        })
        .collect();
    let configs: Vec<(&str, &ConfigFacts)> = files
        .iter()
        .filter_map(|file| Some((file.path.as_str(), file.facts.rare().config.as_deref()?)))
        .collect();
    let Services { running: services, calls, cut } = services(files);
    let read = linked(sources, &configs);
    let links = joins.of("links", read, || structure::follow(&nodes, &configs));
    let imported = joins.of("imported", read, || Imported::of(files));
    let used = (!brief).then(|| joins.of("packages", read, || used(sources)));
    let graph = structure::graph(&nodes, &configs, links);
    let (entries, left_out) = structure::entries(&nodes, &configs, saying(files));
    let symbols = if brief { Vec::new() } else { structure::symbols(&nodes) };
    Structure {
        graph: Graph { entries, services, calls, symbols, ..graph },
        cut: cut.into_iter().chain(left_out).collect(),
        imported,
        used,
    }
}

/// Tells apart what decides where imports lead; `None` where some of it cannot be written.
fn linked(sources: &[&FileEntry], configs: &[(&str, &ConfigFacts)]) -> Option<Digest> {
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    add(&sources.len().to_le_bytes());
    for file in sources {
        let facts = &file.facts;
        add(file.path.as_bytes());
        add(facts.inventory.language.as_deref().unwrap_or_default().as_bytes());
        add(&[u8::from(facts.inventory.test), u8::from(facts.syntax.is_some())]);
        add(&facts.links);
    }
    for (path, config) in configs {
        add(path.as_bytes());
        add(&postcard::to_allocvec(config).ok()?);
    }
    Some(short(hash))
}

/// What runs, and what needs what. A service that is built here is known by the name of its package. Tests, examples and
/// documentation describe what is not this project's own.
fn services(files: &[FileEntry]) -> Services {
    let units: Vec<(&str, &[Unit])> = files
        .iter()
        .filter(|file| !(file.facts.inventory.test || file.facts.inventory.documentation))
        .filter_map(|file| Some((file.path.as_str(), file.facts.rare().infra.as_ref()?.units.as_slice())))
        .collect();
    let packages = files.iter().filter_map(|file| {
        let manifest = file.facts.inventory.manifest.as_ref()?;
        Some((inventory::folder(&file.path), manifest.package.as_deref()?))
    });
    structure::services(&units, &packages.collect())
}

/// What files say of where execution starts; those of tests and documentation say nothing of it.
fn saying(files: &[FileEntry]) -> impl Iterator<Item = Saying<'_>> {
    let ours = files.iter().filter(|file| {
        let inventory = &file.facts.inventory;
        !(inventory.test || inventory.documentation)
    });
    ours.map(|file| Saying {
        path: &file.path,
        facts: &file.facts.rare().entries,
        units: file.facts.rare().infra.as_ref().map_or(&[], |infra| infra.units.as_slice()),
    })
}

/// A file as what is said of its credentials depends on it.
fn place_of_secrets(file: &FileEntry) -> PlaceOfSecrets<'_> {
    let for_tests =
        |import: &String| import == "testing" || import.starts_with("github.com/stretchr/testify");
    PlaceOfSecrets {
        path: &file.path,
        inventory: &file.facts.inventory,
        source: is_source(file),
        helps_tests: file.facts.rare().go_imports.iter().flatten().any(for_tests),
    }
}

pub(super) fn file_findings(files: &[FileEntry], joins: &mut Joins) -> Vec<Finding> {
    let known = SecretsAcross::of(files.iter().map(place_of_secrets));
    let secrets = |file: &FileEntry| known.judged(&file.path, &file.facts.inventory.secrets);
    let mut of_infra = infrastructure(files, secrets, joins).into_iter();
    files
        .iter()
        .flat_map(|file| {
            let mut raw = inventory::secrets_together(&secrets(file));
            raw.extend(file.facts.syntax.iter().flat_map(|syntax| syntax.findings.iter().cloned()));
            // A `.gitattributes` file may say otherwise by now.
            let ours = !(file.facts.inventory.vendored || file.facts.inventory.generated);
            raw.extend(file.facts.rare().templates.iter().filter(|_| ours).cloned());
            let infra = file.facts.rare().infra.as_ref();
            raw.extend(infra.and_then(|_| of_infra.next()).into_iter().flatten());
            findings_of_file(&file.path, file.facts.inventory.test, &raw)
        })
        .collect()
}

/// The findings of each file that describes infrastructure: all that any of them says decides about those of the others.
fn infrastructure<'f>(
    files: &'f [FileEntry],
    secrets: impl Fn(&'f FileEntry) -> Vec<RawFinding>,
    joins: &mut Joins,
) -> Vec<Vec<RawFinding>> {
    let own = || files.iter().filter_map(|file| Some((file, file.facts.rare().infra.as_deref()?)));
    let ours = |file: &FileEntry| !(file.facts.inventory.test || file.facts.inventory.documentation);
    let said: Vec<_> = own().map(|(file, infra)| (&file.path, ours(file), infra, secrets(file))).collect();
    if said.is_empty() {
        return Vec::new();
    }
    let packages = files
        .iter()
        .filter(|file| ours(file))
        .filter_map(|file| file.facts.inventory.manifest.as_ref()?.package.as_deref());
    let packages: Vec<&str> = packages.collect();
    let read = postcard::to_allocvec(&(&said, &packages)).ok().map(|bytes| digest(&bytes));
    joins.of("infrastructure", read, || {
        let ours =
            said.iter().filter(|(_, ours, ..)| *ours).map(|(path, _, infra, _)| (path.as_str(), *infra));
        let across = Across::of(ours, packages.iter().copied());
        said.iter().map(|(path, _, infra, secrets)| across.findings(path, infra, secrets)).collect()
    })
}

/// What is asked for and what is locked: all that manifests and lockfiles say decides about each package.
pub(super) fn dependencies(files: &[Examined<'_>], joins: &mut Joins) -> (Vec<Manifest>, Vec<Dependency>) {
    let said: Vec<_> = inventory::manifests(files).collect();
    let read = postcard::to_allocvec(&said).ok().map(|bytes| digest(&bytes));
    joins.of("dependencies", read, || inventory::dependencies(files))
}

/// What the code itself says to leave alone.
pub(super) fn accepted(files: &[FileEntry]) -> Vec<Suppressed> {
    let own = files.iter().filter_map(|file| Some((file, file.facts.syntax.as_ref()?)));
    let marked = own.filter(|(_, syntax)| !syntax.accepted.is_empty());
    let suppressed = marked.flat_map(|(file, syntax)| {
        Accepted::of_file(&file.path, file.facts.inventory.test, &syntax.findings, &syntax.accepted)
    });
    suppressed.collect()
}

pub(super) fn rules_in_use<'a>(
    findings: impl Iterator<Item = &'a Finding>,
    mut advisories: BTreeMap<String, RuleInfo>,
    joins: &mut Joins,
) -> BTreeMap<String, RuleInfo> {
    let used: BTreeSet<&str> = findings.map(|finding| finding.rule.as_str()).collect();
    advisories.retain(|id, _| used.contains(id.as_str()));
    let read = postcard::to_allocvec(&used).ok().map(|bytes| digest(&bytes));
    // To read all rules takes longer than to remember those that found something.
    let own = joins.of("rules", read, || {
        let all = [inventory::secret_rules(), syntax::rules(), infra::rules(), templates::rules()];
        let all = all.into_iter().flatten().filter(|(id, _)| used.contains(id.as_str()));
        all.collect::<BTreeMap<String, RuleInfo>>()
    });
    advisories.extend(own);
    advisories
}

pub(super) fn duplicates(sources: &[&FileEntry], joins: &mut Joins) -> Duplication {
    // What has run once is never changed again, and mostly written by a tool: its repetitions are no work to do.
    let alive = sources.iter().filter(|file| !inventory::is_migration(&file.path));
    let files = alive.filter_map(|file| {
        let tokens = &file.facts.syntax.as_ref()?.tokens;
        Some(duplication::File { path: &file.path, test: file.facts.inventory.test, tokens })
    });
    let (tests, others): (Vec<duplication::File<'_>>, Vec<_>) = files.partition(|file| file.test);
    let mut among = |files: &[duplication::File<'_>], test| {
        let mut hash = Sha256::new();
        for file in files {
            hash.update((file.path.len() as u64).to_le_bytes());
            hash.update(file.path);
            hash.update(file.tokens.digest());
        }
        joins.duplicates(test, short(hash), |known| duplication::among(files, known))
    };
    let others = among(&others, false);
    duplication::together(others, among(&tests, true))
}

/// Adds what the history of their lines says of hotspots and duplicates.
pub(super) fn follow(
    window: &Window<'_>,
    sources: &[&FileEntry],
    hotspots: &mut [Hotspot],
    duplication: &mut Duplication,
) {
    let functions = |path: &str| functions_of(sources, path);
    history::follow_lines(window, &functions, hotspots, duplication);
}

/// The functions of one of the files, which are in the order of their paths.
fn functions_of<'a>(sources: &[&'a FileEntry], path: &str) -> &'a [FunctionSummary] {
    let found = sources.binary_search_by(|file| file.path.as_str().cmp(path)).ok();
    let file = found.and_then(|index| sources.get(index));
    file.and_then(|file| file.facts.syntax.as_ref()).map_or(&[], |syntax| syntax.functions.as_slice())
}

pub(super) fn view(file: &FileEntry) -> FileView<'_> {
    FileView {
        path: &file.path,
        code: file.facts.inventory.lines.code,
        cognitive: file.facts.complexity.as_ref().map(|it| it.cognitive),
        test: file.facts.inventory.test,
        counted: file.facts.inventory.counted,
    }
}

pub(super) fn summary(file: &FileEntry, churn: &HashMap<String, Churn>) -> FileSummary {
    let inventory = &file.facts.inventory;
    let example = inventory.test && inventory::is_example_path(&file.path);
    FileSummary {
        path: file.path.clone(),
        language: inventory.language.clone().unwrap_or_default(),
        bytes: file.bytes,
        lines: inventory.lines,
        test: inventory.test && !example,
        example,
        tests: file.facts.syntax.as_ref().map_or(0, |syntax| syntax.tests),
        complexity: file.facts.complexity.clone(),
        commits: churn.get(&file.path).map_or(0, |churn| churn.commits),
    }
}

/// How hard a file is to read.
pub(super) fn complexity(syntax: &FileSyntax) -> FileComplexity {
    let hard = syntax.functions.iter().filter(|function| function.cognitive > HARD_FUNCTION).count();
    let mut worst: Vec<FunctionSummary> = syntax.functions.to_vec();
    worst.sort_by(|a, b| (b.cognitive, b.cyclomatic, a.start).cmp(&(a.cognitive, a.cyclomatic, b.start)));
    worst.truncate(3);
    FileComplexity {
        functions: u32::try_from(syntax.functions.len()).unwrap_or(u32::MAX),
        cyclomatic: syntax.functions.iter().map(|it| it.cyclomatic).sum(),
        cognitive: syntax.functions.iter().map(|it| it.cognitive).sum(),
        hard: u32::try_from(hard).unwrap_or(u32::MAX),
        worst,
    }
}

/// Documentation comments of everything but tests.
pub(super) fn documented(sources: &[&FileEntry]) -> DocCount {
    let mut sum = DocCount::default();
    for file in sources.iter().filter(|file| !file.facts.inventory.test) {
        if let Some(syntax) = &file.facts.syntax {
            sum.public += syntax.docs.public;
            sum.documented += syntax.docs.documented;
        }
    }
    sum
}

/// Whether a text at the root introduces the repository; a link to one, which is never followed, does as well.
pub(super) fn has_readme(input: &Input) -> bool {
    let read = input.files.iter().map(|file| &file.path);
    let links = input.skipped.iter().filter(|skipped| skipped.reason == SkipReason::Symlink);
    read.chain(links.map(|link| &link.path))
        .any(|path| !path.contains('/') && path.to_ascii_lowercase().starts_with("readme"))
}
