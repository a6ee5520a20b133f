//! PHP.

mod roles;

use tree_sitter::Node;

use super::shapes::{call, choice, counted, given_name, named_arguments, symbol};
use crate::syntax::language::{
    Adapter, Argument, Around, Bound, Expr, Imported, Language, Parameter, Place, field, field_text,
    first_line, first_named, named_children, text,
};
use crate::syntax::{Import, ImportKind, Symbol, SymbolKind};
use roles::ROLES;

pub(super) fn language() -> Language {
    Language::new("PHP", "PHP", tree_sitter_php::LANGUAGE_PHP.into(), ROLES, &Php)
}

struct Php;

/// The literal text of a string and the values put into it.
fn string<'t>(node: Node<'t>, src: &'t str) -> Expr<'t> {
    let parts = named_children(node, 128);
    let is_text =
        |part: &Node<'_>| matches!(part.kind(), "string_content" | "escape_sequence" | "nowdoc_string");
    if parts.iter().all(is_text) {
        let whole = match (parts.first(), parts.last()) {
            (Some(first), Some(last)) => src.get(first.start_byte()..last.end_byte()).unwrap_or_default(),
            _ => "",
        };
        return Expr::Text(whole);
    }
    let mut literal = String::new();
    let mut values = Vec::new();
    for part in parts {
        if is_text(&part) {
            literal.push_str(text(part, src));
        } else {
            literal.push('\0');
            values.push(part);
        }
    }
    Expr::Format(literal, values)
}

/// The name of a member, where it is written as one.
fn member_name<'t>(node: Node<'t>, src: &'t str) -> Option<&'t str> {
    let name = field(node, "name")?;
    match name.kind() {
        "name" => Some(text(name, src)),
        "variable_name" => Some(text(name, src).trim_start_matches('$')),
        _ => None,
    }
}

fn method<'t>(node: Node<'t>, object: &str, src: &'t str) -> Expr<'t> {
    let Some(name) = member_name(node, src) else { return Expr::Other };
    Expr::Method { object: field(node, object), name, arguments: field(node, "arguments") }
}

