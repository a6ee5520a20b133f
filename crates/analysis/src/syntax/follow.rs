//! Names followed to what they were given, so that a rule sees that an argument is fixed, put together at run time,
//! or taken from a request; through calls of functions of the same file as well.

mod calls;
mod code;
mod constant;
mod contents;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;

use tree_sitter::Node;

use self::calls::Call;
use self::code::code_around;
use super::flow::{At, Choice, Flow, Given, What};
use super::language::{Adapter, Expr, field, named_children, text};
use super::sources::Sources;
use super::value::{Kind, Origin, Value};

/// How far names, calls and operands are followed.
const FUEL: u8 = 20;

/// Longest path that is told.
const MAX_PATH: usize = 300;

/// Steps for following names and paths in one file.
const BUDGET: u32 = 400_000;

/// Expressions of one file for which what is asked before them is looked for. Only what programs write has more that a
/// rule is about, and in a file of one long list of statements each look takes as long as the list.
const CHECKS: u32 = 200;

/// Parts of one file that are visited in search of what looks at a value before it is used.
const VISITS: u32 = 4_000_000;

/// Bytes that are searched for one name as fast as a part is visited.
const BYTES_OF_A_VISIT: usize = 64;

/// What was found out of one file: nothing is followed twice.
#[derive(Debug)]
pub(super) struct Memo {
    /// Steps left for the whole file: following names can branch, and hostile text would make it branch for ever.
    budget: Cell<u32>,
    /// Expressions left for which what is asked before them is looked for: that looks at much of what stands around each.
    checks: Cell<u32>,
    /// Parts that may still be visited in search of what looks at a value before it is used.
    visits: Cell<u32>,
    /// How often following was given up.
    cuts: Cell<u32>,
    /// The value of what a name was given, for its own sake and in a summary.
    values: RefCell<HashMap<(usize, bool), Value>>,
    /// What functions give back; nothing while that is being found out.
    summaries: RefCell<HashMap<usize, Option<Value>>>,
    /// Where from a parameter is reached by the calls of this file; nothing while that is being found out.
    passed: RefCell<HashMap<(usize, u32), Option<Origin>>>,
    /// The code without comments and texts, once a rule asks for it.
    code: OnceCell<String>,
}

impl Memo {
    pub(super) fn new() -> Self {
        Self {
            budget: Cell::new(BUDGET),
            checks: Cell::new(CHECKS),
            visits: Cell::new(VISITS),
            cuts: Cell::new(0),
            values: RefCell::default(),
            summaries: RefCell::default(),
            passed: RefCell::default(),
            code: OnceCell::new(),
        }
    }

    /// Takes one of the visits in search of what looks at a value; whether there was one left.
    pub(super) fn may_visit(&self) -> bool {
        let left = self.visits.get().checked_sub(1);
        self.visits.set(left.unwrap_or_default());
        left.is_some()
    }

    /// Takes what it costs to read a text from these visits.
    pub(super) fn has_read(&self, bytes: usize) {
        let cost = u32::try_from(bytes / BYTES_OF_A_VISIT).unwrap_or(u32::MAX);
        self.visits.set(self.visits.get().saturating_sub(cost));
    }

    /// Takes one of the looks at what is asked before an expression; whether there was one left.
    pub(super) fn may_look_for_checks(&self) -> bool {
        let left = self.checks.get().checked_sub(1);
        self.checks.set(left.unwrap_or_default());
        left.is_some()
    }
}

/// What is needed to follow a value from a place.
#[derive(Clone, Copy)]
pub(super) struct View<'a, 't> {
    pub src: &'t str,
    pub adapter: &'static dyn Adapter,
    pub flow: &'a Flow<'t>,
    pub sources: &'a Sources,
    pub memo: &'a Memo,
    pub at: At,
    /// Whether parameters stand for what callers pass.
    pub summing: bool,
}

