//! The one walk over a tree: complexity, imports, definitions and rules are all read on the way.
//!
//! The walk is iterative and keeps its own stack, so that no depth of a tree can overflow the program's.

use std::cell::Cell;

use tree_sitter::{Node, Tree};

use super::language::{Around, Language, Role, field, first_line, last_line, text};
use super::matching::{Matcher, Place};
use super::names::Names;
use super::parse::{MAX_NODES, MAX_TREE_DEPTH};
use super::rules;
use super::value::{BUDGET, Binding, Scopes, View};
use super::{FileSyntax, Import, SymbolKind};
use crate::report::{FunctionSummary, SkipReason};

/// Levels below which no definition is at the top of a file: namespaces, and what wraps a definition.
const MAX_SYMBOL_DEPTH: usize = 8;

/// Names one import is seen to use, at most (Go).
const MAX_NAMES: usize = 200;

/// A function that is being walked.
struct Function {
    name: String,
    /// Whether the code gives it that name.
    named: bool,
    /// The byte it begins at.
    start: usize,
    /// Where it begins, and where it ends.
    lines: (u32, u32),
    parameters: u32,
    cyclomatic: u32,
    cognitive: u32,
    /// Control flow and nested functions around the current node, from the function's own start.
    nesting: u32,
    /// Control flow alone.
    control: u32,
    deepest: u32,
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
}

struct Walk<'a, 't> {
    language: &'static Language,
    src: &'t str,
    matcher: Option<Matcher<'a>>,
    out: FileSyntax,
    parents: Vec<Node<'t>>,
    undo: Vec<Undo>,
    functions: Vec<Function>,
    /// The functions that were left, with the byte they begin at: inner ones come first.
    finished: Vec<(usize, FunctionSummary)>,
    /// Names of the classes around the current node, each with the number of functions around the class.
    classes: Vec<(String, usize)>,
    /// Loops over many things around the current node, in the innermost function or lambda.
    loops: Vec<u32>,
    /// Whether each function or lambda around the current node is asynchronous, and its name if it has one.
    bodies: Vec<(bool, Option<String>)>,
    scopes: Scopes<'t>,
    budget: Cell<u32>,
    comment: Option<Node<'t>>,
    /// The line on which the last comment or attribute ended.
    above: u32,
    attribute: Option<Node<'t>>,
    /// Where each local package name leads (Go): position in `out.imports`.
    packages: Vec<(String, usize)>,
    names: Names,
}

/// Walks a tree.
pub(super) fn walk(tree: &Tree, src: &str, language: &'static Language) -> Result<FileSyntax, SkipReason> {
    let set = rules::set();
    let matcher = set.of(language.family).map(|(index, sources)| Matcher { set, index, sources });
    let mut walk = Walk {
        language,
        src,
        matcher,
        out: FileSyntax::default(),
        parents: Vec::new(),
        undo: Vec::new(),
        functions: Vec::new(),
        finished: Vec::new(),
        classes: Vec::new(),
        loops: vec![0],
        bodies: Vec::new(),
        scopes: Scopes::new(),
        budget: Cell::new(BUDGET),
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
        let role = language.role(node);
        walk.token(node, role);
        if !role.is_none() {
            walk.enter(node, role, cursor.field_name());
        } else if cursor.field_name() == Some("body") || cursor.field_name() == Some("alternative") {
            walk.enter_plain(node, cursor.field_name());
        }
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
                walk.out.functions = walk.finished.into_iter().map(|(_, function)| function).collect();
                walk.out.error_share = broken as f64 / src.len().max(1) as f64;
                (walk.out.defines, walk.out.uses) = walk.names.finish();
                return Ok(walk.out);
            }
            walk.parents.pop();
        }
    }
}

