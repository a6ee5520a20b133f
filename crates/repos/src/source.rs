//! Where a repository comes from: a folder of this machine, or a Git address.
//!
//! Parsing refuses everything whose meaning could be bent: other transports, options in disguise, credentials in
//! the address. What it returns has one spelling for each repository, so that equal sources compare equal.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, FailureCode};
use crate::sample;

/// Longer texts are no addresses.
const LENGTH: usize = 2_000;

/// Where a repository comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// A folder of this machine, as it was given or, once connected, absolute and free of links.
    Local(PathBuf),
    /// A repository of another machine.
    Git(Address),
}

/// How another machine is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    /// Encrypted, the host proven by its certificate.
    Https,
    /// Encrypted, the host proven by its known key.
    Ssh,
}

/// The address of a repository on another machine. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    transport: Transport,
    user: Option<String>,
    host: String,
    port: u16,
    path: String,
}

impl Source {
    /// Understands what a person typed or pasted.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let text = text.trim();
        if text.is_empty() {
            return Err(invalid("Give a folder or a Git address."));
        }
        if text.len() > LENGTH || text.chars().any(char::is_control) {
            return Err(invalid("The address is too long or holds control characters."));
        }
        if text.starts_with('-') {
            return Err(refused("An address never begins with a dash."));
        }
        let before_slash = text.split('/').next().unwrap_or_default();
        if before_slash.contains("::") {
            return Err(refused("Transport helpers such as `ext::` run programs and are never used."));
        }
        if let Some((scheme, _)) = text.split_once("://") {
            return url(text, scheme);
        }
        match text.split_once(':') {
            Some((host, path)) if !host.contains('/') && !host.starts_with(['.', '~']) => scp(host, path),
            _ => Ok(Self::Local(PathBuf::from(text))),
        }
    }

    /// The sample that comes with the program. Each process keeps it in its own data folder, so that the source is no
    /// folder but a name, which no folder that is understood or connected can have.
    pub fn sample() -> Self {
        Self::Local(PathBuf::from(sample::SOURCE))
    }

    /// Whether it is the sample.
    pub fn is_sample(&self) -> bool {
        *self == Self::sample()
    }

    /// The last part of the path, without `.git`: a name to start with.
    pub fn suggested_name(&self) -> String {
        let last = match self {
            Self::Local(path) => Some(folder_name(&path.to_string_lossy()).to_owned()),
            Self::Git(address) => address.path.rsplit('/').next().map(str::to_owned),
        };
        let last = last.unwrap_or_default();
        let name: String = last
            .strip_suffix(".git")
            .unwrap_or(&last)
            .chars()
            .filter(|it| !it.is_control())
            .take(100)
            .collect();
        if name.is_empty() { "repository".to_owned() } else { name }
    }

    /// `local` or `git`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Local(_) => "local",
            Self::Git(_) => "git",
        }
    }

    /// The folder, for a local source.
    pub fn local_path(&self) -> Option<&Path> {
        match self {
            Self::Local(path) => Some(path),
            Self::Git(_) => None,
        }
    }
}

/// Names of folders that say nothing of the repository in them.
const SAYS_NOTHING: &[&str] = &["repo", "repository", "git", "src", "checkout", "clone", "mirror"];

/// What a folder is called: its name without `.git`, or that of the folder above where its own says nothing, as in
/// `/srv/mirrors/tool/repo.git`. Empty for the root and for a path that ends in dots.
pub fn folder_name(path: &str) -> &str {
    let names = path.rsplit('/').map(|part| part.strip_suffix(".git").unwrap_or(part));
    let mut names = names.filter(|name| !name.is_empty());
    let dots = |name: &str| matches!(name, "." | "..");
    let own = names.next().filter(|name| !dots(name)).unwrap_or_default();
    let telling = |name: &str| !dots(name) && !SAYS_NOTHING.iter().any(|it| it.eq_ignore_ascii_case(name));
    if telling(own) { own } else { names.next().filter(|name| telling(name)).unwrap_or(own) }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(path) => path.display().fmt(f),
            Self::Git(address) => address.fmt(f),
        }
    }
}

impl Address {
    /// How it is spoken to.
    pub fn transport(&self) -> Transport {
        self.transport
    }

    /// The account on the other machine; only for SSH.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The host's name, in lower case, or its address without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The path on the host; begins with `/`, except for SSH paths below the account's home.
    pub fn path(&self) -> &str {
        &self.path
    }

    fn new(
        transport: Transport,
        user: Option<&str>,
        host: &str,
        port: Option<u16>,
        path: &str,
    ) -> Result<Self, Failure> {
        let host = normal_host(host)?;
        if let Some(user) = user
            && (user.is_empty()
                || !user.chars().all(|it| it.is_ascii_alphanumeric() || "._-".contains(it))
                || user.starts_with('-'))
        {
            return Err(invalid("The account in the address is not a plain name."));
        }
        let path = path.trim_end_matches('/');
        let plain = |part: &str| !part.starts_with('-') && part != "." && part != "..";
        if path.trim_start_matches('/').is_empty() || !path.split('/').all(plain) {
            return Err(invalid("The address names no repository on its host."));
        }
        if !path.bytes().all(|it| it.is_ascii_alphanumeric() || b"/._~+@%-".contains(&it)) {
            return Err(invalid("The address's path has characters that hosts do not use."));
        }
        let standard = match transport {
            Transport::Https => 443,
            Transport::Ssh => 22,
        };
        Ok(Self {
            transport,
            user: user.map(str::to_owned),
            host,
            port: port.unwrap_or(standard),
            path: path.to_owned(),
        })
    }
}

