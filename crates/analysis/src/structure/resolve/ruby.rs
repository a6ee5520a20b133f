//! Ruby: required files, beside the file or in the folders that Ruby is told to look into.

use std::collections::{BTreeSet, HashMap};

use super::names::shared_folders;
use super::{Answer, Paths, folder, folders_above, join};
use crate::structure::StructureFile;
use crate::syntax::Import;

/// Names of folders that are on the load path by convention.
const ROOTS: &[&str] = &["lib", "test", "spec"];

pub(super) struct Ruby<'a> {
    /// The files below the folders that Ruby is told to look into, by their paths from there, without the ending of a
    /// Ruby file and as they are. There are hundreds of such folders in a repository of many gems.
    below: HashMap<&'a str, Vec<Below>>,
}

/// A file below one of the folders.
#[derive(Debug, Clone, Copy)]
struct Below {
    /// The folder, by position.
    root: usize,
    file: usize,
    /// Whether the ending was left away.
    ruby: bool,
}

impl<'a> Ruby<'a> {
    pub(super) fn new(paths: &Paths<'a>) -> Self {
        let files = paths.files.iter().filter(|file| file.language == "Ruby");
        let roots = files.flat_map(|file| {
            folders_above(file.path)
                .filter(|above| ROOTS.contains(&above.rsplit('/').next().unwrap_or(above)))
        });
        let roots: BTreeSet<&str> = roots.collect();
        let roots: HashMap<&str, usize> =
            roots.into_iter().enumerate().map(|(root, folder)| (folder, root)).collect();
        let mut below: HashMap<&str, Vec<Below>> = HashMap::new();
        for (file, StructureFile { path, .. }) in paths.files.iter().enumerate() {
            for (folder, root) in folders_above(path).filter_map(|above| roots.get_key_value(above)) {
                let Some(rest) = path.get(folder.len() + 1..) else { continue };
                let mut add =
                    |rest, ruby| below.entry(rest).or_default().push(Below { root: *root, file, ruby });
                add(rest, false);
                if let Some(rest) = rest.strip_suffix(".rb") {
                    add(rest, true);
                }
            }
        }
        Self { below }
    }

    pub(super) fn resolve(&self, paths: &Paths<'_>, from: usize, import: &Import) -> Answer {
        let path = paths.path(from);
        if import.specifier.starts_with("./") || import.specifier.starts_with("../") {
            let found = join(folder(path), &import.specifier).and_then(|wanted| file_at(paths, &wanted));
            return found.map_or_else(Answer::missing, Answer::file);
        }
        // What begins with a slash is a place of the machine.
        let wanted = join("", &import.specifier).filter(|_| !import.specifier.starts_with('/'));
        let Some(wanted) = wanted else { return Answer::elsewhere() };
        let candidates = self.below.get(wanted.as_str()).map(Vec::as_slice).unwrap_or_default();
        // In each folder the Ruby file is the one that is meant.
        let meant = |one: &&Below| one.ruby || !candidates.iter().any(|it| it.ruby && it.root == one.root);
        let found = candidates.iter().filter(meant).filter(|one| one.file != from);
        // Of several the nearest: the library beside the tests, not that of another gem.
        let nearest = found.map(|one| (shared_folders(path, paths.path(one.file)), one.file));
        let nearest = nearest.max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(&a.1)));
        nearest.map_or_else(Answer::elsewhere, |(_, file)| Answer::file(file))
    }
}

fn file_at(paths: &Paths<'_>, wanted: &str) -> Option<usize> {
    paths.get(&format!("{wanted}.rb")).or_else(|| paths.get(wanted))
}
