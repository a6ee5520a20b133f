//! The one walk over a tree: complexity, imports, definitions and rules are all read on the way.
//!
//! The walk is iterative and keeps its own stack, so that no depth of a tree can overflow the program's.

mod complexity;
mod look;
mod record;

use std::collections::BTreeSet;
use std::rc::Rc;

use tree_sitter::{Node, Tree};

use self::look::Pending;
use self::record::{NamedCall, never_returning};
use super::flow::Flow;
use super::language::{Around, Kind, Language, Role, field, first_line, last_line, text};
use super::matching::Matcher;
use super::names::Names;
use super::parse::{MAX_NODES, MAX_TREE_DEPTH};
use super::rules;
use super::{FileSyntax, Import, Symbol, SymbolKind};
use crate::report::{FunctionSummary, SkipReason};

/// Levels below which no definition is at the top of a file: namespaces, and what wraps a definition.
const MAX_SYMBOL_DEPTH: usize = 8;

/// A function that is being walked.
struct Function {
    name: Rc<str>,
    /// Whether the code gives it that name.
    named: bool,
    /// The byte it begins at.
    start: usize,
    /// Where it begins, and where it ends.
    lines: (u32, u32),
    parameters: u32,
    /// Parameters that every caller has to give.
    required: u32,
    cyclomatic: u32,
    cognitive: u32,
    /// Control flow and nested functions around the current node, from the function's own start.
    nesting: u32,
    /// Control flow alone.
    control: u32,
    deepest: u32,
}

/// The body of a function or lambda that is being walked.
#[derive(Clone, Copy)]
struct Body {
    is_async: bool,
    /// Whether it, or one around it, has a name.
    in_named: bool,
}

/// What has to be undone when a node is left.
#[expect(clippy::struct_excessive_bools, reason = "each says that one stack was pushed to")]
#[derive(Clone, Copy, Default)]
struct Undo {
    depth: usize,
    nesting: bool,
    function: bool,
    lambda: bool,
    class: bool,
    each_body: bool,
    space: bool,
    arm: bool,
}

impl Undo {
    fn any(self) -> bool {
        self.nesting || self.function || self.lambda || self.class || self.each_body || self.space || self.arm
    }
}

struct Walk<'a, 't> {
    language: &'static Language,
    /// Where the file lies, which a function without a name is called by.
    path: &'a str,
    src: &'t str,
    matcher: Option<Matcher<'a>>,
    out: FileSyntax,
    parents: Vec<Node<'t>>,
    undo: Vec<Undo>,
    functions: Vec<Function>,
    /// The functions that were left, with the byte they begin at: inner ones come first.
    finished: Vec<(usize, FunctionSummary)>,
    symbols: Vec<Symbol>,
    imported: Vec<Import>,
    /// Names of the classes around the current node, each with the number of functions around the class.
    classes: Vec<(String, usize)>,
    /// Loops over many things around the current node, in the innermost function or lambda.
    loops: Vec<u32>,
    /// The functions and lambdas around the current node.
    bodies: Vec<Body>,
    flow: Flow<'t>,
    /// What the rules are held against once all names are known.
    pending: Vec<Pending<'t>>,
    calls: Vec<NamedCall<'t>>,
    /// Functions of this file that never come back.
    never: BTreeSet<&'t str>,
    comment: Option<Node<'t>>,
    /// The line on which the last comment or attribute ended.
    above: u32,
    attribute: Option<Node<'t>>,
    /// Where each local package name leads (Go): position in `imported`.
    packages: Vec<(String, usize)>,
    names: Names,
}