/// What the language itself does with a value: it looks like a call without parentheses.
fn intrinsic(node: Node<'_>) -> Expr<'_> {
    let name = match node.kind() {
        "echo_statement" => "echo",
        "print_intrinsic" => "print",
        "exit_statement" => "exit",
        "shell_command_expression" => "shell_exec",
        "include_expression" | "include_once_expression" => "include",
        _ => "require",
    };
    Expr::Method { object: None, name, arguments: Some(node) }
}

impl Adapter for Php {
    fn expr<'t>(&self, node: Node<'t>, src: &'t str) -> Expr<'t> {
        match node.kind() {
            "string" | "encapsed_string" => string(node, src),
            "heredoc" | "nowdoc" => field(node, "value")
                .or_else(|| named_children(node, 4).into_iter().find(|part| part.kind().ends_with("_body")))
                .map_or(Expr::Text(""), |body| string(body, src)),
            "integer" | "float" | "boolean" | "null" => Expr::Scalar(text(node, src)),
            "name" | "variable_name" | "relative_scope" => Expr::Name(text(node, src)),
            "qualified_name" => {
                Expr::Path(text(node, src).split('\\').filter(|part| !part.is_empty()).take(16).collect())
            }
            "binary_expression" => match (field(node, "left"), field(node, "right")) {
                (Some(left), Some(right)) => match field_text(node, "operator", src) {
                    Some(".") => Expr::Concat(left, right),
                    Some("??") => Expr::Choice(left, right),
                    _ => Expr::Other,
                },
                _ => Expr::Other,
            },
            "function_call_expression" => call(node, "function"),
            "member_call_expression" | "nullsafe_member_call_expression" => method(node, "object", src),
            "scoped_call_expression" => method(node, "scope", src),
            "object_creation_expression" => {
                let parts = named_children(node, 4);
                let arguments = parts.iter().find(|part| part.kind() == "arguments").copied();
                parts.first().map_or(Expr::Other, |callee| Expr::Call { callee: *callee, arguments })
            }
            "echo_statement"
            | "print_intrinsic"
            | "exit_statement"
            | "shell_command_expression"
            | "include_expression"
            | "include_once_expression"
            | "require_expression"
            | "require_once_expression" => intrinsic(node),
            "member_access_expression" | "nullsafe_member_access_expression" => {
                match (field(node, "object"), member_name(node, src)) {
                    (Some(object), Some(property)) => Expr::Member { object, property },
                    _ => Expr::Other,
                }
            }
            "scoped_property_access_expression" => match (field(node, "scope"), member_name(node, src)) {
                (Some(object), Some(property)) => Expr::Member { object, property },
                _ => Expr::Other,
            },
            "class_constant_access_expression" => match named_children(node, 2).as_slice() {
                [object, name] => Expr::Member { object: *object, property: text(*name, src) },
                _ => Expr::Other,
            },
            "subscript_expression" => first_named(node).map_or(Expr::Other, |object| Expr::Index { object }),
            "named_type"
            | "optional_type"
            | "parenthesized_expression"
            | "error_suppression_expression"
            | "clone_expression"
            | "argument"
            | "by_ref"
            | "reference_assignment_expression" => first_named(node).map_or(Expr::Other, Expr::Wrap),
            "cast_expression" => cast(node, src),
            "assignment_expression" => field(node, "right").map_or(Expr::Other, Expr::Wrap),
            "conditional_expression" => {
                // `a ?: b` gives a itself.
                let one = field(node, "body").or_else(|| field(node, "condition"));
                choice(one, field(node, "alternative"))
            }
            "array_creation_expression" => Expr::List(node),
            "array_element_initializer" => {
                named_children(node, 2).last().map_or(Expr::Other, |value| Expr::Wrap(*value))
            }
            _ => Expr::Other,
        }
    }

    fn function_name<'t>(&self, node: Node<'t>, src: &'t str, parents: &[Node<'t>]) -> Option<String> {
        if let Some(name) = field_text(node, "name", src) {
            return Some(name.to_owned());
        }
        let name = given_name(parents.last(), "assignment_expression", "left", src)?;
        Some(name.trim_start_matches('$').to_owned())
    }

    fn parameters<'t>(&self, node: Node<'t>, src: &'t str) -> (Vec<Parameter<'t>>, u32) {
        let Some(list) = field(node, "parameters") else { return (Vec::new(), 0) };
        let found: Vec<_> = named_children(list, 256)
            .into_iter()
            .filter_map(|parameter| {
                Some(Parameter {
                    name: field_text(parameter, "name", src)?,
                    kind: field(parameter, "type"),
                    default: field(parameter, "default_value"),
                })
            })
            .collect();
        counted(found)
    }

    fn is_defined(&self, node: Node<'_>, _src: &str) -> bool {
        field(node, "body").is_some()
    }

    fn is_else_if(&self, node: Node<'_>, parent: Node<'_>, _field: Option<&str>) -> bool {
        node.kind() == "if_statement" && parent.kind() == "else_clause"
    }

    fn is_plain_else(&self, node: Node<'_>, parent: Node<'_>, _field: Option<&str>) -> bool {
        node.kind() == "else_clause"
            && parent.kind() == "if_statement"
            && field(node, "body").is_none_or(|body| body.kind() != "if_statement")
    }

    fn is_each_loop(&self, node: Node<'_>) -> bool {
        matches!(node.kind(), "for_statement" | "foreach_statement")
    }

    fn marks_test(&self, attribute: Node<'_>, src: &str) -> bool {
        first_named(attribute).is_some_and(|name| text(name, src).rsplit('\\').next() == Some("Test"))
    }

    fn imports<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<Imported> {
        let import = |specifier: String, names: Vec<String>, kind| Import {
            specifier,
            names,
            within: String::new(),
            line: first_line(node),
            kind,
        };
        if node.kind() != "namespace_use_declaration" {
            let Some(path) = first_named(node).and_then(|path| included(path, src)) else {
                return Vec::new();
            };
            let kind = if around.in_function { ImportKind::Deferred } else { ImportKind::Static };
            return vec![Imported { import: Some(import(path, Vec::new(), kind)), names: Vec::new() }];
        }
        let parts = named_children(node, 64);
        let prefix = parts.iter().find(|part| part.kind() == "namespace_name").map(|part| text(*part, src));
        let clauses: Vec<Node<'t>> = match field(node, "body") {
            Some(group) => named_children(group, 256),
            None => parts,
        };
        let clauses = clauses.into_iter().filter(|clause| clause.kind() == "namespace_use_clause");
        clauses
            .filter_map(|clause| {
                let alias = field(clause, "alias");
                let name = named_children(clause, 4).into_iter().find(|part| Some(*part) != alias)?;
                let name = text(name, src).trim_start_matches('\\');
                let full = prefix.map_or_else(|| name.to_owned(), |prefix| format!("{prefix}\\{name}"));
                let local =
                    alias.map_or_else(|| name.rsplit('\\').next().unwrap_or(name), |alias| text(alias, src));
                let path = full.replace('\\', ".");
                let import = import(full, vec![local.to_owned()], ImportKind::Static);
                Some(Imported { import: Some(import), names: vec![(local.to_owned(), path)] })
            })
            .collect()
    }

    fn bindings<'t>(&self, node: Node<'t>, src: &'t str) -> Vec<Bound<'t>> {
        if node.kind() == "foreach_statement" {
            let parts = named_children(node, 3).into_iter().skip(1);
            let names = parts.flat_map(|part| match part.kind() {
                "pair" => named_children(part, 2),
                _ => vec![part],
            });
            return names
                .filter(|name| name.kind() == "variable_name")
                .map(|name| Bound { name: text(name, src), value: None, member: None })
                .collect();
        }
        let Some(target) = field(node, "left") else { return Vec::new() };
        let value = if node.kind().starts_with("augmented") { Some(node) } else { field(node, "right") };
        match target.kind() {
            "variable_name" => vec![Bound { name: text(target, src), value, member: None }],
            "list_literal" => named_children(target, 64)
                .into_iter()
                .filter(|name| name.kind() == "variable_name")
                .map(|name| Bound { name: text(name, src), value: None, member: None })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn assignment<'t>(&self, node: Node<'t>, _src: &'t str) -> Option<(Node<'t>, Node<'t>)> {
        let target = field(node, "left").filter(|target| {
            matches!(
                target.kind(),
                "member_access_expression"
                    | "scoped_property_access_expression"
                    | "variable_name"
                    | "subscript_expression"
            )
        })?;
        Some((target, field(node, "right")?))
    }

    fn pair<'t>(&self, node: Node<'t>, src: &'t str) -> Option<(&'t str, Node<'t>)> {
        match named_children(node, 2).as_slice() {
            [key, value] => Some((text(*key, src).trim_matches(['"', '\'']), *value)),
            _ => None,
        }
    }

    fn arguments<'t>(&self, arguments: Node<'t>, src: &'t str) -> Vec<Argument<'t>> {
        let values = named_children(arguments, 16).into_iter();
        match arguments.kind() {
            "arguments" => named_arguments(arguments, src),
            // What the language itself is given; `echo a, b` is given a sequence.
            "shell_command_expression" => {
                values.filter(|part| part.kind() != "string_content").map(plain_argument).collect()
            }
            _ => values
                .flat_map(|value| match value.kind() {
                    "sequence_expression" => named_children(value, 16),
                    _ => vec![value],
                })
                .map(plain_argument)
                .collect(),
        }
    }

    fn symbols<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<(Symbol, bool)> {
        let top = around.parents.iter().all(|parent| {
            matches!(
                parent.kind(),
                "program" | "namespace_definition" | "compound_statement" | "if_statement"
            )
        });
        let Some(name) = field_text(node, "name", src).filter(|_| top) else { return Vec::new() };
        let function = node.kind() == "function_definition";
        let kind = if function { SymbolKind::Function } else { SymbolKind::Type };
        let symbol = symbol(node, name, kind, true);
        vec![(symbol, around.comment.is_some_and(|comment| text(comment, src).starts_with("/**")))]
    }

    fn is_empty_handler(&self, node: Node<'_>, src: &str) -> bool {
        let everything = field_text(node, "type", src)
            .is_some_and(|kind| matches!(kind.trim_start_matches('\\'), "Exception" | "Throwable"));
        everything && field(node, "body").is_some_and(|body| body.named_child_count() == 0)
    }

    fn refers_by_name(&self) -> bool {
        true
    }

    fn used<'t>(&self, node: Node<'t>, src: &'t str, (parent, field): Place<'_, 't>) -> Option<&'t str> {
        let position = match (parent.kind(), field) {
            (
                "named_type" | "base_clause" | "class_interface_clause" | "use_declaration" | "attribute",
                _,
            )
            | ("object_creation_expression", None)
            | ("scoped_call_expression" | "scoped_property_access_expression", Some("scope"))
            | ("binary_expression", Some("right"))
            | ("function_call_expression", Some("function")) => true,
            // The first of the two: what follows `::` is a constant.
            ("class_constant_access_expression", _) => parent.start_byte() == node.start_byte(),
            _ => false,
        };
        position.then(|| text(node, src))
    }
}

