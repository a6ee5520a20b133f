//! Finds the folders that make up a repository, and refuses those that lead somewhere else.

use std::fs::{self, File, FileType};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{Mode, OFlags};

use crate::failure::{Failure, FailureCode};

/// Configuration files and pointers are small; a larger one is not what it claims to be.
const SMALL_FILE: u64 = 1 << 20;

/// Entries of the object folder that are looked at. Git itself packs loose objects long before this.
const OBJECT_ENTRIES: u64 = 4_000_000;

/// How far object folders may borrow from each other.
const BORROWED_DEPTH: usize = 5;

/// Where the parts of one repository are. Every path is absolute and free of links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitDirs {
    /// `HEAD` lives here: `.git`, a bare repository, or a linked work tree's own folder.
    pub git_dir: PathBuf,
    /// Objects and branches live here. Equal to `git_dir` except for linked work trees.
    pub common_dir: PathBuf,
    /// Object folders that are borrowed from, within the permitted roots.
    pub borrowed: Vec<PathBuf>,
    /// Bytes of the packs, which are mapped into memory as a whole.
    pub packed_bytes: u64,
}

impl GitDirs {
    /// Every folder that has to be readable.
    pub fn readable(&self) -> Vec<PathBuf> {
        let mut all = vec![self.git_dir.clone(), self.common_dir.clone()];
        all.extend(self.borrowed.iter().cloned());
        all.sort();
        all.dedup();
        all
    }
}

/// Finds the repository at `path`: a work tree, a linked work tree, a submodule's work tree or a bare repository.
///
/// Object folders outside the repository are only accepted below one of `roots`.
pub fn locate(path: &Path, roots: &[PathBuf]) -> Result<GitDirs, Failure> {
    let shown = path.display();
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::PermissionDenied => unreadable(format!("`{shown}` may not be read: {error}.")),
        _ => Failure::new(FailureCode::NotARepository, format!("`{shown}` does not exist.")),
    })?;
    if !metadata.is_dir() {
        return Err(Failure::new(FailureCode::NotARepository, format!("`{shown}` is a file, not a folder.")));
    }
    let folder =
        fs::canonicalize(path).map_err(|error| unreadable(format!("`{shown}` may not be read: {error}.")))?;
    let git_dir = find_git_dir(&folder)?;
    let common_dir = common_dir(&git_dir)?;
    check_format(&common_dir)?;
    let packed_bytes = check_objects(&common_dir)?;
    let mut borrowed = Vec::new();
    check_borrowed(&common_dir.join("objects"), roots, &mut borrowed, BORROWED_DEPTH)?;
    Ok(GitDirs { git_dir, common_dir, borrowed, packed_bytes })
}

fn find_git_dir(folder: &Path) -> Result<PathBuf, Failure> {
    let dot_git = folder.join(".git");
    match fs::symlink_metadata(&dot_git).map(|it| it.file_type()) {
        Ok(kind) if kind.is_dir() => Ok(dot_git),
        Ok(kind) if kind.is_file() => follow_git_file(folder, &dot_git),
        Ok(_) => Err(outside("`.git` is a link. Name the folder that it leads to instead.")),
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            Err(unreadable(format!("`{}` may not be read: {error}.", dot_git.display())))
        }
        Err(_) if looks_like_git_dir(folder) => Ok(folder.to_owned()),
        Err(_) => Err(not_a_repository(folder)),
    }
}

fn not_a_repository(folder: &Path) -> Failure {
    let above = folder.ancestors().skip(1).find(|parent| parent.join(".git").exists());
    let detail = match above {
        Some(parent) => format!(
            "`{}` is a folder inside the repository `{}`; name the repository itself.",
            folder.display(),
            parent.display()
        ),
        None => format!("`{}` is not a Git repository: it has no `.git`.", folder.display()),
    };
    Failure::new(FailureCode::NotARepository, detail)
}

fn looks_like_git_dir(folder: &Path) -> bool {
    folder.join("HEAD").exists() && folder.join("objects").is_dir()
}

/// A `.git` file names the real folder. It is believed only where that folder names this one in return, so that a
/// file made by a stranger cannot borrow a repository of somebody else.
fn follow_git_file(folder: &Path, dot_git: &Path) -> Result<PathBuf, Failure> {
    let text = read_small(dot_git)?;
    let target = text
        .strip_prefix("gitdir:")
        .map(str::trim)
        .filter(|target| !target.is_empty())
        .ok_or_else(|| not_a_repository(folder))?;
    let git_dir = fs::canonicalize(folder.join(target))
        .map_err(|_| outside("The `.git` file names a folder that is not there."))?;
    let names_us = |path: &Path| fs::canonicalize(path).is_ok_and(|path| path == folder);
    let linked_back = read_small(&git_dir.join("gitdir"))
        .ok()
        .is_some_and(|text| Path::new(text.trim()).parent().is_some_and(names_us));
    let submodule_back =
        || config_value(&git_dir, "core.worktree").is_some_and(|tree| names_us(&git_dir.join(tree)));
    if git_dir.starts_with(folder) || linked_back || submodule_back() {
        Ok(git_dir)
    } else {
        Err(outside("The `.git` file names a repository that does not know this folder."))
    }
}

