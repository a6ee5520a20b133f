//! JavaScript with JSX, TypeScript, and TSX: one family with three grammars.

mod roles;

use tree_sitter::Node;

use crate::syntax::language::{
    Adapter, Argument, Around, Bound, Expr, Imported, Language, Parameter, field, field_text, first_line,
    first_named, last_line, named_children, text,
};
use crate::syntax::{Import, ImportKind, Symbol, SymbolKind};
use roles::ROLES;

const FAMILY: &str = "JavaScript";

/// Names that one import may take to be looked at one by one.
const MAX_SPECIFIERS: usize = 256;

pub(super) fn all() -> Vec<Language> {
    let typescript = tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into();
    let tsx = tree_sitter_typescript::LANGUAGE_TSX.into();
    vec![
        Language::new("JavaScript", FAMILY, tree_sitter_javascript::LANGUAGE.into(), ROLES, &JavaScript),
        Language::new("TypeScript", FAMILY, typescript, ROLES, &JavaScript),
        Language::new("TSX", FAMILY, tsx, ROLES, &JavaScript),
    ]
}

struct JavaScript;

/// The content of a string node, without its quotes.
fn unquoted<'t>(node: Node<'_>, src: &'t str) -> &'t str {
    let whole = text(node, src);
    whole.get(1..whole.len().saturating_sub(1)).unwrap_or_default()
}

/// A module's name without the prefix that only says that it is built in.
fn module_path(specifier: &str) -> &str {
    specifier.strip_prefix("node:").unwrap_or(specifier)
}

/// The string given to `require(..)` or `import(..)`, with the kind of import it is.
fn required<'t>(node: Node<'_>, src: &'t str) -> Option<(&'t str, ImportKind)> {
    let kind = match text(field(node, "function")?, src) {
        "require" => ImportKind::Static,
        "import" => ImportKind::Deferred,
        _ => return None,
    };
    let argument = first_named(field(node, "arguments")?)?;
    (argument.kind() == "string").then(|| (unquoted(argument, src), kind))
}

impl Adapter for JavaScript {
    fn expr<'t>(&self, node: Node<'t>, src: &'t str) -> Expr<'t> {
        match node.kind() {
            "string" => Expr::Text(unquoted(node, src)),
            "regex" => Expr::Text(field_text(node, "pattern", src).unwrap_or_default()),
            "template_string" => template(node, src),
            "number" | "true" | "false" | "null" | "undefined" => Expr::Scalar(text(node, src)),
            "identifier" | "this" | "super" | "shorthand_property_identifier" => Expr::Name(text(node, src)),
            "binary_expression" => binary(node, src),
            "call_expression" => {
                let arguments = field(node, "arguments").filter(|arguments| arguments.kind() == "arguments");
                field(node, "function").map_or(Expr::Other, |callee| Expr::Call { callee, arguments })
            }
            "new_expression" => field(node, "constructor")
                .map_or(Expr::Other, |callee| Expr::Call { callee, arguments: field(node, "arguments") }),
            "member_expression" => match (field(node, "object"), field_text(node, "property", src)) {
                (Some(object), Some(property)) => Expr::Member { object, property },
                _ => Expr::Other,
            },
            "subscript_expression" => {
                field(node, "object").map_or(Expr::Other, |object| Expr::Index { object })
            }
            "parenthesized_expression"
            | "await_expression"
            | "as_expression"
            | "non_null_expression"
            | "satisfies_expression"
            | "jsx_expression" => first_named(node).map_or(Expr::Other, Expr::Wrap),
            "assignment_expression" => field(node, "right").map_or(Expr::Other, Expr::Wrap),
            "ternary_expression" => match (field(node, "consequence"), field(node, "alternative")) {
                (Some(one), Some(other)) => Expr::Choice(one, other),
                _ => Expr::Other,
            },
            "array" => Expr::List(node),
            _ => Expr::Other,
        }
    }

