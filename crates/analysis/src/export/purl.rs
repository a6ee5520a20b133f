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
        // The repository that an action is.
        "GitHub Actions" => "github",
        "Docker" => "docker",
        "CocoaPods" => "cocoapods",
        "Conda" => "conda",
        "ConanCenter" => "conan",
        "CRAN" => "cran",
        "Hackage" => "hackage",
        // There is no type for it.
        "vcpkg" => "generic",
        _ => return None,
    };
    let name = match kind {
        // Types whose names have one spelling.
        "pypi" => name.to_lowercase().replace('_', "-"),
        "golang" | "composer" | "hex" | "github" => name.to_lowercase(),
        "swift" => normal_address(name),
        "maven" => name.replace(':', "/"),
        _ => name.to_owned(),
    };
    // The host of a registry is no part of the name.
    let (name, registry) = match name.split_once('/') {
        Some((host, rest)) if kind == "docker" && (host.contains(['.', ':']) || host == "localhost") => {
            (rest.to_owned(), format!("?repository_url={}", encoded(host)))
        }
        _ => (name, String::new()),
    };
    let segments: Vec<String> = name.split('/').filter(|segment| !segment.is_empty()).map(encoded).collect();
    if segments.is_empty() {
        return None;
    }
    let version = version.map(|version| format!("@{}", encoded(version))).unwrap_or_default();
    Some(format!("pkg:{kind}/{}{version}{registry}", segments.join("/")))
}

/// The address of a repository without scheme and `.git`.
fn normal_address(name: &str) -> String {
    let plain = name.split_once("://").map_or(name, |(_, rest)| rest);
    plain.strip_suffix(".git").unwrap_or(plain).to_owned()
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
            (
                "SwiftURL",
                "github.com/Apple/swift-nio",
                Some("2.1.0"),
                Some("pkg:swift/github.com/Apple/swift-nio@2.1.0"),
            ),
            (
                "GitHub Actions",
                "Actions/checkout",
                Some("v4.1.0"),
                Some("pkg:github/actions/checkout@v4.1.0"),
            ),
            ("Docker", "node", Some("18-alpine"), Some("pkg:docker/node@18-alpine")),
            (
                "Docker",
                "gcr.io/distroless/base",
                Some("sha256:ab"),
                Some("pkg:docker/distroless/base@sha256:ab?repository_url=gcr.io"),
            ),
            ("NuGet", "Newtonsoft.Json", Some("13.0.1"), Some("pkg:nuget/Newtonsoft.Json@13.0.1")),
            ("Pub", "http", Some("1.0.0+1"), Some("pkg:pub/http@1.0.0%2B1")),
            ("Maven", "org.example:thing", None, Some("pkg:maven/org.example/thing")),
            ("Unknown", "a", None, None),
            ("npm", "", None, None),
        ] {
            assert_eq!(purl(ecosystem, name, version).as_deref(), wanted);
        }
    }
}
