//! Java.

use tree_sitter::Node;

use super::shapes::{call, choice, counted, given_name, symbol};
use crate::syntax::language::{
    Adapter, Argument, Around, Bound, Expr, Imported, Language, Parameter, Place, Role, field, field_text,
    first_line, first_named, named_children, text,
};
use crate::syntax::{Import, ImportKind, Symbol, SymbolKind};

const TYPE: Role = Role::CLASS.with(Role::SYMBOL);

const ROLES: &[(&str, Role)] = &[
    ("method_declaration", Role::FUNCTION),
    ("constructor_declaration", Role::FUNCTION),
    ("compact_constructor_declaration", Role::FUNCTION),
    ("lambda_expression", Role::FUNCTION.with(Role::LAMBDA)),
    ("if_statement", Role::IF),
    ("for_statement", Role::LOOP),
    ("enhanced_for_statement", Role::LOOP.with(Role::BIND)),
    ("while_statement", Role::LOOP),
    ("do_statement", Role::LOOP),
    ("switch_expression", Role::SWITCH),
    ("switch_block_statement_group", Role::CASE),
    ("switch_rule", Role::CASE),
    ("catch_clause", Role::CATCH),
    ("ternary_expression", Role::TERNARY),
    ("binary_expression", Role::BINARY),
    ("break_statement", Role::JUMP),
    ("continue_statement", Role::JUMP),
    ("method_invocation", Role::CALL),
    ("object_creation_expression", Role::CALL),
    ("import_declaration", Role::IMPORT),
    ("variable_declarator", Role::BIND),
    ("assignment_expression", Role::BIND),
    ("resource", Role::BIND),
    ("class_declaration", TYPE),
    ("interface_declaration", TYPE),
    ("enum_declaration", TYPE),
    ("record_declaration", TYPE),
    ("annotation_type_declaration", TYPE),
    ("element_value_pair", Role::PAIR),
    ("marker_annotation", Role::ATTRIBUTE),
    ("annotation", Role::ATTRIBUTE),
    ("type_identifier", Role::USE),
    ("scoped_type_identifier", Role::USE),
    ("identifier", Role::USE),
    ("field_access", Role::USE),
    ("line_comment", Role::COMMENT),
    ("block_comment", Role::COMMENT),
];

pub(super) fn language() -> Language {
    Language::new("Java", "Java", tree_sitter_java::LANGUAGE.into(), ROLES, &Java)
}

struct Java;

/// The content of a string literal: without escapes and interpolation a slice of the text.
fn string<'t>(node: Node<'t>, src: &'t str) -> &'t str {
    let whole = text(node, src);
    let quote = if whole.starts_with("\"\"\"") { 3 } else { 1 };
    whole.get(quote..whole.len().saturating_sub(quote)).unwrap_or_default()
}

/// The text of a type without its arguments.
fn plain<'t>(node: Node<'t>, src: &'t str) -> &'t str {
    let whole = text(node, src);
    whole.split('<').next().unwrap_or(whole).trim()
}

fn modifiers<'t>(node: Node<'t>, src: &'t str) -> &'t str {
    let found = named_children(node, 4).into_iter().find(|child| child.kind() == "modifiers");
    found.map_or("", |found| text(found, src))
}

