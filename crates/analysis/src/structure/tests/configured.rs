//! What configuration says about where imports lead.

use expect_test::expect;

use super::check;

#[test]
fn conditions_of_exports_and_private_names() {
    check(
        r##"
//- app/package.json
{ "name": "app", "imports": {
  "#fs": { "browser": "./src/fs-browser.ts", "default": "./src/fs.ts" },
  "#deep/*": "./src/deep/*.ts" } }
//- app/tsconfig.json
{ "compilerOptions": { "paths": { "#aliased/*": ["./src/aliased/*"] } } }
//- app/src/main.ts
import "#fs";
import "#deep/one";
import "#aliased/two";
import "#gone";
import "lib";
import type { T } from "./types.js";
//- app/src/fs.ts
//- app/src/fs-browser.ts
//- app/src/deep/one.ts
//- app/src/aliased/two.ts
//- app/src/types.d.ts
//- lib/package.json
{ "name": "lib", "exports": { ".": [{ "worker": "./worker.js", "import": "./index.js" }] } }
//- lib/index.js
//- lib/worker.js
"##,
        &expect![[r"
            app/src/main.ts -> app/src/aliased/two.ts
            app/src/main.ts -> app/src/deep/one.ts
            app/src/main.ts -> app/src/fs.ts
            app/src/main.ts -> app/src/types.d.ts
            app/src/main.ts -> lib/index.js
            unresolved 1
        "]],
    );
}

#[test]
fn typescript_configurations_that_extend_others() {
    check(
        r#"
//- config/package.json
{ "name": "@x/config" }
//- config/base.json
{}
//- config/tsconfig.base.json
{ "compilerOptions": { "paths": { "~/*": ["${configDir}/src/*"] } } }
//- config/tsconfig.strict.json
{ "compilerOptions": { "strict": true } }
//- one/tsconfig.json
{ "extends": ["@x/config/tsconfig.base.json", "../config/tsconfig.strict"] }
//- one/src/main.ts
import "~/part";
//- one/src/part.ts
//- two/tsconfig.json
{ "extends": "@x/config/tsconfig.base.json" }
//- two/src/main.ts
import "~/part";
//- two/src/part.ts
//- three/tsconfig.json
{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }
//- three/tsconfig.app.json
{ "compilerOptions": { "baseUrl": "src" } }
//- three/src/main.ts
import "part";
//- three/src/part.ts
"#,
        &expect![[r"
            one/src/main.ts -> one/src/part.ts
            three/src/main.ts -> three/src/part.ts
            two/src/main.ts -> two/src/part.ts
        "]],
    );
}

#[test]
fn go_modules_that_are_replaced_or_there_twice() {
    check(
        r#"
//- go.mod
module example.com/m
replace (
	example.com/old v1.2.3 => ./forks/old // for now
	example.com/far => example.com/other v1.0.0
)
//- main.go
package main
import (
	"example.com/old/sub"
	"example.com/far"
)
var x = sub.Do()
//- forks/old/go.mod
module example.com/renamed
//- forks/old/sub/sub.go
package sub
func Do() int { return 1 }
//- examples/a/go.mod
module example.com/example
//- examples/a/main.go
package main
import "example.com/example/part"
var x = part.Do()
//- examples/a/part/part.go
package part
func Do() int { return 1 }
//- examples/b/go.mod
module example.com/example
//- examples/b/main.go
package main
import "example.com/example/part"
var x = part.Do()
//- examples/b/part/part.go
package part
func Do() int { return 2 }
"#,
        &expect![[r"
            examples/a/main.go -> examples/a/part/part.go
            examples/b/main.go -> examples/b/part/part.go
            main.go -> forks/old/sub/sub.go
        "]],
    );
}
