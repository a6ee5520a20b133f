//! The report in formats other programs read.

mod cyclonedx;
mod purl;
mod sarif;

pub use cyclonedx::cyclonedx;
pub use purl::purl;
pub use sarif::sarif;
