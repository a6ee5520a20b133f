//! Questions to a server, as whoever is signed in.

use std::time::Duration;

use api::Problem;
use base::{Clock, Ids, Secret};
use outbound::{Client, Dependency, Error, Limits, Protection};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::kept::{Kept, Place, Tokens};
use crate::exit::Failure;
use crate::{Context, wiring};

/// The environment variable with an API token, which is used instead of a session.
pub(super) const TOKEN: &str = "DEVMENTOR_TOKEN";
/// The environment variable with the server's address.
pub(super) const SERVER: &str = "DEVMENTOR_URL";
/// An access token that is this near its end is not used any more.
const SOON: Duration = Duration::from_secs(30);

/// As whom questions are asked.
enum As {
    /// Nobody yet.
    Nobody,
    /// A program with a token of its own.
    Token(Secret),
    /// Somebody who signed in here.
    Session(Tokens),
}

/// A server, and who asks it.
pub(super) struct Remote {
    /// Its address, without a slash at its end.
    pub(super) server: String,
    client: Client,
    clock: Clock,
    place: Place,
    who: As,
}

impl Remote {
    /// The server that was named, or is remembered; `named` is what was typed.
    pub(super) fn new(context: &Context, named: Option<&str>) -> Result<Self, Failure> {
        let place = Place::new(context.environment.config_dir().ok_or_else(|| {
            Failure::usage("no place to remember a server: set HOME").hint("or set XDG_CONFIG_HOME")
        })?);
        let kept = place.read()?;
        let config = context.config()?;
        let address = named
            .or_else(|| context.environment.get(SERVER))
            .map(str::to_owned)
            .or_else(|| kept.as_ref().map(|kept| kept.server.clone()))
            .or_else(|| crate::serve::running(&config))
            .ok_or_else(|| {
                Failure::usage("which server?").hint("`devmentor login https://mentor.example.org` names it")
            })?;
        let url = address_of(&address)?;
        let server = url.as_str().trim_end_matches('/').to_owned();
        let tokens = kept.filter(|kept| kept.server == server).and_then(|kept| kept.tokens);
        let who = match (context.environment.get(TOKEN), tokens) {
            (Some(token), _) => As::Token(Secret::new(token)),
            (None, Some(tokens)) => As::Session(tokens),
            (None, None) => As::Nobody,
        };
        let clock = Clock::system();
        let ids = Ids::random(clock.clone());
        let out = wiring::outbound_to(&config, Some(&url), &clock, &ids)?;
        let client = out.stranger(Dependency::new("server"), Protection::default(), Limits::default());
        Ok(Self { server, client, clock, place, who })
    }

    /// The session at another server that is remembered, and forgotten once this one's is.
    pub(super) fn left_behind(&self, context: &Context) -> Result<Option<Self>, Failure> {
        let kept = self.place.read()?.filter(|kept| kept.server != self.server);
        let Some(Kept { server, tokens: Some(tokens) }) = kept else { return Ok(None) };
        let mut other = Self::new(context, Some(&server))?;
        other.who = As::Session(tokens);
        Ok(Some(other))
    }

    /// Whether an API token of the environment is used.
    pub(super) fn has_token(&self) -> bool {
        matches!(self.who, As::Token(_))
    }

    /// Whether somebody signed in here.
    pub(super) fn has_session(&self) -> bool {
        matches!(self.who, As::Session(_))
    }

    /// Reads.
    pub(super) async fn get<T: DeserializeOwned>(&mut self, path: &str) -> Result<T, Failure> {
        let token = self.token().await?;
        let request = self.client.get(self.url(path)?).bearer(&token);
        self.read(request.send().await)
    }

    /// Changes something.
    pub(super) async fn post<T: DeserializeOwned>(
        &mut self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        let token = self.token().await?;
        let request = self.client.post(self.url(path)?).bearer(&token).json(body);
        self.read(request.send().await)
    }

