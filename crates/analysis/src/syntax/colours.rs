//! Which parts of a text are comments, strings, keywords and the like, for those who show it.
//!
//! Where the grammar of a language is known, its tree says so; elsewhere a few signs of the language do (`plain`).
//! Nothing here is part of a report.

mod plain;

use serde::{Deserialize, Serialize};
use tree_sitter::{Node, Tree};

use super::embedded;
use super::language::{self, Language, Role};
use super::parse::{MAX_BYTES, MAX_NODES, parse};

/// A part of one line that is more than plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    /// The line, from 0.
    pub line: u32,
    /// Where it begins in the line, in UTF-16 units, as browsers count.
    pub start: u32,
    /// How long it is, in the same units.
    pub length: u32,
    /// What it is.
    pub kind: ColourKind,
}

/// What a part of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColourKind {
    /// A remark to the reader.
    Comment,
    /// Quoted text.
    String,
    /// A number.
    Number,
    /// A word of the language itself.
    Keyword,
    /// The name of a type.
    Type,
    /// The name of a function, where it is defined or called.
    Function,
    /// A value that the language names: true, null, self.
    Constant,
    /// A key with a value.
    Property,
    /// An attribute, decorator or directive.
    Attribute,
}

/// A part of a text: from, to, and what it is.
type Part = (usize, usize, ColourKind);

/// The parts of a text in a language, as Linguist spells it, that are more than plain text, in order and apart from
/// each other. Empty where nothing is known of the language, or the text is beyond what a parser is let into.
pub fn colours(text: &str, language: &str) -> Vec<Colour> {
    if text.len() > MAX_BYTES {
        return Vec::new();
    }
    let parts = match embedded::scripts(text, language) {
        Some((scripts, inner)) => parsed(&scripts, inner),
        None => parsed(text, language),
    };
    by_line(text, &parts.unwrap_or_else(|| plain::parts(text, language)))
}

fn parsed(text: &str, name: &str) -> Option<Vec<Part>> {
    let language = language::language(name)?;
    let tree = parse(&language.grammar, text.as_bytes()).ok()?;
    Some(walk(&tree, text, language))
}

/// What a kind of node says by its name alone.
#[derive(Debug, Clone, Copy)]
enum Look {
    /// All of it is that.
    Whole(ColourKind),
    /// What is in it and has no look of its own is that.
    Around(ColourKind),
    /// What is in it is code again.
    Code,
    /// A name, whose place decides.
    Name,
    /// Nothing.
    Plain,
}

/// What a node is to what is in it.
struct Frame<'t> {
    around: Option<ColourKind>,
    role: Role,
    field: Option<&'t str>,
}

fn walk(tree: &Tree, text: &str, language: &'static Language) -> Vec<Part> {
    let mut looks: Vec<Option<Look>> = vec![None; language.grammar.node_kind_count() + 1];
    let mut cursor = tree.walk();
    let mut frames: Vec<Frame<'_>> = Vec::new();
    let mut parts = Vec::new();
    for _ in 0..MAX_NODES {
        let node = cursor.node();
        let look = match looks.get_mut(usize::from(node.kind_id())) {
            Some(known) => *known.get_or_insert_with(|| look_of(node, language)),
            None => look_of(node, language),
        };
        let around = frames.last().and_then(|frame| frame.around);
        let field = cursor.field_name();
        let below = match look {
            Look::Whole(kind) => {
                push(&mut parts, node, Some(around.filter(|_| kind == ColourKind::Keyword).unwrap_or(kind)));
                None
            }
            Look::Around(kind) => Some(Some(kind)),
            Look::Code => Some(None),
            Look::Name | Look::Plain => Some(around),
        };
        if let Some(around) = below {
            if cursor.goto_first_child() {
                frames.push(Frame { around, role: language.role(node), field });
                continue;
            }
            let own = match look {
                Look::Name => name(node, field, &frames, text),
                _ => None,
            };
            push(&mut parts, node, around.or(own));
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return parts;
            }
            frames.pop();
        }
    }
    parts
}

