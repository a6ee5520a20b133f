//! Functions and their complexity.

use tree_sitter::Node;

use super::{Undo, Walk};
use crate::report::FunctionSummary;
use crate::syntax::language::{Role, field, first_named, text};

/// Letters of a call that gives a function without a name its name, at most.
const LONGEST_CALL: usize = 48;

impl<'t> Walk<'_, 't> {
    pub(super) fn full_name(&self, own: Option<String>) -> String {
        let own = own.unwrap_or_else(|| self.place_name());
        match self.classes.last() {
            Some((class, functions)) if *functions == self.functions.len() => format!("{class}.{own}"),
            _ => own,
        }
    }

    /// What a function without a name is called: by what it is handed to, else by its file.
    fn place_name(&self) -> String {
        if let Some(called) = self.handed_to() {
            return format!("callback of {called}");
        }
        let (folder, name) = self.path.rsplit_once('/').unwrap_or(("", self.path));
        let stem = name.split('.').next().unwrap_or(name);
        let above = folder.rsplit('/').next().filter(|above| !above.is_empty());
        // `index` says as little as no name at all.
        let stem = if matches!(stem, "index" | "main" | "mod") { above.unwrap_or(stem) } else { stem };
        if stem.is_empty() { name.to_owned() } else { stem.to_owned() }
    }

    /// What is called with the current node as an argument, or as the block behind the arguments.
    fn handed_to(&self) -> Option<&str> {
        let lists = self.parents.iter().rev().take_while(|node| node.kind().contains("argument")).count();
        let call =
            self.parents.iter().rev().nth(lists).filter(|call| self.language.role(**call).has(Role::CALL))?;
        let until = field(*call, "arguments").or_else(|| field(*call, "block"))?.start_byte();
        let called = self.src.get(call.start_byte()..until)?.trim();
        // The names at its end: what a call before them is given may be a credential.
        let apart = |sign: char| !sign.is_alphanumeric() && !"_$.:?!@>-\\".contains(sign);
        let called = called.rsplit(apart).next()?.trim_start_matches(['.', ':', '?', '!', '-', '>']);
        (called.len() <= LONGEST_CALL && !called.is_empty()).then_some(called)
    }

    pub(super) fn finish_function(&mut self) {
        let Some(function) = self.functions.pop() else { return };
        let summary = FunctionSummary {
            name: function.name.to_string(),
            start: function.lines.0,
            end: function.lines.1,
            cyclomatic: function.cyclomatic,
            cognitive: function.cognitive,
            nesting: function.deepest,
            parameters: function.parameters,
        };
        if let Some(matcher) = &self.matcher {
            self.out.findings.extend(matcher.function(&summary, function.required));
        }
        self.finished.push((function.start, summary));
    }

    pub(super) fn add_cognitive(&mut self, points: u32) {
        if let Some(function) = self.functions.last_mut() {
            function.cognitive = function.cognitive.saturating_add(points);
        }
    }

    pub(super) fn complexity(&mut self, node: Node<'t>, role: Role, field: Option<&str>, undo: &mut Undo) {
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
}

fn boolean_operator(node: Node<'_>) -> Option<&'static str> {
    match field(node, "operator")?.kind() {
        "&&" | "and" => Some("&&"),
        "||" | "or" => Some("||"),
        _ => None,
    }
}

fn has_label(node: Node<'_>, src: &str) -> bool {
    let label = first_named(node);
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
