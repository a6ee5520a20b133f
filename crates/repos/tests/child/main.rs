//! The analysis child on its own, for tests.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    match (args.next(), args.next(), args.next()) {
        (Some(mode), Some(folder), Some(listener)) if mode == "--try-to-get-out" => {
            try_to_get_out(&PathBuf::from(folder), &listener.to_string_lossy());
            ExitCode::SUCCESS
        }
        _ => ExitCode::from(repos::child::main(std::io::stdin(), std::io::stdout())),
    }
}

/// Raises the walls around `inside`, then tries what hostile code would, and says what worked.
fn try_to_get_out(folder: &Path, listener: &str) {
    let inside = folder.join("inside");
    let sandbox = repos::child::sandbox::confine(&repos::Limits::default(), std::slice::from_ref(&inside), 0);
    say(&format!("walls: files {}", sandbox.files));
    attempt("read inside", || std::fs::read(inside.join("readable")));
    attempt("read outside", || std::fs::read(folder.join("secret")));
    attempt("create outside", || std::fs::write(folder.join("new"), "x"));
    attempt("create inside", || std::fs::write(inside.join("new"), "x"));
    attempt("change", || std::fs::OpenOptions::new().append(true).open(inside.join("readable")));
    attempt("delete", || std::fs::remove_file(inside.join("readable")));
    attempt("rename", || std::fs::rename(inside.join("readable"), inside.join("moved")));
    attempt("make a folder", || std::fs::create_dir(inside.join("folder")));
    attempt("link", || std::os::unix::fs::symlink("/", inside.join("link")));
    attempt("connect", || std::net::TcpStream::connect(listener));
    attempt("listen", || std::net::TcpListener::bind("127.0.0.1:0"));
    attempt("run", || std::process::Command::new("/bin/true").status());
    attempt("raise a limit", || {
        let more = rustix::process::Rlimit { current: Some(1 << 40), maximum: Some(1 << 40) };
        rustix::process::setrlimit(rustix::process::Resource::As, more)
    });
    // Threads must still work, or nothing does.
    if std::thread::spawn(|| 1).join().is_err() {
        say("worked: nothing, threads are broken");
    }
}

fn attempt<T, E: std::fmt::Display>(what: &str, attempt: impl FnOnce() -> Result<T, E>) {
    match attempt() {
        Ok(_) => say(&format!("worked: {what}")),
        Err(error) => say(&format!("failed: {what}: {error}")),
    }
}

fn say(line: &str) {
    use std::io::Write as _;
    // A reader that went away needs no answer.
    let _ = writeln!(std::io::stdout(), "{line}");
}
