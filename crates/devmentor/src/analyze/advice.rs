//! How this run knows about known vulnerabilities.

use analysis::advisories::{AdvisoryAnswer, PackageKey};
use analysis::report::AdvisoryState;

use crate::Context;
use crate::cli::Analyze;
use crate::config::Config;
use crate::exit::Failure;

/// The way that was chosen.
pub(super) struct Advice {
    hint: &'static str,
}

impl Advice {
    /// What the options, the remembered choice, or the user say.
    pub(super) async fn choose(
        _context: &Context,
        _config: &Config,
        _args: &Analyze,
    ) -> Result<Self, Failure> {
        Ok(Self { hint: "" })
    }

    /// What to type so that they are looked up.
    pub(super) fn hint(&self) -> &'static str {
        self.hint
    }

    /// Looks the packages up.
    pub(super) async fn answer(&self, _packages: Vec<PackageKey>) -> AdvisoryAnswer {
        AdvisoryAnswer {
            state: AdvisoryState::NotChecked { reason: "nobody has chosen how.".to_owned() },
            covered: Vec::new(),
            records: Vec::new(),
        }
    }
}
