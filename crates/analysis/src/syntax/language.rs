//! What the walk needs to know of a language: which node kinds play which role, and a small adapter that turns
//! the grammar's shapes into the common ones.

use std::sync::{LazyLock, OnceLock};

use tree_sitter::Node;

use super::{Import, Symbol};

/// What a node kind means to the walk. A kind can play several roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Role(u32);

impl Role {
    /// A function or method with a body.
    pub(super) const FUNCTION: Self = Self(1);
    /// A function without a name of its own.
    pub(super) const LAMBDA: Self = Self(1 << 1);
    /// `if`.
    pub(super) const IF: Self = Self(1 << 2);
    /// `elif` as a clause of its own.
    pub(super) const ELSE_IF: Self = Self(1 << 3);
    /// `else` as a clause of its own.
    pub(super) const ELSE: Self = Self(1 << 4);
    /// Any loop.
    pub(super) const LOOP: Self = Self(1 << 5);
    /// `switch`, `match`, `select` as a whole.
    pub(super) const SWITCH: Self = Self(1 << 6);
    /// One case, not the default one.
    pub(super) const CASE: Self = Self(1 << 7);
    /// The handler of an exception.
    pub(super) const CATCH: Self = Self(1 << 8);
    /// A conditional expression.
    pub(super) const TERNARY: Self = Self(1 << 9);
    /// A node that is a boolean operator if its operator is `&&`, `||`, `and` or `or`.
    pub(super) const BINARY: Self = Self(1 << 10);
    /// `break`, `continue` or `goto`, which count when they name a label.
    pub(super) const JUMP: Self = Self(1 << 11);
    /// A call.
    pub(super) const CALL: Self = Self(1 << 12);
    /// An import.
    pub(super) const IMPORT: Self = Self(1 << 13);
    /// A declaration or assignment that binds names.
    pub(super) const BIND: Self = Self(1 << 14);
    /// A class, `impl` or trait: gives its name to the methods in it.
    pub(super) const CLASS: Self = Self(1 << 15);
    /// A key and its value: in an object, a struct literal, or a markup attribute.
    pub(super) const PAIR: Self = Self(1 << 16);
    /// A decision that counts for cyclomatic complexity alone.
    pub(super) const DECISION: Self = Self(1 << 17);
    /// The node may give a top-level symbol.
    pub(super) const SYMBOL: Self = Self(1 << 18);
    /// An attribute or decorator: may stand between a documentation comment and what it documents.
    pub(super) const ATTRIBUTE: Self = Self(1 << 19);
    /// A comment.
    pub(super) const COMMENT: Self = Self(1 << 21);
    /// A member selection, noted where the language needs it to resolve imports.
    pub(super) const SELECT: Self = Self(1 << 20);

    /// A namespace: with a body, of what is in it; without, of what follows.
    pub(super) const SPACE: Self = Self(1 << 22);
    /// The node may be a name that leads to another file.
    pub(super) const USE: Self = Self(1 << 23);
    /// A keyword or sign, which has no name in the grammar, that the adapter wants to be asked about.
    pub(super) const TOKEN: Self = Self(1 << 24);

    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) const fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// An expression in the common shape.
