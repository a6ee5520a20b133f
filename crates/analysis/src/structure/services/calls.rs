//! Which service needs which, as far as configuration shows it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Draft, Said, of};
use crate::infra::{Host, UnitSource};
use crate::report::{Call, CallKind, Service, Span};
use crate::structure::resolve::folder;

/// Looks names up: in the project of a compose file, or among the names of Kubernetes.
struct Names<'a> {
    compose: BTreeMap<(&'a str, String), usize>,
    /// Workloads behind each name, with the place that gives the name.
    cluster: BTreeMap<&'a str, Vec<(usize, Span)>>,
    configs: BTreeMap<&'a str, Vec<Said<'a>>>,
    /// By folder and name.
    variables: BTreeMap<(&'a str, &'a str), Said<'a>>,
}

impl<'a> Names<'a> {
    fn new(drafts: &[Draft<'a>], said: &[Said<'a>]) -> Self {
        let (mut compose, mut cluster, mut configs) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (index, draft) in drafts.iter().enumerate() {
            for (path, unit) in of(&draft.said, UnitSource::Compose) {
                for name in unit.aliases.iter().chain([&unit.name]) {
                    compose.insert((folder(path), name.to_ascii_lowercase()), index);
                }
            }
        }
        for (path, unit) in of(said, UnitSource::Name).filter(|(_, unit)| !unit.selector.is_empty()) {
            let behind = drafts.iter().enumerate().filter(|(_, draft)| {
                of(&draft.said, UnitSource::Workload)
                    .any(|(_, workload)| unit.selector.iter().all(|label| workload.labels.contains(label)))
            });
            let behind = behind.map(|(index, _)| (index, Span::lines(path, unit.line, unit.line)));
            cluster.entry(unit.name.as_str()).or_insert_with(Vec::new).extend(behind);
        }
        for (path, unit) in of(said, UnitSource::Config) {
            configs.entry(unit.name.as_str()).or_insert_with(Vec::new).push((path, unit));
        }
        let variables = of(said, UnitSource::Variable);
        let variables =
            variables.map(|(path, unit)| ((folder(path), unit.name.as_str()), (path, unit))).collect();
        Self { compose, cluster, configs, variables }
    }

    fn in_cluster(&self, host: &str) -> &[(usize, Span)] {
        let mut parts = host.split('.');
        let name = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        // `name`, `name.namespace.svc`, `name.namespace.svc.cluster.local`; anything else may be a host elsewhere.
        let inside = rest.is_empty() || rest.get(1) == Some(&"svc") || rest == ["default"];
        self.cluster.get(name).filter(|_| inside).map_or(&[], Vec::as_slice)
    }
}

/// The calls under way, by their ends.
type Found = BTreeMap<(usize, usize), (BTreeSet<CallKind>, BTreeSet<Span>)>;

fn add(found: &mut Found, from: usize, to: usize, kind: CallKind, spans: impl IntoIterator<Item = Span>) {
    if from != to {
        let call = found.entry((from, to)).or_default();
        call.0.insert(kind);
        call.1.extend(spans);
    }
}

/// The calls that the configuration of the services shows, by their ends.
pub(super) fn calls<'a>(drafts: &[Draft<'a>], said: &[Said<'a>]) -> Vec<Call> {
    let names = Names::new(drafts, said);
    let mut found = Found::new();
    for (from, draft) in drafts.iter().enumerate() {
        let projects: BTreeSet<&str> =
            of(&draft.said, UnitSource::Compose).map(|(path, _)| folder(path)).collect();
        let in_cluster = draft.is(UnitSource::Workload);
        for (path, unit) in &draft.said {
            let here = |line: u32| Span::lines(*path, line, line);
            for need in &unit.needs {
                if unit.source == UnitSource::Compose {
                    let to = names.compose.get(&(folder(path), need.name.to_ascii_lowercase()));
                    if let Some(to) = to {
                        add(&mut found, from, *to, need.kind, [here(need.line)]);
                    }
                }
                if unit.source == UnitSource::Ingress {
                    for (to, named) in names.in_cluster(&need.name) {
                        add(&mut found, from, *to, need.kind, [here(need.line), named.clone()]);
                    }
                }
            }
            let from_here = |host: &Host, found: &mut Found| {
                let span = here(host.line);
                if unit.source != UnitSource::Workload {
                    for to in projects
                        .iter()
                        .filter_map(|project| names.compose.get(&(*project, host.name.clone())))
                    {
                        add(found, from, *to, CallKind::Address, [span.clone()]);
                    }
                }
                if in_cluster && unit.source != UnitSource::Compose {
                    for (to, named) in names.in_cluster(&host.name) {
                        add(found, from, *to, CallKind::Address, [span.clone(), named.clone()]);
                    }
                }
            };
            unit.hosts.iter().for_each(|host| from_here(host, &mut found));
            let filled = unit.configs.iter().filter(|_| unit.source == UnitSource::Compose);
            for (of, variable) in
                filled.filter_map(|name| names.variables.get(&(folder(path), name.as_str())))
            {
                for host in &variable.hosts {
                    if let Some(to) = names.compose.get(&(folder(path), host.name.clone())) {
                        let span = Span::lines(*of, host.line, host.line);
                        add(&mut found, from, *to, CallKind::Address, [span]);
                    }
                }
            }
            let taken = unit.configs.iter().filter(|_| unit.source != UnitSource::Compose);
            for (config_path, config) in taken.filter_map(|name| names.configs.get(name.as_str())).flatten() {
                for host in &config.hosts {
                    for (to, named) in names.in_cluster(&host.name) {
                        let span = Span::lines(*config_path, host.line, host.line);
                        add(&mut found, from, *to, CallKind::Address, [span, named.clone()]);
                    }
                }
            }
        }
    }
    let index = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let call = |((from, to), (kinds, spans)): ((usize, usize), (BTreeSet<CallKind>, BTreeSet<Span>))| Call {
        from: index(from),
        to: index(to),
        kinds: kinds.into_iter().collect(),
        evidence: spans.into_iter().take(Service::EVIDENCE).collect(),
    };
    found.into_iter().map(call).collect()
}
