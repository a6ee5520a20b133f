//! Texts made to exhaust a parser. What is measured here does not depend on the clock: that each ends, and with
//! which answer; the time is shown by the test runner and bounded in `docs/reports`.

use std::time::Instant;

use crate::source::SourceFile;
use crate::syntax::{examine, language::languages};

const SIZE: usize = 200_000;

/// Texts that are the same in every language, and some that are meant for one.
fn bombs(language: &str) -> Vec<(&'static str, String)> {
    let fill = |part: &str| part.repeat(SIZE / part.len());
    let (assign, end) = match language {
        "Rust" => ("fn f() { let x = ", ";}"),
        "Go" => ("package p\nfunc f() { x := ", "}"),
        "Python" => ("x = ", "\n"),
        _ => ("x = ", ";"),
    };
    let wrap = |body: String| format!("{assign}{body}{end}");
    let (if_, else_if) = match language {
        "Python" => ("if a:\n b()\n", "elif a:\n b()\n"),
        "Rust" => ("fn f() { if a { b() }", " else if a { b() }"),
        "Go" => ("package p\nfunc f() { if a { b() }", " else if a { b() }"),
        _ => ("if (a) { b() }", " else if (a) { b() }"),
    };
    let mut all = vec![
        ("parentheses", wrap(fill("("))),
        ("closed parentheses", wrap("(".repeat(SIZE / 2) + "1" + &")".repeat(SIZE / 2))),
        ("brackets", wrap(fill("["))),
        ("braces", fill("{")),
        ("mixed brackets", fill("([{")),
        ("unary minus", wrap(fill("- "))),
        ("unary not", wrap(fill("!") + "a")),
        ("words of not", wrap(fill("not ") + "a")),
        ("sum", wrap(fill("a + ") + "a")),
        ("and", wrap(fill("a && ") + "a")),
        ("or words", wrap(fill("a or ") + "a")),
        ("members", wrap("a".to_owned() + &fill(".b"))),
        ("calls", wrap("a".to_owned() + &fill("()"))),
        ("chained calls", wrap("a".to_owned() + &fill(".b(c)"))),
        ("indexes", wrap("a".to_owned() + &fill("[0]"))),
        ("else if", format!("{if_}{}{}", fill(else_if), if language == "Python" { "" } else { "}" })),
        ("huge string", wrap(format!("\"{}\"", "a".repeat(1_000_000)))),
        ("unterminated string", wrap(format!("\"{}", "a ".repeat(400_000)))),
        ("unterminated comment", format!("/*{}", "a ".repeat(400_000))),
        ("one line", wrap((0..90_000).map(|n| format!("a{n} , ")).collect::<String>())),
        ("statements", fill("a = b;\n")),
        ("noise", fill("@ # $ % ^ & * ) } ] ' \" ` \\ ")),
        ("quotes", fill("'\"`")),
        ("templates", fill("`${")),
        ("f-strings", fill("f\"{")),
        ("generics", wrap(fill("Vec<"))),
        ("references", wrap(fill("&") + "a")),
        ("lambdas", wrap(fill("a => "))),
        ("lambda words", wrap(fill("lambda: ") + "1")),
        ("ternaries", wrap(fill("a ? b : ") + "c")),
        ("nested ternaries", wrap(fill("a ? "))),
        ("tags", wrap(fill("<a>"))),
        ("arrows", fill("->")),
        ("colons", fill(":")),
        ("decorators", fill("@a\n")),
        ("attributes", fill("#[a]\n")),
        ("keywords", fill("if for while ")),
        ("functions", fill("function f() {")),
        ("modules", fill("mod a;\n")),
        ("nul bytes", fill("\0")),
        ("indent", (0..600).map(|depth| format!("{}if a:\n", " ".repeat(depth))).collect()),
        (
            "aliases",
            (0..9_000).map(|n| format!("x{} = x{n} + x{n}\n", n + 1)).collect::<String>()
                + &"eval(x9000)\n".repeat(2_000),
        ),
    ];
    all.push(("not text", String::from_utf8_lossy(&[0xff; SIZE / 3]).into_owned()));
    all
}

#[test]
fn every_bomb_ends_with_an_answer() {
    for language in languages() {
        for (name, text) in bombs(language.name) {
            let file = SourceFile { path: "bomb", executable: false, bytes: text.as_bytes() };
            let start = Instant::now();
            let answer = examine(&file, language.name).map(|syntax| syntax.functions.len());
            let took = start.elapsed();
            println!("{:>6} ms  {} {name}: {answer:?}", took.as_millis(), language.name);
        }
    }
}

#[test]
fn what_is_too_large_is_not_parsed() {
    let text = "a\n".repeat(600_000);
    let file = SourceFile { path: "large", executable: false, bytes: text.as_bytes() };
    assert_eq!(examine(&file, "Python").unwrap_err(), crate::report::SkipReason::TooLarge);
}
