//! From facts about single files to one report.
//!
//! [`examine`] says all there is to say about one file on its own; it may run on any thread, and its answer may be
//! kept for as long as the analyser's [`version`] stays. [`assemble`] joins the answers with the history and the
//! advisories. Both are deterministic: the order in which files were examined does not show.

mod kept;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::advisories::{self, AdvisoryAnswer, PackageKey};
use crate::duplication;
use crate::finding::{self, findings_of_file};
use crate::history::{self, FileView};
use crate::infra::{self, InfraFacts, Unit};
use crate::insights::{self, Draft};
use crate::inventory::{self, Attributes, Examined, FileInventory};
use crate::quality::gate;
use crate::quality::suppressions::{self, Suppression};
use crate::quality::{self, GradeInput};
use crate::report::{
    self, Commit, Coverage, Dependency, Duplication, FileComplexity, FileSummary, Finding, FunctionSummary,
    Gate, HARD_FUNCTION, Hotspot, Limit, Note, Report, RuleInfo, SCHEMA, SkipReason, Skipped,
};
use crate::source::{HistoryInput, SourceFile};
use crate::structure::{self, ConfigFacts, Services, StructureFile};
use crate::syntax::{self, DocCount, FileSyntax};

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
    pub syntax: Option<FileSyntax>,
    /// What a Go file imports, whether or not its syntax is looked at; `None` for other files and unread content.
    pub go_imports: Option<Vec<String>>,
    /// Where imports of other files lead, for configuration files.
    pub config: Option<ConfigFacts>,
    /// What it says about the infrastructure, for files that describe some.
    pub infra: Option<InfraFacts>,
    /// The text of a `.gitattributes` file: what it says concerns the files around it.
    pub attributes: Option<String>,
    /// The findings that the repository says are not to be acted on, for files that say so.
    pub suppressions: Vec<Suppression>,
    /// The gate that the repository sets for itself, for the file that does so.
    pub gate: Option<Gate>,
    /// What could not be looked at, and why.
    pub skipped: Vec<SkipReason>,
}

/// A file of the commit with what was found in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path from the root.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// What was found in it.
    pub facts: FileFacts,
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
    /// Files in the commit's tree.
    pub tree_files: u64,
    /// Bytes in the commit's tree.
    pub tree_bytes: u64,
}

/// The phases of an analysis as people see them, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The repository is copied or opened.
    Fetch,
    /// Files are read: languages, lines and syntax.
    Languages,
    /// Imports and dependencies are joined.
    Structure,
    /// Code rules and smells are collected.
    Patterns,
    /// Known vulnerabilities are looked up.
    Security,
    /// The history is read and the grade computed.
    Quality,
    /// What to do first is decided.
    Insights,
    /// The result is saved.
    Save,
}

impl Phase {
    /// Every phase, in order.
    pub const ALL: [Self; 8] = [
        Self::Fetch,
        Self::Languages,
        Self::Structure,
        Self::Patterns,
        Self::Security,
        Self::Quality,
        Self::Insights,
        Self::Save,
    ];

    /// How far the whole analysis is when this phase has finished.
    pub fn percent(self) -> u8 {
        match self {
            Self::Fetch => 10,
            Self::Languages => 20,
            Self::Structure => 40,
            Self::Patterns => 50,
            Self::Security => 60,
            Self::Quality => 80,
            Self::Insights => 90,
            Self::Save => 100,
        }
    }

    /// The name used everywhere outside this program.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::Languages => "languages",
            Self::Structure => "structure",
            Self::Patterns => "patterns",
            Self::Security => "security",
            Self::Quality => "quality",
            Self::Insights => "insights",
            Self::Save => "save",
        }
    }
}

/// How far a phase is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The phase.
    pub phase: Phase,
    /// Whether this is its end.
    pub finished: bool,
    /// Units done.
    pub done: u64,
    /// Units in all, where known.
    pub total: Option<u64>,
    /// What is counted: `files`, `commits`, `packages`.
    pub unit: String,
    /// What has become known: "Rust 81 %", "212 dependencies".
    pub facts: Vec<String>,
}

impl Progress {
    /// The end of a phase.
    pub fn finished(phase: Phase, done: u64, unit: &str, facts: Vec<String>) -> Self {
        Self { phase, finished: true, done, total: Some(done), unit: unit.to_owned(), facts }
    }
}

