//! Which of two versions is newer, by the rules of their own ecosystem.
//!
//! | ecosystem | rules |
//! |---|---|
//! | `npm`, `crates.io`, `Go`, `Hex`, `SwiftURL`, `GitHub Actions` | Semantic Versioning 2.0; a leading `v` and missing parts are forgiven, build data (`+incompatible`) never counts |
//! | `Pub` | the same, but build data counts: `1.0.0+1` is newer than `1.0.0` |
//! | `PyPI` | PEP 440 |
//! | `RubyGems` | `Gem::Version` |
//! | `Packagist` | Composer: four numeric parts, then the stability |
//! | `Maven` | the version order specification of the POM reference |
//! | `NuGet` | Semantic Versioning with a fourth part, letters without case |
//! | `ConanCenter` | numbers and letters as they come (`1.1.1t` is newer than `1.1.1`), before them what follows a dash |
//! | any other (`Hackage`, `CRAN`, ...) | see [`natural`] |
//!
//! Reading order: this file, then one module for each rule set.

mod composer;
mod digits;
mod gem;
mod maven;
pub mod natural;
mod semantic;

use std::cmp::Ordering;

/// Compares two versions of one package. `None` when one of them is not a version of that ecosystem.
///
/// The ecosystem is spelled as OSV spells it; a suffix after `:` (`Debian:12`) is left out of account.
pub fn compare(ecosystem: &str, a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (a.trim(), b.trim());
    match ecosystem.split(':').next().unwrap_or(ecosystem) {
        "npm" | "crates.io" | "Go" | "Hex" | "SwiftURL" | "GitHub Actions" => semantic::compare(a, b),
        "Pub" => semantic::compare_with_build(a, b),
        "PyPI" => python(a, b),
        "RubyGems" => gem::compare(a, b),
        "Packagist" => composer::compare(a, b),
        "Maven" => Some(maven::compare(a, b)),
        "NuGet" => semantic::compare_four_parts(a, b),
        "ConanCenter" => Some(natural::compare_with_pre_release(a, b)),
        _ => Some(natural::compare(a, b)),
    }
}

/// Whether the text is a version of that ecosystem at all.
pub fn is_version(ecosystem: &str, text: &str) -> bool {
    !text.trim().is_empty() && compare(ecosystem, text, text).is_some()
}

fn python(a: &str, b: &str) -> Option<Ordering> {
    let [a, b] = [a, b].map(|text| text.parse::<pep440_rs::Version>().ok());
    Some(a?.cmp(&b?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each list is in ascending order; `=` stands between versions that are equal.
    fn ascending(ecosystem: &str, list: &str) {
        let words: Vec<&str> = list.split_whitespace().collect();
        let versions: Vec<(usize, &str)> =
            words.iter().copied().enumerate().filter(|(_, word)| *word != "=").collect();
        for (i, &(at_a, a)) in versions.iter().enumerate() {
            for &(at_b, b) in &versions[i + 1..] {
                let between = &words[at_a + 1..at_b];
                let all_equal = between.iter().filter(|word| **word == "=").count() * 2 == between.len() + 1;
                let wanted = if all_equal { Ordering::Equal } else { Ordering::Less };
                assert_eq!(compare(ecosystem, a, b), Some(wanted), "{ecosystem}: {a} and {b}");
                assert_eq!(compare(ecosystem, b, a), Some(wanted.reverse()), "{ecosystem}: {b} and {a}");
            }
        }
    }

    #[test]
    fn every_ecosystem_orders_by_its_own_rules() {
        ascending(
            "npm",
            "0.9.0 1.0.0-alpha 1.0.0-alpha.1 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 = v1.0.0 2.0",
        );
        ascending("crates.io", "0.21.0-0 0.21.0 0.21.1 1.0.0 = 1.0.0+build 1.0.1");
        ascending(
            "Go",
            "v0.0.0-20190101000000-aaaaaaaaaaaa v0.0.0-20200101000000-aaaaaaaaaaaa v0.1.0 3.2.0 = v3.2.0+incompatible",
        );
        ascending("Go", "1.20rc1 go1.20 = 1.20.0 1.27.0-rc.3 1.27.0");
        ascending("PyPI", "1.0.dev1 1.0a1 1.0b2 1.0rc1 1.0 = 1.0.0 1.0.post1 1.0.1 1!0.1");
        ascending(
            "RubyGems",
            "1.0.a 1.0.b2 1.0 = 1.0.0 1.0.1 1.9.9 1.10 5.0.0.beta1 5.0.0.beta1.1 5.0.0 5.0.0.1",
        );
        ascending(
            "Packagist",
            "1.0-dev 1.0-alpha7 1.0-alpha10 1.0-beta1 1.0-RC1 1.0 = v1.0.0.0 1.0-p1 1.0.1",
        );
        ascending(
            "Maven",
            "1.0-alpha-1 1.0-beta 1.0-milestone 1.0-rc1 = 1.0-cr1 1.0-SNAPSHOT 1.0 = 1.0.0 = 1.0-ga = 1.0.Final \
             1.0-sp 1.0-foo 1.0-1 1.0.1 1.2 1.10",
        );
        ascending("Maven", "1.0.a10 = 1.0-alpha-10 1.0.rc1 = 1-rc1 1.0.0 1.0-rubygems = 1.0.0.rubygems");
        ascending("NuGet", "1.0.0-Alpha = 1.0.0-alpha 1.0 = 1.0.0.0 1.0.0.1 1.0.1");
        ascending("Pub", "1.0.0-dev.1 1.0.0-dev.1+1 1.0.0 1.0.0+1 1.0.0+2 1.0.0+10 1.0.0+hotfix 1.0.1");
        ascending("GitHub Actions", "v4.1.6 = 4.1.6 4.1.7 4.10.0 v5");
        ascending("ConanCenter", "1.1.1 1.1.1a 1.1.1t 3.0.0-beta1 3.0.0 3.0.8");
        ascending("Hackage", "1.0 1.0.0 1.0.1 1.2 1.10");
        ascending("CRAN", "1.0-2 = 1.0.2 1.0-10 1.1");
        ascending("Unknown", "1.2 1.10 1.10a 1.10.1 2");
    }

    #[test]
    fn what_is_no_version_is_not_compared() {
        for (ecosystem, text) in [
            ("npm", "latest"),
            ("PyPI", "2019-09-12x"),
            ("RubyGems", "a.b"),
            ("Packagist", "dev-main"),
            ("Go", ""),
        ] {
            assert_eq!(compare(ecosystem, text, "1.0.0"), None, "{ecosystem} {text}");
            assert!(!is_version(ecosystem, text));
        }
        let huge = "9".repeat(100_000);
        assert_eq!(compare("RubyGems", &huge, "1"), Some(Ordering::Greater));
    }
}
