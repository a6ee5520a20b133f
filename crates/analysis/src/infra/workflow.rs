//! Workflows of GitHub.

use super::subject::{Subject, block, list, map, text, texts, variables};
use super::units::{Unit, UnitSource, resolve};
use crate::inventory::tree::{Node, Value};

pub(super) fn read(path: &str, documents: &[Node]) -> (Vec<Subject>, Vec<Unit>) {
    let (mut subjects, mut units) = (Vec::new(), Vec::new());
    let Some(document) = documents.first().filter(|document| document.is_map()) else {
        return (subjects, units);
    };
    let name = document.text_of("name").unwrap_or(path);
    let on = triggers(document.get("on"));
    let line = on.first().map_or(1, |(_, line)| *line);
    let jobs = document.table("jobs");
    let node = map(
        line,
        [
            ("on", Some(list(line, on.into_iter().map(|(name, line)| text(line, name)).collect()))),
            ("permissions", document.get("permissions").cloned()),
            ("jobs", Some(list(line, jobs.iter().map(|(_, job)| job_facts(job)).collect()))),
        ],
    );
    let workflow = Subject::root("workflow", name, node);
    subjects.extend(variables(&workflow, document.get("env")));
    for (name, node) in jobs.iter().filter(|(_, node)| node.is_map()) {
        let mut job = workflow.part("job", name, node.clone());
        job.line = node.line;
        subjects.extend(variables(&job, node.get("env")));
        if let Some(uses) = node.get("uses") {
            subjects.extend(action(&job, uses));
        }
        for item in node.list("steps") {
            let step = job.part("step", item.text_of("name").unwrap_or(name), step_facts(item));
            subjects.extend(variables(&step, item.get("env")));
            if let Some(uses) = item.get("uses") {
                subjects.extend(action(&step, uses));
            }
            units.extend(build(item));
            subjects.push(step);
        }
        subjects.push(job);
    }
    subjects.push(workflow);
    (subjects, units)
}

/// What the rules about a whole workflow ask of its jobs.
fn job_facts(job: &Node) -> Node {
    map(job.line, [("permissions", job.get("permissions").cloned()), ("uses", job.get("uses").cloned())])
}

/// A step, with its scripts where their lines are.
fn step_facts(step: &Node) -> Node {
    let mut step = step.clone();
    if let Value::Map(entries) = &mut step.value {
        for (key, node) in entries {
            match (key.as_str(), &mut node.value) {
                ("run", _) => *node = block(node.clone()),
                ("with", Value::Map(inputs)) => {
                    inputs
                        .iter_mut()
                        .filter(|(name, _)| name == "script")
                        .for_each(|(_, node)| *node = block(node.clone()));
                }
                _ => {}
            }
        }
    }
    step
}

/// The names of the events that start it, in whichever form they are written.
fn triggers(node: Option<&Node>) -> Vec<(String, u32)> {
    let mut found = texts(node);
    found.extend(node.map_or(&[][..], Node::entries).iter().map(|(name, node)| (name.clone(), node.line)));
    found
}

/// An action or workflow of somebody: `owner`, `name`, `version`. Those of the repository itself are left out.
fn action(user: &Subject, uses: &Node) -> Option<Subject> {
    let whole = uses.text()?.trim();
    let (name, version) = whole.split_once('@')?;
    let owner = name.split('/').next()?;
    if owner.starts_with('.') || name.starts_with("docker:") || name.contains("${{") {
        return None;
    }
    let line = uses.line;
    let node = map(
        line,
        [
            ("owner", Some(text(line, owner))),
            ("name", Some(text(line, name))),
            ("version", Some(text(line, version))),
        ],
    );
    Some(user.part("action", name, node))
}

/// A step that builds an image with Docker's own action: which image comes from which folder.
fn build(step: &Node) -> Option<Unit> {
    let uses = step.text_of("uses")?;
    uses.starts_with("docker/build-push-action@").then_some(())?;
    let with = step.get("with")?;
    let folder = resolve("", with.text_of("context").unwrap_or("."))?;
    let tag = with.text_of("tags").unwrap_or_default();
    let image = tag.split([',', '\n']).map(str::trim).find(|tag| !tag.is_empty() && !tag.contains("${{"));
    let dockerfile = match with.text_of("file") {
        Some(file) => resolve("", file),
        None => resolve(&folder, "Dockerfile"),
    };
    Some(Unit {
        source: UnitSource::Build,
        name: String::new(),
        line: step.get("with").map_or(step.line, |with| with.line),
        image: image.map(str::to_owned),
        folder: Some(folder),
        dockerfile,
        ..Unit::default()
    })
}
