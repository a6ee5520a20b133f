//! The rules on their examples, and what files of each format say.

use std::collections::BTreeSet;

use super::kind::Kind;
use super::rules::{Example, Rule, error, set};
use super::{Across, InfraFacts, Unit, UnitSource, examine};
use crate::finding::RawFinding;
use crate::report::{CallKind, Confidence, Severity, SkipReason};
use crate::source::SourceFile;

fn path_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Dockerfile => "app/Dockerfile",
        Kind::Compose => "docker-compose.yml",
        Kind::Kubernetes => "deploy/app.yaml",
        Kind::Workflow => ".github/workflows/ci.yml",
        Kind::GitLab => ".gitlab-ci.yml",
        Kind::Procfile => "Procfile",
        Kind::Template => "chart/templates/app.yaml",
        Kind::Kustomize => "kustomization.yaml",
        Kind::Settings => ".env",
        Kind::Owner => "CODEOWNERS",
    }
}

fn source<'a>(path: &'a str, text: &'a str) -> SourceFile<'a> {
    SourceFile { path, executable: false, bytes: text.as_bytes() }
}

fn facts(path: &str, text: &str) -> InfraFacts {
    examine(&source(path, text), false).unwrap_or_else(|| panic!("{path} is no infrastructure file")).unwrap()
}

/// What is found where no other file says anything.
fn alone(path: &str, text: &str) -> Vec<RawFinding> {
    Across::default().findings(path, &facts(path, text), &[])
}

fn lines_of(rule: &Rule, example: &Example) -> (Vec<u32>, String) {
    let (kind, text) = match example {
        Example::Text(text) => (rule.files[0], text),
        Example::Of { file, text } => (*file, text),
    };
    let found = alone(path_of(kind), text);
    for finding in &found {
        assert!(
            !finding.message.contains(['{', '\n']) || finding.message.contains("${"),
            "{}",
            finding.message
        );
    }
    (found.iter().filter(|one| one.rule == rule.id).map(|one| one.start).collect(), text.clone())
}

#[test]
fn the_data_can_be_read_and_names_what_is_there() {
    assert_eq!(error(), None);
    let levels = [
        "file",
        "stage",
        "image",
        "instruction",
        "variable",
        "service",
        "port",
        "volume",
        "resource",
        "pod",
        "container",
        "secret",
        "workflow",
        "job",
        "step",
        "action",
    ];
    let mut seen = BTreeSet::new();
    for rule in &set().rules {
        assert!(seen.insert(&rule.id), "{} twice", rule.id);
        assert!(!rule.why.is_empty() && !rule.fix.is_empty() && !rule.matches.is_empty(), "{}", rule.id);
        assert!(levels.contains(&rule.on.as_str()), "{}: {}", rule.id, rule.on);
        for condition in rule.matches.iter().flat_map(|matched| &matched.all) {
            let level = condition.path.split('.').next().unwrap_or_default();
            assert!(levels.contains(&level), "{}: {}", rule.id, condition.path);
        }
    }
}

