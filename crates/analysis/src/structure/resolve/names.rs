//! Where full names are defined: for languages in which imports name types rather than files.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::Paths;

/// Files that one name leads to, at most: a type written in parts has few.
const MAX_PARTS: usize = 8;

/// The definitions of some languages, by full name.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    files: HashMap<&'a str, Vec<usize>>,
    /// Everything a definition stands in.
    spaces: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    pub(super) fn new(paths: &Paths<'a>, languages: &[&str]) -> Self {
        let mut found = Self::default();
        for (index, file) in
            paths.files.iter().enumerate().filter(|(_, file)| languages.contains(&file.language))
        {
            for name in file.syntax.iter().flat_map(|syntax| &syntax.defines) {
                found.files.entry(name).or_default().push(index);
                let above = std::iter::successors(Some(name.as_str()), |name| Some(name.rsplit_once('.')?.0));
                found.spaces.extend(above.skip(1));
            }
        }
        found
    }

    /// Whether anything is defined in the namespace.
    pub(super) fn has_space(&self, space: &str) -> bool {
        self.spaces.contains(space)
    }

    /// The files that define an extension of a type by this name (`shout` of `String`).
    pub(super) fn extensions(&self, name: &str, receiver: &str) -> &[usize] {
        self.files.get(&*format!("{name}@{receiver}")).map(Vec::as_slice).unwrap_or_default()
    }

    /// The files that define a name: of several places those nearest to the file that asks.
    pub(super) fn files(&self, paths: &Paths<'_>, from: usize, name: &str) -> Vec<usize> {
        let all = self.files.get(name).map(Vec::as_slice).unwrap_or_default();
        if all.len() < 2 {
            return all.to_vec();
        }
        let here = paths.path(from);
        let near = |file: &usize| shared_folders(here, paths.path(*file));
        let nearest = all.iter().map(near).max();
        all.iter().filter(|file| Some(near(file)) == nearest).take(MAX_PARTS).copied().collect()
    }

    /// The files of the longest part of a name, from its start, that is defined below `space`; `None` where not
    /// even its first segment is.
    pub(super) fn within(
        &self,
        paths: &Paths<'_>,
        from: usize,
        space: &str,
        name: &str,
    ) -> Option<Vec<usize>> {
        let full = if space.is_empty() { name.to_owned() } else { format!("{space}.{name}") };
        let shortest = full.len() - name.len();
        let parts = std::iter::successors(Some(full.as_str()), |name| Some(name.rsplit_once('.')?.0));
        parts
            .take_while(|part| part.len() > shortest)
            .map(|part| self.files(paths, from, part))
            .find(|files| !files.is_empty())
    }
}

/// How many folders two paths share from the root.
pub(super) fn shared_folders(one: &str, other: &str) -> usize {
    one.split('/').zip(other.split('/')).take_while(|(one, other)| one == other).count()
}

/// Files in order, each once.
pub(super) fn sorted(files: impl IntoIterator<Item = usize>) -> Vec<usize> {
    files.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}