#[derive(Debug, Clone)]
pub(super) enum Expr<'t> {
    /// A string without anything put into it: its content.
    Text(&'t str),
    /// A number, a truth value, nothing: the token.
    Scalar(&'t str),
    /// A string with other values put into it: its literal text and the values.
    Format(String, Vec<Node<'t>>),
    /// `a + b`.
    Concat(Node<'t>, Node<'t>),
    /// A call or construction.
    Call { callee: Node<'t>, arguments: Option<Node<'t>> },
    /// A call whose callee is no node of its own: `object.name(..)`, or `name(..)`.
    Method { object: Option<Node<'t>>, name: &'t str, arguments: Option<Node<'t>> },
    /// A macro whose arguments are tokens: its name with `!`, the literal text, the names in it.
    Macro { name: &'t str, text: String, names: Vec<&'t str> },
    /// A name.
    Name(&'t str),
    /// A path of names in one node, segments as written.
    Path(Vec<&'t str>),
    /// `object.property`.
    Member { object: Node<'t>, property: &'t str },
    /// `object[..]`.
    Index { object: Node<'t> },
    /// The same value in another dress: parentheses, `await`, casts, references.
    Wrap(Node<'t>),
    /// One of two values.
    Choice(Node<'t>, Node<'t>),
    /// A list of values.
    List(Node<'t>),
    /// Something else.
    Other,
}

/// A parameter of a function.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameter<'t> {
    pub name: &'t str,
    /// The type, where it is written.
    pub kind: Option<Node<'t>>,
    /// The default value.
    pub default: Option<Node<'t>>,
}

/// A name that a declaration or assignment gives a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound<'t> {
    pub name: &'t str,
    /// The value, where the whole of it is bound to the name.
    pub value: Option<Node<'t>>,
    /// The member of the value that is bound (`{ exec } = require("child_process")`).
    pub member: Option<&'t str>,
}

/// What stands around a node. The tree itself could say it too, but only by searching from its root.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a, 't> {
    /// The nodes above, the nearest last.
    pub parents: &'a [Node<'t>],
    /// The comment that ends on the line above the node, attributes between them aside.
    pub comment: Option<Node<'t>>,
    /// The attribute that ends on the line above the node or on its line.
    pub attribute: Option<Node<'t>>,
    /// Whether a function is around it, be it one without a name: asking all parents costs their number each time.
    pub in_function: bool,
    /// Whether a function with a name is around it.
    pub in_named: bool,
}

/// What an import brings: the import itself and the names it binds to paths.
#[derive(Debug, Default)]
pub(super) struct Imported {
    pub import: Option<Import>,
    /// (local name, path).
    pub names: Vec<(String, String)>,
}

/// An argument of a call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Argument<'t> {
    pub name: Option<&'t str>,
    pub value: Node<'t>,
}

/// What differs between languages beyond node kinds.
pub(super) trait Adapter: Sync {
    /// The expression in the common shape.
    fn expr<'t>(&self, node: Node<'t>, src: &'t str) -> Expr<'t>;

    /// The name of a function; `parents` are the nodes above it, the nearest last.
    fn function_name<'t>(&self, node: Node<'t>, src: &'t str, parents: &[Node<'t>]) -> Option<String>;

    /// The parameters of a function, and how many a caller gives.
    fn parameters<'t>(&self, node: Node<'t>, src: &'t str) -> (Vec<Parameter<'t>>, u32);

    /// The parameters that are parts of a request, where the shape of the function says so.
    fn requested<'t>(&self, _node: Node<'t>, _src: &'t str) -> Vec<&'t str> {
        Vec::new()
    }

    /// Whether the node is a function with a body. One without is a promise that another keeps; one that is called
    /// like a keyword is what the parser made of an error, and what is in it stands for itself.
    fn is_defined(&self, _node: Node<'_>, _src: &str) -> bool {
        true
    }

    /// Whether the function is asynchronous.
    fn is_async(&self, _node: Node<'_>, _src: &str) -> bool {
        false
    }

    /// Whether `node` is the `else if` of `parent`. The usual shape: an `if` in the field for alternatives of another.
    fn is_else_if(&self, node: Node<'_>, parent: Node<'_>, field: Option<&str>) -> bool {
        field == Some("alternative") && node.kind() == "if_statement" && parent.kind() == "if_statement"
    }

    /// Whether a node with [`Role::ELSE`], or the field of an `if`, is an `else` with a body of its own.
    fn is_plain_else(&self, node: Node<'_>, parent: Node<'_>, field: Option<&str>) -> bool {
        field == Some("alternative") && node.kind() != "if_statement" && parent.kind() == "if_statement"
    }

    /// Whether the loop goes over a collection or a range of numbers, so that its body runs once for each.
    fn is_each_loop(&self, node: Node<'_>) -> bool;

    /// Whether the attribute says that a test function follows.
    fn marks_test(&self, _attribute: Node<'_>, _src: &str) -> bool {
        false
    }

    /// The name that a class gives to its methods.
    fn class_name(&self, node: Node<'_>, src: &str) -> Option<String> {
        field_text(node, "name", src).map(str::to_owned)
    }

    /// What an import node brings.
    fn imports<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<Imported>;

    /// What a binding node binds.
    fn bindings<'t>(&self, node: Node<'t>, src: &'t str) -> Vec<Bound<'t>>;

    /// The target and the value of an assignment to something that is not a plain name.
    fn assignment<'t>(&self, node: Node<'t>, src: &'t str) -> Option<(Node<'t>, Node<'t>)>;

    /// Key and value of a pair.
    fn pair<'t>(&self, _node: Node<'t>, _src: &'t str) -> Option<(&'t str, Node<'t>)> {
        None
    }

    /// The arguments of a call.
    fn arguments<'t>(&self, arguments: Node<'t>, src: &'t str) -> Vec<Argument<'t>>;

    /// The top-level definition a node makes, and whether it is documented; `None` when it makes none.
    fn symbols<'t>(&self, node: Node<'t>, src: &'t str, around: &Around<'_, 't>) -> Vec<(Symbol, bool)>;

    /// The type that a top-level definition extends: two of one name are told apart by it.
    fn receiver<'t>(&self, _node: Node<'t>, _src: &'t str) -> Option<&'t str> {
        None
    }

    /// Whether the handler of an exception does nothing at all, not even explain itself in a comment.
    fn is_empty_handler(&self, node: Node<'_>, src: &str) -> bool;

    /// Whether the case is the one for everything else.
    fn is_default_case(&self, _node: Node<'_>, _src: &str) -> bool {
        false
    }

    /// The package a file declares.
    fn package(&self, _root: Node<'_>, _src: &str) -> Option<String> {
        None
    }

    /// Whether code refers to types of other files by their names, so that full names must be known.
    fn refers_by_name(&self) -> bool {
        false
    }

    /// Whether the types of parameters are written, and name what a value can do.
    fn has_types(&self) -> bool {
        self.refers_by_name()
    }

    /// Whether an error that covers (nearly) the whole file comes from text that is put in or left out before the
    /// compiler sees it: the definitions in it stand then, each for itself.
    fn has_conditional_text(&self) -> bool {
        false
    }

    /// The name that a node with [`Role::USE`] uses of another file; `place` is its parent and its field there.
    fn used<'t>(&self, _node: Node<'t>, _src: &'t str, _place: Place<'_, 't>) -> Option<&'t str> {
        None
    }
}

/// The parent of a node, and the node's field there.
pub(super) type Place<'a, 't> = (Node<'t>, Option<&'a str>);

/// What is known of a node kind before any text is seen.
#[derive(Debug)]
pub(super) struct Kind {
    /// Its name in the grammar. The tree can say it too, but counts and checks its letters each time.
    pub name: Box<str>,
    pub role: Role,
    /// Whether it imports, and so is left out of the search for duplicates.
    pub imports: bool,
    pub effect: Effect,
}

/// What a node does to the flow of values, whichever the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    None,
    /// Gives a value back.
    Returns,
    /// Leaves the function with an error.
    Throws,
    /// Counts a name up or down.
    Counts,
}

