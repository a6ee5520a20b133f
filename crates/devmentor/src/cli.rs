//! What can be typed: commands, options and their help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

mod ask;
mod help;
mod memory;
mod mistake;
mod remote;

pub(crate) use ask::{Ask, AskMode};
pub(crate) use memory::{Recall, Remember};
pub(crate) use remote::{Login, Task};

/// Understand your repositories, on your own machine.
#[derive(Debug, Parser)]
#[command(name = "devmentor", version = env!("DEVMENTOR_VERSION"), max_term_width = 100, after_help = help::PROGRAM)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Global {
    /// Read this configuration file instead of the usual one.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub(crate) config: Option<PathBuf>,
    /// Keep the database, the copies of repositories, and what is kept between analyses here.
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global options")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Use no colours. `NO_COLOR=1` does the same.
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) no_color: bool,
    /// Show no progress and no notes; only results and errors.
    #[arg(long, short, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start the server and print the one-time link that signs the owner in.
    #[command(after_help = help::SERVE)]
    Serve(Serve),
    /// Analyse a repository and print what was found; needs no server.
    #[command(alias = "analyse", after_help = help::ANALYZE)]
    Analyze(Analyze),
    /// Say which languages a repository is written in, and count its lines; reads nothing else of it.
    #[command(after_help = help::LANGUAGES)]
    Languages(Languages),
    /// Find where something stands in the code of a repository: by words, by names and by meaning.
    #[command(after_help = help::SEARCH)]
    Search(Search),
    /// Say what changed between two reports that `analyze --json` printed.
    #[command(after_help = help::COMPARE)]
    Compare(Compare),
    /// List the rules that findings come from: what each looks for, and how severe that is.
    #[command(after_help = help::RULES)]
    Rules(Rules),
    /// Say what a rule looks for, why it matters, what to do, and how to suppress a finding of it.
    #[command(after_help = help::EXPLAIN)]
    Explain(Explain),
    /// Ask the mentor about a repository; answers with its sources, with or without a language model.
    #[command(after_help = help::ASK)]
    Ask(Ask),
    /// Save something that was learned, so that it can be recalled; needs no server.
    #[command(after_help = help::REMEMBER)]
    Remember(Remember),
    /// Recall what was learned that helps with a question, an error or code.
    #[command(after_help = help::RECALL)]
    Recall(Recall),
    /// Build the search index of memories anew from the database.
    #[command(after_help = help::REINDEX)]
    Reindex(Json),
    /// The data about known vulnerabilities.
    #[command(subcommand, after_help = help::ADVISORIES)]
    Advisories(Advisories),
    /// The keys that seal tokens in the database.
    #[command(subcommand, after_help = help::SECRETS)]
    Secrets(Secrets),
    /// Sign in to a server, with a code that you approve in the browser.
    #[command(after_help = help::LOGIN)]
    Login(Login),
    /// End the session that `login` began.
    #[command(after_help = help::LOGOUT)]
    Logout(Json),
    /// Say who is signed in, and to which server.
    #[command(after_help = help::WHOAMI)]
    Whoami(Json),
    /// The tasks on a server.
    #[command(subcommand, after_help = help::TASK)]
    Task(Task),
    /// Print a fresh one-time link for the running server.
    #[command(after_help = help::LINK)]
    Link(Json),
    /// Show the configuration in force and where each value comes from; secrets are hidden.
    #[command(after_help = help::CONFIG)]
    Config(Config),
    /// Show what is kept between analyses, where and how much, or delete it.
    #[command(after_help = help::CACHE)]
    Cache(Cache),
    /// Check that everything DevMentor relies on is there.
    #[command(after_help = help::DOCTOR)]
    Doctor(Json),
    /// Bring the database up to the schema of this version.
    #[command(after_help = help::MIGRATE)]
    Migrate(Json),
    /// Print the completion script of a shell.
    #[command(after_help = help::COMPLETIONS)]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page of the program, or of one of its commands.
    #[command(after_help = help::MAN)]
    Man {
        /// The command.
        command: Option<String>,
    },
    /// Print the JSON Schema of what `analyze --json` prints, or `compare --json`.
    #[command(after_help = help::SCHEMA)]
    Schema {
        /// The document.
        #[arg(default_value = "report")]
        of: Document,
    },
    /// Print the `OpenAPI` document of the HTTP interface.
    #[command(hide = true)]
    Openapi,
    /// Read an untrusted repository under limits; started by the other commands.
    #[command(hide = true)]
    AnalyzeChild,
}

