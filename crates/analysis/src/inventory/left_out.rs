//! Which files GitHub Linguist leaves out of the shares of languages: `data/inventory/languages-left-out.toml`.
//!
//! Shares are compared with those of a repository's page, so they go by Linguist's rules to the letter. Everything
//! else here goes by what `classify` and `generated` say, which look further.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::detect::head;
use crate::pattern::{Pattern, PatternSet};
use crate::table;

/// How much of a file Linguist looks at.
const LOOKED_AT: usize = 128 << 10;

/// Scripts and styles whose lines are longer than this on average, in characters, are minified.
const MINIFIED_LINE: usize = 110;

/// Why a file does not add to the shares of languages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Somebody else's code, or settings of tools.
    pub vendored: bool,
    /// Documentation and samples.
    pub documentation: bool,
    /// Written by a program.
    pub generated: bool,
}

impl LeftOut {
    /// What paths and content suggest; the repository's `.gitattributes` may say otherwise. What was said `before` of
    /// another content at the same path shows what the path suggests.
    pub(super) fn new(path: &str, text: &str, before: Option<Self>) -> Self {
        Self {
            vendored: before.map_or_else(|| RULES.vendored.is_match(path), |before| before.vendored),
            documentation: before
                .map_or_else(|| RULES.documentation.is_match(path), |before| before.documentation),
            generated: (before.is_none_or(|before| before.generated) && RULES.generated.is_match(path))
                || is_generated(path, text),
        }
    }

    /// Whether any of the reasons holds.
    pub fn any(self) -> bool {
        self.vendored || self.documentation || self.generated
    }
}

/// What a generator writes at the top of its files.
struct Says {
    from: usize,
    lines: usize,
    pattern: Pattern,
}

struct Rules {
    vendored: PatternSet,
    documentation: PatternSet,
    generated: PatternSet,
    /// By extension.
    says: HashMap<String, Vec<Says>>,
}

#[expect(clippy::expect_used, reason = "the data is part of the program, and every test of a path reads it")]
static RULES: LazyLock<Rules> = LazyLock::new(|| {
    read(table!("inventory/languages-left-out"))
        .expect("data/inventory/languages-left-out.toml is well formed")
});

fn read(text: &str) -> Result<Rules, String> {
    #[derive(Deserialize)]
    struct Line {
        ext: Vec<String>,
        #[serde(default)]
        from: usize,
        lines: usize,
        pattern: String,
    }
    #[derive(Deserialize)]
    struct File {
        vendored: Vec<String>,
        documentation: Vec<String>,
        generated: Vec<String>,
        says: Vec<Line>,
    }
    let file: File = table::read(text).map_err(|error| error.to_string())?;
    let set =
        |patterns: &[String]| PatternSet::new(patterns.iter().cloned()).map_err(|error| error.to_string());
    let mut says: HashMap<String, Vec<Says>> = HashMap::new();
    for Line { ext, from, lines, pattern } in file.says {
        let pattern = Pattern::new(pattern).map_err(|error| error.to_string())?;
        for extension in ext {
            says.entry(extension).or_default().push(Says { from, lines, pattern: pattern.clone() });
        }
    }
    Ok(Rules {
        vendored: set(&file.vendored)?,
        documentation: set(&file.documentation)?,
        generated: set(&file.generated)?,
        says,
    })
}

/// Whether the content is what a program writes into files of this name.
fn is_generated(path: &str, text: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some((_, extension)) = name.rsplit_once('.') else { return false };
    let text = head(text, LOOKED_AT);
    let script = matches!(extension.to_lowercase().as_str(), "js" | "css");
    if script && (is_minified(text) || names_a_source_map(text)) {
        return true;
    }
    let says = RULES.says.get(extension).map(Vec::as_slice).unwrap_or_default();
    let said = says.iter().any(|says| says.pattern.is_match(lines(text, says.from, says.lines)));
    said || (extension == "js" && is_compiled_coffeescript(text))
}

/// Some lines of the text, from a line on.
fn lines(text: &str, from: usize, count: usize) -> &str {
    let start = |line: usize| match line {
        0 => Some(0),
        line => memchr::memchr_iter(b'\n', text.as_bytes()).nth(line - 1).map(|at| at + 1),
    };
    let Some(begin) = start(from) else { return "" };
    text.get(begin..start(from + count).unwrap_or(text.len())).unwrap_or_default()
}

fn is_minified(text: &str) -> bool {
    let lines = 1 + memchr::memchr_iter(b'\n', text.as_bytes()).count();
    !text.is_empty() && (text.chars().count() + 1 - lines) / lines > MINIFIED_LINE
}

