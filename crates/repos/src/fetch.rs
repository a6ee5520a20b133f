//! Copies of repositories from other machines, made by the system's `git`.
//!
//! Git's transports are large and well kept; they are used as they are, but tied down: the address was parsed and
//! vetted here and is pinned, nothing of the user's or system's configuration is read, no other transport, no
//! redirect, no hook, no template, no submodule. A copy is bare, so nothing is ever checked out, and holds one
//! branch. Secrets travel in the environment of the process, never in its arguments, addresses or logs.
//!
//! Reading order: [`FetchConfig`], [`Fetcher`]; then `command` (how git is started) and `outcome` (what its words
//! mean).

mod command;
mod outcome;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base::Secret;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::failure::{Failure, FailureCode};
use crate::net::{self, Allowed};
use crate::source::Address;
use command::{GitCommand, Limit};

/// Branch names that are given out.
const BRANCHES: usize = 1_000;

/// Bytes of a remote's list of branches.
const LIST_BYTES: u64 = 64 << 20;

/// How long listing a remote's branches may take.
const LIST_TIME: Duration = Duration::from_secs(30);

/// The first git that knows `http.curloptResolve`.
const OLDEST_GIT: (u32, u32) = (2, 37);

/// The file in a copy that says that its first fetch came to its end.
const COMPLETE: &str = "devmentor-complete";

/// What the operator decided about other machines.
#[derive(Debug, Clone)]
pub struct FetchConfig {
    /// The `git` program.
    pub git: PathBuf,
    /// Hosts that may be contacted although they are not on the public network.
    pub allowed: Allowed,
    /// A file of certificate authorities to trust instead of the system's.
    pub authorities: Option<PathBuf>,
    /// Tokens for hosts, for https.
    pub credentials: Vec<Credential>,
    /// What ssh uses beyond the account's own keys and known hosts.
    pub ssh: SshConfig,
    /// Bytes of one copy.
    pub bytes: u64,
    /// How long making one copy may take.
    pub time: Duration,
}

/// A token for a host.
#[derive(Debug, Clone)]
pub struct Credential {
    /// The host's name, as in addresses.
    pub host: String,
    /// The account; many hosts take any.
    pub user: String,
    /// The token.
    pub token: Secret,
}

/// What ssh uses.
#[derive(Debug, Clone, Default)]
pub struct SshConfig {
    /// A private key without a passphrase, or with one that the agent knows.
    pub key: Option<PathBuf>,
    /// The keys of known hosts. Unknown hosts are refused.
    pub known_hosts: Option<PathBuf>,
    /// The socket of an agent.
    pub agent: Option<PathBuf>,
}

impl Default for FetchConfig {
    fn default() -> Self {
        Self {
            git: PathBuf::from("git"),
            allowed: Allowed::default(),
            authorities: None,
            credentials: Vec::new(),
            ssh: SshConfig::default(),
            bytes: 4 << 30,
            time: Duration::from_mins(15),
        }
    }
}

/// Copies repositories of other machines. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Fetcher {
    config: Arc<FetchConfig>,
    /// Set once the `git` program was found to be new enough.
    checked: Arc<OnceCell<()>>,
}

/// What a remote repository offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// The branch that was asked for, else the default one.
    pub branch: Option<String>,
    /// Its newest commit.
    pub commit: String,
    /// The branches, by name; at most 1,000.
    pub branches: Vec<String>,
}

impl Fetcher {
    /// Under the operator's decisions.
    pub fn new(config: FetchConfig) -> Self {
        Self { config: Arc::new(config), checked: Arc::default() }
    }

    /// The same with one more token, which goes before those of the configuration.
    #[must_use]
    pub fn knowing(&self, credential: Credential) -> Self {
        let mut config = FetchConfig::clone(&self.config);
        config.credentials.insert(0, credential);
        Self { config: Arc::new(config), checked: Arc::clone(&self.checked) }
    }

    /// How long making one copy may take.
    pub fn time_limit(&self) -> Duration {
        self.config.time + LIST_TIME
    }

    /// Asks a remote for its branches.
    pub async fn list(&self, address: &Address, branch: Option<&str>) -> Result<Remote, Failure> {
        self.list_until(address, branch, &CancellationToken::new()).await
    }

    async fn list_until(
        &self,
        address: &Address,
        branch: Option<&str>,
        cancel: &CancellationToken,
    ) -> Result<Remote, Failure> {
        let mut git = self.command(address).await?;
        git.args(["ls-remote", "--symref", "--", &address.to_string(), "HEAD", "refs/heads/*"]);
        let limit = Limit { time: LIST_TIME, folder: None };
        let output = git.run(limit, LIST_BYTES, cancel, |_, _, _| {}).await?;
        remote(&output, branch)
    }

