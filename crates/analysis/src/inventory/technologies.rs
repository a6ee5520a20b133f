//! Frameworks, tools and services in use, each with what shows it: a file that only it reads, a line in such a file,
//! or a dependency. What shows what is data (`data/inventory/stack.toml`).

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::{Deserialize, Serialize};

use super::{Examined, FileInventory};
use crate::advisories::normal_name;
use crate::report::{Span, TechCategory, Technology};

/// How many places a technology lists.
const EVIDENCE: usize = 5;
/// Larger configuration files are not searched for images.
const LARGEST: usize = 1 << 20;

/// Evidence in one file that a technology is in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Its usual name.
    pub technology: String,
    /// What kind of thing it is.
    pub category: TechCategory,
    /// The line that shows it; 0 when the file as a whole does.
    pub line: u32,
}

/// One technology as `stack.toml` has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    category: TechCategory,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    packages: Vec<String>,
    #[serde(default)]
    images: Vec<String>,
}

struct Stack {
    known: Vec<(String, Known)>,
    files: GlobSet,
    of_glob: Vec<usize>,
    /// By ecosystem and name; a name that ends in `*` is kept in `prefixes`.
    packages: HashMap<(String, String), usize>,
    prefixes: Vec<(String, String, usize)>,
    images: AhoCorasick,
    of_image: Vec<usize>,
    image_files: GlobSet,
}

#[expect(clippy::expect_used, reason = "the data is part of the program, and a test reads it")]
static STACK: LazyLock<Stack> = LazyLock::new(|| {
    read(include_str!("../../data/inventory/stack.toml")).expect("data/inventory/stack.toml is well formed")
});

fn read(text: &str) -> Result<Stack, String> {
    #[derive(Deserialize)]
    struct File {
        image_files: Vec<String>,
        technology: BTreeMap<String, Known>,
    }
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let glob = |pattern: &str| {
        let glob = GlobBuilder::new(pattern).literal_separator(true).empty_alternates(true).build();
        glob.map_err(|error| error.to_string())
    };
    let (mut files, mut of_glob) = (GlobSetBuilder::new(), Vec::new());
    let (mut packages, mut prefixes) = (HashMap::new(), Vec::new());
    let (mut images, mut of_image) = (Vec::new(), Vec::new());
    let known: Vec<(String, Known)> = file.technology.into_iter().collect();
    for (at, (name, known)) in known.iter().enumerate() {
        for pattern in &known.files {
            files.add(glob(&format!("{{**/,}}{pattern}"))?);
            of_glob.push(at);
        }
        for package in &known.packages {
            let (ecosystem, package) = package.split_once(':').ok_or_else(|| format!("{name}: {package}"))?;
            match package.strip_suffix('*') {
                Some(prefix) => prefixes.push((ecosystem.to_owned(), prefix.to_owned(), at)),
                None => {
                    packages.insert((ecosystem.to_owned(), package.to_owned()), at);
                }
            }
        }
        for image in &known.images {
            images.push(image.as_str());
            of_image.push(at);
        }
    }
    let images = AhoCorasickBuilder::new().build(&images).map_err(|error| error.to_string())?;
    let mut image_files = GlobSetBuilder::new();
    for pattern in &file.image_files {
        image_files.add(glob(&format!("{{**/,}}{pattern}"))?);
    }
    Ok(Stack {
        files: files.build().map_err(|error| error.to_string())?,
        image_files: image_files.build().map_err(|error| error.to_string())?,
        known,
        of_glob,
        packages,
        prefixes,
        images,
        of_image,
    })
}

/// What the name of the file shows, and the images it names where it is a file that names images.
pub(super) fn signals(path: &str, text: &str) -> Vec<Signal> {
    let stack = &*STACK;
    let mut found: BTreeMap<usize, u32> = BTreeMap::new();
    for glob in stack.files.matches(path) {
        found.insert(stack.of_glob[glob], 0);
    }
    if text.len() <= LARGEST && stack.image_files.is_match(path) {
        for (number, line) in (1..).zip(text.lines()) {
            let Some(image) = image(line) else { continue };
            for hit in stack.images.find_iter(image) {
                // The whole name of the image: `postgres`, `library/postgres`, `postgres:16`, not `my-postgres-tool`.
                let before = image[..hit.start()].chars().next_back();
                let after = image[hit.end()..].chars().next();
                if before.is_none_or(|c| c == '/') && after.is_none_or(|c| matches!(c, ':' | '@' | ' ')) {
                    found.entry(stack.of_image[hit.pattern().as_usize()]).or_insert(number);
                }
            }
        }
    }
    found
        .into_iter()
        .map(|(at, line)| {
            let (name, known) = &stack.known[at];
            Signal { technology: name.clone(), category: known.category, line }
        })
        .collect()
}

