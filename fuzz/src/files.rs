//! One file, as the analysis looks at it: every reader, rule and parser that its path calls for.

use std::sync::Arc;

use analysis::later::{Far, FarSource};
use analysis::pipeline::{self, FileFacts, Written};
use analysis::source::SourceFile;

use crate::parts::{self, Part};

/// What source code of the languages whose syntax is understood is called.
const SOURCES: [&str; 22] = [
    "js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "py", "rs", "go", "java", "c", "h", "cc", "cpp", "hpp",
    "cs", "php", "rb", "kt", "kts", "pyi",
];

/// A file of any name: some manifests are source code, too.
pub(crate) fn manifest(data: &[u8]) -> bool {
    one(data, |_| true)
}

/// A file of source code.
pub(crate) fn source(data: &[u8]) -> bool {
    one(data, is_source)
}

fn one(data: &[u8], takes: impl Fn(&str) -> bool) -> bool {
    let Some(parts) = parts::split(data, 1) else { return false };
    let wanted: Vec<&Part<'_>> = parts.iter().filter(|part| takes(part.path)).collect();
    for part in &wanted {
        look_at(part);
    }
    !wanted.is_empty()
}

fn is_source(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| SOURCES.contains(&ending))
}

/// What is said about the file: always the same, and the same again after it was kept.
fn look_at(part: &Part<'_>) {
    let facts = examined(part);
    assert_eq!(facts, examined(part), "the same file, twice");
    let back = facts
        .encode()
        .and_then(|Written { near, far }| FileFacts::decode(near.into(), Far::new(Arc::new(Apart(far)), 0)));
    assert!(back.as_ref() == Some(&facts), "kept and read again");
}

/// What was kept apart from the rest.
struct Apart(Vec<u8>);

impl FarSource for Apart {
    fn far(&self, _: u32) -> Option<Vec<u8>> {
        Some(self.0.clone())
    }
}

pub(crate) fn examined(part: &Part<'_>) -> FileFacts {
    pipeline::examine(&SourceFile { path: part.path, executable: false, bytes: part.content })
}