    /// Makes `folder` an up-to-date copy of one branch, or of the default one: a bare repository whose `HEAD` is
    /// that branch. `progress` hears how many of how many units are done.
    pub async fn fetch(
        &self,
        address: &Address,
        branch: Option<&str>,
        folder: &Path,
        cancel: &CancellationToken,
        progress: impl Fn(u64, Option<u64>, &str) + Send + Sync,
    ) -> Result<Remote, Failure> {
        progress(0, None, "objects");
        let remote = self.list_until(address, branch, cancel).await?;
        let name = remote.branch.clone().ok_or_else(|| {
            Failure::new(
                FailureCode::NoSuchBranch,
                "The repository has no default branch; name the one to analyse.",
            )
        })?;
        // A copy of another branch is no beginning: that branch may be in the way of this one's name, and what it
        // brought would count towards the copy's size for ever.
        let fresh = !folder.join(COMPLETE).exists() || !is_of_branch(folder, &name).await;
        let result = self.fetch_branch(address, &name, folder, fresh, cancel, progress).await;
        if result.is_err() && fresh {
            // Half a copy is no copy; the next try begins anew.
            delete(folder).await;
        }
        result.map(|()| remote)
    }

    async fn fetch_branch(
        &self,
        address: &Address,
        branch: &str,
        folder: &Path,
        fresh: bool,
        cancel: &CancellationToken,
        progress: impl Fn(u64, Option<u64>, &str) + Send + Sync,
    ) -> Result<(), Failure> {
        if fresh {
            delete(folder).await;
            create(folder).await?;
            let mut init = GitCommand::new(&self.config.git, folder);
            init.args(["init", "--quiet", "--bare", "--template=", "--object-format=sha1", "--"]).arg(folder);
            let limit = Limit { time: LIST_TIME, folder: None };
            init.run(limit, LIST_BYTES, cancel, |_, _, _| {}).await?;
        } else {
            tidy(folder).await;
        }
        let mut git = self.command(address).await?;
        git.git_dir(folder);
        git.args(["fetch", "--progress", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"]);
        git.args(["--no-auto-maintenance", "--force", "--", &address.to_string()]);
        git.args([format!("+refs/heads/{branch}:refs/heads/{branch}")]);
        let limit = Limit { time: self.config.time, folder: Some((folder, self.config.bytes)) };
        git.run(limit, LIST_BYTES, cancel, progress).await?;
        let head = folder.join("HEAD");
        tokio::fs::write(&head, head_of(branch)).await.map_err(|error| disk(&head, &error))?;
        if fresh {
            let marker = folder.join(COMPLETE);
            tokio::fs::write(&marker, "").await.map_err(|error| disk(&marker, &error))?;
        }
        Ok(())
    }

    /// An older git ignores the setting that pins the vetted network address, and would look the name up again.
    async fn check_version(&self) -> Result<(), Failure> {
        let mut git = GitCommand::new(&self.config.git, Path::new("/"));
        git.args(["--version"]);
        let limit = Limit { time: LIST_TIME, folder: None };
        let output = git.run(limit, LIST_BYTES, &CancellationToken::new(), |_, _, _| {}).await?;
        if version(&output).is_some_and(|version| version >= OLDEST_GIT) {
            return Ok(());
        }
        let (major, minor) = OLDEST_GIT;
        Err(Failure::new(
            FailureCode::GitMissing,
            format!(
                "Git addresses need the `git` program in version {major}.{minor} or newer; the one installed here is older."
            ),
        ))
    }

    /// A git that can speak to this address, and to nothing else.
    async fn command(&self, address: &Address) -> Result<GitCommand, Failure> {
        let pinned = net::vet(address.host(), address.port(), &self.config.allowed).await?;
        self.checked.get_or_try_init(|| self.check_version()).await?;
        let mut git = GitCommand::new(&self.config.git, Path::new("/"));
        git.speak_to(address, pinned, &self.config);
        Ok(git)
    }
}

/// Understands the answer of `git --version`: the first two numbers.
fn version(output: &[u8]) -> Option<(u32, u32)> {
    let text = std::str::from_utf8(output).ok()?;
    let mut numbers = text.strip_prefix("git version ")?.split(['.', ' ', '\n']);
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// Understands the answer of `ls-remote --symref`.
fn remote(output: &[u8], branch: Option<&str>) -> Result<Remote, Failure> {
    let text = String::from_utf8_lossy(output);
    let mut default = None;
    let mut head = None;
    let mut heads: Vec<(&str, &str)> = Vec::new();
    for line in text.lines() {
        let Some((value, name)) = line.split_once('\t') else { continue };
        if let Some(target) = value.strip_prefix("ref: ") {
            if name == "HEAD" {
                default = target.strip_prefix("refs/heads/");
            }
        } else if name == "HEAD" {
            head = Some(value);
        } else if let Some(name) = name.strip_prefix("refs/heads/")
            && crate::git::is_branch_name(name)
        {
            heads.push((name, value));
        }
    }
    heads.sort_unstable();
    // An old server does not say which branch is the default one; the one with the same commit is.
    let default = default.or_else(|| heads.iter().find(|(_, id)| Some(*id) == head).map(|(name, _)| *name));
    let wanted = branch.or(default);
    let found = wanted.and_then(|wanted| heads.iter().find(|(name, _)| *name == wanted));
    let branches: Vec<String> = heads.iter().take(BRANCHES).map(|(name, _)| (*name).to_owned()).collect();
    match (found, branch) {
        (Some((name, id)), _) => {
            Ok(Remote { branch: Some((*name).to_owned()), commit: (*id).to_owned(), branches })
        }
        (None, Some(branch)) => Err(Failure::new(
            FailureCode::NoSuchBranch,
            format!("There is no branch `{}`.", branch.escape_debug()),
        )),
        (None, None) if heads.is_empty() => {
            Err(Failure::new(FailureCode::EmptyRepository, "The repository has no commit yet."))
        }
        (None, None) => Err(Failure::new(
            FailureCode::NoSuchBranch,
            "The repository has no default branch; name the one to analyse.",
        )),
    }
}

/// Whether a folder is a copy that a [`Fetcher`] made, or began to make.
pub fn is_copy(folder: &Path) -> bool {
    folder.join(COMPLETE).is_file() || (folder.join("HEAD").is_file() && folder.join("objects").is_dir())
}

/// What the file `HEAD` of a copy of that branch says.
fn head_of(branch: &str) -> String {
    format!("ref: refs/heads/{branch}\n")
}

async fn is_of_branch(folder: &Path, branch: &str) -> bool {
    tokio::fs::read_to_string(folder.join("HEAD")).await.is_ok_and(|head| head == head_of(branch))
}

async fn create(folder: &Path) -> Result<(), Failure> {
    tokio::fs::create_dir_all(folder).await.map_err(|error| disk(folder, &error))
}

/// Deletes a copy, where there is one.
pub(crate) async fn delete(folder: &Path) {
    if let Err(error) = tokio::fs::remove_dir_all(folder).await
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, folder = %folder.display(), "a copy could not be deleted");
    }
}

/// Deletes what a git that was killed left in a copy: locks, over which the next one would stumble, and halves of
/// packs, which count towards the copy's size.
async fn tidy(folder: &Path) {
    let folder = folder.to_owned();
    let tidied = tokio::task::spawn_blocking(move || {
        let packs = folder.join("objects/pack");
        let mut folders = vec![folder];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder)?.flatten() {
                let name = entry.file_name();
                let name = name.as_encoded_bytes();
                if entry.file_type()?.is_dir() {
                    folders.push(entry.path());
                } else if name.ends_with(b".lock") || (folder == packs && name.starts_with(b"tmp_")) {
                    std::fs::remove_file(entry.path())?;
                }
            }
        }
        Ok::<(), std::io::Error>(())
    });
    // What is left over then shows in what git says.
    if let Ok(Err(error)) = tidied.await {
        tracing::warn!(%error, "what a killed git left could not be deleted");
    }
}