/// Looks at one file, once.
pub fn examine(file: &SourceFile) -> FileFacts {
    let inventory = inventory::examine(file);
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
    let suppressions = suppressions::examine(file).unwrap_or(Ok(Vec::new())).unwrap_or_else(|reason| {
        skipped.push(reason);
        Vec::new()
    });
    let attributes = is_attributes(file).then(|| String::from_utf8_lossy(file.bytes).into_owned());
    let gate = gate::examine(file).unwrap_or_else(|reason| {
        skipped.push(reason);
        None
    });
    FileFacts { inventory, syntax, go_imports, config, infra, attributes, suppressions, gate, skipped }
}

/// Git itself ignores attribute files above this size; so does the analysis.
const ATTRIBUTES_LIMIT: usize = 1 << 20;

fn is_attributes(file: &SourceFile) -> bool {
    file.path.rsplit('/').next() == Some(".gitattributes") && file.bytes.len() <= ATTRIBUTES_LIMIT
}

/// Lets the repository's `.gitattributes` correct what the paths alone suggested.
fn apply_attributes(files: &mut [FileEntry]) {
    let texts: Vec<(&str, &str)> = files
        .iter()
        .filter_map(|file| Some((file.path.as_str(), file.facts.attributes.as_deref()?)))
        .collect();
    if texts.is_empty() {
        return;
    }
    let attributes = Attributes::parse(&texts);
    for file in files {
        attributes.apply(&file.path, &mut file.facts.inventory);
        if file.facts.inventory.vendored || file.facts.inventory.generated {
            file.facts.syntax = None;
            file.facts.config = None;
            file.facts.infra = None;
            file.facts.inventory.secrets.clear();
        }
    }
}

/// Joins what was read into a report.
///
/// `observer` hears of each finished phase; `advisories` answers, once, what is known about the packages in use.
pub fn assemble(
    mut input: Input,
    observer: &mut dyn FnMut(Progress),
    advisories: &mut dyn FnMut(&[PackageKey]) -> AdvisoryAnswer,
) -> Report {
    let mut finished = |phase, units, unit, facts| observer(Progress::finished(phase, units, unit, facts));
    input.files.sort_by(|a, b| a.path.cmp(&b.path));
    apply_attributes(&mut input.files);
    let examined: Vec<Examined<'_>> =
        input.files.iter().map(|file| (file.path.as_str(), file.bytes, &file.facts.inventory)).collect();
    let mut coverage = coverage(&input);
    let languages = inventory::languages(&examined);
    finished(Phase::Languages, coverage.files_read, "files", report::main_languages(&languages));

    let stack = inventory::stack(&examined, &imported(&input.files));
    let (manifests, dependencies) = inventory::dependencies(&examined);
    let sources: Vec<&FileEntry> = input.files.iter().filter(|file| is_source(file)).collect();
    let (graph, services_cut) = graph(&input.files, &sources);
    coverage.notes.extend(services_cut);
    finished(
        Phase::Structure,
        sources.len() as u64,
        "files",
        vec![packages(&dependencies), count(graph.file_edges.len(), "import", "imports")],
    );

    let mut findings = file_findings(&input.files);
    let seen = format!("{} in the code", count(findings.len(), "finding", "findings"));
    finished(Phase::Patterns, sources.len() as u64, "files", vec![seen]);

    let keys = advisories::packages(&dependencies);
    let known = advisories::check(&dependencies, &advisories(&keys), go_imports(&input).as_ref());
    findings.extend(known.findings);
    finding::sort(&mut findings);
    let rules = rules_in_use(&findings, known.rules);
    let (findings, suppressed, notes) =
        suppressions::apply(findings, &suppressing(&input.files), input.commit.time);
    coverage.notes.extend(notes);
    finished(
        Phase::Security,
        u64::from(known.check.compared),
        "packages compared",
        vec![
            vulnerable(report::vulnerable(&dependencies, &findings, &known.check)),
            format!("{} in all", count(findings.len(), "finding", "findings")),
        ],
    );

    let views: Vec<FileView<'_>> = sources.iter().map(|file| view(file)).collect();
    let (history, mut hotspots, commits) = history::summarise(&input.history, input.commit.time, &views);
    let files: Vec<FileSummary> = sources.iter().map(|file| summary(file, &commits)).collect();
    let mut duplication = duplicates(&sources);
    let lines = (input.commit.time, &views[..]);
    follow(&input.history, lines, &sources, &mut hotspots, &mut duplication);
    let quality = quality::grade(&GradeInput {
        coverage: &coverage,
        languages: &languages,
        manifests: &manifests,
        dependencies: &dependencies,
        advisories: &known.check,
        findings: &findings,
        files: &files,
        graph: &graph,
        history: &history,
        hotspots: &hotspots,
        duplication: &duplication,
        docs: documented(&sources),
        readme: has_readme(&input),
    });
    let graded = quality.grade.iter().map(|grade| format!("Grade {grade}")).collect();
    finished(Phase::Quality, u64::from(history.commits), "commits", graded);

    let insights = insights::find(&Draft {
        time: input.commit.time,
        coverage: &coverage,
        languages: &languages,
        stack: &stack,
        manifests: &manifests,
        dependencies: &dependencies,
        advisories: &known.check,
        findings: &findings,
        rules: &rules,
        files: &files,
        graph: &graph,
        history: &history,
        hotspots: &hotspots,
        duplication: &duplication,
        quality: &quality,
    });
    let found = insights.len();
    finished(Phase::Insights, found as u64, "insights", vec![count(found, "insight", "insights")]);

    Report {
        schema: SCHEMA,
        analyzer: version().to_owned(),
        commit: input.commit,
        coverage,
        languages,
        stack,
        manifests,
        dependencies,
        advisories: known.check,
        findings,
        suppressed,
        gate: input.files.iter().find_map(|file| file.facts.gate.clone()),
        rules,
        files,
        graph,
        history,
        hotspots,
        duplication,
        quality,
        insights,
    }
}

