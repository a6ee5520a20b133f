//! Kotlin, and its scripts.

use tree_sitter::Node;

use super::shapes::{counted, symbol};
use crate::syntax::language::{
    Adapter, Argument, Around, Bound, Expr, Imported, Language, Parameter, Place, Role, field, field_text,
    first_line, first_named, named_children, text,
};
use crate::syntax::{Import, ImportKind, Symbol, SymbolKind};

const TYPE: Role = Role::CLASS.with(Role::SYMBOL);

const ROLES: &[(&str, Role)] = &[
    ("function_declaration", Role::FUNCTION.with(Role::SYMBOL)),
    ("secondary_constructor", Role::FUNCTION),
    ("anonymous_initializer", Role::FUNCTION),
    ("getter", Role::FUNCTION),
    ("setter", Role::FUNCTION),
    ("lambda_literal", Role::FUNCTION.with(Role::LAMBDA)),
    ("anonymous_function", Role::FUNCTION.with(Role::LAMBDA)),
    ("if_expression", Role::IF),
    ("else", Role::TOKEN),
    ("for_statement", Role::LOOP.with(Role::BIND)),
    ("while_statement", Role::LOOP),
    ("do_while_statement", Role::LOOP),
    ("when_expression", Role::SWITCH),
    ("when_entry", Role::CASE),
    ("catch_block", Role::CATCH),
    ("binary_expression", Role::BINARY),
    // The grammar reads `break@outer` as a label before a name.
    ("labeled_expression", Role::JUMP),
    ("call_expression", Role::CALL),
    ("import", Role::IMPORT),
    ("property_declaration", Role::BIND.with(Role::SYMBOL)),
    ("assignment", Role::BIND),
    ("class_declaration", TYPE),
    ("object_declaration", TYPE),
    ("companion_object", Role::CLASS),
    ("type_alias", Role::CLASS.with(Role::SYMBOL)),
    ("annotation", Role::ATTRIBUTE),
    ("user_type", Role::USE),
    ("identifier", Role::USE),
    ("line_comment", Role::COMMENT),
    ("block_comment", Role::COMMENT),
];

pub(super) fn language() -> Language {
    Language::new("Kotlin", "Kotlin", tree_sitter_kotlin_ng::LANGUAGE.into(), ROLES, &Kotlin)
}

struct Kotlin;

fn child<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    named_children(node, 16).into_iter().find(|child| child.kind() == kind)
}

/// A string: its literal text and the values put into it.
fn string<'t>(node: Node<'t>, src: &'t str) -> Expr<'t> {
    let parts = named_children(node, 128);
    let values: Vec<Node<'t>> = parts
        .iter()
        .filter(|part| part.kind() == "interpolation")
        .filter_map(|part| first_named(*part))
        .collect();
    if values.is_empty() {
        let whole = text(node, src);
        let quote = if whole.starts_with("\"\"\"") { 3 } else { 1 };
        return Expr::Text(whole.get(quote..whole.len().saturating_sub(quote)).unwrap_or_default());
    }
    let literal =
        parts.iter().map(|part| if part.kind() == "interpolation" { "\0" } else { text(*part, src) });
    Expr::Format(literal.collect(), values)
}

/// Whether one of the declaration's modifiers is among the words.
fn has_modifier(node: Node<'_>, src: &str, words: &[&str]) -> bool {
    let modifiers =
        child(node, "modifiers").map(|modifiers| named_children(modifiers, 16)).unwrap_or_default();
    modifiers.into_iter().any(|modifier| words.contains(&text(modifier, src)))
}

/// The name that a property declares, when it declares one alone.
fn property_name<'t>(property: Node<'t>, src: &'t str) -> Option<&'t str> {
    let variable = child(property, "variable_declaration")?;
    child(variable, "identifier").map(|name| text(name, src))
}

/// What follows the token `=` of a declaration.
fn initial(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    let equals = node.children(&mut cursor).take(16).position(|child| child.kind() == "=")?;
    node.children(&mut cursor).skip(equals + 1).find(|child| child.is_named() && !child.is_extra())
}

