//! What a repository is called: a name that people can tell from the others, and one for addresses.

use std::path::Component;

use crate::source::Source;
use crate::store::repositories::Taken;

/// Characters of a name.
const NAME: usize = 100;

/// Characters of what tells a name from others like it.
const REASON: usize = 50;

/// The text without what has no place in a name.
pub(super) fn tidy(name: &str) -> String {
    name.chars().filter(|it| !it.is_control()).take(NAME).collect()
}

/// `base`, or where the workspace has a repository of that name, `base` with what tells the two apart: the branch,
/// if they differ in nothing else; otherwise the folder above or the owner on the host, and as much of what is above
/// that as it takes. `app`, `app (dev)`, `app (old)`, `app (code/old)`, `tool (ada)`, `tool (git.example.org/ada)`.
pub(super) fn free_name(base: &str, source: &Source, branch: Option<&str>, taken: &[Taken]) -> String {
    let base = tidy(base);
    let namesakes = || taken.iter().filter(|it| same(&it.name, &base));
    if namesakes().next().is_none() {
        return base;
    }
    let spelled = source.to_string();
    let twin = namesakes().any(|it| it.source == spelled);
    let by_branch = twin.then(|| branch.unwrap_or("default branch").to_owned());
    let above = above(source, &base);
    let by_place = (1..=above.len()).map(|count| above[above.len() - count..].join("/"));
    let numbers = (2_u64..).map(|number| number.to_string());
    by_branch
        .into_iter()
        .chain(by_place)
        .map(|reason| last(&tidy(&reason), REASON))
        .chain(numbers)
        .map(|reason| {
            let room = NAME - reason.chars().count() - 3;
            format!("{} ({reason})", base.chars().take(room).collect::<String>())
        })
        .find(|name| !taken.iter().any(|it| same(&it.name, name)))
        .unwrap_or(base)
}

/// What leads to the repository, the outermost first; without its own name, if that is its name already.
fn above(source: &Source, base: &str) -> Vec<String> {
    let mut parts: Vec<String> = match source {
        Source::Local(path) => path
            .components()
            .filter_map(|part| match part {
                Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
                _ => None,
            })
            .collect(),
        Source::Git(address) => {
            let path = address.path().split('/').filter(|part| !part.is_empty());
            std::iter::once(address.host()).chain(path).map(str::to_owned).collect()
        }
    };
    if parts.last().is_some_and(|name| same(&tidy(name.strip_suffix(".git").unwrap_or(name)), base)) {
        parts.pop();
    }
    parts
}

/// The end of a text, with a sign where something is left out.
fn last(text: &str, characters: usize) -> String {
    let count = text.chars().count();
    if count <= characters {
        return text.to_owned();
    }
    std::iter::once('…').chain(text.chars().skip(count - characters + 1)).collect()
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// Lower-case letters, digits and dashes; a number behind it where that is taken.
pub(super) fn free_slug(name: &str, taken: &[Taken]) -> String {
    let mut slug = String::new();
    for character in name.chars().flat_map(char::to_lowercase).take(60) {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_matches('-');
    let slug = if slug.is_empty() { "repository" } else { slug };
    let numbered = (2_u64..).map(|number| format!("{slug}-{number}"));
    let mut free = std::iter::once(slug.to_owned())
        .chain(numbered)
        .filter(|it| !taken.iter().any(|other| other.slug == *it));
    free.next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(name: &str, source: &str) -> Taken {
        Taken { name: name.to_owned(), slug: free_slug(name, &[]), source: source.to_owned() }
    }

    fn named(source: &str, branch: Option<&str>, taken: &[Taken]) -> String {
        let source = Source::parse(source).unwrap();
        free_name(&source.suggested_name(), &source, branch, taken)
    }

    #[test]
    fn a_name_that_is_free_stays_as_it_is() {
        assert_eq!(named("/a/tool", None, &[taken("other", "/b/other")]), "tool");
    }

    #[test]
    fn two_folders_of_one_name_are_told_apart_by_what_is_above_them() {
        let mut known = vec![taken("tool", "/code/a/tool")];
        assert_eq!(named("/code/b/tool", None, &known), "tool (b)");
        assert_eq!(
            named("/code/b/Tool", None, &known),
            "Tool (b)",
            "people do not tell them apart by their case"
        );
        known.push(taken("tool (b)", "/code/b/tool"));
        assert_eq!(named("/old/b/tool", None, &known), "tool (old/b)");
        assert_eq!(named("/tool", None, &known), "tool (2)");
        assert_eq!(named("/srv/tool.git", None, &known), "tool (srv)");
        // Two work copies of one origin: the folders have names of their own.
        let source = Source::parse("/code/fork").unwrap();
        assert_eq!(free_name("tool", &source, None, &known), "tool (fork)");
    }

    #[test]
    fn addresses_are_told_apart_by_owner_host_or_branch() {
        let url = "https://git.example.org/ada/tool.git";
        let mut known = vec![taken("tool", url)];
        assert_eq!(named("https://git.example.org/bob/tool.git", None, &known), "tool (bob)");
        assert_eq!(named(url, Some("dev"), &known), "tool (dev)");
        known.push(taken("tool (ada)", "ssh://elsewhere.example/ada/tool"));
        assert_eq!(named("https://third.example/ada/tool", None, &known), "tool (third.example/ada)");
    }

    #[test]
    fn a_long_name_keeps_what_tells_it_apart() {
        let long = "x".repeat(150);
        let path = format!("/{}/end/{long}", "y".repeat(80));
        let known = [taken(&"x".repeat(NAME), "/a"), taken(&format!("{} (end)", "x".repeat(94)), "/b")];
        let name = named(&path, None, &known);
        assert_eq!(name.chars().count(), NAME);
        assert!(name.ends_with("yyy/end)") && name.contains("(…y"), "{name}");
    }

    #[test]
    fn slugs_are_plain_and_free() {
        let known = [taken("web", "/a"), taken("web-2", "/b")];
        assert_eq!(free_slug("Web", &known), "web-3");
        assert_eq!(free_slug("  Größe & more! ", &known), "gr-e-more");
        assert_eq!(free_slug("日本", &[]), "repository");
    }
}
