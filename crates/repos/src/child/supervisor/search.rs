//! Searching a commit.

use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

use super::{SHORT_TASK, Supervisor, clear, keep_beside, unexpected};
use crate::child::protocol::{Beside, Message, SearchFound, Sought, Task};
use crate::failure::{Failure, FailureCode};
use crate::kept::{SLOT_BYTES, Slot};

impl Supervisor {
    /// What fits best in the files of a commit. What it is made in is taken from where this supervisor
    /// [keeps](Self::keeping) things, and added to. To drop the future ends the child.
    pub async fn search(
        &self,
        path: &Path,
        roots: &[PathBuf],
        sought: Sought,
    ) -> Result<SearchFound, Failure> {
        let first = self.searched(path, roots, sought.clone(), self.slot.as_ref()).await;
        let (Err(failure), Some(slot)) = (&first, &self.slot) else { return first };
        if failure.code != FailureCode::AnalysisCrashed {
            return first;
        }
        // What is kept may be the reason, so it must not have the chance again. What analyses keep is not read here.
        clear(slot, Slot::clear_search).await;
        self.searched(path, roots, sought, None).await
    }

    async fn searched(
        &self,
        path: &Path,
        roots: &[PathBuf],
        sought: Sought,
        slot: Option<&Slot>,
    ) -> Result<SearchFound, Failure> {
        let mut running = self.start(Task::Search(sought), path, roots, slot).await?;
        running
            .finish_within(SHORT_TASK, &CancellationToken::new(), async move |running| {
                running.hello().await?;
                let mut slot = slot;
                loop {
                    match running.message().await? {
                        Message::KeepBeside { what: Beside::Search, bytes } => match slot.take() {
                            Some(slot) if bytes <= SLOT_BYTES => {
                                keep_beside(slot, Slot::search, running.bytes(bytes).await?).await;
                            }
                            _ => {
                                return Err(Failure::new(
                                    FailureCode::Internal,
                                    "It asked to keep what it must not.",
                                ));
                            }
                        },
                        Message::Search(found) => return Ok(found),
                        Message::Failed(failure) => return Err(failure),
                        other => return Err(unexpected(&other)),
                    }
                }
            })
            .await
    }
}
