//! Passwords: which are taken, how they are kept, and how many are looked at once.
//!
//! Argon2id with 19 MiB, two passes and one lane (RFC 9106; the parameters are the first choice of OWASP's Password
//! Storage Cheat Sheet), kept in the PHC string format, so that a hash says how it was made and can be made anew when
//! the parameters rise. A hash costs memory and time on purpose; so at most one processor fewer than there are works on
//! them, behind everything else that is to be done, a short queue waits, and the rest is told to come back.
//!
//! Reading order: [`Passwords`], [`Refused`] (why a password is not taken), `policy`, `queue`.

mod policy;
mod queue;

use std::cell::RefCell;
use std::sync::Arc;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{CustomizedPasswordHasher, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base::{Ids, Secret};

pub use policy::{LONGEST, Refused, SHORTEST};
pub use queue::Busy;

use queue::Queue;

/// Memory of one hash, in KiB.
const MEMORY_KIB: u32 = 19_456;
/// Passes over it.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;
/// Bytes of a salt.
const SALT: usize = 16;
/// Hashes that may wait for each one that is being worked on.
const WAITING: usize = 16;

/// The hash of no password: whoever signs in under an address that nobody has waits as long as for one that somebody
/// has. Its parameters are those of the others, which a test sees to.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a password was not stored.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    /// It is not taken.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Too many passwords are being looked at.
    #[error(transparent)]
    Busy(#[from] Busy),
}

/// What came of comparing a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is not the one.
    Wrong,
    /// It is the one.
    Right,
    /// It is the one, and here is its hash with today's parameters.
    Outdated(String),
}

/// Makes and compares hashes of passwords, a few at once. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Passwords {
    queue: Arc<Queue>,
    ids: Ids,
}

impl Passwords {
    /// At most `slots` hashes at once.
    pub(crate) fn new(slots: usize, ids: Ids) -> Self {
        let slots = slots.max(1);
        Self { queue: Arc::new(Queue::new(slots, slots * WAITING)), ids }
    }

    /// The hash of a password that is good enough. `about` are the words that whoever knows the person tries first.
    pub(crate) async fn set(&self, password: &Secret, about: &[&str]) -> Result<String, SetError> {
        policy::length(password.expose())?;
        let password = password.clone();
        let about: Vec<String> = about.iter().map(|&word| word.to_owned()).collect();
        let salt = self.salt();
        // How hard it is to guess is found out where hashes are made: that takes a while too.
        let work = move || {
            policy::strength(password.expose(), &about)?;
            Ok(hash(password.expose(), &salt))
        };
        self.queue.run(work).await?.map_err(SetError::Refused)
    }

    /// Whether a password is good enough, without making its hash.
    pub(crate) async fn judge(&self, password: &Secret, about: &[&str]) -> Result<(), SetError> {
        policy::length(password.expose())?;
        let password = password.clone();
        let about: Vec<String> = about.iter().map(|&word| word.to_owned()).collect();
        Ok(self.queue.run(move || policy::strength(password.expose(), &about)).await??)
    }

    /// Whether the password is the one of that hash. Without a hash it never is, and that takes as long.
    pub(crate) async fn verify(&self, password: &Secret, kept: Option<&str>) -> Result<Verdict, Busy> {
        let (password, salt) = (password.clone(), self.salt());
        let known = kept.is_some();
        let kept = kept.unwrap_or(NOBODY).to_owned();
        self.queue
            .run(move || {
                // No password that is taken is longer; who sends one only wants the server to work.
                let fits = password.expose().chars().count() <= LONGEST;
                let tried = if fits { password.expose().as_bytes() } else { b"" };
                let right = PasswordHash::new(&kept)
                    .is_ok_and(|kept| InPlace.verify_password(tried, &kept).is_ok() && fits && known);
                match right {
                    false => Verdict::Wrong,
                    true if is_outdated(&kept) => Verdict::Outdated(hash(password.expose(), &salt)),
                    true => Verdict::Right,
                }
            })
            .await
    }

    fn salt(&self) -> [u8; SALT] {
        let mut salt = [0; SALT];
        // The end of a token is where a counted source counts.
        salt.copy_from_slice(&self.ids.new_token()[SALT..]);
        salt
    }
}