impl fmt::Display for Address {
    /// The one spelling of this address, as a URL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, standard) = match self.transport {
            Transport::Https => ("https", 443),
            Transport::Ssh => ("ssh", 22),
        };
        write!(f, "{scheme}://")?;
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?;
        } else {
            f.write_str(&self.host)?;
        }
        if self.port != standard {
            write!(f, ":{}", self.port)?;
        }
        // A path below the account's home is written as Git writes it in URLs.
        let home = if self.path.starts_with('/') { "" } else { "/~/" };
        write!(f, "{home}{}", self.path)
    }
}

fn url(text: &str, scheme: &str) -> Result<Source, Failure> {
    let transport = match scheme.to_ascii_lowercase().as_str() {
        "https" => Transport::Https,
        "ssh" => Transport::Ssh,
        "http" => return Err(refused("`http://` is not encrypted; use `https://`.")),
        "git" => {
            return Err(refused("`git://` is neither encrypted nor proven; use `https://` or `ssh://`."));
        }
        "file" => return Err(refused("Give the folder's path instead of a `file://` address.")),
        other => {
            return Err(refused(&format!(
                "`{}://` is not supported; use https or ssh.",
                other.escape_debug()
            )));
        }
    };
    let url =
        url::Url::parse(text).map_err(|error| invalid(&format!("The address cannot be read: {error}.")))?;
    if url.password().is_some() || (transport == Transport::Https && !url.username().is_empty()) {
        return Err(refused("Leave user names and tokens out of the address; they would end up in logs."));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("The address has a `?` or `#`; give only the repository itself."));
    }
    let host = url.host_str().unwrap_or_default();
    let user = (!url.username().is_empty()).then(|| url.username());
    let path = url.path();
    let path = path.strip_prefix("/~/").filter(|_| transport == Transport::Ssh).unwrap_or(path);
    Address::new(transport, user, host, url.port(), path).map(Source::Git)
}

fn scp(host: &str, path: &str) -> Result<Source, Failure> {
    let (user, host) = match host.split_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, host),
    };
    Address::new(Transport::Ssh, user, host, None, path).map(Source::Git)
}

/// Lower case, and every notation of a number as the address it means: `0x7f.1` is 127.0.0.1.
fn normal_host(host: &str) -> Result<String, Failure> {
    let wrong = || invalid("The address names no valid host.");
    if host.is_empty() || host.starts_with('-') {
        return Err(wrong());
    }
    match url::Host::parse(host).map_err(|_| wrong())? {
        url::Host::Ipv4(address) => Ok(IpAddr::V4(address).to_string()),
        url::Host::Ipv6(address) => Ok(IpAddr::V6(address).to_string()),
        url::Host::Domain(name) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let plain = |label: &str| {
                !label.is_empty()
                    && !label.starts_with('-')
                    && label.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_')
            };
            if name.len() <= 253 && name.split('.').all(plain) { Ok(name) } else { Err(wrong()) }
        }
    }
}

fn invalid(detail: &str) -> Failure {
    Failure::new(FailureCode::UrlInvalid, detail)
}

fn refused(detail: &str) -> Failure {
    Failure::new(FailureCode::UrlRefused, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match Source::parse(text) {
            Ok(source) => format!("{} {source}", source.kind()),
            Err(failure) => failure.code.as_str().to_owned(),
        }
    }

    #[test]
    fn equal_repositories_have_one_spelling() {
        for text in [
            "https://Host.Example/a/b.git",
            "https://host.example:443/a/b.git/",
            " https://host.example./a/b.git ",
        ] {
            assert_eq!(shown(text), "git https://host.example/a/b.git");
        }
        for text in [
            "git@host.example:a/b.git",
            "ssh://git@host.example/~/a/b.git",
            "ssh://git@HOST.example:22/~/a/b.git",
        ] {
            assert_eq!(shown(text), "git ssh://git@host.example/~/a/b.git");
        }
        assert_eq!(shown("ssh://git@host.example:2222/a/b"), "git ssh://git@host.example:2222/a/b");
        assert_eq!(shown("https://0x7f.1/a"), "git https://127.0.0.1/a");
        assert_eq!(shown("https://[::1]:8443/a"), "git https://[::1]:8443/a");
    }

    #[test]
    fn nobody_types_the_sample() {
        for text in [sample::SOURCE, "./sample:", "/sample:", "sample:/", " sample: ", "sample:."] {
            assert!(!Source::parse(text).is_ok_and(|source| source.is_sample()), "{text}");
        }
    }

    #[test]
    fn folders_are_folders() {
        for text in ["/srv/a", "./a", "../a", "~/a", "a", "a/b:c", "."] {
            assert_eq!(shown(text), format!("local {text}"));
        }
    }

    #[test]
    fn names_come_from_the_last_part() {
        let name = |text| Source::parse(text).unwrap().suggested_name();
        assert_eq!(name("https://host.example/team/tool.git"), "tool");
        assert_eq!(name("/srv/code/thing"), "thing");
        assert_eq!(name("/"), "repository");
        assert_eq!(name("/srv/mirrors/ada+tool/repo.git"), "ada+tool");
        assert_eq!(name("/srv/mirrors/tool/.git"), "tool");
        assert_eq!(name("/repo"), "repo");
        assert_eq!(name("/git/repo"), "repo");
    }
}
