//! `cargo xtask test`: every check and every test, in the order in which a mistake shows soonest.
//!
//! The last line of the output is `N passed, N failed`; the exit code is zero only when nothing failed. In CI
//! (`CI=true`) nothing is left out: what is missing is installed, and what cannot be is a failure.

mod count;

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use count::Count;

use crate::services::{self, Postgres, Redis};
use crate::shell::{self, say};
use crate::{bombs, codegen, crash, statements, tidy, web};

/// How often the crash test kills the server here; `cargo xtask crash` alone does it thirty times.
const CRASH_ROUNDS: u32 = 5;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only the steps whose name contains this.
    #[arg(long)]
    only: Option<String>,
}

/// What became of one step.
struct Step {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
}

enum Outcome {
    Ran(Count),
    LeftOut(&'static str),
}

/// The run so far.
struct Session<'a> {
    only: Option<&'a str>,
    steps: Vec<Step>,
    /// Set for every program that a step starts.
    variables: Vec<(&'static str, String)>,
}

pub(crate) fn run(args: &Args) -> Result<()> {
    let mut session = Session { only: args.only.as_deref(), steps: Vec::new(), variables: Vec::new() };
    let servers = session.prepare();
    session.sources();
    session.web();
    session.rust();
    session.whole_program();
    drop(servers);
    session.report()
}

/// Servers that live as long as the run.
struct Servers {
    postgres: Option<Postgres>,
    redis: Option<Redis>,
}

impl Session<'_> {
    /// Installs and starts what the tests want.
    fn prepare(&mut self) -> Servers {
        let mut servers = Servers { postgres: None, redis: None };
        self.check("install", || if shell::in_ci() { services::install_all() } else { Ok(()) });
        self.check("npm packages", web::install);

        let how = "no PostgreSQL: its half of the storage tests is left out (apt-get install postgresql)";
        if let Some(given) = shell::variable("DEVMENTOR_TEST_POSTGRES") {
            self.variables.push(("DEVMENTOR_TEST_POSTGRES", given));
        } else if let Some(server) = self.start("PostgreSQL", how, Postgres::start) {
            self.variables.push(("DEVMENTOR_TEST_POSTGRES", server.url()));
            servers.postgres = Some(server);
        }
        let how = "no Redis: what nodes share is tried in one process only (apt-get install redis-server)";
        if let Some(given) = shell::variable("DEVMENTOR_TEST_REDIS") {
            self.variables.push(("DEVMENTOR_TEST_REDIS", given));
        } else if let Some(server) = self.start("Redis", how, Redis::start) {
            self.variables.push(("DEVMENTOR_TEST_REDIS", server.url()));
            servers.redis = Some(server);
        }
        servers
    }

    /// What needs no build.
    fn sources(&mut self) {
        self.exec("format", || shell::cargo(&["fmt", "--all", "--check"]));
        self.check("tidy", tidy::run);
        self.exec("web types", || shell::command("npm", &["run", "check", "--workspace", "web"]));
    }

    fn web(&mut self) {
        self.count("web unit tests", count::vitest, || {
            shell::command("npm", &["test", "--workspace", "web"])
        });
        self.check("web build", web::build);
        self.exec("web size", || shell::command("npm", &["run", "size", "--workspace", "web"]));
    }

    fn rust(&mut self) {
        self.exec("clippy", || {
            shell::cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"])
        });
        // The tests start the real binary, as a server and as the child that reads repositories.
        self.exec("build", || shell::cargo(&["build", "--package", "devmentor"]));
        let log = statements::fresh_log();
        if let Ok(log) = &log {
            self.variables.push(("DEVMENTOR_SQL_LOG", log.to_string_lossy().into_owned()));
        }
        if shell::exists("cargo-nextest") {
            self.count("tests", count::nextest, || {
                shell::cargo(&["nextest", "run", "--workspace", "--no-fail-fast", "--hide-progress-bar"])
            });
        } else {
            self.count("tests", count::libtest, || {
                shell::cargo(&["test", "--workspace", "--all-targets", "--no-fail-fast", "--quiet"])
            });
        }
        if let Ok(log) = &log
            && self.variables.iter().any(|(name, _)| *name == "DEVMENTOR_TEST_POSTGRES")
        {
            // A statement of one engine alone is executed only where both are there.
            self.check("SQL of the tests", || statements::check(log));
        }
        self.count("documentation tests", count::libtest, || shell::cargo(&["test", "--workspace", "--doc"]));
        if shell::exists("cargo-deny") {
            self.exec("cargo deny", || shell::cargo(&["deny", "check", "bans", "licenses", "sources"]));
        }
    }

