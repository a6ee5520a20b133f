//! Rust.

use tree_sitter::Node;

use super::shapes::{call, symbol};
use crate::syntax::language::{
    Adapter, Argument, Around, Bound, Expr, Imported, Language, Parameter, Role, field, field_text,
    first_line, first_named, named_children, text,
};
use crate::syntax::{Import, ImportKind, Symbol, SymbolKind};

const ROLES: &[(&str, Role)] = &[
    ("function_item", Role::FUNCTION.with(Role::SYMBOL)),
    ("closure_expression", Role::FUNCTION.with(Role::LAMBDA)),
    ("if_expression", Role::IF),
    ("else_clause", Role::ELSE),
    ("for_expression", Role::LOOP.with(Role::BIND)),
    ("while_expression", Role::LOOP),
    ("loop_expression", Role::LOOP),
    ("match_expression", Role::SWITCH),
    ("match_arm", Role::CASE),
    ("binary_expression", Role::BINARY),
    ("break_expression", Role::JUMP),
    ("continue_expression", Role::JUMP),
    ("call_expression", Role::CALL),
    ("macro_invocation", Role::CALL),
    ("use_declaration", Role::IMPORT),
    ("extern_crate_declaration", Role::IMPORT),
    ("mod_item", Role::IMPORT.with(Role::SYMBOL)),
    ("let_declaration", Role::BIND),
    ("const_item", Role::BIND.with(Role::SYMBOL)),
    ("static_item", Role::BIND.with(Role::SYMBOL)),
    ("assignment_expression", Role::BIND),
    ("impl_item", Role::CLASS),
    ("trait_item", Role::CLASS.with(Role::SYMBOL)),
    ("struct_item", Role::SYMBOL),
    ("enum_item", Role::SYMBOL),
    ("union_item", Role::SYMBOL),
    ("type_item", Role::SYMBOL),
    ("attribute_item", Role::ATTRIBUTE),
    ("line_comment", Role::COMMENT),
    ("block_comment", Role::COMMENT),
];

pub(super) fn language() -> Language {
    Language::new("Rust", "Rust", tree_sitter_rust::LANGUAGE.into(), ROLES, &Rust)
}

struct Rust;

/// The macros that build text from a template.
const FORMATTERS: &[&str] =
    &["format", "write", "writeln", "print", "println", "eprint", "eprintln", "concat"];

impl Adapter for Rust {
    fn expr<'t>(&self, node: Node<'t>, src: &'t str) -> Expr<'t> {
        match node.kind() {
            "string_literal" | "raw_string_literal" => {
                Expr::Text(first_named(node).map_or("", |content| text(content, src)))
            }
            "integer_literal" | "float_literal" | "boolean_literal" | "char_literal" | "negative_literal"
            | "unit_expression" => Expr::Scalar(text(node, src)),
            "identifier" | "self" | "type_identifier" | "primitive_type" => Expr::Name(text(node, src)),
            "scoped_identifier" | "scoped_type_identifier" => {
                let path = text(node, src);
                if path.len() > 200 || path.contains(['<', '(', '\n']) {
                    return Expr::Other;
                }
                Expr::Path(path.split("::").map(str::trim).filter(|segment| !segment.is_empty()).collect())
            }
            "binary_expression" => match (field(node, "left"), field(node, "right")) {
                (Some(left), Some(right)) if field_text(node, "operator", src) == Some("+") => {
                    Expr::Concat(left, right)
                }
                _ => Expr::Other,
            },
            "call_expression" => call(node, "function"),
            "generic_function" => field(node, "function").map_or(Expr::Other, Expr::Wrap),
            "field_expression" => match (field(node, "value"), field_text(node, "field", src)) {
                (Some(object), Some(property)) => Expr::Member { object, property },
                _ => Expr::Other,
            },
            "index_expression" => first_named(node).map_or(Expr::Other, |object| Expr::Index { object }),
            "reference_expression" | "type_cast_expression" => {
                field(node, "value").map_or(Expr::Other, Expr::Wrap)
            }
            "try_expression" | "await_expression" | "parenthesized_expression" | "unary_expression" => {
                first_named(node).map_or(Expr::Other, Expr::Wrap)
            }
            "macro_invocation" => invocation(node, src),
            "array_expression" => Expr::List(node),
            _ => Expr::Other,
        }
    }