fn push(parts: &mut Vec<Part>, node: Node<'_>, kind: Option<ColourKind>) {
    let range = node.byte_range();
    // A grammar may give a node that lies before the last one's end; what was first counts.
    let last = parts.last().map_or(0, |(_, end, _)| *end);
    if let Some(kind) = kind
        && range.start >= last
        && range.start < range.end
    {
        parts.push((range.start, range.end, kind));
    }
}

fn look_of(node: Node<'_>, language: &Language) -> Look {
    let kind = node.kind();
    if language.role(node).has(Role::COMMENT) || kind.ends_with("comment") {
        return Look::Whole(ColourKind::Comment);
    }
    if !node.is_named() {
        let word = kind.trim_start_matches(['#', '@']);
        let letters = word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        return if letters { Look::Whole(ColourKind::Keyword) } else { Look::Plain };
    }
    match kind {
        "true" | "false" | "null" | "nil" | "none" | "undefined" | "this" | "self" | "super"
        | "null_literal" | "boolean_literal" | "boolean" | "iota" | "this_expression" => {
            Look::Whole(ColourKind::Constant)
        }
        "identifier"
        | "property_identifier"
        | "field_identifier"
        | "simple_identifier"
        | "name"
        | "shorthand_property_identifier"
        | "constant" => Look::Name,
        "type_identifier"
        | "primitive_type"
        | "predefined_type"
        | "integral_type"
        | "floating_point_type"
        | "void_type"
        | "boolean_type"
        | "sized_type_specifier" => Look::Whole(ColourKind::Type),
        "mutable_specifier" | "storage_class_specifier" | "type_qualifier" | "inferred_type" => {
            Look::Whole(ColourKind::Keyword)
        }
        "regex" | "heredoc_body" | "escape_sequence" => Look::Around(ColourKind::String),
        "attribute_item"
        | "inner_attribute_item"
        | "decorator"
        | "marker_annotation"
        | "annotation"
        | "attribute_list"
        | "preproc_directive" => Look::Around(ColourKind::Attribute),
        _ if ["interpolation", "substitution", "embedded"].iter().any(|part| kind.contains(part)) => {
            Look::Code
        }
        _ if kind.contains("string")
            || ["char_literal", "character_literal", "rune_literal", "encapsed_string"].contains(&kind) =>
        {
            Look::Around(ColourKind::String)
        }
        _ if [
            "number",
            "integer",
            "float",
            "integer_literal",
            "float_literal",
            "int_literal",
            "real_literal",
            "number_literal",
            "imaginary_literal",
        ]
        .contains(&kind)
            || kind.starts_with("decimal_")
            || kind.starts_with("hex_")
            || kind.starts_with("octal_")
            || kind.starts_with("binary_integer") =>
        {
            Look::Whole(ColourKind::Number)
        }
        _ => Look::Plain,
    }
}

/// What a name is by its place: what is defined, called, or a key.
fn name(node: Node<'_>, field: Option<&str>, frames: &[Frame<'_>], text: &str) -> Option<ColourKind> {
    let parent = frames.last()?;
    let within = frames.len().checked_sub(2).and_then(|at| frames.get(at));
    let called = |role: Role, field: Option<&str>| {
        role.has(Role::CALL) && matches!(field, Some("function" | "name" | "method" | "macro" | "callee"))
    };
    let defined = parent.role.has(Role::FUNCTION) && field == Some("name");
    let declared = field == Some("declarator") && parent.field == Some("declarator");
    let member = matches!(field, Some("field" | "property" | "attribute" | "name"));
    if defined
        || called(parent.role, field)
        || (member && within.is_some_and(|within| called(within.role, parent.field)))
        || (declared && within.is_some_and(|within| within.role.has(Role::FUNCTION)))
    {
        return Some(ColourKind::Function);
    }
    if parent.role.has(Role::CLASS) && field == Some("name") {
        return Some(ColourKind::Type);
    }
    if parent.role.has(Role::PAIR) && matches!(field, Some("key" | "name")) {
        return Some(ColourKind::Property);
    }
    // Where a grammar does not say what is a type, people do: by a capital letter with a small one behind it.
    let mut letters = language::text(node, text).chars();
    let capital = letters.next().is_some_and(char::is_uppercase) && letters.any(char::is_lowercase);
    capital.then_some(ColourKind::Type)
}

