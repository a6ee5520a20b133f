//! Python.

use tree_sitter::Node;

use super::shapes::{call, choice, given_name, symbol};
use crate::syntax::language::{
    Adapter, Argument, Around, Bound, Expr, Imported, Language, Parameter, Role, field, field_text,
    first_line, first_named, named_children, text,
};
use crate::syntax::{Import, ImportKind, Symbol, SymbolKind};

const ROLES: &[(&str, Role)] = &[
    ("function_definition", Role::FUNCTION.with(Role::SYMBOL)),
    ("lambda", Role::FUNCTION.with(Role::LAMBDA)),
    ("if_statement", Role::IF),
    ("elif_clause", Role::ELSE_IF),
    ("else_clause", Role::ELSE),
    ("for_statement", Role::LOOP.with(Role::BIND)),
    ("while_statement", Role::LOOP),
    ("for_in_clause", Role::DECISION),
    ("if_clause", Role::DECISION),
    ("match_statement", Role::SWITCH),
    ("case_clause", Role::CASE),
    ("except_clause", Role::CATCH),
    ("conditional_expression", Role::TERNARY),
    ("boolean_operator", Role::BINARY),
    ("comparison_operator", Role::BINARY),
    ("call", Role::CALL),
    ("import_statement", Role::IMPORT),
    ("import_from_statement", Role::IMPORT),
    ("assignment", Role::BIND.with(Role::SYMBOL)),
    ("augmented_assignment", Role::BIND),
    ("named_expression", Role::BIND),
    ("as_pattern", Role::BIND),
    ("class_definition", Role::CLASS.with(Role::SYMBOL)),
    ("pair", Role::PAIR),
];

pub(super) fn language() -> Language {
    Language::new("Python", "Python", tree_sitter_python::LANGUAGE.into(), ROLES, &Python)
}

struct Python;

/// The literal text of a string and the values put into it.
fn string<'t>(node: Node<'t>, src: &'t str) -> Expr<'t> {
    let mut literal = String::new();
    let mut values = Vec::new();
    let mut plain = None;
    for part in named_children(node, 128) {
        match part.kind() {
            "string_content" => {
                literal.push_str(text(part, src));
                plain = Some(text(part, src));
            }
            "interpolation" => {
                literal.push('\0');
                values.extend(first_named(part));
            }
            _ => {}
        }
    }
    if values.is_empty() { Expr::Text(plain.unwrap_or_default()) } else { Expr::Format(literal, values) }
}

impl Adapter for Python {
    fn expr<'t>(&self, node: Node<'t>, src: &'t str) -> Expr<'t> {
        match node.kind() {
            "string" => string(node, src),
            "concatenated_string" => {
                Expr::Format("\0".repeat(node.named_child_count()), named_children(node, 64))
            }
            "integer" | "float" | "true" | "false" | "none" => Expr::Scalar(text(node, src)),
            "identifier" => Expr::Name(text(node, src)),
            "binary_operator" => binary(node, src),
            "call" => call(node, "function"),
            "attribute" => match (field(node, "object"), field_text(node, "attribute", src)) {
                (Some(object), Some(property)) => Expr::Member { object, property },
                _ => Expr::Other,
            },
            "subscript" => field(node, "value").map_or(Expr::Other, |object| Expr::Index { object }),
            "parenthesized_expression" | "await" | "as_pattern" => {
                first_named(node).map_or(Expr::Other, Expr::Wrap)
            }
            "named_expression" | "pair" => field(node, "value").map_or(Expr::Other, Expr::Wrap),
            "conditional_expression" => match named_children(node, 3).as_slice() {
                [one, _, other] => Expr::Choice(*one, *other),
                _ => Expr::Other,
            },
            "boolean_operator" => choice(field(node, "left"), field(node, "right")),
            "list" | "tuple" | "set" | "dictionary" => Expr::List(node),
            _ => Expr::Other,
        }
    }

