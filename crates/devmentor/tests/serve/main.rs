//! The real program as a server: behind a proxy that speaks TLS, beside other processes over the same data, two nodes over
//! one database, as a client that loses its connection finds it again, and killed in the middle of an answer.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot set up its world has failed"
)]
#![expect(clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "what a test starts ends with it")]
#![expect(clippy::print_stdout, reason = "tests of two nodes and of a stop tell what they measured")]

mod answers;
mod beside;
mod faults;
mod live;
mod log;
mod login;
mod nodes;
mod program;
mod proxy;
mod public_url;
mod stop;
