//! How many tests a program ran, read from what it printed.

/// Tests by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) passed: u64,
    pub(super) failed: u64,
}

impl Count {
    /// One check.
    pub(super) fn one(passed: bool) -> Self {
        Self { passed: u64::from(passed), failed: u64::from(!passed) }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

/// What a step counts for: a program that failed counts at least one failure, whatever it printed, and one
/// that printed no count is one check.
pub(super) fn believed(read: Option<Count>, success: bool) -> Count {
    let mut count = read.unwrap_or_else(|| Count::one(success));
    if !success {
        count.failed = count.failed.max(1);
    }
    count
}

/// `Summary [ 1.2s] 10 tests run: 9 passed, 1 failed, 0 skipped`
pub(super) fn nextest(lines: &[String]) -> Option<Count> {
    let line = lines.iter().rev().find(|line| line.contains("Summary [") && line.contains("run:"))?;
    let results = line.split("run:").nth(1)?;
    let failed = ["failed", "timed out", "exec failed"].map(|word| before(results, word).unwrap_or(0));
    Some(Count { passed: before(results, "passed")?, failed: failed.iter().sum() })
}

/// `test result: ok. 3 passed; 0 failed; 0 ignored; ...`, once for each binary.
pub(super) fn libtest(lines: &[String]) -> Option<Count> {
    let counts = lines.iter().filter(|line| line.contains("test result:"));
    sum(counts.map(|line| Some(Count { passed: before(line, "passed")?, failed: before(line, "failed")? })))
}

/// `Tests  2 failed | 12 passed (14)`
pub(super) fn vitest(lines: &[String]) -> Option<Count> {
    let counts = lines.iter().filter(|line| line.trim_start().starts_with("Tests "));
    sum(counts.map(|line| {
        Some(Count {
            passed: before(line, "passed").unwrap_or(0),
            failed: before(line, "failed").unwrap_or(0),
        })
    }))
}

/// `12 passed, 0 failed`
pub(super) fn plain(lines: &[String]) -> Option<Count> {
    let line = lines.iter().rev().find(|line| line.contains(" passed, ") && line.ends_with(" failed"))?;
    Some(Count { passed: before(line, "passed")?, failed: before(line, "failed")? })
}

fn sum(counts: impl Iterator<Item = Option<Count>>) -> Option<Count> {
    counts.flatten().reduce(Count::plus)
}

/// The number right before a word.
fn before(text: &str, word: &str) -> Option<u64> {
    let at = text.find(&format!(" {word}"))?;
    text[..at].split_whitespace().next_back()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn each_program_is_understood() {
        let found = |passed, failed| Some(Count { passed, failed });
        let text = "     Summary [   0.052s] 19/20 tests run: 17 passed (1 slow), 2 failed, 1 skipped";
        assert_eq!(nextest(&lines(text)), found(17, 2));
        assert_eq!(nextest(&lines("     Summary [   0.0s] 1 test run: 1 passed, 0 skipped")), found(1, 0));
        let text =
            "test result: ok. 3 passed; 0 failed; 0 ignored\ntest result: FAILED. 1 passed; 2 failed; 0 i";
        assert_eq!(libtest(&lines(text)), found(4, 2));
        assert_eq!(vitest(&lines("      Tests  2 failed | 12 passed (14)")), found(12, 2));
        assert_eq!(vitest(&lines(" Test Files  3 passed (3)\n      Tests  12 passed (12)")), found(12, 0));
        assert_eq!(plain(&lines("ok a\n7 passed, 1 failed")), found(7, 1));
        assert_eq!(plain(&lines("nothing")), None);
    }

    #[test]
    fn a_program_that_fails_never_counts_as_passed() {
        assert_eq!(believed(Some(Count { passed: 4, failed: 0 }), false), Count { passed: 4, failed: 1 });
        assert_eq!(believed(None, false), Count { passed: 0, failed: 1 });
        assert_eq!(believed(None, true), Count { passed: 1, failed: 0 });
    }
}