/// `devmentor serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Listen here: an address with its port. Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// Permit an address that other machines can reach.
    #[arg(long)]
    pub(crate) allow_network: bool,
    /// Open the link in the browser.
    #[arg(long)]
    pub(crate) open: bool,
}

/// `devmentor analyze`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Analyze {
    /// A folder with a Git repository, or a URL (https or ssh).
    pub(crate) source: String,
    /// Analyse this branch instead of the one that is checked out.
    #[arg(long, value_name = "NAME")]
    pub(crate) branch: Option<String>,
    /// Print the report as JSON instead of tables.
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the findings as SARIF 2.1.0; `-` is the standard output, here and for the next three.
    #[arg(long, value_name = "FILE")]
    pub(crate) sarif: Option<PathBuf>,
    /// Write the dependencies as a CycloneDX 1.6 bill of materials.
    #[arg(long, value_name = "FILE")]
    pub(crate) sbom: Option<PathBuf>,
    /// Write the findings as a GitLab code quality report.
    #[arg(long, value_name = "FILE")]
    pub(crate) code_quality: Option<PathBuf>,
    /// Write the report as one HTML page that needs nothing else.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Draw the architecture: as SVG, Mermaid (`.mmd`) or JSON, by the file's extension.
    #[arg(long, value_name = "FILE")]
    pub(crate) diagram: Option<PathBuf>,
    /// How close the diagram looks.
    #[arg(long, value_name = "LEVEL", default_value = "modules", requires = "diagram")]
    pub(crate) diagram_level: DiagramLevel,
    /// What the diagram looks at: the folder of a module for `files`, the path of a file for `symbols`.
    #[arg(long, value_name = "PATH", requires = "diagram")]
    pub(crate) diagram_focus: Option<String>,
    /// End with exit code 1 when something at least this severe is found outside tests and examples; with --baseline
    /// or --since only what is new counts. Without it, `gate.fail_on` in the repository's `devmentor.toml` decides.
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<FailOn>,
    /// Hold the result against a former report: a file that `--json` printed.
    #[arg(long, value_name = "FILE", conflicts_with = "since")]
    pub(crate) baseline: Option<PathBuf>,
    /// Analyse an earlier commit too and hold the result against it: the newest one that REV, such as `origin/main`,
    /// and the analysed commit both follow.
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
    /// How to know about known vulnerabilities, for this run only.
    #[arg(long, value_name = "HOW")]
    pub(crate) advisories: Option<AdvisoryMode>,
    /// Examine everything anew, and keep nothing for the next time. What is kept makes the next analysis of the same
    /// repository faster and changes nothing else.
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Search the contents of the history for secrets too: what was committed once can be read in every copy.
    #[arg(long)]
    pub(crate) secrets_in_history: bool,
    /// Show every finding, with all its words, instead of the first ones.
    #[arg(long)]
    pub(crate) all: bool,
}

/// `devmentor languages`.
#[derive(Debug, Args)]
pub(crate) struct Languages {
    /// A folder with a Git repository, or a URL (https or ssh).
    pub(crate) source: String,
    /// Look at this branch instead of the one that is checked out.
    #[arg(long, value_name = "NAME")]
    pub(crate) branch: Option<String>,
    #[command(flatten)]
    pub(crate) json: Json,
    /// Show every language instead of the first twenty of each table.
    #[arg(long)]
    pub(crate) all: bool,
}

/// `devmentor search`.
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// A question, an error, a name; `-` reads it from the standard input.
    pub(crate) text: String,
    /// A folder with a Git repository, or a URL (https or ssh). Only what is committed is searched.
    #[arg(default_value = ".")]
    pub(crate) source: String,
    /// Find definitions by their names instead.
    #[arg(long)]
    pub(crate) symbols: bool,
    /// How many places at most.
    #[arg(long, value_name = "NUMBER", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(crate) limit: u16,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// `devmentor compare`.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The older report.
    pub(crate) old: PathBuf,
    /// The newer report.
    pub(crate) new: PathBuf,
    #[command(flatten)]
    pub(crate) json: Json,
    /// End with exit code 1 when something new that is at least this severe is found outside tests and examples.
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on_new: Option<FailOn>,
    /// Show every change instead of the first twenty of each kind.
    #[arg(long)]
    pub(crate) all: bool,
}

