//! Imports, definitions and documentation.

use expect_test::{Expect, expect};

use super::syntax;

pub(super) fn check(language: &str, text: &str, expected: &Expect) {
    let found = syntax(language, text);
    let mut lines = Vec::new();
    for import in &found.imports {
        let names =
            if import.names.is_empty() { String::new() } else { format!(" ({})", import.names.join(", ")) };
        let within = if import.within.is_empty() { String::new() } else { format!(" in {}", import.within) };
        lines.push(format!("{} {:?} {}{names}{within}\n", import.line, import.kind, import.specifier));
    }
    for symbol in &found.symbols {
        let public = if symbol.public { "public " } else { "" };
        lines.push(format!("{}-{} {public}{:?} {}\n", symbol.start, symbol.end, symbol.kind, symbol.name));
    }
    lines.push(format!("documented {} of {}\n", found.docs.documented, found.docs.public));
    lines.extend(found.package.map(|package| format!("package {package}\n")));
    for (what, names) in [("defines", &found.defines), ("uses", &found.uses)] {
        if !names.is_empty() {
            lines.push(format!("{what} {}\n", names.join(" ")));
        }
    }
    expected.assert_eq(&lines.concat());
}

#[test]
fn javascript() {
    check(
        "TypeScript",
        r#"import a, { b as c } from "./a";
import type { T } from "./types";
import * as all from 'all';
export { x } from "./x";
export * from "./y";
const fs = require("fs");
function late() { require("./late"); return import("./later"); }
/** Does it. */
export function doIt() {}
export const arrow = () => 1;
// no documentation
export class Thing {}
interface Hidden {}
export default class Main {}
"#,
        &expect![[r"
            1 Static ./a
            2 Types ./types (T)
            3 Static all
            4 Reexport ./x (x)
            5 Reexport ./y
            6 Static fs
            7 Deferred ./late
            7 Deferred ./later
            6-6 Value fs
            7-7 Function late
            9-9 public Function doIt
            10-10 public Function arrow
            12-12 public Type Thing
            13-13 Type Hidden
            14-14 public Type Main
            documented 1 of 4
        "]],
    );
}

#[test]
fn python() {
    check(
        "Python",
        r#"import os, a.b as ab
from . import sibling
from ..pkg.mod import one, two as deux
if TYPE_CHECKING:
    from .types import T
def f():
    """Says so."""
    import late
class _Hidden:
    pass
@decorated
def g(): pass
LIMIT = 3
"#,
        &expect![[r"
            1 Static os
            1 Static a.b
            2 Static . (sibling)
            3 Static ..pkg.mod (one, two)
            5 Types .types (T)
            8 Deferred late
            6-8 public Function f
            9-10 Type _Hidden
            12-12 public Function g
            13-13 public Value LIMIT
            documented 1 of 2
        "]],
    );
}

#[test]
fn rust() {
    check(
        "Rust",
        r#"mod a;
#[path = "odd/name.rs"]
mod b;
use crate::a::{self, B, c::*};
pub use super::x as y;
/// Documented.
#[derive(Debug)]
pub struct S;
pub fn bare() {}
pub(crate) enum E {}
mod tests {
    use super::*;
    mod deep;
}
"#,
        &expect![[r"
            1 Module a
            3 Module ./odd/name.rs
            4 Static crate::a
            4 Static crate::a::B
            4 Static crate::a::c::*
            5 Reexport super::x
            12 Static super::* in tests
            13 Module deep in tests
            1-1 Module a
            3-3 Module b
            8-8 public Type S
            9-9 public Function bare
            10-10 public Type E
            11-14 Module tests
            documented 1 of 3
        "]],
    );
}

#[test]
fn go() {
    check(
        "Go",
        r#"package tree

import (
	"fmt"
	log "example.com/m/logging"
	_ "example.com/m/driver"
)

// Grow grows.
func Grow() { fmt.Println(log.New(), fmt.Sprint(1)) }

func (t *Tree) shrink(l log.Logger) {}

// Tree is one.
type Tree struct{}

const (
	A = 1
	b = 2
)
"#,
        &expect![[r"
            4 Static fmt (Println, Sprint)
            5 Static example.com/m/logging (New, Logger)
            6 Static example.com/m/driver
            10-10 public Function Grow
            12-12 Function shrink
            15-15 public Type Tree
            18-18 public Value A
            19-19 Value b
            documented 2 of 2
            package tree
        "]],
    );
}
