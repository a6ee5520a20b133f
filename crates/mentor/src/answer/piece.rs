//! What was found for a question, and in which order it counts. Pure.

use chat::{Place, Source, SourceKind};

/// Pieces that were found, at most: an answer of many is read by nobody.
const MOST: usize = 12;
/// Below it, what was found is not shown.
const FLOOR: f64 = 0.12;
/// From here on, what was found speaks to the question.
const DIRECT: f64 = 0.3;
/// What part of the words of a question must be in a piece that speaks to it.
const DIRECT_WORDS: f64 = 0.5;

/// Something that was found, or that the person gave.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    pub(crate) kind: SourceKind,
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) why: String,
    pub(crate) terms: Vec<String>,
    pub(crate) by_person: bool,
    /// How well it fits, 0 to 1.
    pub(crate) score: f64,
    pub(crate) text: String,
    pub(crate) place: Option<Place>,
    pub(crate) id: Option<String>,
    pub(crate) owner: Option<String>,
    /// Names the content, where it has a name.
    pub(crate) blob: Option<String>,
}

impl Piece {
    /// The piece as a source.
    pub(crate) fn source(self, number: u32) -> Source {
        let tokens = llm::estimated_tokens(&self.text);
        let Self { kind, key, name, why, terms, by_person, score, text, place, id, owner, .. } = self;
        Source { number, kind, key, name, why, terms, by_person, score, tokens, text, place, id, owner }
    }
}

/// How many of one kind are put before an answer by themselves.
fn most(kind: SourceKind) -> usize {
    match kind {
        SourceKind::Code => 8,
        SourceKind::Memory => 5,
        SourceKind::Finding => 4,
        SourceKind::Insight | SourceKind::Task => 3,
        SourceKind::Report => 2,
        SourceKind::Snippet => MOST,
    }
}

/// What counts, the best first: what the person gave, in their order, then what was found. What is excluded, what says the
/// same as a better one, and what fits too little are left out.
pub(crate) fn choose(mut found: Vec<Piece>, excluded: &[String]) -> Vec<Piece> {
    found.retain(|piece| !excluded.contains(&piece.key) && (piece.by_person || piece.score >= FLOOR));
    // The sort is stable, so that what the person gave keeps their order.
    found.sort_by(|a, b| match (a.by_person, b.by_person) {
        (true, true) => std::cmp::Ordering::Equal,
        (false, false) => b.score.total_cmp(&a.score).then_with(|| a.key.cmp(&b.key)),
        (a, b) => b.cmp(&a),
    });
    let mut chosen: Vec<Piece> = Vec::new();
    for piece in found {
        let same = chosen.iter().any(|other| other.key == piece.key || holds(other, &piece));
        let of_kind = chosen.iter().filter(|other| !other.by_person && other.kind == piece.kind).count();
        let by_itself = chosen.iter().filter(|other| !other.by_person).count();
        if same || (!piece.by_person && (of_kind >= most(piece.kind) || by_itself >= MOST)) {
            continue;
        }
        chosen.push(piece);
    }
    chosen
}

/// Whether a piece is there already: the same text, or lines that another one has.
fn holds(other: &Piece, piece: &Piece) -> bool {
    if other.text == piece.text {
        return true;
    }
    match (other.kind, piece.kind, &other.place, &piece.place) {
        (SourceKind::Code, SourceKind::Code, Some(a), Some(b)) => {
            a.repo == b.repo && a.path == b.path && a.start <= b.start && b.end <= a.end
        }
        _ => false,
    }
}

/// Whether one of the pieces speaks directly to a question with these words. Who searched may have found others of it too,
/// which only ask.
pub(crate) fn is_direct(pieces: &[Piece], words: &[String]) -> bool {
    pieces.iter().any(|piece| {
        let has = words.iter().filter(|word| piece.terms.contains(word)).count();
        let share = has as f64 / words.len().max(1) as f64;
        piece.by_person || (piece.score >= DIRECT && share >= DIRECT_WORDS)
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn piece(key: &str, kind: SourceKind, score: f64, text: &str) -> Piece {
        Piece {
            kind,
            key: key.to_owned(),
            name: key.to_owned(),
            why: String::new(),
            terms: vec!["word".to_owned()],
            by_person: false,
            score,
            text: text.to_owned(),
            place: None,
            id: None,
            owner: None,
            blob: None,
        }
    }

    fn lines(path: &str, start: u32, end: u32, score: f64) -> Piece {
        let (repo, commit) = ("r".to_owned(), "c".to_owned());
        let place = Some(Place { repo, commit, path: path.to_owned(), start, end });
        let text = format!("{path} {start} {end}");
        Piece { place, ..piece(&format!("code:{path}#{start}-{end}"), SourceKind::Code, score, &text) }
    }

    #[test]
    fn what_the_person_gave_comes_first_and_the_best_follows() {
        let given = Piece { by_person: true, score: 0.0, ..piece("given", SourceKind::Snippet, 0.0, "g") };
        let all = vec![
            piece("b", SourceKind::Memory, 0.4, "b"),
            piece("a", SourceKind::Memory, 0.4, "a"),
            piece("best", SourceKind::Code, 0.9, "c"),
            piece("out", SourceKind::Code, 0.8, "o"),
            piece("poor", SourceKind::Code, 0.01, "p"),
            given,
        ];
        let keys: Vec<String> = choose(all, &["out".to_owned()]).into_iter().map(|piece| piece.key).collect();
        assert_eq!(keys, ["given", "best", "a", "b"]);
    }

    #[test]
    fn nothing_is_said_twice() {
        let all = vec![
            lines("a.rs", 10, 40, 0.9),
            lines("a.rs", 12, 20, 0.8),
            lines("b.rs", 12, 20, 0.7),
            piece("x", SourceKind::Memory, 0.6, "same"),
            piece("y", SourceKind::Finding, 0.5, "same"),
        ];
        let keys: Vec<String> = choose(all, &[]).into_iter().map(|piece| piece.key).collect();
        assert_eq!(keys, ["code:a.rs#10-40", "code:b.rs#12-20", "x"]);
    }

    #[test]
    fn there_are_few_of_each_kind() {
        let many = |kind, count: usize| -> Vec<Piece> {
            (0..count)
                .map(|at| piece(&format!("{kind:?}{at:02}"), kind, 0.5, &format!("{kind:?}{at}")))
                .collect()
        };
        let all = [many(SourceKind::Code, 20), many(SourceKind::Memory, 20), many(SourceKind::Finding, 20)];
        let chosen = choose(all.concat(), &[]);
        assert_eq!(chosen.len(), MOST);
        let code = chosen.iter().filter(|piece| piece.kind == SourceKind::Code).count();
        assert_eq!(code, most(SourceKind::Code));
    }

    #[test]
    fn few_words_of_many_are_no_direct_answer() {
        let found = [piece("a", SourceKind::Code, 0.6, "a")];
        let asked = ["word", "other", "more", "again", "last"].map(String::from);
        assert!(is_direct(&found, &asked[..2]));
        assert!(!is_direct(&found, &asked));
        assert!(
            !is_direct(&found, &asked[1..2]),
            "what only the search looked for is no word of the question"
        );
        assert!(!is_direct(&[piece("a", SourceKind::Code, 0.2, "a")], &asked[..1]));
        assert!(!is_direct(&[], &[]));
    }
}
