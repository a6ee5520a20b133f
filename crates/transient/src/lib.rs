//! What may be lost at any moment: how often somebody asked lately, values that can be made again, and hints between
//! nodes.
//!
//! On one node it is kept in the process; with several nodes Redis is what they share, and a node that cannot reach it
//! goes on by itself. This is the only crate that names Redis. It deliberately does not know who asks for what, and
//! nothing here is ever the truth about anything: that is the database's.
//!
//! Reading order: [`Limits`] and [`Rule`] (how often), inside it `gcra` (the arithmetic, pure); [`Cache`], [`Key`] and
//! [`Tag`]; [`Bus`] (what nodes tell each other); [`Redis`] (the link).

mod bus;
mod cache;
mod limits;
mod redis_link;

pub use bus::{Bus, Heard, Line, Listener, Topic};
pub use cache::{Cache, Family, FamilyUse, Held, Key, Tag, Wanted};
pub use limits::{Allowance, Limits, RetryAfter, Rule, Together};
pub use redis_link::{OpenError, Redis, Unreachable};
