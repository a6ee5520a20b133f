//! C and C++.

use expect_test::expect;

use super::complexity::check as complexity;
use super::imports::check as names;

#[test]
fn complexity_by_hand() {
    // if +1, && +1, || +1; for +2; if +3; else if +1; else +1; goto +1; switch +1; ternary +1 = 13.
    // Decisions: if, &&, ||, for, if, else if, two cases, ternary = 9, and 1.
    let expected = expect![[r"
        walk 1-12: cyclomatic 10, cognitive 13, nesting 3, parameters 2
        none 14-14: cyclomatic 1, cognitive 0, nesting 0, parameters 0
    "]];
    for language in ["C", "C++"] {
        complexity(
            language,
            "static int walk(const struct list *a, int b[3], ...) {
  if (a && b || c) {
    for (int i = 0; i < 3; i++) {
      if (b[i]) one();
      else if (b[i + 1]) two();
      else goto end;
    }
  }
  switch (b[0]) { case 1: return 1; case 2: break; default: three(); }
end:
  return a ? 1 : 2;
}
int nothing(void);
int *none(void) { return 0; }",
            &expected,
        );
    }
    // for +1, catch +1, if in the lambda +2 = 4.
    complexity(
        "C++",
        "namespace n {
template <typename T> class K : public Base<T> {
 public:
  K(int a) : x(a) {}
  int m(std::vector<T>&& s) const { for (auto& x : s) f(); try { g(); } catch (...) {} h([&](int y) { if (y) z(); }); return 1; }
  int operator+(K o) { return 1; }
};
template <> int K<int>::out(int a) { while (a and true) {} return a; }
TEST(Suite, Name) { if (x) {} }
}",
        &expect![[r"
            K.K 4-4: cyclomatic 1, cognitive 0, nesting 0, parameters 1
            K.m 5-5: cyclomatic 4, cognitive 4, nesting 1, parameters 1
            K.operator+ 6-6: cyclomatic 1, cognitive 0, nesting 0, parameters 1
            K.out 8-8: cyclomatic 3, cognitive 2, nesting 1, parameters 1
            Suite.Name 9-9: cyclomatic 2, cognitive 1, nesting 1, parameters 2
        "]],
    );
}

#[test]
fn includes_and_definitions() {
    names(
        "C",
        "#ifndef A_H
#define A_H
#include \"a/b.h\"
#include <stdio.h>
#include MACRO
/* Documented. */
int run(const char *name);
static int hidden(void) { return 1; }
struct point { int x; };
struct later;
typedef struct { int y; } size;
enum kind { ONE };
extern int shared;
#ifdef __cplusplus
extern \"C\" {
#endif
void inside(void);
#ifdef __cplusplus
}
#endif
#endif
",
        &expect![[r"
            3 Static a/b.h
            4 Static <stdio.h>
            7-7 public Function run
            8-8 Function hidden
            9-9 public Type point
            11-11 public Type size
            12-12 public Type kind
            13-13 public Value shared
            17-17 public Function inside
            documented 1 of 5
        "]],
    );
    names(
        "C++",
        "#include <a.hpp>
namespace one::two {
// Documented.
template <typename T> class K { int m() { return 1; } };
using Alias = K<int>;
enum class E { X };
void f() {}
namespace { int hidden = 1; }
}
",
        &expect![[r"
            1 Static <a.hpp>
            4-4 public Type K
            5-5 public Type Alias
            6-6 public Type E
            7-7 public Function f
            8-8 Value hidden
            documented 1 of 4
        "]],
    );
}

#[test]
fn what_a_macro_makes_of_a_namespace_is_no_function_and_what_is_in_it_stands_for_itself() {
    let text = "MACRO_BEGIN
namespace detail
{
// Documented.
template <typename T> inline void read(const T& a, int& n) { if (a) { n = 1; } }
struct K { int m() { return 1; } };
}
MACRO_END
";
    complexity(
        "C++",
        text,
        &expect![[r"
            read 5-5: cyclomatic 2, cognitive 1, nesting 1, parameters 2
            K.m 6-6: cyclomatic 1, cognitive 0, nesting 0, parameters 0
        "]],
    );
    names(
        "C++",
        text,
        &expect![[r"
            5-5 public Function read
            6-6 public Type K
            documented 1 of 2
        "]],
    );
    // C may call something what C++ keeps for itself.
    names(
        "C",
        "EXPORT struct point *new(int class)\n{\n  return 0;\n}\n",
        &expect![[r"
            1-4 public Function new
            documented 0 of 1
        "]],
    );
}

#[test]
fn rules_look_at_c_plus_plus_as_they_do_at_c() {
    let text = "void f(int argc, char **argv) { std::string a; system(argv[1]); }\n";
    for language in ["C", "C++"] {
        let rules: Vec<String> =
            super::syntax(language, text).findings.into_iter().map(|finding| finding.rule).collect();
        assert_eq!(rules, ["c.command-injection"], "{language}");
    }
}