thread_local! {
    /// Where a thread works its hashes out. It stays with the thread: nineteen megabytes that come and go with every hash
    /// leave gaps that allocators cannot always use again, and many sign-ins at once would take the memory of eight.
    static ROOM: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// Argon2 in the room of its thread.
struct InPlace;

impl CustomizedPasswordHasher<PasswordHash> for InPlace {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> argon2::password_hash::Result<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let (salt, kept) = (Salt::new(salt)?, ParamsString::try_from(&params)?);
        let mut out = [0; Output::MAX_LENGTH];
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let out = out.get_mut(..length).ok_or(argon2::password_hash::Error::OutputSize)?;
        let blocks = params.block_count();
        let argon2 = Argon2::new(algorithm, version, params);
        ROOM.with_borrow_mut(|room| {
            if room.len() < blocks {
                room.resize(blocks, Block::new());
            }
            argon2.hash_password_into_with_memory(password, &salt, out, &mut room[..blocks])
        })?;
        let hash = Some(Output::new(out)?);
        let (algorithm, version) = (algorithm.ident(), Some(version.into()));
        Ok(PasswordHash { algorithm, version, params: kept, salt: Some(salt), hash })
    }
}

/// Today's parameters. They are within the bounds of the algorithm, which a test shows; the default ones are as strong.
fn today() -> Params {
    Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or_default()
}

fn hash(password: &str, salt: &[u8]) -> String {
    let made = InPlace.hash_password_customized(password.as_bytes(), salt, None, None, today());
    // Fails for a salt that is too short or a password of gigabytes, and for nothing else.
    made.map(|hash| hash.to_string()).unwrap_or_default()
}

/// Whether a hash was made with less than is asked for today.
fn is_outdated(kept: &str) -> bool {
    let Ok(kept) = PasswordHash::new(kept) else { return true };
    let Ok(params) = Params::try_from(&kept) else { return true };
    kept.algorithm != Algorithm::Argon2id.ident()
        || params.m_cost() < MEMORY_KIB
        || params.t_cost() < PASSES
        || params.p_cost() < LANES
}

#[cfg(test)]
mod tests {
    use argon2::PasswordHasher as _;

    use super::*;

    const GOOD: &str = "orbit lantern quarry seven";

    fn passwords() -> Passwords {
        Passwords::new(1, Ids::random(base::Clock::system()))
    }

    #[tokio::test]
    async fn a_password_is_known_again_and_another_is_not() {
        let passwords = passwords();
        let kept = passwords.set(&Secret::new(GOOD), &[]).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert_eq!(passwords.verify(&Secret::new(GOOD), Some(&kept)).await.unwrap(), Verdict::Right);
        for wrong in ["", "orbit lantern quarry sevem", &GOOD.to_uppercase(), &GOOD.repeat(100)] {
            assert_eq!(passwords.verify(&Secret::new(wrong), Some(&kept)).await.unwrap(), Verdict::Wrong);
            assert_eq!(passwords.verify(&Secret::new(wrong), None).await.unwrap(), Verdict::Wrong);
        }
        let again = passwords.set(&Secret::new(GOOD), &[]).await.unwrap();
        assert_ne!(kept, again, "every hash has its own salt");
    }

    #[test]
    fn room_that_was_used_before_changes_no_hash() {
        let salt = [7; SALT];
        let params = |memory| Params::new(memory, 2, 1, None).unwrap();
        for memory in [256, 64, 1_024, 256] {
            let theirs = Argon2::new(Algorithm::Argon2id, Version::V0x13, params(memory));
            let theirs = theirs.hash_password_with_salt(GOOD.as_bytes(), &salt).unwrap();
            let ours = InPlace.hash_password_customized(GOOD.as_bytes(), &salt, None, None, params(memory));
            assert_eq!(ours.unwrap(), theirs, "{memory} KiB");
        }
    }

    #[tokio::test]
    async fn a_hash_with_weaker_parameters_is_made_anew() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8_192, 1, 1, None).unwrap());
        let kept = weak.hash_password_with_salt(GOOD.as_bytes(), &[7; SALT]).unwrap().to_string();
        let Verdict::Outdated(fresh) = passwords().verify(&Secret::new(GOOD), Some(&kept)).await.unwrap()
        else {
            panic!("a weak hash was left as it is");
        };
        assert!(!is_outdated(&fresh) && is_outdated(&kept));
        assert_eq!(passwords().verify(&Secret::new(GOOD), Some(&fresh)).await.unwrap(), Verdict::Right);
    }

    #[test]
    fn the_hash_of_nobody_costs_what_others_cost() {
        assert!(!is_outdated(NOBODY));
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let params = Params::try_from(&nobody).unwrap();
        let ours = today();
        assert_eq!(
            (params.m_cost(), params.t_cost(), params.p_cost()),
            (ours.m_cost(), ours.t_cost(), ours.p_cost())
        );
        assert_eq!((ours.m_cost(), ours.t_cost(), ours.p_cost()), (MEMORY_KIB, PASSES, LANES));
        assert!(
            is_outdated("")
                && is_outdated(
                    "$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                )
        );
    }
}
