use super::*;
use crate::report::{Call, CallKind, Commit, FileSummary, FileSymbols, LineCount, Module, Service, Span};
use crate::syntax::Symbol;

const EVIL: &str = "a\"]<script>&\u{202e}\u{61c}\u{7}\nend";

fn module(path: &str) -> Module {
    Module {
        path: path.into(),
        label: path.into(),
        language: None,
        files: 1,
        code: 100,
        layer: 0,
        cyclic: false,
        last_change: None,
        x: 0.0,
        y: 0.0,
        width: 0.0,
        height: 0.0,
    }
}

fn file(path: &str) -> FileSummary {
    FileSummary {
        path: path.into(),
        language: "Rust".into(),
        bytes: 1,
        lines: LineCount { code: 7, comment: 0, blank: 0 },
        test: false,
        example: false,
        tests: 0,
        complexity: None,
        commits: 0,
    }
}

fn service(name: &str, kind: ServiceKind) -> Service {
    Service {
        name: name.into(),
        kind,
        image: Some("postgres:17".into()),
        folder: (kind == ServiceKind::Own).then(|| "app".into()),
        evidence: vec![Span::lines("compose.yml", 1, 1)],
        layer: 0,
        x: 0.0,
        y: 0.0,
        width: 0.0,
        height: 0.0,
    }
}

fn report() -> Report {
    let input = crate::pipeline::Input {
        commit: Commit { id: "0".repeat(40), branch: None, time: 0, subject: String::new() },
        files: Vec::new(),
        skipped: Vec::new(),
        notes: Vec::new(),
        history: crate::source::HistoryInput::default(),
        past: None,
        tree_files: 0,
        tree_bytes: 0,
    };
    let state = crate::report::AdvisoryState::NotChecked { reason: String::new() };
    let answer = crate::advisories::AdvisoryAnswer { state, covered: Vec::new(), records: Vec::new() };
    let mut report = crate::pipeline::assemble(input, &mut |_| {}, &mut |_| answer.clone());
    report.files = vec![file("app/a.rs"), file("app/deep/b.rs"), file("lib/c.rs")];
    report.graph.modules = vec![module("app"), module("app/deep"), module("lib")];
    report.graph.module_edges = vec![Edge { from: 0, to: 2, count: 3 }];
    report.graph.file_edges = vec![Edge { from: 0, to: 1, count: 1 }, Edge { from: 0, to: 2, count: 1 }];
    report.graph.services = vec![service("web", ServiceKind::Own), service(EVIL, ServiceKind::Database)];
    let kinds = vec![CallKind::Address, CallKind::DependsOn];
    report.graph.calls =
        vec![Call { from: 0, to: 1, kinds, evidence: vec![Span::lines("compose.yml", 3, 3)] }];
    let symbol = |name: &str, start, end| Symbol {
        name: name.into(),
        kind: SymbolKind::Type,
        public: true,
        start,
        end,
    };
    report.graph.symbols =
        vec![FileSymbols { file: 2, symbols: vec![symbol("C", 3, 9), symbol("D", 11, 11)] }];
    report
}

fn shown(diagram: &Diagram) -> Vec<(&str, &str)> {
    diagram.nodes.iter().map(|node| (&*node.label, &*node.detail)).collect()
}

#[test]
fn each_level_shows_its_part_and_what_it_opens() {
    let report = report();
    let services = diagram(&report, Level::Services, None).unwrap();
    assert_eq!(
        (services.nodes[0].opens.as_deref(), &*services.edges[0].label),
        (Some("app"), "address, starts after")
    );
    assert!(services.nodes[0].y < services.nodes[1].y);
    let modules = diagram(&report, Level::Modules, None).unwrap();
    assert_eq!(modules.nodes.len(), 3);
    assert_eq!((modules.edges[0].from, modules.edges[0].to, &*modules.edges[0].label), (0, 2, "3"));
    let of_app = diagram(&report, Level::Modules, Some("app")).unwrap();
    assert_eq!(shown(&of_app), [("app", "7 lines"), ("deep", "7 lines")]);
    assert_eq!((of_app.edges[0].from, of_app.edges[0].to), (0, 1), "the imports between its parts");
    assert_eq!(diagram(&report, Level::Modules, Some("nowhere")), None);
    let files = diagram(&report, Level::Files, Some("app")).unwrap();
    assert_eq!(shown(&files), [("a.rs", "7 lines")]);
    let symbols = diagram(&report, Level::Symbols, Some("lib/c.rs")).unwrap();
    assert_eq!(shown(&symbols), [("C", "type, 3-9"), ("D", "type, 11")]);
    assert_eq!(symbols.nodes[0].evidence, [Span::lines("lib/c.rs", 3, 9)]);
    assert_eq!(diagram(&report, Level::Files, Some("nowhere")), None);
    assert_eq!(diagram(&report, Level::Files, None), None);
}

