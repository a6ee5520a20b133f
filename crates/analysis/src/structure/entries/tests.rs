//! Small repositories in one text each, analysed as a whole: `//- path` begins a file.

use expect_test::{Expect, expect};

use crate::advisories::AdvisoryAnswer;
use crate::pipeline::{FileEntry, Input, assemble, examine};
use crate::report::{AdvisoryState, Commit, Entry, EntryKind, Report};
use crate::source::{HistoryInput, SourceFile};
use crate::spent::spent;

fn report(fixture: &str) -> Report {
    let files = fixture.split("//- ").skip(1).map(|part| {
        let (path, text) = part.split_once('\n').expect("a path and a text");
        let facts = examine(&SourceFile { path, executable: false, bytes: text.as_bytes() }).into();
        FileEntry { path: path.to_owned(), bytes: text.len() as u64, facts }
    });
    let input = Input {
        commit: Commit { id: "0".repeat(40), branch: None, time: 0, subject: String::new() },
        files: files.collect(),
        skipped: Vec::new(),
        notes: Vec::new(),
        history: HistoryInput::default(),
        past: None,
        tree_files: 1,
        tree_bytes: 1,
    };
    let answer = AdvisoryAnswer {
        state: AdvisoryState::NotChecked { reason: String::new() },
        covered: Vec::new(),
        records: Vec::new(),
    };
    assemble(input, &mut |_| {}, &mut |_| answer.clone())
}

/// What a manifest says by itself.
fn said(path: &str, text: &str) -> Vec<super::EntryFact> {
    let file = SourceFile { path, executable: false, bytes: text.as_bytes() };
    super::examine_entries(&file, None, None)
}

fn check(fixture: &str, expected: &Expect) {
    let told = report(fixture).graph.entries.into_iter().map(|Entry { path, kind, name, evidence }| {
        let kind = match kind {
            EntryKind::Program => "program",
            EntryKind::Library => "library",
            EntryKind::Script => "script",
        };
        let name = name.map(|name| format!(" `{name}`")).unwrap_or_default();
        let places: Vec<String> =
            evidence.iter().map(|span| format!("{}:{}", span.path, span.start)).collect();
        format!("{kind}{name} {path} ({})\n", places.join(", "))
    });
    expected.assert_eq(&told.collect::<String>());
}

