//! Which passages of a set of files fit a question: by words, with names and paths in fields of their own, and by
//! meaning. Pure.
//!
//! BM25F as in Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), 3.6: what a
//! term counts for in each field is added up before it saturates. A file as a whole is scored in the same way, because
//! the place that is looked for mostly lies in a file that is about the question everywhere.
//!
//! There is no inverted index: what the terms of a passage are is a short sorted list, and to look a few terms up in
//! all lists of a large repository takes milliseconds. So nothing has to be rebuilt when a file changes.

use std::collections::HashMap;

use tantivy::tokenizer::TextAnalyzer;
use uuid::Uuid;

use crate::fusion::{self, Candidate, Fused, Mix};
use crate::vector::Vector;
use crate::words;

/// Rises when the same text could give other [`Terms`], or a passage another vector.
pub const VERSION: u32 = 1;

/// How fast the count of a term saturates, and how much long passages are held back: the usual values of BM25.
const K1: f64 = 1.2;
const B: f64 = 0.75;

/// Terms of a question that are looked for, the rarest: a whole log may be asked.
const MOST_TERMS: usize = 64;

/// A passage that has no term of the question needs to mean this much the same, or it is noise.
const LIKE_ENOUGH: f64 = 0.45;

/// Bytes of one term in a list: its hash, how often it stands in the text, and how often in names.
const ENTRY: usize = 6;

/// The terms of a text: which, and how often, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// As they are stored.
    pub bytes: Vec<u8>,
    /// How many words the text has, repeated ones included.
    pub words: u32,
}

/// Finds the terms of texts. Give each thread its own.
pub struct Reader {
    analyzer: TextAnalyzer,
    met: Vec<(u32, bool)>,
}

impl Default for Reader {
    fn default() -> Self {
        Self { analyzer: words::analyzer(), met: Vec::new() }
    }
}

impl Reader {
    /// The terms of a text and of the names that it defines or stands in.
    pub fn terms(&mut self, names: &str, text: &str) -> Terms {
        self.met.clear();
        let Self { analyzer, met } = self;
        analyzer.token_stream(text).process(&mut |token| met.push((hash(&token.text), false)));
        let words = u32::try_from(met.len()).unwrap_or(u32::MAX);
        analyzer.token_stream(names).process(&mut |token| met.push((hash(&token.text), true)));
        met.sort_unstable();
        let mut bytes = Vec::new();
        for same in met.chunk_by(|a, b| a.0 == b.0) {
            let named = same.iter().filter(|(_, named)| *named).count();
            let count = |number: usize| u8::try_from(number).unwrap_or(u8::MAX);
            bytes.extend(same[0].0.to_be_bytes());
            bytes.extend([count(same.len() - named), count(named)]);
        }
        Terms { bytes, words }
    }
}

/// FNV-1a, 32 bits (Fowler, Noll, Vo): two terms of a repository rarely share one, and then only rank a little wrong.
fn hash(term: &str) -> u32 {
    term.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// A file and its passages.
#[derive(Debug, Clone, Default)]
pub struct File<'a> {
    /// The [`Terms`] of its path.
    pub path: &'a [u8],
    /// Its passages, in order.
    pub passages: Vec<Passage<'a>>,
}

impl File<'_> {
    /// How many words all its passages have.
    fn words(&self) -> f64 {
        self.passages.iter().map(|passage| f64::from(passage.words)).sum()
    }
}

/// A passage.
#[derive(Debug, Clone, Copy)]
pub struct Passage<'a> {
    /// Its [`Terms`].
    pub terms: &'a [u8],
    /// How many words it has.
    pub words: u32,
    /// What it means, as [`Vector::to_bytes`] gives it; empty where that is not known.
    pub vector: &'a [u8],
}

/// What counts, and how much. A zero leaves a part out.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Weights {
    /// A term in the text.
    pub body: f64,
    /// A term in the name of a definition.
    pub names: f64,
    /// A term in the path.
    pub path: f64,
    /// What part of the score by words comes from the file as a whole, 0 to 1.
    pub whole: f64,
    /// What part of the score comes from meaning, 0 to 1.
    pub dense: f64,
}

impl Default for Weights {
    fn default() -> Self {
        // Tuned on some repositories and judged on others: docs/reports/recall.md.
        Self { body: 1.0, names: 4.0, path: 3.0, whole: 0.25, dense: 0.2 }
    }
}

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Question {
    terms: Vec<(String, u32)>,
    vector: Option<Vector>,
}

impl Question {
    /// A question in words, and what it means where that counts.
    pub fn new(text: &str, vector: Option<Vector>) -> Self {
        let terms = words::terms(&mut words::analyzer(), text);
        Self {
            terms: terms
                .into_iter()
                .map(|term| {
                    let hash = hash(&term);
                    (term, hash)
                })
                .collect(),
            vector,
        }
    }
}

