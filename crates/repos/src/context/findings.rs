//! Findings, and what people decide about them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use analysis::report::Report;
use base::id::{AnalysisId, FindingId, RepoId, SuppressionId};
use base::{Actor, Cursor, Page, PageSize, Timestamp};
use events::{Event, SeverityCounts};

use super::narrow::{Narrowed, cursor, narrow, place};
use super::{RepoError, Repos};
use crate::model::{
    Analysis, Baseline, Finding, FindingFilter, FindingPage, FindingStand, FindingTally, NewSuppression,
    RuleVerdicts, Suppression, SuppressionKind, SuppressionScope, SuppressionTarget, is_below, unnamed,
};
use crate::store::findings::{self, Listed};
use crate::store::{analyses, repositories, suppressions};

/// Days after which an accepted risk is looked at again, where nobody says otherwise.
const ACCEPTED_DAYS: u32 = 90;

/// The longest time after which a suppression ends by itself.
const MOST_DAYS: u32 = 365;

/// Characters of a reason.
const REASON: usize = 1_000;

/// Suppressions of a repository that nobody took back.
const SUPPRESSIONS: usize = 500;

/// Findings that one suppression may name.
const NAMED: usize = 20_000;

/// What a suppression would cover.
#[derive(Debug, Clone, PartialEq)]
pub struct SuppressionPreview {
    /// Open findings that it would hide.
    pub tally: FindingTally,
    /// Findings that other suppressions hide now: where it ends later than these, it hides them until then.
    pub hidden_already: u64,
    /// The first of them, in the order in which they are read.
    pub first: Vec<Finding>,
}

impl Repos {
    /// Findings of a repository, with the numbers for a filter bar.
    pub async fn findings(
        &self,
        actor: &Actor,
        repo: RepoId,
        filter: &FindingFilter,
        after: Option<&Cursor>,
        size: PageSize,
    ) -> Result<FindingPage, RepoError> {
        let workspace = actor.workspace;
        let baseline = suppressions::baseline(&self.db, workspace, repo).await?;
        let report = self.report(actor, repo).await?;
        let people = self.people(actor, report.as_ref()).await?;
        let listed = self.listed(actor, repo, baseline.as_ref(), report.as_ref(), &people).await?;
        let Narrowed { total, before_baseline, facets } =
            narrow(listed.groups(&self.db, filter).await?, filter);
        let mut rows = listed.rows(&self.db, filter, place(after).as_ref(), Some(size.get() + 1)).await?;
        let more = rows.len() > size.get();
        rows.truncate(size.get());
        let next = rows.last().filter(|_| more).map(cursor);
        if let Some((_, report)) = report {
            let mut wanted: HashMap<String, &mut Finding> =
                rows.iter_mut().map(|row| (row.fingerprint.clone(), row)).collect();
            for finding in &report.findings {
                if let Some(row) = wanted.get_mut(finding.fingerprint.as_str()) {
                    row.detail = Some(finding.clone());
                }
            }
        }
        let rules: HashSet<&str> = rows.iter().map(|row| row.rule.as_str()).collect();
        let mut verdicts: Vec<(String, RuleVerdicts)> =
            suppressions::verdicts(&self.db, workspace).await?.into_iter().collect();
        verdicts.retain(|(rule, _)| rules.contains(rule.as_str()));
        verdicts.sort_by(|a, b| a.0.cmp(&b.0));
        let own = suppressions::verdicts_by(&self.db, workspace, repo, actor.user).await?;
        let own_verdicts = rows.iter().filter_map(|row| Some((row.id, *own.get(&row.id)?))).collect();
        let marks: HashSet<SuppressionId> = rows.iter().filter_map(|row| Some(row.suppression?.id)).collect();
        let mut behind = Vec::new();
        if !marks.is_empty() {
            behind = suppressions::of_repo(&self.db, workspace, repo).await?;
            behind.retain(|suppression| marks.contains(&suppression.id));
        }
        Ok(FindingPage {
            page: Page { items: rows, next, total },
            before_baseline,
            baseline,
            facets,
            verdicts,
            own_verdicts,
            suppressions: behind,
        })
    }

    /// The people of a report, as pages call them.
    async fn people(
        &self,
        actor: &Actor,
        report: Option<&(Analysis, Arc<Report>)>,
    ) -> Result<Vec<String>, RepoError> {
        let Some((_, report)) = report else { return Ok(Vec::new()) };
        let named = self.name_people(actor).await?;
        let people = report.history.people.iter().enumerate();
        let called = people.map(|(at, person)| if named { person.name.clone() } else { unnamed(at) });
        Ok(called.collect())
    }

