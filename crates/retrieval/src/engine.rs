//! The index in this process: words and vectors together.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use base::id::WorkspaceId;
use tantivy::{DocAddress, Searcher};
use uuid::Uuid;

use crate::shelves::Shelves;
use crate::texts::Texts;
use crate::{Change, Error, Hit, Search, Watermark, fusion};

/// How many documents of each list are looked at, at least: what is not among the best by words or by meaning is not
/// among the best by both.
const CANDIDATES: usize = 200;

/// The index in this process. See [`crate::Retrieval`] for what its functions promise; these block.
pub struct InProcess {
    folder: Option<PathBuf>,
    opened: Mutex<Option<Arc<Opened>>>,
}

struct Opened {
    texts: Texts,
    /// What searches see. The two change together.
    seen: RwLock<Seen>,
}

struct Seen {
    searcher: Searcher,
    shelves: Shelves,
}

impl InProcess {
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, opened: Mutex::new(None) }
    }

    fn opened(&self) -> Result<Arc<Opened>, Error> {
        let mut slot = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(opened) = &*slot {
            return Ok(Arc::clone(opened));
        }
        let texts = Texts::open(self.folder.as_deref())?;
        let mut shelves = Shelves::default();
        texts.each(|workspace, id, keys, vector, words| shelves.put(workspace, id, &keys, &vector, words))?;
        let seen = RwLock::new(Seen { searcher: texts.searcher(), shelves });
        let opened = Arc::new(Opened { texts, seen });
        *slot = Some(Arc::clone(&opened));
        Ok(opened)
    }

    pub(crate) fn watermark(&self) -> Result<Option<Watermark>, Error> {
        self.opened()?.texts.watermark()
    }

    pub(crate) fn apply(&self, changes: &[Change], watermark: &Watermark) -> Result<(), Error> {
        let opened = self.opened()?;
        opened.texts.apply(changes, watermark)?;
        let mut seen = opened.seen.write().unwrap_or_else(PoisonError::into_inner);
        seen.searcher = opened.texts.searcher();
        for change in changes {
            match change {
                Change::Put(put) => {
                    let words = opened.texts.length(&put.text)?;
                    seen.shelves.put(put.workspace, put.id, &put.keys, &put.vector, words);
                }
                Change::Remove { workspace, id } => seen.shelves.remove(*workspace, *id),
            }
        }
        Ok(())
    }

    pub(crate) fn clear(&self) -> Result<(), Error> {
        let opened = self.opened()?;
        opened.texts.clear()?;
        let mut seen = opened.seen.write().unwrap_or_else(PoisonError::into_inner);
        *seen = Seen { searcher: opened.texts.searcher(), shelves: Shelves::default() };
        Ok(())
    }

    pub(crate) fn size(&self) -> Result<u64, Error> {
        let opened = self.opened()?;
        let seen = opened.seen.read().unwrap_or_else(PoisonError::into_inner);
        Ok(seen.shelves.len() as u64)
    }

    pub(crate) fn ids(&self, workspace: WorkspaceId) -> Result<Vec<Uuid>, Error> {
        let opened = self.opened()?;
        let seen = opened.seen.read().unwrap_or_else(PoisonError::into_inner);
        Ok(seen.shelves.of(workspace).map(crate::shelves::Shelf::ids).unwrap_or_default())
    }

    pub(crate) fn search(&self, search: &Search) -> Result<Vec<Hit>, Error> {
        let opened = self.opened()?;
        let seen = opened.seen.read().unwrap_or_else(PoisonError::into_inner);
        let Some(shelf) = seen.shelves.of(search.workspace) else { return Ok(Vec::new()) };
        let (texts, searcher) = (&opened.texts, &seen.searcher);
        let many = search.limit.max(CANDIDATES);
        let terms = texts.terms(searcher, &search.text, search.workspace, shelf.volume())?;
        let matches = texts.matches(searcher, &terms, search.workspace, &search.filter, many)?;
        let mut words: HashMap<Uuid, (f32, DocAddress)> = HashMap::with_capacity(matches.len());
        words.extend(matches.iter().map(|found| (found.id, (found.score, found.address))));

        let likeness = |id| search.vector.as_ref().and_then(|vector| shelf.likeness(id, vector));
        let mut candidates: Vec<fusion::Candidate> = matches
            .iter()
            .map(|found| fusion::Candidate {
                id: found.id,
                words: Some(found.score.into()),
                likeness: likeness(found.id).map(f64::from),
            })
            .collect();
        let near = search.vector.as_ref().map(|vector| shelf.nearest(vector, &search.filter, many));
        candidates.extend(
            near.into_iter()
                .flatten()
                .filter(|(id, _)| !words.contains_key(id))
                .map(|(id, likeness)| fusion::Candidate { id, words: None, likeness: Some(likeness.into()) }),
        );
        let mut ranked = fusion::rank(&candidates, terms.best.into(), search.mix);
        ranked.truncate(search.limit);
        let hit = |(id, score)| {
            let terms = match words.get(&id) {
                Some((_, address)) => texts.words_of(searcher, &terms, *address)?,
                None => Vec::new(),
            };
            Ok(Hit { id, score, terms })
        };
        ranked.into_iter().map(hit).collect()
    }
}
