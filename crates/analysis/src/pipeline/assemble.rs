//! Everything that was read, joined into one report.

use std::collections::HashMap;

use super::parts::{
    Structure, coverage, dependencies, documented, duplicates, file_findings, follow, go_imports, has_readme,
    is_source, structure, summary, view,
};
use super::past::Judged;
use super::used::packages;
use super::{FileEntry, Input, Joins, Phase, Progress, go, past, version};
use crate::advisories::{self, AdvisoryAnswer, PackageKey};
use crate::history::{self, Churn, FileView, Window};
use crate::insights::{self, Draft};
use crate::inventory::{self, Attributes, Examined};
use crate::quality::{self, GradeInput};
use crate::report::{self, Commit, Dependency, FileSummary, Finding, Module, Report, SCHEMA};
use crate::structure::{Places, reads};

/// Joins what was read into a report.
///
/// `observer` hears of each finished phase; `advisories` answers, once, what is known about the packages in use.
pub fn assemble(
    mut input: Input,
    observer: &mut dyn FnMut(Progress),
    advisories: &mut dyn FnMut(&[PackageKey]) -> AdvisoryAnswer,
) -> Report {
    join(&mut input, false, &mut Joins::default(), observer, advisories)
}

/// The same, but what was read is left to the caller. It is of no use afterwards, and a process that is about to end
/// need not give its many pieces back. Joins that were made before are not made again. Of a report that is to be
/// [short](super::shorten), some of what that leaves out is not even made.
pub fn join(
    input: &mut Input,
    brief: bool,
    joins: &mut Joins,
    observer: &mut dyn FnMut(Progress),
    advisories: &mut dyn FnMut(&[PackageKey]) -> AdvisoryAnswer,
) -> Report {
    let mut finished = |phase, units, unit, facts| observer(Progress::finished(phase, units, unit, facts));
    input.files.sort_by(|a, b| a.path.cmp(&b.path));
    apply_attributes(&mut input.files);
    let examined = examined(&input.files);
    let mut coverage = coverage(input);
    let languages = inventory::languages(&examined);
    finished(Phase::Languages, coverage.files_read, "files", report::main_languages(&languages));

    let sources: Vec<&FileEntry> = input.files.iter().filter(|file| is_source(file)).collect();
    let Structure { mut graph, cut, imported, used } = structure(&input.files, &sources, brief, joins);
    coverage.notes.extend(cut);
    let stack = inventory::stack(&examined, &imported.all());
    let (manifests, mut dependencies) = dependencies(&examined, joins);
    go::narrow_scopes(input, &mut dependencies);
    finished(
        Phase::Structure,
        sources.len() as u64,
        "files",
        vec![named(&dependencies), count(graph.file_edges.len(), "import", "imports")],
    );

    let mut findings = file_findings(&input.files, joins);
    finished(Phase::Patterns, sources.len() as u64, "files", vec![in_code(&findings)]);

    let keys = advisories::packages(&dependencies);
    let shipped = imported.bundled();
    let taken = &shipped | &inventory::taken_along(&examined, &shipped);
    let known = advisories::check(&dependencies, &advisories(&keys), go_imports(input).as_ref(), &taken);
    findings.extend(known.findings);
    let Judged { findings, suppressed, rules, past_secrets, notes } =
        past::judge(input, findings, known.rules, joins);
    coverage.notes.extend(notes);
    let seen = [vulnerable(report::vulnerable(&dependencies, &findings, &known.check)), in_all(&findings)];
    finished(Phase::Security, known.check.compared.into(), "packages compared", seen.into());

    let views: Vec<FileView<'_>> = sources.iter().map(|file| view(file)).collect();
    let window = Window::of(&input.history, input.commit.time, views.len());
    let (history, mut hotspots, churn) = history::summarise(&window, &views);
    let files: Vec<FileSummary> = sources.iter().map(|file| summary(file, &churn)).collect();
    date(&mut graph.modules, &churn);
    let mut duplication = duplicates(&sources, joins);
    follow(&window, &sources, &mut hotspots, &mut duplication);
    let quality = quality::grade(&GradeInput {
        coverage: &coverage,
        languages: &languages,
        manifests: &manifests,
        dependencies: &dependencies,
        imported: &taken,
        advisories: &known.check,
        findings: &findings,
        files: &files,
        graph: &graph,
        history: &history,
        hotspots: &hotspots,
        duplication: &duplication,
        docs: documented(&sources),
        readme: has_readme(input),
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
        imported: &taken,
        advisories: &known.check,
        findings: &findings,
        rules: &rules,
        files: &files,
        graph: &graph,
        history: &history,
        hotspots: &hotspots,
        duplication: &duplication,
        past_secrets: past_secrets.as_ref(),
        quality: &quality,
    });
    finished(Phase::Insights, insights.len() as u64, "insights", vec![proposed(insights.len())]);

    Report {
        schema: SCHEMA,
        analyzer: version().to_owned(),
        commit: Commit { subject: inventory::masked(&input.commit.subject), ..input.commit.clone() },
        coverage,
        languages,
        stack,
        manifests,
        imports: used.map(|used| packages(&used, &sources, &dependencies)),
        dependencies,
        advisories: known.check,
        findings,
        suppressed,
        gate: input.files.iter().find_map(|file| file.facts.rare().gate.clone()),
        rules,
        files,
        graph,
        history,
        hotspots,
        duplication,
        past_secrets,
        quality,
        insights,
    }
}