/// Walks the tree of a file, given by its path and its text.
pub(super) fn walk(
    tree: &Tree,
    (path, src): (&str, &str),
    language: &'static Language,
) -> Result<FileSyntax, SkipReason> {
    let matcher =
        rules::of(language.family).map(|set| Matcher { set, index: &set.index, sources: &set.sources });
    let mut walk = Walk {
        language,
        path,
        src,
        matcher,
        out: FileSyntax::default(),
        parents: Vec::new(),
        undo: Vec::new(),
        functions: Vec::new(),
        finished: Vec::new(),
        symbols: Vec::new(),
        imported: Vec::new(),
        classes: Vec::new(),
        loops: vec![0],
        bodies: Vec::new(),
        flow: Flow::new(),
        pending: Vec::new(),
        calls: Vec::new(),
        never: never_returning(tree.root_node(), src),
        comment: None,
        above: 0,
        attribute: None,
        packages: Vec::new(),
        names: Names::default(),
    };
    let mut cursor = tree.walk();
    let mut nodes = 0_u32;
    let mut broken = 0_usize;
    walk.out.package = language.adapter.package(tree.root_node(), src);
    if let Some(package) = walk.out.package.as_deref().filter(|_| language.adapter.refers_by_name()) {
        walk.names.begin(package);
    }
    loop {
        let node = cursor.node();
        nodes += 1;
        if nodes > MAX_NODES {
            return Err(SkipReason::ParserGaveUp);
        }
        if node.is_error() {
            broken += node.byte_range().len();
        }
        let kind = language.kind(node);
        walk.token(node, kind);
        if !kind.role.is_none() {
            walk.enter(node, kind.role, cursor.field_name());
        } else if cursor.field_id().is_some()
            && let field @ Some("body" | "consequence" | "alternative") = cursor.field_name()
        {
            walk.enter_plain(node, field);
        }
        // After the branch is entered that a single statement may be.
        walk.note_flow(node, kind.effect);
        // What an error covers is not looked into: its parts are guesses.
        let whole = || walk.parents.len() <= 1 && language.adapter.has_conditional_text();
        if (!node.is_error() || whole()) && cursor.goto_first_child() {
            walk.parents.push(node);
            if walk.parents.len() > MAX_TREE_DEPTH {
                return Err(SkipReason::TooDeep);
            }
            continue;
        }
        loop {
            walk.leave();
            if cursor.goto_next_sibling() {
                break;
            }
            if !cursor.goto_parent() {
                walk.finished.sort_by_key(|(start, _)| *start);
                let finished = std::mem::take(&mut walk.finished).into_iter().map(|(_, function)| function);
                walk.out.functions = finished.collect::<Vec<_>>().into();
                walk.out.symbols = std::mem::take(&mut walk.symbols).into();
                walk.out.imports = std::mem::take(&mut walk.imported).into();
                walk.out.error_share = broken as f64 / src.len().max(1) as f64;
                let (defines, uses) = std::mem::take(&mut walk.names).finish();
                (walk.out.defines, walk.out.uses) = (defines.into(), uses.into());
                walk.judge();
                return Ok(walk.out);
            }
            walk.parents.pop();
        }
    }
}