#[test]
fn rules_fire_on_their_examples() {
    let mut wrong = Vec::new();
    for rule in &set().rules {
        assert!(!rule.fires.is_empty(), "{} has no firing example", rule.id);
        for example in &rule.fires {
            let (lines, text) = lines_of(rule, example);
            if lines.is_empty() {
                wrong.push(format!("{} is silent on:\n{text}", rule.id));
            }
            let last = u32::try_from(text.lines().count()).unwrap();
            assert!(lines.iter().all(|line| (1..=last).contains(line)), "{}: {lines:?}", rule.id);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_are_silent_on_their_counter_examples() {
    let mut wrong = Vec::new();
    for rule in &set().rules {
        assert!(!rule.silent.is_empty(), "{} has no silent example", rule.id);
        for example in &rule.silent {
            let (lines, text) = lines_of(rule, example);
            if !lines.is_empty() {
                wrong.push(format!("{} fires at {lines:?} on:\n{text}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sightings_are_placed_where_they_stand() {
    let text = "on: issues\njobs:\n  a:\n    runs-on: x\n    steps:\n      - name: b\n        run: |\n          one\n          echo ${{ github.event.issue.title }}\n";
    let found = alone(".github/workflows/a.yml", text);
    let injection = found.iter().find(|one| one.rule == "actions.script-injection").unwrap();
    assert_eq!((injection.start, injection.symbol.as_deref()), (9, Some("b")));
    let text = "FROM debian:12\nRUN one \\\n  # why\n  && curl -fsSL https://x.net/i | sh\n";
    let found = alone("Dockerfile", text);
    assert_eq!(found.iter().find(|one| one.rule == "docker.pipe-to-shell").unwrap().start, 4);
}

#[test]
fn no_value_of_a_variable_is_kept() {
    let secret = "Xk29vbQ7pLm3";
    let text = format!(
        "services:\n  a:\n    image: a:1\n    environment:\n      DB_PASSWORD: {secret}\n      URL: postgres://u:{secret}@db/x\n"
    );
    let facts = facts("compose.yml", &text);
    assert!(!facts.findings.is_empty());
    assert!(!serde_json::to_string(&facts).unwrap().contains(secret));
}

#[test]
fn no_credential_of_a_command_line_is_kept() {
    let long = "x".repeat(200);
    let docker = format!(
        "FROM a:1\nADD https://bob:hunter2@a.b/c.tgz /\nRUN curl -k -u admin:hunter2 https://a.b/c | sh\n\
         RUN echo {long} && curl -k --password hunter2 https://a.b/c?token=hunter2 | sh\n"
    );
    let workflow = "on: issues\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: curl -k -u a:hunter2 https://a.b | sh\n      - run: PASSWORD=hunter2 say ${{ github.event.issue.title }}\n";
    for (path, text) in [("Dockerfile", docker.as_str()), (".github/workflows/ci.yml", workflow)] {
        let facts = facts(path, text);
        let shown = serde_json::to_string(&facts).unwrap();
        assert!(facts.findings.len() >= 2 && shown.contains("***"), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn samples_give_hints_only() {
    let text = "FROM alpine:latest\nENV DB_PASSWORD=Xk29vbQ7pLm3\n";
    let facts = examine(&source("examples/Dockerfile", text), true).unwrap().unwrap();
    let found = Across::default().findings("examples/Dockerfile", &facts, &[]);
    let seen: Vec<_> = found.iter().map(|one| (one.rule.as_str(), one.severity, one.confidence)).collect();
    assert_eq!(seen, [("docker.secret-in-env", Severity::Low, Confidence::Low)]);
}

/// Rules and severities of what is found in the last of several files.
fn together(files: &[(&str, &str)]) -> Vec<(String, Severity)> {
    let all: Vec<(&str, InfraFacts)> = files.iter().map(|(path, text)| (*path, facts(path, text))).collect();
    let across = Across::of(all.iter().map(|(path, facts)| (*path, facts)), std::iter::empty());
    let (path, last) = all.last().unwrap();
    let found = across.findings(path, last, &[]);
    found.into_iter().map(|one| (one.rule, one.severity)).collect()
}

#[test]
fn an_organisation_trusts_its_own_actions() {
    let workflow = "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: Babel/actions/x@main\n      - uses: other/tool@main\n";
    let manifest = "{\"repository\": \"https://github.com/babel/babel\"}";
    let path = ".github/workflows/ci.yml";
    let all = [("package.json", manifest), (path, workflow)].map(|(path, text)| (path, facts(path, text)));
    let across = Across::of(all.iter().map(|(path, facts)| (*path, facts)), std::iter::empty());
    let messages: Vec<String> =
        across.findings(path, &all[1].1, &[]).into_iter().map(|one| one.message).collect();
    assert_eq!(messages, ["Every push of somebody else changes what runs here: other/tool"]);
    let only_own = workflow.replace("      - uses: other/tool@main\n", "");
    assert_eq!(together(&[("package.json", manifest), (path, &only_own)]), []);
    let stranger = only_own.replace("Babel/actions/x", "stranger/.github/setup");
    assert_eq!(
        together(&[("package.json", manifest), (path, &stranger)]).len(),
        1,
        "anybody has a `.github`"
    );
    let shared = only_own.replace("Babel/actions/x", "babel/.github/setup");
    assert_eq!(together(&[("package.json", manifest), (path, &shared)]), []);
    let by_package = Across::of(std::iter::empty(), ["@babel/core"].into_iter());
    assert_eq!(by_package.findings(path, &facts(path, &only_own), &[]), []);
}

#[test]
fn a_copied_file_that_holds_nothing_harms_nobody() {
    let docker = "FROM a:1\nCOPY .env.production .env\nCOPY scripts/.env /x/\n";
    let found = |settings: &[(&str, &str)]| {
        let mut files = settings.to_vec();
        files.push(("scripts/Dockerfile", docker));
        together(&files).len()
    };
    assert_eq!(found(&[]), 2);
    assert_eq!(found(&[("scripts/.env.production", "APP_KEY=\nDB=sqlite\n")]), 1);
    assert_eq!(found(&[("scripts/.env.production", "APP_KEY=k"), ("scripts/.env", "A=b")]), 1);
    let key = ["STRIPE=sk_live_", "aZ3kQ9wL2mX7vB5nR8tYc1Df"].concat();
    for env in [key.as_str(), "DB_PASSWORD=$ecr3tPass99"] {
        assert_eq!(found(&[("scripts/.env.production", env), ("scripts/.env", "A=b")]), 1, "{env}");
    }
}

#[test]
fn images_that_kustomize_sets_are_silent_and_ones_own_are_a_note_once() {
    let pod = |image: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: a\n      image: {image}\n      resources: {{limits: {{memory: 1Gi}}}}\n      securityContext: {{runAsNonRoot: true, readOnlyRootFilesystem: true}}\n"
        )
    };
    let latest = |files: &[(&str, &str)]| {
        let mut found = together(files);
        found.retain(|(rule, _)| rule == "k8s.latest");
        found.into_iter().map(|(_, severity)| severity).collect::<Vec<_>>()
    };
    let other = pod("quay.io/x/tool:latest");
    let set = "images:\n  - name: quay.io/x/tool\n    newTag: v1\n";
    assert_eq!(latest(&[("base/a/pod.yaml", &other)]), [Severity::Low]);
    assert_eq!(latest(&[("base/kustomization.yaml", set), ("base/a/pod.yaml", &other)]), []);
    assert_eq!(latest(&[("else/kustomization.yaml", set), ("base/a/pod.yaml", &other)]), [Severity::Low]);
    let own = pod("quay.io/argoproj/argocd:latest");
    let module = ("go.mod", "module github.com/argoproj/argo-cd/v3\n");
    assert_eq!(latest(&[module, ("a.yaml", &own)]), [Severity::Info]);
    assert_eq!(latest(&[module, ("a.yaml", &own), ("b.yaml", &own)]), []);
    let compose = "services:\n  api:\n    image: ghcr.io/argoproj/api\n";
    let of_compose = |files: &[(&str, &str)]| {
        together(files).into_iter().filter(|(rule, _)| rule == "compose.latest").collect::<Vec<_>>()
    };
    let both = [module, ("docker-compose.dev.yml", compose), ("docker-compose.yml", compose)];
    assert_eq!(of_compose(&both), [("compose.latest".to_owned(), Severity::Info)], "the first is a hint");
}

#[test]
fn what_waits_for_other_files_is_no_surer_in_an_optional_file() {
    let text = "services:\n  a:\n    image: x/tool:latest\n";
    let facts = facts("compose.profiling.yaml", text);
    let found = Across::default().findings("compose.profiling.yaml", &facts, &[]);
    let seen: Vec<_> = found.iter().map(|one| (one.rule.as_str(), one.confidence)).collect();
    assert_eq!(seen, [("compose.latest", Confidence::Low)]);
}

#[test]
fn an_image_that_another_user_runs_is_not_started_as_root() {
    let docker = "FROM a:1\nEXPOSE 80\nCMD [\"x\"]\n";
    let pod = |user: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\nspec:\n  template:\n    spec:\n      {user}\n      containers:\n        - name: server\n          image: cartservice\n"
        )
    };
    let found =
        |pod: &str| together(&[("k8s/cart.yaml", pod), ("src/cartservice/src/Dockerfile", docker)]).len();
    assert_eq!(found(&pod("securityContext: {runAsNonRoot: true}")), 0);
    assert_eq!(found(&pod("securityContext: {runAsUser: 1000}")), 0);
    assert_eq!(found(&pod("securityContext: {runAsUser: 0}")), 1);
    assert_eq!(found(&pod("hostNetwork: false")), 1);
}

#[test]
fn what_is_optional_is_never_high_and_what_is_for_developers_a_hint() {
    let text = "services:\n  a:\n    image: a:1\n    privileged: true\n";
    for (path, expected) in [
        ("compose.yaml", Severity::High),
        ("compose.profiling.yaml", Severity::Medium),
        ("compose.dev.yaml", Severity::Low),
    ] {
        assert_eq!(together(&[(path, text)]), [("compose.privileged".to_owned(), expected)], "{path}");
    }
}

#[test]
fn a_line_with_a_known_credential_is_told_once() {
    let text = "services:\n  a:\n    image: a:1\n    environment:\n      - DB_PASSWORD=Xk29vbQ7pLm3\n";
    let facts = facts("compose.yaml", text);
    let found = |secrets: &[RawFinding]| Across::default().findings("compose.yaml", &facts, secrets);
    let alone = found(&[]);
    assert_eq!(alone.len(), 1);
    assert_eq!(found(&alone), []);
}

#[test]
fn templates_and_broken_files_say_why_they_were_not_read() {
    let read = |path: &str, text: &str| examine(&source(path, text), false);
    let template = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n";
    assert_eq!(read("chart/templates/a.yaml", template), Some(Err(SkipReason::Template)));
    let outside = "apiVersion: v1\nkind: Pod\nmetadata:\n  {{- if .Values.name }}\n  name: a\n";
    assert_eq!(read("deploy/a.yaml", outside), Some(Err(SkipReason::Template)));
    let quoted = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: '{{ name }}'\n";
    assert!(read("deploy/a.yaml", quoted).unwrap().is_ok());
    assert_eq!(read(".gitlab-ci.yml", "a: ["), Some(Err(SkipReason::Malformed)));
    assert_eq!(read("src/main.rs", "fn main() {}"), None);
}

fn unit<'a>(units: &'a [Unit], source: UnitSource, name: &str) -> &'a Unit {
    units.iter().find(|unit| unit.source == source && unit.name == name).unwrap()
}

#[test]
fn a_compose_file_says_what_it_starts_and_what_each_part_needs() {
    let text = "x-env: &env\n  CACHE: redis://cache:6379/0\nservices:\n  web:\n    build:\n      context: ./web\n    depends_on: [db]\n    environment:\n      <<: *env\n      API_HOST: api\n    links:\n      - api:backend\n  api:\n    build: ../api\n  db:\n    image: postgres:17\n    networks:\n      default:\n        aliases: [pg]\n";
    let units = facts("deploy/docker-compose.yml", text).units;
    let web = unit(&units, UnitSource::Compose, "web");
    assert_eq!(
        (web.line, web.folder.as_deref(), web.dockerfile.as_deref()),
        (4, Some("deploy/web"), Some("deploy/web/Dockerfile"))
    );
    let needs: Vec<_> = web.needs.iter().map(|need| (need.name.as_str(), need.line, need.kind)).collect();
    assert_eq!(needs, [("db", 7, CallKind::DependsOn), ("api", 12, CallKind::Link)]);
    let hosts: Vec<_> = web.hosts.iter().map(|host| (host.name.as_str(), host.line)).collect();
    assert_eq!(hosts, [("api", 10), ("cache", 2)]);
    assert_eq!(unit(&units, UnitSource::Compose, "api").folder.as_deref(), Some("api"));
    let db = unit(&units, UnitSource::Compose, "db");
    assert_eq!((db.image.as_deref(), &*db.aliases), (Some("postgres:17"), &["pg".to_owned()][..]));
}

#[test]
fn manifests_say_what_runs_by_which_name_it_is_reached_and_what_lets_requests_in() {
    let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    metadata:\n      labels: { app: web }\n    spec:\n      containers:\n        - name: c\n          image: org/web:1\n          envFrom:\n            - configMapRef: { name: settings }\n          env:\n            - { name: DB, value: \"postgres://db-svc:5432/x\" }\n---\napiVersion: v1\nkind: Service\nmetadata: { name: web-svc }\nspec:\n  selector: { app: web }\n---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: front }\nspec:\n  rules:\n    - http:\n        paths:\n          - backend:\n              service: { name: web-svc, port: { number: 80 } }\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata:\n  CACHE_HOST: cache\n";
    let units = facts("k8s/all.yaml", text).units;
    let web = unit(&units, UnitSource::Workload, "web");
    assert_eq!((web.image.as_deref(), &*web.configs), (Some("org/web:1"), &["settings".to_owned()][..]));
    assert_eq!(
        web.hosts.iter().map(|host| (host.name.as_str(), host.line)).collect::<Vec<_>>(),
        [("db-svc", 16)]
    );
    assert_eq!(unit(&units, UnitSource::Name, "web-svc").selector, [("app".to_owned(), "web".to_owned())]);
    assert_eq!(unit(&units, UnitSource::Ingress, "front").needs[0].name, "web-svc");
    assert_eq!(unit(&units, UnitSource::Config, "settings").hosts[0].name, "cache");
}

#[test]
fn hostile_files_are_read_without_harm_and_within_bounds() {
    let read = |path: &str, text: &str| examine(&source(path, text), false).unwrap();
    assert_eq!(read("compose.yml", &format!("services: {}", "[".repeat(10_000))), Err(SkipReason::Malformed));
    let long = read("Dockerfile", &format!("FROM a\nRUN {}", "\\\n".repeat(100_000))).unwrap();
    assert_eq!(long.units, []);
    let wide = (0..20_000).map(|number| format!("  s{number}:\n    image: a\n")).collect::<Vec<_>>().concat();
    assert_eq!(read("compose.yml", &format!("services:\n{wide}")).unwrap().units.len(), 500);
    for text in ["", "FROM", "FROM a AS", "RUN <<", "ENV", "ENV =", "ARG", "COPY", "USER\n\\"] {
        let _ = read("Dockerfile", text);
    }
}
