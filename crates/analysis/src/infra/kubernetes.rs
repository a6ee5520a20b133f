//! Manifests of Kubernetes. Documents of kinds that are not known are left alone.

use super::hosts::hosts;
use super::program;
use super::subject::{Subject, image, map, text, texts, variable};
use super::units::{Need, Unit, UnitSource};
use crate::inventory::tree::{Node, Value};
use crate::report::CallKind;

pub(super) fn read(_: &str, documents: &[Node]) -> (Vec<Subject>, Vec<Unit>) {
    let (mut subjects, mut units) = (Vec::new(), Vec::new());
    let listed = |node: &Node| node.text_of("kind") == Some("List");
    let all = documents
        .iter()
        .flat_map(|one| if listed(one) { one.list("items") } else { std::slice::from_ref(one) });
    for document in all {
        let Some(kind) = document.text_of("kind") else { continue };
        let name = document.at(&["metadata", "name"]).and_then(Node::text).unwrap_or(kind);
        // What the document holds is kept for the rules only where one of them looks at it.
        let resource = Subject::root("resource", name, document.clone());
        if let Some(spec) = pod_spec(kind, document) {
            pod(&resource, spec, &mut subjects);
        }
        if kind == "Secret" {
            subjects.extend(secret_values(&resource, document));
        }
        units.extend(unit(kind, name, document));
        subjects.push(resource);
    }
    (subjects, units)
}

/// Where a kind of workload describes its pods.
fn pod_spec<'a>(kind: &str, document: &'a Node) -> Option<&'a Node> {
    match kind {
        "Pod" => document.get("spec"),
        "CronJob" => document.at(&["spec", "jobTemplate", "spec", "template", "spec"]),
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" | "ReplicationController" => {
            document.at(&["spec", "template", "spec"])
        }
        _ => None,
    }
}

fn pod(resource: &Subject, spec: &Node, subjects: &mut Vec<Subject>) {
    let pod = resource.part("pod", &resource.name, spec.clone());
    for node in spec.list("containers").iter().chain(spec.list("initContainers")) {
        let name = node.text_of("name").unwrap_or("container");
        let container = pod.part("container", name, node.clone());
        if let Some((whole, at)) = node.get("image").and_then(|image| Some((image.text()?, image.line))) {
            subjects.extend(image(at, whole).map(|parts| container.part("image", whole, parts)));
        }
        for item in node.list("env") {
            if let (Some(name), Some(value)) = (item.text_of("name"), item.get("value")) {
                let line = value.line;
                subjects.extend(value.text().map(|value| variable(&container, name, value.to_owned(), line)));
            }
        }
        subjects.push(container);
    }
    for node in spec.list("volumes") {
        subjects.push(pod.part("volume", node.text_of("name").unwrap_or("volume"), node.clone()));
    }
    subjects.push(pod);
}

/// The values of a Secret, decoded where they are encoded: an encoded value is as readable as a plain one.
fn secret_values(resource: &Subject, document: &Node) -> Vec<Subject> {
    let plain =
        document.table("stringData").iter().map(|(name, node)| (name, node, node.text().map(str::to_owned)));
    let encoded =
        document.table("data").iter().map(|(name, node)| (name, node, node.text().and_then(decoded)));
    plain
        .chain(encoded)
        .filter_map(|(name, node, value)| {
            let value = map(
                node.line,
                [("name", Some(text(node.line, name))), ("value", Some(text(node.line, value?)))],
            );
            Some(resource.part("secret", name, value))
        })
        .collect()
}

/// Text from Base64 (RFC 4648); `None` when it is not that, or not text.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}

fn unit(kind: &str, name: &str, document: &Node) -> Option<Unit> {
    let base = |source| Unit { source, name: name.to_owned(), line: document.line, ..Unit::default() };
    let spec = document.get("spec");
    match kind {
        "Service" => Some(Unit {
            selector: labels(spec.and_then(|spec| spec.get("selector"))),
            // A name that stands for a host elsewhere.
            aliases: spec
                .and_then(|spec| spec.text_of("externalName"))
                .map(str::to_owned)
                .into_iter()
                .collect(),
            ..base(UnitSource::Name)
        }),
        "Ingress" | "HTTPRoute" | "GRPCRoute" | "IngressRoute" => {
            let needs = spec.map(backends).unwrap_or_default();
            (!needs.is_empty()).then(|| Unit { needs, ..base(UnitSource::Ingress) })
        }
        "ConfigMap" => {
            let hosts = document
                .table("data")
                .iter()
                .flat_map(|(name, node)| hosts(name, node.text().unwrap_or_default(), node.line))
                .collect();
            Some(Unit { hosts, ..base(UnitSource::Config) })
        }
        _ => pod_spec(kind, document).map(|pods| workload(base(UnitSource::Workload), kind, document, pods)),
    }
}

