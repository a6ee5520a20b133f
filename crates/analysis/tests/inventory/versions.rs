//! The version orders are orders, whatever stands in a lockfile.

use std::cmp::Ordering;

use analysis::versions::compare;
use proptest::prelude::*;

const ECOSYSTEMS: [&str; 16] = [
    "npm",
    "crates.io",
    "Go",
    "Hex",
    "Pub",
    "SwiftURL",
    "GitHub Actions",
    "PyPI",
    "RubyGems",
    "Packagist",
    "Maven",
    "NuGet",
    "ConanCenter",
    "Hackage",
    "CRAN",
    "Docker",
];

/// Texts that look like versions of some ecosystem, few enough to be equal now and then.
fn version() -> impl Strategy<Value = String> {
    let number = || {
        prop_oneof![Just("0"), Just("1"), Just("01"), Just("2"), Just("10"), Just("9999999999999999999999")]
    };
    let word = prop_oneof![
        Just(""),
        Just("-alpha"),
        Just("-beta.2"),
        Just("-rc1"),
        Just(".rc1"),
        Just("a1"),
        Just("b"),
        Just(".Final"),
        Just("-SNAPSHOT"),
        Just("-1"),
        Just(".0"),
        Just("+1"),
        Just("+build"),
        Just(".dev1"),
        Just(".post1"),
        Just("-p1"),
        Just("-dev"),
        Just("-ALPHA"),
        Just("-0"),
        Just("-sp"),
        Just("-foo"),
    ];
    (prop_oneof![Just(""), Just("v")], prop::collection::vec(number(), 1..5), word)
        .prop_map(|(start, numbers, word)| format!("{start}{}{word}", numbers.join(".")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_order_is_total(a in version(), b in version(), c in version()) {
        for ecosystem in ECOSYSTEMS {
            let order = |a: &str, b: &str| compare(ecosystem, a, b);
            let (Some(ab), Some(bc), Some(ac)) = (order(&a, &b), order(&b, &c), order(&a, &c)) else { continue };
            prop_assert_eq!(order(&a, &a), Some(Ordering::Equal), "{}: {}", ecosystem, a);
            prop_assert_eq!(order(&b, &a), Some(ab.reverse()), "{}: {} {}", ecosystem, a, b);
            if ab == bc {
                prop_assert_eq!(ac, ab, "{}: {} {} {}", ecosystem, a, b, c);
            } else if ab == Ordering::Equal {
                prop_assert_eq!(ac, bc, "{}: {} {} {}", ecosystem, a, b, c);
            } else if bc == Ordering::Equal {
                prop_assert_eq!(ac, ab, "{}: {} {} {}", ecosystem, a, b, c);
            }
        }
    }

    #[test]
    fn no_text_harms(a in ".{0,40}", b in ".{0,40}") {
        for ecosystem in ECOSYSTEMS {
            let order = compare(ecosystem, &a, &b);
            prop_assert_eq!(compare(ecosystem, &b, &a), order.map(Ordering::reverse));
        }
    }
}