/// The parts as lines have them. Reads the text once.
fn by_line(text: &str, parts: &[Part]) -> Vec<Colour> {
    let mut found = Vec::with_capacity(parts.len());
    let (mut line, mut column) = (0_u32, 0_u32);
    let mut at = 0;
    let pass = |from: usize, to: usize, line: &mut u32, column: &mut u32, mut seen: Option<&mut Seen<'_>>| {
        for character in text.get(from..to).unwrap_or_default().chars() {
            if character == '\n' {
                if let Some(seen) = &mut seen {
                    seen.end(*line, *column);
                }
                (*line, *column) = (line.saturating_add(1), 0);
                if let Some(seen) = &mut seen {
                    seen.start = 0;
                }
            } else if character != '\r' {
                *column = column.saturating_add(u32::try_from(character.len_utf16()).unwrap_or(1));
            }
        }
    };
    for (start, end, kind) in parts {
        pass(at, *start, &mut line, &mut column, None);
        let mut seen = Seen { found: &mut found, start: column, kind: *kind };
        pass(*start, *end, &mut line, &mut column, Some(&mut seen));
        seen.end(line, column);
        at = *end;
    }
    found
}

/// A part while it is followed through its lines.
struct Seen<'a> {
    found: &'a mut Vec<Colour>,
    start: u32,
    kind: ColourKind,
}

