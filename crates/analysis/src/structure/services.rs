//! What runs, and which part needs which: from what single files say to one picture.
//!
//! A service of a compose file and a workload of Kubernetes are one when they have the same name and no other service
//! has it. A Dockerfile belongs to whatever is built from it; one that nothing refers to is a service of its own when
//! its image starts a program. A call is drawn only where configuration shows it: a name that is needed, or an address
//! whose host is the name of another service in the same place.

mod builds;
mod calls;

use std::collections::{BTreeMap, HashMap};

use super::layout::{self, Tile};
use super::resolve::folder;
use crate::infra::{Unit, UnitSource, image_name};
use crate::report::{Call, Edge, Note, Service, ServiceKind, Span};

/// Boxes of the diagram; what is beyond is not drawn.
const MOST: usize = 300;
/// Statements of one kind that are joined, in the order of their files; what is beyond is left out.
const MOST_UNITS: usize = 2_000;

/// What ready-made images are, by the last part of their names.
const IMAGES: &[(ServiceKind, &[&str])] = &[
    (
        ServiceKind::Database,
        &[
            "postgres",
            "postgresql",
            "postgis",
            "pgvector",
            "timescaledb",
            "mysql",
            "mysql-server",
            "mariadb",
            "percona",
            "mongo",
            "mongodb",
            "mssql",
            "server-mssql",
            "cockroach",
            "cassandra",
            "scylla",
            "clickhouse",
            "clickhouse-server",
            "elasticsearch",
            "opensearch",
            "influxdb",
            "neo4j",
            "couchdb",
            "couchbase",
            "qdrant",
            "weaviate",
            "milvus",
            "chroma",
            "meilisearch",
            "typesense",
            "solr",
            "dynamodb-local",
            "arangodb",
            "surrealdb",
            "victoria-metrics",
            "oracle-xe",
        ],
    ),
    (
        ServiceKind::Cache,
        &["redis", "redis-stack", "redis-stack-server", "valkey", "memcached", "dragonfly", "keydb"],
    ),
    (
        ServiceKind::Queue,
        &[
            "rabbitmq",
            "kafka",
            "cp-kafka",
            "redpanda",
            "nats",
            "nats-streaming",
            "pulsar",
            "mosquitto",
            "activemq",
            "emqx",
            "nsq",
            "beanstalkd",
            "elasticmq",
        ],
    ),
    (
        ServiceKind::Gateway,
        &["nginx", "nginx-unprivileged", "traefik", "haproxy", "envoy", "caddy", "kong", "httpd", "apisix"],
    ),
];

/// A file and what it says.
type Said<'a> = (&'a str, &'a Unit);

/// A service while it is put together.
#[derive(Default)]
struct Draft<'a> {
    name: String,
    said: Vec<Said<'a>>,
}

impl<'a> Draft<'a> {
    fn first<T>(&self, of: impl Fn(&'a Unit) -> Option<T>) -> Option<T> {
        self.said.iter().find_map(|(_, unit)| of(unit))
    }

    fn folder(&self) -> Option<&'a str> {
        self.first(|unit| unit.folder.as_deref().filter(|_| unit.source != UnitSource::Process))
            .or_else(|| self.first(|unit| unit.folder.as_deref()))
    }

    fn is(&self, source: UnitSource) -> bool {
        self.said.iter().any(|(_, unit)| unit.source == source)
    }

    fn kind(&self) -> ServiceKind {
        if self.is(UnitSource::Ingress) {
            return ServiceKind::Gateway;
        }
        if self.folder().is_some() {
            return ServiceKind::Own;
        }
        let image = self.first(|unit| unit.image.as_deref()).map(image_name).unwrap_or_default();
        let known = IMAGES.iter().find(|(_, names)| names.contains(&image));
        known.map_or(ServiceKind::Image, |(kind, _)| *kind)
    }
}

/// What runs, and what needs what.
pub(crate) struct Services {
    /// What runs, by name.
    pub(crate) running: Vec<Service>,
    /// Their calls.
    pub(crate) calls: Vec<Call>,
    /// Says what is missing, where there was too much of it.
    pub(crate) cut: Option<Note>,
}

/// The services and their calls. `names` are the names of packages by their folders.
pub(crate) fn services(files: &[(&str, &[Unit])], names: &BTreeMap<&str, &str>) -> Services {
    let ours = files.iter().filter(|(path, _)| !is_for_tests(path));
    let mut counts: BTreeMap<UnitSource, usize> = BTreeMap::new();
    let said: Vec<Said<'_>> = ours
        .flat_map(|(path, units)| units.iter().map(move |unit| (*path, unit)))
        .filter(|(_, unit)| {
            let count = counts.entry(unit.source).or_default();
            *count += 1;
            *count <= MOST_UNITS
        })
        .collect();
    let mut drafts = drafts(&said, names);
    drafts.sort_by_cached_key(|draft| (draft.name.clone(), place(draft)));
    let cut = cut(counts.values().sum(), said.len(), drafts.len());
    drafts.truncate(MOST);
    let calls = calls::calls(&drafts, &said);
    let mut services: Vec<Service> =
        drafts.iter().zip(labels(&drafts)).map(|(draft, name)| service(draft, name)).collect();
    let edges: Vec<Edge> = calls.iter().map(|call| Edge { from: call.from, to: call.to, count: 1 }).collect();
    let mut tiles: Vec<Tile> =
        services.iter().map(|service| Tile::new(service.name.chars().count(), 1)).collect();
    layout::place(&mut tiles, &edges);
    for (service, tile) in services.iter_mut().zip(tiles) {
        (service.layer, service.x, service.y) = (tile.layer, tile.x, tile.y);
        (service.width, service.height) = (tile.width, tile.height);
    }
    Services { running: services, calls, cut }
}