impl<'t> Walk<'_, 't> {
    fn view(&self) -> Option<View<'_, 't>> {
        Some(View {
            src: self.src,
            adapter: self.language.adapter,
            scopes: &self.scopes,
            sources: self.matcher.as_ref()?.sources,
            budget: &self.budget,
        })
    }

    /// Notes a leaf for the search for duplicates, which comments and imports are no part of.
    fn token(&mut self, node: Node<'t>, role: Role) {
        let kind = node.kind();
        let imports = ["import_", "use_declaration", "preproc_include", "using_directive", "extern_crate"];
        // Tests in the file they test are apart from it, like tests in files of their own.
        let near = self.above.saturating_add(1) >= first_line(node);
        let tests = kind == "mod_item"
            && near
            && self.attribute.is_some_and(|attribute| text(attribute, self.src).contains("cfg(test)"));
        let whole_import = kind == "import" && node.child_count() > 0;
        let import = whole_import || imports.iter().any(|part| kind.contains(part));
        if tests || role.has(Role::COMMENT) || import {
            self.out.tokens.skip_to(node.end_byte());
        } else if node.child_count() == 0 {
            let (start, line) = (node.start_byte(), first_line(node));
            self.out.tokens.leaf(kind, node.is_named(), start, line, text(node, self.src));
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
            && let Some(name) = self.language.adapter.used(node, self.src, parent, field)
        {
            self.names.uses(name);
        }
        if role.has(Role::FUNCTION) && self.language.adapter.has_body(node) {
            self.function(node, role, &mut undo);
        } else {
            self.complexity(node, role, field, &mut undo);
        }
        if role.has(Role::CLASS)
            && let Some(name) = self.language.adapter.class_name(node, self.src)
        {
            self.classes.push((name, self.functions.len()));
            undo.class = true;
            if self.functions.is_empty() && self.language.adapter.refers_by_name() {
                let classes: Vec<&str> = self.classes.iter().map(|(class, _)| class.as_str()).collect();
                self.names.define(&classes);
            }
        }
        if role.has(Role::BIND) {
            self.bind(node);
        }
        if role.has(Role::SELECT) {
            self.select(node);
        }
        self.look(node, role);
        if undo.nesting || undo.function || undo.lambda || undo.class || undo.each_body || undo.space {
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
        if self.language.adapter.is_plain_else(node, parent, field) {
            self.add_cognitive(1);
        }
        if undo.each_body {
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
                self.scopes.leave();
            }
            if undo.function {
                self.finish_function();
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
            }
            self.out.symbols.push(symbol);
        }
    }

    fn imports(&mut self, node: Node<'t>) {
        let imported = self.language.adapter.imports(node, self.src, &self.around(node));
        for imported in imported {
            for (local, path) in imported.names {
                if self.language.family == "Go" {
                    self.packages.push((local.clone(), self.out.imports.len()));
                }
                self.bind_import(&local, path, node);
            }
            self.out.imports.extend(imported.import);
        }
    }

    fn bind_import(&mut self, local: &str, path: String, node: Node<'t>) {
        // The name is written in the import, or it is the end of the written path: keep the text's own slice.
        let written = text(node, self.src);
        if let Some(at) = written.rfind(local)
            && let Some(name) = written.get(at..at + local.len())
        {
            self.scopes.bind(name, Binding::Import(path));
        }
    }

    /// Notes what is used of an imported package (Go): `fmt.Println` uses `Println` of `fmt`.
    fn select(&mut self, node: Node<'t>) {
        let head = field(node, "operand").or_else(|| field(node, "package"));
        let name = field(node, "field").or_else(|| field(node, "name"));
        let (Some(head), Some(name)) = (head, name) else { return };
        let local = text(head, self.src);
        let Some((_, position)) = self.packages.iter().find(|(package, _)| package == local) else { return };
        let Some(Import { names, .. }) = self.out.imports.get_mut(*position) else { return };
        let name = text(name, self.src);
        if names.len() < MAX_NAMES && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }

    fn bind(&mut self, node: Node<'t>) {
        let declares = !node.kind().contains("assignment");
        for bound in self.language.adapter.bindings(node, self.src) {
            self.scopes.assign(bound.name, bound.value.map(|value| (value, bound.member)), declares);
        }
    }

    fn function(&mut self, node: Node<'t>, role: Role, undo: &mut Undo) {
        let adapter = self.language.adapter;
        let own_name = adapter.function_name(node, self.src, &self.parents);
        let is_async = adapter.is_async(node, self.src);
        let (parameters, count) = adapter.parameters(node, self.src);
        // A function without a name is part of the one it stands in; at the top of a file it stands alone.
        // What is handed to `describe(..)` or a module wrapper only groups what is in it, so it has no parts.
        let part = role.has(Role::LAMBDA)
            && own_name.is_none()
            && self.functions.last().is_some_and(|outer| outer.named);
        if !role.has(Role::LAMBDA)
            && let Some(name) = own_name.as_deref().and_then(|name| text(node, self.src).find(name))
        {
            let written = text(node, self.src).get(name..).unwrap_or_default();
            let length = own_name.as_ref().map_or(0, String::len);
            if let Some(name) = written.get(..length) {
                self.scopes.bind(name, Binding::Local);
            }
        }
        let types: Vec<_> = parameters
            .iter()
            .map(|parameter| {
                let kind = parameter.kind.filter(|_| adapter.has_types());
                (parameter.name, kind.and_then(|kind| self.view().map(|view| view.path(kind))))
            })
            .collect();
        self.shared_defaults(node, &parameters);
        self.scopes.enter();
        for (name, kind) in types {
            self.scopes.bind(name, Binding::Parameter(kind));
        }
        self.loops.push(0);
        self.bodies.push((is_async, own_name.clone()));
        if part {
            undo.lambda = true;
            if let Some(function) = self.functions.last_mut() {
                function.nesting += 1;
                undo.nesting = true;
            }
            return;
        }
        undo.function = true;
        self.functions.push(Function {
            named: own_name.is_some(),
            name: self.full_name(own_name),
            start: node.start_byte(),
            lines: (first_line(node), last_line(node)),
            parameters: count,
            cyclomatic: 1,
            cognitive: 0,
            nesting: 0,
            control: 0,
            deepest: 0,
        });
    }

    fn full_name(&self, own: Option<String>) -> String {
        let own = own.unwrap_or_else(|| "(anonymous)".to_owned());
        match self.classes.last() {
            Some((class, functions)) if *functions == self.functions.len() => format!("{class}.{own}"),
            _ => own,
        }
    }

    fn finish_function(&mut self) {
        let Some(function) = self.functions.pop() else { return };
        let summary = FunctionSummary {
            name: function.name,
            start: function.lines.0,
            end: function.lines.1,
            cyclomatic: function.cyclomatic,
            cognitive: function.cognitive,
            nesting: function.deepest,
            parameters: function.parameters,
        };
        if let Some(matcher) = &self.matcher {
            self.out.findings.extend(matcher.function(&summary));
        }
        self.finished.push((function.start, summary));
    }

    fn add_cognitive(&mut self, points: u32) {
        if let Some(function) = self.functions.last_mut() {
            function.cognitive = function.cognitive.saturating_add(points);
        }
    }

    fn complexity(&mut self, node: Node<'t>, role: Role, field: Option<&str>, undo: &mut Undo) {
        let adapter = self.language.adapter;
        let parent = self.parents.last().copied();
        let else_if = role.has(Role::ELSE_IF)
            || (role.has(Role::IF) && parent.is_some_and(|parent| adapter.is_else_if(node, parent, field)));
        let plain_else = parent.is_some_and(|parent| adapter.is_plain_else(node, parent, field));
        let operator = if role.has(Role::BINARY) { boolean_operator(node) } else { None };
        let same_above = operator.is_some()
            && parent.is_some_and(|parent| {
                self.language.role(parent).has(Role::BINARY) && boolean_operator(parent) == operator
            });
        let labelled = role.has(Role::JUMP) && has_label(node, self.src);
        let default = role.has(Role::CASE) && adapter.is_default_case(node, self.src);
        let Some(function) = self.functions.last_mut() else { return };
        let decides = else_if
            || role.has(Role::IF.with(Role::LOOP).with(Role::CATCH).with(Role::TERNARY).with(Role::DECISION))
            || (role.has(Role::CASE) && !default)
            || operator.is_some();
        function.cyclomatic = function.cyclomatic.saturating_add(u32::from(decides));
        if else_if || plain_else || labelled || (operator.is_some() && !same_above) {
            function.cognitive = function.cognitive.saturating_add(1);
        } else if role.has(Role::IF.with(Role::LOOP).with(Role::SWITCH).with(Role::CATCH).with(Role::TERNARY))
        {
            function.cognitive = function.cognitive.saturating_add(1 + function.nesting);
            function.nesting += 1;
            function.control += 1;
            function.deepest = function.deepest.max(function.control);
            undo.nesting = true;
        }
    }

    fn place(&self) -> Place<'_> {
        let given_to = self.parents.iter().rev().take(6).find_map(|parent| {
            let target = match parent.kind() {
                "variable_declarator" | "const_item" | "static_item" => field(*parent, "name"),
                "init_declarator" => field(*parent, "declarator"),
                "let_declaration" => field(*parent, "pattern"),
                "assignment_expression" | "assignment" | "assignment_statement" | "short_var_declaration" => {
                    field(*parent, "left")
                }
                "pair" => field(*parent, "key"),
                _ => None,
            };
            target.map(|target| text(target, self.src))
        });
        Place {
            symbol: self.functions.last().map(|function| function.name.as_str()),
            given_to: given_to.unwrap_or_default(),
            under: self.parents.last().map(Node::kind).unwrap_or_default(),
            in_loop: self.loops.last().is_some_and(|loops| *loops > 0),
            in_async: self.bodies.last().is_some_and(|(is_async, _)| *is_async),
        }
    }

    /// Holds the rules against a node.
    fn look(&mut self, node: Node<'t>, role: Role) {
        let Some(matcher) = &self.matcher else { return };
        let Some(view) = self.view() else { return };
        let found = if role.has(Role::CALL) {
            matcher.call(node, &view, || self.place())
        } else if role.has(Role::PAIR) {
            matcher.pair(node, &view, || self.place())
        } else if role.has(Role::CATCH) {
            matcher.swallowed(node, &view, || self.place())
        } else if role.has(Role::BINARY) {
            matcher.comparison(node, &view, || self.place())
        } else if role.has(Role::BIND) {
            matcher.assign(node, &view, || self.place())
        } else {
            Vec::new()
        };
        self.out.findings.extend(found);
    }

    fn shared_defaults(&mut self, node: Node<'t>, parameters: &[super::language::Parameter<'t>]) {
        let (Some(matcher), Some(view)) = (&self.matcher, self.view()) else { return };
        let found = matcher.shared_defaults(node, parameters, &view, || self.place());
        self.out.findings.extend(found);
    }
}

fn boolean_operator(node: Node<'_>) -> Option<&'static str> {
    match field(node, "operator")?.kind() {
        "&&" | "and" => Some("&&"),
        "||" | "or" => Some("||"),
        _ => None,
    }
}

fn has_label(node: Node<'_>, src: &str) -> bool {
    let label = super::language::first_named(node);
    match node.kind() {
        "goto_statement" => true,
        "labeled_expression" => label.is_some_and(|label| matches!(text(label, src), "continue@" | "break@")),
        // `continue 2` leaves more than the loop it stands in.
        "break_statement" | "continue_statement" => label.is_some_and(|label| match label.kind() {
            "statement_identifier" | "label_name" | "identifier" => true,
            "integer" => text(label, src) != "1",
            _ => false,
        }),
        _ => label.is_some_and(|label| label.kind() == "label"),
    }
}