fn examined(files: &[FileEntry]) -> Vec<Examined<'_>> {
    files.iter().map(|file| (file.path.as_str(), file.bytes, &file.facts.inventory)).collect()
}

/// Says of each module when one of its files changed last: a file belongs to the nearest module above it.
fn date(modules: &mut [Module], churn: &HashMap<String, Churn>) {
    let above = |path: &str, folder: &str| {
        folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    };
    for (path, churn) in churn {
        let around = modules.iter_mut().filter(|module| above(path, &module.path));
        if let Some(module) = around.max_by_key(|module| module.path.len()) {
            module.last_change = module.last_change.max(Some(churn.last));
        }
    }
}

fn named(dependencies: &[Dependency]) -> String {
    let all = count(dependencies.len(), "dependency", "dependencies");
    format!("{all}, {} direct", report::direct(dependencies))
}

fn proposed(insights: usize) -> String {
    count(insights, "insight", "insights")
}

fn in_code(findings: &[Finding]) -> String {
    format!("{} in the code", count(findings.len(), "finding", "findings"))
}

fn in_all(findings: &[Finding]) -> String {
    format!("{} in all", count(findings.len(), "finding", "findings"))
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

/// Lets the tree as a whole and the repository's `.gitattributes` correct what the paths alone suggested.
fn apply_attributes(files: &mut [FileEntry]) {
    let texts: Vec<(&str, &str)> = files
        .iter()
        .filter_map(|file| Some((file.path.as_str(), file.facts.rare().attributes.as_deref()?)))
        .collect();
    let configs = files.iter().map(|file| (file.path.as_str(), file.facts.rare().config.as_deref()));
    let places = Places::of(configs);
    if texts.is_empty() && places.is_empty() {
        return;
    }
    let attributes = Attributes::parse(&texts);
    for file in files {
        places.apply(&file.path, &mut file.facts.inventory);
        if attributes.apply(&file.path, &mut file.facts.inventory)
            && let (Some(syntax), Some(now)) = (&file.facts.syntax, &file.facts.inventory.language)
        {
            file.facts.links = reads(syntax, now);
        }
        if file.facts.inventory.vendored || file.facts.inventory.generated {
            file.facts.syntax = None;
            file.facts.complexity = None;
            if let Some(rare) = &mut file.facts.rare {
                (rare.config, rare.infra) = (None, None);
                rare.entries.clear();
            }
            file.facts.inventory.secrets.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline;
    use crate::report::AdvisoryState;
    use crate::source::{HistoryInput, SourceFile};

    const ATTRIBUTES: &str = "p/*.py linguist-language=Go\n";

    fn report(files: &[(&str, &str)], joins: &mut Joins) -> Report {
        let files = files.iter().map(|&(path, text)| FileEntry {
            path: path.to_owned(),
            bytes: text.len() as u64,
            facts: pipeline::examine(&SourceFile { path, executable: false, bytes: text.as_bytes() }).into(),
        });
        let mut input = Input {
            commit: Commit { id: "0".repeat(40), branch: None, time: 0, subject: String::new() },
            files: files.collect(),
            skipped: Vec::new(),
            notes: Vec::new(),
            history: HistoryInput::default(),
            past: None,
            tree_files: 0,
            tree_bytes: 0,
        };
        let mut unknown = |_: &[PackageKey]| AdvisoryAnswer {
            state: AdvisoryState::NotChecked { reason: "no data".into() },
            covered: Vec::new(),
            records: Vec::new(),
        };
        join(&mut input, false, joins, &mut |_| (), &mut unknown)
    }

    #[test]
    fn what_attributes_make_of_a_language_decides_what_joins_rest_on() {
        let of = |attributes: &str, part: &str, joins: &mut Joins| {
            let main = "package main\n\nimport \"ex.com/m/p\"\n\nfunc main() {\n\tp.A()\n\tp.C()\n}\n";
            let files = [
                (".gitattributes", attributes),
                ("go.mod", "module ex.com/m\n\ngo 1.24\n"),
                ("main.go", main),
                ("p/a.go", "package p\n\nfunc A() {}\n"),
                ("p/b.py", part),
            ];
            report(&files, joins)
        };
        let (before, after) =
            ("def B():\n    pass\n\ndef C():\n    pass\n", "def B():\n    pass\n\ndef D():\n    pass\n");
        let mut bytes = Vec::new();
        let mut edges = Vec::new();
        for (attributes, part) in [("", before), (ATTRIBUTES, before), (ATTRIBUTES, after), ("", after)] {
            let mut kept = Joins::read(&bytes);
            let warm = of(attributes, part, &mut kept);
            assert_eq!(warm, of(attributes, part, &mut Joins::default()), "{attributes:?} {part:?}");
            edges.push(warm.graph.file_edges.len());
            bytes = kept.write().unwrap_or(bytes);
        }
        assert_eq!(
            edges,
            [1, 2, 1, 1],
            "the second function is of the package only as Go, and while it is there"
        );
    }

    #[test]
    fn what_manifests_say_and_which_rules_found_something_decides_what_is_told_of_them_again() {
        let of = |attributes: &str, manifest: &str, code: &str, joins: &mut Joins| {
            let files = [(".gitattributes", attributes), ("a/package.json", manifest), ("b.py", code)];
            report(&files, joins)
        };
        let (one, other) =
            ("{\"dependencies\":{\"x\":\"1\"}}", "{\"dependencies\":{\"x\":\"1\",\"y\":\"1\"}}");
        let (sound, bad) = ("a = 1\n", "import flask\na = eval(flask.request.args['a'])\n");
        let vendored = "a/* linguist-vendored\n";
        let mut bytes = Vec::new();
        let mut told = Vec::new();
        for (attributes, manifest, code) in [
            ("", one, sound),
            ("", one, bad),
            ("", other, bad),
            (vendored, other, bad),
            (vendored, other, sound),
        ] {
            let mut kept = Joins::read(&bytes);
            let warm = of(attributes, manifest, code, &mut kept);
            assert_eq!(
                warm,
                of(attributes, manifest, code, &mut Joins::default()),
                "{attributes} {manifest}"
            );
            told.push((warm.dependencies.len(), warm.rules.len().min(1)));
            bytes = kept.write().unwrap_or(bytes);
        }
        assert_eq!(told, [(1, 0), (1, 1), (2, 1), (0, 1), (0, 0)]);
    }

    #[test]
    fn what_others_say_of_infrastructure_decides_what_is_told_of_it_again() {
        let of = |compose: &str, code: &str, joins: &mut Joins| {
            let image = "FROM node:22\nEXPOSE 3000\nCMD [\"node\", \"server.js\"]\n";
            let files = [("a/Dockerfile", image), ("a/main.py", code), ("compose.yaml", compose)];
            report(&files, joins)
        };
        let root = "services:\n  a:\n    build: ./a\n";
        let limited = "services:\n  a:\n    build: ./a\n    user: \"1000\"\n";
        let mut bytes = Vec::new();
        let mut told = Vec::new();
        for (compose, code) in [(root, "a = 1\n"), (root, "b = 2\n"), (limited, "b = 2\n"), (root, "b = 2\n")]
        {
            let mut kept = Joins::read(&bytes);
            let warm = of(compose, code, &mut kept);
            assert_eq!(warm, of(compose, code, &mut Joins::default()), "{compose:?} {code:?}");
            told.push(warm.findings.iter().filter(|one| one.span.path == "a/Dockerfile").count());
            bytes = kept.write().unwrap_or(bytes);
        }
        let [first, again, others, back] = told.as_slice() else { panic!("{told:?}") };
        assert!(first == again && first == back && others < first, "{told:?}");
    }
}