impl<'a, 't> View<'a, 't> {
    /// The code of the file, which the node is of, without what it says in comments and in texts.
    pub(super) fn code(&self, node: Node<'t>) -> &'a str {
        self.memo.code.get_or_init(|| code_around(node, self.src))
    }

    /// The view from another place.
    pub(super) fn from(self, at: At) -> Self {
        Self { at, ..self }
    }

    /// Finds out which branches are always taken, and which never.
    pub(super) fn decide(&self) {
        for (number, arm) in self.flow.arms().iter().enumerate().skip(1) {
            let taken = arm.condition.and_then(|condition| {
                let view = self.from(condition.at);
                let decided = view.constant(condition.on)?;
                match condition.choice {
                    Choice::Holds(wanted) => decided.truth().map(|truth| truth == wanted),
                    Choice::Case(case) => view.is_case(case, &decided),
                }
            });
            self.flow.settle(number, taken);
        }
    }

    /// The conditions of the branches around the place, the nearest first.
    pub(super) fn conditions(&self) -> impl Iterator<Item = Node<'t>> + use<'_, 't> {
        self.flow.conditions(self.at)
    }

    /// The conditions above the place under which the function was left before it, the nearest first; each with where
    /// it was asked.
    pub(super) fn guards(&self) -> impl Iterator<Item = (Node<'t>, At)> + use<'_, 't> {
        self.flow.guards(self.at)
    }

    /// The conditions that are known to hold at the place, or not to; each with where it was asked.
    pub(super) fn known(&self) -> impl Iterator<Item = (Node<'t>, At, bool)> + use<'_, 't> {
        self.flow.known(self.at)
    }

    /// The arguments of the call that made a value, and where it was made.
    pub(super) fn made_with(&self, object: Node<'t>) -> Option<(Node<'t>, At)> {
        match self.expr(object) {
            Expr::Call { arguments, .. } | Expr::Method { arguments, .. } => {
                arguments.map(|list| (list, self.at))
            }
            Expr::Name(name) => {
                let reaching = self.flow.reaching(name, self.at)?;
                let mut made = reaching.iter().filter_map(|given| match given.what {
                    What::Value(value, None) => match self.expr(value) {
                        Expr::Call { arguments, .. } | Expr::Method { arguments, .. } => {
                            Some((arguments?, given.at))
                        }
                        _ => None,
                    },
                    _ => None,
                });
                made.next_back()
            }
            _ => None,
        }
    }

    /// The path of what a node names: `child_process.exec`, `os/exec.Command`, `sqlite3.connect().cursor`.
    ///
    /// A head that is a parameter is written `@name` or `@type`, a local one `~name`, and an unknown one `?`.
    pub(super) fn path(&self, node: Node<'t>) -> String {
        self.path_within(node, FUEL).unwrap_or_else(|| "?".to_owned())
    }

    /// The path of a method that is no node of its own.
    pub(super) fn method_path(&self, object: Option<Node<'t>>, name: &str) -> String {
        self.method_within(object, name, FUEL).unwrap_or_else(|| "?".to_owned())
    }

    /// What is known of a value.
    pub(super) fn value(&self, node: Node<'t>) -> Value {
        self.value_within(node, FUEL)
    }

    fn step(&self, fuel: u8) -> Option<u8> {
        let left = self.memo.budget.get().checked_sub(1).zip(fuel.checked_sub(1));
        let Some((budget, fuel)) = left else {
            self.memo.cuts.set(self.memo.cuts.get().saturating_add(1));
            return None;
        };
        self.memo.budget.set(budget);
        Some(fuel)
    }

