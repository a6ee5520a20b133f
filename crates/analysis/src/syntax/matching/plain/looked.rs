//! Whether something between where a value comes from and where it is used looks at it.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use super::said::{
    asserted, equality, is_check, is_check_of_all, is_existence, is_presence, is_read, is_used,
};
use super::{Stretch, Unclear, called_as};
use crate::syntax::follow::View;
use crate::syntax::language::{Expr, first_line, named_children, text};

/// Longest condition that is looked through; a longer one that has the value is one that looks at it.
const MAX_CONDITION: usize = 2000;

/// Longest text of a value that what is made of it is looked for in.
const MAX_VALUE: usize = 600;

/// Nodes above an expression up to its function.
const MAX_ABOVE: usize = 200;

/// Longest name that is told.
const MAX_NAME: usize = 60;

/// Stands for the value in a condition.
const VALUE: &str = "§";

/// What a value is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tracked {
    /// A name, and those of members.
    segments: Vec<String>,
    /// How many of them have to be there, where nothing of it is asked for.
    least: usize,
    /// The byte from which it is called so: a condition above it is about something else.
    since: usize,
    /// Whether something was made of it that may tell whether it is one of those that are meant.
    judged: bool,
}

impl Tracked {
    /// All of what a name holds.
    pub(super) fn whole(name: &str) -> Self {
        Self { segments: vec![name.to_owned()], least: 1, since: 0, judged: false }
    }

    /// A member of what a name holds: the others are other values.
    pub(super) fn member(name: &str, member: &str) -> Self {
        Self { segments: vec![name.to_owned(), member.to_owned()], least: 1, since: 0, judged: false }
    }

    /// The same from a byte on.
    pub(super) fn since(self, since: usize) -> Self {
        Self { since, ..self }
    }

    /// A part of a request as it is written.
    pub(super) fn source(written: &str) -> Self {
        let written = unified(written);
        let chain = written.chars().all(|sign| is_part(sign) || sign == '.');
        let segments: Vec<String> =
            if chain { written.split('.').map(str::to_owned).collect() } else { vec![written.into_owned()] };
        // `check(req)` asks about much more than one part of it.
        let all = segments.first().is_some_and(|head| head.starts_with("$_") || head == "params");
        let least = if all { 1 } else { segments.len().min(2) };
        Self { segments, least, since: 0, judged: false }
    }

    /// The same where all of it is asked about by a name of its own.
    pub(super) fn of_alias(self) -> Self {
        Self { least: 1, ..self }
    }

    /// The end of what stands for the value at a place of a condition, if something does.
    fn end(&self, said: &str, at: usize) -> Option<usize> {
        let mut end = at;
        for (place, segment) in self.segments.iter().enumerate() {
            let rest = said.get(end..)?;
            let rest = if place == 0 { Some(rest) } else { rest.strip_prefix('.') };
            let found = rest.and_then(|rest| rest.strip_prefix(segment.as_str()));
            let found = found.filter(|rest| !rest.starts_with(is_part) || !segment.ends_with(is_part));
            match found {
                Some(rest) => end = said.len() - rest.len(),
                None if place >= self.least => {
                    let other = said.get(end..)?.trim_start().starts_with(['.', '[']);
                    return (!other).then_some(end);
                }
                None => return None,
            }
        }
        Some(end)
    }
}

/// What a value is called at a place.
#[derive(Clone, Copy)]
struct Names<'a> {
    all: &'a [Tracked],
    at: usize,
}

impl<'a> Names<'a> {
    fn known(self) -> impl Iterator<Item = &'a Tracked> {
        self.all.iter().filter(move |name| name.since <= self.at)
    }
}

