//! The use cases that join contexts.

pub mod describe;
