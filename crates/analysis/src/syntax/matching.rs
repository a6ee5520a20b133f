//! Holds the rules against calls, assignments, pairs, handlers and functions.

mod accepted;
mod before;
mod checked;
mod defaults;
mod leads;
mod parts;
mod plain;
mod reached;
mod shared;
mod turns;
mod values;

use std::cmp::Reverse;

use tree_sitter::Node;

use self::accepted::accepted;
use self::before::{is_inside, is_run_before};
use self::checked::{Checked, checked, is_made_of, is_still};
use self::defaults::{is_memory, is_mutated};
use self::plain::unclear;
use self::reached::reached;
use self::shared::{is_only_compared, share_a_value};
use self::turns::{is_kept_on_purpose, uses_the_turn};
use self::values::{argument_passes, maker_passes, object_passes, origin, passes, tested, tested_value};
use super::flow::At;
use super::follow::View;
use super::language::{Adapter, Expr, Parameter, first_line, last_line, named_children, text};
use super::rules::{Candidate, Index, Limits, Match, Rule, RuleSet, Test, last_segment, names};
use super::sightings::Sighting;
use super::sources::Sources;
use super::value::Origin;
use crate::finding::RawFinding;
use crate::pattern::Pattern;
use crate::report::{Confidence, FindingKind, FunctionSummary, Severity};

/// Longest text that makes two sightings the same one.
const MAX_ANCHOR: usize = 240;

/// Longest comparison that is held against what a rule says of its text.
const MAX_COMPARISON: usize = 300;

/// Longest name of what is called that is shown.
const MAX_CALLEE: usize = 60;

/// Whether a match holds; from where comes what it looks at, `None` where nothing is guessed; and the values that it is
/// about if they come from outside, each with its place.
type Asked<'a, 't> =
    (&'a dyn Fn(&Match) -> bool, &'a dyn Fn(&Match) -> Option<Origin>, &'a dyn Fn(&Match) -> Values<'t>);

type Values<'t> = Vec<(Node<'t>, At)>;

/// Said of a value where the rule itself leaves open where it comes from.
const FROM_REQUEST: &str = "; a value in it comes from a request";

/// Where the walk is.
pub(super) struct Place<'a> {
    /// The function.
    pub symbol: Option<&'a str>,
    /// What the expression is given to: a variable, a member, a key.
    pub given_to: &'a str,
    /// The kind of the node right above.
    pub under: &'a str,
    /// Whether it is in the body of a loop over many things.
    pub in_loop: bool,
    /// Whether it is in an asynchronous function.
    pub in_async: bool,
}

/// The rules of one language.
pub(super) struct Matcher<'a> {
    pub set: &'a RuleSet,
    pub index: &'a Index,
    pub sources: &'a Sources,
}

