//! What source files say of themselves.

use crate::report::EntryKind;
use crate::source::SourceFile;
use crate::syntax::{FileSyntax, SymbolKind};

/// Folders whose files are commands.
const COMMANDS: &[&str] = &["bin", "exe", "sbin", "libexec"];
/// Folders that a web server shows, beside the root.
const SHOWN: &[&str] = &["public", "web", "webroot", "htdocs", "public_html", "httpdocs", "www", "html"];

/// How a file is started, and the line that says so; 0 where it is the file's name.
pub(super) fn examine(
    file: &SourceFile<'_>,
    language: &str,
    syntax: Option<&FileSyntax>,
) -> Option<(EntryKind, u32)> {
    let (above, name) = file.path.rsplit_once('/').unwrap_or(("", file.path));
    let around = above.rsplit('/').next().unwrap_or_default();
    let program = |line| Some((EntryKind::Program, line));
    let found = match language {
        "Go" => syntax
            .filter(|it| it.package.as_deref() == Some("main"))
            .and_then(main_function)
            .and_then(program),
        // Cargo runs the one before the crate is built, and the other never.
        "Rust" if matches!(name, "build.rs" | "lib.rs") => None,
        "Rust" | "C" | "C++" | "Objective-C" => syntax.and_then(main_function).and_then(program),
        "Kotlin" => syntax
            .and_then(main_function)
            .or_else(|| {
                let made_static = memchr::memmem::find(file.bytes, b"@JvmStatic").is_some();
                method(file, syntax?, "main", "fun main").filter(|_| made_static)
            })
            .and_then(program),
        "Java" => method(file, syntax?, "main", "static void main(").and_then(program),
        "C#" => main_of_csharp(file, name, syntax?).and_then(program),
        "Python" if name == "__main__.py" => program(0),
        "Python" => run_by_itself(file)
            .map(|line| (if name == "manage.py" { EntryKind::Program } else { EntryKind::Script }, line)),
        "Ruby" if name == "config.ru" => program(0),
        "PHP" if name == "index.php" && (above.is_empty() || SHOWN.contains(&around)) => program(0),
        "PHP" if name == "artisan" => program(0),
        "Swift" if name == "main.swift" => program(0),
        _ => None,
    };
    found.or_else(|| {
        // Modules of Python often begin so, though nobody runs them.
        let plain = language == "Shell" || language == "Python" && name.contains('.');
        let begins = file.bytes.starts_with(b"#!") && !plain;
        let kind = if COMMANDS.contains(&around) { EntryKind::Program } else { EntryKind::Script };
        begins.then_some((kind, 1))
    })
}

/// The line of the function `main` at the top level.
fn main_function(syntax: &FileSyntax) -> Option<u32> {
    let mut functions = syntax.symbols.iter().filter(|symbol| symbol.kind == SymbolKind::Function);
    functions.find(|symbol| symbol.name == "main").map(|symbol| symbol.start)
}

/// The line of a method of that name whose head has those words in it.
fn method(file: &SourceFile<'_>, syntax: &FileSyntax, name: &str, words: &str) -> Option<u32> {
    let short = |full: &str| full.rsplit(['.', ':']).next() == Some(name);
    let mut starts = syntax.functions.iter().filter(|it| short(&it.name)).map(|it| it.start).peekable();
    starts.peek()?;
    let text = String::from_utf8_lossy(file.bytes);
    let lines: Vec<&str> = text.lines().collect();
    // Annotations stand above.
    let head = |start: u32| {
        let from = usize::try_from(start).unwrap_or(usize::MAX).saturating_sub(1);
        (start..).zip(lines.get(from..).unwrap_or_default()).take(4).find(|(_, line)| line.contains(words))
    };
    starts.find_map(head).map(|(line, _)| line)
}

/// `static … Main(`, or a `Program.cs` of statements alone.
fn main_of_csharp(file: &SourceFile<'_>, name: &str, syntax: &FileSyntax) -> Option<u32> {
    let text = String::from_utf8_lossy(file.bytes);
    let is_main =
        |line: &str| line.split_whitespace().any(|word| word == "static") && line.contains(" Main(");
    let named = syntax.functions.iter().any(|it| it.name.rsplit('.').next() == Some("Main"));
    if named {
        return (1_u32..).zip(text.lines()).find(|(_, line)| is_main(line)).map(|(line, _)| line);
    }
    let alone = name == "Program.cs" && syntax.package.is_none();
    let begins = |line: &str| {
        let line = line.trim();
        line.starts_with("var ") || line.starts_with("await ") || line.contains('(') && line.ends_with(';')
    };
    let mut lines = (1_u32..).zip(text.lines()).filter(|_| alone);
    lines.find(|(_, line)| begins(line) && !line.trim_start().starts_with("using")).map(|(line, _)| line)
}

/// The line after which a module does what it does only when it is run.
fn run_by_itself(file: &SourceFile<'_>) -> Option<u32> {
    let text = String::from_utf8_lossy(file.bytes);
    let asks = |line: &str| {
        let rest = line.strip_prefix("if ").map(|rest| rest.trim_start_matches([' ', '(']));
        rest.is_some_and(|rest| rest.starts_with("__name__") && rest.contains("__main__"))
    };
    (1..).zip(text.lines()).find(|(_, line)| asks(line)).map(|(line, _)| line)
}
