//! The small commands: configuration and shell completions.

use clap::CommandFactory;

use crate::Context;
use crate::cli::{self, Cli};
use crate::config;
use crate::exit::{Exit, Failure, Outcome};
use crate::terminal::{self, Look};

/// `devmentor config`: what is in force, and where each value was set.
pub(crate) fn config(context: &Context, args: &cli::Config) -> Outcome {
    if args.template {
        terminal::print(config::TEMPLATE)?;
        return Ok(Exit::Done);
    }
    let settings = config::settings(&context.flags, &context.environment, context.global.config.as_deref())
        .map_err(Failure::setting)?;
    if args.json.json {
        terminal::print_json(&settings)?;
        return Ok(Exit::Done);
    }
    let lines: Vec<(String, &str)> = settings
        .iter()
        .map(|setting| (format!("{} = {}", setting.key, setting.value), setting.source.as_str()))
        .collect();
    let widest = lines.iter().map(|(line, _)| line.chars().count()).max().unwrap_or(0);
    let style = context.style();
    let text = lines.into_iter().fold(String::new(), |text, (line, source)| {
        let gap = " ".repeat(widest - line.chars().count());
        text + &terminal::clean(&line) + &gap + "  " + &style.paint(Look::Dim, &format!("# {source}")) + "\n"
    });
    terminal::print(&text)?;
    Ok(Exit::Done)
}

/// `devmentor completions`: the script of a shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "devmentor", &mut script);
    terminal::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}

/// `devmentor man`: the manual page of the program, or of one of its commands.
pub(crate) fn man(command: Option<&str>) -> Outcome {
    let mut program = Cli::command();
    program.build();
    let page = match command {
        None => program,
        Some(name) => {
            let found = program.find_subcommand(name).filter(|found| !found.is_hide_set());
            found.cloned().ok_or_else(|| Failure::usage(format!("there is no command {name}")))?
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    terminal::print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Done)
}

/// `devmentor schema`: what a document is, for those who read it by program.
pub(crate) fn schema(of: cli::Document) -> Outcome {
    terminal::print_json(&match of {
        cli::Document::Report => analysis::report::schema(),
        cli::Document::Comparison => analysis::compare::schema(),
    })?;
    Ok(Exit::Done)
}

/// `devmentor openapi`: the document of the HTTP interface, as it is committed.
pub(crate) fn openapi() -> Outcome {
    terminal::print_json(&server::openapi())?;
    Ok(Exit::Done)
}
