//! Texts that exhaust parsers of programming languages.

use anyhow::{Context, Result};

use super::{Set, Text, fill, numbered};

/// How much of the same; the parser must be stopped long before it has seen all of it.
const SIZE: usize = 250_000;

/// A language: its name, a file of it, what every file of it begins with, what comes before and after an expression,
/// and how a chain of `else if` begins, goes on and ends.
struct Language {
    name: &'static str,
    path: &'static str,
    begin: &'static str,
    assign: [&'static str; 2],
    chain: [&'static str; 3],
}

const LANGUAGES: [Language; 13] = [
    script("JavaScript", "bomb.js"),
    script("TypeScript", "bomb.ts"),
    script("TSX", "bomb.tsx"),
    Language {
        assign: ["x = ", "\n"],
        chain: ["if a:\n b()\n", "elif a:\n b()\n", ""],
        ..script("Python", "bomb.py")
    },
    Language {
        assign: ["fn f() { let x = ", ";}"],
        chain: ["fn f() { if a { b() }", " else if a { b() }", "}"],
        ..script("Rust", "bomb.rs")
    },
    Language {
        assign: ["package p\nfunc f() { x := ", "}"],
        chain: ["package p\nfunc f() { if a { b() }", " else if a { b() }", "}"],
        ..script("Go", "bomb.go")
    },
    braces("C", "bomb.c", ["int f() { int x = ", ";}"], ["int f() { if (a) { b(); }", "}"]),
    braces("C++", "bomb.cpp", ["int f() { auto x = ", ";}"], ["int f() { if (a) { b(); }", "}"]),
    braces("Java", "Bomb.java", ["class A { int x = ", ";}"], ["class A { void f() { if (a) { b(); }", "}}"]),
    braces("C#", "Bomb.cs", ["class A { int x = ", ";}"], ["class A { void F() { if (a) { b(); }", "}}"]),
    braces("Kotlin", "Bomb.kt", ["val x = ", "\n"], ["fun f() { if (a) { b() }", "}"]),
    Language {
        begin: "<?php\n",
        assign: ["$x = ", ";"],
        chain: ["if ($a) { b(); }", " elseif ($a) { b(); }", ""],
        ..script("PHP", "bomb.php")
    },
    Language {
        assign: ["x = ", "\n"],
        chain: ["if a\n b\n", "elsif a\n b\n", "end\n"],
        ..script("Ruby", "bomb.rb")
    },
];

const fn script(name: &'static str, path: &'static str) -> Language {
    let chain = ["if (a) { b() }", " else if (a) { b() }", ""];
    Language { name, path, begin: "", assign: ["x = ", ";"], chain }
}

const fn braces(
    name: &'static str,
    path: &'static str,
    assign: [&'static str; 2],
    [before, after]: [&'static str; 2],
) -> Language {
    Language { assign, chain: [before, " else if (a) { b(); }", after], ..script(name, path) }
}

/// The bombs of these languages: mostly the same texts, since a hostile file need not be valid.
pub(super) fn sets(names: &[String]) -> Result<Vec<Set>> {
    let set = |name: &String| {
        let language = LANGUAGES.iter().find(|language| language.name == name);
        let language =
            language.with_context(|| format!("{name} has no bombs: see xtask/src/bombs/code.rs"))?;
        let make = Box::new(|| texts(language));
        Ok(Set { of: name.clone(), path: language.path.to_owned(), make })
    };
    names.iter().map(set).collect()
}

fn texts(language: &Language) -> Vec<Text> {
    let texts = expressions(language).into_iter().chain(statements(language)).chain(tokens());
    texts.map(|(name, text)| (name, format!("{}{text}", language.begin))).collect()
}

/// Those that cost the most, or did once.
pub(super) const WORST: [&str; 6] =
    ["open here-document", "comments", "raw strings", "open string", "generics", "the word or"];

/// One expression that is deep or long.
fn expressions(language: &Language) -> Vec<Text> {
    let [before, after] = language.assign;
    let wrap = |body: String| format!("{before}{body}{after}");
    let of = |part: &str| wrap(fill(part, SIZE));
    let then = |part: &str, end: &str| wrap(fill(part, SIZE) + end);
    let nested = |open: &str, close: &str, depth: usize, times: usize| {
        wrap(format!("{}1{}, ", open.repeat(depth), close.repeat(depth)).repeat(times))
    };
    vec![
        ("open parentheses", of("(")),
        ("closed parentheses", nested("(", ")", SIZE / 2, 1)),
        ("parentheses at the limit", nested("(", ")", 250, 900)),
        ("open brackets", of("[")),
        ("brackets at the limit", nested("[", "]", 250, 900)),
        ("braces at the limit", nested("{", "}", 250, 900)),
        ("calls at the limit", nested("f(", ")", 250, 600)),
        ("mixed brackets", of("([{")),
        ("minus", then("- ", "1")),
        ("not", then("!", "a")),
        ("the word not", then("not ", "a")),
        ("references", then("&", "a")),
        ("sum", then("a + ", "a")),
        ("and", then("a && ", "a")),
        ("the word or", then("a or ", "a")),
        ("power", then("a ** ", "a")),
        ("comparisons", then("a < ", "a")),
        ("assignments", then("a = ", "a")),
        ("members", wrap(format!("a{}", fill(".b", SIZE)))),
        ("calls", wrap(format!("a{}", fill("()", SIZE)))),
        ("chained calls", wrap(format!("a{}", fill(".b(c)", SIZE)))),
        ("indexes", wrap(format!("a{}", fill("[0]", SIZE)))),
        ("macros", of("a!(")),
        ("generics", of("Vec<")),
        ("lambdas", of("a => ")),
        ("the word lambda", then("lambda: ", "1")),
        ("closures", of("|a| ")),
        ("ternaries", then("a ? b : ", "c")),
        ("open ternaries", of("a ? ")),
        ("conditional words", then("a if b else ", "c")),
        ("await", then("await ", "a")),
        ("tags", of("<a>")),
        ("channels", then("<-", "a")),
        ("huge list", wrap(format!("[{}]", fill("1, ", 500_000)))),
        ("huge map", wrap(format!("{{{}}}", numbered(25_000, |n| format!("\"k{n}\": {n}, "))))),
        ("huge string", wrap(format!("\"{}\"", "a".repeat(500_000)))),
        ("string of escapes", wrap(format!("\"{}\"", "\\n".repeat(250_000)))),
        ("many strings", of("\"a\" + ")),
        ("open string", wrap(format!("\"{}", "a ".repeat(250_000)))),
        ("one line", wrap(numbered(40_000, |n| format!("a{n} , ")))),
    ]
}

/// Many statements, or deep ones.
fn statements(language: &Language) -> Vec<Text> {
    let [begin, more, end] = language.chain;
    let indented = |depth: usize| numbered(depth, |at| format!("{}if a:\n", " ".repeat(at)));
    vec![
        ("else if", format!("{begin}{}{end}", fill(more, SIZE))),
        ("assignments in lines", fill("a = b;\n", 500_000)),
        ("keywords", fill("if for while ", SIZE)),
        ("the word if", fill("if ", SIZE)),
        ("the word match", fill("match ", SIZE)),
        ("functions", fill("function f() {", SIZE)),
        (
            "functions at the limit",
            format!("{}{}\n", "function f(){".repeat(250), "}".repeat(250)).repeat(120),
        ),
        ("empty functions", fill("function f() {}\n", 500_000)),
        ("classes", fill("class A:\n", SIZE)),
        ("modules", fill("mod a;\n", SIZE)),
        ("imports", numbered(12_000, |n| format!("import a{n}\n"))),
        ("imports from", numbered(12_000, |n| format!("import b{n} from './a{n}';\n"))),
        ("decorators", fill("@a\n", SIZE)),
        ("attributes", fill("#[a]\n", SIZE)),
        ("labels", fill("a: ", SIZE)),
        ("indents", indented(690)),
        ("indents at the limit", format!("{}x = 1\n", indented(250)).repeat(12)),
        ("spaces", format!("{}a\n", " ".repeat(500_000))),
        ("empty lines", "\n".repeat(500_000)),
        ("line comments", fill("// a\n", 500_000)),
        ("hash comments", fill("# a\n", 500_000)),
        ("nested comments", fill("/*", SIZE)),
        ("open comment", format!("/*{}", "a ".repeat(250_000))),
        ("comments", fill("/**/", 500_000)),
        (
            "names followed to values",
            numbered(1_500, |n| format!("x{} = x{n} + x{n}\n", n + 1)) + &"eval(x1500)\n".repeat(15_000),
        ),
        ("dangerous calls", fill("subprocess.call('a' + b, shell=True)\n", 500_000)),
        ("commands", fill("eval(a); exec(b); system(c);\n", 500_000)),
    ]
}

/// What is no language at all.
fn tokens() -> Vec<Text> {
    vec![
        ("braces", fill("{", SIZE)),
        ("noise", fill("@ # $ % ^ & * ) } ] ' \" ` \\ ", SIZE)),
        ("quotes", fill("'\"`", SIZE)),
        ("triple quotes", fill("\"\"\"", SIZE)),
        ("open here-document", format!("x = \"\"\"{}", "a\n".repeat(250_000))),
        ("raw strings", fill("r#\"", SIZE)),
        ("raw string of hashes", format!("r{}\"a", "#".repeat(SIZE))),
        ("templates", fill("`${", SIZE)),
        ("templates at the limit", format!("{}{};\n", "`${".repeat(120), "}`".repeat(120)).repeat(600)),
        ("formatted strings", fill("f\"{", SIZE)),
        (
            "formatted strings at the limit",
            format!("f\"{}a{}\"\n", "{".repeat(100), "}".repeat(100)).repeat(1_000),
        ),
        ("expressions in slashes", fill("/a", SIZE)),
        ("closing brackets", fill(")]}", SIZE)),
        ("arrows", fill("->", SIZE)),
        ("angles", fill("<", SIZE)),
        ("closing angles", fill(">", SIZE)),
        ("colons", fill(":", SIZE)),
        ("commas", fill(",", SIZE)),
        ("semicolons", fill(";", 500_000)),
        ("stars", fill("*", SIZE)),
        ("backslashes", fill("\\", SIZE)),
        ("dollars", fill("$", SIZE)),
        ("question marks", fill("?.", SIZE)),
        ("digits", "1".repeat(500_000)),
        ("one name", "a".repeat(500_000)),
        ("wide letters", "\u{1f600}".repeat(120_000)),
        ("byte order marks", "\u{feff}".repeat(SIZE / 3)),
        ("nul bytes", format!("a{}", "\0".repeat(SIZE))),
        ("almost too large", fill("f(a);\n", 524_000)),
        ("too large", fill("f(a);\n", 5_000_000)),
        ("not text", "\u{fffd}\u{fffd}(".repeat(SIZE / 7)),
    ]
}