    fn function_name<'t>(&self, node: Node<'t>, src: &'t str, parents: &[Node<'t>]) -> Option<String> {
        if let Some(name) = field_text(node, "name", src) {
            return Some(name.to_owned());
        }
        let parent = parents.last()?;
        match parent.kind() {
            "variable_declarator" | "public_field_definition" => field_text(*parent, "name", src),
            "pair" => field_text(*parent, "key", src),
            "field_definition" => field_text(*parent, "property", src),
            "assignment_expression" => field_text(*parent, "left", src),
            _ => None,
        }
        .filter(|name| name.len() <= 80 && !name.contains(['\n', '(']))
        .map(str::to_owned)
    }

    fn parameters<'t>(&self, node: Node<'t>, src: &'t str) -> (Vec<Parameter<'t>>, u32) {
        if let Some(only) = field(node, "parameter") {
            return (vec![Parameter { name: text(only, src), kind: None, default: None }], 1);
        }
        let Some(list) = field(node, "parameters") else { return (Vec::new(), 0) };
        let mut found = Vec::new();
        let mut count = 0;
        for parameter in named_children(list, 256) {
            let (pattern, default) = match parameter.kind() {
                "assignment_pattern" => (field(parameter, "left"), field(parameter, "right")),
                "required_parameter" | "optional_parameter" => {
                    (field(parameter, "pattern"), field(parameter, "value"))
                }
                _ => (Some(parameter), None),
            };
            let Some(pattern) = pattern else { continue };
            if text(pattern, src) == "this" {
                continue;
            }
            count += 1;
            let mut names = Vec::new();
            pattern_names(pattern, src, &mut names);
            for (name, _) in names {
                found.push(Parameter { name, kind: field(parameter, "type"), default });
            }
        }
        (found, count)
    }

    fn requested<'t>(&self, node: Node<'t>, src: &'t str) -> Vec<&'t str> {
        let list = field(node, "parameters").map_or_else(Vec::new, |list| named_children(list, 3));
        let Some(first) = list.first().copied() else { return Vec::new() };
        let answers = list.get(1).is_some_and(|second| {
            let name = text(*second, src).split([':', '?']).next().unwrap_or_default().trim();
            matches!(name.trim_start_matches('_'), "res" | "response" | "reply")
        });
        let typed = field(first, "type").is_some_and(|kind| text(kind, src).ends_with("Request"));
        let pattern = field(first, "pattern").unwrap_or(first);
        if pattern.kind() != "object_pattern" || !(answers || typed) {
            return Vec::new();
        }
        let mut names = Vec::new();
        pattern_names(pattern, src, &mut names);
        let parts = ["query", "params", "body", "cookies", "headers"];
        let of_request = |(name, member): (&'t str, Option<&'t str>)| {
            parts.contains(&member.unwrap_or(name)).then_some(name)
        };
        names.into_iter().filter_map(of_request).collect()
    }

    fn is_async(&self, node: Node<'_>, src: &str) -> bool {
        text(node, src)
            .get(..64)
            .unwrap_or(text(node, src))
            .split_whitespace()
            .take(3)
            .any(|word| word == "async")
    }

    fn is_else_if(&self, _node: Node<'_>, parent: Node<'_>, _field: Option<&str>) -> bool {
        parent.kind() == "else_clause"
    }

    fn is_plain_else(&self, node: Node<'_>, _parent: Node<'_>, _field: Option<&str>) -> bool {
        node.kind() == "else_clause" && first_named(node).is_some_and(|body| body.kind() != "if_statement")
    }

    fn is_each_loop(&self, node: Node<'_>) -> bool {
        matches!(node.kind(), "for_statement" | "for_in_statement")
    }

    fn imports<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<Imported> {
        let import = |specifier: &str, kind| Import {
            specifier: specifier.to_owned(),
            names: Vec::new(),
            within: String::new(),
            line: first_line(node),
            kind,
        };
        if node.kind() == "call_expression" {
            let Some((specifier, mut kind)) = required(node, src) else { return Vec::new() };
            if kind == ImportKind::Static && around.in_function {
                kind = ImportKind::Deferred;
            }
            return vec![Imported { import: Some(import(specifier, kind)), names: Vec::new() }];
        }
        let source = field(node, "source").or_else(|| {
            let clause =
                named_children(node, 8).into_iter().find(|child| child.kind() == "import_require_clause")?;
            field(clause, "source")
        });
        let Some(source) = source else { return Vec::new() };
        let specifier = unquoted(source, src);
        let types = has_type_keyword(node);
        let kind = match (types, node.kind()) {
            (true, _) => ImportKind::Types,
            (_, "export_statement") => ImportKind::Reexport,
            _ => ImportKind::Static,
        };
        let mut names = Vec::new();
        if node.kind() == "import_statement" {
            imported_names(node, module_path(specifier), src, &mut names);
        }
        let named = named_specifiers(node);
        // `import { type A }`: the names that are types by their own word load nothing.
        let loaded: Vec<String> = named
            .iter()
            .filter(|specifier| !has_type_keyword(**specifier))
            .filter_map(|specifier| field_text(*specifier, "name", src).map(str::to_owned))
            .collect();
        let kind = if loaded.is_empty() && !named.is_empty() { ImportKind::Types } else { kind };
        vec![Imported { import: Some(Import { names: loaded, ..import(specifier, kind) }), names }]
    }

    fn bindings<'t>(&self, node: Node<'t>, src: &'t str) -> Vec<Bound<'t>> {
        let (target, value) = match node.kind() {
            "variable_declarator" => (field(node, "name"), field(node, "value")),
            "for_in_statement" => (field(node, "left"), None),
            _ => (field(node, "left"), field(node, "right")),
        };
        let Some(target) = target else { return Vec::new() };
        if target.kind() == "identifier" {
            // `a += b` gives neither the old nor the new value: the node itself stands for both.
            let value = if node.kind() == "augmented_assignment_expression" { Some(node) } else { value };
            return vec![Bound { name: text(target, src), value, member: None }];
        }
        let mut names = Vec::new();
        pattern_names(target, src, &mut names);
        names
            .into_iter()
            .map(|(name, member)| Bound { name, value: value.filter(|_| member.is_some()), member })
            .collect()
    }

    fn assignment<'t>(&self, node: Node<'t>, _src: &'t str) -> Option<(Node<'t>, Node<'t>)> {
        let target = field(node, "left")?;
        (target.kind() == "member_expression").then_some(())?;
        Some((target, field(node, "right")?))
    }

    fn pair<'t>(&self, node: Node<'t>, src: &'t str) -> Option<(&'t str, Node<'t>)> {
        if node.kind() == "jsx_attribute" {
            let parts = named_children(node, 2);
            return Some((text(*parts.first()?, src), *parts.get(1)?));
        }
        let key = field_text(node, "key", src)?.trim_matches(['"', '\'']);
        Some((key, field(node, "value")?))
    }

    fn arguments<'t>(&self, arguments: Node<'t>, _src: &'t str) -> Vec<Argument<'t>> {
        named_children(arguments, 16).into_iter().map(|value| Argument { name: None, value }).collect()
    }

    fn symbols<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<(Symbol, bool)> {
        let public = match around.parents {
            [_] => false,
            [_, export] if export.kind() == "export_statement" => true,
            _ => return Vec::new(),
        };
        let kind = match node.kind() {
            "lexical_declaration" | "variable_declaration" => SymbolKind::Value,
            kind if kind.contains("function") => SymbolKind::Function,
            _ => SymbolKind::Type,
        };
        let documented = around.comment.is_some_and(|comment| text(comment, src).starts_with("/**"));
        let symbol = |name: &str, kind| Symbol {
            name: name.to_owned(),
            kind,
            public,
            start: first_line(node),
            end: last_line(node),
        };
        if kind != SymbolKind::Value {
            return field_text(node, "name", src)
                .map(|name| (symbol(name, kind), documented))
                .into_iter()
                .collect();
        }
        let declarators =
            named_children(node, 64).into_iter().filter(|child| child.kind() == "variable_declarator");
        declarators
            .filter_map(|declarator| {
                let name = field(declarator, "name").filter(|name| name.kind() == "identifier")?;
                let function = field(declarator, "value").is_some_and(is_function);
                let kind = if function { SymbolKind::Function } else { SymbolKind::Value };
                Some((symbol(text(name, src), kind), documented))
            })
            .collect()
    }

    fn is_empty_handler(&self, node: Node<'_>, _src: &str) -> bool {
        field(node, "body").is_some_and(|body| body.named_child_count() == 0)
    }
}