impl Matcher<'_> {
    /// Whether a rule may have something to say about a call. Most calls end in a name that no rule looks at: that is
    /// seen before the path is followed. A bare name can be an alias, so it is followed.
    pub(super) fn sees_call(&self, node: Node<'_>, adapter: &dyn Adapter, src: &str) -> bool {
        match adapter.expr(node, src) {
            Expr::Call { callee, .. } => match adapter.expr(callee, src) {
                Expr::Member { property, .. } => self.index.calls.contains_key(property),
                Expr::Other => false,
                _ => true,
            },
            Expr::Method { object: Some(_), name, .. } => self.index.calls.contains_key(name),
            Expr::Method { .. } | Expr::Macro { .. } => true,
            _ => false,
        }
    }

    /// The same of a pair.
    pub(super) fn sees_pair(&self, node: Node<'_>, adapter: &dyn Adapter, src: &str) -> bool {
        adapter.pair(node, src).is_some_and(|(key, _)| self.index.pairs.contains_key(key))
    }

    /// The same of an assignment to a member.
    pub(super) fn sees_assignment(&self, node: Node<'_>, adapter: &dyn Adapter, src: &str) -> bool {
        let target = adapter.assignment(node, src);
        target.is_some_and(|(target, _)| {
            let written = |candidate: &Candidate| {
                let source = self.set.get(*candidate).and_then(|(_, matched)| matched.source.as_ref());
                source.is_none_or(|source| source.is_match(text(node, src)))
            };
            self.index.assigns.contains_key(last_segment(text(target, src)))
                || self.index.assigns.get("*").is_some_and(|any| any.iter().any(written))
        })
    }

    /// The same of the handler of an exception.
    pub(super) fn sees_swallowed(&self, node: Node<'_>, adapter: &dyn Adapter, src: &str) -> bool {
        !self.index.swallowed.is_empty() && adapter.is_empty_handler(node, src)
    }

    /// The same of a comparison.
    pub(super) fn sees_comparison(&self, node: Node<'_>, src: &str) -> bool {
        let written = |candidate: &Candidate| {
            let source = self.set.get(*candidate).and_then(|(_, matched)| matched.source.as_ref());
            source.is_none_or(|source| {
                let whole = text(node, src);
                whole.len() <= MAX_COMPARISON && source.is_match(whole)
            })
        };
        !self.index.comparisons.is_empty() && is_equality(node) && self.index.comparisons.iter().any(written)
    }

    /// The same of default values.
    pub(super) fn sees_defaults(&self) -> bool {
        !self.index.shared_defaults.is_empty()
    }

    /// Holds the rules against a call.
    pub(super) fn call<'t, 'p>(
        &self,
        node: Node<'t>,
        view: &View<'_, 't>,
        place: impl Fn() -> Place<'p>,
    ) -> Vec<Sighting> {
        let (path, arguments) = match view.adapter.expr(node, view.src) {
            Expr::Call { callee, arguments } => (view.path(callee), arguments),
            Expr::Method { object, name, arguments } => (view.method_path(object, name), arguments),
            Expr::Macro { name, .. } => (format!("{name}!"), None),
            _ => return Vec::new(),
        };
        let Some(candidates) = self.index.calls.get(last_segment(&path)) else { return Vec::new() };
        let list = arguments;
        let arguments = list.map_or_else(Vec::new, |list| view.adapter.arguments(list, view.src));
        let holds = |matched: &Match| {
            names(&matched.call, &path)
                && matched.receiver.as_ref().is_none_or(|wanted| {
                    path.rsplit_once('.').is_some_and(|(receiver, _)| wanted.is_match(receiver))
                })
                && matched.args.iter().all(|test| {
                    if test.maker {
                        maker_passes(test, node, view)
                    } else if test.object {
                        object_passes(test, node, view)
                    } else {
                        argument_passes(test, &arguments, view)
                    }
                })
                && matched.value.as_ref().is_none_or(|test| {
                    is_written(matched, node, view)
                        && (object_passes(test, node, view)
                            || arguments.iter().any(|argument| passes(test, Some(argument.value), view)))
                })
        };
        let from = |matched: &Match| {
            let guesses = matched.args.iter().filter(|test| test.is_speculative());
            let asked = matched.args.iter().any(Test::asks_for_request).then_some(Origin::Request);
            guesses.map(|test| origin(test, &arguments, view)).max().or(asked)
        };
        let written = callee(node, list, view.src);
        self.sightings(
            candidates,
            node,
            view,
            place,
            (&holds, &from, &|matched: &Match| tested(matched, node, &arguments, view)),
            &written,
        )
    }

    /// Holds the rules against a pair.
    pub(super) fn pair<'t, 'p>(
        &self,
        node: Node<'t>,
        view: &View<'_, 't>,
        place: impl Fn() -> Place<'p>,
    ) -> Vec<Sighting> {
        let Some((key, value)) = view.adapter.pair(node, view.src) else { return Vec::new() };
        let Some(candidates) = self.index.pairs.get(key) else { return Vec::new() };
        let holds =
            |matched: &Match| matched.value.as_ref().is_none_or(|test| passes(test, Some(value), view));
        let from = |matched: &Match| {
            let guess = matched.value.as_ref().is_some_and(Test::is_speculative);
            guess.then(|| view.value(value).origin)
        };
        let values = |matched: &Match| tested_value(matched, value, view);
        self.sightings(candidates, node, view, place, (&holds, &from, &values), key)
    }

    /// Holds the rules against an assignment to a member.
    pub(super) fn assign<'t, 'p>(
        &self,
        node: Node<'t>,
        view: &View<'_, 't>,
        place: impl Fn() -> Place<'p>,
    ) -> Vec<Sighting> {
        let Some((target, value)) = view.adapter.assignment(node, view.src) else { return Vec::new() };
        let last = last_segment(text(target, view.src));
        let found = [last, "*"].map(|key| self.index.assigns.get(key).map_or(&[][..], Vec::as_slice));
        let candidates = found.concat();
        let path = view.path(target);
        let holds = |matched: &Match| {
            names(&matched.assign, &path)
                && matched.value.as_ref().is_none_or(|test| passes(test, Some(value), view))
        };
        let from = |matched: &Match| {
            let guess = matched.value.as_ref().is_some_and(Test::is_speculative);
            guess.then(|| view.value(value).origin)
        };
        let values = |matched: &Match| tested_value(matched, value, view);
        self.sightings(&candidates, node, view, place, (&holds, &from, &values), text(target, view.src))
    }

    /// Holds the rules against a comparison for equality.
    pub(super) fn comparison<'t, 'p>(
        &self,
        node: Node<'t>,
        view: &View<'_, 't>,
        place: impl Fn() -> Place<'p>,
    ) -> Vec<Sighting> {
        let sides = named_children(node, 2);
        let paths: Vec<String> = sides.iter().map(|side| view.path(*side)).collect();
        let holds = |matched: &Match| {
            matched.compared.as_ref().is_some_and(|wanted| paths.iter().any(|path| wanted.is_match(path)))
                && matched.value.as_ref().is_none_or(|test| {
                    is_written(matched, node, view)
                        && sides.iter().any(|side| passes(test, Some(*side), view))
                })
        };
        self.sightings(&self.index.comparisons, node, view, place, (&holds, &|_| None, &|_| Vec::new()), "")
    }

    /// Holds the rules against the handler of an exception.
    pub(super) fn swallowed<'t, 'p>(
        &self,
        node: Node<'t>,
        view: &View<'_, 't>,
        place: impl Fn() -> Place<'p>,
    ) -> Vec<Sighting> {
        self.sightings(&self.index.swallowed, node, view, place, (&|_| true, &|_| None, &|_| Vec::new()), "")
    }

    /// Holds the rules against the default values of parameters.
    pub(super) fn shared_defaults<'t, 'p>(
        &self,
        function: Node<'t>,
        parameters: &[Parameter<'t>],
        view: &View<'_, 't>,
        place: impl Fn() -> Place<'p>,
    ) -> Vec<Sighting> {
        let shared = |parameter: &&Parameter<'t>| {
            parameter.default.is_some_and(|default| match default.kind() {
                // One that is not empty, or is called a cache, is shared on purpose.
                "list" | "dictionary" => {
                    default.named_child_count() == 0
                        && !is_memory(parameter.name)
                        && is_mutated(parameter.name, function, view.src)
                }
                _ => false,
            })
        };
        let found = parameters.iter().filter(shared).filter_map(|parameter| {
            let default = parameter.default?;
            let found = &self.index.shared_defaults;
            let always: Asked<'_, 't> = (&|_| true, &|_| None, &|_| Vec::new());
            Some(self.sightings(found, default, view, &place, always, parameter.name))
        });
        found.flatten().collect()
    }

    /// Holds the rules against a whole function, which callers have to give `required` arguments: the worst of them
    /// says what the others say too.
    pub(super) fn function(&self, function: &FunctionSummary, required: u32) -> Option<RawFinding> {
        let exceeded = self.index.functions.iter().filter_map(|candidate| {
            let (rule, matched) = self.set.get(*candidate)?;
            let value = exceeded(matched.function?, function, required)?;
            Some((rule, rule.message.replace("{value}", &value.to_string())))
        });
        let mut exceeded: Vec<_> = exceeded.collect();
        exceeded.sort_by_key(|(rule, _)| Reverse(rule.severity));
        let (rule, message) = exceeded.first()?;
        let message = message.replace("{function}", &named(&function.name));
        let others = exceeded.iter().skip(1).map(|(_, message)| message.replace("`{function}`", "it"));
        Some(RawFinding {
            message: std::iter::once(message).chain(others).collect::<Vec<_>>().join("; "),
            start: function.start,
            end: function.end,
            symbol: Some(function.name.clone()),
            anchor: function.name.clone(),
            ..blank(rule)
        })
    }

    fn sightings<'t, 'p>(
        &self,
        candidates: &[Candidate],
        node: Node<'t>,
        view: &View<'_, 't>,
        place: impl Fn() -> Place<'p>,
        (holds, from, values): Asked<'_, 't>,
        callee: &str,
    ) -> Vec<Sighting> {
        let mut found: Vec<(&Rule, Sighting)> = Vec::new();
        for candidate in candidates {
            let Some((rule, matched)) = self.set.get(*candidate) else { continue };
            // One sighting of a rule at a place, however many of its matches hold.
            if found.iter().any(|(known, _)| known.id == rule.id) || !holds(matched) {
                continue;
            }
            let here = place();
            if !stands(matched, &here, node, view) {
                continue;
            }
            let from = from(matched);
            let of_a_value = from.is_some() || (matched.receiver.is_some() && matched.args.is_empty());
            let known = if of_a_value && is_security(rule) {
                checked(node, matches!(from, None | Some(Origin::Request)), view)
            } else {
                Checked::No
            };
            if known == Checked::Surely {
                continue;
            }
            let hint = matched.hint || is_lesser(matched, &here, node, view);
            let (severity, confidence) = match (from, rule.from_request) {
                _ if known == Checked::Perhaps => (rule.severity.min(Severity::Low), Confidence::Low),
                (Some(Origin::Request), Some(severity)) => (severity, Confidence::High),
                (Some(Origin::Here | Origin::Predictable), _) => {
                    (rule.severity.min(matched.severity.unwrap_or(rule.without_source)), Confidence::Low)
                }
                _ if hint => (rule.severity.min(Severity::Low), Confidence::Low),
                _ => (matched.severity.unwrap_or(rule.severity), rule.confidence),
            };
            let values =
                if is_security(rule) && severity > Severity::Low { values(matched) } else { Vec::new() };
            let about = !values.is_empty() && from != Some(Origin::Predictable);
            let doubt = about.then(|| unclear(&values, view)).flatten();
            let (severity, confidence) =
                if doubt.is_some() { (Severity::Low, Confidence::Low) } else { (severity, confidence) };
            let unsaid = from == Some(Origin::Request) && !rule.message.contains("request");
            let message = rule
                .message
                .replace("{callee}", &shown(callee))
                .replace("{function}", &here.symbol.map_or_else(|| "this file".to_owned(), named));
            let finding = RawFinding {
                message: message
                    + if unsaid { FROM_REQUEST } else { "" }
                    + &doubt.map_or_else(String::new, |doubt| doubt.said()),
                severity,
                confidence,
                start: first_line(node),
                end: last_line(node).min(first_line(node).saturating_add(20)),
                symbol: here.symbol.map(str::to_owned),
                anchor: anchor(text(node, view.src)),
                ..blank(rule)
            };
            let accepted = is_security(rule).then(|| accepted(node, view.src, &rule.cwe)).flatten();
            found.push((rule, Sighting { finding, accepted, rule: candidate.rule }));
        }
        let replaced: Vec<&String> = found.iter().flat_map(|(rule, _)| &rule.instead_of).collect();
        let kept = found.iter().filter(|(rule, _)| !replaced.contains(&&rule.id));
        kept.map(|(_, sighting)| sighting.clone()).collect()
    }
}

