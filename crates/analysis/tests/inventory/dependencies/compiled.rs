//! Cargo and Go modules.

use expect_test::expect;

use super::check;

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
