//! Complexity against values counted by hand, by the rules of the two papers.

use expect_test::{Expect, expect};

use super::syntax;

/// One line for each function: name, cyclomatic, cognitive, nesting, parameters.
pub(super) fn check(language: &str, text: &str, expected: &Expect) {
    let syntax = syntax(language, text);
    let lines = syntax.functions.iter().map(|function| {
        format!(
            "{} {}-{}: cyclomatic {}, cognitive {}, nesting {}, parameters {}\n",
            function.name,
            function.start,
            function.end,
            function.cyclomatic,
            function.cognitive,
            function.nesting,
            function.parameters
        )
    });
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn nesting_is_charged_and_else_if_is_not() {
    // if +1; for +2; if +3; else if +1; else +1 = 8. Decisions: if, for, if, else if = 4, and 1.
    let expected = expect![[r"
        walk 1-10: cyclomatic 5, cognitive 8, nesting 3, parameters 2
    "]];
    let javascript = "function walk(a, b) {
  if (a) {
    for (const x of b) {
      if (x) { one(); }
      else if (a.b) { two(); }
      else { three(); }
    }
  }
  return b;
}";
    for language in ["JavaScript", "TypeScript", "TSX"] {
        check(language, javascript, &expected);
    }
    check(
        "Rust",
        "fn walk(a: bool, b: &[u8]) {
    if a {
        for x in b {
            if *x > 1 { one(); }
            else if *x > 2 { two(); }
            else { three(); }
        }
    }
    last()
}",
        &expected,
    );
    check(
        "Go",
        "func walk(a bool, b []int) {
	if a {
		for _, x := range b {
			if x > 1 { one()
			} else if x > 2 { two()
			} else { three() }
		}
	}
	last()
}",
        &expected,
    );
    check(
        "Python",
        "def walk(a, b):
    if a:
        for x in b:
            if x:
                one()
            elif a.b:
                two()
            else:
                three()
    return b",
        &expected,
    );
}

#[test]
fn runs_of_one_boolean_operator_count_once() {
    // if +1; && +1, || +1, && +1 = 4. Decisions: if, five operators = 6, and 1.
    check(
        "JavaScript",
        "function f() { if (a && b && c || d || e && g) { h(); } }",
        &expect![[r"
            f 1-1: cyclomatic 7, cognitive 4, nesting 1, parameters 0
        "]],
    );
    // A negation breaks the run: a && !(b && c) is if +1, && +1, && +1.
    check(
        "JavaScript",
        "function f() { if (a && !(b && c)) { h(); } }",
        &expect![[r"
            f 1-1: cyclomatic 4, cognitive 3, nesting 1, parameters 0
        "]],
    );
    check(
        "Python",
        "def f(self, a):\n    return a and b and c or d\n",
        &expect![[r"
            f 1-2: cyclomatic 4, cognitive 2, nesting 0, parameters 1
        "]],
    );
}

#[test]
fn switches_count_once_for_readers_and_by_case_for_testers() {
    check(
        "JavaScript",
        "function f(n) {
  switch (n) {
    case 1: return 'one';
    case 2: return 'two';
    default: return 'many';
  }
}",
        &expect![[r"
            f 1-7: cyclomatic 3, cognitive 1, nesting 1, parameters 1
        "]],
    );
    check(
        "Rust",
        "fn f(n: u8) -> u8 { match n { 1 => 1, 2 => { if x { 3 } else { 4 } } _ => 5 } }",
        &expect![[r"
            f 1-1: cyclomatic 4, cognitive 4, nesting 2, parameters 1
        "]],
    );
    check(
        "Go",
        "func f(n int) { switch n { case 1: one()\n case 2: two()\n default: three() } }",
        &expect![[r"
            f 1-3: cyclomatic 3, cognitive 1, nesting 1, parameters 1
        "]],
    );
}

#[test]
fn handlers_ternaries_and_labelled_jumps_count() {
    // for +1, for +2, if +3, continue OUT +1, catch +1, ternary +2 = 10.
    check(
        "JavaScript",
        "function f(max) {
  try {
    OUT: for (let i = 1; i <= max; ++i) {
      for (let j = 2; j < i; ++j) {
        if (i % j === 0) { continue OUT; }
      }
    }
  } catch (e) { return e ? 1 : 2; }
}",
        &expect![[r"
            f 1-9: cyclomatic 6, cognitive 10, nesting 3, parameters 1
        "]],
    );
}

#[test]
fn a_nameless_function_belongs_to_the_one_around_it_and_a_named_one_does_not() {
    check(
        "JavaScript",
        "function outer() {
  items.forEach((item) => { if (item) { go(); } });
  const inner = () => { if (a) { b(); } };
  class K { m() { while (x) {} } }
}
app.get('/', (req, res) => { if (req) {} });
connect('u:hunter2@db').on(() => { if (x) {} });",
        &expect![[r"
            outer 1-5: cyclomatic 2, cognitive 2, nesting 1, parameters 0
            inner 3-3: cyclomatic 2, cognitive 1, nesting 1, parameters 0
            K.m 4-4: cyclomatic 2, cognitive 1, nesting 1, parameters 0
            callback of app.get 6-6: cyclomatic 2, cognitive 1, nesting 1, parameters 2
            callback of on 7-7: cyclomatic 2, cognitive 1, nesting 1, parameters 0
        "]],
    );
    check(
        "Rust",
        "impl<T> Tree<T> { fn grow(&mut self, by: usize) { let f = |x| if x { 1 } else { 2 }; v.map(|y| y && z); } }",
        &expect![[r"
            Tree.grow 1-1: cyclomatic 2, cognitive 1, nesting 0, parameters 1
            f 1-1: cyclomatic 2, cognitive 2, nesting 1, parameters 1
        "]],
    );
    check(
        "Go",
        "func (t *Tree[T]) Grow(by, more int, last string) { go func() { if x { y() } }() }",
        &expect![[r"
            Tree.Grow 1-1: cyclomatic 2, cognitive 2, nesting 1, parameters 3
        "]],
    );
}

#[test]
fn comprehensions_decide_but_do_not_confuse() {
    check(
        "Python",
        "def f(xs):
    for x in xs:
        pass
    else:
        last()
    return [x for x in xs if x]
",
        &expect![[r"
            f 1-6: cyclomatic 4, cognitive 1, nesting 1, parameters 1
        "]],
    );
}
