//! What counts as a function of its own, and which functions are tests.

use super::syntax;
use crate::syntax::ImportKind::{Deferred, Static, Types};

#[test]
fn callbacks_that_only_group_others_have_no_parts() {
    let text = "describe('a', function () {\n  it('b', function () { if (x) { y(); } });\n  it('c', () => { if (x) { y(); } });\n});\n";
    let functions = syntax("JavaScript", text).functions.to_vec();
    let cognitive: Vec<u32> = functions.iter().map(|function| function.cognitive).collect();
    assert_eq!(cognitive, [0, 1, 1]);
}

#[test]
fn callbacks_inside_a_named_function_belong_to_it() {
    let text = "function f() {\n  list.map(function () { if (x) { y(); } });\n}\n";
    let functions = syntax("JavaScript", text).functions.to_vec();
    assert_eq!(functions.len(), 1);
    assert_eq!(functions[0].cognitive, 2);
}

#[test]
fn test_functions_beside_the_code_are_counted() {
    let text = "fn f() {}\n#[cfg(test)]\nmod tests {\n #[test]\n fn a() {}\n #[tokio::test(flavor = \"x\")]\n async fn b() {}\n #[inline]\n fn c() {}\n}\n";
    assert_eq!(syntax("Rust", text).tests, 2);
}

#[test]
fn imports_for_the_type_checker_are_told_apart_whatever_typing_is_called() {
    let text = "import typing as t\nif t.TYPE_CHECKING:\n    from .a import B\nfrom .c import D\n";
    let kinds: Vec<_> = syntax("Python", text).imports.iter().map(|import| import.kind).collect();
    assert_eq!(kinds, [Static, Types, Static]);
}

#[test]
fn what_a_function_imports_is_imported_later() {
    let kinds = |language: &str, text: &str| -> Vec<_> {
        syntax(language, text).imports.iter().map(|import| import.kind).collect()
    };
    assert_eq!(
        kinds("JavaScript", "require('a');\nlist.map(() => { require('b'); });\n"),
        [Static, Deferred]
    );
    assert_eq!(
        kinds(
            "PHP",
            "<?php\ninclude 'a.php';\nfunction f() { include 'b.php'; }\nfn () => include 'c.php';\n"
        ),
        [Static, Deferred, Deferred]
    );
    assert_eq!(
        kinds(
            "Ruby",
            "require 'a'\n[1].each do\n require 'b'\nend\ndef f\n list.each { require 'c' }\nend\n"
        ),
        [Static, Static, Deferred]
    );
}
