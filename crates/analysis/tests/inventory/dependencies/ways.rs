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