    async fn listed<'a>(
        &self,
        actor: &Actor,
        repo: RepoId,
        baseline: Option<&Baseline>,
        report: Option<&(Analysis, Arc<Report>)>,
        people: &'a [String],
    ) -> Result<Listed<'a>, RepoError> {
        let workspace = actor.workspace;
        let mut newest = report.map(|(analysis, _)| analysis.id);
        if let Some(id) = newest
            && !analyses::has_other_done(&self.db, workspace, repo, id).await?
        {
            // After the first analysis of all, everything would be new.
            newest = None;
        }
        let baseline = baseline.and_then(|baseline| baseline.before);
        Ok(Listed { workspace, repo, now: self.clock.now(), baseline, newest, people })
    }

    /// One finding.
    pub async fn finding(&self, actor: &Actor, id: FindingId) -> Result<Option<Finding>, RepoError> {
        Ok(findings::by_id(&self.db, actor.workspace, id).await?)
    }

    /// How many open findings a repository has.
    pub async fn finding_tally(&self, actor: &Actor, repo: RepoId) -> Result<FindingTally, RepoError> {
        let now = self.clock.now();
        Ok(findings::tallies(&self.db, actor.workspace, Some(repo), now)
            .await?
            .remove(&repo)
            .unwrap_or_default())
    }

    /// What people decided about the findings of a repository and did not take back, the newest first.
    pub async fn suppressions(&self, actor: &Actor, repo: RepoId) -> Result<Vec<Suppression>, RepoError> {
        Ok(suppressions::of_repo(&self.db, actor.workspace, repo).await?)
    }

    /// What a suppression would hide.
    pub async fn preview_suppression(
        &self,
        actor: &Actor,
        repo: RepoId,
        target: &SuppressionTarget,
    ) -> Result<SuppressionPreview, RepoError> {
        let covered = self.covered(actor, repo, target, FindingStand::Open).await?;
        let hidden_already = match target {
            // It would name those that are open, and no others.
            SuppressionTarget::Findings(_) | SuppressionTarget::Filter(_) => 0,
            _ => self.covered(actor, repo, target, FindingStand::Suppressed).await?.len() as u64,
        };
        let mut tally = FindingTally::default();
        for finding in &covered {
            let half = if finding.in_test { &mut tally.tests } else { &mut tally.shipped };
            add(half, finding.severity);
        }
        Ok(SuppressionPreview { tally, hidden_already, first: covered.into_iter().take(5).collect() })
    }

    /// The findings that a suppression would be about and that stand like this, in the order in which they are read.
    async fn covered(
        &self,
        actor: &Actor,
        repo: RepoId,
        target: &SuppressionTarget,
        stand: FindingStand,
    ) -> Result<Vec<Finding>, RepoError> {
        let baseline = suppressions::baseline(&self.db, actor.workspace, repo).await?;
        let state = Some(stand);
        let mut filter = FindingFilter { state, before_baseline: true, ..FindingFilter::default() };
        if let SuppressionTarget::Filter(wanted) = target {
            filter = FindingFilter { state, ..(**wanted).clone() };
        }
        if let (Some(rule), path) = target.rule_and_path() {
            filter.rules = vec![rule.to_owned()];
            filter.path = path.map(str::to_owned);
        }
        let report = self.report(actor, repo).await?;
        let people = self.people(actor, report.as_ref()).await?;
        let listed = self.listed(actor, repo, baseline.as_ref(), report.as_ref(), &people).await?;
        if let SuppressionTarget::Findings(ids) = target {
            return Ok(listed.among(&self.db, &filter, ids).await?);
        }
        let mut rows = listed.rows(&self.db, &filter, None, None).await?;
        match target {
            SuppressionTarget::Findings(_)
            | SuppressionTarget::Filter(_)
            | SuppressionTarget::Rule { .. } => {}
            SuppressionTarget::File { path, .. } => rows.retain(|row| row.path == *path),
            SuppressionTarget::Folder { path, .. } => rows.retain(|row| is_below(&row.path, path)),
        }
        Ok(rows)
    }

    /// Decides not to act on findings. They leave the counts; the report and its grade stay as they are.
    /// [`RepoError::Unsuitable`] where it lacks a reason, covers nothing or lasts too long.
    pub async fn suppress(
        &self,
        actor: &Actor,
        repo: RepoId,
        new: NewSuppression,
    ) -> Result<Suppression, RepoError> {
        let workspace = actor.workspace;
        repositories::by_id(&self.db, workspace, repo).await?.ok_or(RepoError::NotFound)?;
        let now = self.clock.now();
        let expires_at =
            checked(&new)?.map(|days| now.plus(std::time::Duration::from_secs(u64::from(days) * 86_400)));
        let covered = self.covered(actor, repo, &new.target, FindingStand::Open).await?;
        if covered.is_empty() {
            return Err(unsuitable("/target/scope", "this covers no open finding"));
        }
        if covered.len() > NAMED {
            return Err(unsuitable(
                "/target/scope",
                "this covers too many findings: choose a rule or a folder",
            ));
        }
        let (rule, path) = new.target.rule_and_path();
        let suppression = Suppression {
            id: self.ids.new_id(),
            repo,
            kind: new.kind,
            reason: new.reason.trim().to_owned(),
            scope: new.target.scope(),
            rule: rule.map(str::to_owned),
            path: path.map(|path| path.trim_end_matches('/').to_owned()),
            expires_at,
            created_at: now,
            created_by: actor.user,
            version: 1,
            // What it takes over from decisions that end earlier was hidden before.
            findings: covered.len() as u64,
        };
        let named: Vec<FindingId> = match suppression.scope {
            SuppressionScope::Findings => covered.iter().map(|finding| finding.id).collect(),
            _ => Vec::new(),
        };
        let mut tx = self.db.begin().await?;
        repositories::lock(&mut tx, workspace, repo).await?;
        suppressions::insert(&mut tx, workspace, &suppression, &named).await?;
        let all = suppressions::of_repo_in(&mut tx, workspace, repo).await?;
        if all.len() > SUPPRESSIONS {
            return Err(unsuitable(
                "/target/scope",
                "this repository has as many suppressions as it can have: take some back",
            ));
        }
        findings::suppress_all(&mut tx, workspace, repo, &all).await?;
        let event = Event::FindingSuppressed {
            suppression: suppression.id,
            repo,
            kind: suppression.kind.as_str().to_owned(),
            scope: suppression.scope.as_str().to_owned(),
            findings: suppression.findings,
        };
        self.events.emit(&mut tx, Self::channel(workspace), Some(actor.user), event);
        tx.commit().await?;
        Ok(suppression)
    }

    /// Takes a suppression back. `version` is the one that was seen.
    pub async fn unsuppress(
        &self,
        actor: &Actor,
        repo: RepoId,
        id: SuppressionId,
        version: i64,
    ) -> Result<(), RepoError> {
        let workspace = actor.workspace;
        let mut tx = self.db.begin().await?;
        repositories::lock(&mut tx, workspace, repo).await?;
        let mut all = suppressions::of_repo_in(&mut tx, workspace, repo).await?;
        let at = all.iter().position(|suppression| suppression.id == id).ok_or(RepoError::NotFound)?;
        let suppression = all.remove(at);
        if suppression.version != version {
            return Err(RepoError::Changed);
        }
        suppressions::end(&mut tx, workspace, &suppression, actor.user, self.clock.now()).await?;
        findings::suppress_all(&mut tx, workspace, repo, &all).await?;
        let event = Event::FindingUnsuppressed { suppression: id, repo };
        self.events.emit(&mut tx, Self::channel(workspace), Some(actor.user), event);
        tx.commit().await?;
        Ok(())
    }

    /// The baseline of a repository, where somebody ever set one.
    pub async fn baseline(&self, actor: &Actor, repo: RepoId) -> Result<Option<Baseline>, RepoError> {
        Ok(suppressions::baseline(&self.db, actor.workspace, repo).await?)
    }

    /// Hides what an analysis had from the list of findings, or nothing any more. `version` is the one that was seen, 0
    /// where there was none.
    pub async fn set_baseline(
        &self,
        actor: &Actor,
        repo: RepoId,
        version: i64,
        analysis: Option<AnalysisId>,
    ) -> Result<Baseline, RepoError> {
        let workspace = actor.workspace;
        repositories::by_id(&self.db, workspace, repo).await?.ok_or(RepoError::NotFound)?;
        let before: Option<Timestamp> = match analysis {
            Some(id) => {
                let seen = suppressions::seen_at(&self.db, workspace, repo, id).await?;
                Some(seen.ok_or_else(|| {
                    unsuitable("/analysis", "this repository has no finished analysis with that id")
                })?)
            }
            None => None,
        };
        let mut baseline =
            Baseline { analysis, before, set_at: self.clock.now(), set_by: actor.user, version };
        let mut tx = self.db.begin().await?;
        suppressions::set_baseline(&mut tx, workspace, repo, &baseline).await?;
        let event = Event::FindingBaselineSet { repo, analysis };
        self.events.emit(&mut tx, Self::channel(workspace), Some(actor.user), event);
        tx.commit().await?;
        baseline.version += 1;
        Ok(baseline)
    }

    /// Keeps whether somebody found a finding useful; `None` takes that back. What the workspace says of the rule then.
    pub async fn judge_finding(
        &self,
        actor: &Actor,
        id: FindingId,
        useful: Option<bool>,
    ) -> Result<(String, RuleVerdicts), RepoError> {
        let workspace = actor.workspace;
        let finding = findings::by_id(&self.db, workspace, id).await?.ok_or(RepoError::NotFound)?;
        let mut tx = self.db.begin().await?;
        let verdict =
            suppressions::Verdict { finding: id, repo: finding.repo, rule: &finding.rule, by: actor.user };
        suppressions::judge(&mut tx, workspace, &verdict, useful, self.clock.now()).await?;
        let event =
            Event::FindingJudged { finding: id, repo: finding.repo, rule: finding.rule.clone(), useful };
        self.events.emit(&mut tx, Self::channel(workspace), Some(actor.user), event);
        tx.commit().await?;
        let all =
            suppressions::verdicts(&self.db, workspace).await?.remove(&finding.rule).unwrap_or_default();
        Ok((finding.rule, all))
    }

    /// The open findings and insights of one repository, or of all.
    pub(super) async fn tallies(
        &self,
        actor: &Actor,
        repo: Option<RepoId>,
    ) -> Result<(HashMap<RepoId, FindingTally>, HashMap<RepoId, u64>), RepoError> {
        let now = self.clock.now();
        let findings = findings::tallies(&self.db, actor.workspace, repo, now).await?;
        let insights = crate::store::insights::open_of(&self.db, actor.workspace, repo).await?;
        Ok((findings, insights))
    }
}

