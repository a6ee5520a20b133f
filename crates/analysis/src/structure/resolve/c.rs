//! C and C++: included files, beside the file that includes them or under a folder that headers are looked for in.

use std::collections::HashMap;

use super::names::shared_folders;
use super::{Answer, Paths, folder, join};
use crate::syntax::Import;

/// Names of folders that headers in angle brackets are looked for in.
const ROOTS: &[&str] = &["include", "inc", "includes", "headers", "src", "source", ""];

pub(super) struct C<'a> {
    /// Files by their names without folders.
    by_name: HashMap<&'a str, Vec<usize>>,
}

impl<'a> C<'a> {
    pub(super) fn new(paths: &Paths<'a>) -> Self {
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, file) in paths.files.iter().enumerate() {
            let name = file.path.rsplit('/').next().unwrap_or(file.path);
            by_name.entry(name).or_default().push(index);
        }
        Self { by_name }
    }

    pub(super) fn resolve(&self, paths: &Paths<'_>, from: usize, import: &Import) -> Answer {
        let system = import.specifier.strip_prefix('<').map(|rest| rest.trim_end_matches('>'));
        let wanted = system.unwrap_or(&import.specifier);
        if system.is_none()
            && let Some(beside) = join(folder(paths.path(from)), wanted).and_then(|path| paths.get(&path))
        {
            return Answer::file(beside);
        }
        let wanted = wanted.trim_start_matches("./");
        let found = self.below_root(paths, from, wanted, system.is_some());
        match (found, system) {
            (Some(file), _) => Answer::file(file),
            (None, Some(_)) => Answer::elsewhere(),
            (None, None) => Answer::missing(),
        }
    }

    /// The one file whose path ends like that; of several the nearest, and none where two are equally near.
    fn below_root(&self, paths: &Paths<'_>, from: usize, wanted: &str, system: bool) -> Option<usize> {
        let name = wanted.rsplit('/').next().unwrap_or(wanted);
        let fitting = self.by_name.get(name)?.iter().copied().filter_map(|file| {
            let root = paths.path(file).strip_suffix(wanted)?;
            let root = if root.is_empty() { root } else { root.strip_suffix('/')? };
            let usual = ROOTS.contains(&root.rsplit('/').next().unwrap_or(root));
            // A header of the system is often called like one of the repository.
            let believed = !system || (usual && (wanted.contains('/') || root.ends_with("include")));
            believed.then(|| ((shared_folders(paths.path(from), paths.path(file)), usual), file))
        });
        let fitting: Vec<_> = fitting.filter(|(_, file)| *file != from).collect();
        let best = fitting.iter().map(|(near, _)| *near).max()?;
        let mut nearest = fitting.iter().filter(|(near, _)| *near == best);
        let (_, file) = nearest.next()?;
        nearest.next().is_none().then_some(*file)
    }
}