impl Kind {
    fn new(name: &str, role: Role) -> Self {
        let importing = ["import_", "use_declaration", "preproc_include", "using_directive", "extern_crate"];
        let effect = match name {
            "return_statement" | "return_expression" | "return" => Effect::Returns,
            "throw_statement" | "throw_expression" | "raise_statement" | "exit_statement" => Effect::Throws,
            "update_expression"
            | "inc_statement"
            | "dec_statement"
            | "prefix_unary_expression"
            | "postfix_unary_expression" => Effect::Counts,
            _ => Effect::None,
        };
        Self { name: name.into(), role, imports: importing.iter().any(|part| name.contains(part)), effect }
    }
}

/// What no grammar lists: the parts that a parser did not understand.
static ERROR: LazyLock<Kind> = LazyLock::new(|| Kind::new("ERROR", Role::default()));

/// A language of which the syntax is understood.
pub(super) struct Language {
    /// Name as Linguist spells it.
    pub name: &'static str,
    /// The name that rules use: JavaScript, TypeScript and TSX share theirs, and so do C and C++.
    pub family: &'static str,
    pub grammar: tree_sitter::Language,
    pub adapter: &'static dyn Adapter,
    roles: &'static [(&'static str, Role)],
    /// What most repositories have a few languages for: made when the first file of one is looked at.
    tables: OnceLock<Tables>,
}

/// What is known of the parts of a grammar.
struct Tables {
    kinds: Vec<Kind>,
    /// The fields by their numbers in the grammar. Its own search compares a name with one after the other, which took
    /// a twentieth of an analysis.
    fields: Vec<(String, u16)>,
}