/// The child of an `if` that its `else` leads to.
fn alternative(parent: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = parent.walk();
    let mut children = parent.children(&mut cursor).skip_while(|child| child.kind() != "else").skip(1);
    children.find(|child| child.is_named() && !child.is_extra())
}

impl Adapter for Kotlin {
    fn expr<'t>(&self, node: Node<'t>, src: &'t str) -> Expr<'t> {
        match node.kind() {
            "string_literal" | "multiline_string_literal" => string(node, src),
            "number_literal" | "float_literal" | "character_literal" => Expr::Scalar(text(node, src)),
            "identifier" => match text(node, src) {
                scalar @ ("true" | "false" | "null") => Expr::Scalar(scalar),
                name => Expr::Name(name),
            },
            "this_expression" | "super_expression" => Expr::Name(text(node, src)),
            "user_type" => type_name(node, src)
                .map_or(Expr::Other, |name| Expr::Path(name.split('.').map(str::trim).take(16).collect())),
            "binary_expression" => match (field(node, "left"), field(node, "right")) {
                (Some(left), Some(right)) => match field_text(node, "operator", src) {
                    Some("+") => Expr::Concat(left, right),
                    Some("?:") => Expr::Choice(left, right),
                    _ => Expr::Other,
                },
                _ => Expr::Other,
            },
            "call_expression" => first_named(node).map_or(Expr::Other, |callee| Expr::Call {
                callee,
                arguments: child(node, "value_arguments"),
            }),
            "navigation_expression" => match named_children(node, 3).as_slice() {
                [object, property] => Expr::Member { object: *object, property: text(*property, src) },
                _ => Expr::Other,
            },
            "index_expression" => first_named(node).map_or(Expr::Other, |object| Expr::Index { object }),
            "parenthesized_expression" | "nullable_type" | "spread_expression" => {
                first_named(node).map_or(Expr::Other, Expr::Wrap)
            }
            "as_expression" => field(node, "left").map_or(Expr::Other, Expr::Wrap),
            "unary_expression" if field_text(node, "operator", src) == Some("!!") => {
                field(node, "argument").map_or(Expr::Other, Expr::Wrap)
            }
            "collection_literal" => Expr::List(node),
            _ => Expr::Other,
        }
    }

