//! How bad a record is.
