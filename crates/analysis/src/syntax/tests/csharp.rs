//! C#.

use expect_test::expect;

use super::complexity::check as complexity;
use super::imports::check as names;
use super::syntax;

#[test]
fn complexity_by_hand() {
    // if +1, && +1; for +2; if +3; else if +1, else +1; catch +1; switch +1; ternary +1 = 12.
    // Decisions: if, &&, for, if, else if, catch, two cases, ternary = 9, and 1.
    complexity(
        "C#",
        "namespace N;
class K {
  public async Task<int> Walk(bool a, int b = 3, params int[] c) {
    if (a && b > 0) {
      foreach (var x in c) {
        if (x > 1) { One(); }
        else if (x > 2) { Two(); }
        else { Three(); }
      }
    }
    try { Four(); } catch (Exception e) { Five(); }
    switch (b) { case 1: return 1; case 2: return 2; default: break; }
    return a ? 1 : 2;
  }
  public abstract void Promised();
  public int Size { get { if (x) { return 1; } return 2; } set; }
  public K(int a) : base(a) { c.ForEach(x => { if (x > 0) { Go(); } }); }
  int Pick(int n) => n switch { 1 => 3, 2 => 4, _ => 5 };
}",
        &expect![[r"
            K.Walk 3-14: cyclomatic 10, cognitive 12, nesting 3, parameters 3
            K.Size.get 16-16: cyclomatic 2, cognitive 1, nesting 1, parameters 0
            K.K 17-17: cyclomatic 2, cognitive 2, nesting 1, parameters 1
            K.Pick 18-18: cyclomatic 3, cognitive 1, nesting 1, parameters 1
        "]],
    );
}

#[test]
fn imports_definitions_and_uses() {
    names(
        "C#",
        "global using A.Everywhere;
using static A.B.Constants;
using Short = A.B.Long;
using System.Text;
namespace N.M {
  /// <summary>Documented.</summary>
  [Marked]
  public partial class K<T> : Base, IFace<Three> where T : new() {
    private readonly Four four = new A.E.Five();
    public Six Run(List<Seven> seven) { local.Field = Eight.Call(Nine.Field); return x as Ten ?? (Eleven)y; }
    class Inner { K outer; }
  }
  enum Kind { A }
}
",
        &expect![[r"
            1 Static A.Everywhere (global)
            2 Static A.B.Constants (static)
            3 Static A.B.Long (Short=)
            4 Static System.Text
            7-12 public Type K
            13-13 Type Kind
            documented 1 of 1
            package N.M
            defines N.M.K N.M.K.Inner N.M.Kind
            uses A.E.Five Base Eight.Call Eleven Four IFace List Marked Nine.Field Seven Six Ten Three
        "]],
    );
}

#[test]
fn tests_are_counted() {
    let text = "class K { [Fact] public void A() {} [Theory, InlineData(1)] public void B(int x) {} [Obsolete] void C() {} }";
    assert_eq!(syntax("C#", text).tests, 2);
}

#[test]
fn a_condition_is_no_method() {
    let text = "interface I {
  void Write(int level)
#if FEATURE
  {
    if (On(level)) { Write(level, 1); }
  }
#else
  ;
#endif
}
";
    let names: Vec<String> =
        syntax("C#", text).functions.iter().map(|function| function.name.clone()).collect();
    assert!(!names.iter().any(|name| name.ends_with("if")), "{names:?}");
}
