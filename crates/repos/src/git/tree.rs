//! The files of one commit.

use std::borrow::Cow;
use std::collections::HashSet;

use analysis::report::{Note, SkipReason, Skipped};
use foldhash::fast::RandomState;
use gix::ObjectId;
use gix::objs::{Kind, TreeRefIter};

use super::ids::IdSet;
use super::name::{display_name, is_plain};
use super::objects::{ObjectError, Objects};
use super::repository::object_failure;
use crate::failure::Failure;
use crate::limits::Limits;

/// A file that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFile {
    /// Path from the root; see [`display_name`].
    pub path: String,
    /// Its content.
    pub id: ObjectId,
    /// Size of its content.
    pub bytes: u64,
    /// Whether its mode says that it can be executed.
    pub executable: bool,
}

/// Everything that was found below one tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// Files within the limits: a folder's own files before those of its folders, each in Git's order.
    pub files: Vec<TreeFile>,
    /// What is there but will not be read.
    pub skipped: Vec<Skipped>,
    /// What limits the list as a whole.
    pub notes: Vec<Note>,
    /// Files that were seen, skipped ones included.
    pub total_files: u64,
    /// Their bytes, as far as they are known.
    pub total_bytes: u64,
    /// Folders that were not known, as the repository has them; at most [`FRESH_BYTES`].
    pub fresh: Vec<(ObjectId, Vec<u8>)>,
    /// Those that were.
    pub known: Vec<ObjectId>,
}

/// Folders that are remembered of one walk, in bytes.
const FRESH_BYTES: usize = 32 << 20;

/// What is known of a tree that is walked.
pub trait KnownTree {
    /// The size of a content, where it is known that the repository has it at that path.
    fn size(&self, path: &str, blob: &ObjectId) -> Option<u64>;

    /// A folder as the repository has it.
    fn folder(&self, id: &ObjectId) -> Option<&[u8]>;
}

/// Nothing is known.
impl KnownTree for () {
    fn size(&self, _: &str, _: &ObjectId) -> Option<u64> {
        None
    }

    fn folder(&self, _: &ObjectId) -> Option<&[u8]> {
        None
    }
}

/// A folder that waits to be opened.
struct Pending {
    id: ObjectId,
    path: String,
    depth: u32,
}

struct Walk<'a> {
    objects: &'a Objects,
    limits: &'a Limits,
    known: &'a dyn KnownTree,
    tree: Tree,
    folders: u64,
    submodules: u64,
    chosen_bytes: u64,
    full: bool,
}

/// Lists the files below `root`. Limits shorten the list and leave a note; only an unreadable root is an error.
pub fn walk(objects: &Objects, root: ObjectId, limits: &Limits) -> Result<Tree, Failure> {
    Ok(Tree { fresh: Vec::new(), known: Vec::new(), ..walk_knowing(objects, root, limits, &())? })
}

/// The same, but what is known is not looked up, and what is not is given back besides.
pub fn walk_knowing(
    objects: &Objects,
    root: ObjectId,
    limits: &Limits,
    known: &dyn KnownTree,
) -> Result<Tree, Failure> {
    let mut walk = Walk {
        objects,
        limits,
        known,
        tree: Tree::default(),
        folders: 0,
        submodules: 0,
        chosen_bytes: 0,
        full: false,
    };
    let (mut buffer, mut fresh, mut met) = (Vec::new(), 0, IdSet::default());
    let mut pending = vec![Pending { id: root, path: String::new(), depth: 0 }];
    while let Some(folder) = pending.pop() {
        if walk.full {
            break;
        }
        // The same folder may stand at many places.
        let first = met.insert(folder.id);
        if let Some(data) = known.folder(&folder.id) {
            walk.tree.known.extend(first.then_some(folder.id));
            let below = walk.folder(&folder, data);
            pending.extend(below.into_iter().rev());
            continue;
        }
        match objects.read(&folder.id, Kind::Tree, limits.folder_bytes, &mut buffer) {
            Ok(data) => {
                if first && fresh + data.len() <= FRESH_BYTES {
                    fresh += data.len();
                    walk.tree.fresh.push((folder.id, data.to_vec()));
                }
                let below = walk.folder(&folder, data);
                pending.extend(below.into_iter().rev());
            }
            Err(error) if folder.depth == 0 => return Err(object_failure("folder", &folder.id, error)),
            Err(error) => walk.skip(folder.path, reason(error)),
        }
    }
    Ok(walk.finish())
}

fn reason(error: ObjectError) -> SkipReason {
    match error {
        ObjectError::Missing | ObjectError::Damaged => SkipReason::Unreadable,
        ObjectError::TooLarge(_) => SkipReason::TooLarge,
    }
}