    fn function_name<'t>(&self, node: Node<'t>, src: &'t str, parents: &[Node<'t>]) -> Option<String> {
        if let Some(name) = field_text(node, "name", src) {
            return Some(name.to_owned());
        }
        let parent = parents.last().filter(|parent| parent.kind() == "let_declaration")?;
        field_text(*parent, "pattern", src).filter(|name| name.len() <= 80).map(str::to_owned)
    }

    fn parameters<'t>(&self, node: Node<'t>, src: &'t str) -> (Vec<Parameter<'t>>, u32) {
        let Some(list) = field(node, "parameters") else { return (Vec::new(), 0) };
        let mut found = Vec::new();
        let mut count = 0;
        for parameter in named_children(list, 256) {
            match parameter.kind() {
                "self_parameter" | "attribute_item" => {}
                "parameter" => {
                    count += 1;
                    let name = field(parameter, "pattern").map(|pattern| text(pattern, src));
                    found.extend(name.map(|name| Parameter {
                        name,
                        kind: field(parameter, "type"),
                        default: None,
                    }));
                }
                _ => {
                    count += 1;
                    found.push(Parameter { name: text(parameter, src), kind: None, default: None });
                }
            }
        }
        (found, count)
    }

    fn marks_test(&self, attribute: Node<'_>, src: &str) -> bool {
        let inside = text(attribute, src).trim_start_matches("#[").trim_end_matches(']');
        let path = inside.split('(').next().unwrap_or(inside).trim();
        // `#[test]`, and those of frameworks: `#[tokio::test(..)]`, `#[rstest]`.
        matches!(path.rsplit("::").next(), Some("test" | "rstest" | "test_case" | "quickcheck"))
    }

    fn is_async(&self, node: Node<'_>, src: &str) -> bool {
        let modifiers =
            named_children(node, 4).into_iter().find(|child| child.kind() == "function_modifiers");
        modifiers.is_some_and(|modifiers| text(modifiers, src).contains("async"))
            || (node.kind() == "closure_expression" && text(node, src).starts_with("async"))
    }

    fn is_else_if(&self, _node: Node<'_>, parent: Node<'_>, _field: Option<&str>) -> bool {
        parent.kind() == "else_clause"
    }

    fn is_plain_else(&self, node: Node<'_>, parent: Node<'_>, _field: Option<&str>) -> bool {
        node.kind() == "else_clause"
            && parent.kind() == "if_expression"
            && first_named(node).is_some_and(|body| body.kind() != "if_expression")
    }

    fn is_each_loop(&self, node: Node<'_>) -> bool {
        node.kind() == "for_expression"
    }

    fn class_name(&self, node: Node<'_>, src: &str) -> Option<String> {
        let name = field_text(node, "name", src).or_else(|| field_text(node, "type", src))?;
        let name = name.split('<').next().unwrap_or(name).trim();
        (name.len() <= 80).then(|| name.to_owned())
    }

    fn imports<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<Imported> {
        let within = inline_modules(around.parents, src);
        let line = first_line(node);
        if node.kind() == "mod_item" {
            if field(node, "body").is_some() {
                return Vec::new();
            }
            let Some(name) = field_text(node, "name", src) else { return Vec::new() };
            let specifier = around
                .attribute
                .and_then(|attribute| path_attribute(attribute, src))
                .unwrap_or_else(|| name.to_owned());
            let import = Import { specifier, names: Vec::new(), within, line, kind: ImportKind::Module };
            return vec![Imported { import: Some(import), names: Vec::new() }];
        }
        let public =
            named_children(node, 1).first().is_some_and(|child| child.kind() == "visibility_modifier");
        let kind = if public { ImportKind::Reexport } else { ImportKind::Static };
        let mut leaves = Vec::new();
        if node.kind() == "extern_crate_declaration" {
            leaves.extend(extern_crate(node, src));
        } else if let Some(tree) = field(node, "argument") {
            use_leaves(tree, src, &mut leaves);
        }
        let imported = leaves.into_iter().map(|(path, local)| Imported {
            names: local
                .map(|local| (local, path.trim_start_matches("::").replace("::", ".")))
                .into_iter()
                .collect(),
            import: Some(Import { specifier: path, names: Vec::new(), within: within.clone(), line, kind }),
        });
        imported.collect()
    }

    fn bindings<'t>(&self, node: Node<'t>, src: &'t str) -> Vec<Bound<'t>> {
        let (target, value) = match node.kind() {
            "let_declaration" => (field(node, "pattern"), field(node, "value")),
            "for_expression" => (field(node, "pattern"), None),
            "assignment_expression" => (field(node, "left"), field(node, "right")),
            _ => (field(node, "name"), field(node, "value")),
        };
        let target = target.map(|target| match target.kind() {
            "mut_pattern" => named_children(target, 2).last().copied().unwrap_or(target),
            _ => target,
        });
        let Some(target) = target.filter(|target| target.kind() == "identifier") else { return Vec::new() };
        vec![Bound { name: text(target, src), value, member: None }]
    }

    fn assignment<'t>(&self, node: Node<'t>, _src: &'t str) -> Option<(Node<'t>, Node<'t>)> {
        let target = field(node, "left").filter(|target| target.kind() == "field_expression")?;
        Some((target, field(node, "right")?))
    }

    fn arguments<'t>(&self, arguments: Node<'t>, _src: &'t str) -> Vec<Argument<'t>> {
        if arguments.kind() != "arguments" {
            return Vec::new();
        }
        named_children(arguments, 16).into_iter().map(|value| Argument { name: None, value }).collect()
    }

    fn symbols<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<(Symbol, bool)> {
        let [_] = around.parents else { return Vec::new() };
        let kind = match node.kind() {
            "function_item" => SymbolKind::Function,
            "const_item" | "static_item" => SymbolKind::Value,
            "mod_item" => SymbolKind::Module,
            _ => SymbolKind::Type,
        };
        let Some(name) = field_text(node, "name", src) else { return Vec::new() };
        let public =
            named_children(node, 1).first().is_some_and(|child| child.kind() == "visibility_modifier");
        let documented = around.comment.is_some_and(|comment| {
            let written = text(comment, src);
            written.starts_with("///") || written.starts_with("/**")
        });
        let symbol = symbol(node, name, kind, public);
        vec![(symbol, documented)]
    }

    fn is_empty_handler(&self, _node: Node<'_>, _src: &str) -> bool {
        false
    }

    fn is_default_case(&self, node: Node<'_>, src: &str) -> bool {
        field(node, "pattern").is_some_and(|pattern| text(pattern, src) == "_")
    }
}

