//! C#.

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
    Language::new("C#", "C#", tree_sitter_c_sharp::LANGUAGE.into(), ROLES, &CSharp)
}

struct CSharp;

/// Words that are followed by parentheses or a block and cannot be names.
const KEYWORDS: [&str; 18] = [
    "if",
    "else",
    "for",
    "foreach",
    "while",
    "do",
    "switch",
    "using",
    "lock",
    "fixed",
    "try",
    "catch",
    "finally",
    "return",
    "throw",
    "new",
    "checked",
    "unchecked",
];

/// The content of a string without values put into it.
fn string<'t>(node: Node<'t>, src: &'t str) -> &'t str {
    let whole = text(node, src).trim_start_matches(['@', '$']);
    let quote = whole.bytes().take_while(|byte| *byte == b'"').count();
    let quote = if quote >= 3 { quote } else { 1 };
    whole.get(quote..whole.len().saturating_sub(quote)).unwrap_or_default()
}

fn interpolated<'t>(node: Node<'t>, src: &'t str) -> Expr<'t> {
    let mut literal = String::new();
    let mut values = Vec::new();
    for part in named_children(node, 128) {
        match part.kind() {
            "string_content" => literal.push_str(text(part, src)),
            "interpolation" => {
                literal.push('\0');
                values.extend(
                    named_children(part, 4).into_iter().find(|part| !part.kind().starts_with("interp")),
                );
            }
            _ => {}
        }
    }
    if values.is_empty() { Expr::Text(string(node, src)) } else { Expr::Format(literal, values) }
}

fn has_modifier(node: Node<'_>, src: &str, wanted: &str) -> bool {
    let mut modifiers = named_children(node, 12).into_iter().filter(|child| child.kind() == "modifier");
    modifiers.any(|modifier| text(modifier, src) == wanted)
}

