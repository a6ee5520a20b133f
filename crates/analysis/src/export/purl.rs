//! Package URLs, by the purl specification and its list of types.

use std::fmt::Write as _;

/// The package URL of a package version; `None` for an ecosystem without a type of its own.
pub fn purl(ecosystem: &str, name: &str, version: Option<&str>) -> Option<String> {
    let kind = match ecosystem.split(':').next().unwrap_or(ecosystem) {
        "npm" => "npm",
        "PyPI" => "pypi",
        "crates.io" => "cargo",
        "Go" => "golang",
        "RubyGems" => "gem",
        "Packagist" => "composer",
        "Maven" => "maven",
        "NuGet" => "nuget",
        "Hex" => "hex",
        "Pub" => "pub",
        "SwiftURL" => "swift",
        _ => return None,
    };
    let name = match kind {
        // Types whose names have one spelling.
        "pypi" => name.to_lowercase().replace('_', "-"),
        "golang" | "composer" | "hex" => name.to_lowercase(),
        "maven" => name.replace(':', "/"),
        _ => name.to_owned(),
    };
    let segments: Vec<String> = name.split('/').filter(|segment| !segment.is_empty()).map(encoded).collect();
    if segments.is_empty() {
        return None;
    }
    let version = version.map(|version| format!("@{}", encoded(version))).unwrap_or_default();
    Some(format!("pkg:{kind}/{}{version}", segments.join("/")))
}

/// Percent-encoded but for unreserved characters and the colon.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_its_own_spelling() {
        for (ecosystem, name, version, wanted) in [
            ("npm", "@babel/core", Some("7.0.0"), Some("pkg:npm/%40babel/core@7.0.0")),
            ("PyPI", "Flask_Login", Some("0.6"), Some("pkg:pypi/flask-login@0.6")),
            ("crates.io", "serde_json", Some("1.0.0+b"), Some("pkg:cargo/serde_json@1.0.0%2Bb")),
            (
                "Go",
                "github.com/Masterminds/semver",
                Some("v3.0.0"),
                Some("pkg:golang/github.com/masterminds/semver@v3.0.0"),
            ),
            ("Maven", "org.example:thing", None, Some("pkg:maven/org.example/thing")),
            ("Unknown", "a", None, None),
            ("npm", "", None, None),
        ] {
            assert_eq!(purl(ecosystem, name, version).as_deref(), wanted);
        }
    }
}