/// Where something on a stretch first looks at a value, in the order of the text.
pub(super) fn looked_at<'t>(stretch: &Stretch<'t>, view: &View<'_, 't>) -> Option<Unclear> {
    let function = around(stretch.end, stretch.from);
    let end = stretch.end.end_byte();
    let mut look = Look { names: stretch.names.clone(), used: stretch.end, asked: 0, view };
    for (name, value) in view.flow.given_between(function.start_byte(), end) {
        if !view.memo.may_visit() {
            return Some(Unclear::TooLong);
        }
        let written = text(value, view.src);
        let known = |known: &Tracked| known.segments.first().is_some_and(|it| it == name);
        if written.len() > MAX_VALUE || look.is_used_in(value) || look.names.iter().any(known) {
            continue;
        }
        let judged = match look.marked(value) {
            Some((said, _)) if is_existence(&said) || is_used(&said) => continue,
            Some(_) => !is_plain(value, view),
            None if is_check_of_all(written) => true,
            None => continue,
        };
        look.names.push(Tracked { judged, ..Tracked::whole(name) });
    }
    let mut cursor = function.walk();
    loop {
        let node = cursor.node();
        if !view.memo.may_visit() {
            return Some(Unclear::TooLong);
        }
        let passed = node.start_byte() >= end || (is_function(node) && node.end_byte() < end);
        if !passed && look.asks(node) {
            return Some(Unclear::Asked(first_line(node)));
        }
        if !passed {
            look.add_others(node);
        }
        if (!passed || node == function) && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() || cursor.node() == function {
                return None;
            }
        }
    }
}

/// A search in one function for what looks at a value.
struct Look<'a, 'v, 't> {
    /// What the value and what was made of it are called.
    names: Vec<Tracked>,
    /// Where it is used.
    used: Node<'t>,
    /// The byte up to which conditions were asked as parts of others.
    asked: usize,
    view: &'a View<'v, 't>,
}

impl<'t> Look<'_, '_, 't> {
    /// Whether a node is a condition that looks at the value before it is used.
    fn asks(&mut self, node: Node<'t>) -> bool {
        if !node.is_named() {
            return false;
        }
        let kind = node.kind();
        let field = |name: &str| node.child_by_field_name(name);
        match kind {
            // A case of a `switch` without a subject is a condition.
            "expression_case" => return field("value").is_some_and(|part| self.says(part)),
            "when_subject" => return self.marked(node).is_some(),
            "when_entry" => return field("condition").is_some_and(|part| self.says(part)),
            _ => {}
        }
        if ["switch", "match", "when"].iter().any(|word| kind.contains(word)) || kind == "case" {
            let subject = ["condition", "value", "subject"].into_iter().find_map(field);
            let before = |part: &Node<'t>| part.end_byte() <= self.used.start_byte();
            return subject.filter(before).is_some_and(|part| self.marked(part).is_some());
        }
        if let Some(condition) = field("condition") {
            return self.decides(node, condition);
        }
        match kind {
            "assert_statement" | "if_clause" => self.says(node),
            // `a if b else c`
            "conditional_expression" => node.named_child(1).is_some_and(|part| self.says(part)),
            "binary_expression" | "boolean_operator" | "binary" | "conjunction_expression" => {
                let left = field("left").filter(|_| node.end_byte() > self.asked && self.joins(node));
                left.is_some_and(|left| {
                    let asks = self.says(left);
                    self.asked_all(left);
                    asks
                })
            }
            "expression_statement" | "call" | "method_call" | "invocation_expression" => {
                self.hands_to_check(node, false)
            }
            "call_expression" => {
                let alone = ["block", "statements", "lambda_literal", "function_body", "source_file"];
                self.hands_to_check(node, true)
                    && node.parent().is_some_and(|above| alone.contains(&above.kind()))
            }
            _ => false,
        }
    }

    /// Whether a node is a statement that hands the value to what is called a check; `required` where `require` is the
    /// name of one.
    fn hands_to_check(&self, node: Node<'t>, required: bool) -> bool {
        let said = text(node, self.view.src);
        if node.end_byte() > self.used.start_byte() || said.len() > MAX_CONDITION {
            return false;
        }
        if is_check(said) {
            return self.marked(node).is_some();
        }
        asserted(said, required).is_some()
            && self.marked(node).is_some_and(|(said, judged)| {
                judged || asserted(&said, required).is_some_and(|said| !is_presence(said))
            })
    }

    /// Whether a node is one of what `&&` and `||` join.
    fn joins(&self, node: Node<'t>) -> bool {
        let sign = node.child_by_field_name("operator").map_or("", |sign| text(sign, self.view.src));
        matches!(sign, "&&" | "and" | "||" | "or")
    }

    /// Takes the conditions within a node as asked, but where the value is used within it.
    fn asked_all(&mut self, node: Node<'t>) {
        if !self.is_used_in(node) {
            self.asked = self.asked.max(node.end_byte());
        }
    }