/// The value of a declarator: the expression after its name.
fn initial(node: Node<'_>) -> Option<Node<'_>> {
    named_children(node, 4).into_iter().skip(1).find(|child| child.kind() != "bracketed_argument_list")
}

impl Adapter for CSharp {
    fn expr<'t>(&self, node: Node<'t>, src: &'t str) -> Expr<'t> {
        match node.kind() {
            "string_literal" | "verbatim_string_literal" | "raw_string_literal" => {
                Expr::Text(string(node, src))
            }
            "interpolated_string_expression" => interpolated(node, src),
            "integer_literal" | "real_literal" | "character_literal" | "boolean_literal" | "null_literal"
            | "typeof_expression" | "default_expression" => Expr::Scalar(text(node, src)),
            "identifier" | "this" | "base" | "predefined_type" => Expr::Name(text(node, src)),
            "qualified_name" => {
                let path = text(node, src);
                let path = path.split('<').next().unwrap_or(path);
                Expr::Path(path.split('.').map(str::trim).take(16).collect())
            }
            "binary_expression" => match (field(node, "left"), field(node, "right")) {
                (Some(left), Some(right)) => match field_text(node, "operator", src) {
                    Some("+") => Expr::Concat(left, right),
                    Some("??") => Expr::Choice(left, right),
                    _ => Expr::Other,
                },
                _ => Expr::Other,
            },
            "invocation_expression" => call(node, "function"),
            "object_creation_expression" => call(node, "type"),
            "member_access_expression" => {
                match (field(node, "expression"), field(node, "name").and_then(|name| plain(name, src))) {
                    (Some(object), Some(property)) => Expr::Member { object, property },
                    _ => Expr::Other,
                }
            }
            "conditional_access_expression" => conditional(node, src),
            "element_access_expression" => {
                field(node, "expression").map_or(Expr::Other, |object| Expr::Index { object })
            }
            "parenthesized_expression"
            | "await_expression"
            | "generic_name"
            | "array_type"
            | "nullable_type" => first_named(node).map_or(Expr::Other, Expr::Wrap),
            "cast_expression" => field(node, "value").map_or(Expr::Other, Expr::Wrap),
            "as_expression" => field(node, "left").map_or(Expr::Other, Expr::Wrap),
            "assignment_expression" => field(node, "right").map_or(Expr::Other, Expr::Wrap),
            "conditional_expression" => choice(field(node, "consequence"), field(node, "alternative")),
            "initializer_expression" => Expr::List(node),
            "array_creation_expression" | "implicit_array_creation_expression" => named_children(node, 4)
                .into_iter()
                .find(|part| part.kind() == "initializer_expression")
                .map_or(Expr::Other, Expr::List),
            _ => Expr::Other,
        }
    }

    fn function_name<'t>(&self, node: Node<'t>, src: &'t str, parents: &[Node<'t>]) -> Option<String> {
        match node.kind() {
            "operator_declaration" => {
                return field_text(node, "operator", src).map(|operator| format!("operator {operator}"));
            }
            "conversion_operator_declaration" => {
                return field_text(node, "type", src).map(|kind| format!("operator {kind}"));
            }
            "accessor_declaration" => {
                let [.., property, _] = parents else { return None };
                let name = field_text(*property, "name", src).unwrap_or("this");
                return field_text(node, "name", src).map(|accessor| format!("{name}.{accessor}"));
            }
            _ => {}
        }
        if let Some(name) = field_text(node, "name", src) {
            return Some(name.to_owned());
        }
        given_name(parents.last(), "variable_declarator", "name", src).map(str::to_owned)
    }

    fn parameters<'t>(&self, node: Node<'t>, src: &'t str) -> (Vec<Parameter<'t>>, u32) {
        let Some(list) = field(node, "parameters") else { return (Vec::new(), 0) };
        if list.kind() == "implicit_parameter" {
            return (vec![Parameter { name: text(list, src), kind: None, default: None }], 1);
        }
        let mut found = Vec::new();
        for parameter in named_children(list, 256) {
            match parameter.kind() {
                "parameter" => {
                    let Some(name) = field(parameter, "name") else { continue };
                    let after = |child: &Node<'t>| child.start_byte() >= name.end_byte();
                    found.push(Parameter {
                        name: text(name, src),
                        kind: field(parameter, "type"),
                        default: named_children(parameter, 8).into_iter().find(after),
                    });
                }
                "implicit_parameter" => {
                    found.push(Parameter { name: text(parameter, src), kind: None, default: None });
                }
                _ => {}
            }
        }
        // `params int[] rest` stands in the list itself.
        if let Some(rest) = field_text(list, "name", src) {
            found.push(Parameter { name: rest, kind: field(list, "type"), default: None });
        }
        counted(found)
    }

    fn is_defined(&self, node: Node<'_>, src: &str) -> bool {
        // `if (..) {` where a method is awaited, because conditional text left out what comes before.
        let misread = field_text(node, "name", src).is_some_and(|name| KEYWORDS.contains(&name));
        !misread && field(node, "body").is_some()
    }

    fn is_async(&self, node: Node<'_>, src: &str) -> bool {
        has_modifier(node, src, "async")
    }

    fn is_each_loop(&self, node: Node<'_>) -> bool {
        match node.kind() {
            "foreach_statement" => true,
            "for_statement" => field(node, "condition").is_some(),
            _ => false,
        }
    }

    fn marks_test(&self, attribute: Node<'_>, src: &str) -> bool {
        let name = field_text(attribute, "name", src).unwrap_or_default();
        matches!(
            name.rsplit('.').next(),
            Some(
                "Fact" | "Theory" | "Test" | "TestCase" | "TestCaseSource" | "TestMethod" | "DataTestMethod"
            )
        )
    }

    fn imports<'t>(&self, node: Node<'t>, src: &'t str, _around: &Around<'_, 't>) -> Vec<Imported> {
        let alias = field(node, "name");
        let path = named_children(node, 4).into_iter().rfind(|child| Some(*child) != alias);
        let Some(path) = path else { return Vec::new() };
        let specifier: String = text(path, src).trim_start_matches("global::").split_whitespace().collect();
        let head = src.get(node.start_byte()..path.start_byte()).unwrap_or_default();
        let is = |word: &str| head.split_whitespace().any(|part| part == word);
        let mut names = Vec::new();
        // What follows `using`: every file of the project, the members of a type, another name for a type.
        names.extend(is("global").then(|| "global".to_owned()));
        names.extend(is("static").then(|| "static".to_owned()));
        names.extend(alias.map(|alias| format!("{}=", text(alias, src))));
        let bound = alias.map(|alias| (text(alias, src).to_owned(), specifier.clone()));
        let import = Import {
            specifier,
            names,
            within: String::new(),
            line: first_line(node),
            kind: ImportKind::Static,
        };
        vec![Imported { import: Some(import), names: bound.into_iter().collect() }]
    }

    fn bindings<'t>(&self, node: Node<'t>, src: &'t str) -> Vec<Bound<'t>> {
        let (target, value) = match node.kind() {
            "foreach_statement" => (field(node, "left"), None),
            "assignment_expression" => {
                let compound = field_text(node, "operator", src) != Some("=");
                (field(node, "left"), if compound { Some(node) } else { field(node, "right") })
            }
            _ => (field(node, "name"), initial(node)),
        };
        let Some(target) = target.filter(|target| target.kind() == "identifier") else { return Vec::new() };
        vec![Bound { name: text(target, src), value, member: None }]
    }

    fn assignment<'t>(&self, node: Node<'t>, _src: &'t str) -> Option<(Node<'t>, Node<'t>)> {
        // Inside `new T { Member = value }` the member stands alone.
        let target = field(node, "left")
            .filter(|target| matches!(target.kind(), "member_access_expression" | "identifier"))?;
        Some((target, field(node, "right")?))
    }

    fn arguments<'t>(&self, arguments: Node<'t>, src: &'t str) -> Vec<Argument<'t>> {
        if arguments.kind() != "argument_list" {
            return Vec::new();
        }
        named_arguments(arguments, src)
    }

    fn symbols<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<(Symbol, bool)> {
        let top = around.parents.iter().all(|parent| {
            matches!(
                parent.kind(),
                "compilation_unit"
                    | "namespace_declaration"
                    | "file_scoped_namespace_declaration"
                    | "declaration_list"
            ) || parent.kind().starts_with("preproc_")
        });
        let Some(name) = field_text(node, "name", src).filter(|_| top) else { return Vec::new() };
        let symbol = symbol(node, name, SymbolKind::Type, has_modifier(node, src, "public"));
        let documented = around.comment.is_some_and(|comment| {
            let written = text(comment, src);
            written.starts_with("///") || written.starts_with("/**")
        });
        vec![(symbol, documented)]
    }

    fn is_empty_handler(&self, node: Node<'_>, src: &str) -> bool {
        // `catch (TimeoutException) {}` says what it expects; the handlers that swallow everything are meant.
        let caught = named_children(node, 4).into_iter().find(|part| part.kind() == "catch_declaration");
        let everything = caught
            .and_then(|caught| field_text(caught, "type", src))
            .is_none_or(|kind| matches!(kind.rsplit('.').next(), Some("Exception")));
        let filtered = named_children(node, 4).iter().any(|part| part.kind() == "catch_filter_clause");
        everything && !filtered && field(node, "body").is_some_and(|body| body.named_child_count() == 0)
    }

    fn has_conditional_text(&self) -> bool {
        true
    }

    fn is_default_case(&self, node: Node<'_>, src: &str) -> bool {
        if node.kind() == "switch_expression_arm" {
            return first_named(node).is_some_and(|pattern| pattern.kind() == "discard");
        }
        text(node, src).starts_with("default")
    }

    fn refers_by_name(&self) -> bool {
        true
    }

    fn used<'t>(&self, node: Node<'t>, src: &'t str, (parent, field): Place<'_, 't>) -> Option<&'t str> {
        let around = text(parent, src);
        let parent = parent.kind();
        let name = text(node, src);
        // Types begin with a capital; what is spelled otherwise is a variable or a keyword of its place.
        let kind = name.chars().next().is_some_and(char::is_uppercase);
        let position = match (parent, field) {
            (
                "using_directive"
                | "namespace_declaration"
                | "file_scoped_namespace_declaration"
                | "qualified_name",
                _,
            ) => false,
            (
                "base_list"
                | "type_argument_list"
                | "generic_name"
                | "nullable_type"
                | "array_type"
                | "typeof_expression"
                | "primary_constructor_base_type"
                | "explicit_interface_specifier"
                | "pointer_type"
                | "ref_type",
                _,
            )
            | (_, Some("type" | "returns"))
            | ("attribute", Some("name"))
            | ("as_expression" | "is_expression", Some("right"))
            | ("member_access_expression", Some("expression"))
            | ("constant_pattern", None) => true,
            _ => false,
        };
        // The member tells the parts of a type apart.
        let member = parent == "member_access_expression" && !around.contains(char::is_whitespace);
        (kind && position).then_some(if member { around } else { name })
    }
}

/// A name without the types given to it.
fn plain<'t>(node: Node<'t>, src: &'t str) -> Option<&'t str> {
    match node.kind() {
        "generic_name" => first_named(node).map(|name| text(name, src)),
        _ => Some(text(node, src)),
    }
}

/// `object?.member`.
fn conditional<'t>(node: Node<'t>, src: &'t str) -> Expr<'t> {
    let parts = named_children(node, 4);
    let (Some(object), Some(rest)) = (parts.first(), parts.last()) else { return Expr::Other };
    let property = match rest.kind() {
        "member_binding_expression" => field(*rest, "name").and_then(|name| plain(name, src)),
        _ => None,
    };
    property.map_or(Expr::Wrap(*object), |property| Expr::Member { object: *object, property })
}
