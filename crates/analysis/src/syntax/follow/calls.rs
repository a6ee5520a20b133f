//! Calls: of what carries, cleans or formats text by the lists of its language, and of functions of the same file by
//! their summaries.

use tree_sitter::Node;

use super::{FUEL, View};
use crate::syntax::flow::{At, Function, What};
use crate::syntax::language::{Argument, Expr, text};
use crate::syntax::value::{Kind, Origin, Value};

/// Functions of one name that a call is compared with.
const MAX_SAME_NAME: usize = 16;

/// Values that are filled into one template.
const MAX_FILLED: usize = 32;

/// A call with what is known of its parts.
pub(super) struct Call<'a, 't> {
    pub path: &'a str,
    /// The object a method is called on, and the method's name.
    pub object: Option<(Node<'t>, &'t str)>,
    pub arguments: Option<Node<'t>>,
    /// The function of this file that is called.
    pub function: Option<usize>,
}

impl<'t> View<'_, 't> {
    pub(super) fn called(&self, call: &Call<'_, 't>, fuel: u8) -> Value {
        let list = call.arguments;
        let arguments = list.map_or_else(Vec::new, |list| self.adapter.arguments(list, self.src));
        if self.sources.cleans(call.path) {
            let harmless = self.harmless(arguments.first().map(|argument| argument.value), fuel);
            return if self.sources.escapes(call.path) { harmless.escaped() } else { harmless };
        }
        if let Some(function) = call.function {
            return self.result(function, &arguments, fuel);
        }
        if let Some(filled) = self.filled(call, &arguments, fuel) {
            return filled;
        }
        // Lists name a method alone, or with the brackets of its call.
        let own = self.sources.origin(call.path).max(self.sources.origin(&format!("{}()", call.path)));
        let own = own.max(self.named_origin(&arguments));
        if own == Origin::Here && self.sources.joins(call.path) {
            let object = call.object.map(|(object, _)| self.value_within(object, fuel));
            let parts = arguments.iter().map(|argument| self.value_within(argument.value, fuel));
            let all = object.into_iter().chain(parts).reduce(|all, part| all.then(&part));
            return all.unwrap_or_else(|| Value::literal(""));
        }
        if let Some((object, name)) = call.object
            && self.sources.takes(name)
            && let Some(taken) = self.taken(object, &arguments, fuel)
        {
            return taken;
        }
        let told = self.sources.tells(call.path);
        let carries = told || self.sources.carries(call.path);
        let carried = arguments.iter().filter(|_| carries);
        let carried: Vec<Value> = carried.map(|argument| self.value_within(argument.value, fuel)).collect();
        // `path.join(__dirname, "a")`: what is made of nothing but harmless parts is harmless.
        let of_module = !call.path.starts_with(['~', '@', '?']) && !call.path.contains("()");
        let harmless = |value: &Value| value.kind <= Kind::Safe && value.parameters == 0;
        if own == Origin::Here && (told || of_module) && !carried.is_empty() && carried.iter().all(harmless) {
            return Value::new(Kind::Safe);
        }
        if self.sources.makes_markup(call.path) && !self.is_reached(&arguments, fuel) {
            return Value::new(Kind::Safe);
        }
        let carried = carried.iter().map(Value::part);
        let of_object = call.object.map(|(object, _)| self.value_within(object, fuel).part());
        let all = carried.chain(of_object).fold(Value::unknown(), Value::or);
        Value { origin: own.max(all.origin), ..all }
    }

    /// Where something comes from that a call names in its first argument: `file_get_contents("php://input")`.
    fn named_origin(&self, arguments: &[Argument<'t>]) -> Origin {
        match arguments.first().map(|first| self.expr(first.value)) {
            Some(Expr::Text(name)) if self.sources.is_request(name) => Origin::Request,
            _ => Origin::Here,
        }
    }

    /// Whether something of a request is among the arguments.
    fn is_reached(&self, arguments: &[Argument<'t>], fuel: u8) -> bool {
        let mut origins =
            arguments.iter().map(|argument| self.value_within(argument.value, fuel).part().origin);
        origins.any(|origin| origin == Origin::Request)
    }

    /// The text of a template that the call fills.
    fn filled(&self, call: &Call<'_, 't>, arguments: &[Argument<'t>], fuel: u8) -> Option<Value> {
        let formats = self.sources.formats(call.path);
        let (template, values) = match call.object {
            _ if formats => arguments.split_first().map(|(one, rest)| (one.value, rest))?,
            Some((object, "format" | "formatted")) => (object, arguments),
            _ => return None,
        };
        let template = self.value_within(template, fuel);
        let places = formats || template.text.contains(['{', '%']);
        (template.kind == Kind::Literal && places).then(|| {
            let numbers = number_places(&template.text);
            let filled = values.iter().take(MAX_FILLED).enumerate().map(|(place, argument)| {
                match numbers.get(place) {
                    Some(true) => Value::new(Kind::Safe),
                    _ => self.value_within(argument.value, fuel),
                }
            });
            Value::filled(&gaps(&template.text), &filled.collect::<Vec<_>>())
        })
    }

    pub(super) fn format(&self, template: &str, values: impl Iterator<Item = Node<'t>>, fuel: u8) -> Value {
        let values: Vec<Value> =
            values.take(MAX_FILLED).map(|value| self.value_within(value, fuel)).collect();
        Value::filled(template, &values)
    }

    /// What a function of this file gives back for these arguments.
    fn result(&self, number: usize, arguments: &[Argument<'t>], fuel: u8) -> Value {
        let Some(function) = self.flow.function(number) else { return Value::unknown() };
        if function.gives_number {
            return Value::new(Kind::Safe);
        }
        let summary = self.summary(number, function, fuel);
        let passed: Vec<Value> = (0..u64::BITS)
            .filter(|position| (summary.parameters >> position) & 1 == 1)
            .map(|position| match argument(function, position, arguments) {
                Some(argument) => self.value_within(argument, fuel),
                None => Value::unknown(),
            })
            .collect();
        summary.applied(&passed)
    }

    fn summary(&self, number: usize, function: &Function<'t>, fuel: u8) -> Value {
        if let Some(known) = self.memo.summaries.borrow().get(&number) {
            // A function that calls itself gives back what its other branches do.
            return known.clone().unwrap_or_else(|| Value::new(Kind::Safe));
        }
        self.memo.summaries.borrow_mut().insert(number, None);
        let returned = function.returns.iter().map(|(value, at)| {
            let view = Self { at: *at, summing: true, ..*self };
            view.value_within(*value, fuel)
        });
        let summary = returned.reduce(Value::or).unwrap_or_else(Value::unknown);
        self.memo.summaries.borrow_mut().insert(number, Some(summary.clone()));
        summary
    }

    /// A parameter: in the summary of its function what the caller passes, elsewhere what the calls of this file do.
    pub(super) fn parameter(&self, at: At, position: u32, fuel: u8) -> Value {
        if self.summing {
            return Value::parameter(position);
        }
        let function = self.flow.function_around(at);
        let known = function.and_then(|number| Some((number, self.flow.function(number)?)));
        let Some((number, function)) = known else { return Value::unknown() };
        if function.requested.checked_shr(position).is_some_and(|bits| bits & 1 == 1) {
            return Value { origin: Origin::Request, ..Value::unknown() };
        }
        let key = (number, position);
        if let Some(known) = self.memo.passed.borrow().get(&key) {
            return Value { origin: known.unwrap_or(Origin::Here), ..Value::unknown() };
        }
        self.memo.passed.borrow_mut().insert(key, None);
        let origins = function.calls.iter().map(|(list, at)| {
            let arguments = self.adapter.arguments(*list, self.src);
            let passed = argument(function, position, &arguments);
            passed.map_or(Origin::Here, |passed| self.from(*at).value_within(passed, fuel).part().origin)
        });
        let origin = origins.fold(Origin::Here, Origin::max);
        self.memo.passed.borrow_mut().insert(key, Some(origin));
        Value { origin, ..Value::unknown() }
    }

    /// The calls of functions of this file, of all calls by a name: which one, its arguments, and where.
    pub(in crate::syntax) fn local_calls(
        &self,
        calls: &[(&'t str, Node<'t>, At)],
    ) -> Vec<(usize, Node<'t>, At)> {
        let found = calls.iter().filter_map(|(name, node, at)| {
            let view = self.from(*at);
            let (function, arguments) = match self.expr(*node) {
                Expr::Call { callee, arguments } => {
                    (view.function_of_call(callee, arguments, FUEL)?, arguments?)
                }
                Expr::Method { object, arguments, .. } => {
                    (view.function_of_method(object, name, arguments, FUEL)?, arguments?)
                }
                _ => return None,
            };
            Some((function, arguments, *at))
        });
        found.collect()
    }

    /// The function of this file that a call is of, and the list of arguments.
    pub(in crate::syntax) fn callee(&self, node: Node<'t>) -> Option<(usize, Option<Node<'t>>)> {
        match self.expr(node) {
            Expr::Call { callee, arguments } => {
                Some((self.function_of_call(callee, arguments, FUEL)?, arguments))
            }
            Expr::Method { object, name, arguments } => {
                Some((self.function_of_method(object, name, arguments, FUEL)?, arguments))
            }
            _ => None,
        }
    }

    /// What a call is given.
    pub(in crate::syntax) fn call_arguments(&self, node: Node<'t>) -> Vec<Node<'t>> {
        let (Expr::Call { arguments: Some(list), .. } | Expr::Method { arguments: Some(list), .. }) =
            self.expr(node)
        else {
            return Vec::new();
        };
        self.adapter.arguments(list, self.src).into_iter().map(|argument| argument.value).collect()
    }

    /// What a list of arguments passes to a function of this file as the parameter at a position.
    pub(in crate::syntax) fn passed(&self, number: usize, position: u32, list: Node<'t>) -> Option<Node<'t>> {
        argument(self.flow.function(number)?, position, &self.adapter.arguments(list, self.src))
    }

    /// The function of this file that is called by a name, or as a member.
    pub(super) fn function_of_call(
        &self,
        callee: Node<'t>,
        arguments: Option<Node<'t>>,
        fuel: u8,
    ) -> Option<usize> {
        match self.expr(callee) {
            Expr::Name(name) => self.function_of_name(name, arguments),
            Expr::Member { object, property } => {
                self.function_of_method(Some(object), property, arguments, fuel)
            }
            _ => None,
        }
    }

    fn function_of_name(&self, name: &str, arguments: Option<Node<'t>>) -> Option<usize> {
        match self.flow.reaching(name, self.at)?.as_slice() {
            [] => self.only(name, None, arguments),
            [given] => match given.what {
                What::Local => self.only(name, None, arguments),
                What::Value(value, None) => self.flow.function_at(value),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn function_of_method(
        &self,
        object: Option<Node<'t>>,
        name: &str,
        arguments: Option<Node<'t>>,
        fuel: u8,
    ) -> Option<usize> {
        if self.flow.named(name).is_empty() {
            return None;
        }
        let Some(object) = object else { return self.function_of_name(name, arguments) };
        if is_self(text(object, self.src)) {
            let number = self.flow.function_around(self.at)?;
            let class = self.flow.function(number)?.class.as_deref();
            return self.only(name, class, arguments);
        }
        let path = self.path_within(object, fuel)?;
        let class = path.strip_suffix("()").unwrap_or(&path).trim_start_matches('@');
        self.flow.classes.contains(class).then(|| self.only(name, Some(class), arguments))?
    }

    /// The one function with this name that takes as many arguments.
    fn only(&self, name: &str, class: Option<&str>, arguments: Option<Node<'t>>) -> Option<usize> {
        let count = arguments.map_or(0, |list| self.adapter.arguments(list, self.src).len());
        let named = self.flow.named(name);
        let fits = |number: &&usize| {
            self.flow.function(**number).is_some_and(|function| {
                let written = function.parameters.len().saturating_sub(function.implied);
                count <= written && (class.is_none() || class == function.class.as_deref())
            })
        };
        let mut fitting = named.iter().take(MAX_SAME_NAME).filter(fits);
        match (fitting.next(), fitting.next(), named.len() > MAX_SAME_NAME) {
            (Some(only), None, false) => Some(*only),
            _ => None,
        }
    }
}

/// The argument that a call passes as the parameter at a position.
fn argument<'t>(function: &Function<'t>, position: u32, arguments: &[Argument<'t>]) -> Option<Node<'t>> {
    let position = usize::try_from(position).ok()?;
    let name = function.parameters.get(position)?;
    let named = arguments.iter().find(|argument| argument.name == Some(name));
    let place = position.checked_sub(function.implied);
    let placed = || arguments.iter().filter(|argument| argument.name.is_none()).nth(place?);
    named.or_else(placed).map(|argument| argument.value)
}

/// For each place of a template such as `%s and %5d`, whether only a number can fill it.
fn number_places(template: &str) -> Vec<bool> {
    let mut parts = template.split('%');
    parts.next();
    let mut places = Vec::new();
    while let Some(part) = parts.next() {
        if part.is_empty() {
            // `%%` is a sign of its own.
            parts.next();
            continue;
        }
        let verb = part.chars().find(char::is_ascii_alphabetic);
        places.push(verb.is_some_and(|verb| "diuxXofFeEgGb".contains(verb)));
    }
    places
}

/// A template such as `%s and %5d` or `{} and {name}` with a NUL at each place that is filled; at its end if it shows none.
fn gaps(template: &str) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find(['%', '{']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = if rest.starts_with('%') { percent_place(rest) } else { brace_place(rest) };
        if let Some(length) = length {
            text.push('\0');
            rest = &rest[length..];
        } else {
            // `%%` and a brace of its own stand for themselves.
            let own = if rest.starts_with("%%") { 2 } else { 1 };
            text.push_str(&rest[..1]);
            rest = &rest[own..];
        }
    }
    text.push_str(rest);
    if !text.contains('\0') {
        text.push('\0');
    }
    text
}

/// Length of the place that a text begins with: `%s`, `%-5.2f`, `%1$s`.
fn percent_place(text: &str) -> Option<usize> {
    let verb = text.find(|letter: char| letter.is_ascii_alphabetic())?;
    text[1..verb].chars().all(|flag| flag.is_ascii_digit() || "-+#.*$' ".contains(flag)).then_some(verb + 1)
}

/// Length of the place that a text begins with: `{}`, `{0}`, `{name}`, `{0:x}`.
fn brace_place(text: &str) -> Option<usize> {
    let end = text.find('}')?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_.:!".contains(letter);
    text[1..end].chars().all(plain).then_some(end + 1)
}

/// Whether a name is the object that a method belongs to, or its class.
fn is_self(name: &str) -> bool {
    matches!(name, "this" | "self" | "cls" | "$this" | "static" | "Self")
}

#[cfg(test)]
mod tests {
    use super::gaps;

    #[test]
    fn a_template_has_a_gap_at_each_place() {
        for (template, expected) in [
            ("a = %s AND b = '%-5d'", "a = \0 AND b = '\0'"),
            ("100 %% of %1$s", "100 % of \0"),
            ("a {} b {0:x} {name}", "a \0 b \0 \0"),
            ("{ \"a\": 1 } é", "{ \"a\": 1 } é\0"),
            ("LIKE '%", "LIKE '%\0"),
            ("{", "{\0"),
            ("", "\0"),
        ] {
            assert_eq!(gaps(template), expected, "{template}");
        }
    }
}
