//! Tokens for programs: a person's rights in one workspace, narrowed to scopes, until a day.
//!
//! A token is `dm_`, 64 hexadecimal digits, and 8 more that follow from them, so that a scanner of secrets can tell a real
//! one from a look-alike without asking. Its hash is looked up with every request, and so is its person's role: what is
//! revoked, or taken from the person, ends with the next request on every node. Look-ups for tokens that nobody used here
//! yet are counted by address, so that whoever makes tokens up soon costs the database nothing.

mod used;

use std::time::Duration;

use base::id::{TokenId, UserId};
use base::{Actor, Ids, Permission, Permissions, Secret, Timestamp};
use events::{Channel, Event};
use sha2::{Digest, Sha256};
use storage::Tx;
use transient::{RetryAfter, Rule};

pub(crate) use used::Used;

use crate::audit::{Act, action};
use crate::people::{User, Workspace};
use crate::{Client, Identity, address, store};

/// What every token begins with.
pub const PREFIX: &str = "dm_";
/// Days that a token works where nothing else is said.
pub const DEFAULT_DAYS: u16 = 90;
/// The most days that a token works.
pub const MOST_DAYS: u16 = 365;
/// Tokens that one person has at a time.
const MANY: usize = 100;
/// How exactly the last use is known.
const USED: Duration = Duration::from_mins(10);
/// Tokens that one address may show to a process for the first time.
const SHOWN: Rule = Rule { name: "token-place", quota: 60, window: Duration::from_mins(1) };

/// The text of a token.
#[derive(Debug, Clone)]
pub struct ApiSecret(Secret);

impl ApiSecret {
    fn new(ids: &Ids) -> Self {
        let body = hex::encode(ids.new_token());
        Self(Secret::new(format!("{PREFIX}{body}{}", checksum(&body))))
    }

    /// What a client sent. Anything that does not fit its own checksum is no token.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(PREFIX)?;
        let (body, sum) = rest.split_at_checked(64)?;
        (sum == checksum(body)).then(|| Self(Secret::new(text)))
    }

    /// The text to hand to the person: the only moment it exists outside a hash.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.expose().as_bytes()).to_vec()
    }

    /// By what its person can tell it from others.
    fn hint(&self) -> String {
        self.0.expose().chars().take(PREFIX.len() + 4).collect()
    }
}

/// The first 32 bits of the SHA-256 of what stands before, so that a slip of the hand is no look-up.
fn checksum(body: &str) -> String {
    hex::encode(&Sha256::digest(format!("{PREFIX}{body}").as_bytes())[..4])
}

/// A token, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Which.
    pub id: TokenId,
    /// What its person calls it.
    pub name: String,
    /// For whom it acts.
    pub user: User,
    /// Where it acts.
    pub workspace: Workspace,
    /// What it may do there, if its person may.
    pub scopes: Permissions,
    /// What its text begins with.
    pub hint: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// Last used, to ten minutes.
    pub used_at: Option<Timestamp>,
    /// The address it was used from then, where that was known.
    pub used_from: Option<String>,
}

impl ApiToken {
    /// Who acts with it in that workspace: nobody where it is for another one.
    pub fn narrows(&self, actor: Actor) -> Option<Actor> {
        (actor.workspace == self.workspace.id).then(|| actor.narrowed(self.scopes))
    }
}

