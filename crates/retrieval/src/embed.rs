//! From texts to vectors, by a table in this program: a row for each piece of a word.
//!
//! A text means what its pieces mean on average. The table was made from a sentence model (its README says how), so that
//! pieces which that model uses alike have rows that are alike. A vector takes microseconds, and nothing is downloaded.

use std::sync::{Arc, OnceLock};

use safetensors::SafeTensors;
use tokenizers::pipeline::{EncodeOptions, Override, PipelineToken, PipelineTokenizer};

use crate::vector::{DIMENSIONS, Vector};
use crate::{Error, words};

/// Names what makes the vectors. Those of another model mean nothing beside them.
pub const MODEL: &str = "minilm-static-256";

/// The table stays where it is, in the file of the program: the system reads the rows that are used, when they are.
const TABLE: &[u8] = include_bytes!("../data/minilm-static-256/model.safetensors");
const TOKENIZER: &str = include_str!("../data/minilm-static-256/tokenizer.json");

/// Letters of a text that count. The average of more says less and less.
const LONGEST: usize = 8_000;

/// Makes vectors. Cheap to clone; what it needs is loaded when it is first asked.
#[derive(Clone, Default)]
pub struct Embedder(Arc<OnceLock<Result<Table, Error>>>);

struct Table {
    tokenizer: PipelineTokenizer,
    /// A row of [`DIMENSIONS`] bytes for each piece.
    rows: &'static [u8],
    /// What the numbers of each row are multiplied with.
    scales: Vec<f32>,
}

impl Embedder {
    /// One that has loaded nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What a text means. Names from code count as the words they are made of; of a long text, its beginning.
    pub fn embed(&self, text: &str) -> Result<Vector, Error> {
        let table = self.0.get_or_init(Table::load).as_ref().map_err(Clone::clone)?;
        let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
        table.embed(&words::words(&text[..end]).collect::<Vec<_>>().join(" "))
    }
}

impl Table {
    fn load() -> Result<Self, Error> {
        let tokenizer = tokenizers::from_json(TOKENIZER).map_err(damaged)?;
        let tensors = SafeTensors::deserialize(TABLE).map_err(damaged)?;
        let rows = tensors.tensor("embeddings").map_err(damaged)?;
        let scales = tensors.tensor("weights").map_err(damaged)?.data();
        let scales: Vec<f32> =
            scales.as_chunks().0.iter().map(|bytes: &[u8; 4]| f32::from_le_bytes(*bytes)).collect();
        if rows.shape() != [scales.len(), DIMENSIONS] || rows.dtype() != safetensors::Dtype::I8 {
            return Err(damaged("it has another shape"));
        }
        Ok(Self { tokenizer, rows: rows.data(), scales })
    }

    fn embed(&self, text: &str) -> Result<Vector, Error> {
        let options = EncodeOptions {
            padding: Override::Off,
            truncation: Override::Off,
            ..EncodeOptions::no_specials()
        };
        let mut pieces: Vec<PipelineToken> = Vec::new();
        self.tokenizer.encode_into(text, &options, &mut pieces).map_err(damaged)?;
        let mut sum = [0.0; DIMENSIONS];
        for piece in pieces {
            let at = piece.id() as usize;
            let row = self.rows.get(at * DIMENSIONS..(at + 1) * DIMENSIONS);
            let (Some(row), Some(scale)) = (row, self.scales.get(at)) else { continue };
            for (sum, number) in sum.iter_mut().zip(row) {
                *sum += f32::from(number.cast_signed()) * scale;
            }
        }
        Ok(Vector::of(&sum))
    }
}

fn damaged(error: impl std::fmt::Display) -> Error {
    Error::Embeddings(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_the_same_is_near() {
        let embedder = Embedder::new();
        let alike = |a: &str, b: &str| embedder.embed(a).unwrap().likeness(&embedder.embed(b).unwrap());
        let near = alike("the database connection was refused", "cannot connect to postgres");
        let far = alike("the database connection was refused", "bake the cake for forty minutes");
        assert!(near > far + 0.2, "{near} {far}");
        assert!(alike("retryAfterSeconds", "retry_after_seconds") > 0.999);
    }

    #[test]
    fn a_text_without_words_means_nothing() {
        let embedder = Embedder::new();
        let nothing = embedder.embed("").unwrap();
        assert_eq!(nothing, embedder.embed("… --- !").unwrap());
        assert!(nothing.likeness(&embedder.embed("word").unwrap()).abs() < f32::EPSILON);
        embedder.embed(&"é".repeat(3 * LONGEST)).unwrap();
    }
}
