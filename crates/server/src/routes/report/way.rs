//! What would make the grade an A.

use std::borrow::Cow;
use std::cmp::Reverse;

use analysis::quality::GRADES;
use analysis::report::{GradeNeed, GradePart, Quality, Report};
use repos::model::{Insight, InsightState};

use crate::routes::insights::effort_to_api;

/// The way to an A, where there is one to go. `insights` are those of the repository.
pub(super) fn way_to_a(report: &Report, insights: &[Insight]) -> Option<api::WayToA> {
    let quality = &report.quality;
    let (least, _) = GRADES[0];
    quality.score.filter(|score| *score < least)?;
    let lost: f64 = quality.parts.iter().filter_map(|part| part.lost).sum();
    // A score is rounded: half a point less is enough.
    let points = tenth((f64::from(least) - 0.5 - (100.0 - lost)).max(0.0));
    let steps = steps(&quality.parts, points);
    let needs = needs(quality, least);
    let insights = on_the_way(&steps, &needs, &quality.parts, insights);
    let needs = needs.iter().map(|need| need.text.clone()).collect();
    Some(api::WayToA { score: least, points, needs, steps, insights })
}

/// What an A needs besides points. Reports of before that was listed say only what holds the score.
fn needs(quality: &Quality, least: u32) -> Cow<'_, [GradeNeed]> {
    let held = quality.held.as_ref().filter(|_| quality.score.is_some_and(|score| score + 1 == least));
    match held {
        Some(text) if quality.needs.is_empty() => {
            let parts = ["dependencies", "security"].map(str::to_owned).into();
            vec![GradeNeed { text: text.clone(), parts }].into()
        }
        _ => quality.needs.as_slice().into(),
    }
}

/// The fewest parts whose points are enough: those that cost most. The last one comes back as far as it is needed.
fn steps(parts: &[GradePart], points: f64) -> Vec<api::GradeStep> {
    let mut lossy: Vec<&GradePart> =
        parts.iter().filter(|part| part.lost.is_some_and(|lost| lost > 0.0)).collect();
    let tenths = |part: &GradePart| (part.lost.unwrap_or(0.0) * 10.0).round();
    lossy.sort_by(|a, b| tenths(b).total_cmp(&tenths(a)).then_with(|| a.part.cmp(&b.part)));
    let mut rest = points;
    let mut steps = Vec::new();
    for part in lossy {
        if rest <= 0.0 {
            break;
        }
        let (Some(lost), Some(now), Some(all)) = (part.lost, part.value, part.points) else { continue };
        let back = lost.min(rest);
        rest = tenth(rest - back);
        let until = value_at(part, (lost - back) / all);
        steps.push(api::GradeStep {
            part: part.part.clone(),
            until: until_text(part, until),
            now,
            points: tenth(back),
        });
    }
    steps
}

/// The value at which a part loses this share of its points, rounded to the side that is safe.
fn value_at(part: &GradePart, share: f64) -> f64 {
    let exact = (part.good + (part.bad - part.good) * share) * 10.0;
    // What a computer makes of 18.0 may be 17.999999.
    let near = exact.round();
    let safe = if (exact - near).abs() < 1e-6 {
        near
    } else if part.good <= part.bad {
        exact.floor()
    } else {
        exact.ceil()
    };
    safe / 10.0 + 0.0
}

/// The condition, as the rest of a sentence about the part.
fn until_text(part: &GradePart, value: f64) -> String {
    match part.part.as_str() {
        "complexity" => format!("at most {value} % of the functions with a cognitive complexity above 15"),
        "duplication" => format!("at most {value} % of the lines in more than one place"),
        "tests" => format!(
            "at least {value} test files for each 100 source files, or so many lines of test code for each 100 of theirs"
        ),
        "dependencies" if value <= 0.0 => {
            "no package version with a known vulnerability of medium severity or more".to_owned()
        }
        "dependencies" => {
            format!(
                "at most {value} % of the package versions with a known vulnerability of medium severity or more"
            )
        }
        "security" if value <= 0.0 => {
            "no secret and no insecure pattern of medium severity or more".to_owned()
        }
        "security" => format!(
            "at most {value} weighted places in 10,000 lines (a critical secret or pattern counts 10, a high one 4, a medium one 1)"
        ),
        "change_risk" => format!("fixes in the hotspots at most {value} % as frequent as elsewhere"),
        _ => format!("at least {value} % of the public functions and types documented"),
    }
}