/// What is to be made.
#[derive(Debug, Clone)]
pub struct NewApiToken {
    /// What its person calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Permissions,
    /// How many days it works.
    pub days: u16,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The name is none.
    #[error("a name has 1 to {} characters on one line", address::NAME)]
    Name,
    /// It may nothing.
    #[error("choose at least one scope")]
    NoScope,
    /// It could do more than its person.
    #[error("you may not {} in this workspace, so no token of yours can", .0.words())]
    Beyond(Permission),
    /// It would work for too long, or not at all.
    #[error("a token works for 1 to {MOST_DAYS} days")]
    Days,
    /// There are many.
    #[error("there are {MANY} tokens already; revoke those that nothing uses")]
    Many,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// Why it is not known whose a token is.
#[derive(Debug, thiserror::Error)]
pub enum LookUpError {
    /// Too many that nobody knows came from that address, and this one is not known either.
    #[error(transparent)]
    TooMany(#[from] RetryAfter),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

impl Identity {
    /// Makes a token that acts for that person in that workspace. Its text is never seen again.
    pub async fn create_token(
        &self,
        actor: &Actor,
        new: NewApiToken,
        client: &Client,
    ) -> Result<(ApiToken, ApiSecret), TokenError> {
        let name = address::name(&new.name).ok_or(TokenError::Name)?;
        if new.scopes.is_empty() {
            return Err(TokenError::NoScope);
        }
        if let Some(beyond) = new.scopes.iter().find(|scope| !actor.may(*scope)) {
            return Err(TokenError::Beyond(beyond));
        }
        if !(1..=MOST_DAYS).contains(&new.days) {
            return Err(TokenError::Days);
        }
        if self.tokens(actor.user).await?.len() >= MANY {
            return Err(TokenError::Many);
        }
        let (id, secret, now) = (self.ids.new_id(), ApiSecret::new(&self.ids), self.clock.now());
        let row = store::api_tokens::New {
            id,
            name,
            hash: secret.hash(),
            hint: secret.hint(),
            scopes: new.scopes,
            expires_at: now.plus(Duration::from_hours(24 * u64::from(new.days))),
        };
        let mut tx = self.db.begin().await?;
        store::api_tokens::insert(&mut tx, actor, row, now).await?;
        self.tell_token(&mut tx, actor.user, id);
        let words: Vec<_> = new.scopes.iter().map(Permission::as_str).collect();
        let words = words.join(" ");
        let act = Act::done(action::TOKEN_CREATED, actor.user, client).within(actor.workspace);
        self.audit().record(&mut tx, &act.to(id).saying(&words)).await?;
        tx.commit().await?;
        let made = self.tokens(actor.user).await?.into_iter().find(|token| token.id == id);
        let made = made.ok_or_else(|| storage::Error::corrupt("a token that was made and is not there"))?;
        Ok((made, secret))
    }

    /// The tokens of a person that work or ran out, the newest first.
    pub async fn tokens(&self, user: UserId) -> Result<Vec<ApiToken>, storage::Error> {
        store::api_tokens::of_user(&self.db, user).await
    }

    /// Ends a token of that person; whether there was such a one.
    pub async fn revoke_token(
        &self,
        user: UserId,
        token: TokenId,
        client: &Client,
    ) -> Result<bool, storage::Error> {
        let mut tx = self.db.begin().await?;
        let Some(workspace) = store::api_tokens::revoke(&mut tx, user, token, self.clock.now()).await? else {
            return Ok(false);
        };
        self.tell_token(&mut tx, user, token);
        let act = Act::done(action::TOKEN_REVOKED, user, client).within(workspace);
        self.audit().record(&mut tx, &act.to(token)).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The token of that text, while it works, and a note that it was used. Which workspace it is for is left to
    /// [`ApiToken::narrows`].
    pub async fn authenticate_token(
        &self,
        secret: &ApiSecret,
        client: &Client,
    ) -> Result<Option<ApiToken>, LookUpError> {
        let (now, hash) = (self.clock.now(), secret.hash());
        if !self.used.knows(&hash) {
            // A checksum that fits can be worked out by anybody, so that alone it is no reason to ask the database. Callers
            // without a known address are not counted together: one of them could shut the others out.
            if let Some(network) = client.network() {
                self.shown.check(&network, &SHOWN).await?;
            }
        }
        let Some(token) = store::api_tokens::by_hash(&self.db, &hash, now).await? else {
            self.used.forget(&hash);
            return Ok(None);
        };
        self.used.note(hash);
        // The time alone decides: two runners with one token would write with every request.
        let told = token.used_at.is_some_and(|at| now.since(at) < USED);
        if !told && let Err(error) = self.note_use(token.id, client.place.as_deref(), now).await {
            // A disk that is full keeps nobody from reading.
            tracing::warn!(%error, "the last use of a token was not noted");
        }
        Ok(Some(token))
    }

    async fn note_use(
        &self,
        token: TokenId,
        place: Option<&str>,
        now: Timestamp,
    ) -> Result<(), storage::Error> {
        let mut tx = self.db.begin().await?;
        store::api_tokens::touch(&mut tx, token, place, now).await?;
        tx.commit().await
    }

    fn tell_token(&self, tx: &mut Tx, user: UserId, token: TokenId) {
        self.events.emit(tx, Channel::user(user), Some(user), Event::TokenUpdated { token });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_fits_its_checksum_and_never_prints() {
        let secret = ApiSecret::new(&Ids::random(base::Clock::system()));
        let text = secret.expose().to_owned();
        assert_eq!(ApiSecret::parse(&text).map(|again| again.hash()), Some(secret.hash()));
        assert!(!format!("{secret:?}").contains(&text[3..]));
        assert_eq!(secret.hint(), text[..7]);
        let mut slip = text.clone();
        slip.replace_range(10..11, if &text[10..11] == "0" { "1" } else { "0" });
        for wrong in [slip.as_str(), &text[3..], &text[..text.len() - 1], "dm_", "", "dm_\u{e9}"] {
            assert!(ApiSecret::parse(wrong).is_none(), "{wrong}");
        }
    }
}
