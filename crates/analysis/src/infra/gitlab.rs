//! Pipelines of GitLab.

use std::sync::LazyLock;

use regex::Regex;

use super::subject::{Subject, block, image, list, map, text, texts, variable};
use super::units::{Unit, UnitSource, resolve};
use crate::inventory::tree::Node;

/// Top-level keys that are no jobs.
const KEYWORDS: &[&str] = &[
    "variables",
    "include",
    "stages",
    "workflow",
    "cache",
    "image",
    "services",
    "before_script",
    "after_script",
    "spec",
    "pages-settings",
];

#[expect(clippy::expect_used, reason = "a fixed pattern, which a test compiles")]
static BUILD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\bdocker\s+(?:buildx\s+)?build\s+(?P<options>[^;&|]*?)(?P<context>\.|\./\S+|[A-Za-z0-9_][\w./-]*)\s*$")
        .expect("the pattern of builds is well formed")
});

pub(super) fn read(path: &str, documents: &[Node]) -> (Vec<Subject>, Vec<Unit>) {
    let (mut subjects, mut units) = (Vec::new(), Vec::new());
    // A first document may hold nothing but the inputs (`spec`).
    for document in documents {
        let file = Subject::root("file", path, document.clone());
        with_variables(&file, document, &mut subjects);
        with_image(&file, document, &mut subjects);
        for (name, node) in document.entries() {
            if KEYWORDS.contains(&name.as_str()) || !node.is_map() {
                continue;
            }
            let mut lines = Vec::new();
            for key in ["before_script", "script", "after_script"] {
                lines.extend(script(node.get(key)));
            }
            units.extend(lines.iter().filter_map(|(line, at)| build(line, *at)));
            let lines = lines.into_iter().map(|(line, at)| block(text(at, line))).collect();
            let job = file.part("job", name, map(node.line, [("lines", Some(list(node.line, lines)))]));
            with_variables(&job, node, &mut subjects);
            with_image(&job, node, &mut subjects);
            subjects.push(job);
        }
        subjects.push(file);
    }
    (subjects, units)
}

/// The lines of a script; lists inside lists are one list.
fn script(node: Option<&Node>) -> Vec<(String, u32)> {
    let mut lines = texts(node);
    lines.extend(
        node.map_or(&[][..], Node::items).iter().flat_map(|item| {
            item.items().iter().filter_map(|line| Some((line.text()?.to_owned(), line.line)))
        }),
    );
    lines.sort_by_key(|(_, line)| *line);
    lines
}

fn with_variables(owner: &Subject, node: &Node, subjects: &mut Vec<Subject>) {
    for (name, value) in node.table("variables") {
        let plain = value.text().or_else(|| value.text_of("value"));
        subjects.extend(plain.map(|plain| variable(owner, name, plain.to_owned(), value.line)));
    }
}

fn with_image(owner: &Subject, node: &Node, subjects: &mut Vec<Subject>) {
    let whole = node
        .get("image")
        .and_then(|image| Some((image.text().or_else(|| image.text_of("name"))?, image.line)));
    if let Some((whole, line)) = whole {
        subjects.extend(image(line, whole).map(|parts| owner.part("image", whole, parts)));
    }
}

/// `docker build -t IMAGE -f FILE CONTEXT`.
fn build(line: &str, at: u32) -> Option<Unit> {
    let captures = BUILD.captures(line.trim())?;
    let words: Vec<&str> = captures["options"].split_whitespace().collect();
    let after = |names: [&str; 2]| {
        let at = words.iter().position(|word| names.contains(word))?;
        words.get(at + 1).map(|word| word.trim_matches('"'))
    };
    let folder = resolve("", &captures["context"])?;
    let dockerfile = match after(["-f", "--file"]) {
        Some(file) => resolve("", file),
        None => resolve(&folder, "Dockerfile"),
    };
    Some(Unit {
        source: UnitSource::Build,
        line: at,
        image: after(["-t", "--tag"]).map(str::to_owned),
        folder: Some(folder),
        dockerfile,
        ..Unit::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_of_images_are_seen() {
        let unit = build("docker build -t \"$CI_REGISTRY_IMAGE/web:1\" ./services/web", 4).unwrap();
        assert_eq!((unit.folder.as_deref(), unit.line), (Some("services/web"), 4));
        assert_eq!(unit.image.as_deref(), Some("$CI_REGISTRY_IMAGE/web:1"));
        assert!(build("echo docker", 1).is_none());
    }
}
