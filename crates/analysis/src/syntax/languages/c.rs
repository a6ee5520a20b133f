//! C and C++: two grammars, of which one goes beyond the other.

use tree_sitter::Node;

use super::shapes::{call, choice, symbol};
use crate::syntax::language::{
    Adapter, Argument, Around, Bound, Expr, Imported, Language, Parameter, Role, field, field_text,
    first_line, first_named, named_children, text,
};
use crate::syntax::{Import, ImportKind, Symbol, SymbolKind};

const TYPE: Role = Role::CLASS.with(Role::SYMBOL);

const ROLES: &[(&str, Role)] = &[
    ("function_definition", Role::FUNCTION.with(Role::SYMBOL)),
    ("lambda_expression", Role::FUNCTION.with(Role::LAMBDA)),
    ("if_statement", Role::IF),
    ("else_clause", Role::ELSE),
    ("for_statement", Role::LOOP),
    ("for_range_loop", Role::LOOP.with(Role::BIND)),
    ("while_statement", Role::LOOP),
    ("do_statement", Role::LOOP),
    ("switch_statement", Role::SWITCH),
    ("case_statement", Role::CASE),
    ("catch_clause", Role::CATCH),
    ("conditional_expression", Role::TERNARY),
    ("binary_expression", Role::BINARY),
    ("goto_statement", Role::JUMP),
    ("call_expression", Role::CALL),
    ("new_expression", Role::CALL),
    ("preproc_include", Role::IMPORT),
    ("init_declarator", Role::BIND),
    ("assignment_expression", Role::BIND),
    ("class_specifier", TYPE),
    ("struct_specifier", TYPE),
    ("union_specifier", TYPE),
    ("enum_specifier", Role::SYMBOL),
    ("type_definition", Role::SYMBOL),
    ("alias_declaration", Role::SYMBOL),
    ("concept_definition", Role::SYMBOL),
    ("declaration", Role::SYMBOL),
    ("initializer_pair", Role::PAIR),
    ("attribute_declaration", Role::ATTRIBUTE),
    ("comment", Role::COMMENT),
];

pub(super) fn all() -> [Language; 2] {
    [
        Language::new("C", "C", tree_sitter_c::LANGUAGE.into(), ROLES, &C { more: &[] }),
        Language::new("C++", "C", tree_sitter_cpp::LANGUAGE.into(), ROLES, &C { more: &KEYWORDS_OF_CPP }),
    ]
}

struct C {
    /// Words that cannot be names, besides those of C.
    more: &'static [&'static str],
}

/// Words of C that the parser takes for names where a macro it cannot know stands before them.
const KEYWORDS: [&str; 26] = [
    "if", "else", "for", "while", "do", "switch", "case", "default", "return", "goto", "struct", "union",
    "enum", "typedef", "static", "extern", "const", "volatile", "void", "char", "int", "long", "short",
    "unsigned", "float", "double",
];

const KEYWORDS_OF_CPP: [&str; 16] = [
    "namespace",
    "class",
    "template",
    "typename",
    "using",
    "public",
    "private",
    "protected",
    "try",
    "catch",
    "throw",
    "new",
    "delete",
    "constexpr",
    "friend",
    "virtual",
];

impl C {
    fn is_keyword(&self, name: &str) -> bool {
        KEYWORDS.contains(&name) || self.more.contains(&name)
    }

    /// Whether a definition is called like a keyword: `MACRO namespace a { .. }` becomes a function `namespace`.
    fn is_misread(&self, definition: Node<'_>, src: &str) -> bool {
        let name = field(definition, "declarator").and_then(|declarator| declared(declarator).0);
        name.is_some_and(|name| self.is_keyword(text(name, src)))
    }

