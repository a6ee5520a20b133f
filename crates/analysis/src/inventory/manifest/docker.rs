//! Dockerfiles: the images that the stages start from. There are no advisories for images; they are known by name and
//! tag.

use std::collections::{HashMap, HashSet};

use super::{ManifestFacts, Read, Requirement};
use crate::report::Scope;

/// Longer references to images are none, in bytes: a file can repeat one that is written once.
const LONGEST: usize = 512;

/// Whether the path is that of a Dockerfile.
pub(super) fn is_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let plain = |name: &str| name == "Dockerfile" || name == "Containerfile";
    plain(name)
        || name.split_once('.').is_some_and(|(first, rest)| {
            (plain(first) && !matches!(rest.rsplit('.').next(), Some("dockerignore" | "md" | "txt")))
                || rest.eq_ignore_ascii_case("dockerfile")
        })
}

/// Reads a Dockerfile.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every reader")]
pub(super) fn dockerfile(_path: &str, text: &str) -> Read {
    let mut facts =
        ManifestFacts { ecosystem: "Docker".into(), format: "Dockerfile".into(), ..ManifestFacts::default() };
    let mut arguments: HashMap<&str, &str> = HashMap::new();
    let mut stages: HashSet<String> = HashSet::new();
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        let Some((word, rest)) = line.split_once(char::is_whitespace) else { continue };
        // Only arguments before the first stage can name an image.
        if word.eq_ignore_ascii_case("ARG") && stages.is_empty() && facts.requirements.is_empty() {
            for argument in rest.split_whitespace() {
                let (name, value) = argument.split_once('=').unwrap_or((argument, ""));
                arguments.insert(name, value.trim_matches(['"', '\'']));
            }
        }
        if !word.eq_ignore_ascii_case("FROM") {
            continue;
        }
        let mut words = rest.split_whitespace().filter(|word| !word.starts_with("--"));
        let Some(reference) = words.next() else { continue };
        if words.next().is_some_and(|word| word.eq_ignore_ascii_case("as"))
            && let Some(stage) = words.next()
        {
            stages.insert(stage.to_lowercase());
        }
        let Some(reference) = expanded(reference, &arguments) else { continue };
        let own = reference == "scratch" || stages.contains(&reference.to_lowercase());
        facts.requirements.extend(image(&reference, number).filter(|_| !own));
    }
    Ok(facts)
}

/// The text with `$NAME`, `${NAME}` and `${NAME:-default}` replaced; `None` where one is not known.
fn expanded(text: &str, arguments: &HashMap<&str, &str>) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let (name, default, tail) = if let Some(inside) = after.strip_prefix('{') {
            let (inside, tail) = inside.split_once('}')?;
            let (name, default) = inside.split_once(":-").unwrap_or((inside, ""));
            (name, default, tail)
        } else {
            let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(after.len());
            (&after[..end], "", &after[end..])
        };
        let value = arguments.get(name).copied().filter(|value| !value.is_empty()).unwrap_or(default);
        if value.is_empty() || out.len() + value.len() > LONGEST || value.contains('$') {
            return None;
        }
        out.push_str(value);
        rest = tail;
    }
    out.push_str(rest);
    Some(out)
}

/// `registry.example:5000/name:tag@sha256:...`; `latest` is no version.
pub(super) fn image(reference: &str, line: u32) -> Option<Requirement> {
    if reference.len() > LONGEST {
        return None;
    }
    let (plain, digest) =
        reference.split_once('@').map_or((reference, None), |(plain, digest)| (plain, Some(digest)));
    // A colon before the last slash belongs to a port.
    let (name, tag) = match plain.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (plain, None),
    };
    let valid = |c: char| c.is_ascii_alphanumeric() || "._-/:".contains(c);
    // A file that makes other files has the marks of its template here.
    if name.is_empty() || !name.chars().all(valid) || tag.is_some_and(|tag| !tag.chars().all(valid)) {
        return None;
    }
    let name = ["docker.io/library/", "docker.io/", "index.docker.io/", "library/"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name);
    let mut requirement = Requirement::new(name, Scope::Runtime, line);
    let written = [tag, digest].into_iter().flatten().collect::<Vec<_>>().join("@");
    requirement.requirement = (!written.is_empty()).then_some(written);
    let tag = tag.filter(|tag| *tag != "latest" && !tag.is_empty());
    requirement.version = tag.or(digest).map(str::to_owned);
    Some(requirement)
}
