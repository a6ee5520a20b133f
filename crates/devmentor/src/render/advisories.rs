//! What is known of the dependencies' vulnerabilities, and how old that knowledge is.
//!
//! Old data knows nothing of newer vulnerabilities. So its age stands beside every count made with it, and "none" is
//! never said alone.

use std::collections::BTreeSet;

use analysis::report::{AdvisoryState, Finding, Report};
use base::Timestamp;
use repos::model::AdvisorySource;

use super::View;
use super::text::{counted, date, fold, fold_painted};
use crate::terminal::{Look, clean};

/// Age in days from which data is called old: new vulnerabilities become known every day.
const OLD: i64 = 7;
/// Age in days from which old data misleads more than it helps.
const VERY_OLD: i64 = 30;

/// How old the data about one ecosystem is.
pub(crate) struct Age {
    days: i64,
}

impl Age {
    /// The age at that time of data whose newest record is from `as_of`.
    pub(crate) fn of(as_of: Timestamp, now: Timestamp) -> Self {
        Self { days: (now.as_seconds() - as_of.as_seconds()).div_euclid(86_400).max(0) }
    }

    /// How it is drawn; `None` when the data is fresh.
    pub(crate) fn look(&self) -> Option<Look> {
        match self.days {
            days if days <= OLD => None,
            days if days <= VERY_OLD => Some(Look::Warn),
            _ => Some(Look::Bad),
        }
    }

    /// `12 days`, `25 months`: in the largest unit of which there are two.
    pub(crate) fn text(&self) -> String {
        let days = self.days.unsigned_abs();
        // Mean lengths of the Gregorian calendar, in hundredths of a day.
        let (months, years) = (days * 100 / 3_044, days * 100 / 36_525);
        match days {
            0..61 => counted(days, "day", "days"),
            _ if years < 3 => counted(months, "month", "months"),
            _ => counted(years, "year", "years"),
        }
    }
}

/// The data in use that is old, by ecosystem.
pub(super) fn old<'a>(report: &Report, view: &View<'a>) -> Vec<&'a AdvisorySource> {
    let in_use: BTreeSet<&str> = report.dependencies.iter().map(|it| it.ecosystem.as_str()).collect();
    let is_old = |source: &&AdvisorySource| Age::of(source.as_of, view.now).look().is_some();
    view.imported.iter().filter(|source| in_use.contains(&*source.ecosystem)).filter(is_old).collect()
}

/// The title of the column that [`up_to`] fills.
pub(super) const UP_TO: &str = "data up to";

/// The day up to which the vulnerabilities of an ecosystem are known.
pub(super) fn up_to(ecosystem: &str, report: &Report, view: &View<'_>) -> (String, Option<Look>) {
    let AdvisoryState::Checked { source, as_of } = &report.advisories.state else {
        return (String::new(), None);
    };
    // The service's newest matching record says nothing about the age of what it knows.
    if source == "online" {
        return ("today".to_owned(), None);
    }
    match view.imported.iter().find(|source| source.ecosystem == ecosystem) {
        Some(source) => (date(source.as_of.as_seconds()), Age::of(source.as_of, view.now).look()),
        None => (date(*as_of), None),
    }
}

/// What was compared with what, and what was not; then how old the data is, where it is old.
pub(super) fn summary(report: &Report, view: &View<'_>) -> String {
    let mut text = fold(view.style, 1, &sentences(report).join(" "));
    if let Some((look, warning)) = warning(report, view) {
        text += &fold_painted(view.style, 1, look, &warning);
    }
    text
}

/// What was compared with what, and what was not.
pub(crate) fn sentences(report: &Report) -> Vec<String> {
    let advisories = &report.advisories;
    let source = match &advisories.state {
        AdvisoryState::NotChecked { reason } => {
            return vec!["Could not check for known vulnerabilities.".to_owned(), clean(reason).into_owned()];
        }
        AdvisoryState::Checked { source, .. } => source.as_str(),
    };
    let compared = counted(advisories.compared.into(), "pinned version was", "pinned versions were");
    let with = if source == "online" { "what the OSV service knows" } else { "the imported data" };
    let mut sentences = vec![format!("{compared} compared with {with}.")];
    if !advisories.uncovered.is_empty() {
        sentences.push(format!("There is no data for {}.", clean(&advisories.uncovered.join(", "))));
    }
    sentences
}

/// What an advisory says, without the package and the id, where those stand beside it.
pub(crate) fn title(finding: &Finding) -> &str {
    let id = finding.package.as_ref().map(|hit| format!("{}: ", hit.advisory));
    let parts = id.and_then(|id| finding.message.split_once(&id));
    parts.map_or(finding.message.as_str(), |(_, title)| title)
}

/// How old the data is, where it is old; how that looks is decided by the oldest:
/// `Old data: PyPI 25 months, npm 3 months. What became known since is missing.`
pub(crate) fn warning(report: &Report, view: &View<'_>) -> Option<(Option<Look>, String)> {
    let mut old = old(report, view);
    old.sort_by_key(|source| source.as_of);
    let worst = Age::of(old.first()?.as_of, view.now).look();
    let ages: Vec<String> = old
        .iter()
        .map(|source| format!("{} {}", clean(&source.ecosystem), Age::of(source.as_of, view.now).text()))
        .collect();
    Some((worst, format!("Old data: {}. What became known since is missing.", ages.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn age(days: i64) -> Age {
        Age::of(Timestamp::from_seconds(0), Timestamp::from_seconds(days * 86_400))
    }

    #[test]
    fn an_age_reads_well() {
        for (days, text) in [
            (-3, "0 days"),
            (1, "1 day"),
            (60, "60 days"),
            (61, "2 months"),
            (762, "25 months"),
            (1_094, "35 months"),
            (1_100, "3 years"),
        ] {
            assert_eq!(age(days).text(), text);
        }
    }

    #[test]
    fn old_data_is_told_from_fresh() {
        assert_eq!(
            [0, 7, 8, 30, 31].map(|days| age(days).look()),
            [None, None, Some(Look::Warn), Some(Look::Warn), Some(Look::Bad)]
        );
    }
}
