//! Tests on real repositories, made by the real `git`, analysed in the real child process.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "the servers of a test end with its runtime")]

mod addresses;
mod advisories;
mod bad_input;
mod behind;
mod code;
mod code_host;
mod code_search;
mod confined;
mod contained;
mod context;
mod ends;
mod history;
mod hostile;
mod hosts;
mod https;
mod incremental;
mod naming;
mod online;
mod past;
mod queue;
mod removal;
mod revision;
mod sample;
mod search;
mod settings;
mod ssh;
mod support;
mod triage;