fn add(counts: &mut SeverityCounts, severity: analysis::report::Severity) {
    use analysis::report::Severity;
    *match severity {
        Severity::Critical => &mut counts.critical,
        Severity::High => &mut counts.high,
        Severity::Medium => &mut counts.medium,
        Severity::Low => &mut counts.low,
        Severity::Info => &mut counts.info,
    } += 1;
}

fn unsuitable(field: &'static str, detail: &str) -> RepoError {
    RepoError::Unsuitable { field, detail: detail.to_owned() }
}

/// After how many days it ends; where it may not be like this, why not.
fn checked(new: &NewSuppression) -> Result<Option<u32>, RepoError> {
    use SuppressionKind::{AcceptedRisk, WontFix};
    let reason = new.reason.trim();
    if reason.is_empty() && matches!(new.kind, AcceptedRisk | WontFix) {
        return Err(unsuitable("/reason", "say why: others will ask"));
    }
    if reason.chars().count() > REASON {
        return Err(unsuitable("/reason", "at most 1,000 characters"));
    }
    if let (_, Some("")) = new.target.rule_and_path() {
        return Err(unsuitable("/target/path", "name a file or a folder"));
    }
    match new.days {
        Some(0) => Err(unsuitable("/days", "at least one day")),
        Some(days) if days > MOST_DAYS => Err(unsuitable("/days", "at most 365 days")),
        None if new.kind == AcceptedRisk => Ok(Some(ACCEPTED_DAYS)),
        days => Ok(days),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(kind: SuppressionKind, reason: &str, days: Option<u32>) -> NewSuppression {
        let target = SuppressionTarget::Rule { rule: "js.eval".into() };
        NewSuppression { kind, reason: reason.into(), target, days }
    }

    #[test]
    fn a_risk_needs_a_reason_and_comes_back() {
        use SuppressionKind::{AcceptedRisk, FalsePositive, WontFix};
        let field = |wanted: &NewSuppression| match checked(wanted) {
            Err(RepoError::Unsuitable { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(checked(&new(AcceptedRisk, "behind a login", None)).unwrap(), Some(90));
        assert_eq!(checked(&new(AcceptedRisk, "behind a login", Some(30))).unwrap(), Some(30));
        assert_eq!(checked(&new(FalsePositive, "", None)).unwrap(), None);
        assert_eq!(field(&new(AcceptedRisk, "  ", Some(30))), "/reason");
        assert_eq!(field(&new(WontFix, "", None)), "/reason");
        assert_eq!(field(&new(AcceptedRisk, "x", Some(366))), "/days");
        assert_eq!(field(&new(AcceptedRisk, "x", Some(0))), "/days");
        assert_eq!(field(&new(FalsePositive, &"x".repeat(1_001), None)), "/reason");
    }
}
