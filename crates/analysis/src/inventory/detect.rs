//! Which language a file is written in: by mode line, name, `#!` line, extension and content, in this order, as
//! GitHub Linguist does. Where Linguist would ask a trained classifier, the most common language of the extension
//! is taken (`heuristics.toml`).

use std::sync::LazyLock;

use regex::Regex;

use super::catalogue::{Language, catalogue};

/// How much of a file the rules look at.
const LOOKED_AT: usize = 50 << 10;
/// How many lines at each end may hold a mode line.
const MODE_LINES: usize = 5;
/// How long a line with a mode may be.
const MODE_LINE_BYTES: usize = 1_000;

/// The language, if the name or the content tells one.
pub(super) fn language(path: &str, text: &str) -> Option<&'static Language> {
    if text.is_empty() {
        return None;
    }
    let catalogue = catalogue();
    let name = path.rsplit('/').next().unwrap_or(path);
    let position = by_mode_line(text)
        .or_else(|| catalogue.by_file.get(name).copied())
        .or_else(|| by_interpreter(text).map(|at| dialect(at, name, text)))
        .or_else(|| by_extension(name, text))
        .or_else(|| xml(text));
    position.map(|at| &catalogue.languages[at])
}

/// The start of the text, cut between characters.
pub(super) fn head(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The end of the text, cut between characters.
fn tail(text: &str, bytes: usize) -> &str {
    let mut start = text.len().saturating_sub(bytes);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

#[expect(clippy::expect_used, reason = "the pattern is a constant that every test run compiles")]
fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static EMACS: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r"(?i)-\*-(?:\s*|[^\n]*?[\s;]mode\s*:\s*|\s*mode\s*:\s*)([\w+#-]+)\s*(?:;[^\n]*?)?-\*-")
});
static VIM: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r"(?:^|\s)(?:vim?|ex)(?:[<=>]?\d+)?:(?:.*[\s:])?(?:filetype|ft|syntax)\s*=\s*([\w+#-]+)")
});

fn by_mode_line(text: &str) -> Option<usize> {
    let catalogue = catalogue();
    let ends = [head(text, MODE_LINES * MODE_LINE_BYTES), tail(text, MODE_LINES * MODE_LINE_BYTES)];
    let lines = ends[0].lines().take(MODE_LINES).chain(ends[1].lines().rev().take(MODE_LINES));
    for line in lines.filter(|line| line.len() <= MODE_LINE_BYTES) {
        let found = if line.contains("-*-") {
            EMACS.captures(line)
        } else if line.contains("ft=") || line.contains("filetype") || line.contains("syntax") {
            VIM.captures(line)
        } else {
            None
        };
        let mode = found.and_then(|found| found.get(1)).map(|mode| mode.as_str().to_lowercase());
        if let Some(at) = mode.and_then(|mode| catalogue.by_name.get(mode.as_str())) {
            return Some(*at);
        }
    }
    None
}

fn by_interpreter(text: &str) -> Option<usize> {
    let line = head(text, MODE_LINE_BYTES).lines().next()?.strip_prefix("#!")?;
    let mut words = line.split_whitespace();
    let mut program = words.next()?.rsplit('/').next()?;
    if program == "env" {
        // Options and assignments come before the program.
        program = words.find(|word| !word.starts_with('-') && !word.contains('='))?;
        program = program.rsplit('/').next()?;
    }
    let interpreters = &catalogue().by_interpreter;
    let without_version = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    interpreters.get(program).or_else(|| interpreters.get(without_version)).copied()
}

/// What runs JavaScript runs TypeScript as well, and does not say which: the extension does.
fn dialect(at: usize, name: &str, text: &str) -> usize {
    let called = |at: usize, names: &[&str]| names.contains(&catalogue().languages[at].name);
    if !called(at, &["JavaScript"]) {
        return at;
    }
    by_extension(name, text).filter(|of| called(*of, &["TypeScript", "TSX"])).unwrap_or(at)
}

