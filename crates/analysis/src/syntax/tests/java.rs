//! Java.

use expect_test::expect;

use super::complexity::check as complexity;
use super::imports::check as names;
use super::syntax;

#[test]
fn complexity_by_hand() {
    // if +1, && +1; for +2; if +3; else if +1, else +1; catch +1; switch +1; ternary +1 = 12.
    // Decisions: if, &&, for, if, else if, catch, two cases, ternary = 9, and 1.
    complexity(
        "Java",
        "class K {
  int walk(boolean a, List<X> b) {
    if (a && b != null) {
      for (X x : b) {
        if (x.one()) { two(); }
        else if (x.three()) { four(); }
        else { five(); }
      }
    }
    try { six(); } catch (A | B e) { seven(); }
    switch (b.size()) { case 1: return 1; case 2: return 2; default: }
    return a ? 1 : 2;
  }
  abstract void promised();
  K(int... many) { many.forEach(x -> { if (x > 0) { go(); } }); }
}",
        &expect![[r"
            K.walk 2-13: cyclomatic 10, cognitive 12, nesting 3, parameters 2
            K.K 15-15: cyclomatic 2, cognitive 2, nesting 1, parameters 1
        "]],
    );
    // The example of the paper: for +1, for +2, if +3, continue OUT +1 = 7.
    complexity(
        "Java",
        "class K { int sumOfPrimes(int max) { int total = 0;
  OUT: for (int i = 1; i <= max; ++i) {
    for (int j = 2; j < i; ++j) { if (i % j == 0) { continue OUT; } }
    total += i; }
  return total; } }",
        &expect![[r"
            K.sumOfPrimes 1-5: cyclomatic 4, cognitive 7, nesting 3, parameters 1
        "]],
    );
    // An arrow's cases count like others; several values of one case are one way.
    complexity(
        "Java",
        "class K { int f(int n) { return switch (n) { case 1, 2 -> 3; case 4 -> 5; default -> 6; }; } }",
        &expect![[r"
            K.f 1-1: cyclomatic 3, cognitive 1, nesting 1, parameters 1
        "]],
    );
}

#[test]
fn imports_definitions_and_uses() {
    names(
        "Java",
        "package a.b;
import a.c.One;
import static a.c.Two.method;
import a.d.*;
/** Documented. */
@Marked
public class K<T> extends Base implements I<Three> {
  private final Four four = new a.e.Five();
  T run(java.util.List<Six> six) throws Seven { return Eight.call(Nine.FIELD, local.field, Ten::new, One.x); }
  static class Inner { K outer; }
  enum Kind { A }
}
interface Hidden {}
",
        &expect![[r"
            2 Static a.c.One
            3 Static a.c.Two.method
            4 Static a.d.*
            6-12 public Type K
            13-13 Type Hidden
            documented 1 of 1
            package a.b
            defines a.b.Hidden a.b.K a.b.K.Inner a.b.K.Kind
            uses Base Eight Four Marked Nine One Seven Six Ten Three a.e.Five java.util.List
        "]],
    );
}

#[test]
fn tests_are_counted() {
    let text = "class K { @Test void a() {} @ParameterizedTest(name = \"x\") void b(int x) {} @Override public void c() {} }";
    assert_eq!(syntax("Java", text).tests, 2);
}