    fn function_name<'t>(&self, node: Node<'t>, src: &'t str, parents: &[Node<'t>]) -> Option<String> {
        if let Some(name) = field_text(node, "name", src) {
            return Some(name.to_owned());
        }
        given_name(parents.last(), "assignment", "left", src).map(str::to_owned)
    }

    fn parameters<'t>(&self, node: Node<'t>, src: &'t str) -> (Vec<Parameter<'t>>, u32) {
        let Some(list) = field(node, "parameters") else { return (Vec::new(), 0) };
        let mut found = Vec::new();
        let mut count = 0;
        for (position, parameter) in named_children(list, 256).into_iter().enumerate() {
            let (name, kind, default) = match parameter.kind() {
                "identifier" => (Some(parameter), None, None),
                "default_parameter" | "typed_default_parameter" => {
                    (field(parameter, "name"), field(parameter, "type"), field(parameter, "value"))
                }
                "typed_parameter" => (first_named(parameter), field(parameter, "type"), None),
                "list_splat_pattern" | "dictionary_splat_pattern" => (first_named(parameter), None, None),
                _ => continue,
            };
            let Some(name) = name else { continue };
            let name = text(name, src);
            // The receiver is not something a caller thinks of.
            if !(position == 0 && matches!(name, "self" | "cls")) {
                count += 1;
            }
            found.push(Parameter { name, kind, default });
        }
        (found, count)
    }

    fn is_async(&self, node: Node<'_>, src: &str) -> bool {
        text(node, src).starts_with("async")
    }

    fn is_else_if(&self, _node: Node<'_>, _parent: Node<'_>, _field: Option<&str>) -> bool {
        false
    }

    fn is_plain_else(&self, node: Node<'_>, parent: Node<'_>, _field: Option<&str>) -> bool {
        node.kind() == "else_clause" && parent.kind() == "if_statement"
    }

    fn is_each_loop(&self, node: Node<'_>) -> bool {
        node.kind() == "for_statement"
    }

    fn imports<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<Imported> {
        let kind = import_kind(around.parents, src);
        let import = |specifier: &str, names: Vec<String>| {
            Some(Import {
                specifier: specifier.to_owned(),
                names,
                within: String::new(),
                line: first_line(node),
                kind,
            })
        };
        if node.kind() == "import_statement" {
            let modules = named_children(node, 64).into_iter().filter_map(|child| {
                let (name, alias) = match child.kind() {
                    "aliased_import" => (field_text(child, "name", src)?, field_text(child, "alias", src)),
                    _ => (text(child, src), None),
                };
                // `import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`.
                let local = alias.unwrap_or_else(|| name.split('.').next().unwrap_or(name));
                let path = if alias.is_some() { name } else { local };
                Some(Imported {
                    import: import(name, Vec::new()),
                    names: vec![(local.to_owned(), path.to_owned())],
                })
            });
            return modules.collect();
        }
        let Some(module) = field_text(node, "module_name", src) else { return Vec::new() };
        let mut names = Vec::new();
        let mut bound = Vec::new();
        let mut cursor = node.walk();
        for child in node.children_by_field_name("name", &mut cursor).take(256) {
            let (name, alias) = match child.kind() {
                "aliased_import" => (field_text(child, "name", src), field_text(child, "alias", src)),
                _ => (Some(text(child, src)), None),
            };
            let Some(name) = name else { continue };
            bound.push((alias.unwrap_or(name).to_owned(), format!("{module}.{name}")));
            names.push(name.to_owned());
        }
        vec![Imported { import: import(module, names), names: bound }]
    }

    fn bindings<'t>(&self, node: Node<'t>, src: &'t str) -> Vec<Bound<'t>> {
        let (target, value) = match node.kind() {
            "for_statement" => (field(node, "left"), None),
            "named_expression" => (field(node, "name"), field(node, "value")),
            "as_pattern" => (field(node, "alias").and_then(first_named), first_named(node)),
            "augmented_assignment" => (field(node, "left"), Some(node)),
            _ => (field(node, "left"), field(node, "right")),
        };
        let Some(target) = target else { return Vec::new() };
        match target.kind() {
            "identifier" => vec![Bound { name: text(target, src), value, member: None }],
            "pattern_list" | "tuple_pattern" | "list_pattern" => named_children(target, 64)
                .into_iter()
                .filter(|name| name.kind() == "identifier")
                .map(|name| Bound { name: text(name, src), value: None, member: None })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn assignment<'t>(&self, node: Node<'t>, _src: &'t str) -> Option<(Node<'t>, Node<'t>)> {
        let target = field(node, "left")
            .filter(|target| matches!(target.kind(), "attribute" | "subscript" | "identifier"))?;
        Some((target, field(node, "right")?))
    }

    fn pair<'t>(&self, node: Node<'t>, src: &'t str) -> Option<(&'t str, Node<'t>)> {
        Some((field_text(node, "key", src)?.trim_matches(['"', '\'']), field(node, "value")?))
    }

    fn arguments<'t>(&self, arguments: Node<'t>, src: &'t str) -> Vec<Argument<'t>> {
        if arguments.kind() != "argument_list" {
            return Vec::new();
        }
        let arguments = named_children(arguments, 32).into_iter();
        arguments
            .filter_map(|argument| match argument.kind() {
                "keyword_argument" => Some(Argument {
                    name: field_text(argument, "name", src),
                    value: field(argument, "value")?,
                }),
                _ => Some(Argument { name: None, value: argument }),
            })
            .collect()
    }

    fn symbols<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<(Symbol, bool)> {
        let top = match around.parents {
            [_] => true,
            [_, outer] => matches!(outer.kind(), "decorated_definition" | "expression_statement"),
            _ => false,
        };
        let (name, kind) = match node.kind() {
            "function_definition" => (field(node, "name"), SymbolKind::Function),
            "class_definition" => (field(node, "name"), SymbolKind::Type),
            _ => (field(node, "left").filter(|left| left.kind() == "identifier"), SymbolKind::Value),
        };
        let Some(name) = name.filter(|_| top) else { return Vec::new() };
        let name = text(name, src);
        let symbol = symbol(node, name, kind, !name.starts_with('_'));
        vec![(symbol, has_docstring(node))]
    }

    fn is_empty_handler(&self, node: Node<'_>, src: &str) -> bool {
        // `except KeyError: pass` says what it expects; only the handlers that swallow everything are meant.
        let Some(body) = named_children(node, 8).into_iter().find(|child| child.kind() == "block") else {
            return false;
        };
        let mut cursor = node.walk();
        let commented = node.children(&mut cursor).any(|child| child.kind() == "comment")
            || text(body, src).contains('#')
            || text(node, src).lines().next().is_some_and(|line| line.contains('#'));
        let nothing = named_children(body, 2);
        let only_pass = matches!(nothing.as_slice(), [only] if only.kind() == "pass_statement" || text(*only, src) == "...");
        only_pass && !commented && catches_everything(node, src)
    }

    fn is_default_case(&self, node: Node<'_>, src: &str) -> bool {
        first_named(node).is_some_and(|pattern| text(pattern, src) == "_")
    }
}