impl Adapter for Java {
    fn expr<'t>(&self, node: Node<'t>, src: &'t str) -> Expr<'t> {
        match node.kind() {
            "string_literal" => Expr::Text(string(node, src)),
            "decimal_integer_literal"
            | "hex_integer_literal"
            | "octal_integer_literal"
            | "binary_integer_literal"
            | "decimal_floating_point_literal"
            | "hex_floating_point_literal"
            | "character_literal"
            | "true"
            | "false"
            | "null_literal"
            | "class_literal" => Expr::Scalar(text(node, src)),
            "identifier" | "type_identifier" | "this" | "super" => Expr::Name(text(node, src)),
            "scoped_type_identifier" | "scoped_identifier" => {
                Expr::Path(plain(node, src).split('.').map(str::trim).take(16).collect())
            }
            "binary_expression" => match (field(node, "left"), field(node, "right")) {
                (Some(left), Some(right)) if field_text(node, "operator", src) == Some("+") => {
                    Expr::Concat(left, right)
                }
                _ => Expr::Other,
            },
            // A method's name stands beside its object, not in a member of its own.
            "method_invocation" => field_text(node, "name", src).map_or(Expr::Other, |name| Expr::Method {
                object: field(node, "object"),
                name,
                arguments: field(node, "arguments"),
            }),
            "object_creation_expression" => call(node, "type"),
            "field_access" => match (field(node, "object"), field_text(node, "field", src)) {
                (Some(object), Some(property)) => Expr::Member { object, property },
                _ => Expr::Other,
            },
            "array_access" => field(node, "array").map_or(Expr::Other, |object| Expr::Index { object }),
            "parenthesized_expression" | "generic_type" | "array_type" => {
                first_named(node).map_or(Expr::Other, Expr::Wrap)
            }
            "cast_expression" => field(node, "value").map_or(Expr::Other, Expr::Wrap),
            "assignment_expression" => field(node, "right").map_or(Expr::Other, Expr::Wrap),
            "ternary_expression" => choice(field(node, "consequence"), field(node, "alternative")),
            "array_initializer" => Expr::List(node),
            "array_creation_expression" => field(node, "value").map_or(Expr::Other, Expr::List),
            _ => Expr::Other,
        }
    }

