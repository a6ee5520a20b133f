//! Imports of all files, followed.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::resolve::{Resolver, exported};
use super::{BTreeSet, ConfigFacts, StructureFile};
use crate::later::{Digest, short};
use crate::syntax::{FileSyntax, Import, ImportKind, SymbolKind};

/// An import that was followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) kind: ImportKind,
}

/// Where the imports of some files lead.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Links {
    pub(super) list: Vec<Link>,
    /// Imports that name something of this repository that was not found.
    pub(super) unresolved: u32,
    /// Languages whose imports are not known.
    pub(super) unparsed: Vec<String>,
}

/// Follows the imports of all files. What is read of their syntax is what [`reads`] tells apart.
pub(crate) fn follow(files: &[StructureFile<'_>], configs: &[(&str, &ConfigFacts)]) -> Links {
    let resolver = Resolver::new(files, configs);
    let mut links = Links::default();
    let mut unparsed = BTreeSet::new();
    for (from, file) in files.iter().enumerate() {
        let Some(syntax) = file.syntax else {
            if !crate::syntax::supports(file.language) {
                unparsed.insert(file.language);
            }
            continue;
        };
        for import in &syntax.imports {
            let answer = resolver.resolve(from, import);
            // Tests and their fixtures name what exists only while they run.
            links.unresolved = links.unresolved.saturating_add(u32::from(answer.unresolved && !file.test));
            let to = answer.files.into_iter().filter(|to| *to != from);
            links.list.extend(to.map(|to| Link { from, to, kind: kind(import, files.get(to)) }));
        }
        let named = resolver.named(from, syntax).into_iter().filter(|to| *to != from);
        links.list.extend(named.map(|to| Link { from, to, kind: ImportKind::Static }));
    }
    links.unparsed = unparsed.into_iter().map(str::to_owned).collect();
    links
}

/// How a file is imported, with regard to what it has: the compiler drops an import of nothing but types.
fn kind(import: &Import, to: Option<&StructureFile<'_>>) -> ImportKind {
    let loads = matches!(import.kind, ImportKind::Static | ImportKind::Reexport);
    let Some(to) = to.and_then(|to| to.syntax).filter(|to| loads && !to.types.is_empty()) else {
        return import.kind;
    };
    // A value may have the name of a type beside it; it is another symbol then.
    let only_types = import.names.iter().all(|name| {
        let named = to.symbols.iter().filter(|symbol| symbol.public && symbol.name == *name).count();
        named > 0 && named == to.types.iter().filter(|known| *known == name).count()
    });
    if only_types && !import.names.is_empty() { ImportKind::Types } else { import.kind }
}

/// Tells apart what following imports reads of the syntax of one file: equal digests lead to equal links.
pub(crate) fn reads(syntax: &FileSyntax, language: &str) -> Digest {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    for import in &syntax.imports {
        add(&import.specifier);
        add(&import.within);
        add(&format!("{:?} {}", import.kind, import.names.len()));
        for name in &import.names {
            add(name);
        }
    }
    for names in [&syntax.types, &*syntax.defines, &*syntax.uses] {
        add(&names.len().to_string());
        for name in names {
            add(name);
        }
    }
    add(syntax.package.as_deref().unwrap_or("\0"));
    let symbols = syntax.symbols.iter();
    match language {
        "Go" => exported(syntax).for_each(add),
        "Java" | "Kotlin" | "C#" => {
            symbols.filter(|symbol| symbol.kind == SymbolKind::Type).for_each(|symbol| add(&symbol.name));
            syntax.functions.iter().for_each(|function| add(&function.name));
        }
        "Rust" => symbols
            .filter(|symbol| symbol.kind == SymbolKind::Module)
            .for_each(|symbol| add(&format!("{} {}", symbol.public, symbol.name))),
        _ if syntax.types.is_empty() => {}
        _ => symbols.filter(|symbol| symbol.public).for_each(|symbol| add(&symbol.name)),
    }
    short(hash)
}