    /// Asks as nobody; a problem of the server is an answer.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Result<T, Problem>, Failure> {
        match self.client.post(self.url(path)?).json(body).send().await {
            Err(Error::Status(answer)) => match answer.json() {
                Ok(problem) => Ok(Err(problem)),
                Err(_) => Err(self.no_server(answer.status)),
            },
            answer => self.read(answer).map(Ok),
        }
    }

    /// Remembers who signed in, or that nobody is signed in any more.
    pub(super) fn keep(&mut self, tokens: Option<Tokens>) -> Result<(), Failure> {
        self.place.write(&Kept { server: self.server.clone(), tokens: tokens.clone() })?;
        self.who = tokens.map_or(As::Nobody, As::Session);
        Ok(())
    }

    /// What to show the server; refreshed where it is about to run out.
    async fn token(&mut self) -> Result<Secret, Failure> {
        let tokens = match &self.who {
            As::Token(token) => return Ok(token.clone()),
            As::Nobody => return Err(self.signed_out()),
            As::Session(tokens) => tokens,
        };
        if self.lasts(tokens) {
            return Ok(Secret::new(&tokens.access));
        }
        let _lock = self.place.lock()?;
        // Another command may have been here before.
        let kept = self.place.read()?.filter(|kept| kept.server == self.server);
        let tokens = kept.and_then(|kept| kept.tokens).ok_or_else(|| self.signed_out())?;
        let tokens = if self.lasts(&tokens) { tokens } else { self.refresh(&tokens).await? };
        let access = Secret::new(&tokens.access);
        self.keep(Some(tokens))?;
        Ok(access)
    }

    fn lasts(&self, tokens: &Tokens) -> bool {
        tokens.access_expires_at.timestamp() > self.clock.now().plus(SOON)
    }

    async fn refresh(&self, tokens: &Tokens) -> Result<Tokens, Failure> {
        let body = api::RefreshSession { refresh_token: Some(tokens.refresh.clone()) };
        match self.ask::<api::Session>("/auth/refresh", &body).await? {
            Ok(session) => self.tokens(session),
            Err(problem) if problem.status == 401 => Err(self.signed_out()),
            Err(problem) => Err(said(&problem)),
        }
    }

    /// The tokens of a session that was just made.
    pub(super) fn tokens(&self, session: api::Session) -> Result<Tokens, Failure> {
        match (session.token, session.access_expires_at, session.refresh_token) {
            (Some(access), Some(access_expires_at), Some(refresh)) => {
                Ok(Tokens { access, access_expires_at, refresh })
            }
            _ => Err(self.strange()),
        }
    }

    fn url(&self, path: &str) -> Result<Url, Failure> {
        format!("{}/api/v1{path}", self.server).parse().map_err(Failure::usage)
    }

    fn read<T: DeserializeOwned>(&self, answer: Result<outbound::Answer, Error>) -> Result<T, Failure> {
        match answer {
            Ok(answer) => answer.json().map_err(|_| self.strange()),
            Err(Error::Status(answer)) => Err(match answer.json::<Problem>() {
                Ok(problem) if problem.code == "signed_out" => self.signed_out(),
                Ok(problem) => said(&problem),
                Err(_) => self.no_server(answer.status),
            }),
            Err(error) => Err(self.unreachable(error)),
        }
    }

    fn unreachable(&self, why: impl std::fmt::Display) -> Failure {
        Failure::failed(format!("{} cannot be reached: {why}", self.server))
            .hint("check the address and that the server runs; `devmentor login ADDRESS` names another one")
    }

    fn signed_out(&self) -> Failure {
        Failure::failed(format!("nobody is signed in at {}", self.server))
            .hint("`devmentor login` signs you in; programs set DEVMENTOR_TOKEN to an API token")
    }

    pub(super) fn strange(&self) -> Failure {
        self.no_server(200)
    }

    fn no_server(&self, status: u16) -> Failure {
        Failure::failed(format!(
            "{} does not answer as a DevMentor server does (status {status})",
            self.server
        ))
        .hint("check the address; a server of another version may need this program of its version")
    }
}

/// What the server says went wrong.
pub(super) fn said(problem: &Problem) -> Failure {
    Failure::failed(&problem.detail).hint(match problem.code.as_str() {
        "session_needed" => "this needs a session: unset DEVMENTOR_TOKEN and sign in with `devmentor login`",
        "token_refused" => "make another token under API tokens in your settings on the server",
        "not_found" => "check the workspace's short name: it follows /w/ in the address of its pages",
        _ => "the server's log has more under the id of the request",
    })
}

/// The address of a server: https, or http on this machine; a token would be read along on the way otherwise.
fn address_of(typed: &str) -> Result<Url, Failure> {
    let wrong = |why: &str| {
        Failure::usage(format!("`{typed}` is no address of a server: {why}"))
            .hint("write it as https://mentor.example.org, or as http://127.0.0.1:4680 on this machine")
    };
    let url: Url = typed.parse().map_err(|_| wrong("it is no URL"))?;
    let here = match url.host() {
        Some(url::Host::Ipv4(host)) => host.is_loopback(),
        Some(url::Host::Ipv6(host)) => host.is_loopback(),
        Some(url::Host::Domain(host)) => host == "localhost",
        None => false,
    };
    match url.scheme() {
        "https" => {}
        "http" if here => {}
        "http" => return Err(wrong("whoever is on the way could read your token along")),
        _ => return Err(wrong("it is not https")),
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err(wrong("it is more than a name and a port"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_to_no_address_on_the_way_to_which_it_is_read() {
        for right in
            ["https://mentor.example.org", "http://127.0.0.1:4680/", "http://[::1]:1", "http://localhost"]
        {
            assert!(address_of(right).is_ok(), "{right}");
        }
        for wrong in [
            "mentor.example.org",
            "http://mentor.example.org",
            "http://10.0.0.7:4680",
            "ftp://127.0.0.1",
            "https://mentor.example.org/path",
            "https://me@mentor.example.org",
            "https://mentor.example.org/#x",
        ] {
            assert!(address_of(wrong).is_err(), "{wrong}");
        }
    }
}