    fn function_name<'t>(&self, node: Node<'t>, src: &'t str, parents: &[Node<'t>]) -> Option<String> {
        if let Some(name) = field_text(node, "name", src) {
            return Some(name.to_owned());
        }
        given_name(parents.last(), "variable_declarator", "name", src).map(str::to_owned)
    }

    fn parameters<'t>(&self, node: Node<'t>, src: &'t str) -> (Vec<Parameter<'t>>, u32) {
        let Some(list) = field(node, "parameters") else { return (Vec::new(), 0) };
        if list.kind() == "identifier" {
            return (vec![Parameter { name: text(list, src), kind: None, default: None }], 1);
        }
        let mut found = Vec::new();
        for parameter in named_children(list, 256) {
            let (name, kind) = match parameter.kind() {
                "formal_parameter" => (field(parameter, "name"), field(parameter, "type")),
                "spread_parameter" => {
                    let parts = named_children(parameter, 4);
                    let declared = parts.iter().find(|part| part.kind() == "variable_declarator");
                    let kind = parts.iter().find(|part| part.kind().ends_with("type")).copied();
                    (declared.and_then(|declared| field(*declared, "name")), kind)
                }
                "identifier" => (Some(parameter), None),
                _ => continue,
            };
            found.extend(name.map(|name| Parameter { name: text(name, src), kind, default: None }));
        }
        counted(found)
    }

    fn is_defined(&self, node: Node<'_>, _src: &str) -> bool {
        field(node, "body").is_some()
    }

    fn is_each_loop(&self, node: Node<'_>) -> bool {
        matches!(node.kind(), "for_statement" | "enhanced_for_statement")
    }

    fn marks_test(&self, attribute: Node<'_>, src: &str) -> bool {
        let name = field_text(attribute, "name", src).unwrap_or_default();
        matches!(
            name.rsplit('.').next(),
            Some("Test" | "ParameterizedTest" | "RepeatedTest" | "TestFactory" | "TestTemplate" | "Property")
        )
    }

    fn imports<'t>(&self, node: Node<'t>, src: &'t str, _around: &Around<'_, 't>) -> Vec<Imported> {
        let Some(path) = first_named(node).map(|path| text(path, src)) else { return Vec::new() };
        let path: String = path.split_whitespace().collect();
        let all = named_children(node, 4).iter().any(|child| child.kind() == "asterisk");
        let local = path.rsplit('.').next().unwrap_or(&path).to_owned();
        let import = Import {
            specifier: if all { format!("{path}.*") } else { path.clone() },
            names: Vec::new(),
            within: String::new(),
            line: first_line(node),
            kind: ImportKind::Static,
        };
        let names = if all { Vec::new() } else { vec![(local, path)] };
        vec![Imported { import: Some(import), names }]
    }

    fn bindings<'t>(&self, node: Node<'t>, src: &'t str) -> Vec<Bound<'t>> {
        let (target, value) = match node.kind() {
            "enhanced_for_statement" => (field(node, "name"), None),
            "assignment_expression" => {
                let compound = field_text(node, "operator", src) != Some("=");
                (field(node, "left"), if compound { Some(node) } else { field(node, "right") })
            }
            _ => (field(node, "name"), field(node, "value")),
        };
        let Some(target) = target.filter(|target| target.kind() == "identifier") else { return Vec::new() };
        vec![Bound { name: text(target, src), value, member: None }]
    }

    fn assignment<'t>(&self, node: Node<'t>, _src: &'t str) -> Option<(Node<'t>, Node<'t>)> {
        let target = field(node, "left").filter(|target| target.kind() == "field_access")?;
        Some((target, field(node, "right")?))
    }

    fn pair<'t>(&self, node: Node<'t>, src: &'t str) -> Option<(&'t str, Node<'t>)> {
        Some((field_text(node, "key", src)?, field(node, "value")?))
    }

    fn arguments<'t>(&self, arguments: Node<'t>, _src: &'t str) -> Vec<Argument<'t>> {
        if arguments.kind() != "argument_list" {
            return Vec::new();
        }
        named_children(arguments, 16).into_iter().map(|value| Argument { name: None, value }).collect()
    }

    fn symbols<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<(Symbol, bool)> {
        let ([_], Some(name)) = (around.parents, field_text(node, "name", src)) else { return Vec::new() };
        let public = modifiers(node, src).contains("public");
        let symbol = symbol(node, name, SymbolKind::Type, public);
        vec![(symbol, around.comment.is_some_and(|comment| text(comment, src).starts_with("/**")))]
    }

    fn is_empty_handler(&self, node: Node<'_>, src: &str) -> bool {
        // One whose variable says that it is ignored explains itself.
        let parameter =
            named_children(node, 4).into_iter().find(|part| part.kind() == "catch_formal_parameter");
        let name = parameter.and_then(|parameter| field_text(parameter, "name", src)).unwrap_or_default();
        let explained = name.starts_with("ignore") || name.starts_with("expected") || name == "_";
        !explained && field(node, "body").is_some_and(|body| body.named_child_count() == 0)
    }

    fn is_default_case(&self, node: Node<'_>, src: &str) -> bool {
        first_named(node).is_some_and(|label| text(label, src) == "default")
    }

    fn package(&self, root: Node<'_>, src: &str) -> Option<String> {
        let declared =
            named_children(root, 8).into_iter().find(|child| child.kind() == "package_declaration")?;
        let name =
            named_children(declared, 8).into_iter().find(|child| child.kind().ends_with("identifier"))?;
        Some(text(name, src).split_whitespace().collect())
    }

    fn refers_by_name(&self) -> bool {
        true
    }

    fn used<'t>(&self, node: Node<'t>, src: &'t str, (parent, field): Place<'_, 't>) -> Option<&'t str> {
        let parent = parent.kind();
        let name = text(node, src);
        match (node.kind(), parent, field) {
            ("type_identifier" | "scoped_type_identifier", "scoped_type_identifier", _) => None,
            ("type_identifier" | "scoped_type_identifier", ..) => Some(name),
            // A type by its name alone: `Type.method()`, `Type.FIELD`, `Type::method`, `@Type`.
            (
                "identifier",
                "method_invocation" | "field_access" | "marker_annotation" | "annotation",
                Some("object" | "name"),
            )
            | ("identifier", "method_reference", None) => {
                let kind = name.chars().next().is_some_and(char::is_uppercase);
                (kind && !(parent == "method_invocation" && field == Some("name"))).then_some(name)
            }
            // A type by its whole name: `a.b.Type.method()`.
            ("field_access", "method_invocation", Some("object")) => {
                name.chars().next().is_some_and(char::is_lowercase).then_some(name)
            }
            _ => None,
        }
    }
}