/// A macro call: its arguments are tokens, not expressions, to the grammar.
fn invocation<'t>(node: Node<'t>, src: &'t str) -> Expr<'t> {
    let Some(name) = field_text(node, "macro", src) else { return Expr::Other };
    let name = name.rsplit("::").next().unwrap_or(name);
    let tokens = named_children(node, 4).into_iter().find(|child| child.kind() == "token_tree");
    let Some(tokens) = tokens.filter(|_| FORMATTERS.contains(&name)) else {
        return Expr::Macro { name, text: String::new(), names: Vec::new() };
    };
    let mut literal = None;
    let mut names = Vec::new();
    for token in named_children(tokens, 64) {
        match token.kind() {
            "string_literal" | "raw_string_literal" if literal.is_none() => {
                literal = Some(first_named(token).map_or("", |content| text(content, src)));
            }
            "identifier" | "self" if literal.is_some() => names.push(text(token, src)),
            "token_tree" if literal.is_some() => names.push("(..)"),
            _ => {}
        }
    }
    let (text, inline) = placeholders(literal.unwrap_or_default());
    names.extend(inline);
    Expr::Macro { name, text, names }
}

/// A format string with each placeholder as a NUL, and the names that stand in its placeholders.
fn placeholders(template: &str) -> (String, Vec<&str>) {
    let mut literal = String::new();
    let mut names = Vec::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        literal.push_str(rest.get(..open).unwrap_or_default());
        let after = rest.get(open + 1..).unwrap_or_default();
        if let Some(escaped) = after.strip_prefix('{') {
            literal.push('{');
            rest = escaped;
            continue;
        }
        let Some(close) = after.find('}') else { break };
        let name = after.get(..close).unwrap_or_default().split(':').next().unwrap_or_default();
        if !name.is_empty() && !name.bytes().all(|byte| byte.is_ascii_digit()) {
            names.push(name);
        }
        literal.push('\0');
        rest = after.get(close + 1..).unwrap_or_default();
    }
    literal.push_str(rest);
    (literal, names)
}

