//! What people decide about a repository, and about how its people are shown.

use base::Actor;
use base::id::RepoId;
use events::Event;

use super::connect::checked_branch;
use super::{RepoError, Repos};
use crate::failure::{Failure, FailureCode};
use crate::model::{Repo, RepoChange};
use crate::source::Source;
use crate::store::{advisories, repositories};

impl Repos {
    /// Changes how a repository is analysed, from the next analysis on. `version` is the one that was seen. A branch
    /// has to be there: it is looked for now, while the person who named it is there too. A change that changes nothing
    /// leaves the version as it is.
    pub async fn change_repo(
        &self,
        actor: &Actor,
        id: RepoId,
        version: i64,
        change: RepoChange,
    ) -> Result<Repo, RepoError> {
        let mut repo =
            repositories::by_id(&self.db, actor.workspace, id).await?.ok_or(RepoError::NotFound)?;
        if repo.version != version {
            return Err(RepoError::Changed);
        }
        let before = repo.clone();
        if let Some(branch) = &change.branch {
            let branch = checked_branch(Some(branch))?.map(str::to_owned);
            if branch != repo.branch {
                self.look_for_branch(actor, &repo, branch.as_deref()).await?;
            }
            repo.branch = branch;
        }
        repo.secrets_in_history = change.secrets_in_history.unwrap_or(repo.secrets_in_history);
        if repo == before {
            // Nobody else's view of it becomes stale by that.
            return Ok(repo);
        }
        let mut tx = self.db.begin().await?;
        repositories::set(&mut tx, actor.workspace, &repo).await?;
        let event = Event::RepoUpdated { repo: repo.id };
        self.events.emit(&mut tx, Self::channel(actor.workspace), Some(actor.user), event);
        tx.commit().await?;
        repo.version += 1;
        Ok(repo)
    }

    async fn look_for_branch(
        &self,
        actor: &Actor,
        repo: &Repo,
        branch: Option<&str>,
    ) -> Result<(), RepoError> {
        if let Some(other) = repositories::by_source(&self.db, actor.workspace, &repo.source, branch).await? {
            let detail = format!("That branch is connected already, as `{}`.", other.name);
            return Err(Failure::new(FailureCode::NoSuchBranch, detail).into());
        }
        match &repo.source {
            Source::Local(path) => {
                let path = self.permitted(path)?;
                self.config.supervisor.resolve(&path, self.lenders(), branch).await?;
            }
            Source::Git(address) => {
                let fetcher = self.fetcher_for(actor.workspace, repo.id, address).await?;
                fetcher.list(address, branch).await?;
            }
        }
        Ok(())
    }

    /// Whether the operator has the history of every repository searched for credentials.
    pub fn searches_every_history(&self) -> bool {
        self.config.supervisor.limits().past_secrets
    }

    /// Whether the workspace wants people named where a report tells who changed what.
    pub async fn name_people(&self, actor: &Actor) -> Result<bool, RepoError> {
        Ok(advisories::name_people(&self.db, actor.workspace).await?)
    }

    /// Decides whether people are named.
    pub async fn set_name_people(&self, actor: &Actor, name: bool) -> Result<(), RepoError> {
        let mut tx = self.db.begin().await?;
        advisories::set_name_people(&mut tx, actor.workspace, name).await?;
        let event = Event::SettingsUpdated { name_people: name };
        self.events.emit(&mut tx, Self::channel(actor.workspace), Some(actor.user), event);
        tx.commit().await?;
        Ok(())
    }
}
