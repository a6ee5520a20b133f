//! What a path and the first bytes say about a file: somebody else's code, documentation, test, text or not.
//!
//! Paths are looked at folder by folder and by file name, so that the time taken is linear in the path's length.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::Deserialize;

use super::globs::Globs;
use crate::table;

/// How much of a file decides whether it is text.
const LOOKED_AT: usize = 8_000;

/// `data/inventory/paths.toml`.
struct Paths {
    vendored: Globs,
    uncounted: Globs,
    documentation: Globs,
    test: Globs,
    helper: Globs,
    product: Vec<String>,
    sample: Globs,
    fixture: Globs,
    binary: Vec<String>,
}

#[expect(clippy::expect_used, reason = "the data is part of the program, and every test of a path reads it")]
static PATHS: LazyLock<Paths> =
    LazyLock::new(|| read(table!("inventory/paths")).expect("data/inventory/paths.toml is well formed"));

fn read(text: &str) -> Result<Paths, String> {
    #[derive(Deserialize)]
    struct File {
        vendored: Vec<String>,
        uncounted: Vec<String>,
        documentation: Vec<String>,
        test: Vec<String>,
        helper: Vec<String>,
        product: Vec<String>,
        sample: Vec<String>,
        fixture: Vec<String>,
        binary: Vec<String>,
    }
    let file: File = table::read(text).map_err(|error| error.to_string())?;
    let globs = |list: &[String]| {
        Globs::new(list.iter().map(|pattern| (pattern.as_str(), 0))).map_err(|error| error.to_string())
    };
    Ok(Paths {
        vendored: globs(&file.vendored)?,
        uncounted: globs(&file.uncounted)?,
        documentation: globs(&file.documentation)?,
        test: globs(&file.test)?,
        helper: globs(&file.helper)?,
        product: file.product,
        sample: globs(&file.sample)?,
        fixture: globs(&file.fixture)?,
        binary: file.binary,
    })
}

/// Whether the content is a pointer of Git LFS.
pub(super) fn is_lfs_pointer(bytes: &[u8]) -> bool {
    bytes.len() < 1_024 && bytes.starts_with(b"version https://git-lfs.github.com/spec/v1\n")
}

/// Whether the path is that of somebody else's code, copied in.
pub(super) fn is_vendored(path: &str) -> bool {
    PATHS.vendored.is_match(path)
}

/// Whether the path is that of the repository's own settings or samples, which do not count for languages.
pub(super) fn is_uncounted(path: &str) -> bool {
    PATHS.uncounted.is_match(path)
}

/// Whether the path is that of documentation.
pub(super) fn is_documentation(path: &str) -> bool {
    PATHS.documentation.is_match(path)
}

/// Whether the path is that of a test, an example or a fixture.
pub(super) fn is_test(path: &str) -> bool {
    PATHS.helper.is_match(path)
        || is_helper_of_go(path)
        || PATHS.test.is_match(&without_package(path))
        || is_fixture(path)
}

/// Folders of what is shown to those who use the program, at any depth.
const EXAMPLES: [&str; 8] =
    ["example", "examples", "sample", "samples", "demo", "demos", "playground", "playgrounds"];

/// Whether the path, which is that of a test, an example or a fixture, is that of an example: of none of the others if its
/// folders of examples had other names.
pub(super) fn is_example(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or_default();
    if !folders.split('/').any(|folder| EXAMPLES.contains(&folder)) {
        return false;
    }
    let mut others = folders.split('/').filter(|folder| !EXAMPLES.contains(folder)).collect::<Vec<_>>();
    others.push(name);
    !is_test(&others.join("/"))
}

/// Whether the path is that of Go code that helps tests, or of a sample key beside it, by the name of a folder: that of the
/// package it helps, the folder around it, with `test` at its end. What helps the package at the root is known only by not
/// being one of the words that end so.
pub(super) fn is_helper_of_go(path: &str) -> bool {
    let Some((folders, name)) = path.rsplit_once('/') else { return false };
    let code = name.rsplit_once('.').is_some_and(|(_, extension)| extension == "go");
    if !code && !super::secrets::is_sample_key(path) {
        return false;
    }
    let mut above = None;
    folders.split('/').any(|folder| {
        let around = above.replace(folder);
        let helped = folder.strip_suffix("test").filter(|helped| !helped.is_empty());
        helped.is_some_and(|helped| match around {
            Some(around) => around == helped,
            None => helped.len() > 2 && !PATHS.product.iter().any(|known| known == folder),
        })
    })
}