fn is_function(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "function_declaration"
            | "generator_function_declaration"
            | "method_definition"
            | "function_expression"
            | "generator_function"
            | "arrow_function"
    )
}

fn has_type_keyword(node: Node<'_>) -> bool {
    let mut cursor = node.walk();
    let mut more = cursor.goto_first_child();
    while more && cursor.node().kind() != "string" {
        if cursor.node().kind() == "type" {
            return true;
        }
        more = cursor.goto_next_sibling();
    }
    false
}

fn template<'t>(node: Node<'t>, src: &'t str) -> Expr<'t> {
    let parts: Vec<Node<'t>> = named_children(node, 64)
        .into_iter()
        .filter(|child| child.kind() == "template_substitution")
        .collect();
    if parts.is_empty() {
        return Expr::Text(unquoted(node, src));
    }
    let mut literal = String::new();
    let mut from = node.start_byte() + 1;
    for part in &parts {
        literal.push_str(src.get(from..part.start_byte()).unwrap_or_default());
        literal.push('\0');
        from = part.end_byte();
    }
    literal.push_str(src.get(from..node.end_byte().saturating_sub(1)).unwrap_or_default());
    Expr::Format(literal, parts.into_iter().filter_map(first_named).collect())
}

fn binary<'t>(node: Node<'t>, src: &'t str) -> Expr<'t> {
    let (Some(left), Some(right)) = (field(node, "left"), field(node, "right")) else { return Expr::Other };
    match field_text(node, "operator", src) {
        Some("+") => Expr::Concat(left, right),
        Some("||" | "??") => Expr::Choice(left, right),
        _ => Expr::Other,
    }
}

