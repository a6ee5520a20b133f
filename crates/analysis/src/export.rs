//! The report in formats other programs read.

mod code_quality;
mod cyclonedx;
mod purl;
mod sarif;

pub use code_quality::code_quality;
pub use cyclonedx::cyclonedx;
pub use purl::purl;
pub use sarif::sarif;
