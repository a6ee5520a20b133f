//! The files around a database: who else has it open, and who may read it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// This process's mark that it has the database open. The mark ends with the process, however it ends.
#[derive(Debug)]
pub(crate) struct Presence {
    /// Locked shared as long as this value lives.
    _lock: File,
    /// Whether nobody else had the database open when this process came.
    alone: bool,
}

/// Held while a process opens the database, so that at most one looks around or migrates at a time.
#[derive(Debug)]
pub(crate) struct Gate(#[expect(dead_code, reason = "the lock lives as long as the open file")] File);

impl Presence {
    /// Creates the folder and marks the database as open. Blocks while another process is opening it.
    pub(crate) fn announce(database: &Path) -> io::Result<(Self, Gate)> {
        if let Some(folder) = database.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            create_private_folder(folder)?;
        }
        let gate = private_file(&beside(database, ".opening"))?;
        gate.lock()?;
        let lock = private_file(&beside(database, ".lock"))?;
        let alone = match lock.try_lock() {
            Ok(()) => {
                lock.unlock()?;
                true
            }
            Err(TryLockError::WouldBlock) => false,
            Err(TryLockError::Error(error)) => return Err(error),
        };
        lock.lock_shared()?;
        // SQLite gives its journals the permissions of the database, so it is created with the right ones here.
        drop(private_file(database)?);
        Ok((Self { _lock: lock, alone }, Gate(gate)))
    }

    pub(crate) fn alone(&self) -> bool {
        self.alone
    }
}

fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(unix)]
fn create_private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;

    // Only a folder that is made here gets its permissions here: an existing one is its owner's decision.
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create_private_folder(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[cfg(unix)]
fn private_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};

    let file =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
    let permissions = file.metadata()?.permissions();
    if permissions.mode() & 0o077 != 0 {
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}
