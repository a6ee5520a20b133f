//! What names are given: imports, declarations, assignments, changes, and what functions take and give back.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::{Body, Function, Undo, Walk};
use crate::syntax::Import;
use crate::syntax::flow::{self, Choice, Condition, What};
use crate::syntax::follow::is_number;
use crate::syntax::language::{
    Argument, Bound, Effect, Expr, Parameter, Role, field, first_line, first_named, last_line,
    named_children, text,
};

/// Names one import is seen to use, at most (Go).
const MAX_NAMES: usize = 200;

/// Calls in a row that all change the same thing.
const MAX_CHAIN: usize = 16;

/// Characters before a parameter in which the mark of a framework is looked for.
const MAX_MARK: usize = 120;

/// Bytes before the parameters of a function in which a framework's marks are looked for.
const MAX_HEAD: usize = 600;

/// A call by a name: of a function, or of a method of something.
pub(super) type NamedCall<'t> = (&'t str, Node<'t>, flow::At);

impl<'t> Walk<'_, 't> {
    pub(super) fn imports(&mut self, node: Node<'t>) {
        let imported = self.language.adapter.imports(node, self.src, &self.around(node));
        for imported in imported {
            for (local, path) in imported.names {
                if self.language.family == "Go" {
                    self.packages.push((local.clone(), self.imported.len()));
                }
                self.bind_import(&local, path, node);
            }
            self.imported.extend(imported.import);
        }
    }

    fn bind_import(&mut self, local: &str, path: String, node: Node<'t>) {
        // The name is written in the import, or it is the end of the written path: keep the text's own slice.
        let written = text(node, self.src);
        if let Some(at) = written.rfind(local)
            && let Some(name) = written.get(at..at + local.len())
        {
            self.flow.give(name, What::Import(path), (0, 0), true);
        }
    }

    /// Notes what is used of an imported package (Go): `fmt.Println` uses `Println` of `fmt`.
    pub(super) fn select(&mut self, node: Node<'t>) {
        let head = field(node, "operand").or_else(|| field(node, "package"));
        let name = field(node, "field").or_else(|| field(node, "name"));
        let (Some(head), Some(name)) = (head, name) else { return };
        let local = text(head, self.src);
        let Some((_, position)) = self.packages.iter().find(|(package, _)| package == local) else { return };
        let Some(Import { names, .. }) = self.imported.get_mut(*position) else { return };
        let name = text(name, self.src);
        if names.len() < MAX_NAMES && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }

    pub(super) fn bind(&mut self, node: Node<'t>, role: Role) {
        let declares = !node.kind().contains("assignment");
        let bounds = self.language.adapter.bindings(node, self.src);
        if bounds.is_empty() {
            self.bind_part(node);
        }
        let declared = self.parents.last().copied().filter(|_| declares).and_then(written_type);
        let is_written = |what: &What<'t>| match what {
            What::Value(value, _) => !matches!(
                self.language.adapter.expr(*value, self.src),
                Expr::Call { .. } | Expr::Method { .. }
            ),
            _ => false,
        };
        let number = declared.is_some_and(|kind| is_number(text(kind, self.src)));
        for Bound { name, value, member } in bounds {
            let each = || {
                let many = field(node, "right").or_else(|| field(node, "value"));
                let first = || first_named(node).filter(|_| node.kind() == "foreach_statement");
                many.or_else(first).filter(|_| role.has(Role::LOOP) || node.kind() == "range_clause")
            };
            let end = value.map_or(node.start_byte(), |value| value.end_byte());
            let (what, from) = match value {
                // What stands for itself is added to what was there.
                Some(value) if value == node => {
                    self.flow.count(name);
                    match field(node, "right") {
                        Some(right) => (What::Added(right), end),
                        None => (What::Local, end),
                    }
                }
                Some(value) => (What::Value(value, member), end),
                None => match each() {
                    Some(many) => (What::Element(many), many.end_byte()),
                    None if matches!(node.kind(), "variable_declarator" | "var_spec") => (What::Nothing, end),
                    None => (What::Local, end),
                },
            };
            let what = if number && !is_written(&what) { What::Number(value) } else { what };
            self.flow.give(name, what, (node.start_byte(), from), declares);
        }
    }

    /// An assignment to an element or a member of something.
    fn bind_part(&mut self, node: Node<'t>) {
        let (Some(left), Some(value)) = (field(node, "left"), field(node, "right")) else { return };
        let left = if left.kind() == "expression_list" { first_named(left).unwrap_or(left) } else { left };
        let expr = |node| self.language.adapter.expr(node, self.src);
        let (object, what) = match expr(left) {
            Expr::Member { object, property } => (object, What::Member(property, value)),
            Expr::Index { object } => {
                let key = field(left, "index").or_else(|| field(left, "subscript"));
                match key.or_else(|| named_children(left, 2).get(1).copied()) {
                    Some(key) => (object, What::Put(key, value)),
                    None => (object, What::Added(value)),
                }
            }
            _ => return,
        };
        if let Expr::Name(name) = expr(object) {
            self.flow.give(name, what, (node.start_byte(), node.end_byte()), false);
        }
    }

    /// A call by a name, which may change what it is called on.
    pub(super) fn change(&mut self, node: Node<'t>) {
        let Some(sources) = self.matcher.as_ref().map(|matcher| matcher.sources) else { return };
        let adapter = self.language.adapter;
        let (object, name, list) = match adapter.expr(node, self.src) {
            Expr::Method { object, name, arguments: Some(list) } => (object, name, list),
            Expr::Call { callee, arguments: Some(list) } => match adapter.expr(callee, self.src) {
                Expr::Member { object, property } => (Some(object), property, list),
                Expr::Name(name) => (None, name, list),
                _ => return,
            },
            _ => return,
        };
        self.calls.push((name, node, self.flow.at(node.start_byte())));
        let stands_alone = self.parents.last().is_some_and(|parent| parent.kind() == "expression_statement");
        if stands_alone && self.ends_here(object, name) {
            self.flow.exits(node.start_byte());
        }
        let (adds, removes) = (sources.adds(name), sources.removes(name));
        if !(adds || removes) {
            return;
        }
        let Some(changed) = object.and_then(|object| self.changed(object)) else { return };
        let arguments = adapter.arguments(list, self.src);
        let what = match arguments.as_slice() {
            [Argument { value, .. }] if adds => What::Added(*value),
            [Argument { value: key, .. }, Argument { value, .. }] if adds => What::Put(*key, *value),
            [Argument { value, .. }] => What::Removed(*value),
            _ => return,
        };
        self.flow.give(changed, what, (node.start_byte(), node.end_byte()), false);
    }

    /// Whether nothing after a call is run.
    fn ends_here(&self, object: Option<Node<'t>>, name: &str) -> bool {
        let object = object.map(|object| text(object, self.src));
        let family = self.language.family;
        // `throw_exception(..)`, and not `ThrowIfNull(..)`.
        let lower = name.to_ascii_lowercase();
        if lower.starts_with("throw")
            && !lower.contains("if")
            && matches!(family, "PHP" | "JavaScript" | "Java" | "C#")
        {
            return true;
        }
        match (family, object) {
            ("PHP", None) => matches!(name, "die" | "exit" | "abort" | "wp_die") || self.never.contains(name),
            ("JavaScript", None) => self.never.contains(name),
            ("JavaScript", Some("process")) | ("Python", Some("sys")) => name == "exit",
            ("Python", None) => name == "abort",
            ("Go", None) => name == "panic",
            ("Go", Some("os")) => name == "Exit",
            ("Go", Some("log")) => name.starts_with("Fatal"),
            _ => false,
        }
    }

    /// The name of what a call changes: `a` in `a.add(b)` and in `a.add(b).add(c)`.
    fn changed(&self, mut object: Node<'t>) -> Option<&'t str> {
        let sources = self.matcher.as_ref()?.sources;
        for _ in 0..MAX_CHAIN {
            let expr = match self.language.adapter.expr(object, self.src) {
                Expr::Call { callee, .. } => self.language.adapter.expr(callee, self.src),
                other => other,
            };
            object = match expr {
                Expr::Name(name) => return Some(name),
                Expr::Wrap(inner) => inner,
                Expr::Method { object: Some(object), name, .. } | Expr::Member { object, property: name }
                    if sources.adds(name) =>
                {
                    object
                }
                _ => return None,
            };
        }
        None
    }

    /// Notes what ends a branch, what a function gives back, and what is counted.
    pub(super) fn note_flow(&mut self, node: Node<'t>, effect: Effect) {
        match effect {
            // The keyword of the same name stands in it.
            Effect::Returns if node.is_named() => {
                let value = first_named(node);
                let first = value.filter(|value| value.kind() == "expression_list").and_then(first_named);
                if let Some(value) = first.or(value) {
                    self.flow.returns(value, node.start_byte());
                }
                self.flow.exits(node.start_byte());
            }
            Effect::Throws => self.flow.exits(node.start_byte()),
            Effect::Counts => {
                if let Some(name) = first_named(node).filter(|name| name.child_count() == 0) {
                    self.flow.count(text(name, self.src));
                }
            }
            Effect::Returns | Effect::None => {}
        }
    }

    /// Enters what is run under a condition only, or more than once.
    pub(super) fn enter_arm(
        &mut self,
        node: Node<'t>,
        parent: Node<'t>,
        (role, field_name): (Role, Option<&str>),
        undo: &mut Undo,
    ) {
        let above = self.language.role(parent);
        let at = self.flow.at(node.start_byte());
        let condition = if role.has(Role::CASE) {
            let switch =
                self.parents.iter().rev().take(2).find(|one| self.language.role(**one).has(Role::SWITCH));
            let on =
                switch.and_then(|switch| field(*switch, "condition").or_else(|| field(*switch, "value")));
            on.map(|on| Condition { on, choice: Choice::Case(node), among: 0, at })
        } else if role.has(Role::CATCH) || (above.has(Role::LOOP) && field_name == Some("body")) {
            None
        } else if above.has(Role::IF.with(Role::ELSE_IF)) {
            let holds = match field_name {
                Some("consequence" | "body") => !parent.kind().starts_with("unless"),
                Some("alternative") => parent.kind().starts_with("unless"),
                _ => return,
            };
            let choice = Choice::Holds(holds);
            field(parent, "condition").map(|on| Condition { on, choice, among: parent.id(), at })
        } else {
            return;
        };
        self.flow.enter_arm(condition);
        undo.arm = true;
    }

    pub(super) fn function(&mut self, node: Node<'t>, role: Role, undo: &mut Undo) {
        let adapter = self.language.adapter;
        let own_name = adapter.function_name(node, self.src, &self.parents);
        let is_async = adapter.is_async(node, self.src);
        let (parameters, count) = adapter.parameters(node, self.src);
        // A function without a name is part of the one it stands in; at the top of a file it stands alone.
        // What is handed to `describe(..)` or a module wrapper only groups what is in it, so it has no parts.
        let part = role.has(Role::LAMBDA)
            && own_name.is_none()
            && self.functions.last().is_some_and(|outer| outer.named);
        let mut written_name = None;
        if !role.has(Role::LAMBDA)
            && let Some(name) = own_name.as_deref().and_then(|name| text(node, self.src).find(name))
        {
            let written = text(node, self.src).get(name..).unwrap_or_default();
            let length = own_name.as_ref().map_or(0, String::len);
            if let Some(name) = written.get(..length) {
                self.flow.give(name, What::Local, (0, 0), true);
                written_name = Some(name);
            }
        }
        self.look_at_defaults(node);
        self.take(node, written_name, &parameters);
        self.loops.push(0);
        let in_named = own_name.is_some() || self.bodies.last().is_some_and(|body| body.in_named);
        self.bodies.push(Body { is_async, in_named });
        if part {
            undo.lambda = true;
            if let Some(function) = self.functions.last_mut() {
                function.nesting += 1;
                undo.nesting = true;
            }
            return;
        }
        undo.function = true;
        let class = self.classes.last().map(|(class, _)| class.as_str());
        let constructs = own_name.as_deref().is_some_and(|name| {
            matches!(name, "constructor" | "__init__" | "__construct" | "initialize") || Some(name) == class
        });
        self.functions.push(Function {
            named: own_name.is_some(),
            name: self.full_name(own_name).into(),
            start: node.start_byte(),
            lines: (first_line(node), last_line(node)),
            parameters: count,
            required: required(&parameters, count, constructs),
            cyclomatic: 1,
            cognitive: 0,
            nesting: 0,
            control: 0,
            deepest: 0,
        });
    }

    /// Which parameters a framework fills with the request, as bits by position.
    fn requested(&self, function: Node<'t>, parameters: &[Parameter<'t>]) -> u64 {
        let Some(matcher) = &self.matcher else { return 0 };
        let shown = self.language.adapter.requested(function, self.src);
        let place = |parameter: &Parameter<'t>| {
            let name = || (parameter.name.as_ptr() as usize).checked_sub(self.src.as_ptr() as usize);
            parameter.kind.map(|kind| kind.start_byte()).or_else(name).unwrap_or_default()
        };
        let head = self.head(function, parameters.first().map_or(0, place));
        let handles = matcher.sources.handles(head);
        let marked = (0_u32..).zip(parameters).take(64).filter(|(_, parameter)| {
            if shown.contains(&parameter.name) {
                return true;
            }
            if handles && self.is_asked_for(head, parameter, place(parameter)) {
                return true;
            }
            let start = place(parameter);
            let before = self.src.get(..start).unwrap_or_default();
            let from = before.char_indices().rev().nth(MAX_MARK).map_or(0, |(at, _)| at);
            matcher.sources.marks(before.get(from..).unwrap_or_default().trim_end())
        });
        marked.fold(0, |bits, (position, _)| bits | 1 << position)
    }

    /// Whether a framework fills a parameter of a function that it calls for a request with text of that: nothing stands
    /// before it that says what else does, and it is of a type of text, or the address names it.
    fn is_asked_for(&self, head: &str, parameter: &Parameter<'t>, start: usize) -> bool {
        let Some(matcher) = &self.matcher else { return false };
        let Some(kind) = parameter.kind else { return is_in_route(head, parameter.name) };
        let before = self.src.get(..start).unwrap_or_default().trim_end();
        let bare = before.trim_end_matches("final").trim_end().ends_with(['(', ',', ':']);
        let default = parameter.default.map_or("", |default| text(default, self.src));
        bare && matcher.sources.is_text(text(kind, self.src), default)
    }

    /// What stands before the first parameter of a function: its decorators or annotations, and its name.
    fn head(&self, function: Node<'t>, end: usize) -> &'t str {
        let decorated = self.parents.last().filter(|parent| parent.kind() == "decorated_definition");
        let start = decorated.map_or(function.start_byte(), Node::start_byte);
        let head = self.src.get(start..end).unwrap_or_default();
        head.get(..head.floor_char_boundary(MAX_HEAD)).unwrap_or_default()
    }

    /// Enters a function, and gives its parameters their names.
    fn take(&mut self, node: Node<'t>, name: Option<&'t str>, parameters: &[Parameter<'t>]) {
        let class = self.classes.last().filter(|(_, functions)| *functions == self.functions.len());
        let implied = parameters.first().is_some_and(|first| matches!(first.name, "self" | "cls"));
        let function = flow::Function {
            class: class.map(|(class, _)| class.clone()),
            parameters: parameters.iter().map(|parameter| parameter.name).collect(),
            implied: usize::from(implied),
            requested: self.requested(node, parameters),
            gives_number: written_type(node).is_some_and(|kind| is_number(text(kind, self.src))),
            returns: Vec::new(),
            calls: Vec::new(),
        };
        self.flow.enter_function(node, name, function);
        let typed = self.language.adapter.has_types();
        for (position, parameter) in (0_u32..).zip(parameters) {
            let kind = parameter.kind.filter(|_| typed);
            self.flow.give(parameter.name, What::Parameter(position, kind), (node.start_byte(), 0), true);
        }
        // The value of a function without statements is what it gives back.
        if let Some(body) = field(node, "body").filter(|body| !is_block(*body)) {
            self.flow.returns(body, node.end_byte());
        }
    }
}

/// The names of functions whose type says that they never come back (PHP, TypeScript).
pub(super) fn never_returning<'t>(root: Node<'t>, src: &'t str) -> BTreeSet<&'t str> {
    const TYPE: &str = "): never";
    const MAX_FUNCTIONS: usize = 64;
    const MAX_ABOVE: usize = 4;
    let ends = src.match_indices(TYPE).take(MAX_FUNCTIONS).map(|(at, _)| at + TYPE.len());
    let found = ends.filter_map(|end| {
        let word = root.descendant_for_byte_range(end.checked_sub(1)?, end)?;
        let mut above = std::iter::successors(Some(word), Node::parent).take(MAX_ABOVE);
        // Neither a method nor a function without a name: what is called by a name alone is neither.
        let function =
            above.find(|one| matches!(one.kind(), "function_definition" | "function_declaration"))?;
        let kind = written_type(function)?;
        (kind.start_byte() < end && end == kind.end_byte())
            .then(|| field(function, "name").map(|name| text(name, src)))?
    });
    found.collect()
}

/// Whether the address that a handler is for names a part of it so, as text: `/<name>`, `/<path:name>`, `/{name}`.
fn is_in_route(head: &str, name: &str) -> bool {
    const NUMBERS: [&str; 3] = ["int", "float", "uuid"];
    head.match_indices(name).any(|(at, _)| {
        let (before, after) =
            (head.get(..at).unwrap_or_default(), head.get(at + name.len()..).unwrap_or_default());
        let opened = before.rsplit(['<', '{']).next().filter(|kind| kind.len() < before.len());
        let kind = opened.map(|kind| kind.trim_end_matches(':'));
        after.starts_with(['>', '}', ':'])
            && kind.is_some_and(|kind| kind.chars().all(char::is_alphabetic) && !NUMBERS.contains(&kind))
    })
}

/// How many arguments a caller has to give: none to a constructor, which is often called by a container.
fn required(parameters: &[Parameter<'_>], count: u32, constructs: bool) -> u32 {
    let optional = parameters.iter().filter(|parameter| parameter.default.is_some()).count();
    if constructs { 0 } else { count.saturating_sub(u32::try_from(optional).unwrap_or(u32::MAX)) }
}

/// The type of what a function gives back, or of what is declared.
fn written_type(node: Node<'_>) -> Option<Node<'_>> {
    ["type", "return_type", "result", "returns"].into_iter().find_map(|name| field(node, name))
}

fn is_block(node: Node<'_>) -> bool {
    ["block", "body", "compound"].iter().any(|part| node.kind().contains(part))
}
