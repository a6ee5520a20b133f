//! Whether something between where a value comes from and where it is used looks at it.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use tree_sitter::Node;

use super::super::checked::{Checked, MADE, refuses};
use super::{Stretch, Unclear, called_as};
use crate::syntax::follow::View;
use crate::syntax::language::{Expr, first_line, text};

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
    let mut names = stretch.names.clone();
    for (name, value) in view.flow.given_between(function.start_byte(), end) {
        let written = text(value, view.src);
        if written.len() > MAX_VALUE
            || names.iter().any(|known| known.segments.first().is_some_and(|it| it == name))
        {
            continue;
        }
        let known = Names { all: &names, at: value.start_byte() };
        if marked(&unified(written), known).is_some() {
            let judged = !is_plain(value, view);
            names.push(Tracked { judged, ..Tracked::whole(name) });
        }
    }
    let mut cursor = function.walk();
    loop {
        let node = cursor.node();
        if !view.memo.may_visit() {
            return Some(Unclear::TooLong);
        }
        let passed = node.start_byte() >= end || (is_function(node) && node.end_byte() < end);
        if !passed && asks(node, stretch.end, &names, view) {
            return Some(Unclear::Asked(first_line(node)));
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

/// Whether a node is a condition that looks at a value.
fn asks<'t>(node: Node<'t>, used: Node<'t>, names: &[Tracked], view: &View<'_, 't>) -> bool {
    if !node.is_named() {
        return false;
    }
    let kind = node.kind();
    let field = |name: &str| node.child_by_field_name(name);
    let at = |part: Node<'t>| Names { all: names, at: part.start_byte() };
    let says = |part: Node<'t>| looks(text(part, view.src), at(part));
    if ["switch", "match", "when"].iter().any(|word| kind.contains(word)) || kind == "case" {
        let subject = ["condition", "value", "subject"].into_iter().find_map(field);
        let has = |part: Node<'t>| marked(&unified(text(part, view.src)), at(part)).is_some();
        return subject.filter(|part| part.start_byte() <= used.start_byte()).is_some_and(has);
    }
    if let Some(condition) = field("condition") {
        return [Some(condition), field("initializer")].into_iter().flatten().any(says);
    }
    match kind {
        "assert_statement" | "if_clause" => says(node),
        // `a if b else c`
        "conditional_expression" => node.named_child(1).is_some_and(says),
        "binary_expression" | "boolean_operator" | "binary" | "conjunction_expression" => {
            let sign = field("operator").map_or("", |sign| text(sign, view.src));
            let joins = matches!(sign, "&&" | "and" | "||" | "or");
            joins && field("left").is_some_and(says)
        }
        "expression_statement" | "call" | "method_call" | "invocation_expression" => {
            let outside = node.end_byte() <= used.start_byte();
            let said = text(node, view.src);
            outside
                && said.len() <= MAX_CONDITION
                && is_check(said)
                && marked(&unified(said), at(node)).is_some()
        }
        _ => false,
    }
}

/// Whether a statement hands a value to what is called a check of it, which may throw.
fn is_check(said: &str) -> bool {
    static CALLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let checks = "assert|validate|verify|sanitize|authorize|reject|deny|expect|must";
        Regex::new(&format!(r"^(?:await\s+)?(?:[\w$@]+(?:\.|->|::))*(?i:_*(?:{checks}))(\w*)!?\(")).ok()
    });
    let called = CALLED.as_ref().and_then(|called| called.captures(said));
    let named = called.and_then(|called| called.get(1)).is_some_and(|what| {
        let what = what.as_str().to_ascii_lowercase();
        let other = ["null", "nil", "exist", "present", "empty", "defined"];
        !other.iter().chain(MADE).any(|word| what.contains(word))
    });
    named || refuses(said) != Checked::No
}

/// Whether a condition asks more of a value than whether it is there.
fn looks(condition: &str, names: Names<'_>) -> bool {
    if condition.len() > MAX_CONDITION {
        return marked(&unified(condition), names).is_some();
    }
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
        let other = before.is_some_and(|before| is_part(before) || matches!(before, '.' | '"' | '\'' | ':'));
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

/// Whether a part of a condition asks only whether a value is there, or is text at all.
fn is_presence(part: &str) -> bool {
    static ASKED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let nothing = r#"(?:null|None|nil|undefined|NULL|nullptr|''|""|-?[01]|true|false|True|False|[sS]tring\.Empty|"undefined"|'undefined'|"string"|'string'|str|String)"#;
        let compared = format!(r"\s*(?:={{1,3}}|!={{1,2}}|<>|[<>]=?|is not|is|instanceof)\s*{nothing}");
        let bare = r"§(?:\.(?:trim|strip|toString|to_s|Trim|ToString)(?:\(\))?)*";
        let of = r"(?:\.(?:length|size|Length|Count|count|len|isEmpty|isBlank|isNullOrBlank|isNullOrEmpty|empty\?|present\?|blank\?|nil\?|any\?|is_empty|is_some|is_none|isPresent)(?:\(\))?)?";
        let asked = r"(?:\w+[.:]+)*(?:isset|empty|is_string|is_null|is_array|isArray|len|strlen|mb_strlen|count|sizeof|Boolean|bool|str|String|isinstance|defined\??|trim|nonNull|isNull|isEmpty|isNotEmpty|isBlank|isNotBlank|hasText|hasLength|notEmpty|notBlank|IsNullOrEmpty|IsNullOrWhiteSpace|isNullOrEmpty|TrimSpace|typeof)";
        let one = format!(r"(?:(?:typeof ?)?\(?{bare}{of}\)?|{asked}\((?:{asked}\()?{bare}(?:,[^()]*)?\)*)");
        Regex::new(&format!(
            r"^(?:{one}(?:{compared}|\?)?|{nothing}(?:={{2,3}}|!={{1,2}}){one}|\w+<=?{one}|\w+\+?(?:,\w+)?:?={bare})[;:{{]?$"
        ))
        .ok()
    });
    let mut part = part.trim();
    loop {
        let bare = part
            .strip_prefix('!')
            .or_else(|| part.strip_prefix("not "))
            .or_else(|| part.strip_prefix("not").filter(|rest| rest.starts_with(['§', '('])));
        match bare.or_else(|| part.strip_prefix('(')) {
            Some(rest) => part = rest,
            None => break,
        }
    }
    let count = |sign: char| part.matches(sign).count();
    let mut open = count(')').saturating_sub(count('('));
    while let Some(rest) = part.strip_suffix(')').filter(|_| open > 0) {
        part = rest;
        open -= 1;
    }
    ASKED.as_ref().is_some_and(|asked| asked.is_match(part))
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

fn is_part(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '_' | '$' | '@')
}

/// A name of what is called that is short enough to be told.
pub(super) fn shortened(name: &str) -> String {
    let name: String = name.split_whitespace().collect();
    name.chars().take(MAX_NAME).collect()
}