#[test]
fn names_of_the_repository_stay_text_in_every_format() {
    let diagram = diagram(&report(), Level::Services, None).unwrap();
    let svg = diagram.svg();
    assert!(!svg.contains("<script") && !svg.contains(['\u{202e}', '\u{61c}', '\u{7}']));
    let mut reader = quick_xml::Reader::from_str(&svg);
    while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
    let mermaid = diagram.mermaid();
    assert_eq!(mermaid.lines().count(), 4);
    assert!(mermaid.lines().nth(2).unwrap().starts_with("  n1[\"a#34;#93;#60;script#62;"), "{mermaid}");
    // As text or as an entity, which renderers decode.
    for turning in ["\u{202e}", "#8238;", "\u{61c}", "#1564;", "\u{7}", "#7;", "#10;"] {
        assert!(!mermaid.contains(turning), "{mermaid}");
    }
    assert!(mermaid.ends_with("  n0 -->|\"address, starts after\"| n1\n"));
}

#[test]
fn more_than_a_reader_can_take_in_is_counted_and_not_drawn() {
    let mut report = report();
    report.graph.services =
        (0..400).map(|number| service(&format!("s{number}"), ServiceKind::Image)).collect();
    report.graph.calls[0].to = 399;
    let diagram = diagram(&report, Level::Services, None).unwrap();
    assert_eq!((diagram.nodes.len(), diagram.hidden), (300, 100));
    // What has arrows stays, wherever it stands.
    assert_eq!(diagram.nodes[299].id, "s399");
    assert_eq!((diagram.edges[0].from, diagram.edges[0].to), (0, 299));
    assert!(diagram.svg().contains("100 more not shown"));
}

#[test]
fn arrows_pass_between_the_boxes_and_labels_do_not_cover_each_other() {
    let mut report = report();
    let names: Vec<String> = (0..12).map(|number| format!("part{number}")).collect();
    report.graph.modules = names.iter().map(|name| module(name)).collect();
    let pairs =
        (0..12_u32).flat_map(|from| (0..12).map(move |to| (from, to))).filter(|(from, to)| from != to);
    report.graph.module_edges =
        pairs.map(|(from, to)| Edge { from, to, count: 3 + (from * 7 + to * 5) % 40 }).collect();
    crate::structure::layout::arrange(&mut report.graph.modules, &report.graph.module_edges);
    let layers: BTreeSet<u32> = report.graph.modules.iter().map(|module| module.layer).collect();
    assert!((3..=5).contains(&layers.len()), "a cycle of twelve lies over a few layers: {layers:?}");
    let diagram = diagram(&report, Level::Modules, None).unwrap();
    let routes = super::svg::routes::of(&diagram);
    assert_eq!(routes.len(), 132);
    for route in &routes {
        for pair in route.points.windows(2).filter(|pair| (pair[0].0 - pair[1].0).abs() < 0.01) {
            let (top, bottom) = (pair[0].1.min(pair[1].1), pair[0].1.max(pair[1].1));
            for node in &diagram.nodes {
                let across = pair[0].0 > node.x && pair[0].0 < node.x + node.width;
                let along = top < node.y + node.height - 0.01 && bottom > node.y + 0.01;
                assert!(!(across && along), "{:?} runs through {}", route.points, node.id);
            }
        }
    }
    let labels: Vec<(f64, f64)> = routes.iter().filter_map(|route| route.label).collect();
    assert!(labels.len() > 15, "{}", labels.len());
    for (number, one) in labels.iter().enumerate() {
        for other in &labels[number + 1..] {
            assert!((one.0 - other.0).abs() > 6.0 || (one.1 - other.1).abs() > 10.0, "{one:?} {other:?}");
        }
    }
}
