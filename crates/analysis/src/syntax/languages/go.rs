//! Go.

use tree_sitter::Node;

use super::shapes::call;
use crate::syntax::language::{
    Adapter, Argument, Around, Bound, Expr, Imported, Language, Parameter, Role, field, field_text,
    first_line, first_named, last_line, named_children, text,
};
use crate::syntax::{Import, ImportKind, Symbol, SymbolKind};

const ROLES: &[(&str, Role)] = &[
    ("function_declaration", Role::FUNCTION.with(Role::SYMBOL)),
    ("method_declaration", Role::FUNCTION.with(Role::SYMBOL)),
    ("func_literal", Role::FUNCTION.with(Role::LAMBDA)),
    ("if_statement", Role::IF),
    ("for_statement", Role::LOOP),
    ("expression_switch_statement", Role::SWITCH),
    ("type_switch_statement", Role::SWITCH),
    ("select_statement", Role::SWITCH),
    ("expression_case", Role::CASE),
    ("type_case", Role::CASE),
    ("communication_case", Role::CASE),
    ("binary_expression", Role::BINARY),
    ("break_statement", Role::JUMP),
    ("continue_statement", Role::JUMP),
    ("goto_statement", Role::JUMP),
    ("call_expression", Role::CALL),
    ("import_spec", Role::IMPORT),
    ("short_var_declaration", Role::BIND),
    ("var_spec", Role::BIND),
    ("const_spec", Role::BIND),
    ("assignment_statement", Role::BIND),
    ("range_clause", Role::BIND),
    ("keyed_element", Role::PAIR),
    ("type_spec", Role::SYMBOL),
    ("type_alias", Role::SYMBOL),
    ("const_declaration", Role::SYMBOL),
    ("var_declaration", Role::SYMBOL),
    ("selector_expression", Role::SELECT),
    ("qualified_type", Role::SELECT),
    ("comment", Role::COMMENT),
];

pub(super) fn language() -> Language {
    Language::new("Go", "Go", tree_sitter_go::LANGUAGE.into(), ROLES, &Go)
}

struct Go;

fn unquoted<'t>(node: Node<'_>, src: &'t str) -> &'t str {
    let whole = text(node, src);
    whole.get(1..whole.len().saturating_sub(1)).unwrap_or_default()
}

/// The name a package is used by when the import does not rename it: the last segment of its path, without a
/// major version (`/v2`, `.v3`) and without the usual decorations of repository names.
fn package_name(path: &str) -> &str {
    let is_version = |segment: &str| {
        segment
            .strip_prefix('v')
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    };
    let mut segments = path.rsplit('/');
    let mut last = segments.next().unwrap_or(path);
    if is_version(last) {
        last = segments.next().unwrap_or(last);
    }
    if let Some((name, version)) = last.rsplit_once('.')
        && is_version(version)
    {
        last = name;
    }
    let last = last.strip_prefix("go-").unwrap_or(last);
    last.strip_suffix("-go").unwrap_or(last)
}

impl Adapter for Go {
    fn expr<'t>(&self, node: Node<'t>, src: &'t str) -> Expr<'t> {
        match node.kind() {
            "interpreted_string_literal" | "raw_string_literal" => Expr::Text(unquoted(node, src)),
            "int_literal" | "float_literal" | "imaginary_literal" | "rune_literal" | "true" | "false"
            | "nil" | "iota" => Expr::Scalar(text(node, src)),
            "identifier" | "package_identifier" | "type_identifier" => Expr::Name(text(node, src)),
            "binary_expression" => match (field(node, "left"), field(node, "right")) {
                (Some(left), Some(right)) if field_text(node, "operator", src) == Some("+") => {
                    Expr::Concat(left, right)
                }
                _ => Expr::Other,
            },
            "call_expression" => call(node, "function"),
            "composite_literal" => field(node, "type")
                .map_or(Expr::Other, |callee| Expr::Call { callee, arguments: field(node, "body") }),
            "selector_expression" => match (field(node, "operand"), field_text(node, "field", src)) {
                (Some(object), Some(property)) => Expr::Member { object, property },
                _ => Expr::Other,
            },
            "qualified_type" => match (field(node, "package"), field_text(node, "name", src)) {
                (Some(object), Some(property)) => Expr::Member { object, property },
                _ => Expr::Other,
            },
            "index_expression" => field(node, "operand").map_or(Expr::Other, |object| Expr::Index { object }),
            "unary_expression" | "type_conversion_expression" | "type_assertion_expression" => {
                field(node, "operand").map_or(Expr::Other, Expr::Wrap)
            }
            "parenthesized_expression" | "pointer_type" | "expression_list" => {
                first_named(node).map_or(Expr::Other, Expr::Wrap)
            }
            _ => Expr::Other,
        }
    }

