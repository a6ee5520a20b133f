//! How this run knows about known vulnerabilities: what the options say, else what was chosen before, else what
//! the user answers, once. Where nobody can be asked, nothing is looked up, and the report says so.

use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;

use analysis::advisories::{AdvisoryAnswer, PackageKey};
use analysis::report::AdvisoryState;
use repos::model::{AdvisoryMode, AdvisorySource};

use crate::cli::Analyze;
use crate::config::Config;
use crate::exit::Failure;
use crate::knowledge::Knowledge;
use crate::terminal::note;
use crate::{Context, advisories};

/// The way that was chosen.
pub(super) struct Advice {
    mode: AdvisoryMode,
    /// `None` where nothing is to be looked up, so that not even a database is made.
    knowledge: Option<Knowledge>,
}

impl Advice {
    /// What the options, the remembered choice, or the user say.
    pub(super) async fn choose(context: &Context, config: &Config, args: &Analyze) -> Result<Self, Failure> {
        if let Some(wanted) = args.advisories {
            return Self::as_told(config, advisories::mode(wanted)).await;
        }
        let knowledge = if has_database(config) { Some(Knowledge::open(config).await?) } else { None };
        let mode = match &knowledge {
            Some(knowledge) => knowledge.advisories.mode(knowledge.workspace).await?,
            None => AdvisoryMode::Undecided,
        };
        if mode != AdvisoryMode::Undecided || !can_ask(context, args) {
            return Ok(Self { mode, knowledge });
        }
        let knowledge = match knowledge {
            Some(knowledge) => knowledge,
            None => Knowledge::open(config).await?,
        };
        let mode = ask(context, &knowledge).await?;
        Ok(Self { mode, knowledge: Some(knowledge) })
    }

    /// For this run only; the choice is not remembered.
    async fn as_told(config: &Config, mode: AdvisoryMode) -> Result<Self, Failure> {
        let knowledge = match mode {
            AdvisoryMode::None | AdvisoryMode::Undecided => None,
            AdvisoryMode::Mirror | AdvisoryMode::Online => Some(Knowledge::open(config).await?),
        };
        Ok(Self { mode, knowledge })
    }

    /// Looks the packages up.
    pub(super) async fn answer(&self, packages: Vec<PackageKey>) -> AdvisoryAnswer {
        match &self.knowledge {
            Some(knowledge) => knowledge.advisories.look_up(self.mode, &packages).await,
            None => not_looked_up(self.mode),
        }
    }

    /// What the imported data is, where this run uses it.
    pub(super) async fn imported(&self) -> Result<Vec<AdvisorySource>, Failure> {
        Ok(match &self.knowledge {
            Some(knowledge) if self.mode == AdvisoryMode::Mirror => {
                knowledge.advisories.status(knowledge.workspace).await?.sources
            }
            _ => Vec::new(),
        })
    }
}

/// The answer where there is no database to ask.
fn not_looked_up(mode: AdvisoryMode) -> AdvisoryAnswer {
    let reason = match mode {
        AdvisoryMode::None => "It was not wanted for this run.",
        _ => repos::advisories::UNDECIDED,
    };
    AdvisoryAnswer {
        state: AdvisoryState::NotChecked { reason: reason.to_owned() },
        covered: Vec::new(),
        records: Vec::new(),
    }
}

/// Whether a choice can have been remembered at all.
fn has_database(config: &Config) -> bool {
    match config.storage() {
        storage::Config::Sqlite { path } => path.exists(),
        storage::Config::Postgres { .. } => true,
    }
}

/// Whether somebody is there to answer.
fn can_ask(context: &Context, args: &Analyze) -> bool {
    !context.global.quiet && !args.json && io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks, and remembers the answer. No answer is no choice.
async fn ask(context: &Context, knowledge: &Knowledge) -> Result<AdvisoryMode, Failure> {
    note("How should known vulnerabilities be looked up? This is asked once.");
    note("  1  online: sends the names of the packages in use to the OSV service");
    note("  2  mirror: uses data you import; nothing leaves this machine");
    note("  3  not at all");
    let mode = match line("1, 2 or 3 [later]: ")?.as_str() {
        "1" | "online" => AdvisoryMode::Online,
        "2" | "mirror" => AdvisoryMode::Mirror,
        "3" | "none" => AdvisoryMode::None,
        _ => return Ok(AdvisoryMode::Undecided),
    };
    knowledge.advisories.set_mode(knowledge.workspace, mode).await?;
    if mode == AdvisoryMode::Mirror {
        let folder = line("Folder of the mirror [import it later]: ")?;
        if !folder.is_empty() {
            advisories::import(context.global.quiet, knowledge, &PathBuf::from(folder)).await?;
        }
    }
    note("`devmentor advisories mode` changes it.");
    Ok(mode)
}

fn line(question: &str) -> io::Result<String> {
    use std::io::Write;
    let mut error = io::stderr().lock();
    error.write_all(question.as_bytes())?;
    error.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}