/// Whether the path is that of a sample, a benchmark, a template or documentation: neither shipped nor built with.
pub(super) fn is_sample(path: &str) -> bool {
    PATHS.sample.is_match(&without_package(path))
}

/// The path without the folders of a package where Maven's standard layout has packages: their names say nothing of
/// the file (`src/main/java/org/springframework/samples/petclinic`).
fn without_package(path: &str) -> Cow<'_, str> {
    const ROOTS: [&str; 4] = ["src/main/java/", "src/main/kotlin/", "src/main/scala/", "src/main/groovy/"];
    // Nearly all paths have none of them, and each is looked at several times.
    if !path.contains("src/main/") {
        return path.into();
    }
    let begins = |root: &&str| {
        let at = path.find(*root)?;
        (at == 0 || path[..at].ends_with('/')).then_some(at + root.len())
    };
    let Some((at, name)) = ROOTS.iter().find_map(begins).zip(path.rfind('/')) else { return path.into() };
    if at <= name { [&path[..at], &path[name + 1..]].concat().into() } else { path.into() }
}

/// Whether the path is that of data for tests.
pub(super) fn is_fixture(path: &str) -> bool {
    PATHS.fixture.is_match(path)
}

/// Whether the path is that of one change of a database: numbered, in a folder of such.
pub fn is_migration(path: &str) -> bool {
    let Some((folders, name)) = path.rsplit_once('/') else { return false };
    let of_changes = |folder: &str| {
        let folder = folder.to_ascii_lowercase();
        matches!(folder.as_str(), "migration" | "migrations" | "migrate") || folder.ends_with("migrations")
    };
    name.bytes().any(|byte| byte.is_ascii_digit()) && folders.split('/').any(of_changes)
}