    fn function_name<'t>(&self, node: Node<'t>, src: &'t str, parents: &[Node<'t>]) -> Option<String> {
        if let Some(name) = field_text(node, "name", src) {
            let receiver =
                field(node, "receiver").and_then(first_named).and_then(|one| field_text(one, "type", src));
            let receiver = receiver.map(|kind| {
                let kind = kind.trim_start_matches('*');
                kind.split('[').next().unwrap_or(kind)
            });
            return Some(receiver.map_or_else(|| name.to_owned(), |receiver| format!("{receiver}.{name}")));
        }
        let [.., statement, list] = parents else { return None };
        (list.kind() == "expression_list" && list.named_child_count() == 1).then_some(())?;
        let left = match statement.kind() {
            "short_var_declaration" | "assignment_statement" => field(*statement, "left"),
            "var_spec" => field(*statement, "name"),
            _ => None,
        }?;
        Some(text(left, src)).filter(|name| name.len() <= 80).map(str::to_owned)
    }

    fn parameters<'t>(&self, node: Node<'t>, src: &'t str) -> (Vec<Parameter<'t>>, u32) {
        let Some(list) = field(node, "parameters") else { return (Vec::new(), 0) };
        let mut found = Vec::new();
        let mut count = 0;
        for declaration in named_children(list, 256) {
            let kind = field(declaration, "type");
            let mut cursor = declaration.walk();
            let before = found.len();
            for name in declaration.children_by_field_name("name", &mut cursor).take(64) {
                found.push(Parameter { name: text(name, src), kind, default: None });
            }
            count += u32::try_from((found.len() - before).max(1)).unwrap_or(u32::MAX);
        }
        (found, count)
    }

    fn is_plain_else(&self, node: Node<'_>, parent: Node<'_>, field: Option<&str>) -> bool {
        node.kind() == "block" && parent.kind() == "if_statement" && field == Some("alternative")
    }

    fn is_each_loop(&self, node: Node<'_>) -> bool {
        // `for {` and `for condition {` wait for something; the others count or range.
        first_named(node).is_some_and(|head| match head.kind() {
            "range_clause" => true,
            "for_clause" => field(head, "condition").is_some(),
            _ => false,
        })
    }

    fn class_name(&self, _node: Node<'_>, _src: &str) -> Option<String> {
        None
    }

    fn imports<'t>(&self, node: Node<'t>, src: &'t str, _around: &Around<'_, 't>) -> Vec<Imported> {
        let Some(path) = field(node, "path").map(|path| unquoted(path, src)) else { return Vec::new() };
        let import = Import {
            specifier: path.to_owned(),
            names: Vec::new(),
            within: String::new(),
            line: first_line(node),
            kind: ImportKind::Static,
        };
        let local = field_text(node, "name", src).unwrap_or_else(|| package_name(path));
        let names = match local {
            "_" | "." => Vec::new(),
            local => vec![(local.to_owned(), path.to_owned())],
        };
        vec![Imported { import: Some(import), names }]
    }

    fn bindings<'t>(&self, node: Node<'t>, src: &'t str) -> Vec<Bound<'t>> {
        let (targets, values) = match node.kind() {
            "var_spec" | "const_spec" => {
                let mut cursor = node.walk();
                let names = node
                    .children_by_field_name("name", &mut cursor)
                    .filter(Node::is_named)
                    .take(64)
                    .collect();
                (names, field(node, "value"))
            }
            "range_clause" => {
                (field(node, "left").map_or_else(Vec::new, |left| named_children(left, 64)), None)
            }
            _ => (
                field(node, "left").map_or_else(Vec::new, |left| named_children(left, 64)),
                field(node, "right"),
            ),
        };
        let values = values.map_or_else(Vec::new, |values| named_children(values, 64));
        let compound = node.kind() == "assignment_statement"
            && !matches!(field_text(node, "operator", src), Some("=" | ":=") | None);
        targets
            .iter()
            .enumerate()
            .filter(|(_, target)| target.kind() == "identifier")
            .map(|(position, target)| {
                // `a, err := f()`: the first name is as good as the call for following it.
                let value = match (compound, values.as_slice()) {
                    (true, _) => Some(node),
                    (false, [only]) if position == 0 => Some(*only),
                    (false, many) if many.len() == targets.len() => many.get(position).copied(),
                    _ => None,
                };
                Bound { name: text(*target, src), value, member: None }
            })
            .collect()
    }

    fn assignment<'t>(&self, node: Node<'t>, _src: &'t str) -> Option<(Node<'t>, Node<'t>)> {
        let target =
            first_named(field(node, "left")?).filter(|target| target.kind() == "selector_expression")?;
        Some((target, first_named(field(node, "right")?)?))
    }

    fn pair<'t>(&self, node: Node<'t>, src: &'t str) -> Option<(&'t str, Node<'t>)> {
        match named_children(node, 2).as_slice() {
            [key, value] => Some((text(*key, src), first_named(*value)?)),
            _ => None,
        }
    }

    fn arguments<'t>(&self, arguments: Node<'t>, _src: &'t str) -> Vec<Argument<'t>> {
        if arguments.kind() != "argument_list" {
            return Vec::new();
        }
        named_children(arguments, 16).into_iter().map(|value| Argument { name: None, value }).collect()
    }

    fn symbols<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<(Symbol, bool)> {
        let documented = around.comment.is_some();
        let symbol = |name: Node<'_>, kind, lines: Node<'_>| {
            let name = text(name, src);
            let public = name.chars().next().is_some_and(char::is_uppercase);
            let symbol = Symbol {
                name: name.to_owned(),
                kind,
                public,
                start: first_line(lines),
                end: last_line(lines),
            };
            (symbol, documented)
        };
        match (node.kind(), around.parents) {
            ("function_declaration" | "method_declaration", [_]) => {
                field(node, "name").map(|name| symbol(name, SymbolKind::Function, node)).into_iter().collect()
            }
            ("type_spec" | "type_alias", [_, _]) => {
                field(node, "name").map(|name| symbol(name, SymbolKind::Type, node)).into_iter().collect()
            }
            ("const_declaration" | "var_declaration", [_]) => {
                let specs = named_children(node, 512).into_iter().flat_map(|spec| {
                    if spec.kind() == "var_spec_list" { named_children(spec, 512) } else { vec![spec] }
                });
                specs
                    .filter_map(|spec| field(spec, "name"))
                    .map(|name| symbol(name, SymbolKind::Value, name))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    fn is_empty_handler(&self, _node: Node<'_>, _src: &str) -> bool {
        false
    }

    fn has_types(&self) -> bool {
        true
    }

    fn package(&self, root: Node<'_>, src: &str) -> Option<String> {
        let clause = named_children(root, 8).into_iter().find(|child| child.kind() == "package_clause")?;
        first_named(clause).map(|name| text(name, src).to_owned())
    }
}
