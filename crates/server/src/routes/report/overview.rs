//! The overview of a report.

use analysis::report::{
    self, AdvisoryState, Coverage, Report, SkipReason, Suppressed, SuppressionKind, TechCategory,
};
use base::Timestamp;
use repos::model::{Insight, Summary};

use super::Found;
use super::way::way_to_a;
use crate::routes::findings::{severity_to_api, tally_to_api};
use crate::routes::repos::repo_ref;

/// Suppressed findings in one answer.
const SUPPRESSED: usize = 100;

/// `insights` are those of the repository.
pub(super) fn overview_to_api(found: &Found, insights: &[Insight]) -> api::Overview {
    let report = &*found.report;
    api::Overview {
        repo: repo_ref(&found.repo),
        analysis: found.analysis.id,
        commit: api::Commit {
            id: report.commit.id.clone(),
            branch: report.commit.branch.clone(),
            time: Timestamp::from_seconds(report.commit.time).into(),
            subject: report.commit.subject.clone(),
        },
        coverage: coverage_to_api(&report.coverage),
        languages: report.languages.iter().map(language_to_api).collect(),
        stack: report.stack.iter().map(technology_to_api).collect(),
        manifests: report.manifests.iter().map(manifest_to_api).collect(),
        quality: api::Quality { way_to_a: way_to_a(report, insights), ..quality_to_api(&report.quality) },
        history: history_to_api(&report.history),
        counts: counts(found),
        advisories: advisories_to_api(&report.advisories),
        suppressed: report
            .suppressed
            .iter()
            .take(SUPPRESSED)
            .map(|each| suppressed_to_api(report, each))
            .collect(),
        suppressed_total: report.suppressed.len() as u64,
        gate: report
            .gate
            .as_ref()
            .map(|gate| api::Gate { fail_on: severity_to_api(gate.fail_on), by: span_to_api(&gate.by) }),
    }
}

fn suppressed_to_api(report: &Report, suppressed: &Suppressed) -> api::Suppressed {
    let finding = &suppressed.finding;
    let kind = match suppressed.kind {
        SuppressionKind::FalsePositive => "false_positive",
        SuppressionKind::AcceptedRisk => "accepted_risk",
        SuppressionKind::NotUsed => "not_used",
        SuppressionKind::InSource => "in_source",
    };
    api::Suppressed {
        title: report
            .rules
            .get(&finding.rule)
            .map_or_else(|| finding.rule.clone(), |rule| rule.title.clone()),
        message: finding.message.clone(),
        severity: severity_to_api(finding.severity),
        span: span_to_api(&finding.span),
        kind: kind.to_owned(),
        reason: suppressed.reason.clone(),
        by: span_to_api(&suppressed.by),
    }
}

/// What is missing from an answer, in sentences. Links and submodules are not: they belong to no analysis, and the
/// coverage lists them.
pub(super) fn gaps(coverage: &Coverage) -> Vec<String> {
    let mut gaps = Vec::new();
    let by_design =
        |skipped: &&report::Skipped| matches!(skipped.reason, SkipReason::Symlink | SkipReason::Submodule);
    let passed_over = coverage.skipped.iter().filter(by_design).count() as u64;
    let missing = coverage.skipped_total.saturating_sub(passed_over);
    if missing > 0 {
        gaps.push(format!("{missing} of {} files were not read or only in part.", coverage.files));
    }
    let notes = coverage.notes.iter().filter(|note| note.code != "submodules");
    gaps.extend(notes.map(|note| note.text.clone()));
    gaps
}

pub(crate) fn coverage_to_api(coverage: &Coverage) -> api::Coverage {
    api::Coverage {
        files: coverage.files,
        files_read: coverage.files_read,
        files_parsed: coverage.files_parsed,
        bytes: coverage.bytes,
        skipped: coverage
            .skipped
            .iter()
            .map(|skipped| api::Skipped {
                path: skipped.path.clone(),
                reason: skip_reason(skipped.reason).to_owned(),
            })
            .collect(),
        skipped_total: coverage.skipped_total,
        notes: coverage.notes.iter().map(note_to_api).collect(),
        limits: coverage.limits.iter().map(note_to_api).collect(),
    }
}

fn note_to_api(note: &report::Note) -> api::Note {
    api::Note { code: note.code.clone(), text: note.text.clone() }
}

fn skip_reason(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::TooLarge => "too_large",
        SkipReason::TooDeep => "too_deep",
        SkipReason::ParserGaveUp => "parser_gave_up",
        SkipReason::PathLimit => "path_limit",
        SkipReason::Unreadable => "unreadable",
        SkipReason::Malformed => "malformed",
        SkipReason::LfsPointer => "lfs_pointer",
        SkipReason::Submodule => "submodule",
        SkipReason::Symlink => "symlink",
        SkipReason::FileLimit => "file_limit",
        SkipReason::Template => "template",
    }
}

