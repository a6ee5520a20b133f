//! Ruby.

use tree_sitter::Node;

use super::shapes::{choice, counted, symbol};
use crate::syntax::language::{
    Adapter, Argument, Around, Bound, Expr, Imported, Language, Parameter, Role, field, field_text,
    first_line, first_named, named_children, text,
};
use crate::syntax::{Import, ImportKind, Symbol, SymbolKind};

const ROLES: &[(&str, Role)] = &[
    ("method", Role::FUNCTION.with(Role::SYMBOL)),
    ("singleton_method", Role::FUNCTION.with(Role::SYMBOL)),
    ("block", Role::FUNCTION.with(Role::LAMBDA)),
    ("do_block", Role::FUNCTION.with(Role::LAMBDA)),
    ("if", Role::IF),
    ("unless", Role::IF),
    ("if_modifier", Role::IF),
    ("unless_modifier", Role::IF),
    ("elsif", Role::ELSE_IF),
    ("else", Role::ELSE),
    ("while", Role::LOOP),
    ("until", Role::LOOP),
    ("while_modifier", Role::LOOP),
    ("until_modifier", Role::LOOP),
    ("for", Role::LOOP.with(Role::BIND)),
    ("case", Role::SWITCH),
    ("case_match", Role::SWITCH),
    ("when", Role::CASE),
    ("in_clause", Role::CASE),
    ("rescue", Role::CATCH),
    ("rescue_modifier", Role::CATCH),
    ("conditional", Role::TERNARY),
    ("binary", Role::BINARY),
    ("call", Role::CALL.with(Role::IMPORT)),
    ("subshell", Role::CALL),
    ("assignment", Role::BIND),
    ("operator_assignment", Role::BIND),
    ("class", Role::CLASS.with(Role::SYMBOL)),
    ("module", Role::CLASS.with(Role::SYMBOL)),
    ("pair", Role::PAIR),
    ("comment", Role::COMMENT),
];

pub(super) fn language() -> Language {
    Language::new("Ruby", "Ruby", tree_sitter_ruby::LANGUAGE.into(), ROLES, &Ruby)
}

struct Ruby;

/// The literal text of a string and the values put into it.
fn string<'t>(node: Node<'t>, src: &'t str) -> Expr<'t> {
    let parts = named_children(node, 128);
    if parts.iter().all(|part| part.kind() != "interpolation") {
        return Expr::Text(match (parts.first(), parts.last()) {
            (Some(first), Some(last)) => src.get(first.start_byte()..last.end_byte()).unwrap_or_default(),
            _ => "",
        });
    }
    let mut literal = String::new();
    let mut values = Vec::new();
    for part in parts {
        if part.kind() == "interpolation" {
            literal.push('\0');
            values.extend(first_named(part));
        } else {
            literal.push_str(text(part, src));
        }
    }
    Expr::Format(literal, values)
}

impl Adapter for Ruby {
    fn expr<'t>(&self, node: Node<'t>, src: &'t str) -> Expr<'t> {
        match node.kind() {
            "string" | "heredoc_body" => string(node, src),
            "chained_string" => Expr::Format("\0".repeat(node.named_child_count()), named_children(node, 64)),
            "integer" | "float" | "true" | "false" | "nil" | "simple_symbol" | "regex" => {
                Expr::Scalar(text(node, src))
            }
            "identifier" | "constant" | "self" | "instance_variable" | "class_variable"
            | "global_variable" => Expr::Name(text(node, src)),
            "scope_resolution" => {
                let path = text(node, src);
                if path.len() > 200 || path.contains(['(', '\n']) {
                    return Expr::Other;
                }
                Expr::Path(path.split("::").map(str::trim).filter(|segment| !segment.is_empty()).collect())
            }
            "binary" => {
                let (left, right) = (field(node, "left"), field(node, "right"));
                match (field_text(node, "operator", src), left, right) {
                    (Some("+"), Some(left), Some(right)) => Expr::Concat(left, right),
                    (Some("||" | "or"), left, right) => choice(left, right),
                    _ => Expr::Other,
                }
            }
            "call" => field_text(node, "method", src).map_or(Expr::Other, |name| Expr::Method {
                object: field(node, "receiver"),
                name,
                arguments: field(node, "arguments"),
            }),
            "subshell" => Expr::Method { object: None, name: "`", arguments: Some(node) },
            "element_reference" => field(node, "object").map_or(Expr::Other, |object| Expr::Index { object }),
            "parenthesized_statements" => first_named(node).map_or(Expr::Other, Expr::Wrap),
            "assignment" => field(node, "right").map_or(Expr::Other, Expr::Wrap),
            "conditional" => choice(field(node, "consequence"), field(node, "alternative")),
            "array" => Expr::List(node),
            _ => Expr::Other,
        }
    }

