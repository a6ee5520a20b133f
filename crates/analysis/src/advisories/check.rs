//! From records and packages to findings.

use std::collections::BTreeMap;

use super::{AdvisoryAnswer, AdvisoryResult};
use crate::report::{AdvisoryCheck, Dependency};

/// Holds the records against the packages in use.
pub fn check(_dependencies: &[Dependency], answer: &AdvisoryAnswer) -> AdvisoryResult {
    AdvisoryResult {
        check: AdvisoryCheck { state: answer.state.clone(), uncovered: Vec::new(), unpinned: 0, compared: 0 },
        findings: Vec::new(),
        rules: BTreeMap::new(),
    }
}