    fn function_name<'t>(&self, node: Node<'t>, src: &'t str, parents: &[Node<'t>]) -> Option<String> {
        let parent = parents.last().copied();
        match node.kind() {
            "secondary_constructor" => Some("constructor".to_owned()),
            "anonymous_initializer" => Some("init".to_owned()),
            kind @ ("getter" | "setter") => {
                let accessor = if kind == "getter" { "get" } else { "set" };
                parent
                    .and_then(|property| property_name(property, src))
                    .map(|name| format!("{name}.{accessor}"))
            }
            "function_declaration" => field_text(node, "name", src).map(str::to_owned),
            _ => {
                let property = parent.filter(|parent| parent.kind() == "property_declaration")?;
                property_name(property, src).filter(|name| name.len() <= 80).map(str::to_owned)
            }
        }
    }

    fn parameters<'t>(&self, node: Node<'t>, src: &'t str) -> (Vec<Parameter<'t>>, u32) {
        let list = child(node, "function_value_parameters").or_else(|| child(node, "lambda_parameters"));
        let given = list.map(|list| named_children(list, 256)).unwrap_or_default();
        let named = given.into_iter().filter_map(|parameter| match parameter.kind() {
            "parameter" | "variable_declaration" => {
                let name = child(parameter, "identifier")?;
                let kind =
                    named_children(parameter, 4).into_iter().find(|part| part.kind().ends_with("_type"));
                Some(Parameter { name: text(name, src), kind, default: None })
            }
            _ => None,
        });
        let found: Vec<_> = named.collect();
        counted(found)
    }

    fn is_defined(&self, node: Node<'_>, _src: &str) -> bool {
        node.kind() == "lambda_literal"
            || child(node, "function_body").is_some()
            || child(node, "block").is_some()
    }

    fn is_async(&self, node: Node<'_>, src: &str) -> bool {
        has_modifier(node, src, &["suspend"])
    }

    fn is_else_if(&self, node: Node<'_>, parent: Node<'_>, _field: Option<&str>) -> bool {
        node.kind() == "if_expression"
            && parent.kind() == "if_expression"
            && alternative(parent) == Some(node)
    }

    fn is_plain_else(&self, node: Node<'_>, parent: Node<'_>, _field: Option<&str>) -> bool {
        // The token stands for what it leads to, which can be any expression.
        node.kind() == "else"
            && parent.kind() == "if_expression"
            && alternative(parent).is_none_or(|body| body.kind() != "if_expression")
    }

    fn is_each_loop(&self, node: Node<'_>) -> bool {
        node.kind() == "for_statement"
    }

    fn marks_test(&self, attribute: Node<'_>, src: &str) -> bool {
        let name = text(attribute, src).trim_start_matches('@').split(['(', '<']).next().unwrap_or_default();
        matches!(
            name.trim().rsplit('.').next(),
            Some("Test" | "ParameterizedTest" | "RepeatedTest" | "TestFactory" | "TestTemplate" | "Property")
        )
    }

    fn class_name(&self, node: Node<'_>, src: &str) -> Option<String> {
        let name = field_text(node, "name", src).or_else(|| field_text(node, "type", src));
        name.or_else(|| (node.kind() == "companion_object").then_some("Companion")).map(str::to_owned)
    }

    fn imports<'t>(&self, node: Node<'t>, src: &'t str, _around: &Around<'_, 't>) -> Vec<Imported> {
        let parts = named_children(node, 4);
        let Some(path) = parts.first().filter(|path| path.kind() == "qualified_identifier") else {
            return Vec::new();
        };
        let path = plain_path(*path, src);
        let alias = parts.get(1).filter(|alias| alias.kind() == "identifier").map(|alias| text(*alias, src));
        let all = text(node, src).trim_end_matches(';').trim_end().ends_with('*');
        let local = alias.unwrap_or_else(|| path.rsplit('.').next().unwrap_or(&path)).to_owned();
        let import = Import {
            specifier: if all { format!("{path}.*") } else { path.clone() },
            names: alias.map(str::to_owned).into_iter().collect(),
            within: String::new(),
            line: first_line(node),
            kind: ImportKind::Static,
        };
        let names = if all { Vec::new() } else { vec![(local, path)] };
        vec![Imported { import: Some(import), names }]
    }

    fn bindings<'t>(&self, node: Node<'t>, src: &'t str) -> Vec<Bound<'t>> {
        let (name, value) = match node.kind() {
            "assignment" => {
                let compound = field_text(node, "operator", src) != Some("=");
                let target = field(node, "left").filter(|target| target.kind() == "identifier");
                let value = if compound { Some(node) } else { field(node, "right") };
                (target.map(|target| text(target, src)), value)
            }
            "for_statement" => (property_name(node, src), None),
            _ => (property_name(node, src), initial(node)),
        };
        name.map(|name| Bound { name, value, member: None }).into_iter().collect()
    }

    fn assignment<'t>(&self, node: Node<'t>, _src: &'t str) -> Option<(Node<'t>, Node<'t>)> {
        let target = field(node, "left").filter(|target| target.kind() == "navigation_expression")?;
        Some((target, field(node, "right")?))
    }

    fn arguments<'t>(&self, arguments: Node<'t>, src: &'t str) -> Vec<Argument<'t>> {
        let arguments =
            named_children(arguments, 16).into_iter().filter(|part| part.kind() == "value_argument");
        arguments
            .filter_map(|argument| match named_children(argument, 3).as_slice() {
                [value] => Some(Argument { name: None, value: *value }),
                [name, .., value] => Some(Argument { name: Some(text(*name, src)), value: *value }),
                [] => None,
            })
            .collect()
    }

    fn symbols<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<(Symbol, bool)> {
        let [_] = around.parents else { return Vec::new() };
        let (name, kind) = match node.kind() {
            "function_declaration" => (field_text(node, "name", src), SymbolKind::Function),
            "property_declaration" => (property_name(node, src), SymbolKind::Value),
            "type_alias" => (field_text(node, "type", src), SymbolKind::Type),
            _ => (field_text(node, "name", src), SymbolKind::Type),
        };
        let Some(name) = name else { return Vec::new() };
        let public = !has_modifier(node, src, &["private", "internal", "protected"]);
        let symbol = symbol(node, name, kind, public);
        vec![(symbol, around.comment.is_some_and(|comment| text(comment, src).starts_with("/**")))]
    }

    fn receiver<'t>(&self, node: Node<'t>, src: &'t str) -> Option<&'t str> {
        let mut cursor = node.walk();
        let mut before = node.named_children(&mut cursor);
        let found = before.find_map(|part| match part.kind() {
            "user_type" => Some(Some(part)),
            "nullable_type" => Some(child(part, "user_type")),
            "identifier" | "simple_identifier" | "variable_declaration" | "function_value_parameters" => {
                Some(None)
            }
            _ => None,
        })?;
        type_name(found?, src)
    }

    fn is_empty_handler(&self, node: Node<'_>, src: &str) -> bool {
        // One whose variable says that it is ignored explains itself.
        let name = child(node, "identifier").map(|name| text(name, src)).unwrap_or_default();
        let explained = name.starts_with("ignore") || name.starts_with("expected") || name == "_";
        !explained && child(node, "block").is_some_and(|block| block.named_child_count() == 0)
    }

    fn is_default_case(&self, node: Node<'_>, _src: &str) -> bool {
        node.child(0).is_some_and(|first| first.kind() == "else")
    }

    fn package(&self, root: Node<'_>, src: &str) -> Option<String> {
        let header = child(root, "package_header")?;
        child(header, "qualified_identifier").map(|name| plain_path(name, src))
    }

    fn refers_by_name(&self) -> bool {
        true
    }

    fn used<'t>(&self, node: Node<'t>, src: &'t str, (parent, _): Place<'_, 't>) -> Option<&'t str> {
        if node.kind() == "user_type" {
            return type_name(node, src);
        }
        let (first, last) = (node.start_byte() == parent.start_byte(), node.end_byte() == parent.end_byte());
        let value = match parent.kind() {
            "user_type"
            | "qualified_identifier"
            | "import"
            | "variable_declaration"
            | "parameter"
            | "class_parameter"
            | "type_parameter"
            | "type_constraint"
            | "type_alias"
            | "enum_entry"
            | "class_declaration"
            | "object_declaration"
            | "companion_object"
            | "function_declaration"
            | "setter"
            | "catch_block"
            | "callable_reference"
            | "labeled_expression"
            | "this_expression"
            | "super_expression" => false,
            "navigation_expression" | "call_expression" => first,
            // The name of a named argument; the name between two operands.
            "value_argument" => last,
            "infix_expression" => first || last,
            _ => true,
        };
        let name = text(node, src);
        // Types, objects and constants begin with a capital; other names are followed where they are called.
        let followed =
            name.chars().next().is_some_and(char::is_uppercase) || parent.kind() == "call_expression";
        (value && followed).then_some(name)
    }
}

/// The name of a type without what is given to it.
fn type_name<'t>(node: Node<'t>, src: &'t str) -> Option<&'t str> {
    let start = child(node, "identifier")?.start_byte();
    src.get(start..node.end_byte())?.split('<').next().map(str::trim)
}

/// A dotted name without spaces and without the quotes of its parts.
fn plain_path(node: Node<'_>, src: &str) -> String {
    text(node, src).chars().filter(|letter| !letter.is_whitespace() && *letter != '`').collect()
}