fn common_dir(git_dir: &Path) -> Result<PathBuf, Failure> {
    let pointer = git_dir.join("commondir");
    if fs::symlink_metadata(&pointer).is_err() {
        return Ok(git_dir.to_owned());
    }
    let text = read_small(&pointer)?;
    let common = fs::canonicalize(git_dir.join(text.trim()))
        .map_err(|_| outside("The linked work tree's repository is not there."))?;
    // Git keeps linked work trees in `worktrees/` of the repository they belong to.
    if git_dir.starts_with(common.join("worktrees")) {
        Ok(common)
    } else {
        Err(outside("The work tree is linked to a repository that does not hold it."))
    }
}

/// The repository's configuration is asked for the format of its storage.
fn check_format(common_dir: &Path) -> Result<(), Failure> {
    if let Some(format) = config_value(common_dir, "extensions.objectformat")
        && !format.eq_ignore_ascii_case("sha1")
    {
        return Err(Failure::new(
            FailureCode::Unsupported,
            "The repository names its objects by SHA-256, which is not supported yet.",
        ));
    }
    if let Some(storage) = config_value(common_dir, "extensions.refstorage")
        && !storage.eq_ignore_ascii_case("files")
    {
        return Err(Failure::new(
            FailureCode::Unsupported,
            "The repository keeps its branches in a reftable, which is not supported yet.",
        ));
    }
    Ok(())
}

/// A value of the repository's own configuration; what it includes is not followed.
pub(super) fn config_value(git_dir: &Path, key: &str) -> Option<String> {
    let bytes = read_bounded(&git_dir.join("config"), SMALL_FILE).ok()?;
    let metadata = gix::config::file::Metadata::from(gix::config::Source::Local);
    let file = gix::config::File::from_bytes_no_includes(
        &bytes,
        metadata,
        gix::config::file::init::Options::default(),
    )
    .ok()?;
    file.string(key).map(|value| value.to_string())
}

/// Looks at the kinds of the files that hold objects: links would be followed when they are opened, and pipes or
/// devices would never end. Returns the bytes of all packs.
fn check_objects(common_dir: &Path) -> Result<u64, Failure> {
    let objects = common_dir.join("objects");
    if fs::symlink_metadata(&objects).is_ok_and(|it| it.is_symlink()) {
        return Err(outside("The object folder is a link, which is not followed."));
    }
    let mut seen = 0_u64;
    let mut packed = 0_u64;
    let mut folders = vec![objects.clone()];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            // Git removes the folders of loose objects when it has packed them, which it may just be doing.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && folder != objects => continue,
            Err(error) => {
                return Err(unreadable(format!("`{}` may not be read: {error}.", folder.display())));
            }
        };
        for entry in entries {
            let entry =
                entry.map_err(|error| unreadable(format!("The object folder may not be read: {error}.")))?;
            seen += 1;
            if seen > OBJECT_ENTRIES {
                return Err(Failure::new(
                    FailureCode::TooLarge,
                    format!("The object folder has more than {OBJECT_ENTRIES} files; run `git gc` on it."),
                ));
            }
            let kind: FileType = entry
                .file_type()
                .map_err(|error| unreadable(format!("The object folder may not be read: {error}.")))?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if !kind.is_file() {
                return Err(outside("The object folder holds a link or a device, which is not followed."));
            } else if folder.ends_with("pack") {
                packed += entry.metadata().map_or(0, |it| it.len());
            }
        }
    }
    Ok(packed)
}

fn check_borrowed(
    objects: &Path,
    roots: &[PathBuf],
    borrowed: &mut Vec<PathBuf>,
    depth: usize,
) -> Result<(), Failure> {
    let list = objects.join("info/alternates");
    if fs::symlink_metadata(&list).is_err() {
        return Ok(());
    }
    for line in
        read_small(&list)?.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        // Quoted lines have escapes of their own; a permitted path does not need them.
        let folder = (!line.starts_with('"'))
            .then(|| fs::canonicalize(objects.join(line)).ok())
            .flatten()
            .filter(|folder| roots.iter().any(|root| folder.starts_with(root)))
            .ok_or_else(|| {
                outside(
                    "It borrows objects from another repository (`objects/info/alternates`), which is not followed. \
                     `git repack -a -d` followed by removing that file makes it complete.",
                )
            })?;
        if borrowed.contains(&folder) {
            continue;
        }
        if depth == 0 || folder.components().any(|part| part == Component::ParentDir) {
            return Err(outside("It borrows objects through too many other repositories."));
        }
        borrowed.push(folder.clone());
        check_borrowed(&folder, roots, borrowed, depth - 1)?;
    }
    Ok(())
}

fn read_small(path: &Path) -> Result<String, Failure> {
    let bytes = read_bounded(path, SMALL_FILE)
        .map_err(|error| unreadable(format!("`{}` may not be read: {error}.", path.display())))?;
    String::from_utf8(bytes).map_err(|_| unreadable(format!("`{}` is not text.", path.display())))
}

/// Opens a regular file without following a link in its last part and without waiting for a pipe.
pub(super) fn open_regular(path: &Path) -> std::io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, "not a regular file"))
    }
}

/// The content of a regular file of at most that many bytes.
pub(super) fn read_bounded(path: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_regular(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, "larger than it should be"));
    }
    Ok(bytes)
}

fn unreadable(detail: String) -> Failure {
    Failure::new(FailureCode::Unreadable, detail)
}

fn outside(detail: &str) -> Failure {
    Failure::new(FailureCode::OutsideReference, detail)
}
