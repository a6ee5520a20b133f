//! Kotlin.

use expect_test::expect;

use super::complexity::check as complexity;
use super::imports::check as names;
use super::syntax;

#[test]
fn complexity_by_hand() {
    // if +1, && +1; for +2; if +3; else if +1, else +1; catch +1; when +1; if +1, else +1 = 13.
    // Decisions: if, &&, for, if, else if, catch, two entries, if = 9, and 1.
    complexity(
        "Kotlin",
        "class K(val n: Int) {
  fun walk(a: Boolean, b: List<X>?): Int {
    if (a && b != null) {
      for (x in b) {
        if (x.one()) { two() }
        else if (x.three()) four()
        else { five() }
      }
    }
    try { six() } catch (e: A) { seven() }
    when (n) { 1, 2 -> eight(); in 3..4 -> nine(); else -> ten() }
    return if (a) 1 else 2
  }
  abstract fun promised()
  constructor(vararg many: Int) : this(1) { many.forEach { if (it > 0) go() } }
  init { while (n > 0) go() }
  var size: Int
    get() = if (n > 0) n else 0
    set(value) { check(value) }
}",
        &expect![[r"
            K.walk 2-13: cyclomatic 10, cognitive 13, nesting 3, parameters 2
            K.constructor 15-15: cyclomatic 2, cognitive 2, nesting 1, parameters 1
            K.init 16-16: cyclomatic 2, cognitive 1, nesting 1, parameters 0
            K.size.get 18-18: cyclomatic 2, cognitive 2, nesting 1, parameters 0
            K.size.set 19-19: cyclomatic 1, cognitive 0, nesting 0, parameters 0
        "]],
    );
    // for +1, for +2, if +3, continue@outer +1 = 7.
    complexity(
        "Kotlin",
        "fun sumOfPrimes(max: Int): Int {
  var total = 0
  outer@ for (i in 1..max) {
    for (j in 2 until i) { if (i % j == 0) { continue@outer } }
    total += i
  }
  return total
}",
        &expect![[r"
            sumOfPrimes 1-8: cyclomatic 4, cognitive 7, nesting 3, parameters 1
        "]],
    );
    // Words in a row of operators: && +1, || +1; a lambda with a name, an anonymous function inside another.
    complexity(
        "Kotlin",
        "fun f(a: Boolean, b: Boolean) = a && b && a || b
val g = { x: Int, y: Int -> if (x > y) x else y }
fun h() { call(fun(x: Int) { do { x } while (x > 0) }) }",
        &expect![[r"
            f 1-1: cyclomatic 4, cognitive 2, nesting 0, parameters 2
            g 2-2: cyclomatic 2, cognitive 2, nesting 1, parameters 2
            h 3-3: cyclomatic 2, cognitive 2, nesting 1, parameters 0
        "]],
    );
}

#[test]
fn imports_definitions_and_uses() {
    names(
        "Kotlin",
        "@file:JvmName(\"Names\")
package a.b
import a.c.One
import a.c.two as second
import a.d.*
/** Documented. */
@Marked(Kind.A)
class K<T : Bound>(private val three: Three, vararg rest: a.e.Four<Five>) : Base(three), I<Six> {
  private val eight: Eight? = Nine(local.field, Ten::new, named = ELEVEN)
  companion object { fun of() = helper(One.x) }
  object Inner
}
class Seventh : I<Six> by seventh
internal interface Hidden
typealias Other = Map<String, Twelve>
fun Thirteen.extended(): Int = 1
const val LIMIT = 3
private var state = listOf<Fourteen>()
",
        &expect![[r"
            3 Static a.c.One
            4 Static a.c.two (second)
            5 Static a.d.*
            7-12 public Type K
            13-13 public Type Seventh
            14-14 Type Hidden
            15-15 public Type Other
            16-16 public Function extended
            17-17 public Value LIMIT
            18-18 Value state
            documented 1 of 4
            package a.b
            defines a.b.Hidden a.b.K a.b.K.Companion a.b.K.Inner a.b.LIMIT a.b.Other a.b.Seventh a.b.extended a.b.extended@Thirteen a.b.state
            uses Base Bound ELEVEN Eight Five Fourteen Int JvmName Kind Map Marked Nine One Six String Ten Thirteen Three Twelve a.e.Four helper listOf
        "]],
    );
}

#[test]
fn tests_are_counted() {
    let text = "class K { @Test fun a() {}\n @ParameterizedTest(name = \"x\") fun `b c`(x: Int) {}\n override fun c() {} }";
    assert_eq!(syntax("Kotlin", text).tests, 2);
}
