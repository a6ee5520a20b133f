//! Ruby: required files, beside the file or in the folders that Ruby is told to look into.

use super::names::shared_folders;
use super::{Answer, Paths, folder, folders_above, join};
use crate::syntax::Import;

/// Names of folders that are on the load path by convention.
const ROOTS: &[&str] = &["lib", "test", "spec"];

pub(super) struct Ruby {
    /// Folders that Ruby is told to look into.
    roots: Vec<String>,
}

impl Ruby {
    pub(super) fn new(paths: &Paths<'_>) -> Self {
        let files = paths.files.iter().filter(|file| file.language == "Ruby");
        let roots = files.flat_map(|file| {
            folders_above(file.path)
                .filter(|above| ROOTS.contains(&above.rsplit('/').next().unwrap_or(above)))
                .map(str::to_owned)
        });
        let roots: std::collections::BTreeSet<String> = roots.collect();
        Self { roots: roots.into_iter().collect() }
    }

    pub(super) fn resolve(&self, paths: &Paths<'_>, from: usize, import: &Import) -> Answer {
        let path = paths.path(from);
        if import.specifier.starts_with("./") || import.specifier.starts_with("../") {
            let found = join(folder(path), &import.specifier).and_then(|wanted| file_at(paths, &wanted));
            return found.map_or_else(Answer::missing, Answer::file);
        }
        let found = self.roots.iter().filter_map(|root| {
            let file = file_at(paths, &join(root, &import.specifier)?).filter(|file| *file != from)?;
            Some((shared_folders(path, paths.path(file)), file))
        });
        // Of several the nearest: the library beside the tests, not that of another gem.
        let nearest = found.max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(&a.1)));
        nearest.map_or_else(Answer::elsewhere, |(_, file)| Answer::file(file))
    }
}

fn file_at(paths: &Paths<'_>, wanted: &str) -> Option<usize> {
    paths.get(&format!("{wanted}.rb")).or_else(|| paths.get(wanted))
}
