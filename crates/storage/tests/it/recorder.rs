//! The record of what ran.

use std::process::{Command, Stdio};

use storage::recorder::normalised;

#[test]
fn every_statement_that_ran_is_in_the_record_once() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("sql.log");
    for _ in 0..2 {
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["values::", "--test-threads", "1"])
            .env("DEVMENTOR_SQL_LOG", &log)
            .env_remove("DEVMENTOR_TEST_POSTGRES")
            .env_remove("CI")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
    }
    let text = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    // Fixed statements as they are, built ones by their beginning; each once for each of the two processes.
    for ran in [
        "INSERT INTO event_epoch (id, epoch) VALUES (1, $1)",
        "SELECT token_hash, created_at, used_at FROM identity_reset ORDER BY token_hash",
        "SELECT channel FROM event_channel WHERE channel IN (",
    ] {
        assert_eq!(lines.iter().filter(|line| **line == ran).count(), 2, "{ran}");
    }
    assert!(!text.contains("UPDATE job"));
    assert!(lines.iter().all(|line| normalised(line) == *line));
}
