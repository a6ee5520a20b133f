//! What is known of a value at the place where it is used: names followed to what they were given, so that a
//! rule sees that an argument is fixed, put together at run time, or taken from a request.
//!
//! The reading is by the order of the text: a name stands for everything it was given above its use, in its
//! function or around it. That is not a data-flow analysis, and where it does not know it says "unknown".

use std::cell::Cell;
use std::collections::HashMap;

use tree_sitter::Node;

use super::language::{Adapter, Expr, named_children};
use super::sources::Sources;

/// How far names, calls and operands are followed.
const FUEL: u8 = 14;

/// Literal text kept of a value.
const MAX_TEXT: usize = 400;

/// Values one name may have been given before it counts as unknown.
const MAX_VALUES: usize = 8;

/// What a name stands for.
#[derive(Debug, Clone)]
pub(super) enum Binding<'t> {
    /// Something imported: its path.
    Import(String),
    /// A parameter, with the path of its type where that is written.
    Parameter(Option<String>),
    /// Values given to it above, with the member taken from each.
    Values(Vec<(Node<'t>, Option<&'t str>)>),
    /// Something of this file that is not followed.
    Local,
}

/// What is known of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Fixed in the text.
    Literal,
    /// Not known, or known to be harmless wherever text could do harm: a number, an escaped string.
    Safe,
    /// Not known.
    Unknown,
    /// Text put together from fixed parts and parts that are not fixed.
    Built,
}

/// Where text comes from; of two origins the later one says more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// From nowhere that is known to be outside.
    Here,
    /// From whoever runs the program: typed at its prompt or piped into it.
    Typed,
    /// From the other side of a connection.
    Request,
}

/// A value.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub kind: Kind,
    /// Where its parts come from: the farthest of them.
    pub origin: Origin,
    /// Its fixed text, with a NUL for each part that is not fixed.
    pub text: String,
}

impl Value {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            origin: Origin::Here,
            text: if kind == Kind::Literal { String::new() } else { "\0".to_owned() },
        }
    }

    fn literal(text: &str) -> Self {
        Self { kind: Kind::Literal, origin: Origin::Here, text: cut(text).to_owned() }
    }

    /// Either of two values: the worse of the two.
    fn or(self, other: Self) -> Self {
        let origin = self.origin.max(other.origin);
        let worse = if other.kind > self.kind { other } else { self };
        Self { origin, ..worse }
    }
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The names of a file, by function: the innermost scope last.
pub(super) struct Scopes<'t> {
    scopes: Vec<HashMap<&'t str, Binding<'t>>>,
}

impl<'t> Scopes<'t> {
    pub(super) fn new() -> Self {
        Self { scopes: vec![HashMap::new()] }
    }

    pub(super) fn enter(&mut self) {
        self.scopes.push(HashMap::new());
    }

    pub(super) fn leave(&mut self) {
        if self.scopes.len() > 1 {
            self.scopes.pop();
        }
    }

    pub(super) fn bind(&mut self, name: &'t str, binding: Binding<'t>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name, binding);
        }
    }

    /// Adds a value to those a name was given. An assignment to a name of an outer scope adds to that one.
    pub(super) fn assign(
        &mut self,
        name: &'t str,
        value: Option<(Node<'t>, Option<&'t str>)>,
        declares: bool,
    ) {
        let owner =
            if declares { None } else { self.scopes.iter().rposition(|scope| scope.contains_key(name)) };
        let last = self.scopes.len().saturating_sub(1);
        let Some(scope) = self.scopes.get_mut(owner.unwrap_or(last)) else { return };
        match (scope.get_mut(name), value) {
            (Some(Binding::Values(values)), Some(value)) if values.len() < MAX_VALUES => values.push(value),
            (None, Some(value)) => {
                scope.insert(name, Binding::Values(vec![value]));
            }
            // A parameter or import that is given another value, or a value that is not followed.
            _ => {
                scope.insert(name, Binding::Local);
            }
        }
    }

    fn get(&self, name: &str) -> Option<&Binding<'t>> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name))
    }
}

