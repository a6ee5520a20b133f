//! What every request passes, from the outside in:
//!
//! 1. [`observe`]: id, span, access log, metrics; turns a [`crate::problem::Problem`] into its document.
//! 2. [`headers`]: what every answer says to browsers.
//! 3. compression, and a net for panics.
//! 4. [`guard`]: the host it was sent to and the site it came from.
//! 5. [`limits`] (API only, so that health checks live on): how many at once, how long.
//! 6. [`session`] (API only): who is signed in, and what they are in the workspace of the path.
//! 7. [`rate`] (API only): how often.
//! 8. [`idempotency`] (workspaces only): a change that is sent twice happens once.
//! 9. [`conditional`]: what the browser has already is not sent again.

pub(crate) mod conditional;
pub(crate) mod guard;
pub(crate) mod headers;
pub(crate) mod idempotency;
pub(crate) mod limits;
pub(crate) mod observe;
pub(crate) mod rate;
pub(crate) mod session;
