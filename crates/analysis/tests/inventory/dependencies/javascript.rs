//! npm, yarn, pnpm and bun.

use std::fmt::Write as _;

use expect_test::expect;

use super::{check, shown};

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
              express ? direct dev of Example (^3.0.0) [demo/package.json:1]
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
{"name": "web", "dependencies": {"next": "14.1.0", "react": "18.0.0"}, "optionalDependencies": {"left": "^1.0.0"}}
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
            examples/web/package.json: package.json, web, 3
            package-lock.json: package-lock.json v3, shop, 3
            package.json: package.json, shop, 1
              left ? direct dev of Example (^1.0.0) [examples/web/package.json:1]
              next 14.1.0 direct dev of Example (14.1.0) [examples/web/package.json:1 package-lock.json:6]
              postcss 8.0.0 through dev of Example via next > postcss [package-lock.json:7]
              react 18.0.0 direct runtime (18.0.0) [package.json:1 examples/web/package.json:1 package-lock.json:8]
        "#]],
    );
}

#[test]
fn what_the_project_has_too_is_no_example_s() {
    check(
        r#"//- package.json
{"name": "shop", "workspaces": ["examples/*"], "dependencies": {"react": "18.0.0"}, "devDependencies": {"vite": "5.0.0"}}
//- examples/web/package.json
{"name": "web", "dependencies": {"next": "14.1.0", "loose": "1.0.0", "esbuild": "0.18.0"}}
//- package-lock.json
{
  "name": "shop", "lockfileVersion": 3,
  "packages": {
    "": {"name": "shop", "dependencies": {"react": "18.0.0"}, "devDependencies": {"vite": "5.0.0"}},
    "examples/web": {"name": "web", "version": "1.0.0", "dependencies": {"esbuild": "0.18.0", "loose": "1.0.0", "next": "14.1.0"}},
    "node_modules/esbuild": {"version": "0.18.0"},
    "node_modules/loose": {"version": "1.0.0"},
    "node_modules/nanoid": {"version": "3.0.0"},
    "node_modules/next": {"version": "14.1.0", "dependencies": {"postcss": "8.0.0", "swc": "1.0.0"}},
    "node_modules/postcss": {"version": "8.0.0", "dependencies": {"nanoid": "3.0.0"}},
    "node_modules/react": {"version": "18.0.0", "dependencies": {"loose": "1.0.0"}},
    "node_modules/swc": {"version": "1.0.0"},
    "node_modules/vite": {"version": "5.0.0", "dependencies": {"esbuild": "0.18.0", "postcss": "8.0.0"}},
    "node_modules/web": {"resolved": "examples/web", "link": true}
  }
}
"#,
        &expect![[r#"
            examples/web/package.json: package.json, web, 3
            package-lock.json: package-lock.json v3, shop, 8
            package.json: package.json, shop, 2
              esbuild 0.18.0 direct dev (0.18.0) [examples/web/package.json:1 package-lock.json:6]
              loose 1.0.0 direct runtime (1.0.0) [examples/web/package.json:1 package-lock.json:7]
              nanoid 3.0.0 through dev via next > postcss > nanoid [package-lock.json:8]
              next 14.1.0 direct dev of Example (14.1.0) [examples/web/package.json:1 package-lock.json:9]
              postcss 8.0.0 through dev via next > postcss [package-lock.json:10]
              react 18.0.0 direct runtime (18.0.0) [package.json:1 package-lock.json:11]
              swc 1.0.0 through dev of Example via next > swc [package-lock.json:12]
              vite 5.0.0 direct dev (5.0.0) [package.json:1 package-lock.json:13]
        "#]],
    );
}

#[test]
fn what_the_documentation_runs_with_is_for_development() {
    check(
        r#"//- package.json
{"name": "shop", "dependencies": {"left": "1.0.0"}, "devDependencies": {"lodash": "4.17.21"}}
//- docs/package.json
{"name": "site", "dependencies": {"lodash": "4.17.21", "left": "1.0.0"}}
"#,
        &expect![[r#"
            docs/package.json: package.json, site, 2
            package.json: package.json, shop, 2
              left 1.0.0 direct runtime (1.0.0) [package.json:1 docs/package.json:1]
              lodash 4.17.21 direct dev (4.17.21) [package.json:1 docs/package.json:1]
        "#]],
    );
}

#[test]
fn a_site_with_a_lockfile_of_its_own_is_documentation_and_what_tests_run_with_is_development() {
    let lock = |name: &str| {
        format!(
            r#"{{"name": "x", "lockfileVersion": 3, "packages": {{
  "": {{"name": "x", "dependencies": {{"{name}": "1.0.0"}}}},
  "node_modules/{name}": {{"version": "1.0.0", "dependencies": {{"left": "1"}}}},
  "node_modules/left": {{"version": "1.0.0"}}
}}}}"#
        )
    };
    let package = |name: &str| format!(r#"{{"name": "x", "dependencies": {{"{name}": "1.0.0"}}}}"#);
    let made_by = |maker: &str, site: &str, root_lock: bool| {
        let tool = "@testing-library/jest-dom";
        let mut fixture = format!(
            "//- package.json\n{}\n//- {site}/package.json\n{}\n//- {site}/package-lock.json\n{}\n",
            package(tool),
            package(maker),
            lock(maker)
        );
        if root_lock {
            write!(fixture, "//- package-lock.json\n{}\n", lock(tool)).unwrap();
        }
        let shown = shown(&fixture);
        let packages = shown.lines().filter(|line| line.starts_with("  "));
        packages
            .map(|line| line.trim().split([' ', '(', '[']).take(6).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    let of = |site: &str, root_lock: bool| made_by("gatsby", site, root_lock);
    let with_a_site = of("www", true);
    assert_eq!(with_a_site.len(), 3);
    assert!(with_a_site[0].starts_with("@testing-library/jest-dom 1.0.0 direct dev"), "{with_a_site:?}");
    assert_eq!(with_a_site[1], "gatsby 1.0.0 direct dev of Docs");
    assert!(with_a_site[2].starts_with("left 1.0.0 through dev"), "{with_a_site:?}");
    assert!(
        of("app", true)[1].starts_with("gatsby 1.0.0 direct runtime"),
        "an application of the repository"
    );
    assert!(of("www", false)[1].starts_with("gatsby 1.0.0 direct runtime"), "it is what the repository has");
    let shop = made_by("next", "www", true);
    assert!(shop.iter().any(|line| line.starts_with("next 1.0.0 direct runtime")), "a shop, {shop:?}");
    let site = made_by("next", "website", true);
    assert!(site.iter().any(|line| line.starts_with("next 1.0.0 direct dev")), "{site:?}");
}
