//! Licences of everything that is built in, from what each package says of itself.

use cargo_metadata::{Metadata, Package};

use super::Problem;

/// Licences that ask for nothing but their own text, or, for MPL-2.0, for the changed files of that library.
const ACCEPTED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

pub(super) fn check(metadata: &Metadata) -> Vec<Problem> {
    metadata.packages.iter().filter_map(judge).collect()
}

fn judge(package: &Package) -> Option<Problem> {
    let place = format!("{} {}", package.name, package.version);
    match package.license.as_deref() {
        None if package.license_file.is_some() => {
            Some(Problem::new(place, "states its licence only in a file: read it and name it in licences.rs"))
        }
        None => Some(Problem::new(place, "states no licence")),
        Some(licence) if accepted(licence) => None,
        Some(licence) => Some(Problem::new(place, format!("its licence is not on the list: {licence}"))),
    }
}

/// Whether an SPDX expression can be met with accepted licences only.
fn accepted(expression: &str) -> bool {
    // Older manifests write `MIT/Apache-2.0`. AND binds tighter than OR; brackets are resolved inside out.
    let flat = expression.replace('/', " OR ");
    if let Some(open) = flat.rfind('(') {
        let Some(close) = flat[open..].find(')').map(|at| open + at) else { return false };
        let inner = if accepted(&flat[open + 1..close]) { "MIT" } else { "unacceptable" };
        return accepted(&format!("{}{inner}{}", &flat[..open], &flat[close + 1..]));
    }
    flat.split(" OR ").any(|choice| choice.split(" AND ").all(|licence| ACCEPTED.contains(&licence.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_as_choices_and_sums() {
        assert!(accepted("MIT OR GPL-3.0-only"));
        assert!(accepted("MIT/Apache-2.0"));
        assert!(accepted("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(accepted("Apache-2.0 WITH LLVM-exception OR GPL-2.0"));
        assert!(!accepted("MIT AND GPL-3.0-only"));
        assert!(!accepted("(AGPL-3.0 OR GPL-2.0) AND MIT"));
        assert!(!accepted("(MIT"));
        assert!(!accepted(""));
    }
}