    /// Whether what has a condition looks at the value by it.
    fn decides(&mut self, node: Node<'t>, condition: Node<'t>) -> bool {
        let field = |name: &str| node.child_by_field_name(name);
        let kind = node.kind();
        self.asked_all(condition);
        if kind.starts_with("for_") {
            // How often something is done.
            return false;
        }
        let first = field("initializer");
        // What is asked of the outcome of its use is no check of it.
        let used = first.is_some_and(|first| self.is_used_in(first));
        let after = kind.starts_with("do") && condition.start_byte() >= self.used.end_byte();
        if used || after {
            return false;
        }
        let branch = field("consequence").or_else(|| field("body"));
        let inside = branch.is_some_and(|branch| self.is_used_in(branch));
        if let (Some(_), Some(other)) = (field("consequence"), field("alternative"))
            && (kind.contains("ternary") || kind.contains("conditional"))
        {
            // `log(d === 'x' ? 1 : 2)`: the value is none of both.
            let within =
                self.used.start_byte() <= node.start_byte() && node.end_byte() <= self.used.end_byte();
            let chosen = within || inside || self.is_used_in(other);
            if !chosen && branch.is_none_or(|one| !self.is_named_in(one)) && !self.is_named_in(other) {
                return false;
            }
        }
        if branch.is_some() && kind.starts_with("if") && first.is_none() {
            // `if (d === 'help') { return usage(); }` says nothing of all the others.
            match self.marked(condition).and_then(|(said, judged)| equality(&said).filter(|_| !judged)) {
                Some(true) => return inside,
                Some(false) => return !inside,
                None => {}
            }
        }
        [Some(condition), first].into_iter().flatten().any(|part| self.says(part))
    }

    /// Whether the value is used within a node: what is asked there is asked of the outcome.
    fn is_used_in(&self, node: Node<'t>) -> bool {
        node.start_byte() <= self.used.start_byte() && self.used.end_byte() <= node.end_byte()
    }

    /// Whether a condition asks more of the value than whether it is there.
    fn says(&self, condition: Node<'t>) -> bool {
        if self.is_used_in(condition) {
            return false;
        }
        let written = text(condition, self.view.src);
        if written.len() > MAX_CONDITION {
            return self.is_named_in(condition);
        }
        let names = self.names_at(condition);
        (self.is_named_in(condition) && looks(written, names)) || is_check_of_all(written)
    }

    /// The text of a node with a sign for each place of the value, as [`marked`] gives it.
    fn marked(&self, node: Node<'t>) -> Option<(String, bool)> {
        if !self.is_named_in(node) {
            return None;
        }
        let written = text(node, self.view.src);
        if written.len() > MAX_CONDITION {
            return Some((String::new(), false));
        }
        marked(&unified(written), self.names_at(node))
    }

    fn names_at(&self, node: Node<'t>) -> Names<'_> {
        Names { all: &self.names, at: node.start_byte() }
    }

    /// Whether one of the names occurs in the text of a node; the read bytes are taken from what may be visited.
    fn is_named_in(&self, node: Node<'t>) -> bool {
        let written = text(node, self.view.src);
        let names = self.names_at(node);
        self.view.memo.has_read((written.len() + MAX_NAME).saturating_mul(self.names.len()));
        names.known().any(|name| {
            let head = name.segments.first().map_or("", String::as_str);
            written.contains(head.split(|sign| !is_part(sign)).next().unwrap_or_default())
        })
    }

    /// Takes up the other names that Go gives with what is looked up or read by the value: `id, err := strconv.Atoi(n)`.
    fn add_others(&mut self, node: Node<'t>) {
        if !matches!(node.kind(), "short_var_declaration" | "assignment_statement") {
            return;
        }
        let part = |name: &str| node.child_by_field_name(name);
        let (Some(left), Some(right)) = (part("left"), part("right")) else { return };
        let one = right.named_child(0).filter(|_| right.named_child_count() == 1);
        let Some(value) = one.filter(|_| (2..=4).contains(&left.named_child_count())) else { return };
        let asked = value.kind() == "index_expression" || is_read(text(value, self.view.src));
        if !asked || self.is_used_in(value) || self.marked(value).is_none() {
            return;
        }
        for name in named_children(left, 4).into_iter().skip(1) {
            let name = text(name, self.view.src);
            if name != "_" {
                let since = node.end_byte();
                self.names.push(Tracked { judged: true, since, ..Tracked::whole(name) });
            }
        }
    }
}

/// Whether a condition asks more of a value than whether it is there.
fn looks(condition: &str, names: Names<'_>) -> bool {
    let parts = condition.split("&&").flat_map(|part| part.split("||"));
    let mut parts = parts.flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" or "));
    parts.any(|part| match marked(&unified(part), names) {
        Some((_, true)) => true,
        Some((said, false)) => !is_presence(&said),
        None => false,
    })
}