#[test]
fn what_a_package_of_javascript_names_is_led_back_to_its_sources() {
    check(
        r#"
//- package.json
{
  "name": "shop",
  "bin": {
    "shop": "./dist/cli.js"
  },
  "exports": {
    ".": { "types": "./dist/index.d.ts", "import": "./dist/index.js" },
    "./data": "./data.json",
    "./deep/*": "./dist/deep/*.js"
  },
  "scripts": {
    "start": "NODE_ENV=production node server/main.js"
  }
}
//- src/cli.ts
#!/usr/bin/env node
run();
//- src/index.ts
export const a = 1;
//- server/main.js
listen();
//- packages/plain/package.json
{ "name": "plain" }
//- packages/plain/index.js
module.exports = 1;
//- packages/private/package.json
{ "name": "private", "private": true }
//- packages/private/index.js
module.exports = 1;
//- web/index.html
<script src="https://example.com/module.js" type="module"></script>
<script type="module" src="/src/main.tsx"></script>
//- web/src/main.tsx
draw();
//- tools/release.js
#!/usr/bin/env node
release();
//- test/fixtures/a/package.json
{ "name": "a", "main": "a.js" }
//- test/fixtures/a/a.js
a();
"#,
        &expect![[r"
            program server/main.js (package.json:12)
            program `shop` src/cli.ts (package.json:4, src/cli.ts:1)
            program web/src/main.tsx (web/index.html:2)
            library `plain` packages/plain/index.js (packages/plain/package.json:1)
            library `shop` src/index.ts (package.json:7)
            script tools/release.js (tools/release.js:1)
        "]],
    );
}

#[test]
fn python() {
    check(
        r#"
//- pyproject.toml
[project]
name = "shop"
[project.scripts]
shop = "shop.cli:main"
gone = "shop.gone:main"
[tool.setuptools.packages.find]
where = ["lib"]
//- lib/shop/cli.py
def main():
    pass
//- lib/shop/__main__.py
from shop.cli import main
//- lib/shop/tool.py
#!/usr/bin/env python
if __name__ == "__main__":
    print(1)
//- old/setup.py
from setuptools import setup
setup(entry_points={"console_scripts": ["old = old.run:main", 'other=old:main'],
  "other.things": ["x = old.other:thing"]})
//- old/old/run.py
def main(): pass
//- old/old/__init__.py
def main(): pass
//- old/old/other.py
thing = 1
//- manage.py
#!/usr/bin/env python
if __name__ == '__main__':
    run()
//- tests/test_shop.py
if __name__ == "__main__":
    run()
"#,
        &expect![[r"
            program lib/shop/__main__.py (lib/shop/__main__.py:0)
            program `shop` lib/shop/cli.py (pyproject.toml:4)
            program manage.py (manage.py:2)
            program `other` old/old/__init__.py (old/setup.py:2)
            program `old` old/old/run.py (old/setup.py:2)
            script lib/shop/tool.py (lib/shop/tool.py:2)
        "]],
    );
}

#[test]
fn main_functions() {
    check(
        r#"
//- Cargo.toml
[package]
name = "shop"
[[bin]]
name = "extra"
path = "extra/run.rs"
//- src/lib.rs
pub mod a;
//- src/main.rs
use shop::a;

fn main() {}
//- src/a.rs
mod inner {
    fn main() {}
}
//- src/bin/tool/main.rs
fn main() {}
//- extra/run.rs
fn main() {}
//- build.rs
fn main() {}
//- examples/one.rs
fn main() {}
//- cmd/a/main.go
package main

func main() {}
//- cmd/a/other.go
package main

func help() {}
//- lib/main.go
package lib

func main() {}
//- App.java
class App {
    @Deprecated
    public static void main(String[] args) {}
}
//- Other.java
class Other {
    void main() {}
}
//- app.kt
fun main(args: Array<String>) {}
//- A/Program.cs
using System;
var builder = WebApplication.CreateBuilder(args);
builder.Build().Run();
//- B/Program.cs
namespace B;
class Program
{
    static async Task Main(string[] args) {}
}
//- C/Program.cs
namespace C;
class Program
{
    void Other() {}
}
//- main.c
int main(void) { return 0; }
//- help.c
int help(void) { return 0; }
"#,
        &expect![[r"
            program A/Program.cs (A/Program.cs:2)
            program App.java (App.java:3)
            program B/Program.cs (B/Program.cs:4)
            program app.kt (app.kt:1)
            program cmd/a/main.go (cmd/a/main.go:3)
            program `extra` extra/run.rs (Cargo.toml:4, extra/run.rs:1)
            program main.c (main.c:1)
            program src/bin/tool/main.rs (src/bin/tool/main.rs:1)
            program `shop` src/main.rs (Cargo.toml:1, src/main.rs:3)
            library `shop` src/lib.rs (Cargo.toml:1)
        "]],
    );
}

#[test]
fn ruby_and_php() {
    check(
        r#"
//- shop-core.gemspec
Gem::Specification.new do |spec|
  spec.name = "shop-core"
end
//- lib/shop/core.rb
module Shop; end
//- exe/shop
#!/usr/bin/env ruby
require "shop/core"
//- config.ru
run App
//- composer.json
{ "name": "a/b", "bin": ["bin/b"] }
//- bin/b
#!/usr/bin/env php
<?php
run();
//- public/index.php
<?php
run();
//- src/index.php
<?php
run();
"#,
        &expect![[r"
            program `b` bin/b (bin/b:1, composer.json:1)
            program config.ru (config.ru:0)
            program exe/shop (exe/shop:1)
            program public/index.php (public/index.php:0)
            library `shop-core` lib/shop/core.rb (shop-core.gemspec:2)
        "]],
    );
}

#[test]
fn images_and_processes() {
    check(
        r#"
//- Dockerfile
FROM node AS base
FROM base
CMD ["node", "/app/apps/api/dist/main.js", "--port", "80"]
//- apps/api/src/main.ts
listen();
//- worker/Dockerfile
FROM python
ENTRYPOINT ["python", "-m", "worker"]
//- worker/worker/__main__.py
run()
//- worker/worker/__init__.py
A = 1
//- Procfile
web: gunicorn shop.wsgi:application --bind 0.0.0.0:$PORT
clock: python clock.py
//- shop/wsgi.py
application = 1
//- clock.py
tick()
//- docs/Dockerfile
FROM python
CMD ["python", "shop/wsgi.py"]
//- server/index.ts
export const a = 1;
//- go/Dockerfile
FROM scratch
ENTRYPOINT ["/app/server"]
"#,
        &expect![[r"
            program apps/api/src/main.ts (Dockerfile:3)
            program `clock` clock.py (Procfile:2)
            program `web` shop/wsgi.py (Procfile:1)
            program worker/worker/__main__.py (worker/Dockerfile:2, worker/worker/__main__.py:0)
        "]],
    );
}

#[test]
fn what_containers_are_told_to_start() {
    check(
        r#"
//- deploy/compose.yaml
services:
  api:
    build: ../services/api
    entrypoint: [python, -m]
    command: [api]
  jobs:
    image: example/jobs
    command: |
      set -e
      node /srv/jobs/run.js
  db:
    image: postgres:17
    command: postgres -c shared_buffers=1GB
//- services/api/api/__main__.py
serve()
//- services/api/api/__init__.py
A = 1
//- jobs/run.js
work();
//- k8s/all.yaml
apiVersion: batch/v1
kind: CronJob
metadata: { name: sweep }
spec:
  jobTemplate:
    spec:
      template:
        spec:
          containers:
            - name: sweep
              image: example/app:1
              command: ["python"]
              args: ["/app/scripts/sweep.py", "--all"]
            - name: proxy
              image: envoyproxy/envoy:v1
              args: ["-c", "/etc/envoy.yaml"]
//- scripts/sweep.py
sweep()
"#,
        &expect![[r"
            program jobs/run.js (deploy/compose.yaml:8)
            program scripts/sweep.py (k8s/all.yaml:12)
            program services/api/api/__main__.py (deploy/compose.yaml:4, services/api/api/__main__.py:0)
        "]],
    );
}

#[test]
fn what_nobody_would_write_is_not_kept_many_times() {
    let long = "n".repeat(400_000);
    let targets: Vec<String> = (0..600).map(|n| format!("\"./src/f{n}.js\"")).collect();
    let package = format!(r#"{{"name": "{long}", "exports": [{}]}}"#, targets.join(","));
    let facts = said("package.json", &package);
    assert_eq!(facts.len(), super::MOST);
    assert!(facts.iter().all(|fact| fact.name.is_none()), "the name of each is that of the package");
    let main = |length: usize| format!(r#"{{"main": "./{}.js"}}"#, "m".repeat(length));
    assert_eq!(said("package.json", &main(900)).len(), 1);
    assert_eq!(said("package.json", &main(1_100)), []);
    let cargo = format!("[package]\nname = \"{long}\"\n");
    assert!(said("Cargo.toml", &cargo).iter().all(|fact| fact.name.is_none()));
    let script = format!("[project.scripts]\n{long} = \"a.b:c\"\n");
    assert_eq!(said("pyproject.toml", &script), []);
}

#[test]
fn many_commands_cost_little_more_than_one() {
    // A name and a target on two lines, so that no line has both.
    let commands: Vec<String> = (0..20_000).map(|n| format!("\"c{n:05}\":\n\"{n:05}.js\"")).collect();
    let package = format!("{{\"bin\":\n{{{}}}}}", commands.join(",\n"));
    let same: Vec<&str> = vec!["\"\""; 100_000];
    let composer = format!("{{\"bin\": [\n{}]}}", same.join(",\n"));
    let tables: Vec<String> =
        (0..10_000).map(|n| format!("[[bin]]\nname = \"c{n}\"\npath =\"{n}.rs\"\n")).collect();
    let cargo = format!("[package]\nname = \"shop\"\n{}", tables.concat());
    let mut all = std::time::Duration::ZERO;
    for (path, text) in [("package.json", package), ("composer.json", composer), ("Cargo.toml", cargo)] {
        let (facts, took) = spent(|| said(path, &text));
        all += took;
        assert!(text.len() > 300_000 && facts.len() == super::MOST, "{path}: {} facts", facts.len());
        assert!(facts.iter().all(|fact| fact.line > 0), "{path}");
    }
    assert!(all < std::time::Duration::from_secs(10), "{all:?}");
}

#[test]
fn the_line_of_a_place_is_the_one_with_its_name_and_target() {
    let text = "{\n\"files\": [\"a.js\"],\n\"main\": \"a.js\",\n\"bin\": {\"b\":\n\"b.js\"}\n}";
    let lines: Vec<u32> = said("package.json", text).iter().map(|fact| fact.line).collect();
    assert_eq!(lines, [5, 3], "the target's own line where the name is on another");
}

#[test]
fn what_only_looks_like_a_start_is_none() {
    check(
        r#"
//- index.html
<!-- <script type="module" src="/old.js"></script> -->
<!--
<script type="module" src="/older.js"></script>
--><script type="module" src="/new.js"></script>
//- old.js
a();
//- older.js
a();
//- new.js
a();
//- Cargo.toml
[package]
name = "shop"
//- src/lib.rs
pub fn main() {}
//- K.kt
class K { fun main() {} }
//- J.kt
object J {
    @JvmStatic
    fun main(args: Array<String>) {}
}
"#,
        &expect![[r"
            program J.kt (J.kt:3)
            program new.js (index.html:4)
            library `shop` src/lib.rs (Cargo.toml:1)
        "]],
    );
}

#[test]
fn a_list_that_nobody_reads_ends_and_says_so() {
    let files: Vec<String> = (0..2_005).map(|n| format!("//- bin/f{n:04}\n#!/usr/bin/env ruby\n")).collect();
    let report = report(&files.concat());
    assert_eq!(report.graph.entries.len(), super::LISTED);
    let note =
        report.coverage.notes.iter().find(|note| note.code == "entries_cut").map(|note| note.text.as_str());
    assert_eq!(note, Some("Of 2005 files in which execution starts 2000 are listed."));
}