/// A passage that fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// Position of its file.
    pub file: usize,
    /// Its position in the file.
    pub passage: usize,
    /// How well it fits, 0 to 1, and what that is made of.
    pub score: Fused,
    /// The terms of the question that it, its names or its path have, as they are indexed.
    pub terms: Vec<String>,
}

/// The passages that fit best, the best first, at most `per_file` of each file and `limit` of all.
pub fn rank(
    question: &Question,
    files: &[File<'_>],
    weights: Weights,
    [per_file, limit]: [usize; 2],
) -> Vec<Ranked> {
    let counted = Counted::new(question, files);
    let all: Vec<(usize, usize)> = files
        .iter()
        .enumerate()
        .flat_map(|(file, it)| (0..it.passages.len()).map(move |passage| (file, passage)))
        .collect();
    let by_passage = Scores::new(
        weights,
        counted.terms.len(),
        all.iter().enumerate().map(|(at, (file, passage))| {
            (f64::from(files[*file].passages[*passage].words), counted.passage(at, *file))
        }),
    );
    let wholes = || files.iter().enumerate().map(|(at, file)| (file.words(), counted.whole(at)));
    let by_file = Scores::new(weights, counted.terms.len(), wholes());
    let wholes: Vec<f64> = wholes().map(|(words, counts)| by_file.of(words, counts)).collect();
    let whole = weights.whole.clamp(0.0, 1.0);
    let vector = question.vector.as_ref().filter(|_| weights.dense > 0.0);
    let mut candidates = Vec::new();
    for (at, (file, passage)) in all.iter().enumerate() {
        let words = f64::from(files[*file].passages[*passage].words);
        let by_passage = by_passage.of(words, counted.passage(at, *file));
        let words = (1.0 - whole) * by_passage + whole * wholes[*file];
        let has_term = counted.passage(at, *file).any(stands);
        let likeness = vector.and_then(|vector| {
            let other = Vector::from_bytes(files[*file].passages[*passage].vector).ok()?;
            Some(f64::from(vector.likeness(&other)))
        });
        if has_term || likeness.is_some_and(|likeness| likeness >= LIKE_ENOUGH) {
            candidates.push(Candidate { id: Uuid::from_u128(at as u128), words: Some(words), likeness });
        }
    }
    let mut taken = vec![0_usize; files.len()];
    let mut found = Vec::new();
    for (id, score) in fusion::rank(&candidates, 1.0, Mix { dense: weights.dense }) {
        if found.len() == limit {
            break;
        }
        let Some((at, (file, passage))) =
            usize::try_from(id.as_u128()).ok().and_then(|at| Some((at, *all.get(at)?)))
        else {
            continue;
        };
        taken[file] += 1;
        if taken[file] <= per_file {
            let has =
                counted.terms.iter().zip(counted.passage(at, file)).filter(|(_, counts)| stands(*counts));
            let terms = has.map(|(term, _)| (*term).clone()).collect();
            found.push(Ranked { file, passage, score, terms });
        }
    }
    found
}

/// How often a term stands in a text, in its names and in its path.
type Count = [u16; 3];

fn stands(count: Count) -> bool {
    count != Count::default()
}

/// How often the terms of a question stand in passages, files and paths: row after row, without a list for each, because
/// there may be hundreds of thousands.
struct Counted<'q> {
    /// The terms that count.
    terms: Vec<&'q String>,
    /// Of each passage, for each term: in the text and in names, as it is stored.
    passages: Vec<[u8; 2]>,
    /// Of each file, the sums of its passages.
    wholes: Vec<[u16; 2]>,
    /// Of each file, in its path.
    paths: Vec<u8>,
}

impl<'q> Counted<'q> {
    fn new(question: &'q Question, files: &[File<'_>]) -> Self {
        let chosen = chosen(question, files);
        let (mut passages, mut wholes, mut paths) = (Vec::new(), Vec::new(), Vec::new());
        for file in files {
            paths.extend(chosen.iter().map(|(_, hash)| look_up(file.path, *hash)[0]));
            let mut whole = vec![[0_u16; 2]; chosen.len()];
            for passage in &file.passages {
                for ((_, hash), whole) in chosen.iter().zip(&mut whole) {
                    let counts = look_up(passage.terms, *hash);
                    for (sum, count) in whole.iter_mut().zip(counts) {
                        *sum = sum.saturating_add(u16::from(count));
                    }
                    passages.push(counts);
                }
            }
            wholes.append(&mut whole);
        }
        Self { terms: chosen.into_iter().map(|(term, _)| term).collect(), passages, wholes, paths }
    }

    /// Of the passage at that place among all, which is one of that file.
    fn passage(&self, at: usize, file: usize) -> impl Iterator<Item = Count> {
        let paths = self.row(&self.paths, file);
        let counts = self.row(&self.passages, at).iter().zip(paths);
        counts.map(|([body, names], path)| [body, names, path].map(|count| u16::from(*count)))
    }

    /// Of a file as a whole.
    fn whole(&self, file: usize) -> impl Iterator<Item = Count> {
        let paths = self.row(&self.paths, file);
        let counts = self.row(&self.wholes, file).iter().zip(paths);
        counts.map(|([body, names], path)| [*body, *names, u16::from(*path)])
    }

    fn row<'a, T>(&self, table: &'a [T], at: usize) -> &'a [T] {
        &table[at * self.terms.len()..][..self.terms.len()]
    }
}

