//! Several files, joined: dependencies, structure, findings, grade, insights; and what other programs are told of it.

use std::collections::BTreeSet;

use analysis::advisories::AdvisoryAnswer;
use analysis::compare;
use analysis::diagram::{self, Level};
use analysis::export;
use analysis::pipeline::{self, FileEntry, Input};
use analysis::report::{AdvisoryState, Commit, Report};
use analysis::source::{Change, CommitRecord, HistoryInput, Hunk, Person};
use serde_json::Value;

use crate::files::examined;
use crate::parts::{self, Part};

/// Files of one report.
const MOST: usize = 12;

/// The file that is no file but the history, one commit a line.
const HISTORY: &str = "HISTORY";

/// When everything happened, in seconds since the epoch.
const NOW: i64 = 1_780_000_000;

pub(crate) fn run(data: &[u8]) -> bool {
    let Some(parts) = parts::split(data, MOST) else { return false };
    let paths: BTreeSet<&str> = parts.iter().map(|part| part.path).collect();
    if paths.len() < parts.len() {
        return false;
    }
    let (history, files): (Vec<&Part<'_>>, Vec<&Part<'_>>) =
        parts.iter().partition(|part| part.path == HISTORY);
    let history = history.first().map(|part| history_of(part.content)).unwrap_or_default();
    let mut entries: Vec<FileEntry> = files
        .iter()
        .map(|part| FileEntry {
            path: part.path.to_owned(),
            bytes: part.content.len() as u64,
            facts: examined(part).into(),
        })
        .collect();
    let report = assembled(entries.clone(), history.clone());
    entries.reverse();
    assert_eq!(report, assembled(entries, history), "the order in which files were examined shows");
    read_again(&report);
    compared(&report);
    exported(&report);
    drawn(&report);
    true
}

fn assembled(files: Vec<FileEntry>, history: HistoryInput) -> Report {
    let input = Input {
        commit: Commit { id: "1".repeat(40), branch: None, time: NOW, subject: "Fuzz".to_owned() },
        tree_files: files.len() as u64,
        tree_bytes: files.iter().map(|file| file.bytes).sum(),
        files,
        skipped: Vec::new(),
        notes: Vec::new(),
        history,
        past: None,
    };
    let answer = AdvisoryAnswer {
        state: AdvisoryState::NotChecked { reason: "Nobody was asked.".to_owned() },
        covered: Vec::new(),
        records: Vec::new(),
    };
    pipeline::assemble(input, &mut |_| (), &mut |_| answer.clone())
}

/// Commits as lines: `seconds author path added removed subject`. What a number cannot be is zero.
fn history_of(text: &[u8]) -> HistoryInput {
    let mut history = HistoryInput::default();
    let text = String::from_utf8_lossy(text);
    for (at, line) in text.lines().take(50).enumerate() {
        let mut words = line.splitn(6, ' ');
        let mut word = || words.next().unwrap_or_default();
        let (time, name, path) = (word().parse().unwrap_or(NOW), word(), word());
        let (added, removed) = (word().parse().unwrap_or(0), word().parse().unwrap_or(0));
        let person = Person { name: name.to_owned(), email: format!("{name}@example.org") };
        let author = position(&mut history.people, person);
        let paths = history.paths.len();
        let path = position(&mut history.paths, path.to_owned());
        if history.paths.len() > paths {
            history.heads.push(1);
        }
        let hunk = Hunk { before: removed, removed, after: added, added };
        let change = Change { path, added, removed, before: 2, after: 1, hunks: vec![hunk] };
        history.commits.push(CommitRecord {
            id: format!("{at:040x}"),
            time,
            authored: time,
            author,
            subject: word().to_owned(),
            parents: 1,
            changes: vec![change],
            changes_cut: false,
        });
    }
    history
}

/// Where the value is in the list, into which it is put if it is missing.
fn position<T: PartialEq>(list: &mut Vec<T>, value: T) -> u32 {
    let at = list.iter().position(|known| *known == value).unwrap_or(list.len());
    if at == list.len() {
        list.push(value);
    }
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The report survives being written and read.
fn read_again(report: &Report) {
    let written = serde_json::to_string(report).unwrap_or_default();
    let read = serde_json::from_str::<Report>(&written);
    assert!(read.as_ref().is_ok_and(|read| read == report), "written and read again: {:?}", read.err());
}

/// A report held against itself has nothing new and nothing gone.
fn compared(report: &Report) {
    let comparison = compare::compare(report, report);
    assert!(comparison.findings.new.is_empty(), "new against itself: {:?}", comparison.findings.new);
    for insight in &report.insights {
        insight.check.evaluate(report);
    }
}

fn exported(report: &Report) {
    sarif(&export::sarif(report, None));
    cyclonedx(&export::cyclonedx(report));
    assert!(export::code_quality(report).is_array());
}

/// What SARIF asks for beyond its form: rules that exist, lines that count from one, addresses without a scheme.
fn sarif(log: &Value) {
    let run = &log["runs"][0];
    let rules = list(&run["tool"]["driver"]["rules"]);
    for result in list(&run["results"]) {
        let rule = result["ruleIndex"].as_u64().and_then(|at| rules.get(usize::try_from(at).ok()?));
        assert_eq!(rule.map(|rule| &rule["id"]), Some(&result["ruleId"]), "the rule of {result}");
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap_or_default();
        assert!(!uri.contains([':', ' ', '\\', '"', '<']), "the address of {result}");
        if let Some(region) = place.get("region") {
            let (start, end) = (region["startLine"].as_u64(), region["endLine"].as_u64());
            assert!(start >= Some(1) && end >= start, "the lines of {result}");
        }
    }
}

/// What CycloneDX asks for beyond its form: references that are unique, and lead somewhere.
fn cyclonedx(bom: &Value) {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let root = &bom["metadata"]["component"];
    for component in list(&bom["components"]).iter().chain([root]) {
        let reference = component["bom-ref"].as_str().unwrap_or_default();
        assert!(known.insert(reference), "two components are called {reference:?}");
    }
    for edge in list(&bom["dependencies"]) {
        let ends = list(&edge["dependsOn"]).iter().chain([&edge["ref"]]);
        for end in ends {
            assert!(end.as_str().is_some_and(|end| known.contains(end)), "nothing is called {end}");
        }
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Every diagram can be drawn, and nothing in it ends the text it stands in.
fn drawn(report: &Report) {
    let files = report.files.iter().take(4).map(|file| Some(file.path.as_str()));
    let modules = report.graph.modules.iter().take(4).map(|module| Some(module.path.as_str()));
    for focus in files.chain(modules).chain([None]) {
        for diagram in Level::ALL.iter().filter_map(|level| diagram::diagram(report, *level, focus)) {
            let svg = diagram.svg();
            let open = svg.matches('<').count();
            assert_eq!(open, svg.matches('>').count(), "a name broke out of its text");
            assert!(!svg.contains("<script") && !svg.contains("NaN"), "{svg}");
            assert!(!diagram.mermaid().is_empty());
            for arrow in &diagram.edges {
                let ends = [arrow.from, arrow.to].map(|end| end as usize);
                assert!(ends.iter().all(|end| *end < diagram.nodes.len()), "{arrow:?} leads nowhere");
            }
        }
    }
}
