//! Small repositories in one text each: `//- path` begins a file.

mod by_name;
mod components;
mod configured;
mod includes;
mod kotlin;

use expect_test::{Expect, expect};

use std::fmt::Write;

use super::*;
use crate::source::SourceFile;
use crate::syntax::{FileSyntax, examine};

fn language(path: &str) -> Option<&'static str> {
    match path.rsplit_once('.')?.1 {
        "rs" => Some("Rust"),
        "go" => Some("Go"),
        "py" => Some("Python"),
        "ts" => Some("TypeScript"),
        "tsx" => Some("TSX"),
        "vue" => Some("Vue"),
        "svelte" => Some("Svelte"),
        "js" => Some("JavaScript"),
        "java" => Some("Java"),
        "kt" => Some("Kotlin"),
        "cs" => Some("C#"),
        "rb" => Some("Ruby"),
        "php" => Some("PHP"),
        "c" | "h" => Some("C"),
        "cc" | "hpp" => Some("C++"),
        "cob" => Some("COBOL"),
        _ => None,
    }
}

fn graph_of(fixture: &str) -> (Vec<String>, Graph) {
    let mut parts: Vec<(&str, &str)> = fixture
        .split("//- ")
        .skip(1)
        .map(|part| {
            let (path, text) = part.split_once('\n').expect("a path and a text");
            (path.trim(), text)
        })
        .collect();
    parts.sort_unstable();
    let mut files: Vec<(&str, &str, Option<FileSyntax>)> = Vec::new();
    let mut configs = Vec::new();
    for (path, text) in &parts {
        let file = SourceFile { path, executable: false, bytes: text.as_bytes() };
        configs.extend(examine_config(&file).map(|facts| (*path, facts)));
        if let Some(language) = language(path) {
            let syntax = crate::syntax::supports(language).then(|| examine(&file, language).expect("small"));
            files.push((path, language, syntax));
        }
    }
    let views: Vec<StructureFile<'_>> = files
        .iter()
        .map(|(path, language, syntax)| StructureFile {
            path,
            language,
            lines: 10,
            test: crate::inventory::is_test_path(path),
            syntax: syntax.as_ref(),
        })
        .collect();
    let configs: Vec<(&str, &ConfigFacts)> = configs.iter().map(|(path, facts)| (*path, facts)).collect();
    (
        views.iter().map(|file| file.path.to_owned()).collect(),
        graph(&views, &configs, follow(&views, &configs)),
    )
}

fn check(fixture: &str, expected: &Expect) {
    let (paths, graph) = graph_of(fixture);
    let mut lines: Vec<String> = graph
        .file_edges
        .iter()
        .map(|edge| format!("{} -> {}\n", paths[edge.from as usize], paths[edge.to as usize]))
        .collect();
    lines.extend(graph.cycles.iter().map(|cycle| format!("cycle {}\n", cycle.join(" "))));
    if graph.unresolved > 0 {
        lines.push(format!("unresolved {}\n", graph.unresolved));
    }
    lines.extend(graph.unparsed.iter().map(|language| format!("not parsed {language}\n")));
    expected.assert_eq(&lines.concat());
}