/// What is missing of so many statements and services.
fn cut(statements: usize, joined: usize, services: usize) -> Option<Note> {
    let mut parts = Vec::new();
    if joined < statements {
        parts.push(format!("of {statements} statements about services {joined} were joined"));
    }
    if services > MOST {
        parts.push(format!("of {services} services {MOST} are listed"));
    }
    (!parts.is_empty()).then(|| Note {
        code: "services_cut".to_owned(),
        text: format!("Too many services: {}.", parts.join(", and ")),
    })
}

/// Where a service is described first, by what describes it best.
fn place<'a>(draft: &Draft<'a>) -> Option<(&'a str, u32)> {
    let places = draft.said.iter().map(|(path, unit)| (unit.source, *path, unit.line));
    places.min().map(|(_, path, line)| (path, line))
}

fn of<'a, 's>(said: &'s [Said<'a>], source: UnitSource) -> impl Iterator<Item = Said<'a>> + use<'a, 's> {
    said.iter().copied().filter(move |(_, unit)| unit.source == source)
}

fn drafts<'a>(said: &[Said<'a>], names: &BTreeMap<&str, &str>) -> Vec<Draft<'a>> {
    // A compose file and its overrides describe the same services.
    let mut compose: BTreeMap<(&str, &str), Vec<Said<'a>>> = BTreeMap::new();
    for (path, unit) in of(said, UnitSource::Compose) {
        compose.entry((folder(path), &unit.name)).or_default().push((path, unit));
    }
    let mut drafts: Vec<Draft<'a>> =
        compose.into_iter().map(|((_, name), said)| Draft { name: name.to_owned(), said }).collect();
    // Places in the list by names in lower case.
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, draft) in drafts.iter().enumerate() {
        by_name.entry(draft.name.to_ascii_lowercase()).or_default().push(index);
    }
    // Where manifests say what runs, a Procfile starts the same on a developer's machine.
    let by_manifests = of(said, UnitSource::Workload).next().is_some();
    for (source, own) in
        [(UnitSource::Workload, false), (UnitSource::Process, false), (UnitSource::Ingress, true)]
    {
        if source == UnitSource::Process && by_manifests {
            continue;
        }
        let mut named: BTreeMap<&str, Vec<Said<'a>>> = BTreeMap::new();
        for (path, unit) in of(said, source) {
            named.entry(&unit.name).or_default().push((path, unit));
        }
        for (name, said) in named {
            let same = by_name.entry(name.to_ascii_lowercase()).or_default();
            match *same.as_slice() {
                [only] if !own => drafts[only].said.extend(said),
                _ => {
                    same.push(drafts.len());
                    drafts.push(Draft { name: name.to_owned(), said });
                }
            }
        }
    }
    builds::add(&mut drafts, said, names);
    drafts
}

/// Whether a file describes what is started for tests: by a part of its path. Pipelines are no such thing.
fn is_for_tests(path: &str) -> bool {
    let words = ["test", "tests", "testing", "e2e", "integration", "suite", "suites"];
    let file = path.rsplit('/').next().unwrap_or(path);
    path.split('/').any(|part| matches!(part, ".ci" | ".circleci" | ".devcontainer"))
        || !path.starts_with(".git")
            && (path.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|part| words.contains(&part))
                || file.split(['.', '-', '_']).any(|part| part == "ci"))
}

/// The names, with their place where two would look the same.
fn labels(drafts: &[Draft<'_>]) -> Vec<String> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for draft in drafts {
        *counts.entry(&draft.name).or_default() += 1;
    }
    let label = |draft: &Draft<'_>| {
        let here = place(draft).map(|(path, _)| folder(path)).filter(|folder| !folder.is_empty());
        match here.filter(|_| counts.get(draft.name.as_str()).is_some_and(|count| *count > 1)) {
            Some(here) => format!("{} ({here})", draft.name),
            None => draft.name.clone(),
        }
    };
    drafts.iter().map(label).collect()
}

fn service(draft: &Draft<'_>, name: String) -> Service {
    let mut said = draft.said.clone();
    said.sort_by_key(|(path, unit)| (unit.source, *path, unit.line));
    let mut evidence: Vec<Span> = Vec::new();
    for (path, unit) in said {
        let span = Span::lines(path, unit.line, unit.line);
        if !evidence.contains(&span) && evidence.len() < Service::EVIDENCE {
            evidence.push(span);
        }
    }
    Service {
        name,
        kind: draft.kind(),
        image: draft.first(|unit| unit.image.clone()),
        folder: draft.folder().map(str::to_owned),
        evidence,
        layer: 0,
        x: 0.0,
        y: 0.0,
        width: 0.0,
        height: 0.0,
    }
}

#[cfg(test)]
mod tests;
