//! Duplicates of small made-up files, through the real parser.

use std::sync::Arc;

use bytes::Bytes;

use super::*;
use crate::later::{Far, FarSource};
use crate::report::CloneGroup;
use crate::source::SourceFile;
use crate::syntax::{self, FileSyntax};

/// The duplicates among the files, which come by path.
fn find(files: &[File<'_>], known: &mut Compared<'_>) -> Duplication {
    let mut found = |test| {
        let own: Vec<File<'_>> = files.iter().filter(|file| file.test == test).copied().collect();
        among(&own, known)
    };
    let others = found(false);
    together(others, found(true))
}

fn parsed(path: &str, language: &str, text: &str) -> FileSyntax {
    syntax::examine(&SourceFile { path, executable: false, bytes: text.as_bytes() }, language).expect("small")
}

fn found(files: &[(&str, &str)]) -> Duplication {
    let language = |path: &str| if path.contains(".py") { "Python" } else { "Go" };
    let parsed: Vec<(&str, FileSyntax)> =
        files.iter().map(|(path, text)| (*path, parsed(path, language(path), text))).collect();
    let files: Vec<File<'_>> = parsed
        .iter()
        .map(|(path, syntax)| File { path, test: path.contains("test"), tokens: &syntax.tokens })
        .collect();
    find(&files, &mut Compared::default())
}

/// A function of ten lines and about eighty tokens.
fn function(name: &str, list: &str, limit: &str) -> String {
    format!(
        "func {name}({list} []int) (int, error) {{\n\ttotal := 0\n\tfor index, value := range {list} {{\n\t\tif value > {limit} {{\n\t\t\treturn 0, fmt.Errorf(\"%d is too large at %d\", value, index)\n\t\t}}\n\t\ttotal += value * weights[index%len(weights)]\n\t\tlog.Printf(\"%d of %d: %v\", index, len({list}), total)\n\t}}\n\tif total == 0 || total > ceiling(name, {list}) {{\n\t\treturn 0, errors.New(\"nothing\")\n\t}}\n\treturn total, nil\n}}\n"
    )
}

fn places(group: &CloneGroup) -> Vec<(&str, u32, u32)> {
    group.places.iter().map(|place| (place.path.as_str(), place.start, place.end)).collect()
}

#[test]
fn the_same_function_in_three_files_is_one_group_of_whole_lines() {
    let file = |head: &str| {
        format!("// A licence of its own: {head}\npackage {head}\n\n{}", function("sum", "list", "9"))
    };
    let (a, b, c) =
        (file("a"), file("b"), file("c").replace("\ttotal := 0", "\t// A remark.\n\n\ttotal := 0"));
    let duplication = found(&[("a.go", &a), ("b.go", &b), ("c.go", &c)]);
    let [group] = duplication.groups.as_slice() else { panic!("{:?}", duplication.groups) };
    assert_eq!(places(group), [("a.go", 4, 17), ("b.go", 4, 17), ("c.go", 4, 19)]);
    assert!(group.exact && !group.in_test);
    assert_eq!((group.lines, group.places_total, group.saved()), (14, 3, 28));
    assert_eq!((duplication.duplicated, duplication.lines), (42, 45));
    let shares: Vec<(&str, u32, u32)> =
        duplication.files.iter().map(|file| (file.path.as_str(), file.duplicated, file.lines)).collect();
    assert_eq!(shares, [("a.go", 14, 15), ("b.go", 14, 15), ("c.go", 14, 15)]);
}

#[test]
fn names_may_differ_if_they_do_so_consistently() {
    let a = format!("package a\n\n{}", function("sum", "list", "9"));
    let renamed = format!("package b\n\n{}", function("sum_all", "items", "99"));
    let group = found(&[("a.go", &a), ("b.go", &renamed)]);
    let [group] = group.groups.as_slice() else { panic!("{:?}", group.groups) };
    assert!(!group.exact && group.tokens >= 100);
    // One use of another name: no consistent renaming of the whole, and no equal part is long enough.
    let mixed = renamed.replacen("range items", "range others", 1).replacen("value > 99", "index > 99", 1);
    assert_eq!(found(&[("a.go", &a), ("b.go", &mixed)]).groups, []);
}

#[test]
fn tables_imports_and_short_code_are_no_duplicates() {
    let table: String =
        (0..80).map(|n| format!("\t{{\"name {n}\", {n}, kind.Of(\"x\")}},\n")).collect::<Vec<_>>().concat();
    let table = |name: &str| format!("package a\n\nvar {name} = []row{{\n{table}}}\n");
    assert_eq!(found(&[("a.go", &table("one")), ("b.go", &table("two"))]).groups, []);
    let imports: String =
        (0..60).map(|n| format!("import package_{n}.module as m{n}\n")).collect::<Vec<_>>().concat();
    assert_eq!(found(&[("a.py", &imports), ("b.py", &imports)]).groups, []);
    let short = "def f(x):\n    if x:\n        return g(x)\n    return None\n";
    assert_eq!(found(&[("a.py", short), ("b.py", short)]).groups, []);
}

#[test]
fn what_everybody_has_to_write_is_no_duplicate() {
    let getters: Vec<String> = (0..4)
        .map(|n| format!("func (one *Config) Get{n}(context Context, key string, strict bool) string {{\n\treturn one.values[key]\n}}\n\n"))
        .collect();
    let getters = getters.concat();
    let file = |name: &str| format!("package {name}\n\n{getters}");
    assert_eq!(found(&[("a.go", &file("a")), ("b.go", &file("b"))]).groups, []);
    let outs = "func run(name string) error {\n\tif name == \"\" {\n\t\treturn errors.New(\"no name\")\n\t}\n\tuser, err := find(name)\n\tif err != nil {\n\t\treturn err\n\t}\n\tif !user.Active {\n\t\treturn errors.New(\"not active\")\n\t}\n\treturn user.Run()\n}\n";
    let file = |name: &str| format!("package {name}\n\n{outs}");
    assert_eq!(found(&[("a.go", &file("a")), ("b.go", &file("b"))]).groups, []);
}

#[test]
fn tests_are_apart() {
    let file = |name: &str| format!("package {name}\n\n{}", function("sum", "list", "9"));
    let (a, b) = (file("a"), file("b"));
    assert_eq!(
        found(&[("a.go", &a), ("a_test.go", &b)]).groups,
        [],
        "a test is not compared with what it tests"
    );
    let duplication = found(&[("a_test.go", &a), ("b_test.go", &b)]);
    assert!(duplication.groups.iter().all(|group| group.in_test) && duplication.groups.len() == 1);
    assert_eq!((duplication.duplicated, duplication.test_duplicated), (0, 28));
}

#[test]
fn a_copy_in_the_same_file_is_found_and_the_order_of_files_does_not_matter() {
    let both = format!(
        "package a\n\n{}\n\nvar other = 1\n\n{}",
        function("sum", "list", "9"),
        function("sum", "list", "9")
    );
    let duplication = found(&[("a.go", &both)]);
    let [group] = duplication.groups.as_slice() else { panic!("{:?}", duplication.groups) };
    assert_eq!(places(group), [("a.go", 3, 16), ("a.go", 21, 34)]);
}

/// Tokens that were written down.
struct Apart(Option<Vec<u8>>);

impl FarSource for Apart {
    fn far(&self, _: u32) -> Option<Vec<u8>> {
        self.0.clone()
    }
}

fn read(near: &[u8], tokens: Option<&[u8]>) -> Option<Tokens> {
    let far = tokens.and_then(|tokens| Far::write(&[], tokens));
    Tokens::read(&Bytes::copy_from_slice(near), Far::new(Arc::new(Apart(far)), 0))
}

fn kept(tokens: &Tokens, far: bool) -> Tokens {
    let (near, all) = tokens.write();
    read(&near, far.then_some(&all)).expect("what was written")
}

#[test]
fn tokens_survive_being_kept() {
    let tokens = parsed("a.go", "Go", &function("sum", "list", "9")).tokens;
    let (near, far) = tokens.write();
    let length = near.len() + far.len();
    assert!(length < tokens.len() * 8, "{length} bytes for {} tokens", tokens.len());
    let back = kept(&tokens, true);
    assert_eq!((back.len(), back.digest()), (tokens.len(), tokens.digest()));
    assert!(back.marks().len() > 0 && back.marks().eq(tokens.marks()));
    assert_eq!(back, tokens);
    assert_eq!(back.write(), (near.clone(), far.clone()));
    assert!(read(&near[..near.len() - 4], None).is_none());
    assert_eq!(
        read(&near, Some(&far[..far.len() - 4])).map(|it| it.lines().len()),
        Some(0),
        "nothing is made up"
    );
}

#[test]
fn what_was_compared_is_not_looked_at_again() {
    let files =
        ["sum", "list", "each"].map(|name| format!("package {name}\n\n{}", function("sum", "list", "9")));
    let parsed: Vec<Tokens> = files.iter().map(|text| parsed("a.go", "Go", text).tokens).collect();
    let search = |tokens: &[Tokens], known: &[u8]| {
        let paths = ["a.go", "b.go", "c.go", "d.go"];
        let file = |(path, tokens)| File { path, test: false, tokens };
        let files: Vec<File<'_>> = paths.into_iter().zip(tokens).map(file).collect();
        let mut compared = Compared::read(known);
        let found = find(&files, &mut compared);
        (found, compared.write())
    };
    let (found, known) = search(&parsed, &[]);
    let known = known.expect("all of it is new");
    // Without their tokens nothing could be found in them.
    let without: Vec<Tokens> = parsed.iter().map(|tokens| kept(tokens, false)).collect();
    assert_eq!(search(&without, &known), (found, None));
    // Another file in front of them gives all of them other numbers.
    let more =
        self::parsed("a.go", "Go", &format!("package more\n\n{}", function("sum", "list", "9"))).tokens;
    let cold: Vec<Tokens> = std::iter::once(more.clone()).chain(parsed.iter().cloned()).collect();
    let warm: Vec<Tokens> = std::iter::once(more).chain(parsed.iter().map(|it| kept(it, true))).collect();
    let (found, fresh) = search(&warm, &known);
    assert_eq!(found, search(&cold, &[]).0);
    assert!(fresh.is_some_and(|fresh| fresh.len() > known.len()));
    for at in 0..known.len() {
        let mut damaged = known.clone();
        damaged[at] ^= 1;
        let _ = search(&warm, &damaged);
        let _ = search(&warm, &known[..at]);
    }
}

#[test]
fn tests_inside_a_rust_file_are_apart() {
    let body: String = (0..12)
        .map(|n| format!("        let v{n} = call{n}(&input, {n});\n        check(v{n}, v{n} + 1);\n"))
        .collect::<Vec<_>>()
        .concat();
    let file = |attribute: &str| {
        format!("pub fn f() {{}}\n\n{attribute}mod tests {{\n    fn t() {{\n{body}    }}\n}}\n")
    };
    let found = |attribute: &str| {
        let syntax = [parsed("a.rs", "Rust", &file(attribute)), parsed("b.rs", "Rust", &file(attribute))];
        let paths = ["a.rs", "b.rs"];
        let files: Vec<File<'_>> = paths
            .iter()
            .zip(&syntax)
            .map(|(path, syntax)| File { path, test: false, tokens: &syntax.tokens })
            .collect();
        find(&files, &mut Compared::default()).lines
    };
    assert_eq!((found(""), found("#[cfg(test)]\n")), (58, 4), "of each file its function and the attribute");
}

#[test]
fn code_that_repeats_itself_keeps_as_few_seeds_as_other_code() {
    let mut tokens = Tokens::default();
    for at in 0..1_000 {
        tokens.leaf("int_literal", true, at, 1, "0");
        tokens.leaf(",", false, at, 1, ",");
    }
    let files = [File { path: "a.go", test: false, tokens: &tokens }];
    let seeds = seeds::of(&files).list.len();
    let tokens = tokens.len();
    assert!(tokens == 2_000 && seeds >= tokens / MIN_TOKENS, "{seeds} seeds of {tokens} tokens");
    assert!(seeds <= tokens / 11, "{seeds} seeds of {tokens} tokens");
}

#[test]
fn one_hash_with_many_places_does_not_pass_the_limit_of_candidates() {
    let seeds: Vec<seeds::Seed> = (0..1_000).map(|at| seeds::Seed { hash: 7, file: 0, at }).collect();
    assert_eq!(pairs::candidates(&seeds, 100).len(), 100);
    assert_eq!(pairs::candidates(&seeds, usize::MAX).len(), 997 * 3 + 2 + 1);
}

#[test]
fn a_fragment_that_is_not_taken_into_a_group_does_not_change_it() {
    let text = format!("package a\n\n{}", function("sum", "list", "9"));
    let syntax = [parsed("a.go", "Go", &text), parsed("b.go", "Go", &text)];
    let files = [("a.go", &syntax[0]), ("b.go", &syntax[1])].map(|(path, syntax)| File {
        path,
        test: false,
        tokens: &syntax.tokens,
    });
    let pair = |start, exact| Pair {
        one: Fragment::new(0, &syntax[0].tokens, (start, 100)),
        other: Fragment::new(1, &syntax[1].tokens, (start, 100)),
        exact,
    };
    let groups = groups::of(&files, &[pair(0, true), pair(2, false)], false);
    let [group] = groups.as_slice() else { panic!("{groups:?}") };
    assert!(group.exact && group.places_total == 2);
}
