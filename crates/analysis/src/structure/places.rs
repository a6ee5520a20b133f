//! What the tree as a whole says about some of its folders, which no path says alone: a playground that is deployed or
//! built as a crate is a program and no test, and where Composer puts packages nothing is the repository's own.

use super::ConfigFacts;
use super::resolve::folder;
use crate::inventory::{FileInventory, is_test_path};
use crate::source::join;

/// What a folder is deployed by.
const DEPLOYMENTS: &[&str] =
    &["wrangler.toml", "wrangler.json", "wrangler.jsonc", "vercel.json", "netlify.toml", "fly.toml"];

/// Folders that are not what they are called.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// Where packages are put, each with its `/`.
    copied: Vec<String>,
    /// Playgrounds that are programs, each with its `/`.
    programs: Vec<String>,
}

impl Places {
    /// Looks at the paths of a tree, with what its configuration files say.
    pub(crate) fn of<'a>(files: impl Iterator<Item = (&'a str, Option<&'a ConfigFacts>)>) -> Self {
        let mut found = Self::default();
        for (path, config) in files {
            if let Some(ConfigFacts::Composer { copied, .. }) = config {
                let folders = copied.iter().filter_map(|below| join(folder(path), below));
                found.copied.extend(folders.filter(|folder| !folder.is_empty()).map(|folder| folder + "/"));
            }
            if let Some(playground) = playground(path).filter(|playground| is_program(path, playground)) {
                found.programs.push(playground.to_owned());
            }
        }
        found
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.copied.is_empty() && self.programs.is_empty()
    }

    /// Corrects what the path alone suggested. The shares of languages go by Linguist's rules and stay as they are.
    pub(crate) fn apply(&self, path: &str, inventory: &mut FileInventory) {
        if self.copied.iter().any(|folder| path.starts_with(folder.as_str())) {
            inventory.vendored = true;
            inventory.counted = false;
        }
        if inventory.test
            && let Some(rest) = self.programs.iter().find_map(|folder| path.strip_prefix(folder.as_str()))
        {
            inventory.test = is_test_path(rest);
        }
    }
}

/// The outermost folder of a path that is called a playground, with its `/`.
fn playground(path: &str) -> Option<&str> {
    let mut end = 0;
    for part in path.split_inclusive('/') {
        end += part.len();
        if matches!(part, "playground/" | "playgrounds/") {
            return path.get(..end);
        }
    }
    None
}

/// Whether a file says that the playground it lies in is deployed or built.
fn is_program(path: &str, playground: &str) -> bool {
    let rest = path.strip_prefix(playground).unwrap_or_default();
    let near = rest.matches('/').count() <= 1;
    let name = rest.rsplit('/').next().unwrap_or(rest);
    rest == "Cargo.toml" || (near && DEPLOYMENTS.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(files: &[(&str, Option<ConfigFacts>)]) -> Places {
        Places::of(files.iter().map(|(path, config)| (*path, config.as_ref())))
    }

    fn corrected(places: &Places, path: &str) -> (bool, bool) {
        let test = is_test_path(path);
        let mut inventory = FileInventory { test, counted: true, ..FileInventory::default() };
        places.apply(path, &mut inventory);
        (inventory.test, inventory.vendored)
    }

    #[test]
    fn a_playground_that_is_deployed_is_no_test() {
        let deployed =
            places(&[("playground/api/wrangler.toml", None), ("napi/playground/Cargo.toml", None)]);
        assert!(!corrected(&deployed, "playground/ruff/src/Editor.tsx").0);
        assert!(!corrected(&deployed, "napi/playground/src/lib.rs").0);
        assert!(corrected(&deployed, "playground/ruff/src/editor.test.ts").0, "a test in it stays one");
        assert!(corrected(&deployed, "crates/a/playground/b.rs").0, "another one");
        let tests =
            places(&[("playground/alias/package.json", None), ("playground/a/b/c/vercel.json", None)]);
        assert!(tests.is_empty() && corrected(&tests, "playground/alias/index.js").0);
    }

    #[test]
    fn where_composer_puts_packages_nothing_is_the_repositorys_own() {
        let copied = vec!["./simplepie/simplepie".to_owned(), "phpmailer/phpmailer".to_owned()];
        let config = ConfigFacts::Composer { namespaces: Vec::new(), copied };
        let lib = places(&[("lib/composer.json", Some(config))]);
        assert!(corrected(&lib, "lib/simplepie/simplepie/src/Item.php").1);
        assert!(corrected(&lib, "lib/phpmailer/phpmailer/src/SMTP.php").1);
        assert!(!corrected(&lib, "lib/favicons.php").1);
    }
}
