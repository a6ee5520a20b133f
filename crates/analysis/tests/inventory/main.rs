//! The inventory, the advisories and the exports, held against data.

mod dependencies;
mod osv;
mod tree;
