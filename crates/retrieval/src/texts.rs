//! Words: BM25 over tantivy. The files also carry the vectors and keys, so that an index is whole by itself.
//!
//! How much a word is worth is counted in the workspace that asks, not over all of them: otherwise what others write would
//! change an answer, and could be told from its scores.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use base::id::WorkspaceId;
use serde::{Deserialize, Serialize};
use tantivy::collector::TopDocs;
use tantivy::directory::MmapDirectory;
use tantivy::directory::error::LockError;
use tantivy::merge_policy::LogMergePolicy;
use tantivy::postings::Postings;
use tantivy::query::{
    Bm25StatisticsProvider, Bm25Weight, BooleanQuery, ConstScoreQuery, Occur, Query, TermQuery,
};
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _,
};
use tantivy::{
    DocAddress, DocSet as _, Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher,
    TantivyDocument, TantivyError, Term,
};
use uuid::Uuid;

use crate::words;
use crate::{Change, Document, Error, MODEL, Vector, Watermark};

/// What the files hold. Another number is built anew.
const FORMAT: u32 = 2;

/// Memory for changes on their way to a file, in bytes: the least the engine takes.
const BUFFER: usize = 15_000_000;

/// The share of a segment that may be deleted before it is merged, which is when deleted words leave the files.
const MOST_DELETED: f32 = 0.2;

/// The name of the analyzer in the schema.
const WORDS: &str = "words";

/// The index of the words, open for writing.
pub(crate) struct Texts {
    fields: Fields,
    index: Index,
    reader: IndexReader,
    writer: Mutex<IndexWriter>,
}

#[derive(Clone, Copy)]
struct Fields {
    /// In hexadecimal, to replace and delete by.
    id: Field,
    /// The two halves of the id, to know a hit by.
    high: Field,
    low: Field,
    workspace: Field,
    key: Field,
    vector: Field,
    /// How many words there are, to count what a workspace has.
    length: Field,
    words: Field,
}

/// What stands with each commit.
#[derive(Serialize, Deserialize)]
struct Payload {
    format: u32,
    model: String,
    watermark: Watermark,
}

/// A document that has words of the query.
pub(crate) struct Match {
    pub(crate) id: Uuid,
    pub(crate) address: DocAddress,
    pub(crate) score: f32,
}

/// The words of a query, and what they can be worth.
pub(crate) struct Terms {
    words: Vec<(String, Term)>,
    counted: Counted,
    /// The score of a document that has every word, each as often as counts.
    pub(crate) best: f32,
}

/// How much there is in one workspace.
#[derive(Clone, Copy, Default)]
pub(crate) struct Volume {
    pub(crate) documents: u64,
    pub(crate) words: u64,
}

/// What the worth of words follows from, in one workspace.
struct Counted {
    volume: Volume,
    /// How many documents have each word of the query.
    documents: HashMap<Term, u64>,
}

impl Bm25StatisticsProvider for Counted {
    fn total_num_tokens(&self, _: Field) -> tantivy::Result<u64> {
        Ok(self.volume.words)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.volume.documents)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        // Of keys, whose score is thrown away, any number does.
        Ok(self.documents.get(term).copied().unwrap_or(0))
    }
}

