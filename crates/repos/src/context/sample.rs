//! The sample, as a repository like any other, and in the workspace that everybody may read in.

use std::path::PathBuf;

use events::Event;

use super::judge::Moment;
use super::{RepoError, Repos};
use crate::failure::{Failure, FailureCode};
use crate::model::{Repo, Summary};
use crate::sample;
use crate::source::Source;
use crate::store::{analyses, reports, repositories};

impl Repos {
    /// Where the sample is; the name is no id, so that nobody takes it for a copy.
    pub(super) fn sample_folder(&self) -> PathBuf {
        self.config.clones.join("sample.git")
    }

    /// What was given as a source. The sample is written when somebody first asks for it.
    pub(super) async fn understood(&self, source: &str) -> Result<Source, Failure> {
        if source.trim() != sample::SOURCE {
            return Source::parse(source);
        }
        self.write_sample().await?;
        Ok(Source::sample())
    }

    /// What a repository is called where nobody says anything else.
    pub(super) fn suggested_name(source: &Source) -> String {
        if source.is_sample() { sample::NAME.to_owned() } else { source.suggested_name() }
    }

    async fn write_sample(&self) -> Result<String, Failure> {
        let folder = self.sample_folder();
        let written = tokio::task::spawn_blocking(move || sample::write(&folder)).await;
        let failed = |error: String| {
            tracing::warn!(%error, "the sample could not be written");
            Failure::new(FailureCode::Internal, "The sample could not be written to the data folder.")
        };
        written.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))
    }

    /// Puts the sample, with its committed report, into the workspace that everybody may read in. Where it is there
    /// already, as this version of the program has it, nothing changes.
    ///
    /// # Errors
    /// When the data folder or the database cannot be written.
    pub async fn open_sample(&self) -> Result<(), RepoError> {
        let commit = self.write_sample().await?;
        let report = sample::report().map_err(storage::Error::corrupt)?;
        let actor = sample::reader();
        let (workspace, repo) = (actor.workspace, sample::repo_id());
        let known = analyses::latest_done(&self.db, workspace, repo).await?;
        let row = repositories::by_id(&self.db, workspace, repo).await?;
        // Before, its source was the folder of the process that wrote it.
        let is_row = row.is_some_and(|row| row.source.is_sample());
        if known.is_some_and(|known| {
            is_row
                && known.commit.as_deref() == Some(&commit)
                && known.analyzer.as_deref() == Some(&report.analyzer)
        }) {
            return Ok(());
        }
        let encoded = reports::encode(&report)?;
        let (summary, now) = (Summary::of(&report), self.clock.now());
        let mut tx = self.db.begin().await?;
        repositories::forget(&mut tx, workspace, repo).await?;
        let row = Repo {
            id: repo,
            slug: sample::NAME.to_owned(),
            name: sample::NAME.to_owned(),
            source: Source::sample(),
            branch: None,
            secrets_in_history: false,
            created_at: now,
            created_by: actor.user,
            version: 1,
        };
        repositories::insert(&mut tx, workspace, &row).await?;
        let analysis = self.ids.new_id();
        // Another process that shares this database may be doing the same.
        if !analyses::insert(&mut tx, workspace, analysis, repo, actor.user, now).await?
            || !analyses::start(&mut tx, workspace, analysis, now).await?
        {
            return Ok(());
        }
        let done = analyses::Done {
            commit: &report.commit.id,
            analyzer: &report.analyzer,
            cache_key: None,
            summary: &summary,
            finished: &[],
        };
        analyses::finish(&mut tx, workspace, analysis, &done, now).await?;
        let moment = Moment { repo, analysis, at: now };
        self.save_findings(&mut tx, workspace, moment, &report, encoded).await?;
        let insights = self.save_insights(&mut tx, workspace, moment, &report, actor.user).await?;
        let event = Event::AnalysisFinished {
            analysis,
            repo,
            commit: report.commit.id.clone(),
            grade: summary.grade.map(String::from),
            files: summary.files,
            findings: summary.findings,
            insights,
        };
        self.events.emit(&mut tx, Self::channel(workspace), Some(actor.user), event);
        tx.commit().await?;
        Ok(())
    }
}