    fn expr(&self, node: Node<'t>) -> Expr<'t> {
        match self.adapter.expr(node, self.src) {
            // `[]byte(text)`
            Expr::Other if node.kind() == "type_conversion_expression" => {
                field(node, "operand").map_or(Expr::Other, Expr::Wrap)
            }
            // `+text`, `a - b`, `a === b`: numbers and truth values.
            Expr::Other if is_computed(node) => Expr::Scalar("0"),
            expr => expr,
        }
    }

    fn path_within(&self, node: Node<'t>, fuel: u8) -> Option<String> {
        let fuel = self.step(fuel)?;
        match self.expr(node) {
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
        .filter(|path| path.len() <= MAX_PATH)
    }

    fn method_within(&self, object: Option<Node<'t>>, name: &str, fuel: u8) -> Option<String> {
        let Some(object) = object else { return Some(self.name_path(name, fuel)) };
        let object = self.path_within(object, fuel).unwrap_or_else(|| "?".to_owned());
        Some(format!("{object}.{name}")).filter(|path| path.len() <= MAX_PATH)
    }

    fn call_path(&self, callee: Node<'t>, arguments: Option<Node<'t>>, fuel: u8) -> Option<String> {
        let path = self.path_within(callee, fuel)?;
        if path == "require" {
            let argument = named_children(arguments?, 1).first().copied()?;
            if let Expr::Text(module) = self.expr(argument) {
                return Some(module.strip_prefix("node:").unwrap_or(module).to_owned());
            }
        }
        Some(path + "()")
    }

    fn name_path(&self, name: &str, fuel: u8) -> String {
        let local = || format!("~{name}");
        let Some(reaching) = self.flow.reaching(name, self.at) else { return local() };
        if reaching.is_empty() {
            return name.to_owned();
        }
        // What it may hold besides, but which no path leads to: nothing, and what is put into it.
        let is_nothing = |node: Node<'t>| matches!(self.expr(node), Expr::Scalar(text) if is_nothing(text));
        let mut paths = reaching.iter().filter(|given| match given.what {
            What::Value(value, None) => !is_nothing(value),
            What::Nothing => false,
            _ => !given.what.keeps(),
        });
        let (Some(first), second) = (paths.next(), paths.next()) else { return local() };
        match &first.what {
            What::Import(path) => path.clone(),
            _ if second.is_some() => local(),
            What::Parameter(_, None) => format!("@{name}"),
            What::Parameter(_, Some(kind)) => {
                let kind = self.from(first.at).path_within(*kind, fuel);
                format!("@{}", kind.as_deref().unwrap_or(name))
            }
            What::Value(..) => self.given_path(first, fuel).unwrap_or_else(local),
            _ => local(),
        }
    }

    fn given_path(&self, given: &Given<'t>, fuel: u8) -> Option<String> {
        let What::Value(value, member) = given.what else { return None };
        let path = self.from(given.at).path_within(value, fuel)?;
        Some(member.map_or_else(|| path.clone(), |member| format!("{path}.{member}")))
    }

    fn value_within(&self, node: Node<'t>, fuel: u8) -> Value {
        let Some(fuel) = self.step(fuel) else { return Value::unknown() };
        match self.expr(node) {
            Expr::Text(text) | Expr::Scalar(text) => Value::literal(text),
            Expr::Format(template, values) => self.format(&template, values.into_iter(), fuel),
            Expr::Concat(left, right) => self.value_within(left, fuel).then(&self.value_within(right, fuel)),
            Expr::Name(name) => self.named(name, fuel),
            Expr::Path(segments) => {
                // A constant of another file, by the language's own spelling of constants.
                let constant = segments.last().is_some_and(|name| is_constant(name));
                Value::new(if constant { Kind::Safe } else { Kind::Unknown })
            }
            Expr::Call { callee, arguments } => {
                let object = match self.expr(callee) {
                    Expr::Member { object, property } => Some((object, property)),
                    _ => None,
                };
                let path = &self.path_within(callee, fuel).unwrap_or_default();
                let function = self.function_of_call(callee, arguments, fuel);
                self.called(&Call { path, object, arguments, function }, fuel)
            }
            Expr::Method { object, name, arguments } => {
                let path = &self.method_within(object, name, fuel).unwrap_or_default();
                let function = self.function_of_method(object, name, arguments, fuel);
                let object = object.map(|object| (object, name));
                self.called(&Call { path, object, arguments, function }, fuel)
            }
            Expr::Macro { text, names, .. } => {
                let fixed = names.iter().all(|name| self.named(name, fuel).kind <= Kind::Safe);
                match (text.contains('\0'), fixed) {
                    (false, _) if text.is_empty() => Value::unknown(),
                    (false, _) => Value::literal(&text),
                    (true, true) => Value { text, ..Value::new(Kind::Safe) },
                    (true, false) => Value { text, ..Value::new(Kind::Built) },
                }
            }
            Expr::Member { object, property } => self.member(node, object, property, fuel),
            Expr::Index { object } => self.element(node, object, fuel),
            Expr::Wrap(inner) => self.value_within(inner, fuel),
            Expr::Choice(one, other) => match self.decided(node) {
                Some(true) => self.value_within(one, fuel),
                Some(false) => self.value_within(other, fuel),
                None => self.value_within(one, fuel).or(self.value_within(other, fuel)),
            },
            Expr::List(list) => {
                let values = named_children(list, 16).into_iter().map(|item| self.value_within(item, fuel));
                values.reduce(Value::or).unwrap_or_else(|| Value::new(Kind::Literal))
            }
            Expr::Other => Value::unknown(),
        }
    }

    /// Whether the condition of an expression that chooses always holds, or never.
    fn decided(&self, node: Node<'t>) -> Option<bool> {
        self.constant(field(node, "condition")?)?.truth()
    }

    fn named(&self, name: &str, fuel: u8) -> Value {
        let Some(reaching) = self.flow.reaching(name, self.at) else { return Value::unknown() };
        if reaching.is_empty() {
            // A constant of another file by its spelling, or what the language itself fills with the request.
            let origin = self.sources.origin(name);
            let constant = is_constant(name) && origin == Origin::Here;
            return Value { origin, ..Value::new(if constant { Kind::Safe } else { Kind::Unknown }) };
        }
        self.all(&reaching, fuel)
    }

    /// What a name holds that was given all this.
    fn all(&self, reaching: &[&Given<'t>], fuel: u8) -> Value {
        let (kept, base): (Vec<&Given<'t>>, Vec<&Given<'t>>) =
            reaching.iter().copied().partition(|given| given.what.keeps());
        let base = base.iter().map(|given| self.given(given, fuel)).reduce(Value::or);
        let base = base.unwrap_or_else(Value::unknown);
        kept.into_iter().fold(base, |value, given| self.grown(value, given, fuel))
    }

    fn given(&self, given: &Given<'t>, fuel: u8) -> Value {
        let key = (given.id, self.summing);
        if let Some(known) = self.memo.values.borrow().get(&key) {
            return known.clone();
        }
        let cuts = self.memo.cuts.get();
        let value = self.from(given.at).held(given, fuel);
        if self.memo.cuts.get() == cuts {
            self.memo.values.borrow_mut().insert(key, value.clone());
        }
        value
    }

    fn held(&self, given: &Given<'t>, fuel: u8) -> Value {
        match &given.what {
            What::Value(value, None) => self.value_within(*value, fuel),
            What::Value(value, Some(_)) => {
                let whole = self.value_within(*value, fuel).part();
                let own =
                    self.given_path(given, fuel).map_or(Origin::Here, |path| self.sources.origin(&path));
                Value { origin: whole.origin.max(own), ..whole }
            }
            What::Element(many) => {
                let many_origin = self.origin(*many, fuel);
                let part = self.value_within(*many, fuel);
                let kind = if self.is_listed(*many) { part.kind } else { Kind::Unknown };
                Value { kind, origin: part.part().origin.max(many_origin), ..part.part() }
            }
            // Constants of another file, by the usual spelling of constants, and names of files that a bundler gives.
            What::Import(path) if path.rsplit('.').next().is_some_and(is_constant) || is_asset(path) => {
                Value::new(Kind::Safe)
            }
            What::Number(value) => self.harmless(*value, fuel),
            What::Parameter(_, Some(kind)) if is_number(text(*kind, self.src)) => Value::new(Kind::Safe),
            What::Nothing => Value::literal(""),
            What::Parameter(position, _) => self.parameter(given.at, *position, fuel),
            _ => Value::unknown(),
        }
    }

    /// Whether a value is a list of which every element is written out, itself or by a name that is given nothing else.
    fn is_listed(&self, many: Node<'t>) -> bool {
        let list = |node: Node<'t>| matches!(self.expr(node), Expr::List(_));
        match self.expr(many) {
            Expr::List(_) => true,
            Expr::Name(name) => match self.flow.reaching(name, self.at).unwrap_or_default().as_slice() {
                [given] => matches!(given.what, What::Value(value, None) if list(value)),
                _ => false,
            },
            _ => false,
        }
    }

    /// Something that can do no harm as text, made of a value; that it can be worked out stays true.
    fn harmless(&self, value: Option<Node<'t>>, fuel: u8) -> Value {
        let origin = value.map_or(Origin::Here, |value| self.value_within(value, fuel).origin);
        let predictable = origin == Origin::Predictable;
        Value { origin: if predictable { origin } else { Origin::Here }, ..Value::new(Kind::Safe) }
    }

    fn member(&self, node: Node<'t>, object: Node<'t>, property: &str, fuel: u8) -> Value {
        // `a.length` is a number in every language that has it; but what a request calls so is whatever it says.
        let is_number = property == "length" && !self.is_fields(object, fuel);
        if is_number || (is_constant(property) && self.origin(node, fuel) != Origin::Request) {
            return Value::new(Kind::Safe);
        }
        if let Some(kept) = self.kept(object, property, fuel) {
            return kept;
        }
        let part = self.value_within(object, fuel).part();
        Value { origin: self.origin(node, fuel).max(part.origin), ..part }
    }

    /// Whether it is a part of a request whose fields its sender names.
    fn is_fields(&self, node: Node<'t>, fuel: u8) -> bool {
        self.path_within(node, fuel).is_some_and(|path| {
            let last = path.rsplit('.').next().unwrap_or(&path);
            matches!(last, "query" | "body" | "params" | "headers" | "cookies")
                && self.sources.origin(&path) == Origin::Request
        })
    }

    fn origin(&self, node: Node<'t>, fuel: u8) -> Origin {
        self.path_within(node, fuel).map_or(Origin::Here, |path| self.sources.origin(&path))
    }
}

/// Whether an operator makes a number or a truth value of what it is given.
fn is_computed(node: Node<'_>) -> bool {
    let sign = |place: u32| node.child(place).map_or("", |sign| sign.kind());
    match node.kind() {
        "unary_expression" | "prefix_unary_expression" | "unary_op_expression" => {
            matches!(sign(0), "+" | "-" | "~" | "!")
        }
        "binary_expression" => matches!(
            sign(1),
            "-" | "*" | "/" | "**" | "|" | "^" | "<" | ">" | "<=" | ">=" | "==" | "!=" | "===" | "!=="
        ),
        _ => false,
    }
}

/// `MAX_SIZE`, `TABLE`: at least two capitals and nothing small; and where the file itself is.
fn is_constant(name: &str) -> bool {
    if matches!(name, "__dirname" | "__filename" | "__file__") {
        return true;
    }
    name.len() >= 2
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && name.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Whether an import is of a picture, a font or a style, which gives its address.
fn is_asset(path: &str) -> bool {
    [".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".css", ".scss", ".woff2"]
        .iter()
        .any(|ending| path.split(['?', '\'']).any(|part| part.trim_end_matches(".default").ends_with(ending)))
}

/// Whether a type is one of numbers, truth values, times or ids, as languages with written types call them.
pub(super) fn is_number(kind: &str) -> bool {
    let kind = kind.trim_end_matches('?');
    matches!(
        kind.rsplit('.').next().unwrap_or(kind),
        "int"
            | "long"
            | "short"
            | "double"
            | "float"
            | "boolean"
            | "bool"
            | "Integer"
            | "Long"
            | "Short"
            | "Double"
            | "Float"
            | "Boolean"
            | "BigInteger"
            | "BigDecimal"
            | "UUID"
            | "Guid"
            | "decimal"
            | "uint"
            | "ulong"
            | "int8"
            | "int16"
            | "int32"
            | "int64"
            | "uint8"
            | "uint16"
            | "uint32"
            | "uint64"
            | "float32"
            | "float64"
            | "size_t"
            | "ssize_t"
            | "Int"
            | "DateTime"
            | "Instant"
            | "LocalDate"
            | "LocalDateTime"
            | "Duration"
            | "unsigned"
            | "u8"
            | "u16"
            | "u32"
            | "u64"
            | "usize"
            | "i8"
            | "i16"
            | "i32"
            | "i64"
            | "isize"
    )
}

/// Whether a scalar is the language's word for no value.
fn is_nothing(text: &str) -> bool {
    matches!(text, "null" | "None" | "nil" | "undefined" | "NULL" | "nullptr")
}
