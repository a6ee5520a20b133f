//! PHP.

use expect_test::expect;

use super::complexity::check as complexity;
use super::imports::check as names;

#[test]
fn complexity_by_hand() {
    // if +1, && +1; foreach +2; if +3; elseif +1, else if +1, else +1; catch +1; switch +1; ternary +1 = 13.
    // Decisions: if, &&, foreach, if, elseif, else if, catch, two cases, ternary = 10, and 1.
    complexity(
        "PHP",
        "<?php
class K {
  public function walk(?array $a, int ...$b): int {
    if ($a && $b) {
      foreach ($a as $k => $x) {
        if ($x) { one(); }
        elseif ($k) { two(); }
        else if ($b) { three(); }
        else { four(); }
      }
    }
    try { five(); } catch (A | B $e) { six(); }
    switch ($b) { case 1: return 1; case 2: return 2; default: }
    return $a ? 1 : 2;
  }
  abstract function promised();
  function __construct(private Foo $x) { array_map(fn($y) => $y and $x, $z); }
}
function pick($n) { return match($n) { 1, 2 => 3, default => 4 }; }
$named = function ($q) { while (true) { foreach ($q as $r) { continue 2; } } };
",
        &expect![[r"
            K.walk 3-15: cyclomatic 11, cognitive 13, nesting 3, parameters 2
            K.__construct 17-17: cyclomatic 2, cognitive 1, nesting 0, parameters 1
            pick 19-19: cyclomatic 2, cognitive 1, nesting 1, parameters 1
            named 20-20: cyclomatic 3, cognitive 4, nesting 2, parameters 1
        "]],
    );
}

#[test]
fn imports_definitions_and_uses() {
    names(
        "PHP",
        "<?php
namespace A\\B;
use X\\Y\\{Z, W as V};
use Q\\R as S, T\\U;
use function A\\helper;
require_once __DIR__ . '/boot.php';
include 'other.php';
/** Documented. */
#[Marked]
final class K extends Base implements I {
  use Mixed;
  private ?Foo $p = null;
  public function m(Bar|V $a): static { new Made(\\Full\\Name::CONST); S::call(One::X, $a instanceof Two); return self::x() . run(); }
}
interface In {}
function top() { require 'late.php'; }
",
        &expect![[r"
            3 Static X\Y\Z (Z)
            3 Static X\Y\W (V)
            4 Static Q\R (S)
            4 Static T\U (U)
            5 Static A\helper (helper)
            6 Static ./boot.php
            7 Static other.php
            16 Deferred late.php
            9-14 public Type K
            15-15 public Type In
            16-16 public Function top
            documented 1 of 3
            package A\B
            defines A.B.In A.B.K A.B.top
            uses Bar Base Foo Made Marked Mixed One Two \Full\Name run static
        "]],
    );
}
