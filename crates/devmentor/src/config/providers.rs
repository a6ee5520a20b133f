//! Providers that people sign in with.

use std::path::PathBuf;

use base::Secret;
use identity::providers::{Kind, Provider};
use serde::Deserialize;
use url::Url;

use super::ConfigError;

/// Where Google signs people in.
const GOOGLE: &str = "https://accounts.google.com";
const GITHUB: &str = "https://github.com";
const GITHUB_API: &str = "https://api.github.com";

/// One of `identity.providers`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderEntry {
    /// Its name in addresses.
    pub id: String,
    /// What it speaks.
    pub kind: ProviderKind,
    /// Its name for people; without one, that of its kind.
    #[serde(default)]
    pub name: Option<String>,
    /// Where it is: the issuer, or the address of a GitHub Enterprise Server.
    #[serde(default)]
    pub url: Option<String>,
    /// This server's name there.
    pub client_id: String,
    /// This server's password there.
    #[serde(default)]
    pub client_secret: Option<Secret>,
    /// A file with that password instead.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
}

/// What a provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderKind {
    /// `OpenID` Connect.
    Oidc,
    /// The same, at Google.
    Google,
    /// GitHub's own.
    Github,
}

impl ProviderEntry {
    /// The provider, with the password that its file holds.
    pub(crate) fn provider(&self) -> Result<Provider, ConfigError> {
        let mut provider = self.without_file()?;
        if let Some(file) = &self.client_secret_file {
            let text = std::fs::read_to_string(file)
                .map_err(|error| self.wrong(&format!("{} cannot be read: {error}", file.display())))?;
            provider.client_secret = Secret::new(text.trim());
        }
        if provider.client_secret.expose().is_empty() {
            return Err(self.wrong("its client secret is empty: write the one that the provider shows"));
        }
        Ok(provider)
    }

    fn wrong(&self, what: &str) -> ConfigError {
        ConfigError(format!("`identity.providers` has `{}`: {what}", self.id))
    }

    /// The provider, without the password of a file: commands that sign nobody in may not be allowed to read that.
    pub(crate) fn without_file(&self) -> Result<Provider, ConfigError> {
        let wrong = |what: &str| self.wrong(what);
        let url = |text: &str| text.parse::<Url>().map_err(|_| wrong("write its `url` as https://..."));
        let kind = match (self.kind, &self.url) {
            (ProviderKind::Oidc, Some(issuer)) => Kind::Oidc(url(issuer)?),
            (ProviderKind::Oidc, None) => return Err(wrong("say its issuer in `url`")),
            (ProviderKind::Google, None) => Kind::Oidc(url(GOOGLE)?),
            (ProviderKind::Google, Some(_)) => return Err(wrong("Google needs no `url`")),
            (ProviderKind::Github, None) => Kind::GitHub { web: url(GITHUB)?, api: url(GITHUB_API)? },
            (ProviderKind::Github, Some(web)) => {
                let api = format!("{}/api/v3", web.trim_end_matches('/'));
                Kind::GitHub { web: url(web)?, api: url(&api)? }
            }
        };
        let client_secret = match (&self.client_secret, &self.client_secret_file) {
            (Some(secret), None) => secret.clone(),
            (None, Some(_)) => Secret::new(""),
            _ => return Err(wrong("give either `client_secret` or `client_secret_file`")),
        };
        let usual = match self.kind {
            ProviderKind::Oidc => &self.id,
            ProviderKind::Google => "Google",
            ProviderKind::Github => "GitHub",
        };
        let name = self.name.clone().unwrap_or_else(|| usual.to_owned());
        Ok(Provider { id: self.id.clone(), name, kind, client_id: self.client_id.clone(), client_secret })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Result<Provider, String> {
        let entry: ProviderEntry = toml(text);
        entry.provider().map_err(|error| error.to_string())
    }

    fn toml(text: &str) -> ProviderEntry {
        use figment::providers::{Format as _, Toml};
        figment::Figment::from(Toml::string(text)).extract().unwrap()
    }

    #[test]
    fn presets_know_where_they_are() {
        let google = entry("id='google'\nkind='google'\nclient_id='c'\nclient_secret='s'").unwrap();
        assert_eq!((google.name.as_str(), google.kind), ("Google", Kind::Oidc(GOOGLE.parse().unwrap())));
        let own =
            "id='work'\nkind='github'\nurl='https://git.example.org/'\nclient_id='c'\nclient_secret='s'";
        let Kind::GitHub { api, .. } = entry(own).unwrap().kind else { panic!("another kind") };
        assert_eq!(api.as_str(), "https://git.example.org/api/v3");
    }

    #[test]
    fn what_is_missing_or_too_much_is_said() {
        for (text, said) in [
            ("id='x'\nkind='oidc'\nclient_id='c'\nclient_secret='s'", "say its issuer"),
            ("id='x'\nkind='google'\nurl='https://x.example'\nclient_id='c'\nclient_secret='s'", "no `url`"),
            ("id='x'\nkind='google'\nclient_id='c'", "either `client_secret` or"),
            ("id='x'\nkind='oidc'\nurl='nothing'\nclient_id='c'\nclient_secret='s'", "https://"),
            (
                "id='x'\nkind='google'\nclient_id='c'\nclient_secret_file='/nowhere'",
                "/nowhere cannot be read",
            ),
            (
                "id='x'\nkind='google'\nclient_id='c'\nclient_secret_file='/dev/null'",
                "its client secret is empty",
            ),
            ("id='x'\nkind='google'\nclient_id='c'\nclient_secret=''", "its client secret is empty"),
        ] {
            let error = entry(text).unwrap_err();
            assert!(error.contains(said) && error.contains("`x`"), "{error}");
        }
    }
}
