//! Contents that were read a moment ago.

use std::collections::HashMap;
use std::rc::Rc;

use gix::ObjectId;
use gix::objs::Kind;

use crate::git::objects::{ObjectError, Objects};

/// Bytes that are kept, at most, by each thread. Twice as many would save a twentieth of the reading, and the delta bases
/// that all threads share save more.
const MOST: usize = 16 << 20;

/// The content of an object, shared with what is kept of it.
pub(in crate::git) type Content = Rc<Vec<u8>>;

/// What was read lately, in two generations: when the younger one is full it becomes the older one, which is
/// forgotten unless it was asked for in the meantime.
#[derive(Default)]
pub(in crate::git) struct Recent {
    young: HashMap<ObjectId, (Kind, Content)>,
    old: HashMap<ObjectId, (Kind, Content)>,
    bytes: usize,
    /// Where the next content is put together, which takes a few times its size.
    buffer: Vec<u8>,
}

impl Recent {
    /// The content of an object of that kind, at most `limit` bytes long.
    pub(in crate::git) fn read(
        &mut self,
        objects: &Objects,
        id: &ObjectId,
        kind: Kind,
        limit: u64,
    ) -> Result<Content, ObjectError> {
        if let Some((known, content)) = self.young.get(id) {
            return right(*known == kind, content);
        }
        let (known, content) = if let Some(entry) = self.old.remove(id) {
            entry
        } else {
            (kind, Rc::new(objects.read(id, kind, limit, &mut self.buffer)?.to_vec()))
        };
        if self.bytes + content.len() > MOST / 2 {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += content.len();
        self.young.insert(*id, (known, Rc::clone(&content)));
        right(known == kind, &content)
    }
}

fn right(kind: bool, content: &Content) -> Result<Content, ObjectError> {
    if kind { Ok(Rc::clone(content)) } else { Err(ObjectError::Damaged) }
}