/// What is needed to follow a value.
#[derive(Clone, Copy)]
pub(super) struct View<'a, 't> {
    pub src: &'t str,
    pub adapter: &'static dyn Adapter,
    pub scopes: &'a Scopes<'t>,
    pub sources: &'a Sources,
    /// Steps left for the whole file: following names can branch, and hostile text would make it branch for ever.
    pub budget: &'a Cell<u32>,
}

/// Steps for following names and paths in one file.
pub(super) const BUDGET: u32 = 400_000;

impl<'t> View<'_, 't> {
    /// The path of what a node names: `child_process.exec`, `os/exec.Command`, `sqlite3.connect().cursor`.
    ///
    /// A head that is a parameter is written `@name` or `@type`, a local one `~name`, and an unknown one `?`.
    pub(super) fn path(&self, node: Node<'t>) -> String {
        self.path_within(node, FUEL).unwrap_or_else(|| "?".to_owned())
    }

    fn step(&self, fuel: u8) -> Option<u8> {
        self.budget.set(self.budget.get().checked_sub(1)?);
        fuel.checked_sub(1)
    }

    fn path_within(&self, node: Node<'t>, fuel: u8) -> Option<String> {
        let fuel = self.step(fuel)?;
        match self.adapter.expr(node, self.src) {
            Expr::Name(name) => Some(self.name_path(name, fuel)),
            Expr::Path(segments) => {
                let (head, tail) = segments.split_first()?;
                let head = self.name_path(head, fuel);
                Some(tail.iter().fold(head, |path, segment| path + "." + segment))
            }
            Expr::Member { object, property } => {
                let object = self.path_within(object, fuel).unwrap_or_else(|| "?".to_owned());
                Some(format!("{object}.{}", property.trim_start_matches('#')))
            }
            Expr::Index { object } => self.path_within(object, fuel).map(|path| path + "[]"),
            Expr::Call { callee, arguments } => self.call_path(callee, arguments, fuel),
            Expr::Method { object, name, .. } => {
                self.method_within(object, name, fuel).map(|path| path + "()")
            }
            Expr::Macro { name, .. } => Some(format!("{name}!")),
            Expr::Wrap(inner) => self.path_within(inner, fuel),
            Expr::Text(_) | Expr::Format(..) => Some("\"\"".to_owned()),
            _ => None,
        }
        .filter(|path| path.len() <= 300)
    }

    /// The path of a method that is no node of its own.
    pub(super) fn method_path(&self, object: Option<Node<'t>>, name: &str) -> String {
        self.method_within(object, name, FUEL).unwrap_or_else(|| "?".to_owned())
    }

    fn method_within(&self, object: Option<Node<'t>>, name: &str, fuel: u8) -> Option<String> {
        let Some(object) = object else { return Some(self.name_path(name, fuel)) };
        let object = self.path_within(object, fuel).unwrap_or_else(|| "?".to_owned());
        Some(format!("{object}.{name}")).filter(|path| path.len() <= 300)
    }

    fn call_path(&self, callee: Node<'t>, arguments: Option<Node<'t>>, fuel: u8) -> Option<String> {
        let path = self.path_within(callee, fuel)?;
        if path == "require" {
            let argument = named_children(arguments?, 1).first().copied()?;
            if let Expr::Text(module) = self.adapter.expr(argument, self.src) {
                return Some(module.strip_prefix("node:").unwrap_or(module).to_owned());
            }
        }
        Some(path + "()")
    }

    fn name_path(&self, name: &str, fuel: u8) -> String {
        match self.scopes.get(name) {
            None => name.to_owned(),
            Some(Binding::Import(path)) => path.clone(),
            Some(Binding::Parameter(kind)) => format!("@{}", kind.as_deref().unwrap_or(name)),
            Some(Binding::Local) => format!("~{name}"),
            Some(Binding::Values(values)) => match values.as_slice() {
                [(value, member)] => match (self.path_within(*value, fuel), member) {
                    (Some(path), Some(member)) => format!("{path}.{member}"),
                    (Some(path), None) => path,
                    (None, _) => format!("~{name}"),
                },
                _ => format!("~{name}"),
            },
        }
    }

    /// What is known of a value.
    pub(super) fn value(&self, node: Node<'t>) -> Value {
        self.value_within(node, FUEL)
    }

    fn value_within(&self, node: Node<'t>, fuel: u8) -> Value {
        let Some(fuel) = self.step(fuel) else { return Value::new(Kind::Unknown) };
        match self.adapter.expr(node, self.src) {
            Expr::Text(text) | Expr::Scalar(text) => Value::literal(text),
            Expr::Format(template, values) => self.format(&template, values.into_iter(), fuel),
            Expr::Concat(left, right) => {
                let (left, right) = (self.value_within(left, fuel), self.value_within(right, fuel));
                let texts =
                    |value: &Value| value.kind == Kind::Built || !value.text.trim_matches('\0').is_empty();
                let kind = match (left.kind, right.kind) {
                    (Kind::Literal, Kind::Literal) => Kind::Literal,
                    (one, other) if one.max(other) <= Kind::Safe => Kind::Safe,
                    _ if texts(&left) || texts(&right) => Kind::Built,
                    _ => Kind::Unknown,
                };
                let text = cut(&(left.text + &right.text)).to_owned();
                Value { kind, origin: left.origin.max(right.origin), text }
            }
            Expr::Name(name) => self.named(name, fuel),
            Expr::Path(segments) => {
                // A constant of another file, by the language's own spelling of constants.
                let constant = segments.last().is_some_and(|name| is_constant(name));
                Value::new(if constant { Kind::Safe } else { Kind::Unknown })
            }
            Expr::Call { callee, arguments } => {
                let path = self.path_within(callee, fuel).unwrap_or_default();
                let object = match self.adapter.expr(callee, self.src) {
                    Expr::Member { object, property } => Some((object, property)),
                    _ => None,
                };
                self.called(&path, object, arguments, fuel)
            }
            Expr::Method { object, name, arguments } => {
                let path = self.method_within(object, name, fuel).unwrap_or_default();
                self.called(&path, object.map(|object| (object, name)), arguments, fuel)
            }
            Expr::Macro { text, names, .. } => {
                let fixed = names.iter().all(|name| self.named(name, fuel).kind <= Kind::Safe);
                match (text.contains('\0'), fixed) {
                    (false, _) if text.is_empty() => Value::new(Kind::Unknown),
                    (false, _) => Value::literal(&text),
                    (true, true) => Value { kind: Kind::Safe, origin: Origin::Here, text },
                    (true, false) => Value { kind: Kind::Built, origin: Origin::Here, text },
                }
            }
            Expr::Member { object, property } => self.member(node, object, property, fuel),
            Expr::Index { object } => {
                let origin = self.origin(node).max(self.value_within(object, fuel).origin);
                Value { origin, ..Value::new(Kind::Unknown) }
            }
            Expr::Wrap(inner) => self.value_within(inner, fuel),
            Expr::Choice(one, other) => self.value_within(one, fuel).or(self.value_within(other, fuel)),
            Expr::List(list) => {
                let values = named_children(list, 16).into_iter().map(|item| self.value_within(item, fuel));
                values.reduce(Value::or).unwrap_or_else(|| Value::new(Kind::Literal))
            }
            Expr::Other => Value::new(Kind::Unknown),
        }
    }

    fn named(&self, name: &str, fuel: u8) -> Value {
        match self.scopes.get(name) {
            Some(Binding::Values(values)) => {
                let each = values.iter().map(|(value, member)| {
                    let whole = self.value_within(*value, fuel);
                    if member.is_none() {
                        return whole;
                    }
                    let origin = whole.origin.max(self.origin(*value));
                    Value { origin, ..Value::new(Kind::Unknown) }
                });
                each.reduce(Value::or).unwrap_or_else(|| Value::new(Kind::Unknown))
            }
            // Constants of another file, by the usual spelling of constants.
            Some(Binding::Import(path)) if path.rsplit('.').next().is_some_and(is_constant) => {
                Value::new(Kind::Safe)
            }
            None if is_constant(name) => Value::new(Kind::Safe),
            // What the language itself fills with the request.
            None => Value { origin: self.sources.origin(name), ..Value::new(Kind::Unknown) },
            _ => Value::new(Kind::Unknown),
        }
    }

    fn member(&self, node: Node<'t>, object: Node<'t>, property: &str, fuel: u8) -> Value {
        if is_constant(property) {
            return Value::new(Kind::Safe);
        }
        let origin = self.origin(node).max(self.value_within(object, fuel).origin);
        Value { origin, ..Value::new(Kind::Unknown) }
    }

    fn called(
        &self,
        path: &str,
        object: Option<(Node<'t>, &'t str)>,
        arguments: Option<Node<'t>>,
        fuel: u8,
    ) -> Value {
        let arguments = arguments.map_or_else(Vec::new, |list| self.adapter.arguments(list, self.src));
        if self.sources.cleans(path) {
            return Value::new(Kind::Safe);
        }
        if let Some((object, "format")) = object {
            let template = self.value_within(object, fuel);
            if template.kind == Kind::Literal && template.text.contains('{') {
                let template = format!("{}\0", template.text);
                return self.format(&template, arguments.iter().map(|argument| argument.value), fuel);
            }
        }
        if self.sources.formats(path)
            && let Some((template, values)) = arguments.split_first()
        {
            let template = self.value_within(template.value, fuel);
            if template.kind == Kind::Literal {
                let template = format!("{}\0", template.text);
                return self.format(&template, values.iter().map(|argument| argument.value), fuel);
            }
        }
        let of_arguments = arguments.iter().map(|argument| self.value_within(argument.value, fuel).origin);
        let carried = if self.sources.carries(path) { of_arguments.max() } else { None };
        let of_object = object.map(|(object, _)| self.value_within(object, fuel).origin);
        let own = self.sources.origin(path);
        let origin = carried.into_iter().chain(of_object).fold(own, Origin::max);
        Value { origin, ..Value::new(Kind::Unknown) }
    }

    /// A template filled with values: built unless every value is fixed.
    fn format(&self, template: &str, values: impl Iterator<Item = Node<'t>>, fuel: u8) -> Value {
        let values: Vec<Value> = values.take(32).map(|value| self.value_within(value, fuel)).collect();
        let worst = values.iter().map(|value| value.kind).max().unwrap_or(Kind::Literal);
        let origin = values.iter().map(|value| value.origin).max().unwrap_or(Origin::Here);
        let mut parts = template.split('\0');
        let mut text = parts.next().unwrap_or_default().to_owned();
        let mut filling = values.iter().map(|value| value.text.as_str());
        for part in parts {
            text.push_str(filling.next().unwrap_or_default());
            text.push_str(part);
        }
        let kind = if worst <= Kind::Safe { worst } else { Kind::Built };
        Value { kind, origin, text: cut(&text).to_owned() }
    }

    fn origin(&self, node: Node<'t>) -> Origin {
        self.path_within(node, FUEL).map_or(Origin::Here, |path| self.sources.origin(&path))
    }
}

/// `MAX_SIZE`, `TABLE`: at least two capitals and nothing small.
fn is_constant(name: &str) -> bool {
    name.len() >= 2
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && name.bytes().any(|byte| byte.is_ascii_uppercase())
}