impl Walk<'_> {
    /// Takes up a folder's files and returns its folders.
    fn folder(&mut self, folder: &Pending, data: &[u8]) -> Vec<Pending> {
        let mut below = Vec::new();
        // Paths name files everywhere else, so none may stand for two; no honest folder repeats a name.
        let mut seen: HashSet<Cow<'_, str>, RandomState> = HashSet::default();
        self.folders += 1;
        for entry in TreeRefIter::from_bytes(data, gix::hash::Kind::Sha1) {
            let Ok(entry) = entry else {
                self.skip(folder.path.clone(), SkipReason::Unreadable);
                break;
            };
            let name = display_name(entry.filename);
            let path = join(&folder.path, &name);
            let id = entry.oid.to_owned();
            if !is_plain(entry.filename) || !seen.insert(name) {
                self.skip(path, SkipReason::Unreadable);
            } else if path.len() > self.limits.path_bytes {
                self.skip(path.chars().take(200).chain("...".chars()).collect(), SkipReason::PathLimit);
            } else if entry.mode.is_tree() {
                if folder.depth >= self.limits.depth {
                    self.skip(path, SkipReason::PathLimit);
                } else if self.folders + below.len() as u64 >= self.limits.folders {
                    self.full = true;
                } else {
                    below.push(Pending { id, path, depth: folder.depth + 1 });
                }
            } else if entry.mode.is_commit() {
                self.submodules += 1;
                self.skip(path, SkipReason::Submodule);
            } else if entry.mode.is_link() {
                self.tree.total_files += 1;
                self.skip(path, SkipReason::Symlink);
            } else {
                self.file(TreeFile { path, id, bytes: 0, executable: entry.mode.is_executable() });
            }
            if self.tree.total_files >= self.limits.files {
                self.full = true;
            }
            if self.full {
                break;
            }
        }
        below
    }

    fn file(&mut self, mut file: TreeFile) {
        self.tree.total_files += 1;
        let known = self.known.size(&file.path, &file.id).map(|bytes| (Kind::Blob, bytes));
        match known.map_or_else(|| self.objects.header(&file.id), Ok) {
            Ok((Kind::Blob, bytes)) => {
                self.tree.total_bytes = self.tree.total_bytes.saturating_add(bytes);
                file.bytes = bytes;
                if bytes > self.limits.file_bytes {
                    self.skip(file.path, SkipReason::TooLarge);
                } else if self.chosen_bytes.saturating_add(bytes) > self.limits.total_bytes {
                    self.skip(file.path, SkipReason::FileLimit);
                } else {
                    self.chosen_bytes += bytes;
                    self.tree.files.push(file);
                }
            }
            Ok(_) => self.skip(file.path, SkipReason::Unreadable),
            Err(error) => self.skip(file.path, reason(error)),
        }
    }

    fn skip(&mut self, path: String, reason: SkipReason) {
        // Even the list of what is left out has to end.
        if (self.tree.skipped.len() as u64) < self.limits.files {
            self.tree.skipped.push(Skipped { path, reason });
        } else {
            self.full = true;
        }
    }

    fn finish(mut self) -> Tree {
        if self.full {
            self.tree.notes.push(Note {
                code: "file_limit".to_owned(),
                text: format!(
                    "The commit has more files than one analysis takes; the first {} were looked at.",
                    self.tree.total_files
                ),
            });
        }
        if self.submodules > 0 {
            self.tree.notes.push(Note {
                code: "submodules".to_owned(),
                text: format!(
                    "{} {} not part of this repository's own files and not looked at.",
                    self.submodules,
                    if self.submodules == 1 { "submodule is" } else { "submodules are" }
                ),
            });
        }
        self.tree
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { [folder, "/", name].concat() }
}

/// Finds one file by its path as [`walk`] writes it.
pub fn find(objects: &Objects, root: ObjectId, path: &str, limits: &Limits) -> Option<(ObjectId, u64)> {
    let mut id = root;
    let mut buffer = Vec::new();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        let data = objects.read(&id, Kind::Tree, limits.folder_bytes, &mut buffer).ok()?;
        let entry = TreeRefIter::from_bytes(data, gix::hash::Kind::Sha1)
            .map_while(Result::ok)
            .filter(|entry| is_plain(entry.filename))
            .find(|entry| {
                display_name(entry.filename) == part && entry.mode.is_tree() == parts.peek().is_some()
            })?;
        id = entry.oid.to_owned();
        if parts.peek().is_none() && !entry.mode.is_blob() {
            return None;
        }
    }
    match objects.header(&id) {
        Ok((Kind::Blob, bytes)) => Some((id, bytes)),
        _ => None,
    }
}
