//! Manifests and lockfiles of every format, alone and joined.

mod addresses;
mod dotnet;
mod jvm;
mod others;
mod python;
mod scripting;
mod ways;

use std::fmt::Write as _;

use analysis::inventory::dependencies;
use analysis::report::{Scope, SkipReason};
use expect_test::{Expect, expect};

use crate::tree::Tree;

/// One line for each manifest, then one for each dependency.
fn shown(fixture: &str) -> String {
    let tree = Tree::new(fixture);
    let (manifests, dependencies) = dependencies(&tree.examined());
    let mut out = String::new();
    for manifest in manifests {
        let package = manifest.package.as_deref().unwrap_or("-");
        let license = manifest.license.map(|license| format!(" {license}")).unwrap_or_default();
        writeln!(
            out,
            "{}: {}, {package}{license}, {}",
            manifest.path, manifest.format, manifest.dependencies
        )
        .unwrap();
    }
    for dependency in dependencies {
        let scope = match dependency.scope {
            Scope::Runtime => "runtime",
            Scope::Optional => "optional",
            Scope::Build => "build",
            Scope::Dev => "dev",
        };
        let how = if dependency.direct { "direct" } else { "through" };
        write!(out, "  {} {} {how} {scope}", dependency.name, dependency.version.as_deref().unwrap_or("?"))
            .unwrap();
        if let Some(requirement) = dependency.requirement {
            write!(out, " ({requirement})").unwrap();
        }
        if !dependency.via.is_empty() {
            write!(out, " via {}", dependency.via.join(" > ")).unwrap();
        }
        if let Some(license) = dependency.license {
            write!(out, " {license}").unwrap();
        }
        let places = dependency.evidence.iter().map(|place| format!("{}:{}", place.path, place.start));
        writeln!(out, " [{}]", places.collect::<Vec<_>>().join(" ")).unwrap();
    }
    out
}

fn check(fixture: &str, expected: &Expect) {
    expected.assert_eq(&shown(fixture));
}

const PACKAGE_JSON: &str = r#"//- package.json
{
  "name": "shop",
  "license": "MIT",
  "workspaces": ["packages/*"],
  "dependencies": {
    "express": "^4.18.0",
    "old-lodash": "npm:lodash@4.17.20"
  },
  "devDependencies": {
    "jest": "^29.0.0"
  }
}
"#;

