//! What the rules look at: gathered during the walk, and judged when the names of the whole file are known.

use std::rc::Rc;

use tree_sitter::Node;

use super::Walk;
use crate::syntax::flow::At;
use crate::syntax::follow::{Memo, View};
use crate::syntax::language::{Role, field, named_children, text};
use crate::syntax::matching::{Matcher, Place};
use crate::syntax::sightings;

/// Statements of a `try` that are looked at.
const MAX_STATEMENTS: usize = 64;

/// What is looked at.
#[derive(Debug, Clone, Copy)]
enum Look {
    Call,
    Pair,
    Swallowed,
    Comparison,
    Assignment,
    Defaults,
}

/// Something to be held against the rules.
#[derive(Debug)]
pub(super) struct Pending<'t> {
    look: Look,
    node: Node<'t>,
    at: At,
    /// The function around it.
    symbol: Option<Rc<str>>,
    given_to: &'t str,
    under: &'t str,
    in_loop: bool,
    in_async: bool,
}

impl<'t> Pending<'t> {
    fn place(&self) -> Place<'_> {
        Place {
            symbol: self.symbol.as_deref(),
            given_to: self.given_to,
            under: self.under,
            in_loop: self.in_loop,
            in_async: self.in_async,
        }
    }

    fn judge(&self, matcher: &Matcher<'_>, view: &View<'_, 't>) -> Vec<sightings::Sighting> {
        let place = || self.place();
        match self.look {
            Look::Call => matcher.call(self.node, view, place),
            Look::Pair => matcher.pair(self.node, view, place),
            Look::Swallowed => matcher.swallowed(self.node, view, place),
            Look::Comparison => matcher.comparison(self.node, view, place),
            Look::Assignment => matcher.assign(self.node, view, place),
            Look::Defaults => {
                let (parameters, _) = view.adapter.parameters(self.node, view.src);
                matcher.shared_defaults(self.node, &parameters, view, place)
            }
        }
    }
}

impl<'t> Walk<'_, 't> {
    /// Keeps a node that rules may have something to say about.
    pub(super) fn look(&mut self, node: Node<'t>, role: Role) {
        let Some(matcher) = &self.matcher else { return };
        let (adapter, src) = (self.language.adapter, self.src);
        let (look, seen) = if role.has(Role::CALL) {
            (Look::Call, matcher.sees_call(node, adapter, src))
        } else if role.has(Role::PAIR) {
            (Look::Pair, matcher.sees_pair(node, adapter, src))
        } else if role.has(Role::CATCH) {
            let parent = self.parents.last().copied();
            let attempt =
                self.language.family == "JavaScript" && parent.is_some_and(|parent| is_attempt(parent, src));
            (Look::Swallowed, !attempt && matcher.sees_swallowed(node, adapter, src))
        } else if role.has(Role::BINARY) {
            (Look::Comparison, matcher.sees_comparison(node, src))
        } else if role.has(Role::BIND) {
            (Look::Assignment, matcher.sees_assignment(node, adapter, src))
        } else {
            return;
        };
        if seen {
            self.keep(look, node);
        }
    }

    /// Keeps a function whose parameters have default values that rules may have something to say about.
    pub(super) fn look_at_defaults(&mut self, node: Node<'t>) {
        if self.matcher.as_ref().is_some_and(Matcher::sees_defaults) {
            self.keep(Look::Defaults, node);
        }
    }

    fn keep(&mut self, look: Look, node: Node<'t>) {
        self.pending.push(Pending {
            look,
            node,
            at: self.flow.at(node.start_byte()),
            symbol: self.functions.last().map(|function| Rc::clone(&function.name)),
            given_to: self.given_to(),
            under: self.parents.last().map(Node::kind).unwrap_or_default(),
            in_loop: self.loops.last().is_some_and(|loops| *loops > 0),
            in_async: self.bodies.last().is_some_and(|body| body.is_async),
        });
    }

    /// What the current node is given to: a variable, a member, a key.
    fn given_to(&self) -> &'t str {
        let target = self.parents.iter().rev().take(6).find_map(|parent| match parent.kind() {
            "variable_declarator" | "const_item" | "static_item" | "keyword_argument" => {
                field(*parent, "name")
            }
            "init_declarator" => field(*parent, "declarator"),
            "let_declaration" => field(*parent, "pattern"),
            "assignment_expression" | "assignment" | "assignment_statement" | "short_var_declaration" => {
                field(*parent, "left")
            }
            "pair" => field(*parent, "key"),
            "field_initializer" => field(*parent, "field"),
            // A key, and what is under it.
            "keyed_element" | "array_element_initializer" => {
                let both = named_children(*parent, 3);
                both.first().copied().filter(|_| both.len() == 2)
            }
            _ => None,
        });
        target.map(|target| text(target, self.src)).unwrap_or_default()
    }

    /// Holds the rules against what was kept.
    pub(super) fn judge(&mut self) {
        let Some(matcher) = self.matcher.take() else { return };
        self.flow.finish();
        let memo = Memo::new();
        let (src, adapter, sources) = (self.src, self.language.adapter, matcher.sources);
        let at = self.flow.at(0);
        let view = View { src, adapter, flow: &self.flow, sources, memo: &memo, at, summing: false };
        view.decide();
        for (function, arguments, at) in view.local_calls(&self.calls) {
            self.flow.called(function, arguments, at);
        }
        let view = View { src, adapter, flow: &self.flow, sources, memo: &memo, at, summing: false };
        let seen = self.pending.iter().flat_map(|pending| pending.judge(&matcher, &view.from(pending.at)));
        let (found, accepted) = sightings::gather(seen.collect(), matcher.set);
        self.out.findings.extend(found);
        self.out.accepted = accepted;
    }
}

/// Whether a `try` is of one thing that may fail, gives back what it found, or has its reason above it.
fn is_attempt(node: Node<'_>, src: &str) -> bool {
    let Some(body) = field(node, "body") else { return false };
    let statements = named_children(body, MAX_STATEMENTS);
    let gives = statements.last().is_some_and(|last| last.kind() == "return_statement");
    let above = src.get(..node.start_byte()).unwrap_or_default().trim_end();
    let line = above.rsplit('\n').next().unwrap_or_default().trim_start();
    statements.len() < 2 || gives || line.starts_with("//") || line.ends_with("*/")
}