    /// Whether a node whose parents are these is at the top of the file, or of a namespace.
    fn is_top(&self, parents: &[Node<'_>], src: &str) -> bool {
        let mut inside_misread = false;
        parents.iter().all(|parent| match parent.kind() {
            "translation_unit"
            | "preproc_if"
            | "preproc_ifdef"
            | "preproc_else"
            | "preproc_elif"
            | "linkage_specification"
            | "namespace_definition"
            | "declaration_list"
            | "template_declaration"
            | "type_definition" => true,
            "function_definition" => {
                inside_misread = self.is_misread(*parent, src);
                inside_misread
            }
            "compound_statement" => std::mem::take(&mut inside_misread),
            _ => false,
        })
    }
}

/// Declarators around a name: pointers, references, arrays, parentheses.
const MAX_DECLARATORS: usize = 16;

/// A string without its quotes and prefix.
fn string<'t>(node: Node<'t>, src: &'t str) -> &'t str {
    let parts = named_children(node, 64);
    match (parts.first(), parts.last()) {
        (Some(first), Some(last)) => src.get(first.start_byte()..last.end_byte()).unwrap_or_default(),
        _ => "",
    }
}

/// What stands inside a declarator.
fn inner(node: Node<'_>) -> Option<Node<'_>> {
    field(node, "declarator").or_else(|| match node.kind() {
        "reference_declarator" | "parenthesized_declarator" | "attributed_declarator" => first_named(node),
        _ => None,
    })
}

/// The name inside declarators, with the declarator of the function it is, if it is one.
fn declared(node: Node<'_>) -> (Option<Node<'_>>, Option<Node<'_>>) {
    let (mut node, mut function) = (node, None);
    for _ in 0..MAX_DECLARATORS {
        if node.kind() == "function_declarator" && function.is_none() {
            function = Some(node);
        }
        match inner(node) {
            Some(next) => node = next,
            None => break,
        }
    }
    let named = matches!(
        node.kind(),
        "identifier"
            | "field_identifier"
            | "type_identifier"
            | "qualified_identifier"
            | "destructor_name"
            | "operator_name"
            | "operator_cast"
            | "template_function"
    );
    (named.then_some(node), function)
}

/// `Type<int>::method` as `Type.method`.
fn plain_name(written: &str) -> String {
    let mut depth = 0_u32;
    let mut name = String::with_capacity(written.len());
    let operator = written.find("operator").unwrap_or(written.len());
    for (at, letter) in written.char_indices() {
        match letter {
            '<' if at < operator => depth += 1,
            '>' if at < operator => depth = depth.saturating_sub(1),
            _ if depth == 0 && !letter.is_whitespace() => name.push(letter),
            _ => {}
        }
    }
    name.replace("::", ".")
}

fn function_declarator(node: Node<'_>) -> Option<Node<'_>> {
    let outer = field(node, "declarator")?;
    if outer.kind() == "abstract_function_declarator" { Some(outer) } else { declared(outer).1 }
}

impl Adapter for C {
    fn expr<'t>(&self, node: Node<'t>, src: &'t str) -> Expr<'t> {
        match node.kind() {
            "string_literal" | "raw_string_literal" => Expr::Text(string(node, src)),
            "concatenated_string" => {
                Expr::Format("\0".repeat(node.named_child_count()), named_children(node, 64))
            }
            "number_literal" | "char_literal" | "true" | "false" | "null" | "sizeof_expression" => {
                Expr::Scalar(text(node, src))
            }
            "identifier" | "field_identifier" | "type_identifier" | "namespace_identifier" | "this" => {
                Expr::Name(text(node, src))
            }
            "qualified_identifier" => {
                let path = text(node, src);
                if path.len() > 200 || path.contains(['<', '(', '\n']) {
                    return Expr::Other;
                }
                Expr::Path(path.split("::").map(str::trim).filter(|segment| !segment.is_empty()).collect())
            }
            "template_function" => field(node, "name").map_or(Expr::Other, Expr::Wrap),
            "binary_expression" => match (field(node, "left"), field(node, "right")) {
                (Some(left), Some(right)) if field_text(node, "operator", src) == Some("+") => {
                    Expr::Concat(left, right)
                }
                _ => Expr::Other,
            },
            "call_expression" => call(node, "function"),
            "new_expression" => call(node, "type"),
            "field_expression" => match (field(node, "argument"), field_text(node, "field", src)) {
                (Some(object), Some(property)) => Expr::Member { object, property },
                _ => Expr::Other,
            },
            "subscript_expression" => {
                field(node, "argument").map_or(Expr::Other, |object| Expr::Index { object })
            }
            "cast_expression" => field(node, "value").map_or(Expr::Other, Expr::Wrap),
            "pointer_expression" => field(node, "argument").map_or(Expr::Other, Expr::Wrap),
            "parenthesized_expression" => first_named(node).map_or(Expr::Other, Expr::Wrap),
            "assignment_expression" => field(node, "right").map_or(Expr::Other, Expr::Wrap),
            "conditional_expression" => choice(field(node, "consequence"), field(node, "alternative")),
            "initializer_list" => Expr::List(node),
            _ => Expr::Other,
        }
    }

    fn function_name<'t>(&self, node: Node<'t>, src: &'t str, parents: &[Node<'t>]) -> Option<String> {
        if node.kind() == "lambda_expression" {
            let parent = parents.last().filter(|parent| parent.kind() == "init_declarator")?;
            let name = field(*parent, "declarator").filter(|name| name.kind() == "identifier")?;
            return Some(text(name, src).to_owned());
        }
        let (name, function) = declared(field(node, "declarator")?);
        let name = text(name?, src);
        // `TEST(Suite, Name) { .. }` and its kin: a macro that makes a function.
        if field(node, "type").is_none() && name.starts_with("TEST") {
            let parts = function.and_then(|function| field(function, "parameters"));
            let parts = parts.map(|parts| text(parts, src).trim_matches(['(', ')']).replace(", ", "."));
            return parts.filter(|parts| !parts.is_empty() && parts.len() <= 120).or(Some(name.to_owned()));
        }
        Some(plain_name(name)).filter(|name| name.len() <= 200)
    }

    fn parameters<'t>(&self, node: Node<'t>, src: &'t str) -> (Vec<Parameter<'t>>, u32) {
        let Some(list) = function_declarator(node).and_then(|function| field(function, "parameters")) else {
            return (Vec::new(), 0);
        };
        let mut found = Vec::new();
        let mut count = 0;
        for parameter in named_children(list, 256) {
            if parameter.kind() == "variadic_parameter" {
                continue;
            }
            let (name, _) = field(parameter, "declarator").map_or((None, None), declared);
            let kind = field(parameter, "type");
            // `f(void)` takes nothing.
            let nothing = field(parameter, "declarator").is_none()
                && kind.is_some_and(|kind| text(kind, src) == "void");
            count += u32::from(!nothing);
            found.extend(name.map(|name| Parameter {
                name: text(name, src),
                kind,
                default: field(parameter, "default_value"),
            }));
        }
        (found, count)
    }