impl Texts {
    /// Opens the folder; in memory without one, or while another process writes there. Files that cannot be read are
    /// thrown away: they can be made again.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self, Error> {
        let Some(folder) = folder else { return Self::in_memory() };
        match Self::in_folder(folder) {
            Err(TantivyError::LockFailure(LockError::LockBusy, _)) => {
                tracing::debug!("another process writes the index; this one keeps its own in memory");
                Self::in_memory()
            }
            Err(error) => {
                tracing::warn!(%error, "the search index cannot be read and is built anew");
                fs::remove_dir_all(folder)?;
                Ok(Self::in_folder(folder)?)
            }
            Ok(texts) => Ok(texts),
        }
    }

    fn in_memory() -> Result<Self, Error> {
        let (schema, fields) = schema();
        Ok(Self::over(Index::create_in_ram(schema), fields)?)
    }

    fn in_folder(folder: &Path) -> tantivy::Result<Self> {
        fs::create_dir_all(folder)?;
        let (schema, fields) = schema();
        let settings = IndexSettings::default();
        let index = Index::builder()
            .schema(schema)
            .settings(settings)
            .open_or_create(MmapDirectory::open(folder)?)?;
        Self::over(index, fields)
    }

    fn over(index: Index, fields: Fields) -> tantivy::Result<Self> {
        index.tokenizers().register(WORDS, words::analyzer());
        let writer = index.writer_with_num_threads(1, BUFFER)?;
        // What was deleted stays in the files until its segment is merged; by default deletes alone never cause that.
        let mut merging = LogMergePolicy::default();
        merging.set_del_docs_ratio_before_merge(MOST_DELETED);
        writer.set_merge_policy(Box::new(merging));
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { fields, index, reader, writer: Mutex::new(writer) })
    }

    pub(crate) fn watermark(&self) -> Result<Option<Watermark>, Error> {
        let payload = self.index.load_metas()?.payload;
        let payload = payload.and_then(|payload| serde_json::from_str::<Payload>(&payload).ok());
        Ok(payload
            .filter(|payload| payload.format == FORMAT && payload.model == MODEL)
            .map(|payload| payload.watermark))
    }

    /// Takes changes in and makes them durable with the watermark.
    pub(crate) fn apply(&self, changes: &[Change], watermark: &Watermark) -> Result<(), Error> {
        let payload = Payload { format: FORMAT, model: MODEL.to_owned(), watermark: watermark.clone() };
        let payload = serde_json::to_string(&payload).map_err(|error| Error::Engine(error.to_string()))?;
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let written = self.write(&mut writer, changes, &payload);
        if written.is_err() {
            // What is left in the buffer would come with the next commit, under a watermark that does not know it.
            writer.rollback()?;
        }
        Ok(written?)
    }

    fn write(&self, writer: &mut IndexWriter, changes: &[Change], payload: &str) -> tantivy::Result<()> {
        for change in changes {
            let (Change::Put(Document { id, .. }) | Change::Remove { id, .. }) = change;
            writer.delete_term(Term::from_field_text(self.fields.id, &id.simple().to_string()));
            if let Change::Put(document) = change {
                writer.add_document(self.fields.document(document, self.length(&document.text)?))?;
            }
        }
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(payload);
        commit.commit()?;
        self.reader.reload()
    }

    /// How many words a text has, as they are indexed.
    pub(crate) fn length(&self, text: &str) -> tantivy::Result<u64> {
        let mut length = 0;
        self.index.tokenizer_for_field(self.fields.words)?.token_stream(text).process(&mut |_| length += 1);
        Ok(length)
    }

    /// Throws everything away, the watermark too.
    pub(crate) fn clear(&self) -> Result<(), Error> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.delete_all_documents()?;
        let mut commit = writer.prepare_commit()?;
        commit.set_payload("");
        commit.commit()?;
        Ok(self.reader.reload()?)
    }

    /// What can be searched now.
    pub(crate) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// Everything the files hold, without the words.
    pub(crate) fn each(
        &self,
        mut take: impl FnMut(WorkspaceId, Uuid, Vec<String>, Vector, u64),
    ) -> Result<(), Error> {
        for segment in self.searcher().segment_readers() {
            let store = segment.get_store_reader(1)?;
            for stored in store.iter::<TantivyDocument>(segment.alive_bitset()) {
                let stored = stored?;
                let (id, workspace, keys, vector, length) = self
                    .fields
                    .read(&stored)
                    .ok_or_else(|| Error::Engine("a document in it cannot be read".to_owned()))?;
                take(workspace, id, keys, vector, length);
            }
        }
        Ok(())
    }

    /// The words of a query in a workspace that holds so much.
    pub(crate) fn terms(
        &self,
        searcher: &Searcher,
        text: &str,
        workspace: WorkspaceId,
        volume: Volume,
    ) -> Result<Terms, Error> {
        let mut analyzer = self.index.tokenizer_for_field(self.fields.words)?;
        let words: Vec<(String, Term)> = words::terms(&mut analyzer, text)
            .into_iter()
            .map(|word| (word.clone(), Term::from_field_text(self.fields.words, &word)))
            .collect();
        let ours = Term::from_field_text(self.fields.workspace, &workspace.to_string());
        // Where nobody else has anything, the engine knows the numbers already.
        let alone = volume.documents == searcher.num_docs();
        let (mut documents, mut best) = (HashMap::with_capacity(words.len()), 0.0);
        for (_, term) in &words {
            let many = if alone { searcher.doc_freq(term)? } else { both(searcher, term, &ours)? };
            // The engine also counts what was deleted a moment ago.
            let many = many.min(volume.documents);
            documents.insert(term.clone(), many);
            // A word that no document has is worth most, and says that the best match is not all that was asked for.
            best += Bm25Weight::for_one_term_without_explain(many, volume.documents.max(1), 1.0).max_score();
        }
        Ok(Terms { words, counted: Counted { volume, documents }, best })
    }

    /// The workspace's documents that have words of the query and the keys of the filter, the best first.
    pub(crate) fn matches(
        &self,
        searcher: &Searcher,
        terms: &Terms,
        workspace: WorkspaceId,
        filter: &[Vec<String>],
        limit: usize,
    ) -> Result<Vec<Match>, Error> {
        if terms.words.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let any = |terms: Vec<Term>, option| {
            let terms =
                terms.into_iter().map(|term| Box::new(TermQuery::new(term, option)) as Box<dyn Query>);
            BooleanQuery::union(terms.collect())
        };
        let must = |terms: Vec<Term>| -> (Occur, Box<dyn Query>) {
            (Occur::Must, Box::new(ConstScoreQuery::new(Box::new(any(terms, IndexRecordOption::Basic)), 0.0)))
        };
        let words = terms.words.iter().map(|(_, term)| term.clone()).collect();
        let mut all: Vec<(Occur, Box<dyn Query>)> =
            vec![(Occur::Must, Box::new(any(words, IndexRecordOption::WithFreqs)))];
        all.push(must(vec![Term::from_field_text(self.fields.workspace, &workspace.to_string())]));
        for group in filter {
            all.push(must(group.iter().map(|key| Term::from_field_text(self.fields.key, key)).collect()));
        }
        let best = TopDocs::with_limit(limit).order_by_score();
        let found =
            searcher.search_with_statistics_provider(&BooleanQuery::new(all), &best, &terms.counted)?;
        found.into_iter().map(|(score, address)| known(searcher, score, address)).collect()
    }

    /// Which of the words a document has.
    pub(crate) fn words_of(
        &self,
        searcher: &Searcher,
        terms: &Terms,
        address: DocAddress,
    ) -> Result<Vec<String>, Error> {
        let inverted = searcher.segment_reader(address.segment_ord).inverted_index(self.fields.words)?;
        let mut found = Vec::new();
        for (word, term) in &terms.words {
            let Some(mut postings) = inverted.read_postings(term, IndexRecordOption::Basic)? else {
                continue;
            };
            if postings.doc() < address.doc_id {
                postings.seek(address.doc_id);
            }
            if postings.doc() == address.doc_id && postings.term_freq() > 0 {
                found.push(word.clone());
            }
        }
        Ok(found)
    }
}

