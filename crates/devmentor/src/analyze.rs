//! `devmentor analyze`.
