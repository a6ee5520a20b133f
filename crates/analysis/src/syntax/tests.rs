//! The whole module on small texts.

mod bombs;
mod c;
mod complexity;
mod csharp;
mod handlers;
mod imports;
mod java;
mod kotlin;
mod parts;
mod php;
mod plain_flow;
mod ruby;
mod rule_checks;
mod rule_examples;
mod rule_flow;
mod rule_severity;

use super::{FileSyntax, examine};
use crate::source::SourceFile;

fn syntax(language: &str, text: &str) -> FileSyntax {
    let file = SourceFile { path: "file", executable: false, bytes: text.as_bytes() };
    examine(&file, language).expect("an ordinary text is let in")
}