/// Whether what is around a place says that somebody chose what a match is about, or that something else demands it.
fn is_lesser(matched: &Match, here: &Place<'_>, node: Node<'_>, view: &View<'_, '_>) -> bool {
    let asked =
        |known: &Pattern| view.conditions().any(|condition| known.is_match(text(condition, view.src)));
    let outside = |known: &Pattern| !here.symbol.is_some_and(|symbol| known.is_match(symbol));
    matched.hint_if.as_ref().is_some_and(asked)
        || matched.hint_outside.as_ref().is_some_and(outside)
        || matched.hint_behind.as_ref().is_some_and(|known| known.is_match(reached(node, view.src).before))
        || matched
            .hint_under
            .as_ref()
            .is_some_and(|known| here.symbol.is_some_and(|symbol| known.is_match(symbol)) || asked(known))
}

/// Whether the place is one that a match is for.
fn stands(matched: &Match, here: &Place<'_>, node: Node<'_>, view: &View<'_, '_>) -> bool {
    let source = text(node, view.src);
    let around = |wanted: &Pattern| {
        wanted.is_match(here.given_to) || here.symbol.is_some_and(|symbol| wanted.is_match(symbol))
    };
    (!matched.in_loop || here.in_loop)
        && (!matched.of_the_turn || uses_the_turn(node, view.src))
        && !(matched.unless_kept && is_kept_on_purpose(node, view.src))
        && !(matched.unless_compared && is_only_compared(here.given_to, view.src))
        && (!matched.in_async || here.in_async)
        && matched.around.as_ref().is_none_or(around)
        && matched.reached.as_ref().is_none_or(|wanted| {
            let address = reached(node, view.src).address;
            address.or(here.symbol).is_some_and(|name| wanted.is_match(name))
        })
        && matched.given.as_ref().is_none_or(|wanted| wanted.is_match(here.given_to))
        && !matched.not_given.as_ref().is_some_and(|unwanted| unwanted.is_match(here.given_to))
        && matched
            .within
            .as_ref()
            .is_none_or(|wanted| here.symbol.is_some_and(|symbol| wanted.is_match(last_segment(symbol))))
        && !matched
            .not_within
            .as_ref()
            .is_some_and(|unwanted| here.symbol.is_some_and(|symbol| unwanted.is_match(last_segment(symbol))))
        && matched.source.as_ref().is_none_or(|wanted| wanted.is_match(source))
        && !matched.not_source.as_ref().is_some_and(|unwanted| unwanted.is_match(source))
        && matched.under.as_deref().is_none_or(|kind| kind == here.under)
        && (matched.in_file.is_empty() || matched.in_file.iter().any(|part| view.src.contains(part)))
        && !matched.not_in_file.iter().any(|part| view.src.contains(part))
        && (matched.not_in_code.is_empty()
            || !matched.not_in_code.iter().any(|part| view.code(node).contains(part)))
        && !matched.unless_left.as_ref().is_some_and(|unwanted| {
            let checks = view.guards().map(|(condition, at)| (text(condition, view.src), at));
            let mut parts = checks.flat_map(|(check, at)| check.split("||").map(move |part| (part, at)));
            parts.any(|(check, at)| {
                unwanted.is_match(check)
                    && !view.sources.is_partial(check)
                    && ((share_a_value(check, source) && is_still(check, at, node, view))
                        || is_made_of(check, at, node, view))
            })
        })
        && !matched.not_inside.as_ref().is_some_and(|unwanted| is_inside(unwanted, node, view.src))
        && !matched.unless_after.as_ref().is_some_and(|unwanted| is_run_before(unwanted, node, view.src))
        && !matched.unless.as_ref().is_some_and(|unwanted| {
            view.conditions().any(|condition| unwanted.is_match(text(condition, view.src)))
        })
}