fn by_extension(name: &str, text: &str) -> Option<usize> {
    let catalogue = catalogue();
    let lower = name.to_lowercase();
    // The longest extension first: `html.erb` before `erb`. A leading dot belongs to the name.
    let candidates = lower.char_indices().filter(|(_, c)| *c == '.').map(|(at, _)| &lower[at + 1..]).take(16);
    let (extension, languages) = candidates
        .into_iter()
        .find_map(|extension| catalogue.by_extension.get(extension).map(|found| (extension, found)))?;
    if let Some(heuristic) = catalogue.heuristics.get(extension) {
        let start = head(text, LOOKED_AT);
        let decided = heuristic.rules.iter().find(|(_, pattern)| pattern.is_match(start)).map(|(at, _)| *at);
        return decided.or(heuristic.default);
    }
    languages.first().copied()
}

fn xml(text: &str) -> Option<usize> {
    text.starts_with("<?xml").then(|| catalogue().by_name.get("xml").copied()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_first_lines_and_content_decide() {
        for (path, text, wanted) in [
            ("a/main.rs", "fn main() {}", Some("Rust")),
            ("a.rs", "#pragma version(1)\n", Some("RenderScript")),
            ("Dockerfile", "FROM x", Some("Dockerfile")),
            ("bin/run", "#!/usr/bin/env -S python3.11 -u\n", Some("Python")),
            ("bin/run", "#!/bin/bash\n", Some("Shell")),
            ("a.h", "int f(void);", Some("C")),
            ("a.h", "class A {\npublic:\n};", Some("C++")),
            ("a.h", "@interface A : NSObject\n@end", Some("Objective-C")),
            ("a.m", "function y = f(x)\n", Some("MATLAB")),
            ("a.pl", ":- module(a, []).\n", Some("Prolog")),
            ("a.pl", "use strict;\n", Some("Perl")),
            ("a.ts", "<?xml version='1.0'?>\n<TS/>", Some("XML")),
            ("a.ts", "export {}", Some("TypeScript")),
            ("bin/a.ts", "#!/usr/bin/env node\nexport {}", Some("TypeScript")),
            ("bin/a", "#!/usr/bin/env node\nrun()", Some("JavaScript")),
            ("a.inc", "nothing that tells\n", None),
            ("a.inc", "<?php f();", Some("PHP")),
            ("a.gs", "function f() {}", Some("JavaScript")),
            ("a.gs", "[indent=4]\nuses\n    Gtk\n", Some("Genie")),
            ("a.m", "START ;comment\n Q\n", Some("M")),
            ("a.cls", "USING Progress.Lang.*.\nCLASS a.B:\n", Some("OpenEdge ABL")),
            ("a.cls", "public class A {}", Some("Apex")),
            ("a.e", "class\n\tA\nfeature\nend\n", Some("Eiffel")),
            ("a.cairo", "use core::dict;\n", Some("Cairo")),
            ("a.tsx", "export {}", Some("TSX")),
            ("a.v", "module top(input a);\nendmodule\n", Some("Verilog")),
            ("a.v", "Lemma x : True.\n", Some("Rocq Prover")),
            ("a.v", "fn main() {\n}\n", Some("V")),
            ("a.sql", "create function f() returns int as $$ begin end $$ language plpgsql", Some("PLpgSQL")),
            ("a.sql", "select 1", Some("SQL")),
            ("a.php", "<?hh // strict", Some("Hack")),
            ("show.html.erb", "<%= x %>", Some("HTML+ERB")),
            ("welcome.blade.php", "@if", Some("Blade")),
            ("README", "-*- mode: markdown -*-\n", Some("Markdown")),
            ("x.inc", "/* -*- C++ -*- */\n", Some("C++")),
            ("x.txt", "# vim: set ft=ruby ts=2:\n", Some("Ruby")),
            ("unknown", "<?xml version=\"1.0\"?>", Some("XML")),
            ("unknown", "nothing", None),
            ("a.rs", "", None),
        ] {
            assert_eq!(language(path, text).map(|found| found.name), wanted, "{path}: {text}");
        }
    }
}