fn packages(dependencies: &[Dependency]) -> String {
    let all = count(dependencies.len(), "dependency", "dependencies");
    format!("{all}, {} direct", report::direct(dependencies))
}

/// A number only where somebody looked.
fn vulnerable(dependencies: Option<usize>) -> String {
    match dependencies {
        Some(found) => count(found, "vulnerable dependency", "vulnerable dependencies"),
        None => "Vulnerabilities not checked".to_owned(),
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Whether the file is the project's own source code.
fn is_source(file: &FileEntry) -> bool {
    file.facts.inventory.counted || file.facts.syntax.is_some()
}

fn coverage(input: &Input) -> Coverage {
    let mut skipped = input.skipped.clone();
    for file in &input.files {
        skipped.extend(
            file.facts.skipped.iter().map(|reason| Skipped { path: file.path.clone(), reason: *reason }),
        );
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
        limits: Limit::ALL.map(Limit::note).into(),
    }
}

/// What code outside tests imports, as it is written.
fn imported(files: &[FileEntry]) -> BTreeSet<&str> {
    files
        .iter()
        .filter(|file| !file.facts.inventory.test)
        .filter_map(|file| file.facts.syntax.as_ref())
        .flat_map(|syntax| syntax.imports.iter().map(|import| import.specifier.as_str()))
        .collect()
}

/// The files that say which findings are not to be acted on.
fn suppressing(files: &[FileEntry]) -> Vec<(&str, &[Suppression])> {
    let own = files.iter().map(|file| (file.path.as_str(), file.facts.suppressions.as_slice()));
    own.filter(|(_, entries)| !entries.is_empty()).collect()
}

fn is_go(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extension == "go")
}

/// What Go code imports, tests and generated files included; `None` where there is none, or some may not have been read.
fn go_imports(input: &Input) -> Option<BTreeSet<&str>> {
    let unread = |skipped: &Skipped| match skipped.reason {
        // These can be whole folders.
        SkipReason::PathLimit | SkipReason::Unreadable => true,
        _ => is_go(&skipped.path),
    };
    if input.notes.iter().any(|note| note.code == "file_limit") || input.skipped.iter().any(unread) {
        return None;
    }
    let own = |file: &&FileEntry| is_go(&file.path) && !file.facts.inventory.vendored;
    let mut files = input.files.iter().filter(own).peekable();
    files.peek()?;
    let lists: Option<Vec<&Vec<String>>> = files.map(|file| file.facts.go_imports.as_ref()).collect();
    Some(lists?.into_iter().flatten().map(String::as_str).collect())
}

fn graph(files: &[FileEntry], sources: &[&FileEntry]) -> (crate::report::Graph, Option<Note>) {
    let nodes: Vec<StructureFile<'_>> = sources
        .iter()
        .map(|file| StructureFile {
            path: &file.path,
            language: file.facts.inventory.language.as_deref().unwrap_or_default(),
            lines: file.facts.inventory.lines.code,
            syntax: file.facts.syntax.as_ref(),
        })
        .collect();
    let configs: Vec<(&str, &ConfigFacts)> =
        files.iter().filter_map(|file| Some((file.path.as_str(), file.facts.config.as_ref()?))).collect();
    let Services { services, calls, cut } = services(files);
    let graph = structure::graph(&nodes, &configs);
    (crate::report::Graph { services, calls, symbols: structure::symbols(&nodes), ..graph }, cut)
}

/// What runs, and what needs what. A service that is built here is known by the name of its package. Tests, examples and
/// documentation describe what is not this project's own.
fn services(files: &[FileEntry]) -> Services {
    let units: Vec<(&str, &[Unit])> = files
        .iter()
        .filter(|file| !(file.facts.inventory.test || file.facts.inventory.documentation))
        .filter_map(|file| Some((file.path.as_str(), file.facts.infra.as_ref()?.units.as_slice())))
        .collect();
    let packages = files.iter().filter_map(|file| {
        let manifest = file.facts.inventory.manifest.as_ref()?;
        Some((inventory::folder(&file.path), manifest.package.as_deref()?))
    });
    structure::services(&units, &packages.collect())
}

fn file_findings(files: &[FileEntry]) -> Vec<Finding> {
    files
        .iter()
        .flat_map(|file| {
            let mut raw = file.facts.inventory.secrets.clone();
            raw.extend(file.facts.syntax.iter().flat_map(|syntax| syntax.findings.iter().cloned()));
            raw.extend(file.facts.infra.iter().flat_map(|infra| infra.findings.iter().cloned()));
            findings_of_file(&file.path, file.facts.inventory.test, &raw)
        })
        .collect()
}

fn rules_in_use(findings: &[Finding], advisories: BTreeMap<String, RuleInfo>) -> BTreeMap<String, RuleInfo> {
    let mut known = advisories;
    known.extend(inventory::secret_rules());
    known.extend(syntax::rules());
    known.extend(infra::rules());
    let used: std::collections::HashSet<&str> =
        findings.iter().map(|finding| finding.rule.as_str()).collect();
    known.retain(|id, _| used.contains(id.as_str()));
    known
}

fn duplicates(sources: &[&FileEntry]) -> Duplication {
    let files = sources.iter().filter_map(|file| {
        let tokens = &file.facts.syntax.as_ref()?.tokens;
        Some(duplication::File { path: &file.path, test: file.facts.inventory.test, tokens })
    });
    duplication::find(&files.collect::<Vec<_>>())
}

/// Adds what the history of their lines says of hotspots and duplicates.
fn follow(
    history: &HistoryInput,
    (head_time, files): (i64, &[FileView<'_>]),
    sources: &[&FileEntry],
    hotspots: &mut [Hotspot],
    duplication: &mut Duplication,
) {
    let functions = |path: &str| functions_of(sources, path);
    history::follow_lines(history, head_time, files, &functions, hotspots, duplication);
}

/// The functions of one of the files, which are in the order of their paths.
fn functions_of<'a>(sources: &[&'a FileEntry], path: &str) -> &'a [FunctionSummary] {
    let found = sources.binary_search_by(|file| file.path.as_str().cmp(path)).ok();
    let file = found.and_then(|index| sources.get(index));
    file.and_then(|file| file.facts.syntax.as_ref()).map_or(&[], |syntax| &syntax.functions)
}