fn language_to_api(language: &report::LanguageShare) -> api::Language {
    api::Language {
        name: language.name.clone(),
        bytes: language.bytes,
        percent: language.percent,
        files: language.files,
        lines: api::LineCount {
            code: language.lines.code,
            comment: language.lines.comment,
            blank: language.lines.blank,
        },
    }
}

fn technology_to_api(technology: &report::Technology) -> api::Technology {
    api::Technology {
        name: technology.name.clone(),
        category: category(technology.category).to_owned(),
        evidence: technology.evidence.iter().map(span_to_api).collect(),
    }
}

fn category(category: TechCategory) -> &'static str {
    match category {
        TechCategory::Framework => "framework",
        TechCategory::Library => "library",
        TechCategory::Build => "build",
        TechCategory::Test => "test",
        TechCategory::Quality => "quality",
        TechCategory::Data => "data",
        TechCategory::Ci => "ci",
        TechCategory::Deploy => "deploy",
    }
}

pub(crate) fn span_to_api(span: &report::Span) -> api::Span {
    api::Span { path: span.path.clone(), start: span.start, end: span.end }
}

fn manifest_to_api(manifest: &report::Manifest) -> api::Manifest {
    api::Manifest {
        path: manifest.path.clone(),
        ecosystem: manifest.ecosystem.clone(),
        format: manifest.format.clone(),
        lockfile: manifest.lockfile,
        package: manifest.package.clone(),
        license: manifest.license.clone(),
        dependencies: manifest.dependencies,
    }
}

fn quality_to_api(quality: &report::Quality) -> api::Quality {
    let measured = quality.parts.iter().filter(|part| part.lost.is_some()).count();
    api::Quality {
        grade: quality.grade.map(String::from),
        score: quality.score,
        measured: u32::try_from(measured).unwrap_or(u32::MAX),
        parts: quality.parts.iter().map(part_to_api).collect(),
        formula: analysis::quality::FORMULA.to_owned(),
        held: quality.held.clone(),
        way_to_a: None,
    }
}

fn part_to_api(part: &report::GradePart) -> api::GradePart {
    api::GradePart {
        part: part.part.clone(),
        measured: part.measured.clone(),
        value: part.value,
        good: part.good,
        bad: part.bad,
        scale: part.scale(),
        weight: part.weight,
        seen: part.seen,
        points: part.points,
        lost: part.lost,
        regain: part.regain.clone(),
        missing: part.missing.clone(),
        worst: part.worst.iter().map(span_to_api).collect(),
    }
}

fn history_to_api(history: &report::History) -> api::History {
    api::History {
        commits: history.commits,
        truncated: history.truncated,
        first: history.first.map(|seconds| Timestamp::from_seconds(seconds).into()),
        window_days: history.window_days,
        window_commits: history.window_commits,
        merges_left_out: history.left_out.merges,
        bots_left_out: history.left_out.bots,
        sweeping_left_out: history.left_out.sweeping,
        contributors: history.contributors,
        monthly: history.monthly.clone(),
        fixes: history.fixes,
        reverts: history.reverts,
        unchanged_files: history.unchanged_files,
        absence_factor: history.absence_factor,
    }
}

/// The same numbers as the summary of the run, and those that only this page shows.
fn counts(found: &Found) -> api::Counts {
    let report = &*found.report;
    let summary = Summary::of(report);
    api::Counts {
        findings: tally_to_api(found.tally),
        dependencies: summary.dependencies,
        direct_dependencies: report.direct_dependencies() as u64,
        vulnerable_dependencies: summary.vulnerable,
        files: report.files.len() as u64,
        modules: report.graph.modules.len() as u64,
        cycles: report.graph.cycles.len() as u64,
        hotspots: report.hotspots.len() as u64,
        insights: found.open_insights,
    }
}

pub(super) fn advisories_to_api(check: &report::AdvisoryCheck) -> api::AdvisoryCheck {
    let (state, source, as_of, reason) = match &check.state {
        AdvisoryState::Checked { source, as_of } => (
            api::AdvisoryState::Checked,
            Some(source.clone()),
            Some(Timestamp::from_seconds(*as_of).into()),
            None,
        ),
        AdvisoryState::NotChecked { reason } => {
            (api::AdvisoryState::NotChecked, None, None, Some(reason.clone()))
        }
    };
    api::AdvisoryCheck {
        state,
        source,
        as_of,
        reason,
        uncovered: check.uncovered.clone(),
        unpinned: check.unpinned,
        compared: check.compared,
    }
}
