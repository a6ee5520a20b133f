//! How the code at a place is reached: by the address of a route, or by the name of its function, and what stands before.

use tree_sitter::Node;

/// Nodes above a place that are climbed to its function.
const MAX_ABOVE: usize = 64;

/// Longest text before a function that is looked at.
const MAX_HEAD: usize = 400;

/// The innermost function around a place that has a name, or that is handed to a route together with an address.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reached<'a> {
    /// The address of the route.
    pub address: Option<&'a str>,
    /// What stands before the function: what it is handed over with behind the address, or its decorators.
    pub before: &'a str,
}

/// How a place is reached.
pub(super) fn reached<'a>(node: Node<'_>, src: &'a str) -> Reached<'a> {
    let mut above = std::iter::successors(Some(node), Node::parent).take(MAX_ABOVE);
    let found = above.find_map(|function| {
        let has_body = || function.child_by_field_name("body").is_some();
        let block = matches!(function.kind(), "do_block" | "block" | "annotated_lambda");
        let is_function = ["func", "method", "lambda", "closure", "arrow"]
            .iter()
            .any(|word| function.kind().contains(word))
            && has_body();
        if !block && !is_function {
            return None;
        }
        let handed = handed_over(function, src);
        let of_a_route =
            handed.and_then(address).map(|(address, before)| Reached { address: Some(address), before });
        let named = || {
            let alone = handed.is_none() && !block;
            alone.then(|| Reached { address: None, before: decorators(function, src) })
        };
        of_a_route.or_else(named)
    });
    found.unwrap_or(Reached { address: None, before: "" })
}

/// What a call is given before a function; `None` where the function is handed to no call.
fn handed_over<'a>(function: Node<'_>, src: &'a str) -> Option<&'a str> {
    let above = std::iter::successors(function.parent(), Node::parent).take(3);
    let mut between = above
        .take_while(|node| !["statement", "declarat", "body"].iter().any(|word| node.kind().contains(word)));
    let call = between.find(|node| ["call", "invocation"].iter().any(|word| node.kind().contains(word)))?;
    let list = call.child_by_field_name("arguments").unwrap_or(call);
    let before = src.get(list.start_byte()..function.start_byte())?;
    (before.len() <= MAX_HEAD).then_some(before)
}

/// The address that begins what a call is given, and what follows it.
fn address(before: &str) -> Option<(&str, &str)> {
    let mut parts = before.splitn(3, ['"', '\'', '`']).skip(1);
    let (first, rest) = (parts.next()?, parts.next()?);
    first.starts_with('/').then_some((first, rest))
}

/// What stands before the name of a function: decorators, annotations, attributes, modifiers.
fn decorators<'a>(function: Node<'_>, src: &'a str) -> &'a str {
    let around = function.parent().filter(|parent| parent.kind() == "decorated_definition");
    let mut start = around.unwrap_or(function).start_byte();
    // In TypeScript they stand beside the method.
    let mut beside = std::iter::successors(function.prev_named_sibling(), Node::prev_named_sibling).take(8);
    while let Some(one) = beside.next().filter(|one| one.kind() == "decorator") {
        start = one.start_byte();
    }
    let name = function.child_by_field_name("name").map_or(function.start_byte(), |name| name.start_byte());
    src.get(start..name).filter(|before| before.len() <= MAX_HEAD).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::language::text;

    /// How the first `here` of a text is reached.
    fn of<'a>(grammar: &tree_sitter::Language, src: &'a str) -> (Option<&'a str>, &'a str) {
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(grammar).expect("a grammar");
        let tree = parser.parse(src, None).expect("a tree");
        let at = src.find("here").expect("a place");
        let node = tree.root_node().descendant_for_byte_range(at, at + 4).expect("a node");
        assert_eq!(text(node, src), "here");
        let reached = reached(node, src);
        (reached.address, reached.before)
    }

    #[test]
    fn the_innermost_route_or_name_is_told() {
        let js = tree_sitter_javascript::LANGUAGE.into();
        assert_eq!(
            of(&js, "function routes(app) { app.put('/a/:id', admin, async (q, r) => { f(() => here); }); }"),
            (Some("/a/:id"), ", admin, ")
        );
        assert_eq!(of(&js, "app.use('/a', () => { const f = () => { here; }; });"), (None, ""));
        assert_eq!(of(&js, "function f(app) { x.then(() => here); }").0, None);
        assert_eq!(of(&js, "load('a', () => { here; });").0, None);
        let python = tree_sitter_python::LANGUAGE.into();
        assert_eq!(
            of(&python, "@app.route('/a')\n@admin\ndef f():\n    here\n"),
            (None, "@app.route('/a')\n@admin\ndef ")
        );
        let ruby = tree_sitter_ruby::LANGUAGE.into();
        assert_eq!(of(&ruby, "post '/a' do\n  here\nend\n").0, Some("/a"));
        let java = tree_sitter_java::LANGUAGE.into();
        assert_eq!(of(&java, "class A { @Admin void f() { here(); } }"), (None, "@Admin void "));
    }
}