/// How many documents have both terms.
fn both(searcher: &Searcher, one: &Term, other: &Term) -> tantivy::Result<u64> {
    let has = |term: &Term| {
        let query = TermQuery::new(term.clone(), IndexRecordOption::Basic);
        (Occur::Must, Box::new(query) as Box<dyn Query>)
    };
    Ok(BooleanQuery::new(vec![has(one), has(other)]).count(searcher)? as u64)
}

/// The document at an address, as its owner knows it.
fn known(searcher: &Searcher, score: f32, address: DocAddress) -> Result<Match, Error> {
    let fast = searcher.segment_reader(address.segment_ord).fast_fields();
    let half = |name| -> Result<u64, Error> { Ok(fast.u64(name)?.first(address.doc_id).unwrap_or(0)) };
    let id = Uuid::from_u64_pair(half(HIGH)?, half(LOW)?);
    Ok(Match { id, address, score })
}

const HIGH: &str = "high";
const LOW: &str = "low";

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let words = TextFieldIndexing::default()
        .set_tokenizer(WORDS)
        .set_index_option(IndexRecordOption::WithFreqs)
        .set_fieldnorms(true);
    let fields = Fields {
        id: schema.add_text_field("id", STRING | STORED),
        high: schema.add_u64_field(HIGH, FAST),
        low: schema.add_u64_field(LOW, FAST),
        workspace: schema.add_text_field("workspace", STRING | STORED),
        key: schema.add_text_field("key", STRING | STORED),
        vector: schema.add_bytes_field("vector", STORED),
        length: schema.add_u64_field("length", STORED),
        words: schema.add_text_field(WORDS, TextOptions::default().set_indexing_options(words)),
    };
    (schema.build(), fields)
}

