//! Values that the text alone decides: numbers, truth values and texts, and what is worked out of them.

use tree_sitter::Node;

use super::View;
use crate::syntax::flow::What;
use crate::syntax::language::{Expr, field, field_text, named_children, text};

/// Operands and names that are looked through for one constant.
const FUEL: u8 = 12;

/// Cases that share their statements.
const MAX_CASES: usize = 8;

/// A value that is known before the program runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Constant {
    Number(i64),
    Truth(bool),
    Text(String),
}

impl Constant {
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Truth(truth) => Some(*truth),
            _ => None,
        }
    }
}

impl<'t> View<'_, 't> {
    /// The value of an expression, where the text alone decides it.
    pub(super) fn constant(&self, node: Node<'t>) -> Option<Constant> {
        self.constant_within(node, FUEL)
    }

    /// Whether a case is the one for a value.
    pub(super) fn is_case(&self, case: Node<'t>, wanted: &Constant) -> Option<bool> {
        // One without statements of its own goes on with those of the next.
        let mut cases = vec![case];
        while let Some(above) = cases.last().and_then(Node::prev_named_sibling)
            && above.kind() == case.kind()
            && cases.len() < MAX_CASES
            && named_children(above, 8).iter().all(|part| part.kind() == "switch_label")
        {
            cases.push(above);
        }
        let parts = cases.into_iter().flat_map(|case| named_children(case, 16));
        let labels = parts.filter(|part| part.kind() == "switch_label");
        let labels: Vec<Node<'t>> = labels.flat_map(|label| named_children(label, 8)).collect();
        let known = labels.into_iter().map(|label| self.constant(label));
        let known: Vec<_> = known.collect::<Option<_>>().filter(|known: &Vec<_>| !known.is_empty())?;
        Some(known.contains(wanted))
    }

    fn constant_within(&self, node: Node<'t>, fuel: u8) -> Option<Constant> {
        let fuel = self.step(fuel)?;
        if let (Some(left), Some(right)) = (field(node, "left"), field(node, "right")) {
            let operator = field_text(node, "operator", self.src)?;
            let left = self.constant_within(left, fuel)?;
            return worked_out(operator, &left, &self.constant_within(right, fuel)?);
        }
        match self.expr(node) {
            Expr::Text(text) => Some(Constant::Text(text.to_owned())),
            Expr::Scalar(text) => scalar(text),
            Expr::Wrap(inner) => self.constant_within(inner, fuel),
            Expr::Name(name) => self.constant_name(name, fuel),
            Expr::Method { object: Some(object), name: "charAt", arguments: Some(list) } => {
                let Constant::Text(text) = self.constant_within(object, fuel)? else { return None };
                let place = named_children(list, 1).first().copied()?;
                let Constant::Number(place) = self.constant_within(place, fuel)? else { return None };
                let letter = text.chars().nth(usize::try_from(place).ok()?)?;
                Some(Constant::Text(letter.to_string()))
            }
            _ => match node.kind() {
                "parenthesized_expression" => {
                    self.constant_within(named_children(node, 1).first().copied()?, fuel)
                }
                "unary_expression" => {
                    let inner = field(node, "operand").or_else(|| field(node, "argument"))?;
                    negated(text(node, self.src), &self.constant_within(inner, fuel)?)
                }
                _ => None,
            },
        }
    }

    fn constant_name(&self, name: &str, fuel: u8) -> Option<Constant> {
        if self.flow.is_counter(name) {
            return None;
        }
        let reaching = self.flow.reaching(name, self.at)?;
        let [given] = reaching.as_slice() else { return None };
        let What::Value(value, None) = given.what else { return None };
        // What is given in another function or before a loop may have changed since.
        let settled = self.flow.is_settled(given.at, self.at);
        settled.then(|| self.from(given.at).constant_within(value, fuel))?
    }
}

fn scalar(text: &str) -> Option<Constant> {
    match text {
        "true" | "True" => Some(Constant::Truth(true)),
        "false" | "False" => Some(Constant::Truth(false)),
        _ if text.starts_with('\'') => {
            let inner = text.trim_matches('\'');
            (inner.chars().count() == 1).then(|| Constant::Text(inner.to_owned()))
        }
        _ => text.parse().ok().map(Constant::Number),
    }
}

fn negated(expression: &str, inner: &Constant) -> Option<Constant> {
    match (expression.chars().next()?, inner) {
        ('!', Constant::Truth(truth)) => Some(Constant::Truth(!truth)),
        ('-', Constant::Number(number)) => number.checked_neg().map(Constant::Number),
        _ => None,
    }
}

fn worked_out(operator: &str, left: &Constant, right: &Constant) -> Option<Constant> {
    let truth = |truth| Some(Constant::Truth(truth));
    match (left, right) {
        (Constant::Number(left), Constant::Number(right)) => match operator {
            "+" => left.checked_add(*right).map(Constant::Number),
            "-" => left.checked_sub(*right).map(Constant::Number),
            "*" => left.checked_mul(*right).map(Constant::Number),
            "<" => truth(left < right),
            ">" => truth(left > right),
            "<=" => truth(left <= right),
            ">=" => truth(left >= right),
            "==" | "===" => truth(left == right),
            "!=" | "!==" => truth(left != right),
            // Languages differ in what becomes of the rest.
            "/" if *right > 0 && *left >= 0 && left % right == 0 => Some(Constant::Number(left / right)),
            _ => None,
        },
        (Constant::Truth(left), Constant::Truth(right)) => match operator {
            "&&" | "and" => truth(*left && *right),
            "||" | "or" => truth(*left || *right),
            _ => None,
        },
        (Constant::Text(left), Constant::Text(right)) => match operator {
            "==" | "===" => truth(left == right),
            "!=" | "!==" => truth(left != right),
            _ => None,
        },
        _ => None,
    }
}