/// The inline modules around a node, outermost first.
fn inline_modules(parents: &[Node<'_>], src: &str) -> String {
    let names = parents.iter().filter(|parent| parent.kind() == "mod_item");
    names.filter_map(|module| field_text(*module, "name", src)).collect::<Vec<_>>().join("::")
}

/// The file named by `#[path = ".."]`; it starts with `./` to tell it from a name.
fn path_attribute(attribute: Node<'_>, src: &str) -> Option<String> {
    let value = text(attribute, src).strip_prefix("#[path")?.split('"').nth(1)?;
    Some(format!("./{value}"))
}

/// The crate an `extern crate` names, as a path that no module can shadow, with the name it binds.
fn extern_crate(node: Node<'_>, src: &str) -> Option<(String, Option<String>)> {
    let name = field_text(node, "name", src)?;
    let local = field_text(node, "alias", src).unwrap_or(name);
    let path = if name == "self" { "crate".to_owned() } else { format!("::{name}") };
    Some((path, Some(local.to_owned())))
}

/// The paths at the leaves of a `use` tree, each with the name it binds.
fn use_leaves(tree: Node<'_>, src: &str, out: &mut Vec<(String, Option<String>)>) {
    let mut open = vec![(tree, String::new())];
    while let Some((node, prefix)) = open.pop() {
        if out.len() >= 512 || prefix.len() > 400 {
            return;
        }
        let join = |tail: &str| if prefix.is_empty() { tail.to_owned() } else { format!("{prefix}::{tail}") };
        match node.kind() {
            "use_as_clause" => {
                let path = field_text(node, "path", src).unwrap_or_default();
                out.push((join(path), field_text(node, "alias", src).map(str::to_owned)));
            }
            "scoped_use_list" => {
                let path = field_text(node, "path", src).map_or_else(|| prefix.clone(), &join);
                open.extend(field(node, "list").map(|list| (list, path)));
            }
            "use_list" => {
                open.extend(named_children(node, 256).into_iter().rev().map(|child| (child, prefix.clone())));
            }
            "use_wildcard" => {
                let path = first_named(node).map_or("", |path| text(path, src));
                out.push((if path.is_empty() { prefix } else { join(path) } + "::*", None));
            }
            "self" if !prefix.is_empty() => {
                let local = prefix.rsplit("::").next().map(str::to_owned);
                out.push((prefix, local));
            }
            _ => {
                let path = text(node, src);
                let local = path.rsplit("::").next().map(str::to_owned);
                out.push((join(path), local));
            }
        }
    }
}
