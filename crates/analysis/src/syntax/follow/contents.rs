//! What is put into lists, maps and objects, and taken out again.

use tree_sitter::Node;

use super::View;
use super::constant::Constant;
use crate::syntax::flow::{Given, What};
use crate::syntax::language::{Argument, Expr, field, text};
use crate::syntax::value::{Kind, Origin, Value};

impl<'t> View<'_, 't> {
    /// What a name holds that held `value` before it was given more.
    pub(super) fn grown(&self, value: Value, given: &Given<'t>, fuel: u8) -> Value {
        let (What::Added(more) | What::Put(_, more) | What::Member(_, more)) = given.what else {
            return value;
        };
        let more = self.from(given.at).value_within(more, fuel);
        if matches!(given.what, What::Added(_)) && matches!(value.kind, Kind::Literal | Kind::Built) {
            return value.then(&more);
        }
        let matters = more.kind > Kind::Safe || more.parameters != 0;
        if matters { value.part().or(more.part()) } else { value }
    }

    /// What was put under the name of a member; `None` where nothing was.
    pub(super) fn kept(&self, object: Node<'t>, property: &str, fuel: u8) -> Option<Value> {
        let reaching = self.things_in(object)?;
        let put = reaching.iter().filter_map(|given| match given.what {
            What::Member(name, value) if name == property => Some((*given, value)),
            _ => None,
        });
        self.latest(put, fuel)
    }

    /// `object[..]`.
    pub(super) fn element(&self, node: Node<'t>, object: Node<'t>, fuel: u8) -> Value {
        if self.sources.is_own(text(node, self.src)) {
            return Value::new(Kind::Safe);
        }
        if self.sources.is_asked(text(node, self.src)) {
            return Value { origin: Origin::Request, ..Value::unknown() };
        }
        let key = field(node, "index").or_else(|| field(node, "subscript"));
        if let Some(found) = key.and_then(|key| self.found(object, key, fuel)) {
            return found;
        }
        let whole = self.value_within(object, fuel);
        // One of several fixed texts.
        if whole.kind == Kind::Literal && whole.parameters == 0 && matches!(self.expr(object), Expr::List(_))
        {
            return whole;
        }
        let part = whole.part();
        Value { origin: self.origin(node, fuel).max(part.origin), ..part }
    }

    /// What a call takes out of a list or a map; `None` when that cannot be told from what else is in it.
    pub(super) fn taken(&self, object: Node<'t>, arguments: &[Argument<'t>], fuel: u8) -> Option<Value> {
        self.found(object, arguments.first()?.value, fuel)
    }

    fn found(&self, object: Node<'t>, key: Node<'t>, fuel: u8) -> Option<Value> {
        let reaching = self.things_in(object)?;
        let wanted = self.constant(key)?;
        if let Constant::Number(index) = wanted
            && let Some(value) = self.at_index(&reaching, index, fuel)
        {
            return Some(value);
        }
        // What is put under a key that is not known may be under this one.
        let mut put = Vec::new();
        for given in &reaching {
            match given.what {
                What::Put(key, value) if self.from(given.at).constant(key)? == wanted => {
                    put.push((*given, value));
                }
                What::Added(_) | What::Removed(_) => return None,
                _ => {}
            }
        }
        self.latest(put.into_iter(), fuel)
    }

    /// What was put somewhere last, or may have been.
    fn latest<'g>(&self, put: impl Iterator<Item = (&'g Given<'t>, Node<'t>)>, fuel: u8) -> Option<Value>
    where
        't: 'g,
    {
        let mut found: Option<Value> = None;
        for (given, value) in put {
            let value = self.from(given.at).value_within(value, fuel);
            let replaces = self.flow.is_certain(given.at, self.at);
            found = Some(match found.filter(|_| !replaces) {
                Some(known) => known.or(value),
                None => value,
            });
        }
        found
    }

    /// The element of a list that is filled one by one, without branches.
    fn at_index(&self, reaching: &[&Given<'t>], index: i64, fuel: u8) -> Option<Value> {
        let (first, rest) = reaching.split_first()?;
        let is_empty = |node: Node<'t>| match self.expr(node) {
            Expr::Call { arguments, .. } => arguments.is_none_or(|list| list.named_child_count() == 0),
            Expr::List(list) => list.named_child_count() == 0,
            _ => false,
        };
        if !matches!(first.what, What::Value(value, None) if is_empty(value)) {
            return None;
        }
        let mut list: Vec<(&Given<'t>, Node<'t>)> = Vec::new();
        for given in rest {
            if !self.flow.is_certain(given.at, self.at) {
                return None;
            }
            match given.what {
                What::Added(value) => list.push((given, value)),
                What::Removed(place) => {
                    let Constant::Number(place) = self.from(given.at).constant(place)? else { return None };
                    let place = usize::try_from(place).ok().filter(|place| *place < list.len())?;
                    list.remove(place);
                }
                _ => return None,
            }
        }
        let (given, value) = list.get(usize::try_from(index).ok()?)?;
        Some(self.from(given.at).value_within(*value, fuel))
    }

    /// What is known of a name with things in it.
    fn things_in(&self, object: Node<'t>) -> Option<Vec<&Given<'t>>> {
        let name = match self.expr(object) {
            Expr::Wrap(inner) => self.expr(inner),
            other => other,
        };
        let Expr::Name(name) = name else { return None };
        self.flow.reaching(name, self.at).filter(|found| !found.is_empty())
    }
}