/// Whether the text of a node is the one that a match asks for: that costs less than to follow a value.
fn is_written(matched: &Match, node: Node<'_>, view: &View<'_, '_>) -> bool {
    matched.source.as_ref().is_none_or(|wanted| wanted.is_match(text(node, view.src)))
}

fn is_security(rule: &Rule) -> bool {
    rule.kind == FindingKind::Security
}

/// What is called, as the text has it: without the arguments, on one line.
fn callee(node: Node<'_>, list: Option<Node<'_>>, src: &str) -> String {
    let end = list.map(|list| list.start_byte()).filter(|end| *end > node.start_byte());
    let written = src.get(node.start_byte()..end.unwrap_or(node.end_byte())).unwrap_or_default();
    let written: String = written.split_whitespace().collect::<Vec<_>>().join(" ");
    let written = written.strip_prefix("new ").unwrap_or(&written).trim_end_matches('!');
    match written.char_indices().rev().nth(MAX_CALLEE) {
        Some((cut, _)) => format!("…{}", written.get(cut..).unwrap_or_default()),
        None => written.to_owned(),
    }
}

/// What a reader calls the path: without the marks that say where its head comes from.
fn shown(path: &str) -> String {
    named(path.trim_start_matches(['@', '~', '?', '.']))
}

/// A name of the source as a part of a sentence: on one line, and no longer than a name is.
fn named(name: &str) -> String {
    const LONGEST: usize = 120;
    let words =
        name.split(|sign: char| sign.is_control() || sign.is_whitespace()).filter(|word| !word.is_empty());
    let mut line = words.collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(end);
        line.push_str("..");
    }
    line
}

