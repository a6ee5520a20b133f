//! Languages without a grammar here: their comments, quotes, numbers and most common words.

use super::{ColourKind, Part};

/// The signs of a language.
struct Signs {
    /// What begins a comment that ends with its line.
    line: &'static [&'static str],
    /// What begins and ends a longer comment.
    block: Option<(&'static str, &'static str)>,
    /// What quotes.
    quotes: &'static [u8],
    /// Words of the language, in lower case, with blanks between them.
    words: &'static str,
    /// Whether words may be written in capital letters.
    any_case: bool,
    /// What stands behind a key.
    key: Option<u8>,
}

const NONE: Signs = Signs { line: &[], block: None, quotes: b"\"'", words: "", any_case: false, key: None };

const SHELL: &str = "if then else elif fi for while until do done case esac in function return export local set exit \
    readonly source";
const DOCKER: &str = "from as run cmd copy add workdir env arg expose entrypoint user volume label healthcheck shell \
    onbuild stopsignal";
const SQL: &str = "select from where insert into values update set delete create table index view drop alter add \
    column primary key foreign references not null unique default join left right inner outer on and \
    or in is as order group by having limit offset union all distinct case when then else end begin \
    commit with exists like between constraint check if cascade";
/// Words that most languages with braces, and those of their families, share.
const COMMON: &str = "if else for while do return break continue switch case default class struct enum interface \
    protocol extension func fun function def end let var val const static public private protected \
    internal import package module use new try catch throw finally in is as match with trait extends \
    implements override abstract final sealed then elseif elif and or not where begin async await yield \
    guard defer fn pub mut";
const VALUES: &str = "true false null nil none yes no undefined self this";

fn signs(language: &str) -> Option<Signs> {
    Some(match language {
        "JSON" | "JSON with Comments" | "JSON5" | "SCSS" | "Less" | "Sass" | "Stylus" => {
            Signs { line: &["//"], block: Some(("/*", "*/")), key: Some(b':'), ..NONE }
        }
        "YAML" => Signs { line: &["#"], key: Some(b':'), ..NONE },
        "TOML" | "INI" | "EditorConfig" | "Java Properties" | "Git Config" | "Dotenv" => {
            Signs { line: &["#", ";"], key: Some(b'='), ..NONE }
        }
        "Shell" | "Makefile" | "CMake" | "PowerShell" | "Ignore List" | "Git Attributes" | "Just" => {
            Signs { line: &["#"], words: SHELL, ..NONE }
        }
        "Dockerfile" => Signs { line: &["#"], words: DOCKER, any_case: true, ..NONE },
        "SQL" | "PLpgSQL" | "PLSQL" | "TSQL" => {
            Signs { line: &["--"], block: Some(("/*", "*/")), words: SQL, any_case: true, ..NONE }
        }
        "CSS" => Signs { block: Some(("/*", "*/")), key: Some(b':'), ..NONE },
        "HTML" | "XML" | "SVG" | "XSLT" | "Maven POM" | "HTML+ERB" | "HTML+Django" | "Handlebars" => {
            Signs { block: Some(("<!--", "-->")), quotes: b"\"", ..NONE }
        }
        "Lua" | "Haskell" | "Elm" | "Ada" | "VHDL" => Signs { line: &["--"], words: COMMON, ..NONE },
        "Elixir" | "R" | "Perl" | "Julia" | "Nix" | "Crystal" | "Nim" | "GraphQL" | "Starlark" | "HCL"
        | "Terraform" | "GDScript" => Signs { line: &["#"], words: COMMON, ..NONE },
        "Swift" | "Scala" | "Dart" | "Groovy" | "Gradle" | "Protocol Buffer" | "Solidity" | "Objective-C"
        | "Objective-C++" | "Zig" | "V" | "D" | "F#" | "Verilog" | "SystemVerilog" | "GLSL" | "HLSL"
        | "Cuda" | "Prisma" => Signs { line: &["//"], block: Some(("/*", "*/")), words: COMMON, ..NONE },
        "Clojure" | "Common Lisp" | "Emacs Lisp" | "Scheme" | "Racket" | "Assembly" => {
            Signs { line: &[";"], quotes: b"\"", ..NONE }
        }
        "Erlang" | "TeX" | "MATLAB" => Signs { line: &["%"], quotes: b"\"", words: COMMON, ..NONE },
        _ => return None,
    })
}

/// The parts of a text; none where the language is not known here. Takes time in proportion to the text.
pub(super) fn parts(text: &str, language: &str) -> Vec<Part> {
    match language {
        "Markdown" | "MDX" | "reStructuredText" => prose(text),
        _ => signs(language).map(|signs| code(text, &signs)).unwrap_or_default(),
    }
}

/// Headings, quoted code and lists of a text that is mostly prose.
fn prose(text: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let (mut at, mut fenced) = (0, false);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim_start();
        let end = start + line.trim_end().len();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            fenced = !fenced;
            found.push((start, end, ColourKind::Attribute));
        } else if fenced {
            found.push((start, end, ColourKind::String));
        } else if trimmed.starts_with('#') {
            found.push((start, end, ColourKind::Keyword));
        } else {
            let mut marks = line.match_indices('`').map(|(mark, _)| start + mark);
            while let (Some(open), Some(close)) = (marks.next(), marks.next()) {
                found.push((open, close + 1, ColourKind::String));
            }
        }
    }
    found.retain(|(start, end, _)| start < end);
    found
}