    fn is_defined(&self, node: Node<'_>, src: &str) -> bool {
        field(node, "body").is_some() && !self.is_misread(node, src)
    }

    fn is_else_if(&self, _node: Node<'_>, parent: Node<'_>, _field: Option<&str>) -> bool {
        parent.kind() == "else_clause"
    }

    fn is_plain_else(&self, node: Node<'_>, _parent: Node<'_>, _field: Option<&str>) -> bool {
        node.kind() == "else_clause" && first_named(node).is_none_or(|body| body.kind() != "if_statement")
    }

    fn is_each_loop(&self, node: Node<'_>) -> bool {
        match node.kind() {
            "for_range_loop" => true,
            // `for (;;)` waits for something.
            "for_statement" => field(node, "condition").is_some(),
            _ => false,
        }
    }

    fn class_name(&self, node: Node<'_>, src: &str) -> Option<String> {
        field(node, "body")?;
        field_text(node, "name", src).map(plain_name)
    }

    fn imports<'t>(&self, node: Node<'t>, src: &'t str, _around: &Around<'_, 't>) -> Vec<Imported> {
        let Some(path) = field(node, "path") else { return Vec::new() };
        // The angle brackets stay: they say that the file's own folder is not looked into.
        let specifier = match path.kind() {
            "string_literal" => string(path, src),
            "system_lib_string" => text(path, src),
            _ => return Vec::new(),
        };
        let import = Import {
            specifier: specifier.to_owned(),
            names: Vec::new(),
            within: String::new(),
            line: first_line(node),
            kind: ImportKind::Static,
        };
        vec![Imported { import: Some(import), names: Vec::new() }]
    }

    fn bindings<'t>(&self, node: Node<'t>, src: &'t str) -> Vec<Bound<'t>> {
        let (target, value) = match node.kind() {
            "assignment_expression" => {
                let compound = field_text(node, "operator", src) != Some("=");
                (field(node, "left"), if compound { Some(node) } else { field(node, "right") })
            }
            "for_range_loop" => (field(node, "declarator"), None),
            _ => (field(node, "declarator"), field(node, "value")),
        };
        let name = target.and_then(|target| declared(target).0).filter(|name| name.kind() == "identifier");
        name.map(|name| Bound { name: text(name, src), value, member: None }).into_iter().collect()
    }

    fn assignment<'t>(&self, node: Node<'t>, _src: &'t str) -> Option<(Node<'t>, Node<'t>)> {
        let target = field(node, "left").filter(|target| target.kind() == "field_expression")?;
        Some((target, field(node, "right")?))
    }

    fn pair<'t>(&self, node: Node<'t>, src: &'t str) -> Option<(&'t str, Node<'t>)> {
        let key = field(node, "designator").and_then(first_named)?;
        Some((text(key, src), field(node, "value")?))
    }

    fn arguments<'t>(&self, arguments: Node<'t>, _src: &'t str) -> Vec<Argument<'t>> {
        if arguments.kind() != "argument_list" {
            return Vec::new();
        }
        named_children(arguments, 16).into_iter().map(|value| Argument { name: None, value }).collect()
    }

    fn symbols<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<(Symbol, bool)> {
        if !self.is_top(around.parents, src) {
            return Vec::new();
        }
        let named = defined(node).filter(|(name, _)| !self.is_keyword(text(*name, src)));
        let Some((name, kind)) = named else { return Vec::new() };
        let own = |child: &Node<'_>| {
            child.kind() == "storage_class_specifier" && text(*child, src).starts_with("static")
        };
        let unnamed =
            |parent: &Node<'_>| parent.kind() == "namespace_definition" && field(*parent, "name").is_none();
        let public = !named_children(node, 4).iter().any(own) && !around.parents.iter().any(unnamed);
        let symbol = symbol(node, &plain_name(text(name, src)), kind, public);
        vec![(symbol, around.comment.is_some())]
    }

    fn is_empty_handler(&self, node: Node<'_>, src: &str) -> bool {
        // `catch (const Timeout&) {}` says what it expects; `catch (...) {}` swallows everything.
        let everything = field_text(node, "parameters", src).is_some_and(|caught| caught.contains("..."));
        everything && field(node, "body").is_some_and(|body| body.named_child_count() == 0)
    }

    fn has_conditional_text(&self) -> bool {
        true
    }

    fn is_default_case(&self, node: Node<'_>, _src: &str) -> bool {
        field(node, "value").is_none()
    }
}

/// The name that a node at the top of a file defines, and what it is.
fn defined(node: Node<'_>) -> Option<(Node<'_>, SymbolKind)> {
    match node.kind() {
        "function_definition" => Some((declared(field(node, "declarator")?).0?, SymbolKind::Function)),
        "declaration" | "type_definition" => {
            let outer = field(node, "declarator")?;
            let outer = if outer.kind() == "init_declarator" { field(outer, "declarator")? } else { outer };
            let (name, function) = declared(outer);
            let kind = match (node.kind(), function) {
                ("type_definition", _) => SymbolKind::Type,
                (_, Some(_)) => SymbolKind::Function,
                _ => SymbolKind::Value,
            };
            Some((name?, kind))
        }
        "alias_declaration" | "concept_definition" => Some((field(node, "name")?, SymbolKind::Type)),
        // Without a body it only names what is defined elsewhere.
        _ => {
            field(node, "body")?;
            Some((field(node, "name")?, SymbolKind::Type))
        }
    }
}
