//! Compose files, by the Compose Specification.

use super::hosts::hosts;
use super::program;
use super::subject::{Subject, image, map, pairs, text, texts, variables};
use super::units::{Need, Unit, UnitSource, resolve};
use crate::inventory::folder;
use crate::inventory::tree::Node;
use crate::report::CallKind;

pub(super) fn read(path: &str, documents: &[Node]) -> (Vec<Subject>, Vec<Unit>) {
    let (mut subjects, mut units) = (Vec::new(), Vec::new());
    let Some(document) = documents.first() else { return (subjects, units) };
    let file =
        Subject::root("file", path, Node { line: document.line, value: crate::inventory::tree::Value::Null });
    for (name, node) in document.table("services").iter().filter(|(_, node)| node.is_map()) {
        let service = file.part("service", name, node.clone());
        if node.get("build").is_none()
            && let Some((whole, at)) = node.get("image").and_then(|image| Some((image.text()?, image.line)))
        {
            subjects.extend(image(at, whole).map(|parts| service.part("image", whole, parts)));
        }
        subjects.extend(variables(&service, node.get("environment")));
        subjects.extend(variables(&service, node.at(&["build", "args"])));
        subjects.extend(node.list("ports").iter().filter_map(|item| port(&service, item)));
        subjects.extend(node.list("volumes").iter().filter_map(|item| volume(&service, item)));
        subjects.push(service);
        units.push(unit(path, name, node));
    }
    (subjects, units)
}

/// A published port: `host`, `published`, `container`, in whichever form it is written.
fn port(service: &Subject, item: &Node) -> Option<Subject> {
    let line = item.line;
    let node = if let Some(short) = item.text() {
        let short = short.split('/').next().unwrap_or(short);
        let mut parts = short.rsplitn(3, ':');
        let container = parts.next()?;
        let published = parts.next();
        let host = parts.next().map(|host| text(line, host));
        map(
            line,
            [
                ("container", Some(text(line, container))),
                ("published", published.map(|published| text(line, published))),
                ("host", host),
            ],
        )
    } else {
        let of = |key: &str| item.text_of(key).map(|value| text(line, value));
        map(line, [("container", of("target")), ("published", of("published")), ("host", of("host_ip"))])
    };
    let name = item.text().or_else(|| item.text_of("target")).unwrap_or_default();
    Some(service.part("port", name, node))
}

/// A mount: `source` and `target`, in whichever form it is written.
fn volume(service: &Subject, item: &Node) -> Option<Subject> {
    let (source, target) = match item.text() {
        Some(short) => {
            let mut parts = short.split(':');
            (parts.next()?.to_owned(), parts.next()?.to_owned())
        }
        None => (item.text_of("source")?.to_owned(), item.text_of("target")?.to_owned()),
    };
    let node = map(
        item.line,
        [("source", Some(text(item.line, &source))), ("target", Some(text(item.line, target)))],
    );
    Some(service.part("volume", &source, node))
}

fn unit(path: &str, name: &str, node: &Node) -> Unit {
    let here = folder(path);
    let context = node.get("build").and_then(|build| build.text().or_else(|| build.text_of("context")));
    let context = if node.at(&["build"]).is_some_and(Node::is_map) { context.or(Some(".")) } else { context };
    let context = context.and_then(|context| resolve(here, context));
    let named = node.at(&["build", "dockerfile"]).and_then(Node::text).unwrap_or("Dockerfile");
    let dockerfile = context.as_ref().and_then(|context| resolve(context, named));
    // The whole repository is often the context; then the Dockerfile's folder says more.
    let sources = dockerfile.as_deref().map(|dockerfile| {
        let own = folder(dockerfile);
        context
            .clone()
            .filter(|context| !context.is_empty() || own.is_empty())
            .unwrap_or_else(|| own.to_owned())
    });
    let mut aliases: Vec<String> = ["container_name", "hostname"]
        .iter()
        .filter_map(|key| node.text_of(key))
        .map(str::to_owned)
        .collect();
    for (_, network) in node.table("networks") {
        aliases.extend(texts(network.get("aliases")).into_iter().map(|(alias, _)| alias));
    }
    let environment = pairs(node.get("environment"));
    let mut found: Vec<_> =
        environment.iter().flat_map(|(name, value, line)| hosts(name, value, *line)).collect();
    for key in ["command", "entrypoint"] {
        found.extend(texts(node.get(key)).iter().flat_map(|(value, line)| hosts(key, value, *line)));
    }
    Unit {
        source: UnitSource::Compose,
        name: name.to_owned(),
        line: node.line,
        image: node.text_of("image").map(str::to_owned),
        folder: sources,
        dockerfile,
        aliases,
        needs: needs(node),
        hosts: found,
        configs: variables_from_outside(node.get("environment")),
        starts: program::told(node, ["entrypoint", "command"]),
        limited: node
            .text_of("user")
            .is_some_and(|user| !matches!(user.split(':').next(), Some("root" | "0"))),
        ..Unit::default()
    }
}

/// The variables whose values come from outside the file: a name alone, and those that values name as `${X}`.
fn variables_from_outside(node: Option<&Node>) -> Vec<String> {
    let Some(node) = node else { return Vec::new() };
    let alone = node.items().iter().filter_map(Node::text).filter(|text| !text.contains('='));
    let unset =
        node.entries().iter().filter(|(_, value)| value.text().is_none()).map(|(name, _)| name.as_str());
    let mut names: Vec<String> = alone.chain(unset).map(|name| name.trim().to_owned()).collect();
    for (_, value, _) in pairs(Some(node)) {
        let named = value.split("${").skip(1).filter_map(|rest| {
            let name = rest.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).next();
            name.filter(|name| !name.is_empty()).map(str::to_owned)
        });
        names.extend(named);
    }
    names.sort();
    names.dedup();
    names
}

fn needs(node: &Node) -> Vec<Need> {
    let mut needs = Vec::new();
    let mut add = |name: &str, line: u32, kind: CallKind| {
        needs.push(Need { name: name.to_owned(), line, kind });
    };
    if let Some(depends) = node.get("depends_on") {
        for (name, line) in texts(Some(depends)) {
            add(&name, line, CallKind::DependsOn);
        }
        for (name, value) in depends.entries() {
            add(name, value.line, CallKind::DependsOn);
        }
    }
    for (link, line) in texts(node.get("links")) {
        add(link.split(':').next().unwrap_or(&link), line, CallKind::Link);
    }
    for key in ["network_mode", "pid", "ipc"] {
        let of_service =
            node.get(key).and_then(|value| Some((value.text()?.strip_prefix("service:")?, value.line)));
        if let Some((name, line)) = of_service {
            add(name, line, CallKind::Link);
        }
    }
    needs
}