fn code(text: &str, signs: &Signs) -> Vec<Part> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    // Up to there no quote is closed, so that it is looked for once.
    let mut open = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let before = at.checked_sub(1).and_then(|before| bytes.get(before)).copied().unwrap_or(b'\n');
        // A sign within a word or an address begins nothing.
        let apart = before.is_ascii_whitespace() || matches!(before, b';' | b'{' | b'}' | b',' | b')' | b'(');
        let (end, kind) = if apart && signs.line.iter().any(|sign| rest.starts_with(sign.as_bytes())) {
            (at + line_end(rest), Some(ColourKind::Comment))
        } else if let Some((_, close)) = signs.block.filter(|(open, _)| rest.starts_with(open.as_bytes())) {
            let end =
                memchr::memmem::find(rest, close.as_bytes()).map_or(rest.len(), |end| end + close.len());
            (at + end, Some(ColourKind::Comment))
        } else if at >= open && signs.quotes.contains(&byte) && !before.is_ascii_alphanumeric() {
            match quoted(rest, byte) {
                Ok(length) => {
                    let key = signs.key.is_some() && signs.key == rest.get(length).copied();
                    (at + length, Some(if key { ColourKind::Property } else { ColourKind::String }))
                }
                Err(looked) => {
                    open = at + looked;
                    (at + 1, None)
                }
            }
        } else if byte.is_ascii_digit() {
            let end =
                rest.iter().take_while(|it| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'_')).count();
            (at + end, Some(ColourKind::Number))
        } else if byte.is_ascii_alphabetic() || byte == b'_' {
            let end = at
                + rest
                    .iter()
                    .take_while(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-'))
                    .count();
            (end, word(&text[at..end], &bytes[end..], before, signs))
        } else {
            (at + 1, None)
        };
        if let Some(kind) = kind {
            found.push((at, end, kind));
        }
        at = end.max(at + 1);
    }
    found
}

fn line_end(rest: &[u8]) -> usize {
    memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())
}

/// Length of a quoted text with its quotes; where it is not closed on its line, how far was looked, which is past the
/// end of the line where a backslash stands there.
fn quoted(rest: &[u8], quote: u8) -> Result<usize, usize> {
    let mut at = 1;
    while let Some(&byte) = rest.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return Err(at),
            byte if byte == quote => return Ok(at + 1),
            _ => {}
        }
        at += 1;
    }
    Err(rest.len())
}

/// Whether a word is one of those in a list, which blanks keep apart.
fn among(words: &str, word: &str) -> bool {
    words.split(' ').any(|known| known == word)
}

fn word(word: &str, rest: &[u8], before: u8, signs: &Signs) -> Option<ColourKind> {
    if before == b'<' || (before == b'/' && signs.block.is_some_and(|(open, _)| open == "<!--")) {
        return Some(ColourKind::Keyword);
    }
    let behind = rest.iter().find(|byte| **byte != b' ' && **byte != b'\t').copied();
    if signs.key.is_some() && behind == signs.key {
        return Some(ColourKind::Property);
    }
    let lower = if signs.any_case { word.to_ascii_lowercase() } else { word.to_owned() };
    if among(signs.words, &lower) {
        return Some(ColourKind::Keyword);
    }
    among(VALUES, &lower).then_some(ColourKind::Constant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown<'t>(text: &'t str, language: &str) -> Vec<(&'t str, ColourKind)> {
        parts(text, language).into_iter().map(|(start, end, kind)| (&text[start..end], kind)).collect()
    }

    #[test]
    fn keys_values_and_comments() {
        use ColourKind::{Comment, Constant, Number, Property, String};
        assert_eq!(
            shown("name: \"a\" # b\nport: 80\non: true\nurl: http://x#y\n", "YAML"),
            [
                ("name", Property),
                ("\"a\"", String),
                ("# b", Comment),
                ("port", Property),
                ("80", Number),
                ("on", Property),
                ("true", Constant),
                ("url", Property),
                ("http", Property),
            ]
        );
        assert_eq!(shown("{\"a\": null}", "JSON"), [("\"a\"", Property), ("null", Constant)]);
    }

    #[test]
    fn words_of_the_language_and_prose() {
        use ColourKind::{Attribute, Comment, Keyword, String};
        assert_eq!(shown("SELECT a -- b\n", "SQL"), [("SELECT", Keyword), ("-- b", Comment)]);
        assert_eq!(
            shown("# Title\n\nRun `x` or `y\n```sh\nls\n```\n", "Markdown"),
            [("# Title", Keyword), ("`x`", String), ("```sh", Attribute), ("ls", String), ("```", Attribute),]
        );
        assert_eq!(shown("a 'b\n", "Shell"), []);
    }

    #[test]
    fn quotes_that_are_never_closed_are_looked_for_once() {
        // Were each looked for again, this would take hours.
        let text = "'\\".repeat(2_000_000);
        assert_eq!(shown(&text, "Shell"), []);
        let text = "\\\"\\\n".repeat(200_000);
        assert_eq!(shown(&text, "YAML"), []);
    }
}
