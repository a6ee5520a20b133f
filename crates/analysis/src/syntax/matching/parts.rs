//! Which parts of a request a value is made of.

use tree_sitter::Node;

use crate::pattern::Pattern;
use crate::syntax::flow::{Given, What};
use crate::syntax::follow::View;
use crate::syntax::language::{Expr, named_children};
use crate::syntax::value::Origin;

/// How far names and operands are followed.
const MAX_DEPTH: u8 = 16;

/// Nodes that are looked at for one value.
const MAX_NODES: u32 = 400;

/// Children of one node that are looked at.
const MAX_CHILDREN: usize = 32;

/// Whether a value has parts of a request, each of which is reached by a path that looks so.
pub(super) fn is_only_of<'t>(wanted: &Pattern, node: Node<'t>, view: &View<'_, 't>) -> bool {
    let mut parts = Parts { wanted, left: MAX_NODES, wanted_ones: 0, others: false };
    parts.add(node, view, MAX_DEPTH);
    !parts.others && parts.wanted_ones > 0
}

struct Parts<'a> {
    wanted: &'a Pattern,
    /// Nodes that may still be looked at.
    left: u32,
    /// Parts of the request that look as is wanted.
    wanted_ones: u32,
    /// Whether there are others, or may be.
    others: bool,
}

impl Parts<'_> {
    fn add<'t>(&mut self, node: Node<'t>, view: &View<'_, 't>, depth: u8) {
        let Some((left, depth)) = self.left.checked_sub(1).zip(depth.checked_sub(1)) else {
            self.others = true;
            return;
        };
        self.left = left;
        let expr = view.adapter.expr(node, view.src);
        // A name may have been given more than what its path leads to.
        if let Expr::Name(name) = expr
            && let Some(reaching) = view.flow.reaching(name, view.at).filter(|given| !given.is_empty())
        {
            if is_of_request(node, view) {
                self.add_given(&reaching, view, depth);
            }
            return;
        }
        let path = view.path(node);
        if view.sources.origin(&path) == Origin::Request {
            let wanted = self.wanted.is_match(&path);
            self.wanted_ones += u32::from(wanted);
            self.others |= !wanted;
            return;
        }
        match expr {
            Expr::Call { .. } | Expr::Method { .. } => {
                // What makes it harmless, or a number of it.
                if is_of_request(node, view) {
                    let before = self.wanted_ones;
                    self.add_children(node, view, depth);
                    // A function of this file that takes something of the request by itself.
                    self.others |= self.wanted_ones == before;
                }
            }
            _ => self.add_children(node, view, depth),
        }
    }

    fn add_given<'t>(&mut self, reaching: &[&Given<'t>], view: &View<'_, 't>, depth: u8) {
        for given in reaching {
            match given.what {
                What::Value(value, None) | What::Added(value) => {
                    self.add(value, &view.from(given.at), depth);
                }
                What::Nothing => {}
                _ => self.others = true,
            }
        }
    }

    fn add_children<'t>(&mut self, node: Node<'t>, view: &View<'_, 't>, depth: u8) {
        let children = named_children(node, MAX_CHILDREN + 1);
        self.others |= children.len() > MAX_CHILDREN;
        for child in children {
            self.add(child, view, depth);
        }
    }
}

fn is_of_request<'t>(node: Node<'t>, view: &View<'_, 't>) -> bool {
    view.value(node).origin == Origin::Request
}