#[test]
fn javascript_and_typescript() {
    check(
        r#"
//- package.json
{ "name": "root", "workspaces": ["packages/*"] }
//- tsconfig.json
{
  // shared
  "compilerOptions": { "baseUrl": ".", "paths": { "@app/*": ["packages/app/src/*"], }, },
}
//- packages/util/package.json
{ "name": "@x/util", "main": "dist/index.js", "exports": { ".": { "import": "./dist/index.mjs" }, "./deep/*": "./dist/deep/*.js" } }
//- packages/util/src/index.ts
export * from "./deep/one.js";
//- packages/util/src/deep/one.ts
import type { A } from "../index";
//- packages/app/package.json
{ "name": "app" }
//- packages/app/src/main.tsx
import { u } from "@x/util";
import one from "@x/util/deep/one";
import { v } from "@app/view";
import React from "react";
import "./style.css";
import "./missing";
const other = require("./view");
//- packages/app/src/view/index.js
import { m } from "../main";
//- old.cob
"#,
        &expect![[r"
            packages/app/src/main.tsx -> packages/app/src/view/index.js
            packages/app/src/main.tsx -> packages/util/src/deep/one.ts
            packages/app/src/main.tsx -> packages/util/src/index.ts
            packages/app/src/view/index.js -> packages/app/src/main.tsx
            packages/util/src/deep/one.ts -> packages/util/src/index.ts
            packages/util/src/index.ts -> packages/util/src/deep/one.ts
            cycle packages/app/src/main.tsx packages/app/src/view/index.js
            unresolved 1
            not parsed COBOL
        "]],
    );
}

#[test]
fn python() {
    check(
        r#"
//- pyproject.toml
[project]
name = "x"
//- src/x/__init__.py
from .core import run
//- src/x/json.py
//- src/x/core.py
from x import util
from .sub.deep import thing
import json
from . import gone
def late():
    import x.late
//- src/x/util.py
import x.core
//- src/x/late.py
//- src/x/sub/deep.py
from ..util import helper
//- tests/test_core.py
from x.core import run
import helpers
//- tests/helpers.py
"#,
        &expect![[r"
            src/x/__init__.py -> src/x/core.py
            src/x/core.py -> src/x/__init__.py
            src/x/core.py -> src/x/late.py
            src/x/core.py -> src/x/sub/deep.py
            src/x/core.py -> src/x/util.py
            src/x/sub/deep.py -> src/x/util.py
            src/x/util.py -> src/x/core.py
            tests/test_core.py -> src/x/core.py
            tests/test_core.py -> tests/helpers.py
            cycle src/x/__init__.py src/x/core.py src/x/sub/deep.py src/x/util.py
        "]],
    );
}

#[test]
fn rust() {
    check(
        r#"
//- Cargo.toml
[workspace]
members = ["crates/*"]
//- crates/one/Cargo.toml
[package]
name = "one-lib"
//- crates/one/src/lib.rs
mod a;
pub mod b;
mod missing;
//- crates/one/src/a.rs
mod inner;
use crate::b::Thing;
use self::inner::X;
mod tests { use super::inner::Y; use super::super::b; }
//- crates/one/src/a/inner.rs
use super::super::b::c;
use std::fmt;
//- crates/one/src/b/mod.rs
pub mod c;
//- crates/one/src/b/c.rs
//- crates/two/Cargo.toml
[package]
name = "two"
[dependencies]
renamed = { package = "one-lib", path = "../one" }
//- crates/two/src/main.rs
use renamed::b::c::Deep;
use one_lib::b;
use one_lib::a;
use serde::Serialize;
//- crates/two/tests/it.rs
use one_lib::b::c;
//- crates/facade/Cargo.toml
[package]
name = "facade"
//- crates/facade/src/lib.rs
pub extern crate one_lib as one;
extern crate serde;
mod two;
//- crates/facade/src/two.rs
extern crate self as me;
"#,
        &expect![[r"
            crates/facade/src/lib.rs -> crates/facade/src/two.rs
            crates/facade/src/lib.rs -> crates/one/src/lib.rs
            crates/facade/src/two.rs -> crates/facade/src/lib.rs
            crates/one/src/a.rs -> crates/one/src/a/inner.rs
            crates/one/src/a.rs -> crates/one/src/b/mod.rs
            crates/one/src/a/inner.rs -> crates/one/src/b/c.rs
            crates/one/src/b/mod.rs -> crates/one/src/b/c.rs
            crates/one/src/lib.rs -> crates/one/src/a.rs
            crates/one/src/lib.rs -> crates/one/src/b/mod.rs
            crates/two/src/main.rs -> crates/one/src/b/c.rs
            crates/two/src/main.rs -> crates/one/src/b/mod.rs
            crates/two/src/main.rs -> crates/one/src/lib.rs
            crates/two/tests/it.rs -> crates/one/src/b/c.rs
            unresolved 1
        "]],
    );
}

#[test]
fn go() {
    check(
        r#"
//- go.mod
module example.com/m

go 1.22
//- main.go
package main
import (
	"fmt"
	"example.com/m/tree"
	"example.com/m/gone"
	_ "example.com/m/driver"
)
func main() { fmt.Println(tree.Grow()) }
//- tree/a.go
package tree
type A struct{}
func (a *A) Grow() int { return 2 }
//- tree/grow.go
package tree
func Grow() int { return 1 }
//- tree/grow_test.go
package tree_test
import "example.com/m/tree"
func TestGrow() { tree.Grow() }
//- driver/driver.go
package driver
"#,
        &expect![[r"
            main.go -> driver/driver.go
            main.go -> tree/grow.go
            tree/grow_test.go -> tree/grow.go
            unresolved 1
        "]],
    );
}

#[test]
fn many_folders_become_few_modules() {
    let mut fixture = String::from("//- package.json\n{ \"name\": \"root\" }\n");
    for package in 0..12 {
        write!(fixture, "//- packages/p{package}/package.json\n{{ \"name\": \"p{package}\" }}\n")
            .expect("memory");
        for folder in 0..8 {
            let next = (package + 1) % 12;
            write!(fixture, "//- packages/p{package}/src/f{folder}/deep/a.ts\nimport \"../../../../p{next}/src/f0/deep/a\";\n"
            ).expect("memory");
        }
    }
    let (_, graph) = graph_of(&fixture);
    assert!((12..=40).contains(&graph.modules.len()), "{} modules", graph.modules.len());
    assert_eq!(graph.modules.iter().map(|module| module.files).sum::<u32>(), 96);
    assert!(graph.modules.iter().all(|module| module.files > 0));
    assert!(graph.modules.iter().any(|module| module.cyclic));
    let mut labels: Vec<&str> = graph.modules.iter().map(|module| module.label.as_str()).collect();
    labels.sort_unstable();
    labels.dedup();
    assert_eq!(labels.len(), graph.modules.len(), "labels tell modules apart");
}

#[test]
fn a_repository_that_is_a_package_hides_none_below_it() {
    check(
        r"
//- __init__.py
here = 1
//- backend/app/__init__.py
//- backend/app/a.py
from app.b import f
//- backend/app/b.py
",
        &expect![[r"
            backend/app/a.py -> backend/app/b.py
        "]],
    );
}

#[test]
fn a_folder_of_a_package_is_no_place_for_packages() {
    check(
        r"
//- sdk/__init__.py
//- sdk/flask.py
import flask
//- sdk/integrations/json.py
import json
//- sdk/integrations/encoders.py
import json
//- sdk/integrations/__init__.py
//- tests/__init__.py
shared = 1
//- tests/integrations/flask/__init__.py
here = 1
//- tests/integrations/flask/test_flask.py
import flask
from tests.integrations.flask import here
",
        &expect![[r"
            tests/integrations/flask/test_flask.py -> tests/integrations/flask/__init__.py
        "]],
    );
}