/// Whether one of the last two lines says where the sources are.
fn names_a_source_map(text: &str) -> bool {
    text.rsplit('\n').take(2).any(|line| {
        let comment = ["/*# source", "//# source", "/*@ source", "//@ source"].iter().any(|start| {
            line.strip_prefix(start)
                .is_some_and(|rest| rest.starts_with("URL") || rest.starts_with("MappingURL"))
        });
        comment || line.contains("sourceURL=")
    })
}

/// The shape that CoffeeScript's compiler gives to what it writes, with the helpers it leaves in it.
fn is_compiled_coffeescript(text: &str) -> bool {
    if !(text.starts_with("(function() {\n") && text.ends_with("\n}).call(this);\n")) {
        return false;
    }
    let declared = text.lines().filter(|line| line.contains("var "));
    let points = |line: &str| {
        let count = |names: &[&str]| names.iter().map(|name| line.matches(name).count()).sum::<usize>();
        count(&["_fn", "_i", "_len", "_ref", "_results"])
            + 3 * count(&["__bind", "__extends", "__hasProp", "__indexOf", "__slice"])
    };
    declared.map(points).sum::<usize>() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_decide_as_on_a_repositorys_page() {
        for path in [
            "node_modules/a/index.js",
            "vendor/x/y.go",
            "src/third_party/z.c",
            "a/env/settings.js",
            "types/a.d.ts",
            "x/testdata/a.go",
            ".github/a.js",
            "test/fixtures/a.rb",
            "js/jquery-3.1.js",
            "js/jquery.js",
            "a/bootstrap.min.css",
            "css/bootstrap-theme.css",
            "x.min.js",
            "configure",
            "docs/_build/conf.py",
            "packages/x.1.2/a.js",
            "proguard-rules.pro",
        ] {
            assert!(LeftOut::new(path, "", None).vendored, "{path}");
        }
        for path in [
            "src/deps/a.c",
            "js/jquery.form.js",
            "src/dist.rs",
            "a/debian/rules",
            "vendoring/a.rs",
            "src/cached/x.js",
        ] {
            assert!(!LeftOut::new(path, "", None).any(), "{path}");
        }
        for path in [
            "docs/a.html",
            "README.md",
            "examples/a.rs",
            "a/Documentation/x.c",
            "LICENSE",
            "x/CHANGELOG.md",
            "samples/a.py",
        ] {
            assert!(LeftOut::new(path, "", None).documentation, "{path}");
        }
        for path in ["a/docs/b.rs", "x/examples/a.rs", "src/docs.rs", "readmes/a.js"] {
            assert!(!LeftOut::new(path, "", None).documentation, "{path}");
        }
        for path in ["a/x.Designer.cs", "web/__generated__/a.ts", "vendor/github.com/a/b.go", ".pnp.cjs"] {
            assert!(LeftOut::new(path, "", None).generated, "{path}");
        }
    }

    #[test]
    fn the_words_of_generators_count_where_they_are_written() {
        let long = "a".repeat(400);
        for (path, text, generated) in [
            ("a.go", "package a\n// Code generated by x. DO NOT EDIT.\n", true),
            ("a.go", "package a\nvar s = \"// Code generated by x\"\n", false),
            ("a.ts", "// Code generated by protoc-gen-ts_proto. DO NOT EDIT.\n\n", true),
            ("a_pb2.py", "x = 1\n", false),
            ("a_pb2.py", "# Generated by the protocol buffer compiler.  DO NOT EDIT!\n", true),
            ("a.py", "1\n2\n3\n# Generated by the protocol buffer compiler.  DO NOT EDIT!\n", false),
            ("a.js", long.as_str(), true),
            ("a.ts", long.as_str(), false),
            ("a.css", "a {}\n/*# sourceMappingURL=a.css.map */\n", true),
            ("a.js", "(function() {\n  var _i, _len, _ref;\n}).call(this);\n", true),
            ("a.html", "<html><head>\n<meta name=\"generator\" content=\"makeinfo 6\">\n", true),
            ("a.html", "<html><head>\n<meta name=\"generator\" content=\"Hugo\">\n", false),
            ("web/__generated__/a.ts", "x = 1\n", true),
            ("a.dart", "// GENERATED CODE - DO NOT MODIFY BY HAND\n", true),
        ] {
            let fresh = LeftOut::new(path, text, None);
            assert_eq!(fresh.generated, generated, "{path}: {text}");
            for other in ["", "x = 1\n", long.as_str()] {
                let before = LeftOut::new(path, other, None);
                assert_eq!(LeftOut::new(path, text, Some(before)), fresh, "{path}: {text}, once {other}");
            }
        }
    }

    #[test]
    fn broken_data_is_refused() {
        assert!(read("").is_err());
        assert!(read(r#"{"vendored": ["("], "documentation": [], "generated": [], "says": []}"#).is_err());
    }
}
