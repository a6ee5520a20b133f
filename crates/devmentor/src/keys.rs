//! `devmentor secrets`: the keys that seal secrets in the database, and changing them.

use std::collections::BTreeSet;

use base::{Clock, Ids};
use secrets::{KeyId, Keyring, RotateError};
use serde_json::json;
use storage::Db;

use crate::Context;
use crate::cli;
use crate::config::Config;
use crate::exit::{Exit, Failure, Outcome};
use crate::render::text::counted;
use crate::terminal;
use crate::wiring;

const GIVEN: &str = "put the new key in front of the old one in `secrets.keys` (`openssl rand -base64 32` prints one), restart the \
                     servers, and run `devmentor secrets rotate` again: it seals everything under the first key";

pub(crate) fn run(context: &Context, command: &cli::Secrets) -> Outcome {
    let config = context.config()?;
    crate::runtime()?.block_on(async {
        let (db, keyring) = open(&config).await?;
        match command {
            cli::Secrets::Status(json) => status(&db, &keyring, *json).await,
            cli::Secrets::Rotate(json) => rotate(&db, &keyring, *json).await,
            cli::Secrets::Prune(json) => prune(&db, &keyring, *json).await,
        }
    })
}

async fn open(config: &Config) -> Result<(Db, Keyring), Failure> {
    let ids = Ids::random(Clock::system());
    Ok((Db::open(&config.storage()).await?, wiring::keyring(config, &ids)?))
}

/// The keys that something of any context is sealed under.
async fn in_use(db: &Db, keyring: &Keyring) -> Result<BTreeSet<KeyId>, Failure> {
    let mut used = repos::keys_in_use(db, keyring).await?;
    used.extend(identity::second_factor::keys_in_use(db, keyring).await?);
    used.extend(models::keys_in_use(db, keyring).await?);
    Ok(used)
}

async fn status(db: &Db, keyring: &Keyring, json: cli::Json) -> Outcome {
    let used = in_use(db, keyring).await?;
    let keys = keyring.key_ids()?;
    if json.json {
        let keys: Vec<_> = keys
            .iter()
            .enumerate()
            .map(|(place, key)| json!({ "key": key.to_string(), "current": place == 0, "used": used.contains(key) }))
            .collect();
        terminal::print_json(&json!({ "keys": keys }))?;
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    for (place, key) in keys.iter().enumerate() {
        let role = match (place, used.contains(key)) {
            (0, _) => "current: everything new is sealed under it",
            (_, true) => "still needed: something is sealed under it",
            (_, false) => "no longer needed; `devmentor secrets prune` removes it",
        };
        text = text + &key.to_string() + "  " + role + "\n";
    }
    terminal::print(&text)?;
    Ok(Exit::Done)
}

async fn rotate(db: &Db, keyring: &Keyring, json: cli::Json) -> Outcome {
    let before = keyring.current()?;
    let current = match keyring.rotate() {
        Ok(current) => current,
        // Whoever hands the keys over has put the new one in front; what is left is to seal everything under it.
        Err(RotateError::Given) if keyring.key_ids()?.len() > 1 => before,
        Err(RotateError::Given) => {
            return Err(Failure::usage(RotateError::Given).hint(GIVEN));
        }
        Err(error) => return Err(error.into()),
    };
    let hosts = repos::reseal(db, keyring).await?;
    let factors = identity::second_factor::reseal(db, keyring).await?;
    let models = models::reseal(db, keyring).await?;
    let (done, lost) = (hosts.done + factors.done + models.done, hosts.lost + factors.lost + models.lost);
    if json.json {
        let document = json!({ "key": current.to_string(), "sealed": done, "lost": lost });
        terminal::print_json(&document)?;
    } else {
        let sealed = counted(done, "secret", "secrets");
        terminal::print(&format!(
            "The current key is {current}; {sealed} sealed anew. The keys before it are kept until \
             `devmentor secrets prune`.\n"
        ))?;
    }
    if lost > 0 {
        let lost = counted(lost, "secret", "secrets");
        return Err(Failure::failed(format!("{lost} could not be opened with any key that is here"))
            .hint("put the missing key into the key file and run this again, or connect the hosts anew, give the keys of models anew and let people set up their second factor anew"));
    }
    Ok(Exit::Done)
}

async fn prune(db: &Db, keyring: &Keyring, json: cli::Json) -> Outcome {
    let used = in_use(db, keyring).await?;
    let gone = match keyring.prune(&used) {
        Ok(gone) => gone,
        Err(RotateError::Given) => {
            return Err(Failure::usage(RotateError::Given).hint(
                "`devmentor secrets status` says which are no longer needed; take them out of `secrets.keys`",
            ));
        }
        Err(error) => return Err(error.into()),
    };
    if json.json {
        let gone: Vec<String> = gone.iter().map(ToString::to_string).collect();
        terminal::print_json(&json!({ "removed": gone }))?;
    } else {
        let removed = counted(gone.len() as u64, "key", "keys");
        terminal::print(&format!("{removed} removed.\n"))?;
    }
    Ok(Exit::Done)
}
