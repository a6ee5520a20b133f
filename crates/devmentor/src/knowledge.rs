//! The data about known vulnerabilities, as commands without a server reach it.

use anyhow::Context as _;
use base::id::WorkspaceId;
use base::{Clock, Ids};
use repos::advisories::Advisories;
use storage::Db;

use crate::config::Config;
use crate::wiring::{identity_alone, online, outbound};

/// The imported data and the owner's choice.
pub(crate) struct Knowledge {
    /// The look-up.
    pub(crate) advisories: Advisories,
    /// Whose choice it is.
    pub(crate) workspace: WorkspaceId,
}

impl Knowledge {
    /// Opens the database, and makes it where there is none yet.
    pub(crate) async fn open(config: &Config) -> anyhow::Result<Self> {
        let db = Db::open(&config.storage()).await.context("the database cannot be opened")?;
        let clock = Clock::system();
        let ids = Ids::random(clock.clone());
        let online = online(config, &outbound(config, &clock, &ids)?)?;
        let identity = identity_alone(db.clone(), clock.clone(), ids);
        let owner = identity.ensure_owner().await?;
        Ok(Self { advisories: Advisories::new(db, clock, Some(online)), workspace: owner.workspace })
    }
}