impl Language {
    pub(super) fn new(
        name: &'static str,
        family: &'static str,
        grammar: tree_sitter::Language,
        roles: &'static [(&'static str, Role)],
        adapter: &'static dyn Adapter,
    ) -> Self {
        Self { name, family, grammar, adapter, roles, tables: OnceLock::new() }
    }

    fn tables(&self) -> &Tables {
        self.tables.get_or_init(|| Tables::new(&self.grammar, self.roles))
    }

    /// The number of a field.
    fn field(&self, name: &str) -> Option<u16> {
        self.tables().fields.iter().find(|(known, _)| known == name).map(|(_, id)| *id)
    }

    /// What is known of the kind of a node.
    pub(super) fn kind(&self, node: Node<'_>) -> &Kind {
        self.tables().kinds.get(usize::from(node.kind_id())).unwrap_or(&ERROR)
    }

    pub(super) fn role(&self, node: Node<'_>) -> Role {
        self.kind(node).role
    }
}

impl Tables {
    fn new(grammar: &tree_sitter::Language, roles: &[(&str, Role)]) -> Self {
        let kinds = (0..grammar.node_kind_count())
            .map(|id| {
                let id = u16::try_from(id).unwrap_or(u16::MAX);
                let kind = grammar.node_kind_for_id(id).unwrap_or_default();
                let named = grammar.node_kind_is_named(id);
                let wanted =
                    roles.iter().filter(|(name, role)| *name == kind && named != role.has(Role::TOKEN));
                Kind::new(kind, wanted.fold(Role::default(), |all, (_, role)| all.with(*role)))
            })
            .collect();
        let fields = (1..=u16::try_from(grammar.field_count()).unwrap_or(u16::MAX))
            .filter_map(|id| Some((grammar.field_name_for_id(id)?.to_owned(), id)))
            .collect();
        Self { kinds, fields }
    }
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(super::languages::all);

/// The language of this name.
pub(super) fn language(name: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|language| language.name == name)
}

/// Every language, in a fixed order.
pub(super) fn languages() -> &'static [Language] {
    &LANGUAGES
}

/// The text of a node.
pub(super) fn text<'t>(node: Node<'_>, src: &'t str) -> &'t str {
    src.get(node.byte_range()).unwrap_or_default()
}

/// The field of a node.
pub(super) fn field<'t>(node: Node<'t>, name: &str) -> Option<Node<'t>> {
    match languages().iter().find(|language| language.grammar == *node.language()) {
        Some(language) => node.child_by_field_id(language.field(name)?),
        None => node.child_by_field_name(name),
    }
}

/// The text of a node's field.
pub(super) fn field_text<'t>(node: Node<'_>, name: &str, src: &'t str) -> Option<&'t str> {
    field(node, name).map(|node| text(node, src))
}

/// The first named child that is not a comment.
pub(super) fn first_named(node: Node<'_>) -> Option<Node<'_>> {
    named_children(node, 8).into_iter().next()
}

/// The first named children that are not comments: at most `limit`, so that a huge list costs no more.
pub(super) fn named_children(node: Node<'_>, limit: usize) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    let mut found = Vec::new();
    let mut more = cursor.goto_first_child();
    while more && found.len() < limit {
        let child = cursor.node();
        if child.is_named() && !child.is_extra() {
            found.push(child);
        }
        more = cursor.goto_next_sibling();
    }
    found
}

/// First line of a node, from 1.
pub(super) fn first_line(node: Node<'_>) -> u32 {
    u32::try_from(node.start_position().row).unwrap_or(u32::MAX).saturating_add(1)
}

/// Last line of a node, from 1; a node that ends at the start of a line ends on the one before.
pub(super) fn last_line(node: Node<'_>) -> u32 {
    let end = node.end_position();
    let row = if end.column == 0 && end.row > node.start_position().row { end.row - 1 } else { end.row };
    u32::try_from(row).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_the_numbers_that_the_grammar_gives_them() {
        for language in languages() {
            let names = language.tables().fields.iter().map(|(name, _)| name.as_str());
            for name in names.chain(["no such field", "nam"]) {
                let wanted = language.grammar.field_id_for_name(name).map(u16::from);
                assert_eq!(language.field(name), wanted, "{}: {name}", language.name);
            }
            assert!(language.field("name").is_some(), "{}", language.name);
        }
    }
}