/// A text with a sign for each place of a value, and whether one is of what was made of it; nothing without one.
fn marked(said: &str, names: Names<'_>) -> Option<(String, bool)> {
    let mut found = String::with_capacity(said.len());
    let (mut any, mut judged, mut at) = (false, false, 0);
    while let Some(sign) = said.get(at..).and_then(|rest| rest.chars().next()) {
        let before = said.get(..at).and_then(|before| before.chars().next_back());
        // A member of something else, a part of another name, or a text.
        // `.` joins texts in PHP, and three of them spread a list.
        let joined = before == Some('.')
            && (sign == '$' || said.get(..at).is_some_and(|before| before.ends_with("...")));
        let other = !joined
            && before.is_some_and(|before| is_part(before) || matches!(before, '.' | '"' | '\'' | ':'));
        let here =
            if other { None } else { names.known().find_map(|name| Some((name, name.end(said, at)?))) };
        if let Some((name, end)) = here {
            any = true;
            judged |= name.judged;
            found.push_str(VALUE);
            at = end;
        } else {
            found.push(sign);
            at += sign.len_utf8();
        }
    }
    any.then_some((found, judged))
}

/// A text without blanks but between words, with members and fixed keys in one spelling.
fn unified(written: &str) -> Cow<'_, str> {
    static KEYS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"\[(?:["'](\w+)["']|:(\w+)|(\d+))\]|\.(?:get|Get|fetch|getlist|dig)\((?:["'](\w+)["']|:(\w+))(?:,[^()]*)?\)"#).ok()
    });
    let mut bare = String::with_capacity(written.len());
    for word in written.split_whitespace() {
        if bare.ends_with(is_part) && word.starts_with(is_part) {
            bare.push(' ');
        }
        bare.push_str(word);
    }
    let bare = bare.replace("?.", ".").replace("->", ".");
    match KEYS.as_ref() {
        Some(keys) => keys.replace_all(&bare, ".$1$2$3$4$5").into_owned().into(),
        None => bare.into(),
    }
}

/// Whether a value is made without a call that is not known to change nothing.
fn is_plain<'t>(value: Node<'t>, view: &View<'_, 't>) -> bool {
    match view.adapter.expr(value, view.src) {
        Expr::Wrap(inner) => is_plain(inner, view),
        Expr::Call { .. } | Expr::Method { .. } => {
            called_as(value, view).is_some_and(|(object, name, path)| {
                view.sources.is_plain(&path, name) && object.is_none_or(|object| is_plain(object, view))
            })
        }
        Expr::Other | Expr::Macro { .. } | Expr::Scalar(_) => false,
        _ => true,
    }
}

/// The innermost function around a node that has a byte in it too; the whole file where none has.
fn around(node: Node<'_>, from: usize) -> Node<'_> {
    let mut last = node;
    for above in std::iter::successors(node.parent(), Node::parent).take(MAX_ABOVE) {
        if is_function(above) && above.start_byte() <= from {
            return above;
        }
        last = above;
    }
    last
}

fn is_function(node: Node<'_>) -> bool {
    let kind = node.kind();
    let named = ["function", "method", "lambda", "closure", "func_literal", "constructor"];
    named.iter().any(|word| kind.contains(word))
        && (node.child_by_field_name("body").is_some() || kind == "function_declaration")
}

pub(super) fn is_part(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '_' | '$' | '@')
}

/// A name of what is called that is short enough to be told.
pub(super) fn shortened(name: &str) -> String {
    let name: String = name.split_whitespace().collect();
    name.chars().take(MAX_NAME).collect()
}