/// The terms of a question that count: of many the rarest. A question may have thousands, so that the lists are gone
/// through once, instead of looking each term up in each.
fn chosen<'q>(question: &'q Question, files: &[File<'_>]) -> Vec<&'q (String, u32)> {
    let all = &question.terms;
    if all.len() <= MOST_TERMS {
        return all.iter().collect();
    }
    let places: HashMap<u32, usize> = all.iter().enumerate().map(|(at, (_, hash))| (*hash, at)).collect();
    let mut having = vec![0_usize; all.len()];
    for list in files.iter().flat_map(|file| &file.passages) {
        for entry in list.terms.as_chunks::<ENTRY>().0 {
            if let Some(at) = places.get(&key(*entry)) {
                having[*at] += 1;
            }
        }
    }
    let mut rare: Vec<(usize, usize)> =
        having.into_iter().enumerate().filter(|(_, having)| *having > 0).map(|(at, it)| (it, at)).collect();
    rare.sort_unstable();
    rare.truncate(MOST_TERMS);
    rare.sort_unstable_by_key(|(_, at)| *at);
    rare.into_iter().map(|(_, at)| &all[at]).collect()
}

/// The hash of a term in a list.
fn key(entry: [u8; ENTRY]) -> u32 {
    u32::from_be_bytes([entry[0], entry[1], entry[2], entry[3]])
}

/// How often a term stands in a text and in its names.
fn look_up(terms: &[u8], wanted: u32) -> [u8; 2] {
    let (entries, _) = terms.as_chunks::<ENTRY>();
    let found = entries.binary_search_by_key(&wanted, |entry| key(*entry));
    found.map_or([0, 0], |at| [entries[at][4], entries[at][5]])
}

/// What terms are worth among some passages or files.
struct Scores {
    weights: Weights,
    mean_words: f64,
    worth: Vec<f64>,
    /// What one would get that has every term without end.
    best: f64,
}

impl Scores {
    /// Of so many terms in all passages or files: how many words each has, and its counts.
    fn new<C: Iterator<Item = Count>>(
        weights: Weights,
        terms: usize,
        all: impl Iterator<Item = (f64, C)>,
    ) -> Self {
        let (mut number, mut words, mut having) = (0.0_f64, 0.0, vec![0.0; terms]);
        for (its_words, counts) in all {
            number += 1.0;
            words += its_words;
            for (having, count) in having.iter_mut().zip(counts) {
                *having += if stands(count) { 1.0 } else { 0.0 };
            }
        }
        let worth = having.into_iter().map(|having: f64| {
            // A term that nothing has takes no part: it says nothing about what there is.
            if having > 0.0 { (1.0 + (number - having + 0.5) / (having + 0.5)).ln() } else { 0.0 }
        });
        let worth: Vec<f64> = worth.collect();
        Self { weights, mean_words: (words / number.max(1.0)).max(1.0), best: worth.iter().sum(), worth }
    }

    /// How much of the best one gets, 0 to 1.
    fn of(&self, words: f64, counts: impl Iterator<Item = Count>) -> f64 {
        let length = 1.0 - B + B * words / self.mean_words;
        let terms = counts.zip(&self.worth).map(|(count, worth)| {
            let Weights { body, names, path, .. } = self.weights;
            let [in_body, in_names, in_path] = count.map(f64::from);
            let weighted = body * in_body / length + names * in_names + path * in_path;
            worth * weighted / (K1 + weighted)
        });
        if self.best > 0.0 { terms.sum::<f64>() / self.best } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Embedder;

    /// Files of passages: path, and for each passage names and text.
    type Texts<'a> = [(&'a str, &'a [(&'a str, &'a str)])];

    /// The terms of a passage, and what it means.
    type Told = (Terms, Vec<u8>);

    /// The terms of each path, with its passages.
    struct Made(Vec<(Terms, Vec<Told>)>);

    impl Made {
        fn of(texts: &Texts<'_>) -> Self {
            let (mut reader, embedder) = (Reader::default(), Embedder::new());
            let passage = |reader: &mut Reader, (names, text): &(&str, &str)| {
                (reader.terms(names, text), embedder.embed(&format!("{names} {text}")).unwrap().to_bytes())
            };
            Self(
                texts
                    .iter()
                    .map(|(path, passages)| {
                        let path = reader.terms("", path);
                        (path, passages.iter().map(|it| passage(&mut reader, it)).collect())
                    })
                    .collect(),
            )
        }

        fn files(&self) -> Vec<File<'_>> {
            self.0
                .iter()
                .map(|(path, passages)| File {
                    path: &path.bytes,
                    passages: passages
                        .iter()
                        .map(|(terms, vector)| Passage { terms: &terms.bytes, words: terms.words, vector })
                        .collect(),
                })
                .collect()
        }
    }

    fn found(texts: &Texts<'_>, question: &str, weights: Weights) -> Vec<(usize, usize)> {
        let question = Question::new(question, Some(Embedder::new().embed(question).unwrap()));
        let ranked = rank(&question, &Made::of(texts).files(), weights, [9, 9]);
        assert!(ranked.is_sorted_by(|a, b| a.score.score >= b.score.score));
        ranked.into_iter().map(|it| (it.file, it.passage)).collect()
    }

    const WORDS: Weights = Weights { body: 1.0, names: 2.0, path: 3.0, whole: 0.0, dense: 0.0 };

    #[test]
    fn each_field_counts_and_can_be_left_out() {
        let texts: &Texts<'_> = &[
            ("src/a.rs", &[("", "a plain text about lamps")]),
            ("src/retry.rs", &[("", "a plain text about chairs")]),
            ("src/b.rs", &[("retryLater", "a plain text about tables")]),
            ("src/c.rs", &[("", "a retry of a plain text about stones")]),
        ];
        assert_eq!(found(texts, "retry", WORDS), [(1, 0), (2, 0), (3, 0)]);
        assert_eq!(found(texts, "retry", Weights { path: 0.0, ..WORDS })[..2], [(2, 0), (3, 0)]);
        assert_eq!(found(texts, "retry", Weights { names: 0.0, path: 0.0, ..WORDS })[0], (3, 0));
        assert_eq!(found(texts, "", WORDS), []);
        assert_eq!(found(texts, "qqqq", WORDS), []);
    }

    #[test]
    fn a_passage_in_a_file_about_the_question_comes_first() {
        let texts: &Texts<'_> = &[
            ("a", &[("", "the lock is taken"), ("", "bread"), ("", "butter")]),
            ("b", &[("", "the lock is taken"), ("", "a lock of a door"), ("", "lock and unlock")]),
        ];
        let alone = found(texts, "lock taken", WORDS);
        assert_eq!(alone[..2], [(0, 0), (1, 0)]);
        assert_eq!(found(texts, "lock taken", Weights { whole: 0.5, ..WORDS })[0], (1, 0));
    }

    #[test]
    fn what_means_the_same_is_found_without_its_words() {
        let texts: &Texts<'_> = &[
            ("a", &[("", "cannot connect to postgres")]),
            ("b", &[("", "bake the cake for forty minutes")]),
        ];
        let meaning = Weights { dense: 1.0, ..WORDS };
        assert_eq!(found(texts, "database connection refused", WORDS), [(0, 0)], "by its stem");
        assert_eq!(found(texts, "the database server is unreachable", WORDS), []);
        assert_eq!(found(texts, "cannot reach the postgresql database", meaning)[0], (0, 0));
    }

    #[test]
    fn long_questions_keep_their_rarest_terms_and_files_do_not_crowd_out_others() {
        let many = (0..200).map(|number| format!("word{number}")).collect::<Vec<_>>().join(" ");
        let common = format!("{many} needle");
        let texts: &Texts<'_> = &[("a", &[("", &many), ("", &many), ("", &common)]), ("b", &[("", &many)])];
        let question = Question::new(&common, None);
        let made = Made::of(texts);
        let ranked = rank(&question, &made.files(), WORDS, [1, 9]);
        assert_eq!(ranked.iter().map(|it| it.file).collect::<Vec<_>>(), [0, 1]);
        assert_eq!((ranked[0].passage, ranked[0].terms.len()), (2, MOST_TERMS));
        assert!(ranked[0].terms.contains(&"needl".to_owned()));
    }

    #[test]
    fn damaged_lists_are_lists_without_terms() {
        let passage = Passage { terms: &[1, 2, 3], words: 3, vector: &[9] };
        let files = [File { path: &[7; 5], passages: vec![passage] }];
        let question = Question::new("anything", Some(Embedder::new().embed("anything").unwrap()));
        assert_eq!(rank(&question, &files, Weights::default(), [1, 1]), []);
    }
}
