//! A server's people without the server.

use std::sync::Arc;

use base::{Actor, Clock, Ids, Secret, Timestamp};
use events::Events;
use identity::mail::{Letter, Memory};
use identity::providers::Providers;
use identity::{Client, Config, Granted, Identity, Parts, SignUp, Token};
use jobs::{Handlers, Jobs, Runner, RunnerOptions};
use secrets::Keyring;
use storage::testing::TestDb;
use transient::Limits;

/// A password that is taken.
pub(crate) const PASSWORD: &str = "orbit lantern quarry seven";
/// Another one.
pub(crate) const OTHER: &str = "velvet harbor mosaic eleven";
/// The key that second factors are sealed under: 32 bytes in base 64.
pub(crate) const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
/// Another one.
pub(crate) const OTHER_KEY: &str = "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=";
/// Where people reach the server.
pub(crate) const ORIGIN: &str = "https://mentor.example.org";

pub(crate) struct Scene {
    pub(crate) identity: Identity,
    pub(crate) clock: Clock,
    pub(crate) owner: Actor,
    pub(crate) db: storage::Db,
    pub(crate) mail: Memory,
    pub(crate) keyring: Keyring,
    jobs: Jobs,
}

impl Scene {
    pub(crate) async fn new(test: TestDb) -> Self {
        Self::over(test.open().await).await
    }

    pub(crate) async fn over(db: storage::Db) -> Self {
        let clock = Clock::manual(Timestamp::from_seconds(1_767_225_600));
        Self::with(db, clock, Providers::default()).await
    }

    /// With accounts of providers, too.
    pub(crate) async fn with(db: storage::Db, clock: Clock, providers: Providers) -> Self {
        let ids = Ids::random(clock.clone());
        let jobs = Jobs::new(db.clone(), clock.clone(), ids.clone());
        let mail = Memory::default();
        let keyring = Keyring::from_text(&Secret::new(KEY), ids.clone()).unwrap();
        let config = Config {
            sign_up: SignUp::Open,
            mailer: Some(Arc::new(mail.clone())),
            hashes: 2,
            keyring: Some(keyring.clone()),
            providers,
            ..Config::closed()
        };
        let events = Events::without_hub(clock.clone(), ids.clone());
        let limits = Limits::in_process(clock.clone());
        let parts =
            Parts { db: db.clone(), events, jobs: jobs.clone(), limits, clock: clock.clone(), ids, config };
        let identity = Identity::new(parts);
        let owner = identity.ensure_owner().await.unwrap();
        Self { identity, clock, owner, db, mail, keyring, jobs }
    }

    /// Somebody's program.
    pub(crate) fn client() -> Client {
        Client::new(Some("192.0.2.7".to_owned()), "a browser")
    }

    /// Signs the owner in.
    pub(crate) async fn enter(&self) -> Granted {
        let link = self.identity.new_link(self.owner.user).await.unwrap();
        self.identity.redeem_link(&link, &Self::client()).await.unwrap()
    }

    /// Hands over the mail that waits, and gives the last letter.
    pub(crate) async fn last_mail(&self) -> (String, Letter) {
        let handlers = self.identity.handlers(Handlers::new());
        Runner::new(self.jobs.clone(), handlers, RunnerOptions::default()).run_until_idle().await.unwrap();
        self.mail.letters().pop().unwrap()
    }

    /// Somebody new with an address and [`PASSWORD`].
    pub(crate) async fn joined(&self, name: &str, email: &str) -> Granted {
        let password = Secret::new(PASSWORD);
        let ticket = self.identity.sign_up(name, email, &password, ORIGIN, &Self::client()).await.unwrap();
        let (_, letter) = self.last_mail().await;
        self.identity.verify_code(&ticket, &code(&letter), &Self::client()).await.unwrap()
    }
}

/// The six digits of a letter.
pub(crate) fn code(letter: &Letter) -> String {
    let at = letter.body.find("code is ").unwrap() + "code is ".len();
    letter.body[at..at + 6].to_owned()
}

/// The token behind `#` in a letter's address.
pub(crate) fn link(letter: &Letter) -> Token {
    let at = letter.body.find('#').unwrap() + 1;
    Token::parse(&letter.body[at..at + 64]).unwrap()
}
