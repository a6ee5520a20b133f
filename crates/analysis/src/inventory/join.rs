//! Manifests and lockfiles together.
use super::Examined;
use crate::report::{Dependency, Manifest};
/// The manifests by path, and the packages in use by ecosystem, name and version.
pub fn dependencies(_files: &[Examined]) -> (Vec<Manifest>, Vec<Dependency>) { (Vec::new(), Vec::new()) }
