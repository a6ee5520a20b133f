//! Texts made to exhaust a parser. What is measured here does not depend on the clock: that each ends, and with
//! which answer; the time is shown by the test runner and bounded in `docs/reports`.

use std::time::Instant;

use crate::report::SkipReason;
use crate::source::SourceFile;
use crate::syntax::{examine, language::languages};

const SIZE: usize = 40_000;

fn numbered(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |text, number| text + &part(number))
}

/// Texts that are the same in every language, and some that are meant for one.
fn bombs(language: &str) -> Vec<(&'static str, String)> {
    let fill = |part: &str| part.repeat(SIZE / part.len());
    let (assign, end) = match language {
        "Rust" => ("fn f() { let x = ", ";}"),
        "Go" => ("package p\nfunc f() { x := ", "}"),
        "Python" | "Ruby" => ("x = ", "\n"),
        "Java" | "C#" => ("class K { void f() { x = ", "; } }"),
        "C" | "C++" => ("int f(void) { x = ", ";}"),
        "PHP" => ("<?php $x = ", ";"),
        "Kotlin" => ("fun f() { x = ", "\n}"),
        _ => ("x = ", ";"),
    };
    let wrap = |body: String| format!("{assign}{body}{end}");
    let (if_, else_if) = match language {
        "Python" => ("if a:\n b()\n", "elif a:\n b()\n"),
        "Rust" => ("fn f() { if a { b() }", " else if a { b() }"),
        "Go" => ("package p\nfunc f() { if a { b() }", " else if a { b() }"),
        "Java" | "C#" => ("class K { void f() { if (a) { b(); }", " else if (a) { b(); }"),
        "C" | "C++" => ("int f(void) { if (a) { b(); }", " else if (a) { b(); }"),
        "PHP" => ("<?php if ($a) { b(); }", " elseif ($a) { b(); }"),
        "Ruby" => ("if a\n b\n", "elsif a\n b\n"),
        "Kotlin" => ("fun f() { if (a) { b() }", " else if (a) { b() }"),
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
        ("huge string", wrap(format!("\"{}\"", "a".repeat(500_000)))),
        ("unterminated string", wrap(format!("\"{}", "a ".repeat(60_000)))),
        ("unterminated comment", format!("/*{}", "a ".repeat(60_000))),
        ("one line", wrap(numbered(10_000, |n| format!("a{n} , ")))),
        ("statements", fill("a = b;\n")),
        ("noise", fill("@ # $ % ^ & * ) } ] ' \" ` \\ ")),
        ("annotations", fill("@A(b = @A(c = 1)) ")),
        ("includes", fill("#include \"a\"\n")),
        ("conditional text", fill("#if a\n")),
        ("templates of types", fill("template <typename T> ")),
        ("declarators", wrap(fill("(*") + "a")),
        ("open namespaces", fill("namespace a;\n")),
        ("classes", fill("class A { ")),
        ("heredocs", fill("<<A\n")),
        ("open tags", fill("<?php ")),
        ("blocks", fill("do |a| ")),
        ("casts", wrap(fill("(A) ") + "a")),
        ("interpolation", wrap(fill("$\"{"))),
        ("many names", numbered(2_000, |n| format!("class A{n} extends B{n} {{}}\n"))),
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
        ("indent", numbered(600, |depth| format!("{}if a:\n", " ".repeat(depth)))),
        (
            "aliases",
            numbered(1_500, |n| format!("x{} = x{n} + x{n}\n", n + 1)) + &"eval(x1500)\n".repeat(300),
        ),
    ];
    all.push(("not text", String::from_utf8_lossy(&[0xff; SIZE / 3]).into_owned()));
    all
}

/// Every bomb ends, with an answer that does not depend on the machine; the times are there to be read.
fn run(name: &str) {
    let language = languages().iter().find(|language| language.name == name).expect("a language");
    for (bomb, text) in bombs(language.name) {
        let file = SourceFile { path: "bomb", executable: false, bytes: text.as_bytes() };
        let start = Instant::now();
        let answer = examine(&file, language.name).map(|syntax| syntax.functions.len());
        println!("{:>6} ms  {name} {bomb}: {answer:?}", start.elapsed().as_millis());
        let again = examine(&file, language.name).map(|syntax| syntax.functions.len());
        assert_eq!(answer, again, "{bomb}");
    }
}

#[test]
fn javascript() {
    run("JavaScript");
}

#[test]
fn typescript() {
    run("TypeScript");
}

#[test]
fn python() {
    run("Python");
}

#[test]
fn rust() {
    run("Rust");
}

#[test]
fn go() {
    run("Go");
}

#[test]
fn java() {
    run("Java");
}

#[test]
fn kotlin() {
    run("Kotlin");
}

#[test]
fn csharp() {
    run("C#");
}

#[test]
fn ruby() {
    run("Ruby");
}

#[test]
fn php() {
    run("PHP");
}

#[test]
fn c() {
    run("C");
}

#[test]
fn cpp() {
    run("C++");
}

#[test]
fn brackets_are_counted_before_the_parser_sees_them() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}")] {
        for language in languages() {
            let text = format!("{}{}", open.repeat(SIZE / 2), close.repeat(SIZE / 2));
            let file = SourceFile { path: "bomb", executable: false, bytes: text.as_bytes() };
            assert_eq!(examine(&file, language.name).unwrap_err(), SkipReason::TooDeep);
        }
    }
}

#[test]
fn what_is_too_large_is_not_parsed() {
    let text = "a\n".repeat(600_000);
    let file = SourceFile { path: "large", executable: false, bytes: text.as_bytes() };
    assert_eq!(examine(&file, "Python").unwrap_err(), SkipReason::TooLarge);
}
