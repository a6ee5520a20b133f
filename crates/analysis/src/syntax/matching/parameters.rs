//! Parameters that are part of a value.

use tree_sitter::Node;

use crate::pattern::Pattern;
use crate::syntax::flow::What;
use crate::syntax::follow::View;
use crate::syntax::language::{Expr, named_children};
use crate::syntax::value::Kind;

/// Parts of a value that are looked through.
const MAX_PARTS: usize = 64;

/// Whether a parameter that is called so is part of a value, other than as something that can do no harm.
pub(super) fn has_parameter<'t>(name: &Pattern, value: Node<'t>, view: &View<'_, 't>) -> bool {
    let mut open = vec![(value, *view)];
    for _ in 0..MAX_PARTS {
        let Some((part, view)) = open.pop() else { return false };
        if view.value(part).kind <= Kind::Safe {
            continue;
        }
        let Expr::Name(named) = view.adapter.expr(part, view.src) else {
            open.extend(named_children(part, MAX_PARTS).into_iter().map(|part| (part, view)));
            continue;
        };
        for given in view.flow.reaching(named, view.at).unwrap_or_default() {
            match given.what {
                What::Parameter(..) if name.is_match(named) => return true,
                What::Value(value, None) => open.push((value, view.from(given.at))),
                _ => {}
            }
        }
    }
    false
}
