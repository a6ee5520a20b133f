//! What joining the files of a repository left for the next time.
//!
//! A file that changes mostly changes little of what is read of it by a join of all files. So a join says by a digest
//! what it reads, and where that is what it was, the answer is told again. The search for duplicates, which nearly every
//! change concerns, keeps its answers by pairs of files instead.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::duplication::Compared;
use crate::later::Digest;

/// The names of duplicates among tests and among other files: of what was found, and of [`Compared`].
const DUPLICATES: [[&str; 2]; 2] = [["duplicates", "compared"], ["duplicates in tests", "compared in tests"]];

/// What an answer takes besides its name and its bytes, at most.
const ROOM: usize = 32;

/// Answers of joins by their names: those of an earlier analysis, which are used where they still hold, and those of this
/// one. Under another [`version`](super::version) or other limits they mean nothing.
#[derive(Debug, Default)]
pub struct Joins {
    known: BTreeMap<String, Answer>,
    fresh: bool,
}

/// What a join read, as a digest, and what came of it.
#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    read: Digest,
    #[serde(with = "plain")]
    answer: Bytes,
}

impl Joins {
    /// Takes up what [`write`](Self::write) wrote; bytes that it did not write are nothing.
    pub fn read(bytes: &[u8]) -> Self {
        Self { known: postcard::from_bytes(bytes).unwrap_or_default(), fresh: false }
    }

    /// What is to be kept for the next time; `None` where that is what is kept already.
    pub fn write(&self) -> Option<Vec<u8>> {
        let length = self.known.iter().map(|(name, known)| name.len() + known.answer.len() + ROOM);
        let room = || Vec::with_capacity(length.sum());
        if self.fresh { postcard::to_extend(&self.known, room()).ok() } else { None }
    }

    /// The answer of a join that reads what has this digest: known, or made. What has no digest is made each time.
    pub(super) fn of<T: Serialize + DeserializeOwned>(
        &mut self,
        name: &str,
        read: Option<Digest>,
        make: impl FnOnce() -> T,
    ) -> T {
        let Some(read) = read else { return make() };
        if let Some(answer) = self.told(name, read) {
            return answer;
        }
        let made = make();
        self.make_known(name, read, &made);
        made
    }

    /// The duplicates in what has this digest. What is known of pairs of files is given to a search for them, and what
    /// it knows afterwards is kept.
    pub(super) fn duplicates<T: Serialize + DeserializeOwned>(
        &mut self,
        test: bool,
        read: Digest,
        search: impl FnOnce(&mut Compared<'_>) -> T,
    ) -> T {
        let [name, of_pairs] = DUPLICATES[usize::from(test)];
        if let Some(found) = self.told(name, read) {
            return found;
        }
        let known = self.known.get(of_pairs).map(|known| known.answer.clone()).unwrap_or_default();
        let mut compared = Compared::read(&known);
        let found = search(&mut compared);
        if let Some(answer) = compared.write() {
            self.keep(of_pairs, Digest::default(), answer);
        }
        self.make_known(name, read, &found);
        found
    }

    /// What is known to come of reading what has this digest.
    fn told<T: DeserializeOwned>(&self, name: &str, read: Digest) -> Option<T> {
        let known = self.known.get(name).filter(|known| known.read == read)?;
        postcard::from_bytes(&known.answer).ok()
    }

    fn make_known(&mut self, name: &str, read: Digest, made: &impl Serialize) {
        if let Ok(answer) = postcard::to_allocvec(made) {
            self.keep(name, read, answer);
        }
    }

    fn keep(&mut self, name: &str, read: Digest, answer: Vec<u8>) {
        self.known.insert(name.to_owned(), Answer { read, answer: answer.into() });
        self.fresh = true;
    }
}

/// Bytes are kept as they are.
mod plain {
    use std::fmt;

    use bytes::Bytes;
    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        deserializer.deserialize_bytes(Plain)
    }

    struct Plain;

    impl Visitor<'_> for Plain {
        type Value = Bytes;

        fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
            to.write_str("bytes")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
            Ok(Bytes::copy_from_slice(bytes))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_told_again_while_what_it_rests_on_stays() {
        let mut joins = Joins::default();
        assert_eq!(joins.of("sum", Some([1; 16]), || vec![3_u32]), [3]);
        let kept = joins.write().expect("something is new");
        let mut again = Joins::read(&kept);
        let known = || -> Vec<u32> { panic!("it is known") };
        assert_eq!(again.of("sum", Some([1; 16]), known), [3]);
        assert_eq!(again.write(), None, "nothing is new");
        assert_eq!(again.of("sum", Some([2; 16]), || vec![4_u32]), [4], "something else is read");
        assert_eq!(again.of("product", Some([2; 16]), || vec![5_u32]), [5]);
        assert!(again.write().is_some());
        assert_eq!(again.of("sum", None, || vec![7_u32]), [7]);
        assert_eq!(Joins::read(&kept[..kept.len() - 1]).of("sum", Some([1; 16]), || vec![6_u32]), [6]);
    }
}
