//! On a real terminal: a pseudo-terminal with a screen, a keyboard and a controlling process.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::num::NonZero;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use tempfile::TempDir;

use crate::support::{BINARY, PATH, home, json, repository};

/// A test that waits longer than this has failed.
const PATIENCE: Duration = Duration::from_mins(1);
/// Lines of the screen: enough for everything that is printed.
const ROWS: u16 = 400;

/// Variables and arguments of one call.
type Call<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);

/// A program on a terminal of its own.
struct Session {
    keyboard: File,
    printed: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    /// Every byte it has printed.
    raw: Vec<u8>,
    child: Child,
}

impl Session {
    fn start(home: &TempDir, columns: u16, variables: &[(&str, &str)], args: &[&str]) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        tcsetwinsize(&ours, Winsize { ws_row: ROWS, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap();
        let theirs = File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
        // A program gets the keyboard's signals only as the leader of a session that owns the terminal.
        let child = Command::new("setsid")
            .args(["--ctty", "--wait", BINARY])
            .args(args)
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", PATH)
            .env("TERM", "xterm-256color")
            .envs(variables.iter().copied())
            .current_dir(home.path())
            .stdin(Stdio::from(theirs.try_clone().unwrap()))
            .stdout(Stdio::from(theirs.try_clone().unwrap()))
            .stderr(Stdio::from(theirs))
            .spawn()
            .unwrap();
        let keyboard = File::from(ours);
        let mut output = keyboard.try_clone().unwrap();
        let (send, printed) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = vec![0; 4_096];
            // The terminal answers with an error once nobody holds its other side.
            while let Ok(length) = output.read(&mut buffer) {
                if length == 0 || send.send(buffer[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        let size = |lines: u16| NonZero::new(lines).unwrap();
        let screen = vt100::Parser::new(size(ROWS), size(columns), 0);
        Self { keyboard, printed, screen, raw: Vec::new(), child }
    }

    /// What stands on the screen.
    fn shown(&self) -> String {
        self.screen.screen().contents()
    }

    /// What was ever printed.
    fn ever(&self) -> String {
        String::from_utf8_lossy(&self.raw).into_owned()
    }

    /// Takes what is printed next; `false` when the program has ended.
    fn listen(&mut self) -> bool {
        let Ok(bytes) = self.printed.recv_timeout(PATIENCE) else { return false };
        self.screen.process(&bytes);
        self.raw.extend(bytes);
        true
    }

    fn wait_for(&mut self, text: &str) {
        let start = Instant::now();
        while !self.ever().contains(text) {
            assert!(self.listen() && start.elapsed() < PATIENCE, "no `{text}` in {}", self.ever());
        }
    }

    fn type_text(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).unwrap();
    }

    /// Waits for the end and gives the exit code as a shell shows it.
    fn end(&mut self) -> Option<i32> {
        while self.listen() {}
        let status = self.child.wait().unwrap();
        status.code().or_else(|| Some(128 + status.signal()?))
    }
}

/// The names of the processes that work in a folder.
fn processes_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let inside =
        entries.filter(|it| fs::read_link(it.path().join("cwd")).is_ok_and(|cwd| cwd.starts_with(folder)));
    inside.filter_map(|it| fs::read_to_string(it.path().join("comm")).ok()).collect()
}

#[test]
fn the_question_is_asked_once_and_its_answer_kept() {
    let home = home();
    repository(&home.path().join("good"));
    let mut first = Session::start(&home, 80, &[], &["analyze", "good"]);
    first.wait_for("1, 2 or 3 [later]: ");
    first.type_text("3\n");
    assert_eq!(first.end(), Some(0), "{}", first.shown());
    assert!(first.shown().contains("switched off"), "{}", first.shown());
    assert_eq!(json(crate::support::devmentor(&home).args(["advisories", "mode", "--json"]))["mode"], "none");

    let mut second = Session::start(&home, 80, &[], &["analyze", "good"]);
    assert_eq!(second.end(), Some(0));
    assert!(!second.ever().contains("asked once"), "{}", second.shown());
}

#[test]
fn no_answer_is_no_choice_and_the_question_comes_again() {
    let home = home();
    repository(&home.path().join("good"));
    for _ in 0..2 {
        let mut session = Session::start(&home, 80, &[], &["analyze", "good"]);
        session.wait_for("1, 2 or 3 [later]: ");
        session.type_text("\n");
        assert_eq!(session.end(), Some(0), "{}", session.shown());
        assert!(session.shown().contains("Could not check for known vulnerabilities"), "{}", session.shown());
    }
}

#[test]
fn the_bar_shows_phases_and_leaves_nothing_behind() {
    let home = home();
    repository(&home.path().join("good"));
    let mut session = Session::start(&home, 80, &[], &["analyze", "good", "--advisories", "none"]);
    assert_eq!(session.end(), Some(0));
    let ever = session.ever();
    assert!(ever.contains('█') && ever.contains(" %  "), "no bar: {ever}");
    assert!(
        ["Fetch", "Languages", "Structure", "Quality", "Insights"].iter().any(|it| ever.contains(it)),
        "{ever}"
    );
    let shown = session.shown();
    assert!(shown.starts_with("good\n"), "the bar is still there: {shown}");
    assert!(ever.contains("\x1b[1m") && shown.contains("What to do first"), "{shown}");
}

#[test]
fn colours_go_where_they_are_declined() {
    let home = home();
    repository(&home.path().join("good"));
    let plain: [Call<'_>; 3] =
        [(&[("NO_COLOR", "1")], &[]), (&[], &["--no-color"]), (&[("TERM", "dumb")], &[])];
    for (variables, args) in plain {
        let all = [&["analyze", "good", "--quiet", "--advisories", "none"], args].concat();
        let mut session = Session::start(&home, 80, variables, &all);
        assert_eq!(session.end(), Some(0));
        assert!(!session.ever().contains('\x1b'), "{variables:?} {args:?}: {}", session.ever());
    }
}

#[test]
fn lines_fit_a_narrow_terminal() {
    let home = home();
    repository(&home.path().join("good"));
    let mut session =
        Session::start(&home, 60, &[], &["analyze", "good", "--quiet", "--no-color", "--advisories", "none"]);
    assert_eq!(session.end(), Some(0));
    let text = session.ever();
    for line in text.lines().map(|line| line.trim_end_matches('\r')) {
        assert!(line.chars().count() <= 60, "{line}");
    }
    assert!(text.contains("src/app.py:5"), "{text}");
}

#[test]
fn ctrl_c_ends_it_and_leaves_nothing_running() {
    let home = home();
    let good = home.path().join("good");
    repository(&good);
    for number in 0..300 {
        let function = |at: u32| format!("def f{at}(x):\n    return [x if x > {at} else 0]\n");
        let body: String = (0..200).map(function).collect();
        fs::write(good.join(format!("src/m{number}.py")), body).unwrap();
    }
    crate::support::commit(&good);
    let mut session = Session::start(&home, 80, &[], &["analyze", "good", "--advisories", "none"]);
    // It has begun to read files: the child is there.
    session.wait_for("files");
    session.type_text("\x03");
    assert_eq!(session.end(), Some(130), "{}", session.shown());
    assert_eq!(processes_in(home.path()), Vec::<String>::new());
    assert!(!session.shown().contains("Languages"), "{}", session.shown());
}

#[test]
fn ctrl_c_at_the_question_ends_it_too() {
    let home = home();
    repository(&home.path().join("good"));
    let mut session = Session::start(&home, 80, &[], &["analyze", "good"]);
    session.wait_for("1, 2 or 3 [later]: ");
    session.type_text("\x03");
    assert_eq!(session.end(), Some(130), "{}", session.shown());
}