#[test]
fn npm_without_a_lockfile_knows_only_requirements() {
    check(
        PACKAGE_JSON,
        &expect![[r#"
        package.json: package.json, shop MIT, 3
          express ? direct runtime (^4.18.0) [package.json:6]
          jest ? direct dev (^29.0.0) [package.json:10]
          lodash 4.17.20 direct runtime (npm:lodash@4.17.20) [package.json:7]
    "#]],
    );
}

#[test]
fn npm_lockfile_3_with_a_workspace() {
    let lock = r#"//- packages/a/package.json
{"name": "@shop/a", "dependencies": {"qs": "6.5.0"}, "peerDependencies": {"react": ">=17"}, "peerDependenciesMeta": {"react": {"optional": true}}}
//- package-lock.json
{
  "name": "shop", "lockfileVersion": 3,
  "packages": {
    "": {"name": "shop", "dependencies": {"express": "^4.18.0", "old-lodash": "npm:lodash@4.17.20"}, "devDependencies": {"jest": "^29.0.0"}},
    "packages/a": {"name": "@shop/a", "version": "1.0.0", "dependencies": {"qs": "6.5.0"}},
    "node_modules/@shop/a": {"resolved": "packages/a", "link": true},
    "node_modules/express": {"version": "4.18.2", "license": "MIT", "dependencies": {"qs": "6.11.0", "body-parser": "1.0.0"}},
    "node_modules/body-parser": {"version": "1.0.0", "dependencies": {"qs": "*", "debug": "*"}},
    "node_modules/qs": {"version": "6.11.0"},
    "packages/a/node_modules/qs": {"version": "6.5.0"},
    "node_modules/old-lodash": {"name": "lodash", "version": "4.17.20"},
    "node_modules/jest": {"version": "29.1.0", "dev": true, "dependencies": {"chalk": "^4"}},
    "node_modules/chalk": {"version": "4.1.2", "dev": true},
    "node_modules/body-parser/node_modules/debug": {"version": "4.0.0", "peerDependencies": {"jest": "*", "old-lodash": "*"}, "peerDependenciesMeta": {"jest": {"optional": true}}}
  }
}
"#;
    check(
        &format!("{PACKAGE_JSON}{lock}"),
        &expect![[r#"
        package-lock.json: package-lock.json v3, shop, 8
        package.json: package.json, shop MIT, 3
        packages/a/package.json: package.json, @shop/a, 2
          body-parser 1.0.0 through runtime via express > body-parser [package-lock.json:8]
          chalk 4.1.2 through dev via jest > chalk [package-lock.json:13]
          debug 4.0.0 through runtime via express > body-parser > debug [package-lock.json:14]
          express 4.18.2 direct runtime (^4.18.0) MIT [package.json:6 package-lock.json:7]
          jest 29.1.0 direct dev (^29.0.0) [package.json:10 package-lock.json:12]
          lodash 4.17.20 direct runtime (npm:lodash@4.17.20) [package.json:7 package-lock.json:11]
          qs 6.11.0 through runtime via express > qs [package-lock.json:9]
          qs 6.5.0 direct runtime (6.5.0) [packages/a/package.json:1 package-lock.json:10]
          react ? direct optional (>=17) [packages/a/package.json:1]
    "#]],
    );
}

#[test]
fn npm_lockfile_1_nests() {
    let lock = r#"//- package-lock.json
{
  "name": "shop", "lockfileVersion": 1,
  "dependencies": {
    "express": {"version": "4.18.2", "requires": {"qs": "6.11.0"},
      "dependencies": {"qs": {"version": "6.11.0"}}},
    "qs": {"version": "6.5.0"},
    "old-lodash": {"version": "npm:lodash@4.17.20"},
    "jest": {"version": "29.1.0", "dev": true, "requires": {"qs": "6.5.0"}}
  }
}
"#;
    check(
        &format!("{PACKAGE_JSON}{lock}"),
        &expect![[r#"
        package-lock.json: package-lock.json v1, shop, 5
        package.json: package.json, shop MIT, 3
          express 4.18.2 direct runtime (^4.18.0) [package.json:6 package-lock.json:4]
          jest 29.1.0 direct dev (^29.0.0) [package.json:10 package-lock.json:8]
          lodash 4.17.20 direct runtime (npm:lodash@4.17.20) [package.json:7 package-lock.json:7]
          qs 6.11.0 through runtime via express > qs [package-lock.json:5]
          qs 6.5.0 through dev via jest > qs [package-lock.json:6]
    "#]],
    );
}

#[test]
fn yarn_classic_and_berry() {
    let classic = r#"//- yarn.lock
# yarn lockfile v1


express@^4.18.0:
  version "4.18.2"
  resolved "https://example.invalid/express.tgz"
  dependencies:
    qs "6.11.0"

jest@^29.0.0:
  version "29.1.0"

"old-lodash@npm:lodash@4.17.20":
  version "4.17.20"

qs@6.11.0, qs@^6.0.0:
  version "6.11.0"
"#;
    check(
        &format!("{PACKAGE_JSON}{classic}"),
        &expect![[r#"
        package.json: package.json, shop MIT, 3
        yarn.lock: yarn.lock v1, -, 4
          express 4.18.2 direct runtime (^4.18.0) [package.json:6 yarn.lock:4]
          jest 29.1.0 direct dev (^29.0.0) [package.json:10 yarn.lock:10]
          lodash 4.17.20 direct runtime (npm:lodash@4.17.20) [package.json:7 yarn.lock:13]
          qs 6.11.0 through runtime via express > qs [yarn.lock:16]
    "#]],
    );
    let berry = r#"//- yarn.lock
__metadata:
  version: 6

"express@npm:^4.18.0":
  version: 4.18.2
  resolution: "express@npm:4.18.2"
  dependencies:
    qs: 6.11.0
  languageName: node
  linkType: hard

"old-lodash@npm:lodash@4.17.20":
  version: 4.17.20
  resolution: "lodash@npm:4.17.20"

"qs@npm:6.11.0":
  version: 6.11.0
  resolution: "qs@npm:6.11.0"

"jest@npm:^29.0.0":
  version: 29.1.0
  resolution: "jest@npm:29.1.0"

"shop@workspace:.":
  version: 0.0.0-use.local
  resolution: "shop@workspace:."
  dependencies:
    express: ^4.18.0
    jest: ^29.0.0
    old-lodash: "npm:lodash@4.17.20"
"#;
    check(
        &format!("{PACKAGE_JSON}{}", berry.replacen("__metadata", "# Berry\n\n__metadata", 1)),
        &expect![[r#"
            package.json: package.json, shop MIT, 3
            yarn.lock: yarn.lock (Berry), -, 4
              express 4.18.2 direct runtime (^4.18.0) [package.json:6 yarn.lock:6]
              jest 29.1.0 direct dev (^29.0.0) [package.json:10 yarn.lock:22]
              lodash 4.17.20 direct runtime (npm:lodash@4.17.20) [package.json:7 yarn.lock:14]
              qs 6.11.0 through runtime via express > qs [yarn.lock:18]
        "#]],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "three formats of one lockfile, side by side")]
fn pnpm_versions_5_6_and_9_say_the_same() {
    let five = r"//- pnpm-lock.yaml
lockfileVersion: 5.4
specifiers:
  express: ^4.18.0
dependencies:
  express: 4.18.2_qs@6.11.0
  old-lodash: /lodash/4.17.20
devDependencies:
  jest: 29.1.0
packages:
  /express/4.18.2_qs@6.11.0:
    dependencies:
      qs: 6.11.0
    dev: false
  /qs/6.11.0:
    dev: false
  /lodash/4.17.20:
    dev: false
  /jest/29.1.0:
    dependencies:
      '@jest/core': 29.0.0
    dev: true
  /@jest/core/29.0.0:
    dev: true
";
    let six = r"//- pnpm-lock.yaml
lockfileVersion: '6.0'
dependencies:
  express:
    specifier: ^4.18.0
    version: 4.18.2(qs@6.11.0)
  old-lodash:
    specifier: npm:lodash@4.17.20
    version: /lodash@4.17.20
devDependencies:
  jest:
    specifier: ^29.0.0
    version: 29.1.0
packages:
  /express@4.18.2(qs@6.11.0):
    dependencies:
      qs: 6.11.0
    dev: false
  /qs@6.11.0:
    dev: false
  /lodash@4.17.20:
    dev: false
  /jest@29.1.0:
    dependencies:
      '@jest/core': 29.0.0
    dev: true
  /@jest/core@29.0.0:
    dev: true
";
    let nine = r"//- pnpm-lock.yaml
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      express:
        specifier: ^4.18.0
        version: 4.18.2(qs@6.11.0)
      old-lodash:
        specifier: npm:lodash@4.17.20
        version: lodash@4.17.20
    devDependencies:
      jest:
        specifier: ^29.0.0
        version: 29.1.0
packages:
  express@4.18.2:
    resolution: {integrity: sha512-x}
  qs@6.11.0:
    resolution: {integrity: sha512-x}
  lodash@4.17.20:
    resolution: {integrity: sha512-x}
  jest@29.1.0:
    resolution: {integrity: sha512-x}
  '@jest/core@29.0.0':
    resolution: {integrity: sha512-x}
snapshots:
  express@4.18.2(qs@6.11.0):
    dependencies:
      qs: 6.11.0
  jest@29.1.0:
    dependencies:
      '@jest/core': 29.0.0
";
    check(
        &format!("{PACKAGE_JSON}{nine}"),
        &expect![[r#"
        package.json: package.json, shop MIT, 3
        pnpm-lock.yaml: pnpm-lock.yaml v9.0, -, 5
          @jest/core 29.0.0 through dev via jest > @jest/core [pnpm-lock.yaml:24]
          express 4.18.2 direct runtime (^4.18.0) [package.json:6 pnpm-lock.yaml:16]
          jest 29.1.0 direct dev (^29.0.0) [package.json:10 pnpm-lock.yaml:22]
          lodash 4.17.20 direct runtime (npm:lodash@4.17.20) [package.json:7 pnpm-lock.yaml:20]
          qs 6.11.0 through runtime via express > qs [pnpm-lock.yaml:18]
    "#]],
    );
    let without_lines = |fixture: &str| {
        let shown = shown(&format!("{PACKAGE_JSON}{fixture}"));
        let lines = shown.lines().filter(|line| line.starts_with("  "));
        lines.map(|line| line.split(" [").next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(without_lines(five), without_lines(nine));
    assert_eq!(without_lines(six), without_lines(nine));
}

#[test]
fn bun_lockfile() {
    let lock = r#"//- bun.lock
{
  "lockfileVersion": 1,
  "workspaces": {
    "": {"name": "shop", "dependencies": {"express": "^4.18.0", "old-lodash": "npm:lodash@4.17.20"}, "devDependencies": {"jest": "^29.0.0"}},
  },
  "packages": {
    "express": ["express@4.18.2", "", {"dependencies": {"qs": "6.11.0"}}, "sha512-x"],
    "qs": ["qs@6.5.0", "", {}, "sha512-x"],
    "express/qs": ["qs@6.11.0", "", {}, "sha512-x"],
    "jest": ["jest@29.1.0", "", {"dependencies": {"qs": "6.5.0"}}, "sha512-x"],
    "old-lodash": ["lodash@4.17.20", "", {}, "sha512-x"],
  }
}
"#;
    check(
        &format!("{PACKAGE_JSON}{lock}"),
        &expect![[r#"
        bun.lock: bun.lock v1, -, 5
        package.json: package.json, shop MIT, 3
          express 4.18.2 direct runtime (^4.18.0) [package.json:6 bun.lock:7]
          jest 29.1.0 direct dev (^29.0.0) [package.json:10 bun.lock:10]
          lodash 4.17.20 direct runtime (npm:lodash@4.17.20) [package.json:7 bun.lock:11]
          qs 6.11.0 through runtime via express > qs [bun.lock:9]
          qs 6.5.0 through dev via jest > qs [bun.lock:8]
    "#]],
    );
}

#[test]
fn cargo_workspace_with_inheritance_renames_and_targets() {
    check(
        r#"//- Cargo.toml
[workspace]
members = ["crates/*"]
[workspace.dependencies]
serde = { version = "1", features = ["derive"] }
inner = { path = "crates/inner" }
[workspace.package]
license = "MPL-2.0"
//- crates/app/Cargo.toml
[package]
name = "app"
license = "MIT OR Apache-2.0"
[dependencies]
serde.workspace = true
inner = { workspace = true }
json = { package = "serde_json", version = "=1.0.100" }
speed = { version = "2", optional = true }
[target.'cfg(unix)'.dependencies]
libc = "0.2"
[dev-dependencies]
rand = "0.8"
[build-dependencies]
cc = "1"
//- crates/inner/Cargo.toml
[package]
name = "inner"
license.workspace = true
//- Cargo.lock
version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = ["cc", "inner", "libc", "rand 0.8.5", "serde", "serde_json", "speed"]

[[package]]
name = "cc"
version = "1.0.83"
source = "registry+x"

[[package]]
name = "inner"
version = "0.1.0"

[[package]]
name = "itoa"
version = "1.0.9"
source = "registry+x"

[[package]]
name = "libc"
version = "0.2.150"
source = "registry+x"

[[package]]
name = "rand"
version = "0.7.3"
source = "registry+x"

[[package]]
name = "rand"
version = "0.8.5"
source = "registry+x"
dependencies = ["libc"]

[[package]]
name = "serde"
version = "1.0.190"
source = "registry+x"

[[package]]
name = "serde_json"
version = "1.0.100"
source = "registry+x"
dependencies = ["itoa", "serde"]

[[package]]
name = "speed"
version = "2.0.0"
source = "registry+x"
dependencies = ["rand 0.7.3"]
"#,
        &expect![[r#"
            Cargo.lock: Cargo.lock v4, -, 8
            Cargo.toml: Cargo.toml, - MPL-2.0, 0
            crates/app/Cargo.toml: Cargo.toml, app MIT OR Apache-2.0, 7
            crates/inner/Cargo.toml: Cargo.toml, inner MPL-2.0, 0
              cc 1.0.83 direct build (1) [crates/app/Cargo.toml:14 Cargo.lock:9]
              itoa 1.0.9 through runtime via serde_json > itoa [Cargo.lock:18]
              libc 0.2.150 direct runtime (0.2) [crates/app/Cargo.toml:10 Cargo.lock:23]
              rand 0.7.3 through optional via speed > rand [Cargo.lock:28]
              rand 0.8.5 direct dev (0.8) [crates/app/Cargo.toml:12 Cargo.lock:33]
              serde 1.0.190 direct runtime (1) [crates/app/Cargo.toml:5 Cargo.lock:39]
              serde_json 1.0.100 direct runtime (=1.0.100) [crates/app/Cargo.toml:7 Cargo.lock:44]
              speed 2.0.0 direct optional (2) [crates/app/Cargo.toml:8 Cargo.lock:50]
        "#]],
    );
}

#[test]
fn go_module_with_replacements() {
    check(
        r#"//- go.mod
module example.com/shop

go 1.22

require github.com/gin-gonic/gin v1.9.0

require (
	golang.org/x/text v0.3.7 // indirect
	github.com/old/thing v1.0.0
	github.com/here/inside v0.0.0
	gopkg.in/yaml.v3 v3.0.1
)

replace (
	github.com/old/thing => github.com/new/thing v1.1.0
	github.com/here/inside => ./inside
	gopkg.in/yaml.v3 v3.0.0 => gopkg.in/yaml.v3 v3.0.2
)
"#,
        &expect![[r#"
            go.mod: go.mod, example.com/shop, 4
              github.com/gin-gonic/gin v1.9.0 direct runtime (v1.9.0) [go.mod:5]
              github.com/new/thing v1.1.0 direct runtime (v1.0.0) [go.mod:9]
              golang.org/x/text v0.3.7 through runtime (v0.3.7) [go.mod:8]
              gopkg.in/yaml.v3 v3.0.1 direct runtime (v3.0.1) [go.mod:11]
        "#]],
    );
}

#[test]
fn a_manifest_that_is_none_is_a_diagnostic() {
    let tree = Tree::new(
        "//- package.json\n{\"name\": oops\n//- Cargo.toml\n[package\n//- go.mod\nnothing here\n//- a/uv.lock\n[[package]]\nversion = 1\n",
    );
    for path in ["package.json", "Cargo.toml", "go.mod", "a/uv.lock"] {
        assert_eq!(tree.file(path).diagnostics, [SkipReason::Malformed], "{path}");
        assert_eq!(tree.file(path).manifest, None);
    }
}

#[test]
fn a_manifest_that_names_too_much_is_too_large_and_not_malformed() {
    let names: Vec<String> = (0..50_001).map(|at| format!("p{at}==1.0")).collect();
    let many = names.join("\n");
    let long = "# nothing\n".repeat(500_001);
    for text in [many, long] {
        let tree = Tree::new(&format!("//- requirements.txt\n{text}"));
        assert_eq!(tree.file("requirements.txt").diagnostics, [SkipReason::TooLarge]);
    }
}

#[test]
fn a_package_outside_the_workspace_is_not_resolved_by_its_lockfile() {
    let lock = r#"//- package-lock.json
{"lockfileVersion": 3, "packages": {"": {"dependencies": {"express": "^4.18.0"}}, "node_modules/express": {"version": "4.18.2"}}}
//- demo/package.json
{"dependencies": {"express": "^3.0.0"}}
"#;
    check(
        &format!("{PACKAGE_JSON}{lock}"),
        &expect![[r#"
        demo/package.json: package.json, -, 1
        package-lock.json: package-lock.json v3, -, 1
        package.json: package.json, shop MIT, 3
          express ? direct dev (^3.0.0) [demo/package.json:1]
          express 4.18.2 direct runtime (^4.18.0) [package.json:6 package-lock.json:1]
          jest ? direct dev (^29.0.0) [package.json:10]
          lodash 4.17.20 direct runtime (npm:lodash@4.17.20) [package.json:7]
    "#]],
    );
}

#[test]
fn what_only_an_example_of_a_workspace_asks_for_is_for_development() {
    check(
        r#"//- package.json
{"name": "shop", "workspaces": ["examples/*"], "dependencies": {"react": "18.0.0"}}
//- examples/web/package.json
{"name": "web", "dependencies": {"next": "14.1.0", "react": "18.0.0"}}
//- package-lock.json
{
  "name": "shop", "lockfileVersion": 3,
  "packages": {
    "": {"name": "shop", "dependencies": {"react": "18.0.0"}},
    "examples/web": {"name": "web", "version": "1.0.0", "dependencies": {"next": "14.1.0", "react": "18.0.0"}},
    "node_modules/next": {"version": "14.1.0", "dependencies": {"postcss": "8.0.0"}},
    "node_modules/postcss": {"version": "8.0.0"},
    "node_modules/react": {"version": "18.0.0"},
    "node_modules/web": {"resolved": "examples/web", "link": true}
  }
}
"#,
        &expect![[r#"
            examples/web/package.json: package.json, web, 2
            package-lock.json: package-lock.json v3, shop, 3
            package.json: package.json, shop, 1
              next 14.1.0 direct dev (14.1.0) [examples/web/package.json:1 package-lock.json:6]
              postcss 8.0.0 through dev via next > postcss [package-lock.json:7]
              react 18.0.0 direct runtime (18.0.0) [examples/web/package.json:1 package.json:1 package-lock.json:8]
        "#]],
    );
}