fn view(file: &FileEntry) -> FileView<'_> {
    FileView {
        path: &file.path,
        code: file.facts.inventory.lines.code,
        cognitive: file
            .facts
            .syntax
            .as_ref()
            .map(|syntax| syntax.functions.iter().map(|it| it.cognitive).sum()),
        test: file.facts.inventory.test,
        counted: file.facts.inventory.counted,
    }
}

fn summary(file: &FileEntry, commits: &HashMap<String, u32>) -> FileSummary {
    let inventory = &file.facts.inventory;
    FileSummary {
        path: file.path.clone(),
        language: inventory.language.clone().unwrap_or_default(),
        bytes: file.bytes,
        lines: inventory.lines,
        test: inventory.test,
        tests: file.facts.syntax.as_ref().map_or(0, |syntax| syntax.tests),
        complexity: file.facts.syntax.as_ref().map(complexity),
        commits: commits.get(&file.path).copied().unwrap_or(0),
    }
}

fn complexity(syntax: &FileSyntax) -> FileComplexity {
    let hard = syntax.functions.iter().filter(|function| function.cognitive > HARD_FUNCTION).count();
    let mut worst = syntax.functions.clone();
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
fn documented(sources: &[&FileEntry]) -> DocCount {
    let mut sum = DocCount::default();
    for file in sources.iter().filter(|file| !file.facts.inventory.test) {
        if let Some(syntax) = &file.facts.syntax {
            sum.public += syntax.docs.public;
            sum.documented += syntax.docs.documented;
        }
    }
    sum
}

fn has_readme(input: &Input) -> bool {
    input
        .files
        .iter()
        .any(|file| !file.path.contains('/') && file.path.to_ascii_lowercase().starts_with("readme"))
}