/// Open insights that begin with a step or a need, in their order.
fn on_the_way(
    steps: &[api::GradeStep],
    needs: &[GradeNeed],
    parts: &[GradePart],
    insights: &[Insight],
) -> Vec<api::StepInsight> {
    let wanted = |part: &GradePart| {
        let code = part.part.as_str();
        steps.iter().any(|step| step.part == code)
            || needs.iter().any(|need| need.parts.iter().any(|part| part == code))
    };
    let of = |insight: &Insight| {
        let answered = parts.iter().filter(|part| wanted(part) && part.is_answered_by(&insight.body.kind));
        let part = answered.min_by_key(|part| Reverse(tenths_lost(part)))?.part.clone();
        Some(api::StepInsight {
            id: insight.id,
            title: insight.body.title.clone(),
            effort: effort_to_api(&insight.body.effort),
            part,
        })
    };
    insights.iter().filter(|insight| insight.state == InsightState::Open).filter_map(of).collect()
}

fn tenths_lost(part: &GradePart) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
    let tenths = (part.lost.unwrap_or(0.0) * 10.0).round() as u32;
    tenths
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(code: &str, (good, bad): (f64, f64), points: f64, value: f64) -> GradePart {
        GradePart {
            part: code.to_owned(),
            measured: Some(String::new()),
            value: Some(value),
            good,
            bad,
            weight: 10,
            seen: Some(1.0),
            points: Some(points),
            lost: Some(tenth(points * ((value - good) / (bad - good)).clamp(0.0, 1.0))),
            regain: None,
            missing: None,
            worst: Vec::new(),
        }
    }

    #[test]
    fn the_largest_losses_come_first_and_the_last_one_only_as_far_as_needed() {
        let parts = [
            part("complexity", (2.0, 15.0), 20.0, 8.5),
            part("tests", (30.0, 0.0), 15.0, 6.0),
            part("security", (0.0, 10.0), 25.0, 0.0),
        ];
        let told: Vec<(String, String, String)> = steps(&parts, 13.0)
            .into_iter()
            .map(|step| (step.part, step.points.to_string(), step.until))
            .collect();
        assert_eq!(told[0].0, "tests");
        assert_eq!(told[0].1, "12");
        assert!(told[0].2.starts_with("at least 30 test files"), "{}", told[0].2);
        assert_eq!(told[1].0, "complexity");
        assert_eq!(told[1].1, "1");
        assert_eq!(told[1].2, "at most 7.8 % of the functions with a cognitive complexity above 15");
        // 7.8 % lose 20 * 5.8 / 13 = 8.9 points, and at most 9 may be lost.
        assert_eq!(told.len(), 2);
        assert!(steps(&parts, 0.0).is_empty());
    }

    #[test]
    fn what_is_far_beyond_its_bad_value_has_to_come_below_it_before_a_point_is_back() {
        let parts = [part("security", (0.0, 10.0), 25.0, 80.0)];
        let told = steps(&parts, 5.0);
        assert!(told[0].until.starts_with("at most 8 weighted places in 10,000 lines"), "{}", told[0].until);
        assert_eq!(told[0].now.to_string(), "80");
    }

    #[test]
    fn a_report_that_lists_no_needs_says_what_holds_its_score() {
        let sentence = "Held at 84: an A needs packages without a known vulnerability.";
        let quality = |score: u32, needs: Vec<GradeNeed>| Quality {
            grade: Some('B'),
            score: Some(score),
            parts: Vec::new(),
            held: Some(sentence.to_owned()),
            needs,
        };
        let told = |quality: &Quality| -> Vec<String> {
            needs(quality, GRADES[0].0).iter().map(|need| need.text.clone()).collect()
        };
        assert_eq!(told(&quality(84, Vec::new())), [sentence]);
        assert!(told(&quality(54, Vec::new())).is_empty(), "what holds it there is no need of an A");
        let listed = GradeNeed { text: "More measured.".to_owned(), parts: Vec::new() };
        assert_eq!(told(&quality(84, vec![listed])), ["More measured."]);
    }
}
