//! Through what a package comes.

use expect_test::expect;

use super::check;

#[test]
fn what_the_program_needs_is_not_said_to_come_through_a_tool() {
    let fixture = r#"//- package.json
{"name": "shop", "dependencies": {"forever": "^2.0.0"}, "devDependencies": {"nodemon": "^1.19.1"}}
//- package-lock.json
{
  "name": "shop", "lockfileVersion": 3,
  "packages": {
    "": {"name": "shop", "dependencies": {"forever": "^2.0.0"}, "devDependencies": {"nodemon": "^1.19.1"}},
    "node_modules/forever": {"version": "2.0.0", "dependencies": {"forever-monitor": "^2.0.0"}},
    "node_modules/forever-monitor": {"version": "2.0.0", "dependencies": {"braces": "^2.3.0"}},
    "node_modules/nodemon": {"version": "1.19.1", "dev": true, "dependencies": {"braces": "^2.3.0", "touch": "^3.1.0"}},
    "node_modules/touch": {"version": "3.1.0", "dev": true},
    "node_modules/braces": {"version": "2.3.2"}
  }
}
"#;
    check(
        fixture,
        &expect![[r#"
        package-lock.json: package-lock.json v3, shop, 5
        package.json: package.json, shop, 2
          braces 2.3.2 through runtime via forever > forever-monitor > braces [package-lock.json:9]
          forever 2.0.0 direct runtime (^2.0.0) [package.json:1 package-lock.json:5]
          forever-monitor 2.0.0 through runtime via forever > forever-monitor [package-lock.json:6]
          nodemon 1.19.1 direct dev (^1.19.1) [package.json:1 package-lock.json:7]
          touch 3.1.0 through dev via nodemon > touch [package-lock.json:8]
    "#]],
    );
}

#[test]
fn what_belongs_to_the_repository_or_only_to_its_tests_is_not_what_runs() {
    check(
        r#"
//- go.mod
module example.org/own

require example.org/crypto v0.8.0
//- compliance/go.mod
module example.org/own/compliance

require example.org/own v0.3.1
//- pom.xml
<project><groupId>g</groupId><artifactId>a</artifactId>
<dependencyManagement><dependencies>
<dependency><groupId>org.mockito</groupId><artifactId>mockito-inline</artifactId><scope>test</scope></dependency>
</dependencies></dependencyManagement>
<dependencies>
<dependency><groupId>org.mockito</groupId><artifactId>mockito-inline</artifactId></dependency>
<dependency><groupId>org.testcontainers</groupId><artifactId>testcontainers</artifactId></dependency>
</dependencies></project>
"#,
        &expect![[r#"
            compliance/go.mod: go.mod, example.org/own/compliance, 1
            go.mod: go.mod, example.org/own, 1
            pom.xml: pom.xml, g:a, 2
              example.org/crypto v0.8.0 direct runtime (v0.8.0) [go.mod:3]
              org.mockito:mockito-inline ? direct dev [pom.xml:6]
              org.testcontainers:testcontainers ? direct runtime [pom.xml:7]
        "#]],
    );
}

#[test]
fn a_lockfile_that_a_workspace_left_behind_answers_no_more() {
    let files = |range: &str| {
        format!(
            r#"//- package.json
{{"name": "root", "workspaces": ["examples/*"]}}
//- yarn.lock
# yarn lockfile v1
next@14.1:
  version "14.1.4"
//- examples/a/package.json
{{"name": "a", "dependencies": {{"next": "{range}"}}}}
//- examples/a/yarn.lock
# yarn lockfile v1
next@14.0.4:
  version "14.0.4"
"#
        )
    };
    let found = |range: &str| {
        let lines: Vec<String> = super::shown(&files(range)).lines().map(str::to_owned).collect();
        let of = |line: &&String| line.starts_with("  next");
        lines.iter().filter(of).map(|line| line.trim().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        found("14.1"),
        ["next 14.1.4 direct dev of Example (14.1) [examples/a/package.json:1 yarn.lock:2]"]
    );
    let own = found("14.0.4");
    assert!(own.iter().any(|line| line.starts_with("next 14.0.4 direct")), "its own lockfile: {own:?}");
}

#[test]
fn a_lockfile_below_another_projects_answers_for_its_own_manifest() {
    let files = |lock: &str| {
        format!(
            r#"//- package.json
{{"name": "root", "dependencies": {{"react": "^18.0.0"}}}}
//- yarn.lock
# yarn lockfile v1
react@^18.0.0:
  version "18.2.0"
//- web/package.json
{{"name": "web", "dependencies": {{"react": "^18.0.0", "lodash": "^4.17.0"}}}}
{lock}"#
        )
    };
    let npm = r#"//- web/package-lock.json
{"lockfileVersion": 3, "packages": {"": {"dependencies": {"react": "^18.0.0", "lodash": "^4.17.0"}},
"node_modules/lodash": {"version": "4.17.11"},
"node_modules/react": {"version": "18.3.0"}}}
"#;
    let yarn = "//- web/yarn.lock\n# yarn lockfile v1\nlodash@^4.17.0:\n  version \"4.17.11\"\n";
    let stale = "//- web/yarn.lock\n# yarn lockfile v1\nlodash@^4.16.0:\n  version \"4.17.11\"\n";
    for lock in [npm, yarn, stale] {
        let shown = super::shown(&files(lock));
        assert!(shown.contains("lodash 4.17.11 direct runtime (^4.17.0)"), "{shown}");
    }
}

#[test]
fn of_many_manifests_and_a_lockfile_the_lockfile_is_named() {
    let manifest = |at: u32| {
        format!(
            "//- p{at}/package.json\n{{\"name\": \"p{at}\", \"dependencies\": {{\"left\": \"^1.0.0\"}}}}\n"
        )
    };
    let lock = "//- yarn.lock\n# yarn lockfile v1\nleft@^1.0.0:\n  version \"1.2.0\"\n";
    let all: String = (1..=7).map(manifest).chain([lock.to_owned()]).collect();
    let shown = super::shown(&all);
    let line = shown.lines().find(|line| line.starts_with("  left")).expect("it is in use");
    assert!(line.contains("p4/package.json:1 yarn.lock:2]"), "{line}");
}

#[test]
fn a_package_is_not_there_through_one_that_can_do_without_it() {
    check(
        r#"//- package.json
{"name": "shop", "devDependencies": {"@x/helpers": "^13.0.0", "wait": "^8.0.0"}}
//- pnpm-lock.yaml
lockfileVersion: '9.0'

importers:
  .:
    devDependencies:
      '@x/helpers':
        specifier: ^13.0.0
        version: 13.9.0(axios@1.13.5)
      wait:
        specifier: ^8.0.0
        version: 8.0.1

packages:

  '@x/helpers@13.9.0':
    resolution: {integrity: sha512-a}
    peerDependencies:
      axios: ^1
    peerDependenciesMeta:
      axios:
        optional: true

  axios@1.13.5:
    resolution: {integrity: sha512-b}

  wait@8.0.1:
    resolution: {integrity: sha512-c}

snapshots:

  '@x/helpers@13.9.0(axios@1.13.5)':
    optionalDependencies:
      axios: 1.13.5

  axios@1.13.5: {}

  wait@8.0.1:
    dependencies:
      axios: 1.13.5
"#,
        &expect![[r#"
            package.json: package.json, shop, 2
            pnpm-lock.yaml: pnpm-lock.yaml v9.0, -, 3
              @x/helpers 13.9.0 direct dev (^13.0.0) [package.json:1 pnpm-lock.yaml:15]
              axios 1.13.5 through dev via wait > axios [pnpm-lock.yaml:23]
              wait 8.0.1 direct dev (^8.0.0) [package.json:1 pnpm-lock.yaml:26]
        "#]],
    );
}
