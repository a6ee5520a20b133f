//! Tests on real repositories, made by the real `git`, analysed in the real child process.

#![allow(missing_docs, reason = "tests are read, not documented")]

mod addresses;
mod advisories;
mod contained;
mod context;
mod hostile;
mod https;
mod support;