fn disk(path: &Path, error: &std::io::Error) -> Failure {
    tracing::warn!(%error, path = %path.display(), "a copy cannot be written");
    Failure::new(FailureCode::Internal, format!("The copy of the repository cannot be written: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str =
        "ref: refs/heads/main\tHEAD\n1111\tHEAD\n2222\trefs/heads/dev\n1111\trefs/heads/main\n";

    #[test]
    fn versions_are_read_and_compared() {
        assert_eq!(version(b"git version 2.39.5\n"), Some((2, 39)));
        assert_eq!(version(b"git version 2.50.1 (Example Git-155)\n"), Some((2, 50)));
        assert_eq!(version(b"git version 3.0\n"), Some((3, 0)));
        assert!(version(b"git version 2.9.1\n").is_some_and(|version| version < OLDEST_GIT));
        assert_eq!(version(b"hello\n"), None);
    }

    #[test]
    fn a_remote_says_what_it_has() {
        let found = remote(LIST.as_bytes(), None).unwrap();
        assert_eq!((found.branch.as_deref(), found.commit.as_str()), (Some("main"), "1111"));
        assert_eq!(found.branches, ["dev", "main"]);
        assert_eq!(remote(LIST.as_bytes(), Some("dev")).unwrap().commit, "2222");
        assert_eq!(remote(LIST.as_bytes(), Some("x")).unwrap_err().code, FailureCode::NoSuchBranch);
        assert_eq!(remote(b"", None).unwrap_err().code, FailureCode::EmptyRepository);
        let old = "1111\tHEAD\n2222\trefs/heads/dev\n1111\trefs/heads/main\n";
        assert_eq!(remote(old.as_bytes(), None).unwrap().branch.as_deref(), Some("main"));
        let odd = "3333\trefs/heads/--upload-pack=x\n1111\trefs/heads/a b\n";
        assert_eq!(remote(odd.as_bytes(), None).unwrap_err().code, FailureCode::EmptyRepository);
    }
}
