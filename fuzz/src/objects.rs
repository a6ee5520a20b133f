//! The folder of a Git repository, read as the analysis reads it: head, branches, trees, contents, history.

use std::fs;
use std::path::Path;

use repos::git::history::{self, KnownCommits};
use repos::git::{Objects, Repository, Resolved, is_branch_name, tree};
use repos::{Failure, Limits};

use crate::parts::{self, Part};

/// Files of one repository.
const MOST: usize = 24;

/// What is in place where the input does not say otherwise, so that a mutation seldom makes everything unreadable.
const DEFAULTS: [(&str, &str); 2] = [
    ("HEAD", "ref: refs/heads/main\n"),
    ("config", "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"),
];

/// An input is the folder of a bare repository. Objects may be written in plain: the file `commit/ID`, `tree/ID`,
/// `blob/ID` or `tag/ID` becomes the loose object of that kind and id, whatever its content would be called.
pub(crate) fn run(data: &[u8]) -> bool {
    let Some(parts) = parts::split(data, MOST) else { return false };
    // Without a folder there is nothing to try, and nothing is wrong with the product.
    let Ok(folder) = tempfile::Builder::new().prefix("fuzz").tempdir() else { return false };
    if write(folder.path(), &parts).is_err() {
        return false;
    }
    let names: Vec<&str> = parts.iter().map(|part| part.path).collect();
    // Most inputs end in a failure, which is an answer.
    let _ = read(folder.path(), &names);
    true
}

fn write(folder: &Path, parts: &[Part<'_>]) -> std::io::Result<()> {
    fs::create_dir_all(folder.join("objects"))?;
    for (path, content) in DEFAULTS {
        fs::write(folder.join(path), content)?;
    }
    for part in parts {
        let (path, content) = match plain_object(part) {
            Some(object) => object,
            None => (part.path.to_owned(), part.content.to_vec()),
        };
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, content)?;
    }
    Ok(())
}

/// The place and the compressed content of an object that is written in plain.
fn plain_object(part: &Part<'_>) -> Option<(String, Vec<u8>)> {
    let (kind, id) = part.path.split_once('/')?;
    let named = ["commit", "tree", "blob", "tag"].contains(&kind)
        && id.len() == 40
        && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let (first, rest) = id.split_at_checked(2).filter(|_| named)?;
    let mut object = format!("{kind} {}\0", part.content.len()).into_bytes();
    object.extend_from_slice(part.content);
    Some((format!("objects/{first}/{rest}"), stored(&object)))
}

/// A stream of RFC 1950 whose blocks are not compressed.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = data.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend_from_slice(&length.to_le_bytes());
        stream.extend_from_slice(&(!length).to_le_bytes());
        stream.extend_from_slice(block);
    }
    let sum = data.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    stream.extend_from_slice(&((sum.1 << 16) | sum.0).to_be_bytes());
    stream
}

fn read(folder: &Path, names: &[&str]) -> Result<(), Failure> {
    let limits = Limits {
        files: 200,
        file_bytes: 1 << 20,
        total_bytes: 8 << 20,
        folders: 200,
        depth: 16,
        commits: 50,
        changes_per_commit: 50,
        object_bytes: 16 << 20,
        threads: 1,
        ..Limits::default()
    };
    let repository = Repository::open(folder, &[], &limits)?;
    repository.origin_name();
    for name in names {
        let branch = name.strip_prefix("refs/heads/").unwrap_or(name);
        // What is asked for is checked before it is looked up, as everywhere.
        if is_branch_name(branch) {
            let _ = repository.resolve(Some(branch));
        }
        let _ = repository.revision(branch);
    }
    let head = repository.resolve(None)?;
    let commit = repository.head_commit(&head.id)?;
    let tree = tree::walk(repository.objects(), commit.tree, &limits)?;
    for file in &tree.files {
        contents(repository.objects(), file, &limits);
    }
    assert!(tree.files.len() as u64 <= limits.files, "more files than are looked at");
    remembered(&repository, &head, &limits);
    let _ = repository.revision("HEAD~2^1");
    let _ = repository.common_ancestor(head.id, head.id);
    Ok(())
}

/// What is kept of a history gives the same history again.
fn remembered(repository: &Repository, head: &Resolved, limits: &Limits) {
    let Ok(first) = history::read(repository, head.id, limits, &KnownCommits::default(), &|_, _| ()) else {
        return;
    };
    let mut known = KnownCommits::default();
    assert!(first.fresh.as_deref().is_none_or(|fresh| known.add(fresh)), "what was kept is not sound");
    let again = history::read(repository, head.id, limits, &known, &|_, _| ());
    let again = again.map(|again| (again.history, again.notes));
    assert_eq!(again.ok(), Some((first.history, first.notes)), "the history, kept and read again");
}

/// A content is never larger than was asked for.
fn contents(objects: &Objects, file: &tree::TreeFile, limits: &Limits) {
    let mut buffer = Vec::new();
    if let Ok((kind, _)) = objects.header(&file.id)
        && let Ok(bytes) = objects.read(&file.id, kind, limits.file_bytes, &mut buffer)
    {
        assert!(bytes.len() as u64 <= limits.file_bytes, "{} is larger than its limit", file.path);
    }
}