impl<'t> Walk<'_, 't> {
    /// Notes a leaf for the search for duplicates, which comments and imports are no part of.
    fn token(&mut self, node: Node<'t>, kind: &Kind) {
        let children = node.child_count();
        // Tests in the file they test are apart from it, like tests in files of their own.
        let tests = &*kind.name == "mod_item"
            && self.above.saturating_add(1) >= first_line(node)
            && self.attribute.is_some_and(|attribute| text(attribute, self.src).contains("cfg(test)"));
        let import = kind.imports || (&*kind.name == "import" && children > 0);
        if tests || import || kind.role.has(Role::COMMENT) {
            self.out.tokens.skip_to(node.end_byte());
        } else if children == 0 {
            let (start, line) = (node.start_byte(), first_line(node));
            self.out.tokens.leaf(&kind.name, node.is_named(), start, line, text(node, self.src));
        }
    }

    fn enter(&mut self, node: Node<'t>, role: Role, field: Option<&str>) {
        if role.has(Role::COMMENT.with(Role::ATTRIBUTE)) {
            self.note_comment(node, role);
            return;
        }
        let mut undo = Undo { depth: self.parents.len(), ..Undo::default() };
        let parent = self.parents.last().copied();
        if let Some(parent) = parent {
            self.enter_body(node, parent, field, &mut undo);
            self.enter_arm(node, parent, (role, field), &mut undo);
        }
        if role.has(Role::SYMBOL) {
            self.symbols(node);
        }
        if role.has(Role::IMPORT) {
            self.imports(node);
        }
        if role.has(Role::SPACE) {
            self.space(node, &mut undo);
        }
        if role.has(Role::USE)
            && let Some(parent) = parent
            && let Some(name) = self.language.adapter.used(node, self.src, (parent, field))
        {
            self.names.uses(name);
        }
        if role.has(Role::FUNCTION) && self.language.adapter.is_defined(node, self.src) {
            self.function(node, role, &mut undo);
        } else {
            self.complexity(node, role, field, &mut undo);
        }
        if role.has(Role::CLASS)
            && let Some(name) = self.language.adapter.class_name(node, self.src)
        {
            self.flow.classes.insert(name.clone());
            self.classes.push((name, self.functions.len()));
            undo.class = true;
            if self.functions.is_empty() && self.language.adapter.refers_by_name() {
                let classes: Vec<&str> = self.classes.iter().map(|(class, _)| class.as_str()).collect();
                self.names.define(&classes);
            }
        }
        if role.has(Role::BIND) {
            self.bind(node, role);
        }
        if role.has(Role::SELECT) {
            self.select(node);
        }
        if role.has(Role::CALL) {
            self.change(node);
        }
        self.look(node, role);
        if undo.any() {
            self.undo.push(undo);
        }
    }

    /// A namespace: around its body, or of all that follows.
    fn space(&mut self, node: Node<'t>, undo: &mut Undo) {
        let Some(name) = field(node, "name").map(|name| text(name, self.src)) else { return };
        if field(node, "body").is_some() {
            self.names.enter(name);
            undo.space = true;
        } else {
            self.names.begin(name);
        }
        self.out.package.get_or_insert_with(|| name.to_owned());
    }

    /// A node without a role, in a place that may have one.
    fn enter_plain(&mut self, node: Node<'t>, field: Option<&str>) {
        let Some(parent) = self.parents.last().copied() else { return };
        let mut undo = Undo { depth: self.parents.len(), ..Undo::default() };
        self.enter_body(node, parent, field, &mut undo);
        self.enter_arm(node, parent, (Role::default(), field), &mut undo);
        if self.language.adapter.is_plain_else(node, parent, field) {
            self.add_cognitive(1);
        }
        if undo.any() {
            self.undo.push(undo);
        }
    }

    fn enter_body(&mut self, node: Node<'t>, parent: Node<'t>, field: Option<&str>, undo: &mut Undo) {
        let each = field == Some("body")
            && self.language.role(parent).has(Role::LOOP)
            && self.language.adapter.is_each_loop(parent);
        if each
            && node.is_named()
            && let Some(loops) = self.loops.last_mut()
        {
            *loops += 1;
            undo.each_body = true;
        }
    }

    /// Leaves the current node.
    fn leave(&mut self) {
        while let Some(undo) = self.undo.pop_if(|undo| undo.depth == self.parents.len()) {
            if undo.nesting
                && let Some(function) = self.functions.last_mut()
            {
                function.nesting = function.nesting.saturating_sub(1);
                if !undo.lambda {
                    function.control = function.control.saturating_sub(1);
                }
            }
            if undo.each_body
                && let Some(loops) = self.loops.last_mut()
            {
                *loops = loops.saturating_sub(1);
            }
            if undo.class {
                self.classes.pop();
            }
            if undo.space {
                self.names.leave();
            }
            if undo.function || undo.lambda {
                self.loops.pop();
                self.bodies.pop();
                self.flow.leave_function();
            }
            if undo.function {
                self.finish_function();
            }
            if undo.arm {
                self.flow.leave_arm();
            }
        }
    }

    fn note_comment(&mut self, node: Node<'t>, role: Role) {
        if self.above.saturating_add(1) < first_line(node) {
            self.comment = None;
            self.attribute = None;
        }
        if role.has(Role::COMMENT) {
            // The first comment of a run decides: `/// text` and then `// note` is still documented.
            let documents = self.comment.is_some_and(|comment| text(comment, self.src).starts_with("/**"))
                || self.comment.is_some_and(|comment| text(comment, self.src).starts_with("///"));
            if !documents {
                self.comment = Some(node);
            }
        } else {
            self.attribute = Some(node);
            if self.language.adapter.marks_test(node, self.src) {
                self.out.tests = self.out.tests.saturating_add(1);
            }
        }
        self.above = last_line(node);
    }

    fn around(&self, node: Node<'t>) -> Around<'_, 't> {
        // An exported definition begins where its `export` does.
        let start = match self.parents.as_slice() {
            [.., outer] if outer.kind() == "template_declaration" => first_line(*outer),
            [_, outer] if !outer.kind().starts_with("preproc_") => first_line(*outer).min(first_line(node)),
            _ => first_line(node),
        };
        let near = self.above == start || self.above.saturating_add(1) == start;
        Around {
            parents: &self.parents,
            comment: self.comment.filter(|_| near),
            attribute: self.attribute.filter(|_| near),
            in_function: !self.bodies.is_empty(),
            in_named: self.bodies.last().is_some_and(|body| body.in_named),
        }
    }

    fn symbols(&mut self, node: Node<'t>) {
        if self.parents.len() > MAX_SYMBOL_DEPTH {
            return;
        }
        let found = self.language.adapter.symbols(node, self.src, &self.around(node));
        for (symbol, documented) in found {
            if symbol.public && matches!(symbol.kind, SymbolKind::Function | SymbolKind::Type) {
                self.out.docs.public += 1;
                self.out.docs.documented += u32::from(documented);
            }
            if self.language.adapter.refers_by_name() && symbol.kind != SymbolKind::Type {
                self.names.define(&[&symbol.name]);
                if let Some(receiver) = self.language.adapter.receiver(node, self.src) {
                    self.names.define(&[&format!("{}@{receiver}", symbol.name)]);
                }
            }
            if symbol.public && matches!(node.kind(), "interface_declaration" | "type_alias_declaration") {
                self.out.types.push(symbol.name.clone());
            }
            self.symbols.push(symbol);
        }
    }
}
