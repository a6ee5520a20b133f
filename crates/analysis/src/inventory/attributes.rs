//! `.gitattributes`: what the repository itself says about its languages.

use std::collections::BTreeSet;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use super::FileInventory;
use super::catalogue::catalogue;
use super::classify;
use crate::source::SourceFile;

/// More rules than this are not read; matching is a walk over all of them for each file.
const MOST_RULES: usize = 1_000;
/// Longer patterns are passed over: no path is that long, and each becomes a machine of many times its size.
const LONGEST_PATTERN: usize = 512;
/// Files above this size are passed over.
const LARGEST_FILE: usize = 1 << 20;

/// The `linguist-*` rules of a repository, the weakest first.
#[derive(Debug, Clone, Default)]
pub struct Attributes {
    /// What the paths of the files begin with that rules are about: those of the folders that have some.
    below: BTreeSet<String>,
    globs: GlobSet,
    /// What those say whose globs match, in their order.
    rules: Vec<Vec<Setting>>,
}

struct Rule {
    glob: Glob,
    settings: Vec<Setting>,
}

#[derive(Debug, Clone)]
enum Setting {
    Language(String),
    Vendored(bool),
    Generated(bool),
    Documentation(bool),
    Detectable(bool),
}

impl Attributes {
    /// Reads the `.gitattributes` files of a repository, given as path and text. Rules of deeper folders are stronger
    /// than those above, and later lines stronger than earlier ones. Lines that cannot be read are passed over.
    pub fn parse(files: &[(&str, &str)]) -> Self {
        let mut in_order = files.to_vec();
        in_order.sort_by_key(|(path, _)| (path.matches('/').count(), *path));
        let read = in_order.into_iter().flat_map(|(path, text)| {
            let folder = path.get(..path.rfind('/').map_or(0, |end| end + 1)).unwrap_or_default();
            text.lines().filter_map(move |line| Some((folder, rule(folder, line)?)))
        });
        let mut globs = GlobSetBuilder::new();
        let mut rules = Vec::new();
        let mut below = BTreeSet::new();
        for (folder, Rule { glob, settings }) in read.take(MOST_RULES) {
            globs.add(glob);
            rules.push(settings);
            below.insert(folder.to_owned());
        }
        // Each of them can be read, but together they may become too large.
        globs.build().map_or_else(|_| Self::default(), |globs| Self { below, globs, rules })
    }

    /// Whether the file is one that says something about others. Git itself ignores larger ones.
    pub(crate) fn are_in(file: &SourceFile<'_>) -> bool {
        file.path.rsplit('/').next() == Some(".gitattributes") && file.bytes.len() <= LARGEST_FILE
    }

    /// Whether no rule was found.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Applies the rules that match `path` to what [`super::examine`] said about it. Whether its language is another now.
    ///
    /// A changed language keeps the line counts of the detected one: the content is not looked at again.
    pub fn apply(&self, path: &str, inventory: &mut FileInventory) -> bool {
        if !self.below.iter().any(|folder| path.starts_with(folder.as_str())) {
            return false;
        }
        let matching = self.globs.matches(path);
        if matching.is_empty() {
            return false;
        }
        let before = inventory.language.clone();
        let mut uncounted = true;
        for setting in matching.into_iter().filter_map(|at| self.rules.get(at)).flatten() {
            match setting {
                Setting::Language(name) => inventory.language = Some(name.clone()),
                Setting::Vendored(value) => {
                    inventory.vendored = *value;
                    inventory.left_out.vendored = *value;
                    uncounted &= *value;
                }
                Setting::Generated(value) => {
                    inventory.generated = *value;
                    inventory.left_out.generated = *value;
                }
                Setting::Documentation(value) => {
                    inventory.documentation = *value;
                    inventory.left_out.documentation = *value;
                }
                Setting::Detectable(value) => inventory.detectable = Some(*value),
            }
        }
        if !inventory.binary {
            let language = inventory.language.as_deref().and_then(|name| catalogue().named(name));
            let kind_counts = inventory
                .detectable
                .unwrap_or_else(|| language.is_some_and(|language| language.kind.counts()));
            inventory.counted = kind_counts
                && inventory.language.is_some()
                && !(inventory.vendored || inventory.generated || inventory.documentation)
                && !(uncounted && classify::is_uncounted(path));
        }
        before != inventory.language
    }
}

/// What a line says of files in a folder, which is empty or ends with `/`.
fn rule(folder: &str, line: &str) -> Option<Rule> {
    let line = line.trim();
    if line.is_empty() || line.starts_with(['#', '!']) {
        return None;
    }
    let (pattern, attributes) = match line.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => line.split_once(char::is_whitespace)?,
    };
    let settings: Vec<Setting> = attributes.split_whitespace().filter_map(setting).collect();
    if settings.is_empty() || pattern.len() > LONGEST_PATTERN {
        return None;
    }
    // As in .gitignore: a pattern with a slash is anchored to its folder, one without matches at any depth.
    let anchored = pattern.trim_end_matches('/').contains('/');
    let pattern = pattern.trim_start_matches('/');
    let below = if anchored { "" } else { "**/" };
    let prefix = globset::escape(folder);
    let glob = GlobBuilder::new(&format!("{prefix}{below}{pattern}")).literal_separator(true).build().ok()?;
    Some(Rule { glob, settings })
}

fn setting(attribute: &str) -> Option<Setting> {
    let (name, value) = match attribute.split_once('=') {
        Some((name, value)) => (name, value),
        None => match attribute.strip_prefix(['-', '!']) {
            Some(name) => (name, "false"),
            None => (attribute, "true"),
        },
    };
    let on = value != "false";
    Some(match name {
        "linguist-vendored" => Setting::Vendored(on),
        "linguist-generated" => Setting::Generated(on),
        "linguist-documentation" => Setting::Documentation(on),
        "linguist-detectable" => Setting::Detectable(on),
        "linguist-language" => {
            // Names with spaces are written with dashes.
            let known = catalogue().named(value).or_else(|| catalogue().named(&value.replace('-', " ")));
            Setting::Language(known.map_or(value, |language| language.name).to_owned())
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::examine;

    #[test]
    fn the_repository_overrules_the_guess() {
        let attributes = Attributes::parse(&[
            ("sub/.gitattributes", "*.foo -linguist-vendored\n"),
            (
                ".gitattributes",
                "# rules\n*.foo linguist-language=Rust linguist-vendored\n/gen/** linguist-generated=true\n\
                 *.sql linguist-detectable\ndocs/*.py -linguist-documentation\n*.bar linguist-language=emacs-lisp\n",
            ),
        ]);
        for (path, language, counted) in [
            ("a.foo", Some("Rust"), false),
            ("sub/a.foo", Some("Rust"), true),
            ("gen/deep/a.py", Some("Python"), false),
            ("x/gen/a.py", Some("Python"), true),
            ("a.sql", Some("SQL"), true),
            ("docs/a.py", Some("Python"), true),
            ("docs/a/b.py", Some("Python"), false),
            ("a.bar", Some("Emacs Lisp"), true),
        ] {
            let mut inventory = examine(&SourceFile { path, executable: false, bytes: b"x = 1\n" });
            attributes.apply(path, &mut inventory);
            assert_eq!((inventory.language.as_deref(), inventory.counted), (language, counted), "{path}");
        }
    }
}
