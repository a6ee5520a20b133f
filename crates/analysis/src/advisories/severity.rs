//! How bad a record is: from a CVSS vector where there is one, else from the database's own word.
//!
//! CVSS 2.0 and 3.x base scores are computed by their published formulas. CVSS 4.0 is a table of 270 entries
//! instead of a formula and is not computed; such a record falls back on the word, which the databases that use
//! version 4 give beside it.

use serde_json::Value;

use super::osv::{OsvAffected, OsvRecord};
use crate::report::Severity;

/// The severity the record states; `None` when it states none that can be read.
pub(super) fn stated(record: &OsvRecord, affected: Option<&OsvAffected>) -> Option<Severity> {
    let of_package = affected.into_iter().flat_map(|affected| &affected.severity);
    let own = affected.and_then(|affected| affected.database_specific.get("cvss")).and_then(Value::as_str);
    let vectors = of_package.chain(&record.severity).map(|severity| severity.score.as_str()).chain(own);
    vectors.filter_map(base_score).map(band).max().or_else(|| {
        let words = [Some(&record.database_specific), affected.map(|affected| &affected.database_specific)];
        words
            .into_iter()
            .flatten()
            .filter_map(|specific| specific.get("severity").and_then(Value::as_str))
            .filter_map(word)
            .max()
    })
}

fn word(word: &str) -> Option<Severity> {
    Some(match word.to_ascii_uppercase().as_str() {
        "LOW" => Severity::Low,
        "MODERATE" | "MEDIUM" => Severity::Medium,
        "HIGH" => Severity::High,
        "CRITICAL" => Severity::Critical,
        _ => return None,
    })
}

/// The qualitative rating scale of CVSS 3.1.
fn band(score: f64) -> Severity {
    match score {
        score if score >= 9.0 => Severity::Critical,
        score if score >= 7.0 => Severity::High,
        score if score >= 4.0 => Severity::Medium,
        score if score > 0.0 => Severity::Low,
        _ => Severity::Info,
    }
}

/// The base score of a CVSS 2.0, 3.0 or 3.1 vector, 0 to 10.
fn base_score(vector: &str) -> Option<f64> {
    let metric = |name: &str| {
        vector
            .trim_matches(['(', ')'])
            .split('/')
            .find_map(|part| part.split_once(':').filter(|(key, _)| *key == name))
    };
    let metric = |name: &str| metric(name).map(|(_, value)| value);
    if vector.starts_with("CVSS:3.") {
        score_3(&metric)
    } else if vector.contains("Au:") {
        score_2(&metric)
    } else {
        None
    }
}

/// CVSS 3.1, section 7.1.
fn score_3<'a>(metric: &impl Fn(&str) -> Option<&'a str>) -> Option<f64> {
    let changed = match metric("S")? {
        "C" => true,
        "U" => false,
        _ => return None,
    };
    let pick = |name: &str, values: &[(&str, f64)]| {
        let value = metric(name)?;
        values.iter().find(|(key, _)| *key == value).map(|(_, weight)| *weight)
    };
    let attack_vector = pick("AV", &[("N", 0.85), ("A", 0.62), ("L", 0.55), ("P", 0.2)])?;
    let complexity = pick("AC", &[("L", 0.77), ("H", 0.44)])?;
    let privileges = if changed {
        pick("PR", &[("N", 0.85), ("L", 0.68), ("H", 0.5)])?
    } else {
        pick("PR", &[("N", 0.85), ("L", 0.62), ("H", 0.27)])?
    };
    let interaction = pick("UI", &[("N", 0.85), ("R", 0.62)])?;
    let loss = [("H", 0.56), ("L", 0.22), ("N", 0.0)];
    let kept = (1.0 - pick("C", &loss)?) * (1.0 - pick("I", &loss)?) * (1.0 - pick("A", &loss)?);
    let base = 1.0 - kept;
    let impact = if changed { 7.52 * (base - 0.029) - 3.25 * (base - 0.02).powi(15) } else { 6.42 * base };
    if impact <= 0.0 {
        return Some(0.0);
    }
    let exploitability = 8.22 * attack_vector * complexity * privileges * interaction;
    let sum = impact + exploitability;
    Some(round_up(if changed { 1.08 * sum } else { sum }.min(10.0)))
}

/// "Roundup" of CVSS 3.1, appendix A: the smallest number with one decimal that is not less.
fn round_up(score: f64) -> f64 {
    let scaled = (score * 100_000.0).round();
    if scaled % 10_000.0 == 0.0 { scaled / 100_000.0 } else { ((scaled / 10_000.0).floor() + 1.0) / 10.0 }
}

/// CVSS 2.0, section 3.2.1.
fn score_2<'a>(metric: &impl Fn(&str) -> Option<&'a str>) -> Option<f64> {
    let pick = |name: &str, values: [(&str, f64); 3]| {
        let value = metric(name)?;
        values.iter().find(|(key, _)| *key == value).map(|(_, weight)| *weight)
    };
    let loss = [("N", 0.0), ("P", 0.275), ("C", 0.66)];
    let kept = (1.0 - pick("C", loss)?) * (1.0 - pick("I", loss)?) * (1.0 - pick("A", loss)?);
    let impact = 10.41 * (1.0 - kept);
    let exploitability = 20.0
        * pick("AV", [("L", 0.395), ("A", 0.646), ("N", 1.0)])?
        * pick("AC", [("H", 0.35), ("M", 0.61), ("L", 0.71)])?
        * pick("Au", [("M", 0.45), ("S", 0.56), ("N", 0.704)])?;
    let weight = if impact == 0.0 { 0.0 } else { 1.176 };
    Some(((0.6 * impact + 0.4 * exploitability - 1.5) * weight * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_scores_are_those_of_the_published_examples() {
        for (vector, score) in [
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Some(9.8)),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", Some(6.1)),
            ("CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", Some(9.9)),
            ("CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:H/I:N/A:N", Some(4.7)),
            ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H", Some(5.9)),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", Some(0.0)),
            ("AV:N/AC:L/Au:N/C:P/I:P/A:P", Some(7.5)),
            ("AV:N/AC:L/Au:N/C:C/I:C/A:C", Some(10.0)),
            ("CVSS:3.1/AV:N/AC:L", None),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", None),
            ("nonsense", None),
        ] {
            let got = base_score(vector);
            assert!(
                match (got, score) {
                    (Some(got), Some(score)) => (got - score).abs() < 1e-9,
                    (None, None) => true,
                    _ => false,
                },
                "{vector}: {got:?}, not {score:?}"
            );
        }
    }

    #[test]
    fn a_vector_goes_before_a_word_and_nothing_is_made_up() {
        let mut record = OsvRecord {
            database_specific: serde_json::json!({"severity": "MODERATE"}),
            ..OsvRecord::default()
        };
        assert_eq!(stated(&record, None), Some(Severity::Medium));
        record.severity.push(crate::advisories::OsvSeverity {
            kind: "CVSS_V3".into(),
            score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into(),
        });
        assert_eq!(stated(&record, None), Some(Severity::Critical));
        assert_eq!(stated(&OsvRecord::default(), None), None);
    }
}