fn workload(base: Unit, kind: &str, document: &Node, pods: &Node) -> Unit {
    let template = match kind {
        "Pod" => document.at(&["metadata", "labels"]),
        "CronJob" => document.at(&["spec", "jobTemplate", "spec", "template", "metadata", "labels"]),
        _ => document.at(&["spec", "template", "metadata", "labels"]),
    };
    let containers = || pods.list("containers").iter().chain(pods.list("initContainers"));
    let (mut found, mut configs) = (Vec::new(), Vec::new());
    for container in containers() {
        for item in container.list("env") {
            if let (Some(name), Some(value)) = (item.text_of("name"), item.get("value")) {
                found.extend(hosts(name, value.text().unwrap_or_default(), value.line));
            }
            let config = item.at(&["valueFrom", "configMapKeyRef", "name"]).and_then(Node::text);
            configs.extend(config.map(str::to_owned));
        }
        let whole =
            container.list("envFrom").iter().filter_map(|item| item.at(&["configMapRef", "name"])?.text());
        configs.extend(whole.map(str::to_owned));
        for key in ["command", "args"] {
            found.extend(texts(container.get(key)).iter().flat_map(|(value, line)| hosts(key, value, *line)));
        }
    }
    let mounted = pods.list("volumes").iter().filter_map(|volume| volume.at(&["configMap", "name"])?.text());
    configs.extend(mounted.map(str::to_owned));
    configs.sort();
    configs.dedup();
    let image = pods.list("containers").first().and_then(|container| container.text_of("image"));
    Unit {
        image: image.map(str::to_owned),
        hosts: found,
        configs,
        starts: containers().flat_map(|container| program::told(container, ["command", "args"])).collect(),
        labels: labels(template),
        limited: runs_limited(pods),
        ..base
    }
}

/// Whether pods run as another user than root: all of them, or each of their containers.
fn runs_limited(pods: &Node) -> bool {
    let limited = |node: &Node| {
        node.get("securityContext").is_some_and(|context| {
            let user = context.text_of("runAsUser");
            context.is_true("runAsNonRoot") || user.is_some_and(|user| user != "0")
        })
    };
    let containers = pods.list("containers");
    limited(pods) || (!containers.is_empty() && containers.iter().all(limited))
}

fn labels(node: Option<&Node>) -> Vec<(String, String)> {
    let entries = node.map_or(&[][..], Node::entries);
    entries.iter().filter_map(|(key, node)| Some((key.clone(), node.text()?.to_owned()))).collect()
}

/// The Services that the rules of an Ingress or a route lead to, in the shape of any of their versions.
fn backends(spec: &Node) -> Vec<Need> {
    let mut needs = Vec::new();
    let mut open = vec![spec];
    while let Some(node) = open.pop() {
        let mut add = |value: &Node| {
            if let Some(name) = value.text() {
                needs.push(Need { name: name.to_owned(), line: value.line, kind: CallKind::Ingress });
            }
        };
        for (key, value) in node.entries() {
            match (key.as_str(), &value.value) {
                ("serviceName", _) => value.text().into_iter().for_each(|_| add(value)),
                ("service", Value::Map(_)) => value.get("name").into_iter().for_each(&mut add),
                ("backendRefs" | "services", Value::List(items)) => {
                    let services =
                        items.iter().filter(|item| item.text_of("kind").is_none_or(|kind| kind == "Service"));
                    services.filter_map(|item| item.get("name")).for_each(&mut add);
                }
                _ => open.push(value),
            }
        }
        open.extend(node.items());
    }
    needs.sort();
    needs.dedup();
    needs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded() {
        assert_eq!(decoded("aHVudGVyMg==").as_deref(), Some("hunter2"));
        assert_eq!(decoded("not base64!"), None);
        assert_eq!(decoded("/w=="), None);
    }
}