    fn function_name<'t>(&self, node: Node<'t>, src: &'t str, _parents: &[Node<'t>]) -> Option<String> {
        let name = field_text(node, "name", src)?;
        Some(match field_text(node, "object", src) {
            Some(object) if object != "self" && object.len() <= 80 => format!("{object}.{name}"),
            _ => name.to_owned(),
        })
    }

    fn parameters<'t>(&self, node: Node<'t>, src: &'t str) -> (Vec<Parameter<'t>>, u32) {
        let Some(list) = field(node, "parameters") else { return (Vec::new(), 0) };
        let found: Vec<_> = named_children(list, 256)
            .into_iter()
            .filter_map(|parameter| {
                let name =
                    if parameter.kind() == "identifier" { parameter } else { field(parameter, "name")? };
                Some(Parameter { name: text(name, src), kind: None, default: field(parameter, "value") })
            })
            .collect();
        counted(found)
    }

    fn is_else_if(&self, _node: Node<'_>, _parent: Node<'_>, _field: Option<&str>) -> bool {
        false
    }

    fn is_plain_else(&self, node: Node<'_>, parent: Node<'_>, _field: Option<&str>) -> bool {
        node.kind() == "else" && matches!(parent.kind(), "if" | "elsif" | "unless")
    }

    fn is_each_loop(&self, node: Node<'_>) -> bool {
        node.kind() == "for"
    }

    fn imports<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<Imported> {
        if field(node, "receiver").is_some() {
            return Vec::new();
        }
        let argument =
            |at| field(node, "arguments").and_then(|list| named_children(list, 3).get(at).copied());
        let path = |at| argument(at).and_then(|path| required(path, src));
        let (specifier, deferred) = match field_text(node, "method", src) {
            Some("require" | "load") => (path(0), false),
            Some("require_relative") => (path(0).map(|path| format!("./{path}")), false),
            Some("autoload") => (path(1), true),
            _ => return Vec::new(),
        };
        // Blocks have no names: what is in them is mostly run at once.
        let kind = if deferred || around.in_named { ImportKind::Deferred } else { ImportKind::Static };
        let import = |specifier| Import {
            specifier,
            names: Vec::new(),
            within: String::new(),
            line: first_line(node),
            kind,
        };
        let imported = |specifier| Imported { import: Some(import(specifier)), names: Vec::new() };
        specifier.map(imported).into_iter().collect()
    }

    fn bindings<'t>(&self, node: Node<'t>, src: &'t str) -> Vec<Bound<'t>> {
        let (target, value) = match node.kind() {
            "for" => (field(node, "pattern"), None),
            // `a += b` gives neither the old nor the new value: the node itself stands for both.
            "operator_assignment" => (field(node, "left"), Some(node)),
            _ => (field(node, "left"), field(node, "right")),
        };
        let Some(target) = target else { return Vec::new() };
        match target.kind() {
            "identifier" | "constant" | "instance_variable" | "global_variable" => {
                vec![Bound { name: text(target, src), value, member: None }]
            }
            "left_assignment_list" => named_children(target, 64)
                .into_iter()
                .filter(|name| name.kind() == "identifier")
                .map(|name| Bound { name: text(name, src), value: None, member: None })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn assignment<'t>(&self, _node: Node<'t>, _src: &'t str) -> Option<(Node<'t>, Node<'t>)> {
        None
    }

    fn pair<'t>(&self, node: Node<'t>, src: &'t str) -> Option<(&'t str, Node<'t>)> {
        Some((field_text(node, "key", src)?.trim_matches([':', '"', '\'']), field(node, "value")?))
    }

    fn arguments<'t>(&self, arguments: Node<'t>, src: &'t str) -> Vec<Argument<'t>> {
        let parts = named_children(arguments, 16).into_iter();
        parts
            .filter_map(|part| match part.kind() {
                "pair" => self.pair(part, src).map(|(name, value)| Argument { name: Some(name), value }),
                "interpolation" => first_named(part).map(|value| Argument { name: None, value }),
                "block_argument" | "string_content" => None,
                _ => Some(Argument { name: None, value: part }),
            })
            .collect()
    }

    fn symbols<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<(Symbol, bool)> {
        let function = matches!(node.kind(), "method" | "singleton_method");
        let top = if function {
            around.parents.len() == 1
        } else {
            let spaces = ["program", "module", "class", "body_statement"];
            around.parents.iter().all(|parent| spaces.contains(&parent.kind()))
        };
        let Some(name) = field_text(node, "name", src).filter(|_| top) else { return Vec::new() };
        let kind = if function { SymbolKind::Function } else { SymbolKind::Type };
        let symbol = symbol(node, name, kind, true);
        let documented = around.comment.is_some_and(|comment| !is_magic(text(comment, src)));
        vec![(symbol, documented)]
    }

    fn is_empty_handler(&self, node: Node<'_>, src: &str) -> bool {
        // `rescue KeyError` says what it expects; only the handlers that swallow everything are meant.
        let everything = field_text(node, "exceptions", src)
            .is_none_or(|caught| matches!(caught, "StandardError" | "Exception"));
        node.kind() == "rescue"
            && everything
            && field(node, "body").and_then(first_named).is_none()
            && !text(node, src).contains('#')
    }
}

/// Whether a comment speaks to the interpreter or a linter.
fn is_magic(comment: &str) -> bool {
    let comment = comment.trim_start_matches(['#', ' ']);
    ["frozen_string_literal", "encoding", "coding", "rubocop:", "typed:", "-*-", "!/"]
        .iter()
        .any(|start| comment.starts_with(start))
}

/// The path that `require` is given, where it can be told; it begins with `./` where it counts from the file's folder.
fn required(node: Node<'_>, src: &str) -> Option<String> {
    if node.kind() != "call" {
        return match string(node, src) {
            Expr::Text(path) if node.kind() == "string" => Some(path.to_owned()),
            _ => None,
        };
    }
    // `File.expand_path("../name", __FILE__)` counts from the file as if it were a folder.
    let expands = field_text(node, "receiver", src) == Some("File")
        && field_text(node, "method", src) == Some("expand_path");
    let parts = field(node, "arguments").map(|list| named_children(list, 3)).filter(|_| expands)?;
    let [path, base] = parts.as_slice() else { return None };
    let path = required(*path, src)?;
    match text(*base, src) {
        "__FILE__" => path.strip_prefix("../").map(|path| format!("./{path}")),
        "__dir__" | "File.dirname(__FILE__)" => Some(format!("./{path}")),
        _ => None,
    }
}
