//! Where knowledge about vulnerabilities comes from: an imported mirror, or an online service.
//!
//! Not having looked is never reported as having found nothing: every way of not knowing has its reason, in words
//! that say what to do.
//!
//! Reading order: [`Advisories`], [`import`](mod@import), [`online`].

pub mod import;
pub mod online;

use std::collections::BTreeMap;

use analysis::advisories::{AdvisoryAnswer, OsvRecord, PackageKey, normal_name};
use analysis::report::AdvisoryState;
use base::Clock;
use base::id::WorkspaceId;
use storage::{Db, Error};

use crate::model::{AdvisoryMode, AdvisorySource, AdvisoryStatus};
use crate::store::advisories as store;
use online::Online;

/// Why nothing is known where nobody has chosen: the same words with a database and without one.
pub const UNDECIDED: &str = "Nobody has chosen how to look up known vulnerabilities: \
     `devmentor advisories mode online` or `devmentor advisories import FOLDER` does.";

/// Known vulnerabilities. Cheap to clone.
#[derive(Clone)]
pub struct Advisories {
    db: Db,
    clock: Clock,
    online: Option<Online>,
}

impl Advisories {
    /// Without `online`, the mode of that name says that it is not configured.
    pub fn new(db: Db, clock: Clock, online: Option<Online>) -> Self {
        Self { db, clock, online }
    }

    /// What a workspace decided, and what was imported.
    pub async fn status(&self, workspace: WorkspaceId) -> Result<AdvisoryStatus, Error> {
        let (mode, version) = store::mode(&self.db, workspace).await?;
        Ok(AdvisoryStatus { mode, sources: store::sources(&self.db).await?, version })
    }

    /// How the workspace wants vulnerabilities to be looked up.
    pub async fn mode(&self, workspace: WorkspaceId) -> Result<AdvisoryMode, Error> {
        Ok(store::mode(&self.db, workspace).await?.0)
    }

    /// Stores a decision of the workspace.
    pub async fn set_mode(&self, workspace: WorkspaceId, mode: AdvisoryMode) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        store::set_mode(&mut tx, workspace, mode).await?;
        tx.commit().await
    }

    /// What changes when the same look-up may give another answer: part of the key under which analyses are reused.
    pub(crate) async fn edition(&self, mode: AdvisoryMode) -> Result<String, Error> {
        Ok(match mode {
            AdvisoryMode::Mirror => {
                let sources = store::sources(&self.db).await?;
                let edition = |it: &AdvisorySource| {
                    let (as_of, imported) = (it.as_of.as_micros(), it.imported_at.as_micros());
                    format!("{}@{as_of}#{imported}", it.ecosystem)
                };
                sources.iter().map(edition).collect::<Vec<_>>().join(";")
            }
            // The service's data changes all the time; a day is what its readers can expect.
            AdvisoryMode::Online => format!("online@{}", self.clock.now().as_seconds().div_euclid(86_400)),
            AdvisoryMode::Undecided | AdvisoryMode::None => mode.as_str().to_owned(),
        })
    }

    /// Looks packages up in the way that was decided. Never fails: what went wrong is in the answer.
    pub async fn look_up(&self, mode: AdvisoryMode, packages: &[PackageKey]) -> AdvisoryAnswer {
        match mode {
            AdvisoryMode::Undecided => not_checked(UNDECIDED),
            AdvisoryMode::None => not_checked(
                "The look-up of known vulnerabilities is switched off: `devmentor advisories mode` changes that.",
            ),
            AdvisoryMode::Mirror => self.in_mirror(packages).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the imported advisories could not be read");
                not_checked("The imported advisories could not be read.")
            }),
            AdvisoryMode::Online => match &self.online {
                None => not_checked("The online look-up is not configured."),
                Some(online) => match online.look_up(packages).await {
                    Ok(records) => found_online(records, self.clock.now().as_seconds()),
                    Err(error) => {
                        tracing::warn!(%error, "the online look-up of advisories failed");
                        not_checked(&format!("The online look-up failed: {error}."))
                    }
                },
            },
        }
    }

    async fn in_mirror(&self, packages: &[PackageKey]) -> Result<AdvisoryAnswer, Error> {
        let sources = store::sources(&self.db).await?;
        let mut wanted: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for key in packages {
            wanted.entry(&key.ecosystem).or_default().push(normal_name(&key.ecosystem, &key.name));
        }
        // Of several ecosystems the one with the oldest data says how much the answer is worth.
        let in_use = sources.iter().filter(|it| wanted.contains_key(it.ecosystem.as_str()));
        let as_of = in_use.map(|it| it.as_of).min().or_else(|| sources.iter().map(|it| it.as_of).max());
        let Some(as_of) = as_of else {
            return Ok(not_checked(
                "No advisories have been imported yet: `devmentor advisories import FOLDER` does it.",
            ));
        };
        let mut records = BTreeMap::new();
        for (ecosystem, names) in wanted {
            let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
            for body in store::records(&self.db, ecosystem, &names).await? {
                let record = import::decode(&body).map_err(Error::corrupt)?;
                records.insert(record.id.clone(), record);
            }
        }
        Ok(AdvisoryAnswer {
            state: AdvisoryState::Checked { source: "mirror".to_owned(), as_of: as_of.as_seconds() },
            covered: sources.into_iter().map(|it| it.ecosystem).collect(),
            records: records.into_values().collect(),
        })
    }
}

fn not_checked(reason: &str) -> AdvisoryAnswer {
    AdvisoryAnswer {
        state: AdvisoryState::NotChecked { reason: reason.to_owned() },
        covered: Vec::new(),
        records: Vec::new(),
    }
}

fn found_online(records: Vec<OsvRecord>, now: i64) -> AdvisoryAnswer {
    let newest = records.iter().filter_map(|record| import::time(&record.modified)).max();
    AdvisoryAnswer {
        state: AdvisoryState::Checked {
            source: "online".to_owned(),
            as_of: newest.map_or(now, base::Timestamp::as_seconds),
        },
        covered: online::ECOSYSTEMS.iter().map(|&name| name.to_owned()).collect(),
        records,
    }
}