/// The image a line of a Dockerfile, a compose file or a manifest of Kubernetes names.
fn image(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches("- ");
    let value = line
        .strip_prefix("image:")
        .or_else(|| line.strip_prefix("FROM "))
        .or_else(|| line.strip_prefix("from "))?;
    Some(value.trim().trim_matches(['"', '\'']))
}

/// Technologies by category and name, each with at most five places that show it: files first, then manifests.
///
/// Vendored files and fixtures of tests show nothing about this repository. What only its samples use is not what it
/// is made of either: a framework, library or database counts when something else than tests and examples names it.
pub fn stack(files: &[Examined]) -> Vec<Technology> {
    let stack = &*STACK;
    let mut in_order: Vec<&Examined> = files
        .iter()
        .filter(|(path, _, inventory)| !inventory.vendored && !super::classify::is_fixture(path))
        .collect();
    in_order.sort_by_key(|(path, ..)| (path.matches('/').count(), *path));
    let mut found: BTreeMap<(TechCategory, &str), Vec<Span>> = BTreeMap::new();
    let counts = |category, inventory: &FileInventory| {
        let made_of =
            matches!(category, TechCategory::Framework | TechCategory::Library | TechCategory::Data);
        !(made_of && inventory.test)
    };
    for (path, _, inventory) in &in_order {
        for signal in inventory.signals.iter().filter(|signal| counts(signal.category, inventory)) {
            let place = Span { path: (*path).to_owned(), start: signal.line, end: signal.line };
            found.entry((signal.category, &signal.technology)).or_default().push(place);
        }
    }
    for (path, _, inventory) in &in_order {
        let Some(manifest) = &inventory.manifest else { continue };
        for requirement in manifest.requirements.iter().filter(|requirement| requirement.direct) {
            if let Some(at) = stack.by_package(&manifest.ecosystem, &requirement.name) {
                let (name, known) = &stack.known[at];
                if !counts(known.category, inventory) {
                    continue;
                }
                let place = Span::lines(*path, requirement.line, requirement.line);
                found.entry((known.category, name)).or_default().push(place);
            }
        }
    }
    found
        .into_iter()
        .map(|((category, name), mut evidence)| {
            evidence.truncate(EVIDENCE);
            Technology { name: name.to_owned(), category, evidence }
        })
        .collect()
}

impl Stack {
    fn by_package(&self, ecosystem: &str, name: &str) -> Option<usize> {
        let name = normal_name(ecosystem, name);
        self.packages.get(&(ecosystem.to_owned(), name.to_string())).copied().or_else(|| {
            let fits = |(of, prefix, _): &&(String, String, usize)| {
                of == ecosystem && name.starts_with(prefix.as_str())
            };
            self.prefixes.iter().find(fits).map(|(_, _, at)| *at)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &str, text: &str) -> Vec<(String, u32)> {
        signals(path, text).into_iter().map(|signal| (signal.technology, signal.line)).collect()
    }

    #[test]
    fn files_and_images_show_what_is_used() {
        assert_eq!(names("a/vite.config.ts", ""), [("Vite".to_owned(), 0)]);
        assert_eq!(names(".github/workflows/ci.yml", "on: push"), [("GitHub Actions".to_owned(), 0)]);
        let compose = "services:\n  db:\n    image: postgres:16\n  x:\n    image: \"me/my-redis-tool\"\n";
        assert_eq!(
            names("docker-compose.yml", compose),
            [("Docker Compose".to_owned(), 0), ("PostgreSQL".to_owned(), 3)]
        );
        assert_eq!(names("src/main.rs", "image: postgres"), []);
    }

    #[test]
    fn packages_show_what_is_used_by_name_or_prefix() {
        let name = |at: Option<usize>| at.map(|at| STACK.known[at].0.as_str());
        assert_eq!(name(STACK.by_package("npm", "react")), Some("React"));
        assert_eq!(name(STACK.by_package("npm", "@angular/core")), Some("Angular"));
        assert_eq!(name(STACK.by_package("PyPI", "Django")), Some("Django"));
        assert_eq!(name(STACK.by_package("npm", "reactor")), None);
    }

    #[test]
    fn samples_do_not_say_what_a_repository_is_made_of() {
        let examined = |path: &'static str, text: &str| {
            let file = crate::source::SourceFile { path, executable: false, bytes: text.as_bytes() };
            (path, 0, crate::inventory::examine(&file))
        };
        let files = [
            examined("examples/queue/requirements.txt", "celery==5.2\n"),
            examined("requirements.txt", "flask==3.0\n"),
            examined("tests/requirements.txt", "pytest==8.0\n"),
        ];
        let refs: Vec<Examined> = files.iter().map(|(path, bytes, facts)| (*path, *bytes, facts)).collect();
        let names: Vec<String> = stack(&refs).into_iter().map(|technology| technology.name).collect();
        assert_eq!(names, ["Flask", "pytest"]);
    }
}
