//! Source tree in, report out.
//!
//! Pure: no network, no database, no file system, no async, no clock. The caller reads a commit and hands over
//! bytes; hostile content can make a file be skipped (with its reason) but never fails an analysis.
//!
//! Reading order: [`source`] (what comes in), [`report`] (what goes out), [`pipeline`] (how one becomes the
//! other), then the analysers it joins; [`check`] (what closes an insight), [`compare`] (what changed between two
//! reports).

#[macro_use]
mod table;

pub mod advisories;
pub mod check;
pub mod compare;
pub mod diagram;
pub mod duplication;
pub mod export;
pub mod finding;
pub mod history;
pub mod infra;
pub mod insights;
pub mod inventory;
pub mod later;
pub mod order;
pub mod past;
mod pattern;
pub mod pipeline;
pub mod quality;
pub mod report;
pub mod rules;
pub mod source;
#[cfg(test)]
mod spent;
pub mod structure;
pub mod syntax;
mod templates;
pub mod versions;
