//! What a word is: names from code fall into the words they are made of.

use std::collections::HashSet;

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, Stemmer, StopWordFilter, TextAnalyzer, Token,
    TokenStream, Tokenizer,
};

/// Longer words are data, not language: hashes, encoded files.
const LONGEST: usize = 64;

/// The words of a text: letters and digits in a row, split where a name changes from one word to the next
/// (`retryAfter`, `retry_after` and `RETRY_AFTER` are `retry` and `after`; `HTTPServer` is `HTTP` and `Server`).
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    names(text).flat_map(parts)
}

/// Letters, digits and underscores in a row.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|name| !name.is_empty())
}

fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split('_').flat_map(|part| {
        let mut cuts = vec![0];
        let letters: Vec<(usize, char)> = part.char_indices().collect();
        for at in 1..letters.len() {
            let (before, (place, letter)) = (letters[at - 1].1, letters[at]);
            let next_is_lower = letters.get(at + 1).is_some_and(|(_, next)| next.is_lowercase());
            let begins =
                letter.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && next_is_lower));
            if begins {
                cuts.push(place);
            }
        }
        cuts.push(part.len());
        cuts.windows(2).map(|cut| &part[cut[0]..cut[1]]).filter(|part| !part.is_empty()).collect::<Vec<_>>()
    })
}

/// The words of a text as they are indexed and looked for: in lower case, without accents, by their stems, without
/// those that every text has. A name of several words is a word itself too, so that the exact name counts more.
pub(crate) fn analyzer() -> TextAnalyzer {
    let tokens = TextAnalyzer::builder(Names)
        .filter(RemoveLongFilter::limit(LONGEST))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter);
    match StopWordFilter::new(Language::English) {
        Some(common) => tokens.filter(common).filter(Stemmer::new(Language::English)).build(),
        None => tokens.filter(Stemmer::new(Language::English)).build(),
    }
}

/// The terms of a query, each once, in their order.
pub(crate) fn terms(analyzer: &mut TextAnalyzer, text: &str) -> Vec<String> {
    let (mut terms, mut met) = (Vec::new(), HashSet::new());
    analyzer.token_stream(text).process(&mut |token| {
        if !met.contains(&token.text) {
            met.insert(token.text.clone());
            terms.push(token.text.clone());
        }
    });
    terms
}

/// Finds the terms of texts, as searches see them. Give each thread its own.
pub struct Terms(TextAnalyzer);

impl Default for Terms {
    fn default() -> Self {
        Self(analyzer())
    }
}

impl Terms {
    /// The terms of a text, each once, in their order: in lower case, by their stems, without words that every text has.
    pub fn of(&mut self, text: &str) -> Vec<String> {
        terms(&mut self.0, text)
    }
}

#[derive(Clone)]
struct Names;

impl Tokenizer for Names {
    type TokenStream<'a> = Tokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens {
        let mut tokens = Vec::new();
        for name in names(text) {
            let from = tokens.len();
            for part in parts(name) {
                let offset = part.as_ptr().addr() - text.as_ptr().addr();
                tokens.push(token(part.to_owned(), offset, part.len(), tokens.len()));
            }
            if tokens.len() - from > 1 {
                let offset = name.as_ptr().addr() - text.as_ptr().addr();
                tokens.push(token(name.replace('_', ""), offset, name.len(), from));
            }
        }
        Tokens { tokens, next: 0 }
    }
}

fn token(text: String, offset: usize, length: usize, position: usize) -> Token {
    Token { offset_from: offset, offset_to: offset + length, position, text, position_length: 1 }
}

struct Tokens {
    tokens: Vec<Token>,
    next: usize,
}

impl TokenStream for Tokens {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.next - 1]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.next - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_their_words() {
        let split = |text: &str| words(text).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            split("retryAfter retry_after RETRY_AFTER"),
            ["retry", "After", "retry", "after", "RETRY", "AFTER"]
        );
        assert_eq!(split("HTTPServer::new(x1)"), ["HTTP", "Server", "new", "x1"]);
        assert_eq!(split("naïveÉtat __init__ _"), ["naïve", "État", "init"]);
        assert_eq!(split(""), [""; 0]);
    }

    #[test]
    fn a_name_is_found_by_its_words_and_as_a_whole() {
        assert_eq!(terms(&mut analyzer(), "The getUserNames"), ["get", "user", "name", "getusernam"]);
        assert_eq!(terms(&mut analyzer(), "get_user_names"), ["get", "user", "name", "getusernam"]);
        assert_eq!(terms(&mut analyzer(), "retries RETRY Café"), ["retri", "cafe"]);
    }
}