fn blank(rule: &Rule) -> RawFinding {
    RawFinding {
        rule: rule.id.clone(),
        kind: rule.kind,
        severity: rule.severity,
        confidence: rule.confidence,
        message: String::new(),
        start: 0,
        end: 0,
        symbol: None,
        anchor: String::new(),
    }
}

fn anchor(code: &str) -> String {
    code.split_whitespace().flat_map(str::chars).take(MAX_ANCHOR).collect()
}

fn exceeded(limits: Limits, function: &FunctionSummary, required: u32) -> Option<u32> {
    if limits.and_cognitive.is_some_and(|limit| function.cognitive <= limit) {
        return None;
    }
    let lines = function.end.saturating_sub(function.start).saturating_add(1);
    let over = |limit: Option<u32>, value: u32| limit.is_some_and(|limit| value > limit).then_some(value);
    over(limits.lines, lines)
        .or_else(|| over(limits.parameters, required))
        .or_else(|| over(limits.nesting, function.nesting))
        .or_else(|| over(limits.cognitive, function.cognitive))
}

/// Whether a node compares two values for equality.
fn is_equality(node: Node<'_>) -> bool {
    let mut cursor = node.walk();
    let mut more = cursor.goto_first_child();
    while more {
        if !cursor.node().is_named() && matches!(cursor.node().kind(), "==" | "===" | "!=" | "!==") {
            return true;
        }
        more = cursor.goto_next_sibling();
    }
    false
}