impl Fields {
    fn document(&self, document: &Document, length: u64) -> TantivyDocument {
        let (high, low) = document.id.as_u64_pair();
        let mut stored = TantivyDocument::new();
        stored.add_text(self.id, document.id.simple().to_string());
        stored.add_u64(self.high, high);
        stored.add_u64(self.low, low);
        stored.add_text(self.workspace, document.workspace.to_string());
        for key in &document.keys {
            stored.add_text(self.key, key);
        }
        stored.add_bytes(self.vector, &document.vector.to_bytes());
        stored.add_u64(self.length, length);
        stored.add_text(self.words, &document.text);
        stored
    }

    fn read(&self, stored: &TantivyDocument) -> Option<(Uuid, WorkspaceId, Vec<String>, Vector, u64)> {
        let id = Uuid::parse_str(stored.get_first(self.id)?.as_str()?).ok()?;
        let workspace = stored.get_first(self.workspace)?.as_str()?.parse().ok()?;
        let keys = stored.get_all(self.key).filter_map(|key| key.as_str().map(str::to_owned)).collect();
        let vector = Vector::from_bytes(stored.get_first(self.vector)?.as_bytes()?).ok()?;
        let length = stored.get_first(self.length)?.as_u64()?;
        Some((id, workspace, keys, vector, length))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use base::Ids;

    use super::*;

    #[test]
    fn deleted_documents_leave_the_files_without_new_ones() {
        let texts = Texts::open(None).unwrap();
        let (embedder, workspace) = (crate::Embedder::new(), Ids::counted().new_id());
        let mark = |seen| Watermark { epoch: "a".to_owned(), seen };
        let put = |number| {
            let text = format!("word{number}");
            let vector = embedder.embed(&text).unwrap();
            Change::Put(Document { id: Uuid::from_u128(number), workspace, keys: Vec::new(), text, vector })
        };
        texts.apply(&(0..10).map(put).collect::<Vec<_>>(), &mark(1)).unwrap();
        let gone = (0..5).map(|number| Change::Remove { workspace, id: Uuid::from_u128(number) });
        texts.apply(&gone.collect::<Vec<_>>(), &mark(2)).unwrap();
        let begun = Instant::now();
        let deleted = || -> u32 {
            texts.reader.reload().unwrap();
            texts.searcher().segment_readers().iter().map(tantivy::SegmentReader::num_deleted_docs).sum()
        };
        while deleted() > 0 {
            assert!(begun.elapsed() < Duration::from_secs(20), "deleted documents are still in the files");
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(texts.watermark().unwrap(), Some(mark(2)));
    }
}