/// Whether the content is not text: by extension, or by a zero byte near the start.
pub(super) fn is_binary(path: &str, bytes: &[u8]) -> bool {
    let extension = path.rsplit('/').next().unwrap_or(path).rsplit_once('.').map(|(_, extension)| extension);
    let known = extension
        .is_some_and(|extension| PATHS.binary.iter().any(|known| known.eq_ignore_ascii_case(extension)));
    let start = &bytes[..bytes.len().min(LOOKED_AT)];
    let wide = start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]);
    known || (memchr::memchr(0, start).is_some() && !wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn paths_are_told_apart() {
        for path in [
            "node_modules/a/index.js",
            "web/node_modules/a.js",
            "vendor/github.com/x/y.go",
            "third_party/z.c",
            "src/jquery-3.1.js",
            "a/bootstrap.min.css",
            "dist/app.js",
            "cache/x.js",
            "deps/a.c",
            ".yarn/releases/yarn.cjs",
            "gradlew",
            "a/Godeps/x.go",
            "static/jquery.js",
            "x.min.js",
            "configure",
            "src/Shop.WebHost/wwwroot/lib/signalr/a.js",
            "public/v1/js/lib/jquery.autocomplete.js",
            "src/main/resources/static/ajax/libs/summernote/summernote.js",
            "cookbook/static/pdfjs/pdf.mjs",
        ] {
            assert!(is_vendored(path), "{path}");
        }
        for path in [
            "src/main.rs",
            "vendors.js",
            "src/dist.rs",
            "distribution/a.js",
            "src/vendoring/a.rs",
            "cached/x.js",
            "src/lib/a.js",
            "public/js/app.js",
            "wwwroot/js/site.js",
            "static/lib/own.js",
        ] {
            assert!(!is_vendored(path), "{path}");
        }
        for path in ["debian/rules", ".github/a.yml", "types/a.d.ts", "x/testdata/a.go"] {
            assert!(is_uncounted(path) && !is_vendored(path), "{path}");
        }
        for path in [
            "docs/a.md",
            "README.md",
            "README",
            "examples/a.rs",
            "Documentation/x.c",
            "man/a.1",
            "CHANGELOG.md",
            "LICENSE",
        ] {
            assert!(is_documentation(path), "{path}");
        }
        for path in [
            "src/docs.rs",
            "crates/a/docs/b.rs",
            "crates/a/examples/b.rs",
            "src/main.rs",
            "readmes/a.js",
            "src/examples.rs",
        ] {
            assert!(!is_documentation(path), "{path}");
        }
        for path in [
            "tests/a.rs",
            "src/a_test.go",
            "src/a.test.ts",
            "src/a.spec.js",
            "spec/a_spec.rb",
            "test_a.py",
            "x/__tests__/a.js",
            "src/test/java/A.java",
            "examples/a.rs",
            "testdata/x.json",
            "a/fixtures/b.py",
            "conftest.py",
            "src/FooTest.java",
            "e2e/a.ts",
            "benches/a.rs",
            "A.Tests/B.cs",
            "test-support/src/A.java",
            "crates/a_benchmark/resources/b.py",
            "bookmarks/tests_e2e/e2e_page.py",
            "scripts/test-environments/oidc/compose.yml",
            "playwright/docker-compose.yml",
            "Duplicati/UnitTest/Retry.cs",
        ] {
            assert!(is_test_path(path), "{path}");
        }
        for path in [
            "src/latest.rs",
            "src/contest.py",
            "src/attest/a.go",
            "protest.js",
            "src/main.rs",
            "testing.rs",
            "packages/playwright/a.ts",
        ] {
            assert!(!is_test_path(path), "{path}");
        }
        assert!(is_fixture("a/testdata/go.mod") && !is_fixture("examples/go.mod"));
        for path in ["docs/package.json", "a/template-vue/package.json", "crates/x_benchmark/Cargo.toml"] {
            assert!(is_sample(path), "{path}");
        }
        assert!(!is_sample("crates/templating/Cargo.toml") && !is_sample("benchmark.toml"));
        for path in [
            "src/main/java/org/x/samples/Owner.java",
            "shop/src/main/kotlin/demo/Main.kt",
            "src/main/java/A.java",
        ] {
            assert!(!is_sample(path) && !is_test_path(path), "{path}");
        }
        assert!(is_sample("samples/shop/src/main/java/org/x/Owner.java"));
        assert!(
            is_test_path("src/test/java/org/x/Owner.java") && is_test_path("src/main/java/x/OwnerTest.java")
        );
    }

    #[test]
    fn changes_of_a_database_are_numbered() {
        for path in [
            "apps/users/migrations/0001_initial.py",
            "db/migrate/20240101120000_create_users.rb",
            "src/Core/Migration/V6_4/Migration1620820321AddRule.php",
            "util/MySqlMigrations/Migrations/20230101_Init.cs",
        ] {
            assert!(is_migration(path), "{path}");
        }
        for path in
            ["src/migrations/runner.ts", "src/migration/mod.rs", "0001_initial.py", "immigration/v2.py"]
        {
            assert!(!is_migration(path), "{path}");
        }
    }

    #[test]
    fn an_example_is_no_test_unless_it_is_one_without_its_folder() {
        for path in ["examples/auth/index.js", "crates/a/examples/b.rs", "a/demo/src/app.ts", "samples/x.py"]
        {
            assert!(is_test(path) && is_example(path), "{path}");
        }
        for path in [
            "test/examples/auth.js",
            "examples/auth/test/login.js",
            "examples/auth.test.js",
            "examples/testdata/x.json",
            "tests/a.rs",
            "src/example.rs",
            "example",
        ] {
            assert!(!is_example(path), "{path}");
        }
    }

    #[test]
    fn helpers_of_tests_are_tests_by_the_custom_of_their_language() {
        for path in [
            "caddytest/caddytest.go",
            "promql/promqltest/test.go",
            "caddytest/a.caddy.localhost.key",
            "dubbo-test/dubbo-test-check/src/main/java/org/x/Check.java",
            "core/data-test/src/main/kotlin/x/Module.kt",
        ] {
            assert!(is_test_path(path), "{path}");
        }
        for path in [
            "api/latest/a.go",
            "src/rules/vitest/a.rs",
            "packages/playwright-test/src/a.ts",
            "pentest/run.go",
            "loadtest/main.go",
            "internal/abtest/assign.go",
            "cmd/bloodtest/main.go",
            "backtest/prod.key",
            "caddytest/prod.key",
        ] {
            assert!(!is_test_path(path), "{path}");
        }
    }

    fn is_test_path(path: &str) -> bool {
        is_test(path)
    }

    #[test]
    fn content_that_is_no_text_is_seen() {
        assert!(is_binary("a", b"\x7fELF\0"));
        assert!(is_binary("a.PNG", b"x"));
        assert!(!is_binary("a.rs", b"fn main() {}"));
        assert!(is_lfs_pointer(b"version https://git-lfs.github.com/spec/v1\noid sha256:x\nsize 1\n"));
        assert!(!is_lfs_pointer(b"version 1"));
    }
}
