//! Answers made of a report, kept for a while.
//!
//! An answer is found under all it was made of: the analysis, the question, and of what people decide that which it
//! shows. Those are read from the database each time, after the reader's permission was; what is saved is unpacking the
//! report and shaping it. The program that shaped it counts too: another build may shape or count otherwise. So an answer
//! that is found is never out of date, whichever node made it, and it is forgotten only with its repository.

use std::time::Duration;

use axum::http::{HeaderMap, header};
use axum::response::Response;
use base::Actor;
use repos::model::{Analysis, RepoOverview};
use transient::{Family, Key, Tag, Wanted};

use super::{Found, not_analysed};
use crate::problem::Problem;
use crate::reply::{self, Dated};
use crate::routes::repos::{find_repo, repos_problem};
use crate::state::AppState;

/// Answers of reports: five minutes in a process, a day in Redis.
pub(in crate::routes) const REPORTS: Family =
    Family { name: "report", in_process: Duration::from_mins(5), shared: Duration::from_hours(24) };

/// What everything kept about a repository can be forgotten by.
pub(in crate::routes) fn of_repo(repo: base::id::RepoId) -> Tag {
    Tag::of("repo", &repo.to_string())
}

/// The newest report of a repository, not read yet.
pub(super) struct Newest<'a> {
    app: &'a AppState,
    actor: &'a Actor,
    pub(super) overview: RepoOverview,
    analysis: Analysis,
    wanted: Wanted,
}

impl<'a> Newest<'a> {
    /// Finds it, where the reader may see it.
    pub(super) async fn of(
        app: &'a AppState,
        actor: &'a Actor,
        repo: &str,
        headers: &HeaderMap,
    ) -> Result<Self, Problem> {
        let mut overview = find_repo(&app.repos, actor, repo).await?;
        let analysis = overview.latest.take().ok_or_else(not_analysed)?;
        Ok(Self { app, actor, overview, analysis, wanted: wanted(headers) })
    }

    /// The answer to a question. `parts` name the question and everything that the answer shows besides the report.
    pub(super) async fn answer<T: Dated>(
        self,
        parts: &[&str],
        make: impl FnOnce(Found) -> Result<T, Problem>,
    ) -> Result<Response, Problem> {
        let Self { app, actor, overview, analysis, wanted } = self;
        let id = analysis.id.to_string();
        let made_of = [app.config.build.as_str(), id.as_str()];
        let parts: Vec<&str> = made_of.into_iter().chain(parts.iter().copied()).collect();
        let key = Key::new(REPORTS, actor.workspace, &parts).tagged(of_repo(overview.repo.id));
        // Boxed, so that callers do not carry a future as large as all tiers of the cache.
        let body = Box::pin(app.cache.get(&key, wanted, async {
            let report = app.repos.report_of(actor, analysis.id).await.map_err(repos_problem)?;
            let RepoOverview { repo, findings: tally, open_insights, .. } = overview;
            let report = report.ok_or_else(not_analysed)?;
            let answer = make(Found { repo, analysis, report, tally, open_insights })?;
            serde_json::to_vec(&answer).map_err(Problem::internal)
        }));
        let body = body.await?;
        Ok(reply::tagged(&reply::tag(&body), "application/json", body.to_vec()))
    }
}

/// Whether the reader takes what is kept: `Cache-Control: no-cache` of a request says no (RFC 9111, 5.2.1.4).
fn wanted(headers: &HeaderMap) -> Wanted {
    let lines = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|line| line.to_str().ok());
    let fresh = lines.flat_map(|line| line.split(',')).any(|one| one.trim().eq_ignore_ascii_case("no-cache"));
    if fresh { Wanted::Fresh } else { Wanted::Any }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_may_want_the_answer_made_anew() {
        let asked = |line: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CACHE_CONTROL, axum::http::HeaderValue::from_static(line));
            wanted(&headers)
        };
        assert_eq!(asked("max-age=0, No-Cache"), Wanted::Fresh);
        assert_eq!(asked("max-age=0"), Wanted::Any);
        assert_eq!(wanted(&HeaderMap::new()), Wanted::Any);
    }
}