/// `except:`, `except Exception:` and `except BaseException:`, also with `as name`.
fn catches_everything(node: Node<'_>, src: &str) -> bool {
    let caught = named_children(node, 8).into_iter().find(|child| child.kind() != "block");
    caught.is_none_or(|caught| {
        let name = text(caught, src).split_whitespace().next().unwrap_or_default();
        matches!(name, "Exception" | "BaseException")
    })
}

fn has_docstring(node: Node<'_>) -> bool {
    let first = field(node, "body").and_then(first_named);
    first
        .filter(|first| first.kind() == "expression_statement")
        .and_then(first_named)
        .is_some_and(|value| matches!(value.kind(), "string" | "concatenated_string"))
}

fn import_kind(parents: &[Node<'_>], src: &str) -> ImportKind {
    let mut kind = ImportKind::Static;
    for parent in parents {
        match parent.kind() {
            "function_definition" => kind = ImportKind::Deferred,
            "if_statement" => {
                let condition = field_text(*parent, "condition", src).unwrap_or_default();
                // `typing` goes by many names: `import typing as t` is usual.
                if condition.rsplit('.').next() == Some("TYPE_CHECKING") {
                    return ImportKind::Types;
                }
            }
            _ => {}
        }
    }
    kind
}

fn binary<'t>(node: Node<'t>, src: &'t str) -> Expr<'t> {
    let (Some(left), Some(right)) = (field(node, "left"), field(node, "right")) else { return Expr::Other };
    match field_text(node, "operator", src) {
        Some("+") => Expr::Concat(left, right),
        Some("%") if matches!(left.kind(), "string" | "concatenated_string") => {
            let literal = match string(left, src) {
                Expr::Text(literal) => format!("{literal}\0"),
                Expr::Format(literal, _) => literal,
                _ => "\0".to_owned(),
            };
            let values = if right.kind() == "tuple" { named_children(right, 32) } else { vec![right] };
            Expr::Format(literal, values)
        }
        _ => Expr::Other,
    }
}