fn plain_argument(value: Node<'_>) -> Argument<'_> {
    Argument { name: None, value }
}

/// A cast to a number makes text harmless; others keep the value.
fn cast<'t>(node: Node<'t>, src: &'t str) -> Expr<'t> {
    let kind = field_text(node, "type", src).unwrap_or_default();
    match kind.trim() {
        "int" | "integer" | "bool" | "boolean" | "float" | "double" | "real" => Expr::Scalar("0"),
        _ => field(node, "value").map_or(Expr::Other, Expr::Wrap),
    }
}

/// The path that an `include` names, where it can be told: it begins with `./` where it counts from the file's
/// own folder.
fn included(node: Node<'_>, src: &str) -> Option<String> {
    match node.kind() {
        "parenthesized_expression" => included(first_named(node)?, src),
        "string" | "encapsed_string" => match string(node, src) {
            Expr::Text(path) => Some(path.to_owned()),
            _ => None,
        },
        "binary_expression" => {
            let left = field_text(node, "left", src)?;
            let left: String = left.split_whitespace().collect();
            let base = match left.as_str() {
                "__DIR__" | "dirname(__FILE__)" => ".",
                "dirname(__DIR__)" | "dirname(dirname(__FILE__))" => "./..",
                _ => return None,
            };
            let Expr::Text(rest) = string(field(node, "right")?, src) else { return None };
            Some(format!("{base}/{}", rest.trim_start_matches('/')))
        }
        _ => None,
    }
}
