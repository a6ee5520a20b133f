//! Which host.

use std::fmt;

use url::Url;

/// What kind of host: whose interface it speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// github.com, or GitHub Enterprise Server.
    GitHub,
    /// gitlab.com, or an instance of one's own.
    GitLab,
    /// Gitea or Forgejo; Codeberg is one.
    Gitea,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::GitHub, Self::GitLab, Self::Gitea];

    /// The name used in storage and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::GitLab => "gitlab",
            Self::Gitea => "gitea",
        }
    }

    /// The kind with that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub",
            Self::GitLab => "GitLab",
            Self::Gitea => "Gitea",
        }
    }

    /// The public instance; Gitea has none that stands for all.
    pub fn public(self) -> Option<&'static str> {
        match self {
            Self::GitHub => Some("https://github.com"),
            Self::GitLab => Some("https://gitlab.com"),
            Self::Gitea => None,
        }
    }

    /// The account that git names together with a token of that login.
    pub fn git_user(self, login: &str) -> String {
        match self {
            Self::GitHub => "x-access-token".to_owned(),
            Self::GitLab => "oauth2".to_owned(),
            Self::Gitea => login.to_owned(),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A host: its kind, and where people find it. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    kind: Kind,
    base: Url,
}

/// Why an address is none of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// It cannot be read.
    #[error("this is no address: write https:// and the name of the host, such as https://git.example.org")]
    Malformed,
    /// A token must not travel in the clear.
    #[error("a token is only sent over https: write https:// in front of the host's name")]
    NotEncrypted,
    /// It says more than where the host is.
    #[error("leave out accounts, passwords, `?` and `#`: only the address of the host is wanted")]
    TooMuch,
    /// It has to be said.
    #[error("say where the host is, such as https://git.example.org")]
    Missing,
}

impl Endpoint {
    /// Understands where people say that a host is: the address of its start page, in one spelling for each host.
    /// Without an address it is the public instance.
    pub fn parse(kind: Kind, address: Option<&str>) -> Result<Self, EndpointError> {
        let given = address.map(str::trim).filter(|address| !address.is_empty());
        let text = given.or(kind.public()).ok_or(EndpointError::Missing)?;
        let mut base = Url::parse(text).map_err(|_| EndpointError::Malformed)?;
        match base.scheme() {
            "https" => {}
            "http" => return Err(EndpointError::NotEncrypted),
            _ => return Err(EndpointError::Malformed),
        }
        let bare = base.username().is_empty() && base.password().is_none();
        if !bare || base.query().is_some() || base.fragment().is_some() {
            return Err(EndpointError::TooMuch);
        }
        let path = base.path().trim_end_matches('/').to_owned();
        base.set_path(&path);
        Ok(Self { kind, base })
    }

    /// What kind of host it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The address of its start page, without a slash at the end.
    pub fn address(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// Its name, with its port unless that is the usual one.
    pub fn host(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        self.base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Whether it is the public instance of its kind.
    pub fn is_public(&self) -> bool {
        self.kind.public().is_some_and(|public| public == self.address())
    }

    /// Where git finds a repository: made from its path rather than taken from an answer, so that a token goes to no
    /// other host.
    pub fn clone_address(&self, path: &str) -> String {
        format!("{}/{path}.git", self.address())
    }

    /// Where programs ask; ends with a slash.
    pub(crate) fn api(&self) -> Url {
        let mut api = self.base.clone();
        let path = self.base.path().trim_end_matches('/');
        match self.kind {
            Kind::GitHub if self.is_public() => {
                // The host is a plain name; it can always be set.
                let _ = api.set_host(Some("api.github.com"));
                api.set_path("/");
            }
            Kind::GitHub => api.set_path(&format!("{path}/api/v3/")),
            Kind::GitLab => api.set_path(&format!("{path}/api/v4/")),
            Kind::Gitea => api.set_path(&format!("{path}/api/v1/")),
        }
        api
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_one_spelling() {
        let shown = |kind, text: Option<&str>| Endpoint::parse(kind, text).unwrap();
        for text in [None, Some(""), Some("https://GitHub.com/"), Some(" https://github.com:443 ")] {
            let host = shown(Kind::GitHub, text);
            assert_eq!((host.address(), host.is_public()), ("https://github.com", true));
            assert_eq!(host.api().as_str(), "https://api.github.com/");
        }
        let own = shown(Kind::GitHub, Some("https://code.example.org:8443"));
        assert_eq!(own.api().as_str(), "https://code.example.org:8443/api/v3/");
        assert_eq!((own.host().as_str(), own.is_public()), ("code.example.org:8443", false));
        let below = shown(Kind::GitLab, Some("https://example.org/gitlab/"));
        assert_eq!(below.api().as_str(), "https://example.org/gitlab/api/v4/");
        assert_eq!(below.clone_address("team/tool"), "https://example.org/gitlab/team/tool.git");
    }

    #[test]
    fn what_is_no_address_of_a_host_is_refused() {
        let error = |kind, text: &str| Endpoint::parse(kind, Some(text)).unwrap_err();
        assert_eq!(error(Kind::Gitea, " "), EndpointError::Missing);
        assert_eq!(error(Kind::Gitea, "git.example.org"), EndpointError::Malformed);
        assert_eq!(error(Kind::Gitea, "ssh://git.example.org"), EndpointError::Malformed);
        assert_eq!(error(Kind::Gitea, "http://git.example.org"), EndpointError::NotEncrypted);
        for text in ["https://me:token@x.example", "https://x.example/?a=b", "https://x.example/#a"] {
            assert_eq!(error(Kind::Gitea, text), EndpointError::TooMuch);
        }
    }
}
