//! The inventory, the advisories and the exports, held against data.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own data has failed")]
#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

mod dependencies;
mod exports;
mod osv;
mod tree;
mod versions;