impl Seen<'_> {
    fn end(&mut self, line: u32, column: u32) {
        if column > self.start {
            // Neighbours of one kind are one part.
            if let Some(last) = self.found.last_mut()
                && (last.line, last.kind, last.start + last.length) == (line, self.kind, self.start)
            {
                last.length += column - self.start;
                return;
            }
            let (start, length) = (self.start, column - self.start);
            self.found.push(Colour { line, start, length, kind: self.kind });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The parts as people read them.
    fn shown(text: &str, language: &str) -> Vec<(String, ColourKind)> {
        let lines: Vec<Vec<u16>> = text.split('\n').map(|line| line.encode_utf16().collect()).collect();
        colours(text, language)
            .into_iter()
            .map(|it| {
                let line = &lines[it.line as usize];
                let part = &line[it.start as usize..(it.start + it.length) as usize];
                (String::from_utf16(part).unwrap(), it.kind)
            })
            .collect()
    }

    fn has(text: &str, language: &str, wanted: &[(&str, ColourKind)]) {
        let shown = shown(text, language);
        for (part, kind) in wanted {
            assert!(
                shown.iter().any(|(found, of)| found == part && of == kind),
                "{language}: {part} {kind:?} in {shown:?}"
            );
        }
    }

    #[test]
    fn each_grammar_tells_comments_strings_words_and_calls_apart() {
        use ColourKind::{Attribute, Comment, Function, Keyword, Number, String, Type};
        has(
            "#[test]\nfn run() -> Thing { // why\n    go(\"a\", 12)\n}\n",
            "Rust",
            &[
                ("#[test]", Attribute),
                ("fn", Keyword),
                ("run", Function),
                ("Thing", Type),
                ("// why", Comment),
                ("go", Function),
                ("\"a\"", String),
                ("12", Number),
            ],
        );
        has(
            "def run(a):\n    # why\n    return go(f\"x {a}\", 1.5)\n",
            "Python",
            &[
                ("def", Keyword),
                ("run", Function),
                ("# why", Comment),
                ("return", Keyword),
                ("go", Function),
                ("1.5", Number),
            ],
        );
        has(
            "export class Box { run() { return go(`a ${b}`); } }\n",
            "TypeScript",
            &[("export class", Keyword), ("Box", Type), ("run", Function), ("`a ", String)]
                .map(|it| if it.0 == "export class" { ("class", Keyword) } else { it }),
        );
        has(
            "package main\n\nfunc Run() { fmt.Println(\"a\") }\n",
            "Go",
            &[
                ("package", Keyword),
                ("func", Keyword),
                ("Run", Function),
                ("Println", Function),
                ("\"a\"", String),
            ],
        );
        has(
            "class A { int run() { return go(1); } }\n",
            "Java",
            &[
                ("class", Keyword),
                ("A", Type),
                ("int", Type),
                ("run", Function),
                ("go", Function),
                ("1", Number),
            ]
            .map(|it| if it.0 == "A" { ("run", Function) } else { it }),
        );
        has(
            "int run(void) { return go(\"a\"); } /* b */\n",
            "C",
            &[
                ("int", Type),
                ("run", Function),
                ("return", Keyword),
                ("go", Function),
                ("\"a\"", String),
                ("/* b */", Comment),
            ],
        );
        has(
            "def run\n  go('a') # b\nend\n",
            "Ruby",
            &[("def", Keyword), ("'a'", String), ("# b", Comment), ("end", Keyword)],
        );
        has(
            "<?php function run() { return go('a'); } // b\n",
            "PHP",
            &[("function", Keyword), ("run", Function), ("'a'", String)],
        );
        has(
            "class A { void Run() { Go(\"a\"); } }\n",
            "C#",
            &[("class", Keyword), ("Run", Function), ("\"a\"", String)],
        );
        has(
            "fun run(): Int { return go(\"a\") }\n",
            "Kotlin",
            &[("fun", Keyword), ("run", Function), ("\"a\"", String)],
        );
    }

    #[test]
    fn a_part_over_several_lines_is_one_in_each() {
        use ColourKind::Comment;
        let found = shown("/* a\r\n\n é𝒳 b */ int x;\n", "C");
        let comments: Vec<&str> =
            found.iter().filter(|(_, kind)| *kind == Comment).map(|(part, _)| part.as_str()).collect();
        assert_eq!(comments, ["/* a", " é𝒳 b */"]);
    }

    #[test]
    fn what_is_unknown_or_too_large_has_no_colours() {
        assert_eq!(colours("a b c", "No such language"), []);
        assert_eq!(colours(&"a ".repeat(MAX_BYTES), "Rust"), []);
        assert_eq!(colours("", "Rust"), []);
    }

    proptest! {
        #[test]
        fn any_text_gives_parts_in_order_and_within_their_lines(
            parts in prop::collection::vec("(fn |class |\"|'|/\\*|\\*/|//|#|\\{|\\}|\\(|\\)|=|:|<!--|```|\r\n|\n|é|𝒳|[a-zA-Z0-9 ]{0,5})", 0..30),
            language in prop::sample::select(vec!["Rust", "Python", "PHP", "C++", "TSX", "Vue", "YAML", "Shell", "CSS", "Markdown", "HTML", "SQL"]),
        ) {
            let text = parts.concat();
            let lines: Vec<u32> = text.split('\n').map(|line| u32::try_from(line.encode_utf16().filter(|unit| *unit != 13).count()).unwrap()).collect();
            let mut last = (0, 0);
            for it in colours(&text, language) {
                prop_assert!((it.line, it.start) >= last && it.length > 0, "{it:?} {last:?}");
                prop_assert!(it.start + it.length <= lines[it.line as usize], "{it:?}");
                last = (it.line, it.start + it.length);
            }
        }
    }
}