/// `devmentor cache`.
#[derive(Debug, Args)]
pub(crate) struct Cache {
    /// What to do with it; without it, it is shown.
    pub(crate) action: Option<CacheAction>,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// What can be done with what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CacheAction {
    /// Delete it: the next analysis of each repository examines, and fetches, everything anew.
    Clear,
}

/// `devmentor rules`.
#[derive(Debug, Args)]
pub(crate) struct Rules {
    /// Only those with this text in their id, their title or the languages they read.
    pub(crate) word: Option<String>,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// `devmentor explain`.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The id of the rule, as findings name it.
    pub(crate) rule: String,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Documents with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Document {
    /// What `analyze --json` prints.
    Report,
    /// What `compare --json` prints.
    Comparison,
}

/// Severities as the command line spells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl Cli {
    /// What was typed. A mistake ends the program with its explanation, and help with the help.
    pub(crate) fn of_process() -> Self {
        Self::try_parse().unwrap_or_else(|mistake| mistake::end(&mistake))
    }
}

impl FailOn {
    /// The severity it names.
    pub(crate) fn severity(self) -> analysis::report::Severity {
        use analysis::report::Severity;
        match self {
            Self::Info => Severity::Info,
            Self::Low => Severity::Low,
            Self::Medium => Severity::Medium,
            Self::High => Severity::High,
            Self::Critical => Severity::Critical,
        }
    }
}

/// Levels of the diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiagramLevel {
    /// What runs, as Dockerfiles, compose, Kubernetes and CI files describe it.
    Services,
    /// Folders and packages, and what they import.
    Modules,
    /// The files of one module.
    Files,
    /// What one file defines.
    Symbols,
}

impl DiagramLevel {
    /// The level it names.
    pub(crate) fn level(self) -> analysis::diagram::Level {
        use analysis::diagram::Level;
        match self {
            Self::Services => Level::Services,
            Self::Modules => Level::Modules,
            Self::Files => Level::Files,
            Self::Symbols => Level::Symbols,
        }
    }
}

/// Where knowledge of vulnerabilities comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AdvisoryMode {
    /// Ask the OSV service; the names of the packages in use are sent to it.
    Online,
    /// Use what was imported with `devmentor advisories import`; nothing leaves this machine.
    Mirror,
    /// Do not look.
    None,
}

/// `devmentor advisories`.
#[derive(Debug, Subcommand)]
pub(crate) enum Advisories {
    /// Import a folder in the layout of the OSV export: ECOSYSTEM/all.zip.
    #[command(after_help = help::IMPORT)]
    Import {
        /// The folder.
        folder: PathBuf,
        #[command(flatten)]
        json: Json,
    },
    /// Show which ecosystems are covered and how old the data is.
    #[command(after_help = help::STATUS)]
    Status(Json),
    /// Show, or choose, how to know about known vulnerabilities.
    #[command(after_help = help::MODE)]
    Mode {
        /// The choice; without it the current one is shown.
        mode: Option<AdvisoryMode>,
        #[command(flatten)]
        json: Json,
    },
}

/// `devmentor secrets`.
#[derive(Debug, Subcommand)]
pub(crate) enum Secrets {
    /// Say which keys there are, and whether something is sealed under each.
    #[command(after_help = help::SECRETS_STATUS)]
    Status(Json),
    /// Make a new key and seal everything under it; a server that is running goes on meanwhile.
    #[command(after_help = help::ROTATE)]
    Rotate(Json),
    /// Remove the keys that nothing is sealed under any more.
    #[command(after_help = help::PRUNE)]
    Prune(Json),
}

/// `devmentor config`.
#[derive(Debug, Args)]
pub(crate) struct Config {
    #[command(flatten)]
    pub(crate) json: Json,
    /// Print a file with every setting, its default and what it does.
    #[arg(long, conflicts_with = "json")]
    pub(crate) template: bool,
}

/// Machine-readable output.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Json {
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[cfg(test)]
mod tests;
