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

/// Tells apart what following imports reads of the syntax of one file in that language: equal digests lead to equal
/// links.
pub(crate) fn reads(syntax: &FileSyntax, language: &str) -> Digest {
    let mut reads = Reads(Sha256::new());
    reads.list(syntax.imports.iter(), |reads, import| {
        reads.text(&import.specifier);
        reads.text(&import.within);
        reads.text(&format!("{:?}", import.kind));
        reads.names(import.names.iter());
    });
    reads.names(syntax.types.iter());
    reads.names(syntax.defines.iter());
    reads.names(syntax.uses.iter());
    reads.names(syntax.package.iter());
    let of_kind = |kind| syntax.symbols.iter().filter(move |symbol| symbol.kind == kind);
    match language {
        "Go" => reads.names(exported(syntax)),
        "Java" | "Kotlin" | "C#" => {
            reads.names(of_kind(SymbolKind::Type).map(|symbol| &symbol.name));
            reads.names(syntax.functions.iter().map(|function| &function.name));
        }
        "Rust" => reads.list(of_kind(SymbolKind::Module), |reads, module| {
            reads.text(if module.public { "pub" } else { "" });
            reads.text(&module.name);
        }),
        _ => {}
    }
    // The compiler of TypeScript alone drops imports of types.
    if !syntax.types.is_empty() {
        reads.names(syntax.symbols.iter().filter(|symbol| symbol.public).map(|symbol| &symbol.name));
    }
    short(reads.0)
}

/// What is read, each part with its length in front, so that none runs into the next.
struct Reads(Sha256);

impl Reads {
    fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text);
    }

    fn list<T>(&mut self, items: impl Iterator<Item = T>, mut add: impl FnMut(&mut Self, T)) {
        let items: Vec<T> = items.collect();
        self.0.update((items.len() as u64).to_le_bytes());
        for item in items {
            add(self, item);
        }
    }

    fn names<S: AsRef<str>>(&mut self, names: impl Iterator<Item = S>) {
        self.list(names, |reads, name| reads.text(name.as_ref()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;
    use crate::syntax::examine;

    fn digest(language: &str, text: &str) -> Digest {
        let file = SourceFile { path: "a", executable: false, bytes: text.as_bytes() };
        reads(&examine(&file, language).expect("small"), language)
    }

    #[test]
    fn what_decides_where_imports_lead_is_told_apart_and_nothing_else() {
        let kotlin = |text: &str| digest("Kotlin", &format!("package y\nimport x.shout\nclass A\n{text}"));
        assert_ne!(kotlin("class B"), kotlin("fun B() {}"), "a type and a function of one name");
        assert_ne!(kotlin(""), kotlin("class B"));
        let python = |text: &str| digest("Python", &format!("import a\n{text}"));
        assert_eq!(python(""), python("\n\ndef f():\n    return 1\n"));
        assert_ne!(python(""), python("import b\n"));
        let go = |text: &str| digest("Go", &format!("package p\n{text}"));
        assert_ne!(go("func A() {}\n"), go("func B() {}\n"), "another package may select it");
        assert_eq!(go("func A() { x() }\n"), go("func A() {}\n"));
        let rust = |text: &str| digest("Rust", text);
        assert_ne!(rust("mod a {}"), rust("pub mod a {}"), "a private module is not seen outside");
        let typescript = |text: &str| digest("TypeScript", &format!("export type T = 1;\n{text}"));
        assert_ne!(typescript(""), typescript("export const T = 1;"), "a value beside the type");
    }
}