    /// What needs the built binary.
    fn whole_program(&mut self) {
        self.check("generated files", || codegen::run(&codegen::Args::check()));
        self.check("bombs", || bombs::run(&bombs::Args::short()));
        self.check("crash", || crash::run(&crash::Args::rounds(CRASH_ROUNDS)));
        let how = "no Chromium: the browser tests are left out (apt-get install chromium)";
        if let Some(browser) = self.start("Chromium", how, services::browser) {
            let binary = shell::binary(false);
            self.variables.push(("CHROMIUM_BIN", browser));
            self.variables.push(("DEVMENTOR_BIN", binary.to_string_lossy().into_owned()));
            self.count("browser", count::plain, || shell::command("node", &["web/e2e/run.mjs"]));
        }
    }

    fn wanted(&self, name: &str) -> bool {
        self.only.is_none_or(|only| name.contains(only))
    }

    /// A step that is one check: it passes or it fails.
    fn check(&mut self, name: &'static str, step: impl FnOnce() -> Result<()>) {
        if !self.wanted(name) {
            return;
        }
        say(&format!("\n== {name}"));
        let start = Instant::now();
        let result = step();
        if let Err(error) = &result {
            say(&format!("{name}: {error:#}"));
        }
        self.ended(name, Outcome::Ran(Count::one(result.is_ok())), start);
    }

    /// A step that is one program.
    fn exec(&mut self, name: &'static str, command: impl FnOnce() -> Command) {
        let variables = self.variables.clone();
        self.check(name, || {
            let mut command = command();
            command.envs(variables);
            shell::must(command)
        });
    }

    /// A step whose program says how many tests it ran.
    fn count(
        &mut self,
        name: &'static str,
        read: fn(&[String]) -> Option<Count>,
        command: impl FnOnce() -> Command,
    ) {
        if !self.wanted(name) {
            return;
        }
        say(&format!("\n== {name}"));
        let start = Instant::now();
        let mut command = command();
        command.envs(self.variables.clone());
        let count = match shell::tee(command) {
            Ok(done) => count::believed(read(&done.lines), done.success),
            Err(error) => {
                say(&format!("{name}: {error:#}"));
                Count::one(false)
            }
        };
        self.ended(name, Outcome::Ran(count), start);
    }

    /// Something that a later step needs, and that may be missing outside CI.
    fn start<T>(
        &mut self,
        name: &'static str,
        how: &'static str,
        start: impl FnOnce() -> Result<Option<T>>,
    ) -> Option<T> {
        let began = Instant::now();
        let problem = match start() {
            Ok(Some(started)) => return Some(started),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if let Some(error) = &problem {
            say(&format!("{name}: {error:#}"));
        }
        let outcome = if problem.is_some() || shell::in_ci() {
            Outcome::Ran(Count::one(false))
        } else {
            Outcome::LeftOut(how)
        };
        self.ended(name, outcome, began);
        None
    }

    fn ended(&mut self, name: &'static str, outcome: Outcome, start: Instant) {
        self.steps.push(Step { name, outcome, took: start.elapsed() });
    }

    fn report(&self) -> Result<()> {
        let mut total = Count::default();
        say("\n== summary");
        for step in &self.steps {
            match &step.outcome {
                Outcome::Ran(count) => {
                    total = total.plus(*count);
                    let verdict = if count.failed == 0 { "ok    " } else { "FAILED" };
                    say(&format!(
                        "{verdict} {:<22} {:>5} passed {:>3} failed {:>7.1} s",
                        step.name,
                        count.passed,
                        count.failed,
                        step.took.as_secs_f64()
                    ));
                }
                Outcome::LeftOut(how) => say(&format!("left out: {how}")),
            }
        }
        let took: Duration = self.steps.iter().map(|step| step.took).sum();
        say(&format!("{:.0} s", took.as_secs_f64()));
        say(&format!("{} passed, {} failed", total.passed, total.failed));
        if total.failed > 0 {
            bail!("{} failed", total.failed);
        }
        Ok(())
    }
}
