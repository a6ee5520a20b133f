//! PHP: classes by their full names, as an autoloader finds them, and included files.

use super::names::{Names, sorted};
use super::{Answer, ConfigFacts, Paths, folder, join};
use crate::syntax::{FileSyntax, Import};

pub(super) struct Php<'a> {
    names: Names<'a>,
    /// Namespaces that the repository says are its own (`autoload.psr-4`), segments joined by dots.
    own: Vec<String>,
}

impl<'a> Php<'a> {
    pub(super) fn new(paths: &Paths<'a>, configs: &[(&str, &ConfigFacts)]) -> Self {
        let own = configs.iter().filter_map(|(_, config)| match config {
            ConfigFacts::Composer { namespaces, .. } => Some(namespaces),
            _ => None,
        });
        let own = own.flatten().map(|space| space.trim_matches('\\').replace('\\', "."));
        Self { names: Names::new(paths, &["PHP"]), own: own.filter(|space| !space.is_empty()).collect() }
    }

    pub(super) fn resolve(&self, paths: &Paths<'_>, from: usize, import: &Import) -> Answer {
        if import.names.is_empty() {
            return included(paths, from, &import.specifier);
        }
        let name = import.specifier.trim_start_matches('\\').replace('\\', ".");
        let files = self.names.files(paths, from, &name);
        if let Some(first) = files.first() {
            return Answer::file(*first);
        }
        // A namespace is opened by that; the types named below it are followed where they are used.
        let own = self
            .own
            .iter()
            .any(|own| name.strip_prefix(own.as_str()).is_some_and(|rest| rest.starts_with('.')));
        // Packages from elsewhere may share the first part of the name.
        let beside = name.rsplit_once('.').is_some_and(|(space, _)| self.names.has_space(space));
        if own && beside && !self.names.has_space(&name) { Answer::missing() } else { Answer::elsewhere() }
    }

    pub(super) fn named(&self, paths: &Paths<'_>, from: usize, syntax: &FileSyntax) -> Vec<usize> {
        let space = syntax.package.as_deref().unwrap_or_default().trim_matches('\\').replace('\\', ".");
        let found = syntax.uses.iter().filter_map(|name| {
            let full = Self::full_name(&space, syntax, name)?;
            let mut files = self.names.files(paths, from, &full);
            if files.is_empty() && !name.contains('\\') {
                // Functions are looked for without a namespace too.
                files = self.names.files(paths, from, name);
            }
            if files.contains(&from) { None } else { files.first().copied() }
        });
        sorted(found)
    }

    /// What a name stands for; `None` where an import of its own says so.
    fn full_name(space: &str, syntax: &FileSyntax, name: &str) -> Option<String> {
        if let Some(absolute) = name.strip_prefix('\\') {
            return Some(absolute.replace('\\', "."));
        }
        let (head, rest) = name.split_once('\\').map_or((name, None), |(head, rest)| (head, Some(rest)));
        let import = syntax.imports.iter().find(|import| import.names.iter().any(|local| local == head));
        match (import, rest) {
            (Some(_), None) => None,
            (Some(import), Some(rest)) => {
                Some(format!("{}\\{rest}", import.specifier.trim_start_matches('\\')).replace('\\', "."))
            }
            (None, _) if space.is_empty() => Some(name.replace('\\', ".")),
            (None, _) => Some(format!("{space}.{}", name.replace('\\', "."))),
        }
    }
}

/// The file that `include` and its kin name. A path that says where it counts from (`./`) is looked for there; any
/// other beside the file and from the root.
fn included(paths: &Paths<'_>, from: usize, path: &str) -> Answer {
    let here = folder(paths.path(from));
    let beside = join(here, path).and_then(|path| paths.get(&path));
    match (beside, path.starts_with("./")) {
        (Some(file), _) => Answer::file(file),
        (None, true) => Answer::missing(),
        (None, false) => paths.get(path.trim_start_matches('/')).map_or_else(Answer::elsewhere, Answer::file),
    }
}
