//! What the child can still do once it has given up the rest: asked from the inside.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::support::supervisor;

#[tokio::test]
async fn this_kernel_raises_every_wall_or_says_which_it_lacks() {
    let report = supervisor().sandbox().await.unwrap();
    assert!(report.limits && report.system_calls, "{report:?}");
    // Landlock is newer than some kernels; where it is there at all, it must be used.
    let landlock =
        std::fs::read_to_string("/sys/kernel/security/lsm").is_ok_and(|list| list.contains("landlock"));
    assert!(report.files || !landlock, "{report:?}");
}

/// Runs the test's child in its trial mode, in which it tries to get out and says what worked.
#[test]
fn behind_the_walls_nothing_can_be_written_run_or_reached() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("inside");
    std::fs::create_dir(&inside).unwrap();
    std::fs::write(inside.join("readable"), "yes").unwrap();
    std::fs::write(folder.path().join("secret"), "no").unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_analyze-child"))
        .arg("--try-to-get-out")
        .arg(folder.path())
        .arg(listener.local_addr().unwrap().to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"").unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let worked: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("worked: ")).collect();
    let failed = said.lines().filter(|line| line.starts_with("failed: ")).count();
    let mut expected = vec!["read inside"];
    if said.contains("walls: files false") {
        expected.push("read outside");
    }
    assert_eq!(worked, expected, "{said}");
    assert!(failed >= 9, "{said}");
    assert!(!folder.path().join("new").exists() && !inside.join("new").exists());
}