/// The names a pattern binds; with the member where the pattern takes one of the whole value.
fn pattern_names<'t>(pattern: Node<'t>, src: &'t str, out: &mut Vec<(&'t str, Option<&'t str>)>) {
    let mut open = vec![(pattern, 0_u8)];
    while let Some((node, depth)) = open.pop() {
        if depth > 4 || out.len() > 64 {
            continue;
        }
        let member = |name| if depth == 1 { Some(name) } else { None };
        match node.kind() {
            "identifier" => out.push((text(node, src), None)),
            "shorthand_property_identifier_pattern" => {
                let name = text(node, src);
                out.push((name, member(name)));
            }
            "pair_pattern" => match (field_text(node, "key", src), field(node, "value")) {
                (Some(key), Some(value)) if value.kind() == "identifier" => {
                    out.push((text(value, src), member(key)));
                }
                (_, Some(value)) => open.push((value, depth + 1)),
                _ => {}
            },
            "object_pattern" | "array_pattern" | "rest_pattern" | "lexical_declaration" => {
                open.extend(named_children(node, 64).into_iter().map(|child| (child, depth + 1)));
            }
            "object_assignment_pattern" | "assignment_pattern" => {
                open.extend(field(node, "left").map(|left| (left, depth)));
            }
            _ => {}
        }
    }
}

/// What an `import` or `export` takes from another file by names in braces; nothing where it takes more than those.
fn named_specifiers(node: Node<'_>) -> Vec<Node<'_>> {
    let mut lists = named_children(node, 8);
    if let Some(clause) = lists.iter().find(|child| child.kind() == "import_clause") {
        lists = named_children(*clause, 8);
        if lists.len() > 1 {
            return Vec::new();
        }
    }
    let list = lists.into_iter().find(|child| matches!(child.kind(), "named_imports" | "export_clause"));
    // A longer list is not looked at: what is beyond the limit might be loaded.
    list.map(|list| named_children(list, MAX_SPECIFIERS + 1))
        .filter(|specifiers| specifiers.len() <= MAX_SPECIFIERS)
        .unwrap_or_default()
}

/// The names an `import` statement binds, with the paths they stand for.
fn imported_names(node: Node<'_>, module: &str, src: &str, out: &mut Vec<(String, String)>) {
    for clause in named_children(node, 8) {
        if clause.kind() == "import_require_clause" {
            out.extend(first_named(clause).map(|name| (text(name, src).to_owned(), module.to_owned())));
        }
        if clause.kind() != "import_clause" {
            continue;
        }
        for part in named_children(clause, 8) {
            match part.kind() {
                "identifier" => out.push((text(part, src).to_owned(), module.to_owned())),
                "namespace_import" => {
                    out.extend(first_named(part).map(|name| (text(name, src).to_owned(), module.to_owned())));
                }
                "named_imports" => {
                    for specifier in named_children(part, 256) {
                        let Some(name) = field_text(specifier, "name", src) else { continue };
                        let local = field_text(specifier, "alias", src).unwrap_or(name);
                        out.push((local.to_owned(), format!("{module}.{name}")));
                    }
                }
                _ => {}
            }
        }
    }
}
